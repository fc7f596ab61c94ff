package views

import (
	"slices"

	"keepalive/model/trace"
	"keepalive/sim"
)

// phase is a part of a request's time, in the order of browser tools.
type phase uint8

const (
	blocked phase = iota
	lookup
	connecting
	securing
	sending
	waiting
	receiving
	phases
)

// request is what became of a request; of one that was sent again, its last attempt.
type request struct {
	wanted, end sim.Time // end: where the record ends, if the request had not ended there
	took        [phases]sim.Time
	conn        uint32
	status      trace.Status
	ended       bool
}

// attempt is a request on a connection.
type attempt struct {
	req, conn              uint32
	from, sent, first, end sim.Time // sim.Never: it did not happen
	lane                   int32    // beside others at the same time
}

// conn is the life of a connection. What did not happen is at sim.Never.
type conn struct {
	began, open, secured   sim.Time
	closing, closed, waits sim.Time // waits: from when one end is in TIME_WAIT
	torn                   bool     // it did not close in order
	from, until            int32    // its attempts
	lanes                  int32    // how many of them there are at the same time, at most
	line                   int32    // its first line among all connections
	client, server         uint8    // the states of its ends
}

// requests is what a run's log tells of its requests and its connections.
type requests struct {
	all      []request // by number - 1
	attempts []attempt // by connection
	conns    []conn    // by number - 1
	ends     []sim.Time
	failed   []sim.Time // the ends of those that failed
	opened   []sim.Time
	closed   []sim.Time
	lines    int32 // of all connections
	used     [phases]bool
	seen     struct{ closing, waits, torn, tls bool }
	last     sim.Time // where the record ends
	tally    *tally   // once it is needed
	census   *census
}

// marks are the moments of a request's latest attempt.
type marks struct {
	resolve, dns              sim.Time
	began, opened, secured    sim.Time
	bound, sent, first        sim.Time
	reused                    bool
	isBound, hasSent, hasRead bool
	attempt                   int32
}

// reader follows a log.
type reader struct {
	*requests
	marks []marks
}

// The states of a TCP connection that matter here, as tcp.State numbers them.
const (
	tcpClosed      = 0
	tcpListen      = 1
	tcpSynSent     = 2
	tcpEstablished = 4
	tcpLastAck     = 9
	tcpTimeWait    = 10
)

func readRequests(log *trace.Log) *requests {
	r := reader{requests: &requests{last: log.Header.Ended}}
	for i := range log.Records {
		q := &log.Records[i]
		r.last = max(r.last, q.At)
		if q.IsBehind() {
			continue
		}
		switch q.Kind {
		case trace.ConnState:
			r.onState(q)
		case trace.ConnSecured:
			r.conn(q).secured, r.seen.tls = q.At, true
		default:
			if q.Req != 0 {
				r.onRequest(q)
			}
		}
	}
	r.close()
	return r.requests
}

func (r *reader) conn(q *trace.Record) *conn {
	for len(r.conns) < int(q.Conn) {
		r.conns = append(r.conns, conn{began: sim.Never, open: sim.Never, secured: sim.Never, closing: sim.Never, closed: sim.Never, waits: sim.Never})
	}
	return &r.conns[q.Conn-1]
}

func (r *reader) onState(q *trace.Record) {
	if q.Conn == 0 {
		return
	}
	c := r.conn(q)
	c.began = min(c.began, q.At)
	was, is := uint8(q.A), uint8(q.B)
	if trace.IsServer(q.Actor) {
		c.server = is
	} else if c.client = is; is == tcpEstablished {
		c.open = min(c.open, q.At)
	}
	if was == tcpEstablished && is != tcpEstablished {
		c.closing = min(c.closing, q.At)
	}
	if is == tcpTimeWait {
		c.waits = min(c.waits, q.At)
	}
	if is == tcpClosed && was != tcpLastAck && was != tcpTimeWait && was != tcpListen && was != tcpClosed {
		c.torn = true
	}
	c.closed = sim.Never
	if over(c.client) && over(c.server) {
		c.closed = q.At
	}
}

func over(state uint8) bool { return state == tcpClosed || state == tcpListen || state == tcpTimeWait }

