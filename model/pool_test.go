package model_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// get is a request without anything to it.
func get(path string, gap sim.Time) model.Item {
	return model.Item{Path: path, Method: "GET", Size: 1000, Time: -1, Gap: gap}
}

// instant is a path on which nothing takes time but the distance.
func instant(items ...model.Item) model.Config {
	c := gallery(0, 0, true)
	c.Link.Down, c.Link.Up = 0, 0
	c.Workload.Sequence = items
	return c
}

// visits is a page of two requests at once, and then one more after each pause.
func visits(pauses ...sim.Time) model.Config {
	c := instant()
	c.Workload.Sequence = nil
	c.Workload.Page = []model.Item{get("/a", 0), get("/b", 0)}
	last := []int{0, 1}
	for i, pause := range pauses {
		wait := get(fmt.Sprint("/wait", i), 0) // the pause is a request to another host that takes so long
		wait.Host, wait.Time, wait.After = "clock", pause, last
		next := get(fmt.Sprint("/", i), 0)
		next.After = []int{len(c.Workload.Page)}
		c.Workload.Page = append(c.Workload.Page, wait, next)
		last = []int{len(c.Workload.Page) - 1}
	}
	return c
}

// lastBound is the connection that each request had last.
func lastBound(log *trace.Log) map[string]uint32 {
	conns := map[string]uint32{}
	for _, r := range log.Records {
		if r.Kind == trace.RequestBound {
			conns[log.Header.Requests[r.Req-1].Path] = r.Conn
		}
	}
	return conns
}

// counted is how many records of a kind fulfil a condition.
func counted(log *trace.Log, kind trace.Kind, when func(trace.Record) bool) int {
	n := 0
	for _, r := range log.Records {
		if r.Kind == kind && when(r) {
			n++
		}
	}
	return n
}

func always(trace.Record) bool { return true }

func TestTheConnectionUsedLastIsUsedAgainOrTheOneIdleForLongest(t *testing.T) {
	c := visits(sim.Second, sim.Second, sim.Second)
	conns := lastBound(run(t, c))
	require.Equal(t, []uint32{conns["/b"], conns["/b"], conns["/b"]}, []uint32{conns["/0"], conns["/1"], conns["/2"]}, "most recent")
	c.Client.LeastRecent = true
	conns = lastBound(run(t, c))
	require.Equal(t, []uint32{conns["/a"], conns["/b"], conns["/a"]}, []uint32{conns["/0"], conns["/1"], conns["/2"]}, "least recent")
}

// Of two requests one gets the connection that is there, and is answered after a round trip. The other's own is of use
// after two: TCP's and that of TLS 1.3.
func TestALateBinderTakesTheFreeConnectionAnEarlyOneWaitsForItsOwn(t *testing.T) {
	c := instant()
	c.Workload.Sequence = nil
	warm, a, b := get("/warm", 0), get("/a", 0), get("/b", 0)
	a.After, b.After = []int{0}, []int{0}
	c.Workload.Page = []model.Item{warm, a, b}
	c.TLS.Version = tls.V13
	late := run(t, c)
	require.Equal(t, lastBound(late)["/a"], lastBound(late)["/b"])
	c.Client.Early = true
	early := run(t, c)
	require.NotEqual(t, lastBound(early)["/a"], lastBound(early)["/b"])
	require.Greater(t, finished(early), finished(late))
}

func TestAnIdleConnectionToAnotherHostMakesRoomForOneMore(t *testing.T) {
	c := instant(get("/1", 0), get("/2", sim.Second))
	c.Workload.Sequence[1].Host = "other"
	c.Client.MaxConnections = 1
	log := run(t, c)
	closed, opened := sim.Time(0), sim.Time(0)
	for _, r := range log.Records {
		switch {
		case r.Kind == trace.ConnState && r.Conn == 1 && !trace.IsServer(r.Actor) && tcp.State(r.B) == tcp.FinWait1:
			closed = r.At
		case r.Kind == trace.ConnState && r.Conn == 2 && !trace.IsServer(r.Actor) && tcp.State(r.B) == tcp.SynSent:
			opened = r.At
		}
	}
	require.Equal(t, 1200*sim.Millisecond, opened, "two round trips and the gap")
	require.Equal(t, opened, closed)
}

