package lab_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

// measured are the cases that the model must match by now: sequences, pages, and downloads that fit the queue.
func measured(t *testing.T) []lab.Measurement {
	data, err := os.ReadFile("testdata/truth.json")
	require.NoError(t, err)
	all, err := lab.ReadMeasurements(data)
	require.NoError(t, err)
	require.Len(t, all, 187)
	var use []lab.Measurement
	for _, m := range all {
		small := m.Rate <= 10
		for _, s := range m.Client.Steps {
			small = small && s.Size <= 102400
		}
		if m.Case == "A" || m.Case == "D" || m.Case == "B" && small {
			use = append(use, m)
		}
	}
	return use
}

// worst is the largest error per family reached so far, in per cent. A commit may only lower it.
var worst = map[string]float64{"A": 0.295, "B": 0.255, "D": 0.155}

func TestTotalsAreThoseOfARealLinuxHost(t *testing.T) {
	reached := map[string]float64{}
	for _, m := range measured(t) {
		f, err := scenarios.Parse(m.ID, []byte(m.Scenario()))
		require.NoError(t, err, m.Scenario())
		res, _, err := lab.RunAll(context.Background(), f, lab.Options{})
		require.NoError(t, err)
		got := float64(res.Variants[0].Finished) / float64(sim.Millisecond)
		e := m.Error(got)
		reached[m.Case] = max(reached[m.Case], e)
		if e > worst[m.Case] {
			t.Errorf("%s: %.2f ms, measured %.2f: %.2f %% off; run it with: keepalive run - <<'E'\n%sE", m.ID, got, m.Metrics.Total.Median, e, m.Scenario())
		}
	}
	t.Logf("largest error by family: %v", reached)
}
