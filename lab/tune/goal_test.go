package tune

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/sim"
)

func TestAGoalIsReadInItsUnits(t *testing.T) {
	g, err := ParseGoal("p95 < 200ms and peak_memory<=256MiB and throughput ≥ 50/s and failed < 1% and opened == 20 and cpu < 1.5 s")
	require.NoError(t, err)
	type clause struct {
		name, op string
		limit    float64
	}
	var got []clause
	for _, c := range g.Clauses {
		got = append(got, clause{c.Metric.Name, c.Op, c.Limit})
	}
	require.Equal(t, []clause{{"p95", "<", 200e6}, {"peak_memory", "<=", 256 << 20}, {"throughput", ">=", 50}, {"failed", "<", .01}, {"opened", "=", 20},
		{"cpu", "<", 1.5e9}}, got)
}

func TestNoRequestMayFailUnlessTheGoalSaysHowMany(t *testing.T) {
	g, err := ParseGoal("p95 < 1s")
	require.NoError(t, err)
	require.Len(t, g.Clauses, 2)
	require.True(t, g.Clauses[1].Implied)
	r := lab.VariantResult{Latency: lab.Latency{P95: lab.Millis(sim.Millisecond)}, Requests: lab.Requests{Total: 2, OK: 1, Failed: 1}}
	require.False(t, g.Met(&r), "one of two failed")
	r.Requests = lab.Requests{Total: 1, OK: 1}
	require.True(t, g.Met(&r))
	r.Requests = lab.Requests{}
	require.False(t, g.Met(&r), "no request went well: there is no latency to praise")
	g, err = ParseGoal("p95 < 1s and failed <= 60%")
	require.NoError(t, err)
	require.Len(t, g.Clauses, 2)
	r.Requests = lab.Requests{Total: 2, OK: 1, Failed: 1}
	require.True(t, g.Met(&r))
}

func TestEveryMistakeInAGoalIsToldWithItsColumn(t *testing.T) {
	for text, want := range map[string]string{
		"":                             `goal:1:1: want a metric, as in p95 < 200ms and peak_memory < 256MiB, got the end`,
		"p59 < 200ms":                  `goal:1:1: there is no metric "p59": did you mean p50?`,
		"colour < 3":                   `goal:1:1: there is no metric "colour"; there are finished, throughput`,
		"p95 < 200":                    `goal:1:7: p95: want a unit behind 200 (ns, us, ms, s, min, h), as in 100ms`,
		"p95 < 200sec":                 `goal:1:7: p95: there is no unit "sec": did you mean s?`,
		"p95 < 10%":                    `goal:1:7: p95: p95 is no share of anything: want a duration such as 100ms`,
		"peak_memory < 1KB":            `did you mean kB (1000 bytes) or KiB (1024 bytes)?`,
		"p95 200ms":                    `goal:1:5: want <, <=, >, >= or = behind p95, got "200ms"`,
		"p95 != 200ms":                 `goal:1:5: want <, <=, >, >= or = behind p95, got "!="`,
		"p95 < 1s or p99 < 2s":         `goal:1:10: comparisons are joined by and: for one or the other, tune for each`,
		"p95 < 1s, p99 < 2s":           `goal:1:9: want and between two comparisons, got ","`,
		"p95 < 1s and":                 `goal:1:13: want a metric`,
		"and p95 < 1s":                 `goal:1:1: want a metric`,
		"µ < 1s and p59 < 1s":          "goal:1:1: there is no metric \"µ\"",
		"µ < 1s and p59 <1s and p9 <2": "\ngoal:1:12: there is no metric \"p59\": did you mean p50?\ngoal:1:24: there is no metric \"p9\"",
	} {
		_, err := ParseGoal(text)
		assert.ErrorContains(t, err, want, text)
	}
}

// What is read is written as it can be read again; what is not read has a column in the text, or just behind it.
func FuzzGoal(f *testing.F) {
	for _, text := range []string{"p95 < 200ms and peak_memory < 256MiB", "failed<1%", "cpu > 0", "p95 < 1 s and", "ok=and", "p95 << 3", "p50 <= 1e9s", "µ ≤ \xff", "a or b", "p95 < 200ms  and\tp99 < 1s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, err := ParseGoal(text)
		if err != nil {
			var all GoalMistakes
			require.ErrorAs(t, err, &all)
			require.NotEmpty(t, all)
			for _, m := range all {
				require.GreaterOrEqual(t, m.Column, 1)
				require.LessOrEqual(t, m.Column, len(text)+1)
			}
			return
		}
		again, err := ParseGoal(g.String())
		require.NoError(t, err, g.String())
		require.Equal(t, g.String(), again.String())
		require.Len(t, again.Clauses, len(g.Clauses))
	})
}

// To have something to spare is to keep a clause, and more of what is wanted is more to spare.
func TestSpareAgreesWithMet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Clause{Op: rapid.SampledFrom([]string{"<", "<=", ">", ">=", "="}).Draw(t, "op"), Limit: float64(rapid.IntRange(0, 1000).Draw(t, "limit"))}
		a, b := float64(rapid.IntRange(0, 2000).Draw(t, "a")), float64(rapid.IntRange(0, 2000).Draw(t, "b"))
		spare := c.Spare(a)
		if c.Met(a) != (spare > 0 || spare == 0 && c.Op != "<" && c.Op != ">") {
			t.Fatalf("%v of %s %v: met %v, spare %v", a, c.Op, c.Limit, c.Met(a), spare)
		}
		if c.Op[0] == '<' && a < b && c.Spare(a) <= c.Spare(b) || c.Op[0] == '>' && a < b && c.Spare(a) >= c.Spare(b) && c.Limit > 0 {
			t.Fatalf("%v %v %v %v", a, b, c.Spare(a), c.Spare(b))
		}
	})
}

func TestSpareSaysWhatShareOfTheLimitIsLeft(t *testing.T) {
	upper, lower := Clause{Op: "<", Limit: 200}, Clause{Op: ">", Limit: 50}
	require.Equal(t, .5, upper.Spare(100))
	require.Equal(t, -1.0, upper.Spare(400))
	require.Equal(t, .5, lower.Spare(100))
	require.Equal(t, -1.0, lower.Spare(25))
	require.Equal(t, -1e9, upper.Spare(math.Inf(1)))
}

func TestAnIntervalIsStudents(t *testing.T) {
	m, err := find("opened")
	require.NoError(t, err)
	var runs []lab.VariantResult
	for _, n := range []int{8, 9, 10, 11, 12} {
		runs = append(runs, lab.VariantResult{Connections: lab.Connections{Opened: n}})
	}
	mean, within := interval(runs, m)
	require.InDelta(t, 10, mean, 1e-12)
	require.InDelta(t, 2.77645*math.Sqrt(2.5/5), within, 1e-9) // t(0.975, 4) s / sqrt(n)
}
