package scene

import (
	"slices"

	"keepalive/model/trace"
	"keepalive/sim"
)

// wires is what no single record of a run says: which packets open or end TLS, and which responses share a connection.
//
//	client ── hello ──▶ … ── finished ──▶ ConnSecured ── preface (HTTP/2) ──▶ RequestSending …
type wires struct {
	tls, h2 bool                // whether the run's connections speak them
	secured map[uint32]sim.Time // when TLS let a connection carry requests
	opens   []uint64            // a bit for each packet of TLS alone, by Pkt
	control []uint64            // HTTP/2: and for each packet of a client that has no request on its way
	of      []responses         // HTTP/2: what each packet to the client may be of, by Pkt
}

// responses are those that a packet may be of, from the lowest to the highest number, and the one that it completes.
// Where frames begin is not on record.
type responses struct{ low, high, ends uint32 }

// readWires follows log from its beginning.
func readWires(log *trace.Log) wires {
	w := wires{secured: map[uint32]sim.Time{}}
	for i := range log.Records {
		if r := &log.Records[i]; r.Kind == trace.ConnSecured {
			w.tls, w.secured[r.Conn] = true, r.At
		}
	}
	w.h2 = w.prefaced(log)
	if w.tls || w.h2 {
		w.read(log)
	}
	return w
}

// prefaced tells whether a client says something before its first request that is not of TLS: HTTP/2's preface.
func (w *wires) prefaced(log *trace.Log) bool {
	said, secured := map[uint32]bool{}, map[uint32]bool{}
	for i := range log.Records {
		switch r := &log.Records[i]; {
		case r.Kind == trace.ConnSecured:
			secured[r.Conn] = true
		case r.Kind == trace.Segment && r.Len > 0 && !trace.IsServer(r.Actor) && secured[r.Conn] == w.tls:
			said[r.Conn] = true
		case r.Kind == trace.RequestSending:
			return said[r.Conn]
		}
	}
	return false
}

// talk is where one connection stands.
type talk struct {
	secured, early bool // early: requests went along with the hello
	spoke          bool // the server has sent something
	finished       bool // early: so has the client, to that
	sending        int  // requests of which the client has not sent all
	written        []uint32
	answers        int
}

func (w *wires) read(log *trace.Log) {
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
			t.sending++
		case trace.RequestSent:
			t.sending--
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
func (w *wires) completed(log *trace.Log) map[uint32][]uint32 {
	ends := map[uint32][]uint32{}
	for i := range log.Records {
		if r := &log.Records[i]; w.h2 && r.Kind == trace.RequestReceived {
			ends[r.Pkt] = append(ends[r.Pkt], r.Req)
		}
	}
	return ends
}

func (w *wires) segment(r *trace.Record, t *talk, ends []uint32) {
	server := trace.IsServer(r.Actor)
	early := t.early && t.spoke && !server && !t.finished // the client's last flight comes after its first request
	t.finished = t.finished || early
	t.spoke = t.spoke || server
	if w.tls && (!t.secured || early || r.Req == 0 || server && t.answers == 0) {
		w.opens = mark(w.opens, r.Pkt)
		return
	}
	if !w.h2 {
		return
	}
	if !server && t.sending == 0 {
		w.control = mark(w.control, r.Pkt)
	}
	if !server || len(t.written) == 0 {
		return
	}
	for len(w.of) <= int(r.Pkt) {
		w.of = append(w.of, responses{})
	}
	p := &w.of[r.Pkt]
	p.low, p.high = slices.Min(t.written), slices.Max(t.written)
	if len(ends) == 1 {
		p.ends = ends[0]
	}
	t.written = slices.DeleteFunc(t.written, func(req uint32) bool { return slices.Contains(ends, req) })
}

// opensTLS tells whether a packet is of TLS alone: a flight of its handshake, a ticket, an alert.
func (w *wires) opensTLS(pkt uint32) bool { return marked(w.opens, pkt) }

// controls tells whether a client's packet has frames of HTTP/2, but no request: settings, windows.
func (w *wires) controls(pkt uint32) bool { return marked(w.control, pkt) }

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

// responsesOf are those that a packet with data may be of.
func (w *wires) responsesOf(f *trace.Flight) responses {
	if !w.h2 {
		return responses{low: f.Req, high: f.Req}
	}
	if int(f.Pkt) < len(w.of) {
		return w.of[f.Pkt]
	}
	return responses{}
}

// load is what a connection carries at an instant.
type load struct {
	requests int
	oldest   uint32
}

// weigh counts what each connection carries.
func (l *lane) weigh() {
	l.loads = l.loads[:0]
	for range l.state.Conns {
		l.loads = append(l.loads, load{})
	}
	for i := range l.state.Requests {
		q := &l.state.Requests[i]
		if q.Conn == 0 || q.Phase < trace.Bound {
			continue
		}
		at, ok := slices.BinarySearchFunc(l.state.Conns, q.Conn, func(c trace.Conn, id uint32) int { return int(int64(c.ID) - int64(id)) })
		if !ok {
			continue
		}
		if w := &l.loads[at]; w.requests == 0 {
			w.oldest = q.ID
		}
		l.loads[at].requests++
	}
}

// phase is what a connection is good for.
type phase uint8

// accepted is trace.Conn's number of an established end.
const accepted = 4

// securing is how many connections that the server has accepted open TLS.
func (l *lane) securing() (n int) {
	for i := range l.state.Conns {
		if l.state.Conns[i].ServerTCP == accepted && l.phase(i) == securing {
			n++
		}
	}
	return min(n, l.state.Server.Idle)
}

const (
	opening phase = iota
	securing
	busy
	idle
	closing
	phases
)

func (p phase) String() string {
	return [...]string{"opening", "opening TLS", "busy", "idle", "closing"}[p]
}

// phase is that of the i-th connection: one that carries several requests is busy until the last of them.
func (l *lane) phase(i int) phase {
	c := &l.state.Conns[i]
	switch c.Phase() {
	case trace.ConnOpening:
		return opening
	case trace.ConnClosing:
		return closing
	default:
	}
	at, is := l.wires.secured[c.ID]
	switch {
	case l.wires.tls && (!is || at > l.now):
		return securing
	case l.loads[i].requests > 0:
		return busy
	default:
		return idle
	}
}
