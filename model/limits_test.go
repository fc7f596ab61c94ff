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

// crowd is n clients that each fetch a thing so many times, a second apart, on a kept connection; all begin together.
func crowd(n, times int) model.Config {
	c := gallery(times, 1000, true)
	for i := range c.Workload.Sequence {
		c.Workload.Sequence[i].Gap = sim.Second
	}
	c.Client.Count = n
	c.Link.Down, c.Link.Up = 0, 0
	return c
}

// outcome is what a run came to.
type outcome struct {
	log    *trace.Log
	limits []model.LimitReached
	ok     int
	failed int
	rst    int // sent by the server
	fin    int
}

func outcomeOf(t *testing.T, c model.Config) outcome {
	o := outcome{log: &trace.Log{}}
	w := model.New(c, o.log)
	require.NoError(t, w.Run())
	o.limits = w.LimitsReached()
	for _, r := range o.log.Records {
		switch {
		case r.Kind == trace.RequestDone && trace.Status(r.Flags) == trace.OK:
			o.ok++
		case r.Kind == trace.RequestDone:
			o.failed++
		case r.Kind == trace.Segment && trace.IsServer(r.Actor) && r.Flags&trace.RST != 0:
			o.rst++
		case r.Kind == trace.Segment && trace.IsServer(r.Actor) && r.Flags&trace.FIN != 0:
			o.fin++
		}
	}
	return o
}

// named is the entry of a limit.
func named(t *testing.T, limits []model.LimitReached, name string) model.LimitReached {
	for _, l := range limits {
		if l.Limit == name {
			return l
		}
	}
	require.Fail(t, "not reached", name)
	return model.LimitReached{}
}

func TestALimitThatIsNotMetIsNotReported(t *testing.T) {
	c := crowd(8, 2)
	c.Server.MaxConnections, c.Server.FileDescriptors, c.Server.Memory = 8, 10, 8*20480
	require.Empty(t, outcomeOf(t, c).limits)
}

// Node accepts and closes at once: the client reads a FIN, and its request, under way by then, comes back as a RST.
func TestAServerThatResetsAtItsLimitSendsAFINAndThenARST(t *testing.T) {
	c := crowd(10, 1)
	c.Server.MaxConnections, c.Server.AtLimit = 4, model.Refuse
	o := outcomeOf(t, c)
	require.Equal(t, 4, o.ok)
	require.Equal(t, 6, named(t, o.limits, "max_connections").Times)
	require.Equal(t, c.Link.RTT+c.Link.RTT/2, named(t, o.limits, "max_connections").First)
	require.Equal(t, 10, o.fin)
	require.GreaterOrEqual(t, o.rst, 6)

	c.Server.Workers, c.Server.CPUs, c.Server.CPU.Accept, c.Server.MaxConnections = 1, 1, 10*sim.Millisecond, 1
	c.Server.ThreadPerConnection = true
	require.Equal(t, 10, outcomeOf(t, c).ok, "they wait for the worker first")
}

func TestConnectionsWaitForADescriptorUntilAcceptIsTriedAgain(t *testing.T) {
	c := crowd(6, 2)
	c.Server.FileDescriptors = 4 // and one of them is the listening socket's
	o := outcomeOf(t, c)
	require.Equal(t, 6*2, o.ok)
	l := named(t, o.limits, "file_descriptors")
	arrived := c.Link.RTT + c.Link.RTT/2
	require.Equal(t, arrived, l.First)
	// The first three leave after their second answer, 1.2 s after their first; accept is tried every 500 ms.
	require.Equal(t, 3, l.Times)
	for _, r := range o.log.Records {
		if r.Kind == trace.ServerConns {
			require.LessOrEqual(t, trace.Lo(r.A), 3)
			if trace.Hi(r.A) == 0 && r.At > arrived {
				require.Equal(t, arrived+1500*sim.Millisecond, r.At, "the queue is empty again")
				break
			}
		}
	}
}

func TestMemoryIsTheSumOfConnectionsSessionsAndWorkers(t *testing.T) {
	for _, encrypted := range []bool{false, true} {
		for _, threads := range []bool{false, true} {
			c := crowd(5, 2)
			c.Server.ThreadPerConnection, c.Server.Workers = threads, 7
			c.Server.MemoryPerConnection, c.Server.MemoryPerTLS, c.Server.MemoryPerWorker = 1000, 300, 20_000
			want := int64(5*1000 + 7*20_000)
			if encrypted {
				c.TLS = tls.Config{Version: tls.V13, Certificate: 3000}
				want += 5 * 300
			}
			peak, first := int64(0), int64(-1)
			for _, r := range outcomeOf(t, c).log.Records {
				if r.Kind == trace.ServerMemory {
					peak = max(peak, r.A)
					if first < 0 {
						first = r.A
					}
				}
			}
			require.Equal(t, want, peak, fmt.Sprint(encrypted, threads))
			require.EqualValues(t, 7*20_000, first, "workers exist from the start")
		}
	}
}

