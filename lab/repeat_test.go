package lab_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

func TestRepeatedRunsAreThoseOfTheirSeeds(t *testing.T) {
	f, err := scenarios.Load("mobile")
	require.NoError(t, err)
	const n = 6
	calls := 0
	res, rep, err := lab.Repeat(context.Background(), f.Variants(), n, func(done, total int) {
		calls++
		assert.Equal(t, calls, done)
		assert.Equal(t, 2*n, total)
	})
	require.NoError(t, err)
	assert.Equal(t, 2*n, calls)
	var sum [2]lab.Millis
	for k := range n {
		one := show(t, "mobile", fmt.Sprintf("seed=%d", 12+k))
		for v, name := range []string{"per-request", "persistent"} {
			sum[v] += one.numbers[name].Finished
			if k == 0 {
				assert.Equal(t, one.numbers[name].Fingerprint, res.Variants[v].Fingerprint, "the Result is that of the first seed")
			}
		}
	}
	for v := range sum {
		s := rep.Variants[v].Finished
		assert.InDelta(t, float64(sum[v])/n, float64(s.Mean), 1)
		assert.Less(t, s.Interval.Low, s.Mean)
		assert.Greater(t, s.Interval.High, s.Mean)
		assert.Equal(t, n, rep.Variants[v].Runs)
	}
	assert.EqualValues(t, 12, rep.First)
	_, rep, err = lab.Repeat(context.Background(), f.Variants(), 1, nil)
	require.NoError(t, err)
	assert.Nil(t, rep.Variants[0].Finished.Interval, "one run has no spread")
}

func TestRunsThatALimitStopsAreNamedByTheirSeeds(t *testing.T) {
	f, err := scenarios.Load("gallery", "workload.sequence.gap=100h")
	require.NoError(t, err)
	_, _, err = lab.Repeat(context.Background(), f.Variants(), 2, nil)
	require.ErrorIs(t, err, lab.ErrStopped)
	assert.ErrorContains(t, err, "persistent, seed 2: the run was stopped at its limit")
}

func TestARunThatIsInterruptedHasItsNumbersSoFarIfTheyAreAskedFor(t *testing.T) {
	f, err := scenarios.Load("gallery", "client.count=50", "workload={users: {requests: 1000000, think: 1ms, size: 100kB}}")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	var last lab.Progress
	opt := lab.Options{SoFar: true, Progress: func(p lab.Progress) {
		if last = p; p.Done >= 100 {
			stop()
		}
	}}
	res, _, err := lab.RunConfigs(ctx, f.Variants(), opt)
	require.NoError(t, err)
	require.Len(t, res.Variants, 1, "the other was not begun")
	v := res.Variants[0]
	assert.GreaterOrEqual(t, v.Requests.Total, last.Done)
	assert.Equal(t, 50, v.Requests.Censored, "each user has one open")
	assert.Regexp(t, `^interrupted at \d+\.\d s$`, v.Stopped)
	assert.Greater(t, last.Now, sim.Time(0))
	assert.Equal(t, "per-request", last.Variant)
	opt.SoFar = false
	_, _, err = lab.RunConfigs(ctx, f.Variants(), opt)
	assert.ErrorIs(t, err, context.Canceled)
}
