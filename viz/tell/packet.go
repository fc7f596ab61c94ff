package tell

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// name is a packet in a few words: "SYN-ACK, connection 3, arrives at 150.2 ms".
func (s *Teller) name(r *Run, f *trace.Flight) {
	s.what(r, f)
	s.Put(", ").Number("connection", f.Conn)
	if f.IsDropped() {
		s.Put(fell(f.Record)).Put(" at ").Instant(f.End())
		return
	}
	s.Put(", arrives at ").Instant(f.End())
}

// packet is all that is on record of a packet.
func (s *Teller) packet(r *Run, f *trace.Flight) {
	s.what(r, f)
	if f.Segment != nil && r.Carries(f) == Request && !r.Controls(f.Pkt) {
		if low, high := r.asked(f); low == high {
			s.Put(s.line(r, low))
		}
	}
	s.Put(", ").Number("connection", f.Conn).Put(", leaves ")
	s.host(r, r.sender(f))
	s.Put(" at ").Instant(f.At)
	if !f.IsDropped() {
		s.Put(", arrives at ").Instant(f.End())
	}
	s.Put(": ").Count(int64(f.Len)).Put(" B")
	s.payload(r, f)
	s.Put(".")
	if f.Segment != nil {
		s.acknowledges(r, f)
		s.released(r, f.Segment)
	}
	s.link(r, f)
}

// sender is the host that a packet comes from.
func (r *Run) sender(f *trace.Flight) uint32 {
	switch {
	case f.Segment != nil:
		return f.Segment.Actor
	case f.IsDown():
		return trace.Server(0)
	default:
		return f.Actor
	}
}

// what is a packet's kind, and which part of which message it carries: "data 2 of response 3, sent again".
func (s *Teller) what(r *Run, f *trace.Flight) {
	g := f.Segment
	if g == nil {
		s.Put("packet")
		return
	}
	switch r.Carries(f) {
	case SYN:
		s.Put("SYN")
		if g.Flags&trace.ACK != 0 {
			s.Put("-ACK")
		}
		if g.Len > 0 {
			s.Put(" with data")
		}
	case RST:
		s.Put("RST")
	case FIN:
		s.Put("FIN")
	case Ack:
		s.Put("ACK")
	case TLS:
		s.Put(r.secret(f))
	case Request:
		s.asking(r, f)
	case Data:
		s.answering(r, f)
	}
	if g.Len > 0 && g.Flags&trace.FIN != 0 {
		s.Put(" with FIN")
	}
	if g.Flags&trace.Retransmitted != 0 {
		s.Put(", sent again")
	}
}

// secret names a packet of TLS alone.
func (r *Run) secret(f *trace.Flight) string {
	switch {
	case !marked(r.after, f.Pkt):
		return "TLS handshake"
	case r.answered(f):
		return "TLS alert"
	case f.IsDown() && r.H2:
		return "TLS ticket or HTTP/2 settings"
	case f.IsDown():
		return "TLS ticket"
	case r.H2:
		return "HTTP/2 preface"
	default:
		return "TLS alert"
	}
}

// answered tells whether the server has answered a request on a packet's connection before it sends the packet.
func (r *Run) answered(f *trace.Flight) bool {
	for q := range r.told(r.onFile().conns.of(f.Conn)) {
		if q.Kind == trace.ServerWrote {
			return q.At <= f.At
		}
	}
	return false
}

// asking names what a client sends.
func (s *Teller) asking(r *Run, f *trace.Flight) {
	low, high := r.asked(f)
	switch {
	case r.Controls(f.Pkt):
		s.Put("HTTP/2 settings")
	case low != high:
		s.Put("requests ").Count(int64(low)).Put("–").Count(int64(high))
	case low == 0:
		s.Put("requests")
	default:
		if k := r.part(f); k > 1 {
			s.Put("part ").Count(int64(k)).Put(" of ")
		}
		s.Number("request", low)
	}
}

// asked are the lowest and the highest number of the requests that a client's packet may be of; 0: they are not known.
// With HTTP/2 they are those of which something is left to send.
func (r *Run) asked(f *trace.Flight) (low, high uint32) {
	if !r.H2 {
		return f.Req, f.Req
	}
	if int(f.Pkt) >= len(r.of) || f.Segment.Flags&trace.Retransmitted != 0 {
		return 0, 0
	}
	return r.of[f.Pkt].Low, r.of[f.Pkt].High
}

