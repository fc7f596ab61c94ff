package scene_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
)

func TestALimitThatIsReachedStandsOutByFrameAndWord(t *testing.T) {
	runs := race(t, "busy-server")[:2]
	for lane, want := range []bool{false, true} {
		s := scene.New(tell.ReadAll(runs[lane : lane+1]))
		items := s.Draw(2000*ms, surfaces[0])
		frame := false
		for i := range items {
			frame = frame || items[i].Kind == draw.Rect && items[i].Stroke >= 2 && items[i].W > 60 && items[i].Color == draw.Light.Error
		}
		require.Equal(t, want, frame)
		if text := says(s, items); want {
			require.Contains(t, text, "16 / 16 full", "a kept connection holds each process")
			require.Contains(t, s.Describe(2000*ms, trace.AnyMoment), "Full: workers")
		} else {
			require.NotContains(t, text, "full")
		}
	}
}

func TestMemoryAndDescriptorsAreShownAgainstTheirLimits(t *testing.T) {
	s := scene.New(tell.ReadAll(race(t, "tls")[1:]))
	text := says(s, s.Draw(100*ms, surfaces[0]))
	require.Contains(t, text, "20 kB / 537 MB")
	require.Contains(t, text, "2 / 1\u2009024", "the listening socket's and a connection's")
	s = scene.New(tell.ReadAll(race(t, "gallery")))
	require.NotContains(t, says(s, s.Draw(90*ms, surfaces[0])), "kB /", "there is none")
}

func TestTheRoutersQueueFillsToItsLimit(t *testing.T) {
	runs := race(t, "page")
	s := scene.New(tell.ReadAll(runs[:1]))
	full := 0
	for at := sim.Time(0); at < 2*sim.Second; at += 3 * ms {
		waiting := 0
		for _, f := range runs[0].InFlight(true, at, 0, nil) {
			if !f.IsDropped() && f.Start() > at {
				waiting++
			}
		}
		text := says(s, s.Draw(at, surfaces[0]))
		require.Contains(t, text, fmt.Sprintf("%d / 12", waiting))
		if waiting == 12 {
			require.Contains(t, text, "\nfull\n")
			full++
		} else {
			require.NotContains(t, text, "\nfull\n")
		}
	}
	require.Positive(t, full)
}

func TestAnIdleConnectionsTimeRunsOutWhenItsServerClosesIt(t *testing.T) {
	run := race(t, "prefork-held")[1]
	for _, r := range run.Log().Records {
		if r.Kind != trace.TimerFired || r.Flags != trace.TimerServerIdle {
			continue
		}
		s := scene.New(tell.ReadAll([]*trace.Index{run}))
		text := says(s, s.Draw(r.At-350*ms, surfaces[0]))
		require.Contains(t, text, fmt.Sprintf("connection %d", r.Conn))
		require.Contains(t, text, "350 ms left")
		require.Contains(t, says(s, s.Draw(r.At-1500*ms, surfaces[0])), "1.5 s left")
		return
	}
	t.Fatal("no server closes an idle connection")
}

func TestServersOfWhichOneHasMoreConnectionsShowIt(t *testing.T) {
	runs := race(t, "pinned")
	s := scene.New(tell.ReadAll(runs))
	require.Contains(t, says(s, s.Draw(3*sim.Second, surfaces[0])), "from 1 to 6 connections")
	all := 0
	for _, v := range runs[3].StateAt(3 * sim.Second).Behind.Servers {
		all += v.Open + v.AcceptQueue
	}
	b := runs[3].StateAt(3 * sim.Second).Behind
	require.Equal(t, b.Busy+b.Idle, all, "the proxy's connections are those of the servers behind it")
}

func TestAGhostShowsWhereTheOtherLaneIsAndThenWhereThisOneWas(t *testing.T) {
	runs := race(t, "gallery")
	s := scene.New(tell.ReadAll(runs))
	done := func(lane int, at sim.Time) int { return runs[lane].StateAt(at).Counters.Done }
	require.Contains(t, says(s, s.Draw(1040*ms, surfaces[0])), fmt.Sprintf("\nB %d\n", done(1, 1040*ms)))
	end := runs[1].Log().Header.Finished
	text := says(s, s.Draw(3500*ms, surfaces[0]))
	require.Contains(t, text, fmt.Sprintf("\n%d when B finished\n", done(0, end)))
	require.Contains(t, text, "\n2\u2009278.9 ms\n", "the finish flag")
	require.NotContains(t, says(s, s.Draw(0, surfaces[0])), "\nB ")
}

func TestWhyOneIsAheadIsSaidOnceBothHaveFinished(t *testing.T) {
	s := scene.New(tell.ReadAll(race(t, "gallery")))
	s.Why = []string{"1 900 ms of it: handshakes not done"}
	require.NotContains(t, says(s, s.Draw(3500*ms, surfaces[0])), "of it:")
	require.Contains(t, says(s, s.Draw(sim.Minute, surfaces[0])), "1 900 ms of it: handshakes not done")
	require.Contains(t, s.Describe(sim.Minute, trace.AnyMoment), "1 900 ms of it: handshakes not done.")
}

func TestPacketsTravelBetweenAProxyAndTheServersBehindItToo(t *testing.T) {
	run := race(t, "upstream-keepalive")[0]
	s := scene.New(tell.ReadAll([]*trace.Index{run}))
	seen := 0
	for at := sim.Time(0); at < sim.Second; at += ms / 4 {
		flying := 0
		for _, down := range []bool{false, true} {
			for _, f := range run.InFlightBehind(down, at, 0, nil) {
				if f.Start() <= at {
					flying++
				}
			}
		}
		drawn := map[draw.Item]bool{}
		for _, it := range s.Draw(at, surfaces[0]) {
			if it.Smooth && it.Of.Kind == draw.Nothing && it.X > 1000 {
				drawn[it] = true
			}
		}
		require.Equal(t, flying > 0, len(drawn) > 0, "%v", at)
		seen += flying
	}
	require.Positive(t, seen)
}
