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
	open     openRequests
	secured  map[uint32]sim.Time // by connection, of those that are open
	requests []Request
	latency  latencies
	classes  []classMetrics // those of the workload's mix
	conns    int            // open at the clients
	waits    map[uint32]int // TIME_WAIT sockets by client
	waiting  int            // at all clients
	finished sim.Time
	servers  servers
	behind   *behind // a proxy's side towards its servers; nil: there is none
	r        VariantResult
}

// classMetrics are those of one class of requests.
type classMetrics struct {
	ClassResult
	latency latencies
}

// marks are the moments of one request that has not ended.
type marks struct {
	client             uint32
	class              uint16 // from 1; 0: no mix
	wanted             sim.Time
	resolve, dns       sim.Time
	began, opened      sim.Time
	secured            sim.Time // TLS was ready; opened without TLS
	bound, sent, first sim.Time
	conn               uint32
	reused, isBound    bool
	again              bool // it was sent before
	hasSent, hasFirst  bool
}

func newMetrics(cfg model.Config, rows bool) *metrics {
	m := &metrics{cfg: cfg, rows: rows, open: openRequests{slot: map[uint32]int32{}}, secured: map[uint32]sim.Time{}, waits: map[uint32]int{}}
	m.servers.init(&m.cfg.Server)
	if cfg.Proxy != nil {
		m.behind = newBehind(&m.cfg)
	}
	for _, c := range cfg.Workload.Mix() {
		m.classes = append(m.classes, classMetrics{ClassResult{Name: c.Name}, latencies{whole: true}})
	}
	return m
}

// openRequests holds the marks of those that have not ended. Their places are used again.
type openRequests struct {
	slot  map[uint32]int32 // by request
	marks []marks
	free  []int32
}

func (o *openRequests) add(req uint32, q marks) {
	if n := len(o.free); n > 0 {
		o.slot[req] = o.free[n-1]
		o.marks[o.free[n-1]] = q
		o.free = o.free[:n-1]
		return
	}
	o.slot[req] = int32(len(o.marks))
	o.marks = append(o.marks, q)
}

// get is valid until the next add; nil: the request has ended.
func (o *openRequests) get(req uint32) *marks {
	i, ok := o.slot[req]
	if !ok {
		return nil
	}
	return &o.marks[i]
}

func (o *openRequests) drop(req uint32) {
	o.free = append(o.free, o.slot[req])
	delete(o.slot, req)
}

// Record implements trace.Sink.
func (m *metrics) Record(r *trace.Record) {
	if r.IsBehind() {
		m.onBehind(r)
		return
	}
	switch r.Kind {
	case trace.Packet:
		m.onPacket(r)
	case trace.Segment:
		m.onSegment(r)
	case trace.ConnState:
		m.onConnState(r)
	case trace.PoolSize:
		m.onPool(r)
	case trace.ServerConns, trace.ServerLoad, trace.ServerMemory, trace.BacklogDrop:
		m.front().record(r)
	case trace.ConnSecured:
		m.secured[r.Conn] = r.At
	default:
		m.onRequest(r)
	}
}

// front is what the clients connect to: the servers, or a proxy.
func (m *metrics) front() *servers {
	if m.behind != nil {
		return &m.behind.front
	}
	return &m.servers
}

// RecordAll implements trace.Batch.
func (m *metrics) RecordAll(rs []trace.Record) {
	for i := range rs {
		m.Record(&rs[i])
	}
}

func (m *metrics) onPacket(r *trace.Record) { m.r.Packets.packet(&m.r.Bytes, r) }

func (p *Packets) packet(b *ByteCounts, r *trace.Record) {
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
	m.r.Packets.segment(&m.r.Bytes, r)
	if opens(r) {
		m.r.Connections.Opened++
	}
}

func (p *Packets) segment(b *ByteCounts, r *trace.Record) {
	if trace.IsServer(r.Actor) {
		b.PayloadDown += int64(r.Len)
	} else {
		b.PayloadUp += int64(r.Len)
	}
	if r.Flags&trace.Retransmitted != 0 {
		p.Retransmitted++
	}
}

func (m *metrics) onPool(r *trace.Record) {
	m.waiting += trace.Lo(r.B) - m.waits[r.Actor]
	m.waits[r.Actor] = trace.Lo(r.B)
	m.r.Connections.TimeWaitPeak = max(m.r.Connections.TimeWaitPeak, m.waiting)
}

// opens tells of a client's first SYN on a connection.
func opens(r *trace.Record) bool {
	return r.Flags&(trace.SYN|trace.Retransmitted) == trace.SYN && !trace.IsServer(r.Actor)
}