// part is a packet's place within its request, from 1 and in units of the MSS.
func (r *Run) part(f *trace.Flight) int {
	asks := r.onFile().asks
	if int(f.Req) >= len(asks) || r.H2 {
		return 1
	}
	return int(f.Segment.Seq()-asks[f.Req])/max(r.Header().MSS, 1) + 1
}

// answering names what a server sends.
func (s *Teller) answering(r *Run, f *trace.Flight) {
	of := r.Responses(f)
	s.Put("data")
	switch k := r.Index.Number(*f); {
	case of.Low == 0:
		if r.H2 {
			s.Put(" of HTTP/2 settings")
		}
	case of.Low != of.High:
		s.Put(" of responses ").Count(int64(of.Low)).Put("–").Count(int64(of.High))
		if of.Ends != 0 {
			s.Put(", the end of ").Count(int64(of.Ends))
		}
	case k > 0 && !r.H2:
		s.Put(" ").Count(int64(k)).Put(" of ").Number("response", of.Low)
	default:
		s.Put(" of ").Number("response", of.Low)
	}
}

// payload says which bytes of its sender's stream a packet carries, counted from 1.
func (s *Teller) payload(r *Run, f *trace.Flight) {
	g := f.Segment
	if g == nil || g.Len == 0 {
		return
	}
	first := int64(g.Seq())
	if g.Flags&trace.SYN != 0 {
		first++
	}
	last := first + int64(g.Len) - 1
	s.Put(", with ")
	if last == first {
		s.Put("byte ").Count(first)
	} else {
		s.Put("bytes ").Count(first).Put(" to ").Count(last)
	}
	s.Put(" of what ")
	s.host(r, g.Actor)
	s.Put(" sends")
	if f.IsDown() && f.Req != 0 && !r.H2 && r.completes(f) {
		s.Put(", the last of ").Number("response", f.Req)
	}
}

// completes tells whether a packet is the one that completes the response that it is of.
func (r *Run) completes(f *trace.Flight) bool {
	for q := range r.told(r.onFile().requests.of(f.Req)) {
		if q.Kind == trace.RequestReceived && q.Pkt == f.Pkt {
			return true
		}
	}
	return false
}

// link says what the link does with a packet.
func (s *Teller) link(r *Run, f *trace.Flight) {
	if f.IsDropped() {
		s.Put(" It").Put(fell(f.Record))
		if f.End() > f.At {
			s.Put(" at ").Instant(f.End())
		}
		if again, ok := r.again(f); ok {
			s.Put("; sent again at ").Instant(again)
		}
		s.Put(".")
		return
	}
	rate := r.Header().Up
	if f.IsDown() {
		rate = r.Header().Down
	}
	wait := f.Start() - f.At
	if wait == 0 && rate == 0 {
		return
	}
	s.Put(" It ")
	if wait > 0 {
		s.Put("waits ").Span(wait).Put(" in the queue")
	}
	if wait > 0 && rate > 0 {
		s.Put(" and ")
	}
	if rate > 0 {
		s.Put("is on the wire for ").Span(sim.Time(int64(f.Len) * 8 * int64(sim.Second) / rate))
	}
	s.Put(".")
}

// farthest is how many packets later one is looked for.
const farthest = 1 << 16

// again is when what a packet that fell carried is sent again.
func (r *Run) again(f *trace.Flight) (sim.Time, bool) {
	if f.Segment == nil {
		return 0, false
	}
	records, came, from := r.Index.Log().Records, r.onFile().came, r.place(f.At)
	for _, i := range came[from:min(len(came), from+farthest)] {
		p := &records[i]
		if p.Conn != f.Conn || p.Pkt <= f.Pkt || p.IsDown() != f.IsDown() {
			continue
		}
		g := r.Segment(p.Pkt)
		if g != nil && g.Flags&trace.Retransmitted != 0 && repeats(g, f.Segment) {
			return p.At, true
		}
	}
	return 0, false
}

// repeats tells whether a segment has the first byte of another, or its SYN or FIN.
func repeats(g, of *trace.Record) bool {
	if of.Len == 0 && of.Flags&(trace.SYN|trace.FIN) == 0 {
		return false
	}
	into := of.Seq() - g.Seq()
	return into < g.Len || into == 0 && (g.Flags&of.Flags&(trace.SYN|trace.FIN) != 0)
}
