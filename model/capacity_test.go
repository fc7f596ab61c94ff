package model_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/sim"
)

// watch is a Sink that hands each record to a function.
type watch func(r *trace.Record)

func (f watch) Record(r *trace.Record) { f(r) }

// visitors come to an open server, each with a connection of his own that he leaves to the server.
func visitors(perSecond int64, span sim.Time) model.Config {
	c := gallery(0, 0, true)
	c.Link = model.LinkConfig{RTT: 10 * sim.Millisecond, Queue: model.Queue{Packets: 1 << 20}, Shared: true}
	c.Client.Count = int(perSecond*int64(span/sim.Second))*5/4 + 100
	c.Server.Backlog = 65535
	c.Workload = model.Workload{Arrivals: &model.Arrivals{Item: model.Item{Path: "/", Method: "GET", Size: 1000, Time: -1}, PerHour: perSecond * 3600, For: span}}
	return c
}

// answered counts the answers written from one time on and before another.
func answered(t *testing.T, c model.Config, from, to sim.Time) (n int, w *model.World) {
	w = model.New(c, watch(func(r *trace.Record) {
		if r.Kind == trace.ServerWrote && r.At >= from && r.At < to {
			n++
		}
	}))
	require.NoError(t, w.RunUntil(to))
	return n, w
}

// A visitor holds his worker while he is served, s, and until the server's patience T is over.
func TestProcessesServeAsManyVisitorsAsTheirPatienceAllows(t *testing.T) {
	for _, patience := range []sim.Time{3 * sim.Second, 5 * sim.Second, 15 * sim.Second} {
		c := visitors(25, 20*sim.Second+6*patience)
		c.Server.ThreadPerConnection, c.Server.Workers, c.Server.MaxConnections = true, 50, 0
		c.Server.KeepAliveTimeout, c.Server.Time = patience, 200*sim.Millisecond
		from, cycle := 20*sim.Second, patience+c.Server.Time
		n, w := answered(t, c, from, from+5*cycle)
		rate := float64(n) / (5 * float64(cycle) / float64(sim.Second))
		want := 50 / (float64(cycle) / float64(sim.Second))
		require.InEpsilon(t, want, rate, 0.02)
		t.Logf("patience %v: %.2f visitors per second, W/(T+s) = %.2f", patience, rate, want)
		require.Equal(t, "workers", w.LimitsReached()[0].Limit)
	}
}

// 1024 slots that idle connections hold for 75 s take 13.65 new clients per second; closing idle ones takes them all.
func TestIdleConnectionsFillTheSlotsUnlessTheyAreClosed(t *testing.T) {
	long(t)
	c := visitors(20, 400*sim.Second)
	c.Server.MaxConnections = 1024
	from, to := 100*sim.Second, 400*sim.Second
	n, w := answered(t, c, from, to)
	require.InEpsilon(t, 1024.0/75, float64(n)/300, 0.02)
	t.Logf("%.2f new clients per second, 1024/75 = %.2f", float64(n)/300, 1024.0/75)
	require.Equal(t, "max_connections", w.LimitsReached()[0].Limit)

	c.Server.AtLimit = model.CloseIdle
	longest := sim.Time(0)
	wanted := map[uint32]sim.Time{}
	w = model.New(c, watch(func(r *trace.Record) {
		switch r.Kind {
		case trace.RequestWanted:
			wanted[r.Req] = r.At
		case trace.RequestDone:
			require.Equal(t, trace.OK, trace.Status(r.Flags))
			longest = max(longest, r.At-wanted[r.Req])
		case trace.ServerConns:
			require.LessOrEqual(t, trace.Lo(r.A), 1024)
		}
	}))
	require.NoError(t, w.RunUntil(to))
	require.Less(t, longest, 25*sim.Millisecond) // two round trips and a packet
	require.Len(t, w.LimitsReached(), 1)
}

// waits are the times that requests wait at the server before it takes them up.
func waits(t *testing.T, c model.Config) []float64 {
	queued := map[uint32]sim.Time{}
	var out []float64
	w := model.New(c, watch(func(r *trace.Record) {
		switch r.Kind {
		case trace.ServerQueued:
			queued[r.Req] = r.At
		case trace.ServerBegin:
			out = append(out, float64(r.At-queued[r.Req]))
			delete(queued, r.Req)
		}
	}))
	require.NoError(t, w.Run())
	return out
}