// onConnState counts the clients' connections from the SYN until they are over.
func (m *metrics) onConnState(r *trace.Record) {
	if trace.IsServer(r.Actor) {
		m.front().record(r)
		return
	}
	n := begun(r)
	if n < 0 {
		delete(m.secured, r.Conn)
	}
	m.conns += n
	m.r.Connections.Peak = max(m.r.Connections.Peak, m.conns)
}

// begun is 1 if a connection begins at its client, -1 if it is over, else 0.
func begun(r *trace.Record) int {
	live := func(s tcp.State) bool { return s != tcp.Closed && s != tcp.TimeWait }
	switch was, is := live(tcp.State(r.A)), live(tcp.State(r.B)); {
	case !was && is:
		return 1
	case was && !is:
		return -1
	}
	return 0
}

func (m *metrics) onRequest(r *trace.Record) {
	if r.Kind == trace.RequestWanted {
		m.open.add(r.Req, marks{client: r.Actor, class: r.Flags, wanted: r.At})
		return
	}
	if r.Kind == trace.ServerWrote {
		m.front().record(r)
		return
	}
	q := m.open.get(r.Req)
	if q == nil {
		return
	}
	switch r.Kind {
	case trace.RequestResolving:
		q.resolve = r.At
	case trace.RequestResolved:
		q.dns = r.At - q.resolve
	case trace.RequestBound:
		if q.isBound && !q.again {
			m.r.Requests.Retried++
		}
		*q = marks{client: q.client, class: q.class, wanted: q.wanted, dns: q.dns, began: sim.Time(r.A), opened: sim.Time(r.B), secured: max(m.secured[r.Conn], sim.Time(r.B)),
			bound: r.At, conn: r.Conn, reused: r.Flags&trace.Reused != 0, isBound: true, again: q.isBound}
		if q.reused {
			m.r.Connections.Reused++
		}
	case trace.RequestStale:
		m.r.Requests.Stale++
	case trace.RequestSent:
		q.sent, q.hasSent = r.At, true
	case trace.RequestFirstByte:
		q.first, q.hasFirst = r.At, true
	case trace.RequestDone:
		m.onDone(r, q)
	}
}

func (m *metrics) onDone(r *trace.Record, q *marks) {
	m.finished = r.At
	status := trace.Status(r.Flags)
	if status == trace.OK {
		m.r.Requests.OK++
	} else {
		m.r.Requests.Failed++
		if m.r.Requests.FailedBy == nil {
			m.r.Requests.FailedBy = map[string]int{}
		}
		m.r.Requests.FailedBy[status.String()]++
		if status == trace.Refused || status == trace.Timeout && r.Conn != 0 && !q.isBound {
			m.r.Connections.Refused++
		}
	}
	warm := q.wanted >= m.cfg.WarmUp
	if status == trace.OK && warm {
		m.latency.add(r.At - q.wanted)
	} else if status == trace.OK {
		m.r.Requests.WarmUp++
	}
	if n := int(q.class); n > 0 && n <= len(m.classes) {
		m.classes[n-1].onDone(status == trace.OK, warm, r.At-q.wanted)
	}
	if m.rows {
		for len(m.requests) < int(r.Req) {
			m.requests = append(m.requests, Request{})
		}
		m.requests[r.Req-1] = q.row(r.At, status)
	}
	m.open.drop(r.Req)
}

func (c *classMetrics) onDone(ok, warm bool, latency sim.Time) {
	switch {
	case !ok:
		c.Failed++
		return
	case warm:
		c.latency.add(latency)
	}
	c.OK++
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
	r.Requests.Censored = len(m.open.slot)
	r.Latency = m.latency.latency()
	r.Interval = m.latency.intervals()
	if u := m.cfg.Workload.Users; u != nil {
		r.Corrected = m.latency.corrected(meanOfSpan(u.Think) + sim.Time(r.Latency.P50))
	}
	r.Server = m.servers.result(w.LimitsReached())
	r.Servers, r.Imbalance = m.servers.rows()
	if m.behind != nil {
		r.Proxy = m.behind.result(w.ProxyLimitsReached())
	}
	for i := range m.classes {
		c := &m.classes[i]
		c.Latency = c.latency.latency()
		r.Classes = append(r.Classes, c.ClassResult)
	}
	if m.rows {
		for id := range m.requests {
			m.requests[id].Path = w.RequestName(uint32(id + 1)).Path
		}
		r.PerRequest = slices.DeleteFunc(m.requests, func(q Request) bool { return q.Status == "" })
	}
	return r
}

func meanOfSpan(s model.Span) sim.Time {
	if s.Kind == model.Uniform {
		return s.To / 2
	}
	return s.To
}
