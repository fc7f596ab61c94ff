package figure_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/lab/tune"
	"keepalive/scenarios"
	"keepalive/viz/figure"
)

// tuned searches the busy server for a goal.
func tuned(t *testing.T, goal string) *tune.Report {
	t.Helper()
	o, err := lab.ParseOver("server.workers=4..64/6")
	require.NoError(t, err)
	s, err := tune.NewSpace(func(sets ...string) (*scenarios.File, error) { return scenarios.Load("busy-server", sets...) }, "processes persistent", []lab.Over{o})
	require.NoError(t, err)
	g, err := tune.ParseGoal(goal)
	require.NoError(t, err)
	r, err := s.Search(context.Background(), tune.Options{Goal: g, Budget: 30, Seeds: 1})
	require.NoError(t, err)
	return r
}

func TestATradeOffHasADotForEachSettingAndMarksTheChosen(t *testing.T) {
	r := tuned(t, "p95 < 200ms and peak_memory < 1MiB")
	f := figure.TradeOff(r)
	p := f.Panels[0]
	require.Len(t, p.Dots, len(r.Points)+2, "and the two to look at")
	for i, q := range r.Points {
		require.Equal(t, float64(q.Result.Server.PeakMemory), p.Dots[i].X)
		require.Equal(t, float64(q.Result.Latency.P95), p.Dots[i].Y)
		require.Equal(t, q.Met, p.Dots[i].Style == figure.Spot)
	}
	chosen := p.Dots[len(p.Dots)-1]
	require.Equal(t, []string{"chosen", "workers 40"}, chosen.Label)
	require.Equal(t, figure.Target, chosen.Style)
	require.Equal(t, []figure.Limit{{Name: "goal: peak memory < 1.00\u00A0MiB", At: 1 << 20, Upright: true}, {Name: "goal: p95 < 200.0\u00A0ms", At: 200e6}}, p.Limits)
	require.Contains(t, f.Title, "The goal can be kept: p95 ")
	require.Contains(t, f.About, "workers 40")
	require.Contains(t, f.Notes[0], "peak_memory has least to spare")
	for _, d := range p.Dots {
		require.True(t, d.X >= f.X.Min && d.X <= f.X.Max && d.Y >= p.Y.Min && d.Y <= p.Y.Max, "%v lies outside", d)
	}
	require.True(t, p.Y.Log, "from milliseconds to seconds")
}

func TestATradeOffOfAGoalThatCannotBeReachedSaysSo(t *testing.T) {
	f := figure.TradeOff(tuned(t, "p95 < 10ms"))
	require.Contains(t, f.Title, "No setting keeps the goal: the nearest has p95 ")
	require.Len(t, f.Panels[0].Limits, 1)
	require.Equal(t, "peak memory (of the server's connections)", f.X.Label, "something to pay with")
}

// The front goes where no dot lies below it to the left.
func TestNoDotLiesBeyondTheFront(t *testing.T) {
	p := figure.TradeOff(tuned(t, "p95 < 200ms and peak_memory < 1MiB")).Panels[0]
	line := p.Lines[0].Points
	for _, d := range p.Dots {
		for i := 1; i < len(line); i++ {
			if d.X >= line[i-1].X && d.X < line[i].X {
				require.GreaterOrEqual(t, d.Y, line[i-1].Y)
			}
		}
	}
}

// A label lies within the area, and not over what was there first if there is room.
func TestALabelFindsItsPlaceWithinTheArea(t *testing.T) {
	area := figure.Box{X: 50, Y: 20, W: 500, H: 300}
	rapid.Check(t, func(t *rapid.T) {
		at := figure.Point{X: 50 + rapid.Float64Range(0, 500).Draw(t, "x"), Y: 20 + rapid.Float64Range(0, 300).Draw(t, "y")}
		w, h := rapid.Float64Range(10, 200).Draw(t, "w"), rapid.Float64Range(10, 60).Draw(t, "h")
		first := figure.Beside(area, at, w, h, nil, nil)
		second := figure.Beside(area, at, w, h, nil, []figure.Box{first})
		for _, b := range []figure.Box{first, second} {
			if b.X < area.X-1e-9 || b.Y < area.Y-1e-9 || b.X+b.W > area.X+area.W+1e-9 || b.Y+b.H > area.Y+area.H+1e-9 {
				t.Fatalf("%v is not within %v", b, area)
			}
			if near := b.Near(at); near == at {
				t.Fatalf("%v lies over its own dot %v", b, at)
			}
		}
		if first.X < second.X+second.W-1e-9 && second.X < first.X+first.W-1e-9 && first.Y < second.Y+second.H-1e-9 && second.Y < first.Y+first.H-1e-9 {
			t.Fatalf("%v lies over %v", second, first)
		}
	})
}
