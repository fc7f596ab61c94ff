package model_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/sim"
)

// tally is a Sink that counts what becomes of requests.
type tally struct {
	wanted, reused, stale, retried, failed int
	bound                                  map[uint32]bool // requests that have not ended
}

func (c *tally) Record(r *trace.Record) {
	switch r.Kind {
	case trace.RequestWanted:
		c.wanted++
	case trace.RequestBound:
		if c.bound[r.Req] {
			c.retried++
		} else if r.Flags&trace.Reused != 0 {
			c.reused++
		}
		c.bound[r.Req] = true
	case trace.RequestStale:
		c.stale++
	case trace.RequestDone:
		delete(c.bound, r.Req)
		if r.Flags != uint16(trace.OK) {
			c.failed++
		}
	}
}

// thinkers is clients that want a request, think for an exponential time and want another, over one kept connection each.
func thinkers(requests int) model.Config {
	c := instant()
	c.Link.RTT = 50 * sim.Millisecond
	c.Client.Count = 20
	c.Server.KeepAliveTimeout, c.Server.KeepAliveRequests = 5*sim.Second, 0
	c.Workload = model.Workload{Users: &model.Users{Item: get("/", 0), Requests: requests/c.Client.Count + 1,
		Think: model.Span{Kind: model.Exponential, To: 5 * sim.Second}}}
	c.Limits.Time = 1000 * sim.Hour
	return c
}

func tallied(t *testing.T, c model.Config) tally {
	counts := tally{bound: map[uint32]bool{}}
	require.NoError(t, model.New(c, &counts).Run())
	return counts
}

// A server closes at idle time T, counted from its answer. A request whose client was idle for longer than T - RTT comes too
// late, one after T knows. With requests at rate L the shares are e^(-L(T-RTT)) - e^(-LT) and e^(-LT): for 0.2/s, 5 s and
// 50 ms 0.370 % meet a closed connection, 62.84 % use it again, 36.79 % need a new one. Intervals are of 3.3 standard
// deviations, a chance of one in a thousand.
func TestTheShareOfRequestsThatMeetAClosedConnectionIsThatOfTheFormula(t *testing.T) {
	long(t)
	const gaps = 200_000
	c := thinkers(gaps)
	for _, retry := range []model.Retry{model.RetryIdempotent, model.RetryNever} {
		c.Client.Retry = retry
		got := tallied(t, c)
		late, knows := math.Exp(-0.2*4.95), math.Exp(-0.2*5)
		n := float64(got.wanted - c.Client.Count) // the first of a client has no gap
		check := func(what string, count int, share float64) {
			sd := math.Sqrt(share * (1 - share) / n)
			t.Logf("%s: %.3f %% ± %.3f, by the formula %.3f %%", what, 100*float64(count)/n, 330*sd, 100*share)
			require.InDelta(t, share, float64(count)/n, 3.3*sd, what)
		}
		check("stale", got.stale, late-knows)
		check("reused", got.reused-got.stale, 1-late)
		check("reconnected", int(n)-got.reused, knows)
		if retry == model.RetryNever {
			require.Equal(t, got.stale, got.failed)
			require.Zero(t, got.retried)
		} else {
			require.Zero(t, got.failed)
			require.Equal(t, got.stale, got.retried)
		}
	}
}

// The remedies: a client that gives the connection up before the server does, by its own clock or by the server's word.
func TestAClientThatClosesFirstNeverMeetsAClosedConnection(t *testing.T) {
	long(t)
	c := thinkers(40_000)
	c.Client.IdleTimeout = 4900 * sim.Millisecond
	require.Zero(t, tallied(t, c).stale)
	c.Client.IdleTimeout = 300 * sim.Second
	c.HTTP.KeepAliveHeader, c.Client.HonourHint, c.Client.HintMargin = true, true, sim.Second
	require.Zero(t, tallied(t, c).stale)
	c.Client.HintMargin = 0 // the client hears of the answer half a round trip after the server's clock began
	require.NotZero(t, tallied(t, c).stale)
}

