package figure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/viz/figure"
)

func TestADistributionHoldsEveryRequestAndShowsWhatWaitedForATimerApart(t *testing.T) {
	res, _, _ := shipped(t, "accept-queue", "workload.arrivals.for=30s")
	f, ok := figure.Latency(res)
	require.True(t, ok)
	require.Len(t, f.Panels, 3)
	for i, p := range f.Panels {
		sum := 0.0
		for _, q := range p.Lines[0].Points {
			require.GreaterOrEqual(t, q.X, f.X.Min)
			require.LessOrEqual(t, q.X, f.X.Max*(1+1e-9))
			require.LessOrEqual(t, q.Y, p.Y.Max)
			sum += q.Y
		}
		require.InDelta(t, 100, sum, 1e-6, res.Variants[i].Name)
	}
	share := func(panel int, from, to float64) (sum float64) {
		for _, q := range f.Panels[panel].Lines[0].Points {
			if q.X >= from && q.X < to {
				sum += q.Y
			}
		}
		return sum
	}
	require.Greater(t, share(0, 1e9, 1.3e9), 20., "a second later")
	require.Greater(t, share(0, 1.9e9, 2.3e9), 20., "two")
	require.Zero(t, share(0, .5e9, .9e9), "and nothing between")
	require.Zero(t, share(1, .5e9, 10e9), "a long queue has no such steps")
}

func TestFewRequestsHaveNoDistribution(t *testing.T) {
	res, _, _ := shipped(t, "gallery")
	_, ok := figure.Latency(res)
	require.False(t, ok)
}

// Where requests come by themselves the run's end says little: slowloris' attackers end at the same time in two variants.
func TestTheTotalsOfManyClientsAreThoseOfTheMeanRequest(t *testing.T) {
	res, e, _ := shipped(t, "pool-churn", "workload.arrivals.for=20s")
	f := figure.Totals(e)
	for i, r := range f.Panels[0].Rows {
		require.InDelta(t, float64(res.Variants[i].Latency.Mean), r.Bars[len(r.Bars)-1].To, 20, r.Label) // each cause is rounded to the nanosecond
	}
	require.Contains(t, f.Subtitle, "mean")
}
