package tell

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// Story is what is on record of a request: its last attempt, in the phases of browsers' tools, which add up to the time
// from Wanted to Done.
type Story struct {
	Client, Conn uint32 // Conn 0: it never got one
	Ordinal      int    // of the requests that Conn was given, from 1
	Reused       bool
	Wanted, Done sim.Time
	Ended        bool // else the record ends before
	Status       trace.Status
	Bytes        uint32 // of the response
	Attempts     int
	Blocked, DNS, Connect, TLS,
	Send, Wait, Receive sim.Time
}

// story is a Story while it is read.
type story struct {
	Story
	resolving, began, opened, bound, sent, first sim.Time
	isBound, isSent, hasFirst                    bool
}

// Story follows the records about a request.
func (r *Run) Story(req uint32) Story {
	var q story
	for rec := range r.told(r.onFile().requests.of(req)) {
		q.follow(rec)
	}
	if q.Conn != 0 {
		q.Ordinal = r.ordinal(trace.RequestBound, q.Conn, req)
	}
	if q.Ended {
		q.phases(r.secured[q.Conn])
	}
	return q.Story
}

func (q *story) follow(r *trace.Record) {
	switch r.Kind {
	case trace.RequestWanted:
		q.Client, q.Wanted = r.Actor, r.At
	case trace.RequestResolving:
		q.resolving = r.At
	case trace.RequestResolved:
		q.DNS = r.At - q.resolving
	case trace.RequestBound:
		q.Conn, q.Reused, q.bound, q.began, q.opened = r.Conn, r.Flags&trace.Reused != 0, r.At, sim.Time(r.A), sim.Time(r.B)
		q.isBound, q.isSent, q.hasFirst = true, false, false
	case trace.RequestSent:
		q.sent, q.isSent = r.At, true
	case trace.RequestFirstByte:
		q.first, q.hasFirst = r.At, true
	case trace.RequestDone:
		q.Done, q.Ended, q.Status, q.Bytes, q.Attempts = r.At, true, trace.Status(r.Flags), r.Len, int(r.A)
	default:
	}
}

// phases divides the time from Wanted to Done as lab's table of requests does.
func (q *story) phases(secured sim.Time) {
	if !q.isBound {
		q.Blocked, q.DNS = q.Done-q.Wanted, 0
		return
	}
	left := q.bound - q.Wanted
	take := func(d sim.Time) sim.Time {
		d = min(max(d, 0), left)
		left -= d
		return d
	}
	if !q.Reused {
		q.Connect = take(q.opened - max(q.began, q.Wanted))
		q.TLS = take(max(secured, q.opened) - max(q.opened, q.Wanted))
	}
	q.DNS = take(q.DNS)
	q.Blocked = left
	at := q.bound
	if q.isSent {
		q.Send, at = q.sent-at, q.sent
	}
	if q.hasFirst {
		q.Wait, at = q.first-at, q.first
		q.Receive = q.Done - at
		return
	}
	q.Wait = q.Done - at
}

// ordinal is the how-manieth record of a kind on a connection is the last of a request, from 1; 0: there is none.
func (r *Run) ordinal(kind trace.Kind, conn, req uint32) int {
	n, at := 0, 0
	for rec := range r.told(r.onFile().conns.of(conn)) {
		if rec.Kind != kind {
			continue
		}
		n++
		if rec.Req == req {
			at = n
		}
	}
	return at
}

// request is all that is on record of a request.
func (s *Teller) request(r *Run, req uint32) {
	q := r.Story(req)
	s.Number("request", req).Put(s.line(r, req))
	s.ofClient(r, q.Client)
	s.Put(", wanted at ").Instant(q.Wanted)
	if q.Conn == 0 {
		s.Put(", never gets a connection.")
	} else {
		s.Put(", number ").Count(int64(q.Ordinal)).Put(" on ").Number("connection", q.Conn)
		if q.Reused {
			s.Put(", which is kept.")
		} else {
			s.Put(", which is new.")
		}
	}
	s.phases(&q)
	s.end(&q)
}

func (s *Teller) phases(q *Story) {
	began := false
	for _, p := range [...]struct {
		name string
		took sim.Time
	}{{"waiting for a connection", q.Blocked}, {"name look-up", q.DNS}, {"connecting", q.Connect}, {"TLS", q.TLS},
		{"sending", q.Send}, {"waiting for the answer", q.Wait}, {"receiving", q.Receive}} {
		if p.took == 0 {
			continue
		}
		if began {
			s.Put(", ")
		} else {
			s.Put(" Its time: ")
		}
		began = true
		s.Put(p.name).Put(" ").Span(p.took)
	}
	if began {
		s.Put(".")
	}
}

func (s *Teller) end(q *Story) {
	switch {
	case !q.Ended:
		s.Put(" Its end is not on record.")
		return
	case q.Status == trace.OK:
		s.Put(" It ends at ").Instant(q.Done).Put(", after ").Span(q.Done - q.Wanted).Put(", with ").Count(int64(q.Bytes)).Put(" B")
	default:
		s.Put(" It fails at ").Instant(q.Done).Put(", after ").Span(q.Done - q.Wanted).Put(": ").Put(failures[q.Status])
	}
	if q.Attempts > 1 {
		s.Put(", at attempt ").Count(int64(q.Attempts))
	}
	s.Put(".")
}
