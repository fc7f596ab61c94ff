package tell

import (
	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// Thing says in a few sentences what has been chosen and what becomes of it, whatever the present is; "" for nothing.
//
//	A: SYN-ACK, connection 3, leaves the server at 468.2 ms, arrives at 518.2 ms: 60 B. It is released by …
//	A: request 3, GET /3, on connection 3, which is new. …
func (s *Teller) Thing(c Choice) string {
	s.Drop()
	r, ref := s.chosen(c.Ref)
	if len(s.Runs) > 1 && r != nil {
		s.Put(Letters[ref.Lane]).Put(": ")
	}
	switch ref.Kind {
	case draw.Packet:
		f, _ := r.flight(ref.ID)
		s.packet(r, &f)
	case draw.Request:
		s.request(r, ref.ID)
	case draw.Connection:
		s.connection(r, ref.ID)
	default:
	}
	return s.Take()
}

// Name says in a few words what a thing is: "SYN-ACK, connection 3, arrives at 150.2 ms". It is "" for nothing.
func (s *Teller) Name(ref draw.Ref) string {
	s.Drop()
	r, ref := s.chosen(ref)
	switch ref.Kind {
	case draw.Packet:
		f, _ := r.flight(ref.ID)
		s.name(r, &f)
	case draw.Request:
		s.Number("request", ref.ID).Put(s.line(r, ref.ID))
	case draw.Connection:
		s.Number("connection", ref.ID)
		s.ofClient(r, r.clientOf(ref.ID))
		s.Put(", opened at ").Instant(r.began[ref.ID])
	default:
	}
	return s.Take()
}

// chosen is the run of a thing that exists, and the thing; else nil and nothing.
func (s *Teller) chosen(ref draw.Ref) (*Run, draw.Ref) {
	if ref = Choose(s.Runs, ref).Ref; ref.Kind == draw.Nothing {
		return nil, ref
	}
	return s.Runs[ref.Lane], ref
}

// line is a request's method and path: ", GET /3".
func (s *Teller) line(r *Run, req uint32) string {
	n := r.nameOf(req)
	if n.Path == "" {
		return ""
	}
	return ", " + n.Method + " " + n.Path
}

// nameOf is what the header calls a request; its zero value if it does not name it.
func (r *Run) nameOf(req uint32) trace.Name {
	if names := r.Header().Requests; req > 0 && int(req) <= len(names) {
		return names[req-1]
	}
	return trace.Name{}
}

// clientOf is the client of a connection; 0: it is not on record.
func (r *Run) clientOf(conn uint32) uint32 {
	for q := range r.told(r.onFile().conns.of(conn)) {
		if q.Kind == trace.ConnState && !trace.IsServer(q.Actor) {
			return q.Actor
		}
	}
	return 0
}

// ofClient names a client where there are several: " of client 3".
func (s *Teller) ofClient(r *Run, client uint32) {
	if r.Header().Clients > 1 && client > 0 {
		s.Put(" of ").Number("client", client)
	}
}

// host puts whose end it is: "the client", "client 3", "the server", "server 2", "the proxy".
func (s *Teller) host(r *Run, actor uint32) {
	h := r.Header()
	switch {
	case trace.IsServer(actor) && h.Behind != nil:
		s.Put("the proxy")
	case trace.IsServer(actor) && h.Servers > 1:
		s.Number("server", uint32(trace.ServerIndex(actor))+1)
	case trace.IsServer(actor):
		s.Put("the server")
	case h.Clients > 1:
		s.Number("client", actor)
	default:
		s.Put("the client")
	}
}
