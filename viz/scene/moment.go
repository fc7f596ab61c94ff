package scene

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// mostTold is how many moments of a lane are told one by one; the rest are counted.
const mostTold = 2

// moments puts what happens at exactly t: "At 1 046.2 ms, A: the server closes connection 3 after 5 000 ms idle." It tells
// moments of the given kinds first, others only if there are none of those, and tells whether there are any.
func (s *Scene) moments(t sim.Time, kinds trace.Moments) bool {
	if kinds != trace.AnyMoment && !s.any(t, kinds) {
		kinds = trace.AnyMoment
	}
	found := false
	for i := range s.lanes {
		l, all := &s.lanes[i], 0
		l.moments, all = l.index.MomentsAt(t, kinds, mostTold, l.moments)
		if all == 0 {
			continue
		}
		if found {
			s.put("; ")
		} else {
			s.put("At ").span(t).put(", ")
		}
		found = true
		s.put(letters[i]).put(": ")
		for k := range l.moments {
			if k > 0 {
				s.put(", ")
			}
			s.moment(&l.moments[k], l.index.Log().Header.Clients)
		}
		if more := all - len(l.moments); more > 0 {
			s.put(" and ").count(int64(more)).put(" more")
		}
	}
	return found
}

// None says that a jump from t found no moment of the given kinds: dir tells where it looked.
func (s *Scene) None(kinds trace.Moments, dir int, t sim.Time) string {
	s.drop()
	name, ok := momentNames[kinds]
	if !ok {
		name = "thing of note"
	}
	if s.put("No ").put(name); dir > 0 {
		s.put(" after ").span(t).put(".")
	} else {
		s.put(" before ").span(t).put(".")
	}
	none := string(s.text[s.mark:])
	s.drop()
	return none
}

var momentNames = map[trace.Moments]string{
	trace.MomentHandshake: "handshake", trace.MomentFirstByte: "first byte", trace.MomentLoss: "loss",
	trace.MomentTimer: "timeout", trace.MomentClosed: "closing", trace.MomentFailed: "failure",
}

// any tells whether there is a moment of the given kinds at exactly t.
func (s *Scene) any(t sim.Time, kinds trace.Moments) bool {
	for i := range s.lanes {
		if next, ok := s.lanes[i].index.NextMoment(t-1, kinds); ok && next == t {
			return true
		}
	}
	return false
}

// moment puts one moment in words.
func (s *Scene) moment(m *trace.Moment, clients int) {
	switch m.What {
	case trace.MomentHandshake:
		s.put("the handshake of ").conn(m.Record).put(" is complete")
		if m.Kind == trace.ConnSecured {
			s.put(", TLS too")
		}
	case trace.MomentFirstByte:
		s.put("the first byte of response ").count(int64(m.Req)).put(" arrives")
	case trace.MomentLoss:
		s.loss(m.Record)
	case trace.MomentTimer:
		s.timer(m.Record)
	case trace.MomentClosed:
		s.closed(m, clients)
	default:
		s.put("request ").count(int64(m.Req)).put(" fails: ").put(failures[trace.Status(m.Flags)])
	}
}

// failures says how a request ended.
var failures = map[trace.Status]string{
	trace.Reset: "its connection is reset", trace.Refused: "its connection is refused", trace.Timeout: "its time is up", trace.NoPort: "no port is free",
	trace.BadGateway: "502, the server behind the proxy hangs up", trace.GatewayTimeout: "504, the server behind the proxy does not answer in time",
}

func (c *canvas) conn(r *trace.Record) *canvas { return c.put("connection ").count(int64(r.Conn)) }

func (s *Scene) loss(r *trace.Record) {
	switch {
	case r.Kind == trace.TimerFired && r.Flags == trace.TimerSYN:
		s.put("the timer of ").conn(r).put("’s SYN runs out")
	case r.Kind == trace.TimerFired:
		s.put(end(r)).put(" retransmission timer of ").conn(r).put(" runs out")
	case r.Kind == trace.BacklogDrop:
		s.put(ignored[r.Flags%3])
	default:
		s.put("a packet of ").conn(r).put(" to the ")
		if r.IsDown() {
			s.put("client")
		} else {
			s.put("server")
		}
		s.put(fell(r))
	}
}

// ignored says what a server ignored, by the flags of BacklogDrop.
var ignored = [...]string{
	trace.DroppedSYN:      "the server ignores a SYN: its accept queue is full",
	trace.DroppedFinalACK: "the server ignores the end of a handshake: its accept queue is full",
	trace.DroppedHalfOpen: "the server ignores a SYN: its SYN queue is full",
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

// end is whose timer it is.
func end(r *trace.Record) string {
	if trace.IsServer(r.Actor) {
		return "the server’s"
	}
	return "the client’s"
}

func (s *Scene) timer(r *trace.Record) {
	switch r.Flags {
	case trace.TimerServerIdle:
		s.put("the server’s keep-alive timeout for ").conn(r).put(" runs out")
	case trace.TimerClientIdle:
		s.put("the client’s idle timeout for ").conn(r).put(" runs out")
	case trace.TimerHeader:
		s.put("the server’s patience for a request on ").conn(r).put(" runs out")
	case trace.TimerLinger:
		s.put("the server’s lingering on ").conn(r).put(" ends")
	case trace.TimerConnect:
		s.put("the client’s time for opening ").conn(r).put(" is up")
	default:
		s.put("the client’s time for request ").count(int64(r.Req)).put(" is up")
	}
}

func (s *Scene) closed(m *trace.Moment, clients int) {
	switch {
	case trace.IsServer(m.Actor):
		s.put("the server")
	case clients > 1:
		s.put("client ").count(int64(m.Actor))
	default:
		s.put("the client")
	}
	switch {
	case m.Closes():
		s.put(" closes ").conn(m.Record)
	default:
		s.put(" gives ").conn(m.Record).put(" up")
	}
	if m.Idle > 0 {
		s.put(" after ").span(m.Idle).put(" idle")
	}
}
