package lab

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
)

func fill(values []sim.Time) *latencies {
	l := &latencies{}
	for _, v := range values {
		l.add(v)
	}
	return l
}

// exponentials are times with a mean of 20 ms, each depending on the one before it by a share of keep.
func exponentials(luck *rand.Rand, n int, keep float64) []sim.Time {
	out := make([]sim.Time, n)
	at := 20e6
	for i := range out {
		if luck.Float64() >= keep {
			at = luck.ExpFloat64() * 20e6
		}
		out[i] = sim.Time(at)
	}
	return out
}

func TestPercentilesAreExactUpToAHundredThousandAndWithinAThousandthBeyond(t *testing.T) {
	for _, n := range []int{1, 7, 1000, exactMost, exactMost + 1, 3 * exactMost} {
		values := exponentials(rand.New(rand.NewPCG(1, uint64(n))), n, 0)
		got := fill(values).latency()
		sum := sim.Time(0)
		for _, v := range values {
			sum += v
		}
		slices.Sort(values)
		want := sortedQuantiles(values)
		assert.Equal(t, Millis(sum/sim.Time(n)), got.Mean, "always exact")
		assert.Equal(t, Millis(values[n-1]), got.Max, "always exact")
		within := 0.0
		if n > exactMost {
			within = 0.001
		}
		for i, q := range []Millis{got.P50, got.P95, got.P99} {
			assert.InDelta(t, 0, float64(q)/float64(want[i])-1, within, "%d requests, %d %%", n, percents[i])
		}
	}
}

func TestManyLatenciesTakeNoMoreRoomThanFew(t *testing.T) {
	long(t)
	l := &latencies{}
	for i := range 2_000_000 {
		l.add(sim.Time(i%1000) * sim.Millisecond)
		if len(l.batches) > maxBatches || len(l.exact) > exactMost {
			t.Fatalf("after %d requests there are %d batches and %d exact latencies", i, len(l.batches), len(l.exact))
		}
	}
	counted, bytes := 0, 0
	for _, b := range l.batches {
		counted += b.n
		bytes += b.hist.ByteSize()
	}
	assert.Equal(t, 2_000_000, counted)
	assert.Less(t, bytes, 14<<20)
	assert.Nil(t, l.exact)
	assert.GreaterOrEqual(t, l.intervals().Batches, minBatches)
	t.Logf("2 000 000 latencies: %d batches of %d, %d bytes", len(l.batches), l.size, bytes)
}

// Of a hundred intervals about ninety-five hold the truth; batches that hang together hold it less often, and say so.
func TestNinetyFiveOfAHundredIntervalsHoldTheTruth(t *testing.T) {
	long(t)
	const runs, n = 300, 10_000
	truth := [4]float64{20e6, 20e6 * math.Ln2, 20e6 * math.Log(20), 20e6 * math.Log(100)}
	for _, keep := range []float64{0, 0.9} {
		var hits [4]int
		narrow := 0
		for k := range runs {
			i := fill(exponentials(rand.New(rand.NewPCG(7, uint64(k))), n, keep)).intervals()
			for j, in := range []*Interval{&i.Mean, &i.P50, i.P95, i.P99} {
				if float64(in.Low) <= truth[j] && truth[j] <= float64(in.High) {
					hits[j]++
				}
			}
			if i.TooNarrow() {
				narrow++
			}
		}
		t.Logf("keep %.1f: of %d intervals hold the truth: mean %d, median %d, 95 %% %d, 99 %% %d; called too narrow %d", keep, runs, hits[0], hits[1], hits[2], hits[3], narrow)
		for j := range hits {
			if keep == 0.9 && j == 3 {
				continue // ten in a row are alike: a batch of 500 holds fifty values, too few for 99 %; 84 % of the intervals hold it
			}
			assert.InDelta(t, 0.95, float64(hits[j])/runs, 0.045, "keep %v, value %d", keep, j)
		}
		assert.Less(t, narrow, runs/10)
	}
	// Each value lasts for about as many requests as a batch has: the spread says too little.
	narrow := 0
	for k := range 100 {
		if fill(exponentials(rand.New(rand.NewPCG(9, uint64(k))), n, 0.9985)).intervals().TooNarrow() {
			narrow++
		}
	}
	assert.Greater(t, narrow, 50)
}

func TestIntervalsNeedEnoughRequests(t *testing.T) {
	luck := rand.New(rand.NewPCG(1, 1))
	assert.Nil(t, fill(exponentials(luck, 399, 0)).intervals())
	i := fill(exponentials(luck, 400, 0)).intervals()
	require.NotNil(t, i)
	assert.Nil(t, i.P95)
	i = fill(exponentials(luck, 2000, 0)).intervals()
	assert.NotNil(t, i.P95)
	assert.Nil(t, i.P99)
	assert.NotNil(t, fill(exponentials(luck, 10_000, 0)).intervals().P99)
}

