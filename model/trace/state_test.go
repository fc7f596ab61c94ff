package trace_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// page is a page of 120 objects over six connections and a short queue: thousands of records, some of packets that
// were dropped.
func page(t require.TestingT) *trace.Log { return run(t, pageConfig()) }

func pageConfig() model.Config {
	c := model.Config{
		Scenario: "page", Variant: "persistent", Seed: 1, Timer: 1,
		Link: model.LinkConfig{RTT: 40 * sim.Millisecond, Down: 10_000_000, Up: 10_000_000, Queue: model.Queue{Packets: 12}, Shared: true},
		TCP:  tcp.Config{InitialWindow: 10, MSS: 1448, Header: 52, SYNHeader: 60, SlowStartAfterIdle: true},
		HTTP: model.HTTPConfig{Minor: 1, Persistent: true, RequestHeaders: 400, ResponseHeaders: 250},
		Client: model.ClientConfig{Count: 1, ConnectionsPerHost: 6, MaxIdle: 6, IdleTimeout: 300 * sim.Second, Ports: 28232,
			TimeWait: sim.Minute, Retry: model.RetryIdempotent, Retries: 1},
		Server: model.ServerConfig{Workers: 4, CPUs: 2, Backlog: 511, MaxConnections: 1024, KeepAliveTimeout: 75 * sim.Second,
			KeepAliveRequests: 1000, MemoryPerConnection: 20480},
	}
	c.Workload.Page = []model.Item{{Path: "/", Method: "GET", Size: 20_000, Time: -1}}
	for i := range 119 {
		c.Workload.Page = append(c.Workload.Page, model.Item{Path: fmt.Sprintf("/img/%d", i+1), Method: "GET", Size: 30_000, Time: -1, After: []int{0}})
	}
	return c
}

func run(t require.TestingT, c model.Config) *trace.Log {
	l := &trace.Log{}
	w := model.New(c, l)
	require.NoError(t, w.Run())
	l.Header = w.Header()
	l.Header.Missing = sim.Never
	return l
}

// anyLog is a log of records that no model would write, but that Decode accepts.
func anyLog(t *rapid.T) *trace.Log {
	const requests, clients, servers = 5, 3, 3
	l := &trace.Log{Records: []trace.Record{}, Header: trace.Header{Format: 1, Scenario: "any", Missing: sim.Never, Clients: clients, Servers: servers,
		MSS: 1448, Requests: make([]trace.Name, requests), Behind: &trace.BehindHeader{Servers: servers}}}
	at := sim.Time(0)
	for range rapid.IntRange(0, 200).Draw(t, "records") {
		at += sim.Time(rapid.IntRange(0, 3).Draw(t, "later"))
		r := trace.Record{
			At: at, Kind: trace.Kind(rapid.IntRange(1, int(trace.Stopped)).Draw(t, "kind")),
			Flags: rapid.Uint16().Draw(t, "flags"), Actor: uint32(rapid.IntRange(0, clients).Draw(t, "actor")),
			Conn: uint32(rapid.IntRange(0, 4).Draw(t, "conn")), Req: uint32(rapid.IntRange(0, requests).Draw(t, "req")),
			Pkt: rapid.Uint32().Draw(t, "pkt"), Len: rapid.Uint32().Draw(t, "len"),
			A: rapid.Int64().Draw(t, "a"), B: rapid.Int64().Draw(t, "b"),
		}
		if rapid.Bool().Draw(t, "server") {
			r.Actor = trace.Server(rapid.IntRange(0, servers-1).Draw(t, "server's number"))
		}
		if rapid.IntRange(0, 3).Draw(t, "behind") == 0 {
			behind(&r)
		}
		if r.Kind == trace.Packet {
			r.A = int64(at) + int64(rapid.IntRange(0, 9).Draw(t, "queued"))
			r.B = r.A + int64(rapid.IntRange(0, 9).Draw(t, "way"))
		}
		l.Records = append(l.Records, r)
	}
	return l
}

