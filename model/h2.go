package model

import (
	"keepalive/model/http2"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// h2conn is what HTTP/2 makes of a connection.
type h2conn struct {
	frames  [2]http2.Frames // by the side that writes them
	ends    [2]http2.Conn
	records [2]records // by the side that writes them
	came    []uint32   // requests that the server has not taken up
	on      bool
}

// records is where the plain text of a stream of TLS records ends, record by record. Without TLS it is the stream itself.
type records struct {
	queue []record
	base  int64 // bytes of the stream before the first
	wire  int64 // written
	plain int64 // written
	open  int64 // plain text that the reader has
}

type record struct{ wire, plain int64 }

// isH2 tells whether c carries frames.
func (c *conn) isH2() bool { return c.h2 != nil && c.h2.on }

// leaving tells whether the server has announced that it will take no more requests.
func (c *conn) leaving() bool { return c.isH2() && c.h2.ends[clientSide].Leaving() }

// beginH2 prepares a connection for frames: the preface goes along with the first request.
func (w *World) beginH2(now sim.Time, c *conn) {
	l := c.leg()
	if !l.http.H2 {
		return
	}
	if c.h2 == nil {
		c.h2 = &h2conn{}
	}
	h := c.h2
	h.on, h.came = true, h.came[:0]
	h.frames[clientSide].Reset()
	h.frames[serverSide].Reset()
	h.ends[clientSide].Init(http2.Client, &w.chrome, &h.frames[serverSide], &h.frames[clientSide])
	h.ends[serverSide].Init(http2.Server, &w.nginx, &h.frames[clientSide], &h.frames[serverSide])
	up, down := l.tls.Bytes(c.resumed)
	h.records[clientSide].reset(up)
	h.records[serverSide].reset(down)
	w.pumpH2(now, c, clientSide)
}

func (r *records) reset(base int64) { *r = records{queue: r.queue[:0], base: base} }

// wrap notes n bytes of plain text about to be written, and returns what they take on the wire.
func (r *records) wrap(t *tls.Config, n int64) (wire int64) {
	if !t.On() {
		return n
	}
	for n > 0 {
		piece := min(n, t.RecordData())
		n -= piece
		size := t.Wrapped(piece)
		wire += size
		r.wire += size
		r.plain += piece
		r.queue = append(r.queue, record{r.wire, r.plain})
	}
	return wire
}

// plainOf is how much plain text the first received bytes of the stream hold.
func (r *records) plainOf(t *tls.Config, received int64) int64 {
	received -= r.base
	if !t.On() {
		return received
	}
	n := 0
	for n < len(r.queue) && r.queue[n].wire <= received {
		r.open = r.queue[n].plain
		n++
	}
	r.queue = append(r.queue[:0], r.queue[n:]...)
	return r.open
}

// pumpH2 hands the socket as many frames as it should hold.
func (w *World) pumpH2(now sim.Time, c *conn, at side) {
	t := &c.ends[at].tcp
	if t.Shut() || at == serverSide && c.serverReq.phase != kept {
		return
	}
	if n := c.h2.ends[at].Fill(t.Unsent()); n > 0 {
		w.write(now, c, at, c.h2.records[at].wrap(c.leg().tls, n), false)
	}
}

// openStream sends a request.
func (w *World) openStream(now sim.Time, c *conn, id uint32) {
	r := w.requests.at(id)
	first := c.h2.ends[clientSide].Streams() == 0 && c.answered == 0
	ok := c.h2.ends[clientSide].OpenStream(http2.Request{ID: id, Upload: int64(r.item.Upload), Urgency: http2.DefaultUrgency,
		Header: http2.HeaderBytes(first, int64(c.leg().http.RequestHeaders), len(r.item.Path))})
	if !ok {
		w.sendAgain(now, c, id)
		return
	}
	w.pumpH2(now, c, clientSide)
	c.marks = append(c.marks, mark{id, c.ends[clientSide].tcp.Written()})
	w.noteSent(now, c)
}

// sendAgain gives a request that the server did not take another connection.
func (w *World) sendAgain(now sim.Time, c *conn, id uint32) {
	c.drop(id)
	c.origin.forget(c)
	c.origin.waiting.pushFront(id)
	if len(c.carried) == 0 { // and nothing else may come
		w.shut(now, c, clientSide)
	}
	c.origin.pump(now)
}

// readFrames goes on with the frames that came to the client.
func (w *World) readFrames(now sim.Time, c *conn) {
	if !c.secure[clientSide].Done() || c.use == opening {
		return
	}
	h := &c.h2.ends[clientSide]
	plain := c.h2.records[serverSide].plainOf(c.leg().tls, c.ends[clientSide].tcp.Received())
	for e, ok := h.Read(plain); ok; e, ok = h.Read(plain) {
		switch e.Kind {
		case http2.GotHeaders:
			w.recordRequest(now, trace.RequestFirstByte, e.Req, c)
		case http2.GotReset, http2.Refused:
			w.sendAgain(now, c, e.Req)
			continue
		default:
		}
		if e.End && e.Req != 0 {
			w.receivedResponse(now, c, e.Req)
		}
	}
	w.pumpH2(now, c, clientSide)
}

// readRequests finds the requests in what has come to the server's host.
func (w *World) readRequests(now sim.Time, c *conn) {
	h := &c.h2.ends[serverSide]
	plain := c.h2.records[clientSide].plainOf(c.leg().tls, c.ends[serverSide].tcp.Received())
	for e, ok := h.Read(plain); ok; e, ok = h.Read(plain) {
		if e.End && e.Req != 0 {
			w.requests.at(e.Req).stream = e.Stream
			w.recordArrived(now, c, e.Req)
			c.h2.came = append(c.h2.came, e.Req)
		}
	}
}

// takeUpStreams begins the requests that came as streams: one at a time, or all where the server can.
func (s *server) takeUpStreams(now sim.Time, c *conn) {
	s.w.pumpH2(now, c, serverSide)
	for h := c.h2; len(h.came) > 0 && c.serverReq.phase == kept && (c.serverReq.inWork == 0 || s.parallel()); {
		id := h.came[0]
		h.came = append(h.came[:0], h.came[1:]...)
		if s.w.requests.at(id).conn == c.id {
			s.begin(now, c, id)
		}
	}
}

// respondH2 hands a response to the server's frames; with the last one the server announces that it leaves.
func (w *World) respondH2(now sim.Time, c *conn, q *request, last bool) {
	h := &c.h2.ends[serverSide]
	h.Respond(q.stream, http2.ResponseBytes(true, int64(c.leg().http.ResponseHeaders)), q.body())
	if last && !h.Leaving() {
		h.GoAway()
	}
	w.pumpH2(now, c, serverSide)
}