// rush is a thousand requests a second, each on a connection of its own that the client closes.
func rush(requests int) model.Config {
	c := gallery(0, 0, false)
	c.Link.RTT, c.Link.Down, c.Link.Up = 0, 0, 0
	c.HTTP.ClientCloses = true
	for i := range requests {
		c.Workload.Sequence = append(c.Workload.Sequence, get("/", sim.Time(min(i, 1))*sim.Millisecond))
	}
	return c
}

// 28 232 ports that rest for 60 s each are 470.5 connections per second. A thousand per second use them up in 28.232 s; then
// each waits for a port, and 28 232 find one in any minute.
func TestPortsRunOutAfterTheirNumberOverTheRate(t *testing.T) {
	long(t)
	var got portUse
	require.NoError(t, model.New(rush(180_000), &got).Run())
	require.Equal(t, 28_232*sim.Millisecond, got.out)
	for _, minute := range []int{got.ok[0], got.ok[1], got.ok[2]} {
		require.InDelta(t, 470.5, float64(minute)/60, 0.1)
	}
}

// portUse is a Sink that notes when the ports ran out, and the requests of each minute that had one.
type portUse struct {
	out sim.Time
	ok  [4]int
}

func (p *portUse) Record(r *trace.Record) {
	switch {
	case r.Kind != trace.RequestDone:
	case trace.Status(r.Flags) != trace.NoPort:
		p.ok[r.At/sim.Minute]++
	case p.out == 0:
		p.out = r.At
	}
}

// What rests is rate times time (Little's law), and twice the addresses have twice the ports.
func TestAnotherAddressDoublesThePorts(t *testing.T) {
	long(t)
	c := rush(3000)
	c.Client.Ports, c.Client.TimeWait = 500, sim.Second
	failed := func() int {
		return counted(run(t, c), trace.RequestDone, func(r trace.Record) bool { return r.Flags == uint16(trace.NoPort) })
	}
	require.InDelta(t, 3000-3*500, failed(), 2)
	c.Client.Addresses = 2
	require.InDelta(t, 0, failed(), 2)
}

// rounds is workers who make a request each, all at once, and again when all are answered: golang/go#13801.
func rounds(workers, rounds int) model.Config {
	c := instant()
	c.Workload.Sequence = nil
	c.Client.ConnectionsPerHost, c.Client.MaxIdle = 0, 2
	for r := range rounds {
		for range workers {
			item := get(fmt.Sprint("/", r), 0)
			for w := range workers * min(r, 1) {
				item.After = append(item.After, (r-1)*workers+w)
			}
			c.Workload.Page = append(c.Workload.Page, item)
		}
	}
	return c
}

// closes counts the connections that the client closed before its last answer.
func closes(log *trace.Log) int {
	last := finished(log)
	return counted(log, trace.Segment, func(r trace.Record) bool {
		return !trace.IsServer(r.Actor) && r.Flags&trace.FIN != 0 && r.At < last
	})
}

// In lockstep, each worker's connection is idle when all are answered, and all but two are closed: (c-2)/c per request.
// That is the workload for which the formula holds.
func TestWorkersInLockstepCloseAllConnectionsButTwoInEachRound(t *testing.T) {
	for _, workers := range []int{3, 5, 10} {
		const n = 8
		log := run(t, rounds(workers, n))
		require.Equal(t, (n-1)*(workers-2), closes(log), "%d workers", workers) // those of the last round are not before its end
		require.Len(t, begun(log), workers+(n-1)*(workers-2), "%d workers", workers)
	}
}

// Workers who do not wait for each other take their own connection again before it counts as idle: nothing is closed.
func TestWorkersOnTheirOwnCloseNothing(t *testing.T) {
	const workers, n = 10, 8
	c := rounds(workers, n)
	for i := range c.Workload.Page {
		c.Workload.Page[i].After = nil
		if i >= workers {
			c.Workload.Page[i].After = []int{i - workers}
		}
	}
	log := run(t, c)
	require.Zero(t, closes(log))
	require.Len(t, begun(log), workers)
}