// behind makes r a record of what is behind a proxy.
func behind(r *trace.Record) {
	if r.Actor |= trace.Behind; !trace.IsServer(r.Actor) {
		r.Actor = trace.Proxy
	}
	if r.Conn != 0 {
		r.Conn |= trace.Behind
	}
	if r.Req != 0 {
		r.Req |= trace.Behind
	}
}

// fresh folds the records up to t from the beginning.
func fresh(l *trace.Log, t sim.Time) *trace.State {
	s := &trace.State{}
	for i := range l.Records {
		if l.Records[i].At <= t {
			s.Apply(&l.Records[i])
		}
	}
	return s
}

// same compares states without telling an empty list from none.
func same(t require.TestingT, want, got *trace.State) {
	var a, b trace.State
	a.Copy(want)
	b.Copy(got)
	require.Equal(t, fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b))
}

func TestSeekingAnywhereEqualsAFoldFromTheBeginning(t *testing.T) {
	l := page(t)
	require.Greater(t, len(l.Records), 2*4096, "the log must hold several keyframes")
	x := l.Index()
	rapid.Check(t, func(t *rapid.T) {
		var s trace.State
		for range 5 {
			at := sim.Time(rapid.Int64Range(-1, int64(l.Header.Ended)+1).Draw(t, "at"))
			x.Seek(&s, at)
			same(t, fresh(l, at), &s)
		}
	})
}

func TestSeekingAlsoHoldsForRecordsThatNoModelWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		at := sim.Time(rapid.IntRange(-1, 700).Draw(t, "at"))
		same(t, fresh(l, at), l.Index().StateAt(at))
	})
}

func TestInFlightFindsWhatALookAtEveryRecordFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		at := sim.Time(rapid.IntRange(0, 700).Draw(t, "at"))
		linger := sim.Time(rapid.IntRange(0, 20).Draw(t, "linger"))
		down, behind := rapid.Bool().Draw(t, "down"), rapid.Bool().Draw(t, "behind")
		var want, got []uint32
		for _, r := range l.Records {
			fell := r.IsDropped() && r.End() > at-linger
			if r.Kind == trace.Packet && r.IsBehind() == behind && r.IsDown() == down && r.At <= at && (r.End() > at || fell) {
				want = append(want, r.Pkt)
			}
		}
		find := l.Index().InFlight
		if behind {
			find = l.Index().InFlightBehind
		}
		for _, f := range find(down, at, linger, nil) {
			got = append(got, f.Pkt)
		}
		require.Equal(t, want, got)
	})
}

func TestDuringFindsEveryPacketThatWaitsFliesOrFallsBetweenTwoTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		from := sim.Time(rapid.IntRange(0, 700).Draw(t, "from"))
		to := from + sim.Time(rapid.IntRange(0, 100).Draw(t, "span"))
		down := rapid.Bool().Draw(t, "down")
		var want, got []uint32
		for _, r := range l.Records {
			if r.Kind == trace.Packet && !r.IsBehind() && r.IsDown() == down && r.At <= to && r.End() >= from {
				want = append(want, r.Pkt)
			}
		}
		for _, f := range l.Index().During(down, from, to, nil) {
			got = append(got, f.Pkt)
		}
		require.Equal(t, want, got)
	})
}

func TestSparseLeavesOutWhatLooksLikeThePacketBeforeIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		l.Header.Shared = true
		x := l.Index()
		from := sim.Time(rapid.IntRange(0, 700).Draw(t, "from"))
		to := from + sim.Time(rapid.IntRange(0, 700).Draw(t, "span"))
		gap := sim.Time(rapid.IntRange(0, 200).Draw(t, "gap"))
		all, k := x.During(true, from, to, nil), 0
		for _, f := range x.Sparse(true, from, to, gap, nil) {
			for k < len(all) && all[k].Pkt != f.Pkt {
				k++
			}
			require.Less(t, k, len(all), "it is one of During")
			for _, out := range all[k+1 : min(k+1+f.More, len(all))] {
				require.False(t, out.IsDropped() || out.Segment == nil || out.Segment.Flags&(trace.SYN|trace.FIN|trace.RST|trace.Retransmitted) != 0)
				require.Equal(t, f.Segment.Len > 0, out.Segment.Len > 0)
			}
			k++
		}
	})
	l := page(t)
	x := l.Index()
	most, least := len(x.During(true, 0, sim.Never, nil)), len(x.Sparse(true, 0, sim.Never, 20*sim.Millisecond, nil))
	require.Less(t, 2*least, most, "most arrive soon after another")
	left := 0
	for _, f := range x.Sparse(true, 0, sim.Never, 20*sim.Millisecond, nil) {
		left += f.More
	}
	require.Equal(t, most, least+left)
}