// interval is the mean of a sample in whose parts neighbours are alike, and half the width of its confidence interval
// at 99.9 %, by twenty batch means (Student's t with 19 degrees of freedom).
func interval(sample []float64) (mean, half float64) {
	const batches, t = 20, 3.883
	sample = sample[len(sample)/10:] // the system fills up first
	size := len(sample) / batches
	var sum, square float64
	for b := range batches {
		m := 0.0
		for _, v := range sample[b*size : (b+1)*size] {
			m += v / float64(size)
		}
		sum += m
		square += m * m
	}
	mean = sum / batches
	return mean, t * math.Sqrt((square/batches-mean*mean)/(batches-1))
}

// erlangC is the chance that all of c servers are busy under an offered load of a.
func erlangC(c int, a float64) float64 {
	b := 1.0 // Erlang B, by its recurrence
	for k := 1; k <= c; k++ {
		b = a * b / (float64(k) + a*b)
	}
	rho := a / float64(c)
	return b / (1 - rho*(1-b))
}

// poisson is an open stream of requests that reach the server as they are wanted: no path, and a connection for each.
func poisson(perSecond int64, span sim.Time) model.Config {
	c := gallery(0, 0, true)
	c.Link = model.LinkConfig{Queue: model.Queue{Packets: 1 << 20}, Shared: true}
	c.Client.ConnectionsPerHost, c.Client.MaxIdle = 0, 100000
	c.Server.MaxConnections, c.Server.KeepAliveRequests, c.Server.Backlog = 0, 0, 65535
	c.Workload = model.Workload{Arrivals: &model.Arrivals{Item: model.Item{Path: "/", Method: "GET", Time: -1}, PerHour: perSecond * 3600, For: span}}
	return c
}

func TestRequestsWaitForAWorkerAsErlangSays(t *testing.T) {
	long(t)
	for _, workers := range []int{1, 4} {
		c := poisson(int64(80*workers), 500*sim.Second)
		c.Server.ThreadPerRequest, c.Server.Workers = true, workers
		c.Server.Time, c.Server.TimeKind = 10*sim.Millisecond, model.Exponential
		load := 0.8 * float64(workers)
		want := erlangC(workers, load) * float64(10*sim.Millisecond) / (float64(workers) - load)
		mean, half := interval(waits(t, c))
		t.Logf("%d workers: %.3f ± %.3f ms, Erlang C: %.3f ms", workers, mean/1e6, half/1e6, want/1e6)
		require.InDelta(t, want, mean, half)
		require.Less(t, half, 0.25*want, "too few requests to tell")
	}
}

func TestRequestsWaitForACoreAsPollaczekAndKhinchinSay(t *testing.T) {
	long(t)
	c := poisson(800, 100*sim.Second)
	c.Server.CPUs, c.Server.CPU.Request = 1, sim.Millisecond
	mean, half := interval(waits(t, c))
	want := 0.8 * float64(sim.Millisecond) / (2 * (1 - 0.8))
	t.Logf("%.3f ± %.3f ms, M/D/1: %.3f ms", mean/1e6, half/1e6, want/1e6)
	require.InDelta(t, want, mean, half)
	require.Less(t, half, 0.3*mean, "too few requests to tell")
}

// Who has sent many requests on one connection does not go before who has sent one: they take turns.
func TestPipelinedRequestsQueueBehindThoseOfOthers(t *testing.T) {
	for _, threads := range []bool{false, true} {
		c := crowd(3, 0)
		c.Workload.Page = make([]model.Item, 6)
		for i := range c.Workload.Page {
			c.Workload.Page[i] = model.Item{Path: "/", Method: "GET", Size: 100, Time: -1}
		}
		c.HTTP.Pipelining, c.Client.ConnectionsPerHost = 6, 1
		c.Server.CPUs, c.Server.CPU.Request = 1, 10*sim.Millisecond
		c.Server.ThreadPerRequest, c.Server.Workers = threads, 1
		begun := [4]int{} // by connection
		for _, r := range outcomeOf(t, c).log.Records {
			if r.Kind == trace.ServerBegin {
				begun[r.Conn]++
				require.LessOrEqual(t, max(begun[1], begun[2], begun[3])-min(begun[1], begun[2], begun[3]), 2, "threads: %v", threads)
			}
		}
		require.Equal(t, [4]int{0, 6, 6, 6}, begun)
	}
}

// long is called by a test that repeats a run often for the numbers alone: where runs are slow, in WebAssembly, the same
// runs are held by their fingerprints.
func long(t *testing.T) {
	if testing.Short() {
		t.Skip("statistics, made natively")
	}
}