// The table and the expansion against the integral of Student's density, 95 % of which lies within the point.
func TestTheTableOfStudentsTIsRight(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 9, 10, 17, 19, 24, 29, 30, 31, 39, 60, 100, 1000} {
		nu := float64(n)
		a, _ := math.Lgamma((nu + 1) / 2)
		b, _ := math.Lgamma(nu / 2)
		density := func(x float64) float64 {
			return math.Exp(a-b) / math.Sqrt(nu*math.Pi) * math.Pow(1+x*x/nu, -(nu+1)/2)
		}
		const steps = 20_000 // Simpson's rule
		h := Student95(n) / steps
		sum := density(0) + density(Student95(n))
		for i := 1; i < steps; i++ {
			sum += density(float64(i)*h) * float64(2+2*(i%2))
		}
		assert.InDelta(t, 0.475, sum*h/3, 2e-6, "%d degrees of freedom", n)
	}
	assert.True(t, math.IsInf(Student95(0), 1))
}

// One request of a hundred stalls for a second, at a pace of one per 10 ms: as in HdrHistogram's own example the plain 99 %
// hardly sees it, and a user who kept to the pace would have met half of the stall in a quarter of all requests.
func TestAClosedLoopsPercentilesAreCorrectedAsHdrHistogramDoes(t *testing.T) {
	l := &latencies{}
	for i := range 1000 {
		if i%100 == 99 {
			l.add(sim.Second)
		} else {
			l.add(sim.Millisecond)
		}
	}
	assert.Equal(t, Millis(sim.Millisecond), l.latency().P99)
	// 100 values for each stall: 1000, 990 … 10 ms, beside 99 of 1 ms. The 99 % point is the second of 199, the median the 100th.
	c := l.corrected(10 * sim.Millisecond)
	assert.InEpsilon(t, 980*int64(sim.Millisecond), int64(c.P99), 0.011)
	assert.InEpsilon(t, 910*int64(sim.Millisecond), int64(c.P95), 0.011)
	assert.InEpsilon(t, 10*int64(sim.Millisecond), int64(c.P50), 0.01)
	few := fill([]sim.Time{1, 2, 3})
	assert.Equal(t, few.latency().P99, few.corrected(10).P99, "nothing is missing")
	assert.Nil(t, few.corrected(0))
}

func TestTheWarmUpIsLeftOutOfLatenciesAndCountsInAllElse(t *testing.T) {
	f, err := scenarios.Parse("t", []byte("warm_up: 3s\nworkload: {users: {requests: 10, think: 1s, size: 1kB}}"))
	require.NoError(t, err)
	g, err := scenarios.Parse("t", []byte("workload: {users: {requests: 10, think: 1s, size: 1kB}}"))
	require.NoError(t, err)
	with, err := Simulate(context.Background(), f.Variants()[0], Options{Requests: true})
	require.NoError(t, err)
	without, err := Simulate(context.Background(), g.Variants()[0], Options{})
	require.NoError(t, err)
	early, sum := 0, Millis(0)
	for _, r := range with.Result.PerRequest {
		if r.Start < Millis(3*sim.Second) {
			early++
		} else {
			sum += r.End - r.Start
		}
	}
	assert.Equal(t, 3, early)
	assert.Equal(t, early, with.Result.Requests.WarmUp)
	assert.Equal(t, sum/Millis(10-early), with.Result.Latency.Mean)
	assert.Less(t, with.Result.Latency.Max, without.Result.Latency.Max, "the handshake was warming up")
	assert.Equal(t, without.Result.Fingerprint, with.Result.Fingerprint)
	assert.Equal(t, without.Result.Requests.OK, with.Result.Requests.OK)
}

func TestEachClassOfAMixHasItsRow(t *testing.T) {
	f, err := scenarios.Parse("t", []byte(`
client: {count: 5}
workload: {users: {requests: 40, think: 100ms, mix: [{name: page, weight: 9, size: 1kB}, {weight: 1, size: 1kB, time: 700ms}]}}`))
	require.NoError(t, err)
	run, err := Simulate(context.Background(), f.Variants()[0], Options{})
	require.NoError(t, err)
	c := run.Result.Classes
	require.Len(t, c, 2)
	assert.Equal(t, []string{"page", "class 2"}, []string{c[0].Name, c[1].Name})
	assert.Equal(t, 200, c[0].OK+c[1].OK)
	assert.InDelta(t, 20, c[1].OK, 14)
	assert.Equal(t, c[0].Latency.P50+Millis(700*sim.Millisecond), c[1].Latency.P50)
}

// What the metrics hold is what is open, not what has been: connections that ended are forgotten.
func TestMetricsOfALongRunHoldWhatIsOpenOnly(t *testing.T) {
	f, err := scenarios.Parse("t", []byte(`
tls: {version: 1.3}
http: {connections: per-request}
client: {count: 7}
workload: {users: {requests: 300, think: 10ms, size: 1kB}}`))
	require.NoError(t, err)
	m := newMetrics(f.Variants()[0], false)
	most := 0
	w := model.New(f.Variants()[0], trace.Sinks{m})
	for w.Step() {
		most = max(most, len(m.secured))
	}
	require.NoError(t, w.RunUntil(sim.Never))
	assert.Equal(t, 2100, m.result(w).Requests.OK)
	assert.LessOrEqual(t, len(m.open.marks), 7)
	assert.Empty(t, m.open.slot)
	assert.Less(t, most, 50, "of 2 100 connections")
	assert.Empty(t, m.secured)
	assert.Nil(t, m.requests)
}

// long is called by a test that repeats a run often for the numbers alone: where runs are slow, in WebAssembly, the same
// runs are held by their fingerprints.
func long(t *testing.T) {
	if testing.Short() {
		t.Skip("statistics, made natively")
	}
}
