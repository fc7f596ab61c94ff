package model_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// times are when records of a kind came, and with which flags.
func times(log *trace.Log, k trace.Kind, flags uint16) (out []sim.Time) {
	for _, r := range log.Records {
		if r.Kind == k && r.Flags == flags {
			out = append(out, r.At)
		}
	}
	return out
}

// A request a second: those that begin at most 2.5 s after the accept do not end the connection, the next one does.
func TestAnOldConnectionEndsWithTheNextResponse(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		c := gallery(12, 1000, true)
		for i := range c.Workload.Sequence {
			c.Workload.Sequence[i].Gap = sim.Second
		}
		c.HTTP.H2 = h2
		c.Server.MaxAge = 2500 * sim.Millisecond
		o := outcomeOf(t, c)
		require.Equal(t, 12, o.ok)
		on := map[uint32]int{}
		for _, r := range o.log.Records {
			if r.Kind == trace.RequestBound {
				on[r.Conn]++
			}
		}
		require.Equal(t, map[uint32]int{1: 4, 2: 4, 3: 4}, on, "http/2: %v", h2)
		require.Len(t, times(o.log, trace.ServerWrote, trace.Aged), 3)
	}
}

// slowHeads is two clients whose request heads take 16 s to come.
func slowHeads() model.Config {
	c := gallery(1, 1000, true)
	c.Client.Count = 2
	c.Link.RTT, c.Link.Up, c.Link.Shared = 10*sim.Millisecond, 10_000, false
	c.HTTP.RequestHeaders = 20_000
	c.Client.Retry = model.RetryNever
	c.Server.Workers = 1
	return c
}

func TestAHeadThatDoesNotComeInTimeIsNotWaitedFor(t *testing.T) {
	for _, threads := range []bool{false, true} {
		c := slowHeads()
		c.Server.HeaderTimeout, c.Server.ThreadPerConnection = 5*sim.Second, threads
		o := outcomeOf(t, c)
		require.Equal(t, 2, o.failed)
		got := times(o.log, trace.TimerFired, trace.TimerHeader)
		accepted := c.Link.RTT + c.Link.RTT/2 + onWire(60, c.Link.Up) + onWire(52, c.Link.Up) + onWire(60, c.Link.Down)
		require.Equal(t, accepted+5*sim.Second, got[0])
		// Who holds the only worker keeps the other waiting; in an event server both hold a slot alone.
		second := got[0]
		if threads {
			second += 5 * sim.Second
		}
		require.Equal(t, second, got[1], "threads: %v", threads)
	}
	c := slowHeads()
	c.Server.HeaderTimeout = 40 * sim.Second
	require.Equal(t, 2, outcomeOf(t, c).ok)
}

// A further request's time begins with its first byte, and a body has no limit.
func TestTheTimeForAFurtherHeadBeginsWithItsFirstByte(t *testing.T) {
	c := gallery(2, 1000, true)
	c.Workload.Sequence[1].Gap = 10 * sim.Second
	c.Link.Up = 100_000
	c.HTTP.RequestHeaders = 20_000 // 1.7 s
	c.Server.HeaderTimeout = 2 * sim.Second
	require.Equal(t, 2, outcomeOf(t, c).ok)

	c.Workload.Sequence[1].Upload, c.Server.KeepAliveTimeout = 50_000, 11*sim.Second // 4 s more, beyond the keep-alive timeout
	require.Equal(t, 2, outcomeOf(t, c).ok)

	c.HTTP.RequestHeaders = 30_000
	c.Server.HeaderTimeout = 3 * sim.Second // enough for the first one
	c.Server.KeepAliveTimeout = 75 * sim.Second
	require.Equal(t, 2, outcomeOf(t, c).ok)
	c.Link.Up, c.HTTP.Pipelining = 80_000, 1
	o := outcomeOf(t, c)
	require.NotEmpty(t, times(o.log, trace.TimerFired, trace.TimerHeader))
}

// uploadBehind is a client that asks for 200 kB and, behind it on the same connection, sends 500 kB; the server closes
// after the first answer.
func uploadBehind(linger sim.Time) model.Config {
	c := gallery(0, 0, true)
	c.Link.RTT = 50 * sim.Millisecond
	c.HTTP.Pipelining, c.Client.ConnectionsPerHost = 2, 1
	c.Server.KeepAliveRequests, c.Server.Linger, c.Server.LingerAlways = 1, linger, true
	c.Workload.Page = []model.Item{{Path: "/big", Method: "GET", Size: 200_000, Time: -1}, {Path: "/put", Method: "PUT", Upload: 500_000, Time: -1}}
	return c
}

// Data that comes after close is answered with a RST, which cuts off the answer that is under way; a server that lingers
// lets it arrive (RFC 9112, 9.6).
func TestLingeringSavesAnAnswerFromWhatTheClientStillSends(t *testing.T) {
	for _, v := range []tls.Version{tls.None, tls.V13} {
		c := uploadBehind(0)
		c.TLS = tls.Config{Version: v, Certificate: 3000}
		o := outcomeOf(t, c)
		require.Positive(t, o.rst)
		require.Equal(t, uint16(trace.Reset), statusOf(o.log, 1), "the answer is lost")

		c.Server.Linger = 30 * sim.Second
		o = outcomeOf(t, c)
		require.Zero(t, o.rst)
		require.Equal(t, uint16(trace.OK), statusOf(o.log, 1))
		require.Equal(t, uint16(trace.OK), statusOf(o.log, 2), "sent again on another connection, TLS %v", v)
	}
}

