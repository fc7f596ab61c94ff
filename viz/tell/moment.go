package tell

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// mostTold is how many moments of a lane are told one by one; the rest are counted.
const mostTold = 2

// Moments puts what happens at exactly t: "At 1 046.2 ms, A: the server closes connection 3 after 5 000 ms idle." It tells
// moments of the given kinds first, others only if there are none of those, and tells whether there are any.
func (s *Teller) Moments(t sim.Time, kinds trace.Moments) bool {
	if kinds != trace.AnyMoment && !s.any(t, kinds) {
		kinds = trace.AnyMoment
	}
	found := false
	for i, run := range s.Runs {
		all := 0
		s.moments, all = run.Index.MomentsAt(t, kinds, mostTold, s.moments)
		if all == 0 {
			continue
		}
		if found {
			s.Put("; ")
		} else {
			s.Put("At ").Span(t).Put(", ")
		}
		found = true
		s.Put(Letters[i]).Put(": ")
		for k := range s.moments {
			if k > 0 {
				s.Put(", ")
			}
			s.moment(run, &s.moments[k])
		}
		if more := all - len(s.moments); more > 0 {
			s.Put(" and ").Count(int64(more)).Put(" more")
		}
	}
	return found
}

// None says that a jump from t found no moment of the given kinds: dir tells where it looked.
func (s *Teller) None(kinds trace.Moments, dir int, t sim.Time) string {
	s.Drop()
	name, ok := momentNames[kinds]
	if !ok {
		name = "thing of note"
	}
	if s.Put("No ").Put(name); dir > 0 {
		s.Put(" after ").Span(t).Put(".")
	} else {
		s.Put(" before ").Span(t).Put(".")
	}
	return s.Take()
}

var momentNames = map[trace.Moments]string{
	trace.MomentHandshake: "handshake", trace.MomentFirstByte: "first byte", trace.MomentLoss: "loss",
	trace.MomentTimer: "timeout", trace.MomentClosed: "closing", trace.MomentFailed: "failure",
}

// any tells whether there is a moment of the given kinds at exactly t.
func (s *Teller) any(t sim.Time, kinds trace.Moments) bool {
	for _, run := range s.Runs {
		if next, ok := run.Index.NextMoment(t-1, kinds); ok && next == t {
			return true
		}
	}
	return false
}

// moment puts one moment in words.
func (s *Teller) moment(r *Run, m *trace.Moment) {
	switch m.What {
	case trace.MomentHandshake:
		s.Put("the handshake of ").Number("connection", m.Conn).Put(" is complete")
		if m.Kind == trace.ConnSecured {
			s.Put(", TLS too")
		}
	case trace.MomentFirstByte:
		s.Put("the first byte of response ").Count(int64(m.Req)).Put(" arrives")
	case trace.MomentLoss:
		s.loss(r, m.Record)
	case trace.MomentTimer:
		s.timer(r, m.Record)
	case trace.MomentClosed:
		s.closed(r, m)
	default:
		s.Put("request ").Count(int64(m.Req)).Put(" fails: ").Put(failures[trace.Status(m.Flags)])
	}
}

// failures says how a request ended.
var failures = map[trace.Status]string{
	trace.Reset: "its connection is reset", trace.Refused: "its connection is refused", trace.Timeout: "its time is up", trace.NoPort: "no port is free",
	trace.BadGateway: "502, the server behind the proxy hangs up", trace.GatewayTimeout: "504, the server behind the proxy does not answer in time",
}

func (s *Teller) loss(run *Run, r *trace.Record) {
	switch {
	case r.Kind == trace.TimerFired && r.Flags == trace.TimerSYN:
		s.Put("the timer of ").Number("connection", r.Conn).Put("’s SYN runs out")
	case r.Kind == trace.TimerFired:
		s.host(run, r.Actor)
		s.Put("’s retransmission timer of ").Number("connection", r.Conn).Put(" runs out")
	case r.Kind == trace.BacklogDrop:
		s.host(run, r.Actor)
		s.Put(ignored[r.Flags%3])
	default:
		s.Put("a packet of ").Number("connection", r.Conn).Put(" to ")
		switch {
		case r.IsDown():
			s.host(run, r.Actor)
		case run.Header().Servers > 1:
			s.Put("its server")
		default:
			s.host(run, trace.Server(0))
		}
		s.Put(fell(r))
	}
}

// ignored says what a server ignores, by the flags of BacklogDrop.
var ignored = [...]string{
	trace.DroppedSYN:      " ignores a SYN: its accept queue is full",
	trace.DroppedFinalACK: " ignores the end of a handshake: its accept queue is full",
	trace.DroppedHalfOpen: " ignores a SYN: its SYN queue is full",
}

func fell(r *trace.Record) string {
	switch {
	case r.Flags&trace.DropQueue != 0:
		return " is dropped: the queue is full"
	case r.Flags&trace.DropListed != 0:
		return " is dropped: the scenario says so"
	default:
		return " is lost on its way"
	}
}

func (s *Teller) timer(run *Run, r *trace.Record) {
	s.host(run, r.Actor)
	switch r.Flags {
	case trace.TimerServerIdle:
		s.Put("’s keep-alive timeout for ").Number("connection", r.Conn).Put(" runs out")
	case trace.TimerClientIdle:
		s.Put("’s idle timeout for ").Number("connection", r.Conn).Put(" runs out")
	case trace.TimerHeader:
		s.Put("’s patience for a request on ").Number("connection", r.Conn).Put(" runs out")
	case trace.TimerLinger:
		s.Put("’s lingering on ").Number("connection", r.Conn).Put(" ends")
	case trace.TimerConnect:
		s.Put("’s time for opening ").Number("connection", r.Conn).Put(" is up")
	default:
		s.Put("’s time for request ").Count(int64(r.Req)).Put(" is up")
	}
}

func (s *Teller) closed(r *Run, m *trace.Moment) {
	s.host(r, m.Actor)
	if m.Closes() {
		s.Put(" closes ").Number("connection", m.Conn)
	} else {
		s.Put(" gives ").Number("connection", m.Conn).Put(" up")
	}
	if m.Idle > 0 {
		s.Put(" after ").Span(m.Idle).Put(" idle")
	}
}
