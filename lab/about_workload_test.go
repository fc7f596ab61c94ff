package lab_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

// over is what a scenario's variants say over several seeds.
func over(t *testing.T, name string, seeds int, set ...string) map[string]lab.RepeatedVariant {
	f, err := scenarios.Load(name, set...)
	require.NoError(t, err)
	_, rep, err := lab.Repeat(context.Background(), f.Variants(), seeds, nil)
	require.NoError(t, err)
	out := map[string]lab.RepeatedVariant{}
	for _, v := range rep.Variants {
		out[v.Name] = v
	}
	return out
}

func TestInBurstsTheMiddleIsFasterAndTheSlowestAreSlower(t *testing.T) {
	long(t)
	v := over(t, "loss-bursts", 80)
	alone, bursts := v["persistent each alone"].Latency, v["persistent in bursts"].Latency
	assert.Less(t, bursts.P50.Interval.High, alone.P50.Interval.Low*8/10, "most responses meet no burst")
	alone, bursts = v["per-request each alone"].Latency, v["per-request in bursts"].Latency
	assert.Greater(t, bursts.P99.Interval.Low, alone.P99.Interval.High, "the slowest meet a whole one")
	s := show(t, "loss-bursts")
	for name, n := range s.numbers {
		assert.InDelta(t, 0.02, float64(n.Packets.Dropped)/float64(n.Packets.Up+n.Packets.Down), 0.004, name)
	}
	assert.Greater(t, s.spent("per-request in bursts", lab.Recovery), s.spent("per-request each alone", lab.Recovery))
}

// The latest of n packets that are up to J late is n/(n + 1) J late on average.
func TestJitterHoldsUpAFlightByItsLatestPacketAndLosesNothing(t *testing.T) {
	v := over(t, "jitter", 20)
	more := func(name string) lab.Millis {
		return v[name+" jitter"].Latency.Mean.Mean - v[name+" calm"].Latency.Mean.Mean
	}
	const j = lab.Millis(40 * sim.Millisecond)
	assert.Greater(t, more("persistent"), j/2+j*7/8, "a request alone, and a response of eight packets and the acknowledgements before")
	assert.Less(t, more("persistent"), 2*j)
	assert.Greater(t, more("per-request"), more("persistent")+j*9/10, "a handshake: two packets alone")
	s := show(t, "jitter")
	for name, n := range s.numbers {
		assert.Zero(t, n.Packets.Retransmitted+n.Packets.Dropped, name)
	}
	assert.Zero(t, s.spent("persistent jitter", lab.Recovery))
	grown := s.spent("persistent jitter", lab.Propagation) - s.spent("persistent calm", lab.Propagation)
	assert.InEpsilon(t, int64(s.finished("persistent jitter")-s.finished("persistent calm")), int64(grown), 0.05, "the ledger calls it propagation")
}

func TestSlowSendersHoldProcessesThatAnEventLoopDoesNotMiss(t *testing.T) {
	s := show(t, "slow-clients")
	quick := func(name string) lab.Latency { return s.numbers[name].Classes[0].Latency }
	assert.Greater(t, quick("16 processes").P95, lab.Millis(5*sim.Second))
	assert.Less(t, quick("64 processes").P95, lab.Millis(100*sim.Millisecond))
	assert.Less(t, quick("event loop").P95, lab.Millis(100*sim.Millisecond))
	slow := s.numbers["event loop"].Classes[1].Latency
	assert.InDelta(t, float64(18*sim.Second), float64(slow.P50-quick("event loop").P50), float64(10*sim.Millisecond), "nine pauses of two seconds")
	assert.Positive(t, s.numbers["event loop"].Requests.WarmUp)
}

// One server that takes S for each request of a Poisson stream lets them wait ρS/2(1-ρ) on average (Pollaczek and Khinchine);
// with N at a time there are (N-1)S/2(1-ρ) more. S is 15 ms and ρ is 0.6.
func TestArrivalsWaitAsQueueingTheoryHasIt(t *testing.T) {
	long(t)
	v := over(t, "arrivals", 25)
	alone := v["constant"].Latency
	assert.Equal(t, alone.P50.Mean, alone.P99.Mean, "nobody waits")
	const s = 15.0
	for name, want := range map[string]float64{"at random": 0.6 * s / 0.8, "bursts of ten": 0.6*s/0.8 + 9*s/0.8} {
		got := v[name].Latency.Mean
		wait := float64(got.Mean-alone.P50.Mean) / 1e6
		half := float64(got.Half()) / 1e6
		t.Logf("%s: %.2f ± %.2f ms of waiting, formula %.2f ms", name, wait, half, want)
		assert.InDelta(t, want, wait, 1.7*half, name) // 99.8 %
	}
	assert.Less(t, v["ten users"].Latency.Mean.Interval.High, v["at random"].Latency.Mean.Interval.Low)
	assert.InEpsilon(t, v["at random"].OK, v["ten users"].OK, 0.02)
}

// Where requests come by themselves the way to the last one says nothing of the others; the mean of all does, and adds up.
func TestTheMeanRequestIsExplainedWhereRequestsComeByThemselves(t *testing.T) {
	f, err := scenarios.Load("pool-churn")
	require.NoError(t, err)
	res, logs, err := lab.RunAll(context.Background(), f, lab.Options{Log: true})
	require.NoError(t, err)
	e, err := lab.ExplainAll(logs)
	require.NoError(t, err)
	require.NotNil(t, e.Mean)
	for i, v := range e.Variants {
		assert.InDelta(t, int64(res.Variants[i].Latency.Mean), int64(v.Mean.Total()), float64(lab.Causes), v.Name)
	}
	assert.Contains(t, e.Finding, "take the same time")
	assert.Contains(t, e.MeanFinding, "less goes to handshakes")

	f, err = scenarios.Load("gallery")
	require.NoError(t, err)
	_, logs, err = lab.RunAll(context.Background(), f, lab.Options{Log: true})
	require.NoError(t, err)
	e, err = lab.ExplainAll(logs)
	require.NoError(t, err)
	assert.Nil(t, e.Mean, "one request leads to the next")
}

// What Nagle's rule waits for is an acknowledgement, not a slow host.
func TestNaglesWaitIsAcknowledgementsDelay(t *testing.T) {
	s := show(t, "nagle")
	assert.Zero(t, s.spent("kept with Nagle", lab.Host))
	assert.InDelta(t, 39*42, float64(s.spent("kept with Nagle", lab.AckDelay))/float64(sim.Millisecond), 3)
}
