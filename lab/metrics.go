package lab

import (
	"slices"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// metrics is a trace.Sink that keeps a run's numbers while it goes on.
type metrics struct {
	cfg      model.Config
	rows     bool
	open     map[uint32]*marks   // requests that have not ended
	secured  map[uint32]sim.Time // by connection
	requests []Request
	latency  []sim.Time
	conns    int // open at the clients
	waits    map[uint32]int
	waiting  int // TIME_WAIT sockets at all clients
	finished sim.Time
	r        VariantResult
}

// marks are the moments of one request that has not ended.
type marks struct {
	client             uint32
	wanted             sim.Time
	resolve, dns       sim.Time
	began, opened      sim.Time
	secured            sim.Time // TLS was ready; opened without TLS
	bound, sent, first sim.Time
	conn               uint32
	reused, isBound    bool
	hasSent, hasFirst  bool
}

func newMetrics(cfg model.Config, rows bool) *metrics {
	return &metrics{cfg: cfg, rows: rows, open: map[uint32]*marks{}, secured: map[uint32]sim.Time{}, waits: map[uint32]int{}}
}

// Record implements trace.Sink.
func (m *metrics) Record(r *trace.Record) {
	switch r.Kind {
	case trace.Packet:
		m.onPacket(r)
	case trace.Segment:
		m.onSegment(r)
	case trace.ConnState:
		m.onConnState(r)
	case trace.PoolSize:
		m.waiting += trace.Lo(r.B) - m.waits[r.Actor]
		m.waits[r.Actor] = trace.Lo(r.B)
		m.r.Connections.TimeWaitPeak = max(m.r.Connections.TimeWaitPeak, m.waiting)
	case trace.ServerConns:
		m.r.Server.PeakConnections = max(m.r.Server.PeakConnections, trace.Lo(r.A))
		if !m.cfg.Server.ThreadPerConnection {
			m.r.Server.PeakWorkers = max(m.r.Server.PeakWorkers, min(trace.Hi(r.B), m.cfg.Server.Workers))
		}
	case trace.ServerLoad:
		if m.cfg.Server.ThreadPerConnection {
			m.r.Server.PeakWorkers = max(m.r.Server.PeakWorkers, trace.Hi(r.A))
		}
		m.r.Server.CPU = Millis(r.B)
	case trace.ServerMemory:
		m.r.Server.PeakMemory = max(m.r.Server.PeakMemory, r.A)
		m.r.Server.TimeWaitPeak = max(m.r.Server.TimeWaitPeak, int(r.B))
	case trace.ConnSecured:
		m.secured[r.Conn] = r.At
	case trace.BacklogDrop:
		m.r.Server.BacklogDrops++
	default:
		m.onRequest(r)
	}
}

// RecordAll implements trace.Batch.
func (m *metrics) RecordAll(rs []trace.Record) {
	for i := range rs {
		m.Record(&rs[i])
	}
}

func (m *metrics) onPacket(r *trace.Record) {
	p, b := &m.r.Packets, &m.r.Bytes
	if r.IsDown() {
		p.Down++
		b.Down += int64(r.Len)
	} else {
		p.Up++
		b.Up += int64(r.Len)
	}
	if r.IsDropped() {
		p.Dropped++
	}
}

func (m *metrics) onSegment(r *trace.Record) {
	if trace.IsServer(r.Actor) {
		m.r.Bytes.PayloadDown += int64(r.Len)
	} else {
		m.r.Bytes.PayloadUp += int64(r.Len)
		if r.Flags&trace.SYN != 0 && r.Flags&trace.Retransmitted == 0 {
			m.r.Connections.Opened++
		}
	}
	if r.Flags&trace.Retransmitted != 0 {
		m.r.Packets.Retransmitted++
	}
}

// onConnState counts the clients' connections from the SYN until they are over.
func (m *metrics) onConnState(r *trace.Record) {
	if trace.IsServer(r.Actor) {
		return
	}
	was, is := tcp.State(r.A), tcp.State(r.B)
	live := func(s tcp.State) bool { return s != tcp.Closed && s != tcp.TimeWait }
	switch {
	case !live(was) && live(is):
		m.conns++
		m.r.Connections.Peak = max(m.r.Connections.Peak, m.conns)
	case live(was) && !live(is):
		m.conns--
	}
}

func (m *metrics) onRequest(r *trace.Record) {
	if r.Kind == trace.RequestWanted {
		m.open[r.Req] = &marks{client: r.Actor, wanted: r.At}
		return
	}
	q := m.open[r.Req]
	if q == nil {
		return
	}
	switch r.Kind {
	case trace.RequestResolving:
		q.resolve = r.At
	case trace.RequestResolved:
		q.dns = r.At - q.resolve
	case trace.RequestBound:
		if q.isBound {
			m.r.Requests.Retried++
		}
		*q = marks{client: q.client, wanted: q.wanted, dns: q.dns, began: sim.Time(r.A), opened: sim.Time(r.B), secured: max(m.secured[r.Conn], sim.Time(r.B)),
			bound: r.At, conn: r.Conn, reused: r.Flags&trace.Reused != 0, isBound: true}
		if q.reused {
			m.r.Connections.Reused++
		}
	case trace.RequestSent:
		q.sent, q.hasSent = r.At, true
	case trace.RequestFirstByte:
		q.first, q.hasFirst = r.At, true
	case trace.RequestDone:
		m.onDone(r, q)
	}
}

func (m *metrics) onDone(r *trace.Record, q *marks) {
	delete(m.open, r.Req)
	m.finished = r.At
	status := trace.Status(r.Flags)
	if status == trace.OK {
		m.r.Requests.OK++
		m.latency = append(m.latency, r.At-q.wanted)
	} else {
		m.r.Requests.Failed++
		if status == trace.Refused || status == trace.Timeout {
			m.r.Connections.Refused++
		}
	}
	if m.rows {
		for len(m.requests) < int(r.Req) {
			m.requests = append(m.requests, Request{})
		}
		m.requests[r.Req-1] = q.row(r.At, status)
	}
}

// row turns the moments into phases that add up to end - wanted.
func (q *marks) row(end sim.Time, status trace.Status) Request {
	row := Request{Client: int(q.client), Connection: int(q.conn), Reused: q.reused, Start: Millis(q.wanted), End: Millis(end), Status: status.String()}
	if !q.isBound {
		row.Blocked = Millis(end - q.wanted)
		return row
	}
	left := q.bound - q.wanted
	take := func(d sim.Time) Millis {
		d = min(max(d, 0), left)
		left -= d
		return Millis(d)
	}
	if !q.reused {
		row.Connect = take(q.opened - max(q.began, q.wanted))
		row.TLS = take(q.secured - max(q.opened, q.wanted))
	}
	row.DNS = take(q.dns)
	row.Blocked = Millis(left)
	at := q.bound
	until := func(t sim.Time, known bool) Millis {
		if !known {
			return 0
		}
		d := t - at
		at = t
		return Millis(d)
	}
	row.Send = until(q.sent, q.hasSent)
	row.Wait = until(q.first, q.hasFirst)
	if q.hasFirst {
		row.Receive = until(end, true)
	} else {
		row.Wait += until(end, true)
	}
	return row
}

// result closes the books.
func (m *metrics) result(w *model.World) VariantResult {
	r := m.r
	r.Name = m.cfg.Variant
	r.Finished = Millis(m.finished)
	r.Requests.Total = r.Requests.OK + r.Requests.Failed
	r.Requests.Censored = len(m.open)
	r.Latency = summarise(m.latency)
	if m.rows {
		for id := range m.requests {
			m.requests[id].Path = w.RequestName(uint32(id + 1)).Path
		}
		r.PerRequest = slices.DeleteFunc(m.requests, func(q Request) bool { return q.Status == "" })
	}
	return r
}

// summarise is exact: mean rounded down to the nanosecond, percentiles by nearest rank.
func summarise(l []sim.Time) Latency {
	if len(l) == 0 {
		return Latency{}
	}
	slices.Sort(l)
	var sum sim.Time
	for _, v := range l {
		sum += v
	}
	rank := func(percent int) Millis { return Millis(l[(len(l)*percent+99)/100-1]) }
	return Latency{Mean: Millis(sum / sim.Time(len(l))), P50: rank(50), P95: rank(95), P99: rank(99), Max: Millis(l[len(l)-1])}
}