func (r *reader) onRequest(q *trace.Record) {
	for len(r.all) < int(q.Req) {
		r.all = append(r.all, request{})
		r.marks = append(r.marks, marks{attempt: -1})
	}
	m, a := &r.marks[q.Req-1], &r.all[q.Req-1]
	if m.attempt >= 0 && a.ended {
		return
	}
	switch q.Kind {
	case trace.RequestWanted:
		a.wanted = q.At
	case trace.RequestResolving:
		m.resolve = q.At
	case trace.RequestResolved:
		m.dns = q.At - m.resolve
	case trace.RequestBound:
		r.onBound(q, m)
	case trace.RequestSent:
		m.sent, m.hasSent = q.At, true
		r.attempts[m.attempt].sent = q.At
	case trace.RequestFirstByte:
		m.first, m.hasRead = q.At, true
		r.attempts[m.attempt].first = q.At
	case trace.RequestDone:
		a.ended, a.status = true, trace.Status(q.Flags)
		r.ends = append(r.ends, q.At)
		if a.status != trace.OK {
			r.failed = append(r.failed, q.At)
		}
		r.finish(q.Req, q.At)
	default:
	}
}

func (r *reader) onBound(q *trace.Record, m *marks) {
	if m.attempt >= 0 {
		old := &r.attempts[m.attempt]
		old.end = min(q.At, r.conns[old.conn-1].closed)
	}
	secured := sim.Time(q.B)
	if c := r.conn(q); c.secured != sim.Never {
		secured = max(secured, c.secured)
	}
	*m = marks{dns: m.dns, began: sim.Time(q.A), opened: sim.Time(q.B), secured: secured, bound: q.At,
		reused: q.Flags&trace.Reused != 0, isBound: true, attempt: int32(len(r.attempts))}
	r.all[q.Req-1].conn = q.Conn
	r.attempts = append(r.attempts, attempt{req: q.Req, conn: q.Conn, from: q.At, sent: sim.Never, first: sim.Never, end: sim.Never})
}

// finish turns the moments into phases that add up to end - wanted.
func (r *reader) finish(req uint32, end sim.Time) {
	a, m := &r.all[req-1], &r.marks[req-1]
	a.end = end
	if !m.isBound {
		a.took[blocked] = end - a.wanted
		return
	}
	r.attempts[m.attempt].end = end
	left := m.bound - a.wanted
	take := func(d sim.Time) sim.Time {
		d = min(max(d, 0), left)
		left -= d
		return d
	}
	if !m.reused {
		a.took[connecting] = take(m.opened - max(m.began, a.wanted))
		a.took[securing] = take(m.secured - max(m.opened, a.wanted))
	}
	a.took[lookup] = take(m.dns)
	a.took[blocked] = left
	at := m.bound
	if m.hasSent {
		a.took[sending], at = m.sent-at, m.sent
	}
	if m.hasRead {
		a.took[waiting], at = m.first-at, m.first
		a.took[receiving] = end - at
	} else {
		a.took[waiting] = end - at
	}
}

// close ends what the record leaves open, and sorts.
func (r *reader) close() {
	for i := range r.all {
		if a := &r.all[i]; !a.ended {
			r.finish(uint32(i+1), r.last)
		}
		for p := range phases {
			r.used[p] = r.used[p] || r.all[i].took[p] > 0
		}
	}
	slices.SortStableFunc(r.attempts, func(a, b attempt) int { return int(a.conn) - int(b.conn) })
	for i := range r.attempts {
		c := &r.conns[r.attempts[i].conn-1]
		if c.until == 0 {
			c.from = int32(i)
		}
		c.until = int32(i + 1)
	}
	for i := range r.conns {
		r.settle(&r.conns[i])
	}
	slices.Sort(r.opened)
	slices.Sort(r.closed)
}

// settle places a connection's attempts beside each other where they overlap, and the connection below those before it.
func (r *requests) settle(c *conn) {
	if c.began == sim.Never {
		c.began = 0
	}
	var until []sim.Time
	for i := c.from; i < c.until; i++ {
		a := &r.attempts[i]
		lane := slices.IndexFunc(until, func(t sim.Time) bool { return t <= a.from })
		if lane < 0 {
			lane = len(until)
			until = append(until, 0)
		}
		until[lane], a.lane = a.end, int32(lane)
	}
	c.line, c.lanes = r.lines, max(int32(len(until)), 1)
	r.lines += c.lanes
	r.opened = append(r.opened, c.began)
	if c.closed != sim.Never {
		r.closed = append(r.closed, c.closed)
	}
	r.seen.closing = r.seen.closing || c.closing != sim.Never
	r.seen.waits = r.seen.waits || c.waits != sim.Never
	r.seen.torn = r.seen.torn || c.torn
}

// until is how many of some sorted times are not after t.
func until(times []sim.Time, t sim.Time) int {
	n, _ := slices.BinarySearch(times, t+1)
	return n
}