// Three hosts with two requests each, and one connection in all: a host keeps it while it has requests, three round trips
// with the handshake. Then the next closes it to make room.
func TestHostsWithoutRoomWaitForEachOther(t *testing.T) {
	c := instant()
	c.Workload.Sequence = nil
	for i := range 6 {
		item := get(fmt.Sprint("/", i), 0)
		item.Host = fmt.Sprint("host", i%3)
		c.Workload.Page = append(c.Workload.Page, item)
	}
	c.Client.MaxConnections = 1
	log := run(t, c)
	require.Equal(t, 6, counted(log, trace.RequestDone, func(r trace.Record) bool { return r.Flags == uint16(trace.OK) }))
	require.Equal(t, 3*3*c.Link.RTT, finished(log))
}

func TestOneIdleConnectionTooManyInAllClosesTheOneIdleForLongest(t *testing.T) {
	c := instant(get("/1", 0), get("/2", sim.Second), get("/3", sim.Second))
	for i := range c.Workload.Sequence {
		c.Workload.Sequence[i].Host = fmt.Sprint("host", i)
	}
	c.Client.MaxIdleTotal = 2
	log := run(t, c)
	var first trace.Record
	for _, r := range log.Records {
		if r.Kind == trace.ConnState && !trace.IsServer(r.Actor) && tcp.State(r.B) == tcp.FinWait1 && first.At == 0 {
			first = r
		}
	}
	require.Equal(t, uint32(1), first.Conn)
	require.Equal(t, finished(log), first.At, "when the third became idle")
}

// A request each second, and no connection older than 2.5 s: each carries three.
func TestAnOldConnectionIsNotUsedAgain(t *testing.T) {
	items := []model.Item{get("/0", 0)}
	for i := range 8 {
		items = append(items, get(fmt.Sprint("/", i+1), 900*sim.Millisecond))
	}
	c := instant(items...)
	c.Client.MaxAge = 2500 * sim.Millisecond
	log := run(t, c)
	require.Equal(t, 3, counted(log, trace.RequestBound, func(r trace.Record) bool { return r.Flags&trace.Reused == 0 }))
}

func TestIdleTimeIsWatchedByATimerOrLookedAtWhenARequestComes(t *testing.T) {
	c := instant(get("/1", 0), get("/2", 10*sim.Second))
	c.Client.IdleTimeout = 3 * sim.Second
	closed := func() (at sim.Time) {
		for _, r := range run(t, c).Records {
			if r.Kind == trace.ConnState && r.Conn == 1 && !trace.IsServer(r.Actor) && tcp.State(r.B) == tcp.FinWait1 {
				return r.At
			}
		}
		return 0
	}
	answered := 2 * c.Link.RTT
	require.Equal(t, answered+3*sim.Second, closed())
	c.Client.IdleOnRequest = true
	require.Equal(t, answered+10*sim.Second, closed())
}

// A pool that keeps one closes the other one at once, and the one that it keeps when its time has come.
func TestWhatStaysInAFullPoolStillTimesOut(t *testing.T) {
	c := visits(20 * sim.Second)
	c.Client.MaxIdle, c.Client.IdleTimeout = 1, 3*sim.Second
	log := run(t, c)
	require.Equal(t, 1, counted(log, trace.TimerFired, func(r trace.Record) bool { return r.Flags == trace.TimerClientIdle && r.At < 20*sim.Second }))
}

// Node 24 keeps a connection for the announced time less a second, and not at all if that leaves nothing.
func TestAnAnnouncedTimeoutIsHonouredInWholeSecondsLessTheMargin(t *testing.T) {
	for timeout, want := range map[sim.Time]sim.Time{
		5 * sim.Second:           4 * sim.Second,
		5999 * sim.Millisecond:   4 * sim.Second,
		1900 * sim.Millisecond:   0,
		200 * sim.Second:         100 * sim.Second, // its own is shorter
		101 * sim.Second:         100 * sim.Second,
		100999 * sim.Millisecond: 99 * sim.Second,
	} {
		c := instant(get("/1", 0), get("/2", 300*sim.Second))
		c.HTTP.KeepAliveHeader = true
		c.Server.KeepAliveTimeout = timeout
		c.Client.IdleTimeout, c.Client.HonourHint, c.Client.HintMargin = 100*sim.Second, true, sim.Second
		var closed sim.Time
		for _, r := range run(t, c).Records {
			if r.Kind == trace.ConnState && r.Conn == 1 && !trace.IsServer(r.Actor) && tcp.State(r.B) == tcp.FinWait1 {
				closed = r.At
			}
		}
		require.Equal(t, 2*c.Link.RTT+want, closed, "announced %v", timeout)
	}
}
