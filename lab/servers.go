package lab

import (
	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// servers keeps the numbers of servers that are alike: of each, and of all at every instant.
type servers struct {
	cfg   *model.ServerConfig
	each  []serverNow
	now   serverNow // the sum
	total Server

	dropped sim.Time // the first by a full queue of the listening socket
}

// serverNow is what a server has at an instant, and has done so far.
type serverNow struct {
	open, workers, waiting int
	memory                 int64
	cpu                    Millis
	row                    ServerRow
}

func (s *servers) init(cfg *model.ServerConfig) {
	s.cfg = cfg
	s.each = make([]serverNow, max(cfg.Count, 1))
	for k := range s.each {
		s.each[k].row.Server = k + 1
	}
}

func (s *servers) record(r *trace.Record) {
	v, t := &s.each[trace.ServerIndex(r.Actor)], &s.total
	old := *v
	switch r.Kind {
	case trace.ServerConns:
		v.open = trace.Lo(r.A)
		switch {
		case s.cfg.ThreadPerRequest:
		case s.cfg.ThreadPerConnection:
			v.workers = v.open
		default:
			v.workers = min(trace.Hi(r.B), s.cfg.Workers)
		}
	case trace.ServerLoad:
		if s.cfg.ThreadPerRequest {
			v.workers = trace.Hi(r.A)
		}
		v.cpu = Millis(r.B)
		v.row.CPU = v.cpu
	case trace.ServerMemory:
		v.memory, v.waiting = r.A, int(r.B)
	case trace.ServerWrote:
		v.row.Requests++
	case trace.ConnState:
		if tcp.State(r.B) == tcp.Established {
			v.row.Connections++
		}
	case trace.BacklogDrop:
		if t.BacklogDrops == 0 {
			s.dropped = r.At
		}
		t.BacklogDrops++
	}
	v.row.PeakConnections = max(v.row.PeakConnections, v.open)
	v.row.PeakMemory = max(v.row.PeakMemory, v.memory)
	n := &s.now
	n.open += v.open - old.open
	n.workers += v.workers - old.workers
	n.waiting += v.waiting - old.waiting
	n.memory += v.memory - old.memory
	t.CPU += v.cpu - old.cpu
	t.PeakConnections = max(t.PeakConnections, n.open)
	t.PeakWorkers = max(t.PeakWorkers, n.workers)
	t.PeakMemory = max(t.PeakMemory, n.memory)
	t.TimeWaitPeak = max(t.TimeWaitPeak, n.waiting)
}

// result is the sum, with the limits that were reached.
func (s *servers) result(reached []model.LimitReached) Server {
	r := s.total
	r.Limits = []Limit{}
	if r.BacklogDrops > 0 {
		r.Limits = append(r.Limits, Limit{Limit: "backlog", First: Millis(s.dropped), Times: r.BacklogDrops})
	}
	for _, l := range reached {
		r.Limits = append(r.Limits, Limit{Limit: l.Limit, First: Millis(l.First), Times: l.Times})
	}
	return r
}

// rows are the servers' one by one, and how much more than its share the busiest answered; nothing for a single one.
func (s *servers) rows() (rows []ServerRow, imbalance float64) {
	if len(s.each) == 1 {
		return nil, 0
	}
	most, all := 0, 0
	for k := range s.each {
		row := s.each[k].row
		rows = append(rows, row)
		most, all = max(most, row.Requests), all+row.Requests
	}
	if all == 0 {
		return rows, 1
	}
	return rows, float64(most*len(rows)) / float64(all)
}

// behind keeps the numbers of a proxy.
type behind struct {
	front servers
	conns int             // open to the servers
	bound map[uint32]bool // by request that has not ended: whether it was sent again
	r     Proxy
}

func newBehind(cfg *model.Config) *behind {
	b := &behind{bound: map[uint32]bool{}, r: Proxy{Failed: map[string]int{}}}
	b.front.init(&cfg.Proxy.Server)
	b.front.each = b.front.each[:1]
	return b
}

// onBehind counts what happens between a proxy and its servers.
func (m *metrics) onBehind(r *trace.Record) {
	b := m.behind
	switch r.Kind {
	case trace.Packet:
		b.r.Packets.packet(&b.r.Bytes, r)
	case trace.Segment:
		b.r.Packets.segment(&b.r.Bytes, r)
		if opens(r) {
			b.r.Connections.Opened++
		}
	case trace.ConnState:
		if trace.IsServer(r.Actor) {
			m.servers.record(r)
			return
		}
		b.conns += begun(r)
		b.r.Connections.Peak = max(b.r.Connections.Peak, b.conns)
	case trace.PoolSize:
		b.r.Connections.TimeWaitPeak = max(b.r.Connections.TimeWaitPeak, trace.Lo(r.B))
	case trace.ServerConns, trace.ServerLoad, trace.ServerMemory, trace.BacklogDrop, trace.ServerWrote:
		m.servers.record(r)
	default:
		b.onRequest(r)
	}
}

func (b *behind) onRequest(r *trace.Record) {
	switch r.Kind {
	case trace.RequestWanted:
		b.r.Requests++
	case trace.RequestBound:
		if r.Flags&trace.Reused != 0 {
			b.r.Connections.Reused++
		}
		again, known := b.bound[r.Req]
		if known && !again {
			b.r.Retried++
		}
		b.bound[r.Req] = known
	case trace.RequestStale:
		b.r.Stale++
	case trace.RequestDone:
		delete(b.bound, r.Req)
		switch s := trace.Status(r.Flags); s {
		case trace.OK:
		case trace.Timeout:
			b.r.Failed[trace.GatewayTimeout.String()]++
		default:
			b.r.Failed[trace.BadGateway.String()]++
		}
	}
}

func (b *behind) result(reached []model.LimitReached) *Proxy {
	b.r.Server = b.front.result(reached)
	return &b.r
}