func TestAtTheEndEverythingIsDoneClosedAndReceived(t *testing.T) {
	l := page(t)
	x := l.Index()
	s := x.Final()
	require.Empty(t, s.Requests)
	require.Empty(t, s.Conns)
	require.Equal(t, 120, s.Counters.Done)
	require.Zero(t, s.Counters.Failed)
	require.Equal(t, 6, s.Counters.Opened)
	require.Positive(t, s.Counters.Dropped)
	require.Positive(t, s.Counters.Retransmitted)
	require.True(t, s.Ended(120))
	require.False(t, s.Ended(121))
	for r, name := range l.Header.Requests {
		require.GreaterOrEqual(t, x.Received(uint32(r+1), sim.Never-1), name.Size+250, name.Path)
	}
	require.Zero(t, x.Received(1, 0))
}

func TestAConnectionGoesFromOpeningToBusyToIdle(t *testing.T) {
	l := page(t)
	var s trace.State
	var seen []trace.ConnPhase
	for i := range l.Records {
		s.Apply(&l.Records[i])
		if c := s.Conn(1); c != nil && (len(seen) == 0 || seen[len(seen)-1] != c.Phase()) {
			seen = append(seen, c.Phase())
		}
	}
	require.Equal(t, []trace.ConnPhase{trace.ConnOpening, trace.ConnIdle, trace.ConnBusy, trace.ConnIdle}, seen[:4])
	require.Equal(t, trace.ConnClosing, seen[len(seen)-1])
}

func TestTheFoldNumbersStatesAsTCPDoes(t *testing.T) {
	fold := func(state tcp.State) trace.ConnPhase {
		var s trace.State
		s.Apply(&trace.Record{Kind: trace.ConnState, Actor: 1, Conn: 1, B: int64(state)})
		s.Apply(&trace.Record{Kind: trace.ConnState, Actor: trace.Server(0), Conn: 1, B: int64(tcp.Established)})
		return s.Conn(1).Phase()
	}
	require.Equal(t, trace.ConnOpening, fold(tcp.SynSent))
	require.Equal(t, trace.ConnIdle, fold(tcp.Established))
	require.Equal(t, trace.ConnClosing, fold(tcp.FinWait2))
	var s trace.State
	s.Apply(&trace.Record{Kind: trace.ConnState, Actor: 1, Conn: 1, B: int64(tcp.Established)})
	s.Apply(&trace.Record{Kind: trace.ConnState, Actor: 1, Conn: 1, B: int64(tcp.TimeWait)})
	require.Empty(t, s.Conns, "TIME-WAIT is a closed end")
}

func TestPlayingForwardAllocatesNothing(t *testing.T) {
	l := page(t)
	x := l.Index()
	var s trace.State
	var flights []trace.Flight
	at := sim.Time(0)
	step := func() {
		if at += sim.Millisecond; at > l.Header.Ended {
			at = 0
		}
		x.Seek(&s, at)
		flights = x.InFlight(true, at, sim.Millisecond, flights[:0])
	}
	for range 6000 {
		step()
	}
	require.Zero(t, testing.AllocsPerRun(2000, step))
}

func TestWhatIsBehindAProxyIsKeptApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		front := &trace.Log{Header: l.Header}
		for _, r := range l.Records {
			if !r.IsBehind() {
				front.Records = append(front.Records, r)
			}
		}
		a, b := *l.Index().Final(), *front.Index().Final()
		require.Equal(t, b.Counters, a.Counters)
		require.Equal(t, b.Server, a.Server)
		require.Equal(t, b.Requests, a.Requests)
		require.Equal(t, b.Conns, a.Conns)
		require.Equal(t, b.Pools, a.Pools)
		require.Zero(t, b.Behind)
	})
}

func TestRecordsThatCannotBeAreRefused(t *testing.T) {
	header := trace.Header{Format: 1, Missing: sim.Never, Clients: 2, Servers: 2, Requests: make([]trace.Name, 1)}
	proxied := header
	proxied.Behind = &trace.BehindHeader{Servers: 2}
	for want, c := range map[string]struct {
		h trace.Header
		r trace.Record
	}{
		"behind a proxy, but there is none": {header, trace.Record{Actor: trace.Proxy}},
		"server 2, but the header counts 2": {header, trace.Record{Actor: trace.Server(2)}},
		"server 5, but the header counts 2": {proxied, trace.Record{Actor: trace.Behind | trace.Server(5)}},
		"which is the only one there":       {proxied, trace.Record{Actor: trace.Behind | 7}},
		"with request 1":                    {proxied, trace.Record{Actor: trace.Proxy, Req: 1}},
		"but the header names 1":            {proxied, trace.Record{Actor: 1, Req: trace.Behind | 1}},
	} {
		c.r.Kind = trace.RequestSent
		l := &trace.Log{Header: c.h, Records: []trace.Record{c.r}}
		_, err := trace.Decode(encoded(t, l))
		require.ErrorContains(t, err, want)
	}
}

func TestAConnectionIsIdleForAsLongAsItsTimersRun(t *testing.T) {
	for _, keeps := range []struct {
		server, client, hinted, first sim.Time
		timer                         uint16
	}{
		{5 * sim.Second, 300 * sim.Second, 0, 5 * sim.Second, trace.TimerServerIdle},
		{5 * sim.Second, 2 * sim.Second, 0, 2 * sim.Second, trace.TimerClientIdle},
		{5 * sim.Second, 300 * sim.Second, 4 * sim.Second, 4 * sim.Second, trace.TimerClientIdle},
	} {
		c := pageConfig()
		c.Workload.Page = nil
		for range 3 {
			c.Workload.Sequence = append(c.Workload.Sequence, model.Item{Path: "/", Method: "GET", Size: 20_000, Time: -1, Gap: 20 * sim.Second})
		}
		c.Server.KeepAliveTimeout, c.Client.IdleTimeout = keeps.server, keeps.client
		c.Client.HonourHint, c.Client.HintMargin, c.HTTP.KeepAliveHeader = keeps.hinted != 0, sim.Second, true
		l := run(t, c)
		require.Equal(t, keeps.hinted, l.Header.HintedTimeout)
		var s trace.State
		timers := 0
		for i := range l.Records {
			r := &l.Records[i]
			if c := s.Conn(r.Conn); r.Kind == trace.TimerFired && r.Flags == keeps.timer && c != nil {
				since := c.ServerIdle
				if !trace.IsServer(r.Actor) {
					since = c.ClientIdle
				}
				require.Equal(t, r.At, since+keeps.first)
				timers++
			}
			s.Apply(r)
		}
		require.Positive(t, timers)
	}
}

func TestWhatACarriedRequestLeavesIsAnIdleConnection(t *testing.T) {
	l := page(t)
	var s trace.State
	for i := range l.Records {
		s.Apply(&l.Records[i])
		carried := map[uint32]uint32{}
		for _, q := range s.Requests {
			if q.Conn != 0 {
				carried[q.Conn]++
			}
		}
		for _, c := range s.Conns {
			require.Equal(t, carried[c.ID], c.Carries)
			require.Equal(t, c.Carries == 0 && c.ClientTCP != 2 && c.ClientTCP != 0, c.ClientIdle != 0, "%+v", c)
		}
	}
}
