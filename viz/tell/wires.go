package tell

import (
	"slices"

	"keepalive/model/trace"
	"keepalive/sim"
)

// wires is what no single record of a run says: which packets open or end TLS, and which responses share a connection.
//
//	client ── hello ──▶ … ── finished ──▶ ConnSecured ── preface (HTTP/2) ──▶ RequestSending …
type wires struct {
	secured map[uint32]sim.Time // when TLS let a connection carry requests
	opens   []uint64            // a bit for each packet of TLS alone, by Pkt
	after   []uint64            // and for each of those that its handshake is over before: a ticket, an alert
	control []uint64            // HTTP/2: and for each packet of a client that has no request on its way
	of      []Responses         // HTTP/2: what each packet may be of, by Pkt; of a client's: requests
}

// Responses are those that a packet may be of, from the lowest to the highest number, and the one that it completes.
// Where frames begin is not on record.
type Responses struct{ Low, High, Ends uint32 }

// readWires follows log from its beginning.
func (w *Run) readWires(log *trace.Log) {
	w.secured = map[uint32]sim.Time{}
	for i := range log.Records {
		if r := &log.Records[i]; r.Kind == trace.ConnSecured {
			w.TLS, w.secured[r.Conn] = true, r.At
		}
	}
	w.H2 = w.prefaced(log)
	if w.TLS || w.H2 {
		w.read(log)
	}
}

// prefaced tells whether a client says something before its first request that is not of TLS: HTTP/2's preface.
func (w *Run) prefaced(log *trace.Log) bool {
	said, secured := map[uint32]bool{}, map[uint32]bool{}
	for i := range log.Records {
		switch r := &log.Records[i]; {
		case r.Kind == trace.ConnSecured:
			secured[r.Conn] = true
		case r.Kind == trace.Segment && r.Len > 0 && !trace.IsServer(r.Actor) && secured[r.Conn] == w.TLS:
			said[r.Conn] = true
		case r.Kind == trace.RequestSending:
			return said[r.Conn]
		}
	}
	return false
}

// talk is where one connection stands.
type talk struct {
	secured, early bool     // early: requests went along with the hello
	spoke          bool     // the server has sent something
	finished       bool     // early: so has the client, to that
	sending        []uint32 // requests of which the client has not sent all
	written        []uint32
	answers        int
}

func (w *Run) read(log *trace.Log) {
	talks, ends := map[uint32]*talk{}, w.completed(log)
	for i := range log.Records {
		r := &log.Records[i]
		t := talks[r.Conn]
		if t == nil {
			t = &talk{}
			talks[r.Conn] = t
		}
		switch r.Kind {
		case trace.ConnSecured:
			t.secured, t.early = true, !t.spoke
		case trace.RequestSending:
			t.sending = append(t.sending, r.Req)
		case trace.RequestSent:
			t.sending = slices.DeleteFunc(t.sending, func(req uint32) bool { return req == r.Req })
		case trace.ServerWrote:
			t.answers++
			t.written = append(t.written, r.Req)
		case trace.Segment:
			if r.Len > 0 {
				w.segment(r, t, ends[r.Pkt])
			}
		}
	}
}

// completed lists the responses that a packet completes, by its number.
func (w *Run) completed(log *trace.Log) map[uint32][]uint32 {
	ends := map[uint32][]uint32{}
	for i := range log.Records {
		if r := &log.Records[i]; w.H2 && r.Kind == trace.RequestReceived {
			ends[r.Pkt] = append(ends[r.Pkt], r.Req)
		}
	}
	return ends
}

func (w *Run) segment(r *trace.Record, t *talk, ends []uint32) {
	server := trace.IsServer(r.Actor)
	early := t.early && t.spoke && !server && !t.finished // the client's last flight comes after its first request
	t.finished = t.finished || early
	t.spoke = t.spoke || server
	if w.TLS && (!t.secured || early || r.Req == 0 || server && t.answers == 0) {
		w.opens = mark(w.opens, r.Pkt)
		if t.secured && !early && !(t.early && server && t.answers == 0) {
			w.after = mark(w.after, r.Pkt)
		}
		return
	}
	if !w.H2 {
		return
	}
	if !server {
		if len(t.sending) == 0 {
			w.control = mark(w.control, r.Pkt)
			return
		}
		w.of = put(w.of, r.Pkt, Responses{Low: slices.Min(t.sending), High: slices.Max(t.sending)})
		return
	}
	if len(t.written) == 0 {
		return
	}
	for len(w.of) <= int(r.Pkt) {
		w.of = append(w.of, Responses{})
	}
	p := &w.of[r.Pkt]
	p.Low, p.High = slices.Min(t.written), slices.Max(t.written)
	if len(ends) == 1 {
		p.Ends = ends[0]
	}
	t.written = slices.DeleteFunc(t.written, func(req uint32) bool { return slices.Contains(ends, req) })
}

// OpensTLS tells whether a packet is of TLS alone: a flight of its handshake, a ticket, an alert.
func (w *Run) OpensTLS(pkt uint32) bool { return marked(w.opens, pkt) }

// Controls tells whether a client's packet has frames of HTTP/2, but no request: settings, windows.
func (w *Run) Controls(pkt uint32) bool { return marked(w.control, pkt) }

func mark(bits []uint64, pkt uint32) []uint64 {
	for len(bits) <= int(pkt/64) {
		bits = append(bits, 0)
	}
	bits[pkt/64] |= 1 << (pkt % 64)
	return bits
}

func marked(bits []uint64, pkt uint32) bool {
	return int(pkt/64) < len(bits) && bits[pkt/64]&(1<<(pkt%64)) != 0
}

// Responses are those that a packet with data may be of.
func (w *Run) Responses(f *trace.Flight) Responses {
	if !w.H2 {
		return Responses{Low: f.Req, High: f.Req}
	}
	if int(f.Pkt) < len(w.of) {
		return w.of[f.Pkt]
	}
	return Responses{}
}