// A server that lingers only if it knows of more is as quick as one that never does where the rest is still on its way, and
// loses the answer; where some has come while it worked, it saves it.
func TestAServerMayLingerOnlyIfMoreHasCome(t *testing.T) {
	c := uploadBehind(30 * sim.Second)
	c.Server.LingerAlways = false
	require.Equal(t, uint16(trace.Reset), statusOf(outcomeOf(t, c).log, 1))
	c.Server.Time = 20 * sim.Millisecond
	require.Equal(t, uint16(trace.OK), statusOf(outcomeOf(t, c).log, 1))
}

func statusOf(log *trace.Log, req uint32) uint16 {
	for _, r := range log.Records {
		if r.Kind == trace.RequestDone && r.Req == req {
			return r.Flags
		}
	}
	return 99
}

func TestAServerLingersNoLongerThanItSaid(t *testing.T) {
	c := uploadBehind(2 * sim.Second)
	c.Link.Up = 1_000_000 // the upload takes 4 s
	o := outcomeOf(t, c)
	require.Equal(t, uint16(trace.OK), statusOf(o.log, 1))
	over := times(o.log, trace.TimerFired, trace.TimerLinger)
	require.NotEmpty(t, over)
	require.Equal(t, times(o.log, trace.ServerWrote, 0)[0]+2*sim.Second, over[0])
	require.Positive(t, o.rst)
}

// While it lingers a connection holds what it held: its worker, for the round trip that the client's FIN takes.
func TestLingeringHoldsTheWorkerUntilTheClientHasClosed(t *testing.T) {
	c := crowd(2, 1)
	c.HTTP.Persistent = false
	c.Server.ThreadPerConnection, c.Server.Workers = true, 1
	without := outcomeOf(t, c)
	c.Server.Linger = 5 * sim.Second
	require.Equal(t, finished(without.log), finished(outcomeOf(t, c).log), "nothing more has come")
	c.Server.LingerAlways = true
	with := outcomeOf(t, c)
	require.Equal(t, 2, with.ok)
	require.Equal(t, finished(without.log)+c.Link.RTT, finished(with.log))
	require.Equal(t, len(times(without.log, trace.Packet, 0)), len(times(with.log, trace.Packet, 0)), "the FIN still rides on the last data")
}

// What was drawn is what the request waited, what the trace says, and the same whichever way connections are used.
func TestARequestWaitsForTheTimeThatWasDrawnForIt(t *testing.T) {
	for kind, mean := range map[model.SpanKind]int64{model.Uniform: 20, model.Exponential: 40} {
		drawn := map[bool]map[uint32]int64{}
		for _, persistent := range []bool{false, true} {
			c := gallery(2000, 100, persistent)
			c.Link.RTT = sim.Millisecond
			c.Server.KeepAliveRequests = 0
			c.Server.Time, c.Server.TimeKind = 40*sim.Millisecond, kind
			c.Workload.Sequence[7].Time, c.Workload.Sequence[7].TimeKind = 5*sim.Millisecond, model.Constant
			got, began, sum := map[uint32]int64{}, map[uint32]sim.Time{}, int64(0)
			for _, r := range outcomeOf(t, c).log.Records {
				switch r.Kind {
				case trace.ServerWaiting:
					began[r.Req] = r.At
				case trace.ServerWrote:
					require.EqualValues(t, r.At-began[r.Req], r.B)
					got[r.Req] = r.B
					sum += r.B
				}
			}
			require.EqualValues(t, 5*sim.Millisecond, got[8])
			require.InEpsilon(t, mean*int64(sim.Millisecond), sum/2000, 0.06, fmt.Sprint(kind))
			drawn[persistent] = got
		}
		require.Equal(t, drawn[false], drawn[true])
	}
}

// A slow sender holds a worker of a thread server until the time for its head is over, and only a slot of an event server.
func TestASlowSenderHoldsAWorkerOnlyWhereConnectionsHoldWorkers(t *testing.T) {
	slow := model.Item{Path: "/slow", Method: "POST", Size: 100, Time: -1, Trickle: model.Trickle{Parts: 10, Every: 10 * sim.Second}}
	quick := model.Item{Path: "/", Method: "GET", Size: 100, Time: -1}
	for _, threads := range []bool{true, false} {
		c := gallery(0, 0, true)
		c.TLS = tls.Config{Version: tls.V13, Certificate: 3000}
		c.Client.Count = 3
		c.Server.ThreadPerConnection, c.Server.Workers, c.Server.HeaderTimeout = threads, 2, 85*sim.Second // the last part comes after 90 s
		c.Workload = model.Workload{Arrivals: &model.Arrivals{Shape: model.Listed, At: []sim.Time{0, 0, sim.Second},
			Mix: []model.Class{{Weight: 1, Item: slow}}}}
		require.Equal(t, 3, outcomeOf(t, c).failed, "all are slow, and none is waited for")

		c.Workload = model.Workload{Page: []model.Item{slow, slow, quick}}
		c.Client.Count = 1
		o := outcomeOf(t, c)
		late := ended(o.log, 3) >= 85*sim.Second
		require.Equal(t, threads, late)
		require.Len(t, times(o.log, trace.TimerFired, trace.TimerHeader), 2)
	}
}

// ended is when a request ended.
func ended(log *trace.Log, req uint32) sim.Time {
	for _, r := range log.Records {
		if r.Kind == trace.RequestDone && r.Req == req {
			return r.At
		}
	}
	return sim.Never
}

// A server that keeps connections for a day has a timer in the queue that nobody waits for.
func TestTimersThatNobodyWaitsForDoNotHoldARunUp(t *testing.T) {
	c := gallery(2, 1000, true)
	c.Server.KeepAliveTimeout = 24 * sim.Hour
	require.NoError(t, model.New(c, nil).Run())
	c.Workload.Sequence[1].Gap = 25 * sim.Hour
	require.Error(t, model.New(c, nil).Run(), "this one still wants something when the day is over")
}