func TestAConnectionWithoutMemoryIsResetWhenItIsAccepted(t *testing.T) {
	c := crowd(9, 1)
	c.Server.MemoryPerConnection, c.Server.MemoryPerWorker, c.Server.Workers = 1000, 10_000, 2
	c.Server.Memory = 20_000 + 5*1000 + 999
	o := outcomeOf(t, c)
	require.Equal(t, 5, o.ok)
	require.Equal(t, 4, named(t, o.limits, "memory").Times)
	require.Equal(t, 5, o.fin, "of those that were served")
	for _, r := range o.log.Records {
		if r.Kind == trace.ServerMemory {
			require.LessOrEqual(t, r.A, int64(c.Server.Memory))
		}
	}
}

// nginx closes an eighth of the idle connections, longest idle first, when a sixteenth is free.
func TestRoomIsMadeByClosingThoseIdleLongest(t *testing.T) {
	c := visitors(1, 120*sim.Second)
	c.Server.MaxConnections, c.Server.AtLimit, c.Server.KeepAliveTimeout = 32, model.CloseIdle, sim.Hour
	var closed, idle []uint32
	for _, r := range outcomeOf(t, c).log.Records {
		switch r.Kind {
		case trace.ServerWrote:
			idle = append(idle, r.Conn)
		case trace.ServerLimit:
			require.EqualValues(t, 1, r.A)
			closed = append(closed, r.Conn)
		}
	}
	require.Equal(t, idle[:len(closed)], closed)
	// 30 are open when the next comes and two are free: 30/8 = 3 make room, again and again.
	require.InDelta(t, len(idle)-30, len(closed), 3)
}

func TestWithoutAnIdleConnectionTheNewOneIsClosed(t *testing.T) {
	c := crowd(5, 1)
	c.Server.MaxConnections, c.Server.AtLimit, c.Server.Time = 3, model.CloseIdle, 10*sim.Second
	o := outcomeOf(t, c)
	require.Equal(t, 2, named(t, o.limits, "max_connections").Times)
	require.Equal(t, 3, o.ok)
}

// A worker per request: kept connections hold none, so that few workers serve many visitors.
func TestAnIdleConnectionHoldsNoWorkerWhereRequestsHoldThem(t *testing.T) {
	c := crowd(40, 2)
	c.Server.ThreadPerRequest, c.Server.Workers, c.Server.Time = true, 4, 20*sim.Millisecond
	o := outcomeOf(t, c)
	require.Equal(t, 80, o.ok)
	require.Equal(t, 36, named(t, o.limits, "workers").Times, "all but four wait; the second time they come by fours")
	most := 0
	for _, r := range o.log.Records {
		if r.Kind == trace.ServerLoad {
			most = max(most, trace.Hi(r.A))
			require.LessOrEqual(t, trace.Hi(r.A), 4)
		}
	}
	require.Equal(t, 4, most)
	require.Equal(t, 2*c.Link.RTT+10*c.Server.Time+sim.Second+c.Link.RTT+c.Server.Time, finished(o.log))

	c.Server.ThreadPerRequest, c.Server.ThreadPerConnection = false, true
	require.Greater(t, finished(outcomeOf(t, c).log), 10*sim.Second, "where connections hold them, visitors wait for visitors")
}

// The kernel holds what waits in the accept queue, and the trace says so before the program has looked at it.
func TestConnectionsInTheAcceptQueueTakeMemory(t *testing.T) {
	c := crowd(3, 1)
	c.Server.ThreadPerConnection, c.Server.Workers = true, 1
	log := outcomeOf(t, c).log
	first := c.Link.RTT + c.Link.RTT/2
	var held int64
	for _, r := range log.Records {
		if r.Kind == trace.ServerMemory && r.At == first {
			held = r.A
		}
	}
	require.Equal(t, int64(3*20480), held)
}

// Two descriptors that become free at the instant of a try lead to one, not to another beside the rhythm of 500 ms.
func TestDescriptorsFreedTogetherLeadToOneTry(t *testing.T) {
	c := crowd(6, 1)
	c.Server.FileDescriptors, c.Server.KeepAliveTimeout, c.Client.Stays = 3, acceptPause, 10*sim.Second
	o := outcomeOf(t, c)
	l := named(t, o.limits, "file_descriptors")
	require.Equal(t, 2, l.Times, "of three pairs the second and the third had to wait")
	for _, r := range o.log.Records {
		if r.Kind == trace.ServerConns && trace.Hi(r.A) == 0 && r.At > l.First {
			require.Equal(t, l.First+2*acceptPause, r.At)
			return
		}
	}
	require.Fail(t, "the queue never was empty")
}

const acceptPause = 500 * sim.Millisecond
