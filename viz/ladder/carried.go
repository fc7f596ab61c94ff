package ladder

import (
	"fmt"
	"slices"

	"keepalive/model/tls"
	"keepalive/model/trace"
)

// wire is what a log tells of one connection's payload: which of it opens TLS, and which responses share the stream.
//
//	client ── hello ──▶  server        flights, in turn, until ConnSecured
//	       ◀─ flight ──
//	       ── finished ▶   ConnSecured: what follows is tickets, settings, requests, responses
type wire struct {
	secured bool    // TLS lets requests through, from the record reached on
	early   bool    // it did so before the server had said anything: 0-RTT
	full    bool    // the server sent its certificate
	turns   int     // flights begun so far
	last    bool    // the latest flight is the server's
	asked   bool    // a request is written
	acks    [2]duty // by side: the client's, the server's

	shared  bool     // it carries several requests at once at some time
	written []uint32 // responses in the server's socket whose end no packet has brought yet
	answers int      // responses written so far
}

// duty is the latest acknowledgement of one side, and where its own stream ends.
type duty struct {
	ack    uint32
	window uint16
	next   uint32 // the sequence number after all that it has sent
}

// survey looks a log through before it is drawn.
type survey struct {
	wires   map[uint32]*wire
	ends    map[uint32][]uint32     // the responses that a packet completes, by the packet's number
	servers map[uint32]int          // by connection
	failed  map[uint32]trace.Status // a proxy's own answers, by request
}

// look reads what the lines before need to know of the records after them.
func look(log *trace.Log, c *tls.Config) survey {
	s := survey{wires: map[uint32]*wire{}, ends: map[uint32][]uint32{}, servers: map[uint32]int{}, failed: map[uint32]trace.Status{}}
	under, down := map[uint32]int{}, map[uint32]int64{}
	carrier := map[uint32]uint32{} // of each request
	for i := range log.Records {
		r := &log.Records[i]
		w := s.of(r.Conn)
		switch r.Kind {
		case trace.RequestSending:
			under[r.Conn]++
			carrier[r.Req] = r.Conn
			w.shared = w.shared || under[r.Conn] > 1
		case trace.RequestDone:
			if status := trace.Status(r.Flags); status != trace.OK && status.Answered() {
				s.failed[r.Req] = status
			}
			if conn := carrier[r.Req]; conn != 0 {
				under[conn]--
				carrier[r.Req] = 0
			}
		case trace.RequestReceived:
			s.ends[r.Pkt] = append(s.ends[r.Pkt], r.Req)
		case trace.Segment:
			if !trace.IsServer(r.Actor) {
				continue
			}
			s.servers[r.Conn] = trace.ServerIndex(r.Actor)
			if r.Flags&trace.Retransmitted == 0 {
				down[r.Conn] += int64(r.Len)
			}
		case trace.ConnSecured:
			w.early = down[r.Conn] == 0
			w.full = !w.early && down[r.Conn] >= c.ServerBytes(false)
		}
	}
	return s
}

func (s *survey) of(conn uint32) *wire {
	w := s.wires[conn]
	if w == nil {
		w = &wire{}
		s.wires[conn] = w
	}
	return w
}

// follow keeps up with the records that are no packets.
func (s *survey) follow(r *trace.Record) {
	w := s.of(r.Conn)
	switch r.Kind {
	case trace.ConnSecured:
		w.secured = true
	case trace.RequestSending:
		w.asked = true
	case trace.ServerWrote:
		w.answers++
		w.written = append(w.written, r.Req)
	}
}

// carried says what a segment with payload carries besides a request or a response of its own; "": nothing else is known.
func (d *drawer) carried(r *trace.Record) string {
	w, server, h2 := d.survey.of(r.Conn), trace.IsServer(r.Actor), d.opt.H2
	if r.IsBehind() {
		h2 = d.opt.BehindH2
	}
	if d.opt.TLS.On() && !r.IsBehind() && r.Flags&trace.Retransmitted == 0 {
		if text := w.opening(r, server, &d.opt.TLS); text != "" {
			return text
		}
	}
	switch {
	case h2 && (server && w.answers == 0 || !server && !w.asked):
		return "HTTP/2 settings"
	case server && (h2 || w.shared):
		return w.responses(d.survey.ends[r.Pkt])
	}
	return ""
}

// opening names the flight of a TLS handshake that a segment is of, the tickets after it, and the alert that ends TLS.
func (w *wire) opening(r *trace.Record, server bool, c *tls.Config) string {
	tickets, size := c.Tickets()
	switch {
	case !w.secured || w.early && server && w.answers == 0:
		if w.turns == 0 || w.last != server {
			w.turns++
			w.last = server
		}
		return "TLS " + w.flight(c.Version)
	case w.early && !server && w.last && w.turns == 2:
		w.turns = 3
		return "TLS finished"
	case server && w.answers == 0 && tickets > 0 && int64(r.Len)%size == 0:
		return "TLS ticket"
	case r.Req == 0 && int64(r.Len) == c.CloseNotify():
		return "TLS alert: close"
	}
	return ""
}

// flight names the flight whose turn it is (RFC 8446, 2; RFC 5246, 7.3).
func (w *wire) flight(v tls.Version) string {
	switch {
	case w.turns == 1:
		return "hello"
	case w.turns == 2 && w.full:
		return "hello, certificate"
	case w.turns == 2:
		return "hello, finished"
	case w.turns == 3 && w.full && v == tls.V12:
		return "key, finished"
	default:
		return "finished"
	}
}

// responses says of which responses a segment of a shared connection may be, and which it completes: the trace knows
// where responses end, not where their frames lie.
func (w *wire) responses(ends []uint32) string {
	if len(w.written) == 0 {
		return ""
	}
	text := "of " + several(w.written)
	w.written = slices.DeleteFunc(w.written, func(req uint32) bool { return slices.Contains(ends, req) })
	if len(ends) > 0 {
		text += ", ends " + several(ends)
	}
	return text
}

// several is "3", "3, 5" or "3–9".
func several(ids []uint32) string {
	low, high := slices.Min(ids)&^trace.Behind, slices.Max(ids)&^trace.Behind
	switch {
	case low == high:
		return fmt.Sprint(low)
	case len(ids) == 2 && high-low > 1:
		return fmt.Sprintf("%d, %d", low, high)
	default:
		return fmt.Sprintf("%d–%d", low, high)
	}
}

// pure names a segment that carries nothing: "dup " for an acknowledgement that says again what its side said last while
// data is outstanding (RFC 5681, 2), "probe " for one with an old sequence number, which the peer must answer
// (RFC 9293, 3.8.4 and 3.8.6.1).
func (w *wire) pure(r *trace.Record) string {
	side := 0
	if trace.IsServer(r.Actor) {
		side = 1
	}
	mine, peer := &w.acks[side], &w.acks[1-side]
	old := *mine
	mine.ack, mine.window = r.Ack(), r.SegmentWindow()
	end := r.Seq() + r.Len
	if r.Flags&(trace.SYN|trace.FIN) != 0 {
		end++
	}
	if int32(end-mine.next) > 0 {
		mine.next = end
	}
	switch {
	case r.Len > 0 || r.Flags&(trace.SYN|trace.FIN|trace.RST) != 0:
		return ""
	case int32(r.Seq()-old.next) < 0:
		return "probe "
	case old.ack == mine.ack && old.window == mine.window && int32(peer.next-mine.ack) > 0:
		return "dup "
	}
	return ""
}
