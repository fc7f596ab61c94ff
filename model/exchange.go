package model

import (
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// onClientSignal is what the client's program learns from its sockets.
func (w *World) onClientSignal(now sim.Time, c *conn, sig tcp.Signal) {
	if sig == tcp.Data && c.ends[clientSide].tcp.Received() < c.quiet {
		return
	}
	if sig&tcp.Opened != 0 && !c.fast {
		cfg := c.leg().client
		w.wake(now, cfg.Wake+cfg.CPU.Connect, evOpened, c, 0)
	}
	if sig&tcp.Data != 0 {
		w.onClientData(now, c)
	}
	if sig&tcp.EndOfFile != 0 {
		w.onServerClosed(now, c)
	}
	if sig&(tcp.Aborted|tcp.TimedOut) != 0 {
		w.onBroken(now, c, sig)
	}
	if sig&tcp.Done != 0 {
		w.clientDone(now, c)
	}
}

func (w *World) onClientData(now sim.Time, c *conn) {
	if c.quiet == deaf {
		return
	}
	if !c.secure[clientSide].Done() {
		w.onFlight(now, c)
	}
	if c.isH2() {
		w.readFrames(now, c)
		return
	}
	if c.untilEOF {
		w.noteFirst(now, c)
		return
	}
	w.checkResponses(now, c)
}

// wake schedules an event of a program that sleeps, or runs it at once if waking costs nothing. It is about request
// req, or about the connection as a whole: 0.
func (w *World) wake(now, delay sim.Time, kind uint32, c *conn, req uint32) {
	c.awaited++
	arg := int64(req)<<32 | int64(c.slot)
	if delay > 0 {
		w.eng.At(now+delay, w.self, kind, arg)
		return
	}
	cause, by := w.cause, w.causeBy
	w.OnEvent(now, kind, arg)
	w.cause, w.causeBy = cause, by
}

// sendRequest writes the request that was bound to c first of those not written yet.
func (w *World) sendRequest(now sim.Time, c *conn) {
	if len(c.toSend) == 0 { // the connection broke meanwhile
		return
	}
	id := c.toSend[0]
	c.toSend = append(c.toSend[:0], c.toSend[1:]...)
	r := w.requests.at(id)
	w.recordRequest(now, trace.RequestSending, id, c)
	if c.isH2() {
		w.openStream(now, c, id)
		return
	}
	l := c.leg()
	n := l.requestBytes(r.item)
	c.up.Push(id, n, n)
	c.down.Push(id, l.tls.Wrapped(l.recordsOf(r)), l.tls.FirstRecord(l.answerBytes(r)))
	w.noteEarly(c, n)
	c.untilEOF = l.http.Minor == 0 && !l.http.Persistent && l.unread(r) == 0
	c.marks = append(c.marks, mark{id, c.ends[clientSide].tcp.Written() + n})
	w.writeRequest(now, c, id)
}

// answerBytes is the length of the answer to a request, which a proxy may not have.
func (l *leg) answerBytes(r *request) int64 {
	return max(int64(l.http.ResponseHeaders)+r.body(), 1)
}

// body is what the answer to a request brings: what was asked for, or the few words of a proxy without it.
func (r *request) body() int64 {
	if r.status == trace.BadGateway || r.status == trace.GatewayTimeout {
		return errorPage
	}
	return int64(r.item.Size)
}

// unread is how much of a response the client leaves; a proxy reads all.
func (l *leg) unread(r *request) int64 {
	if l.http.H2 || l.mark != 0 || r.body() != int64(r.item.Size) {
		return 0
	}
	return int64(r.item.Unread)
}

// readBytes is how much of a response the client reads.
func (l *leg) readBytes(r *request) int64 { return max(l.answerBytes(r)-l.unread(r), 1) }

// recordsOf is how much of a response must have come for that: TLS is read by the record.
func (l *leg) recordsOf(r *request) int64 {
	n := l.readBytes(r)
	if l.tls.On() {
		record := l.tls.RecordData()
		n = min((n+record-1)/record*record, l.answerBytes(r))
	}
	return n
}

// noteFirst tells the trace of the first byte of a response.
func (w *World) noteFirst(now sim.Time, c *conn) {
	if id, ok := c.down.First(c.ends[clientSide].tcp.Received()); ok {
		w.recordRequest(now, trace.RequestFirstByte, id, c)
		c.quiet = c.down.End()
	}
}

// checkResponses goes on with the responses of c that are complete.
func (w *World) checkResponses(now sim.Time, c *conn) {
	for len(c.carried) > len(c.toRead) && c.quiet != deaf {
		w.noteFirst(now, c)
		id, ok := c.down.Complete(c.ends[clientSide].tcp.Received())
		if !ok {
			return
		}
		c.quiet = 0
		w.receivedResponse(now, c, id)
	}
}

// receivedResponse lets the client read a response that is complete.
func (w *World) receivedResponse(now sim.Time, c *conn, id uint32) {
	r := w.begin(now, trace.RequestReceived, c.client.actor, id, c)
	r.Pkt = w.causeBy
	w.hand()
	if c.leg().unread(w.requests.at(id)) > 0 {
		c.quiet = deaf
	}
	c.toRead = append(c.toRead, id)
	cfg := c.leg().client
	w.wake(now, cfg.Wake+cfg.CPU.Response, evRead, c, id)
}

// onResponseRead ends a request well and decides what becomes of its connection (RFC 9112, 9.3).
func (w *World) onResponseRead(now sim.Time, c *conn) {
	id := c.toRead[0]
	c.toRead = append(c.toRead[:0], c.toRead[1:]...)
	c.drop(id)
	c.answered++
	r := w.requests.at(id)
	w.endRequest(now, id, c, r.status, c.leg().readBytes(r))
	if c.quiet == deaf {
		w.cutOff(now, c)
	} else {
		w.afterResponse(now, c)
	}
	w.clientOf(id).onEnded(now, id)
	w.recordPool(now, c.client)
}

// afterResponse keeps the connection, or gives it up when its last answer has been read.
func (w *World) afterResponse(now sim.Time, c *conn) {
	l := c.leg()
	keep := l.keeps(c.server, int(c.answered)) && !(c.serverReq.final && c.answered >= c.serverReq.served) && !c.stale && c.use != closing
	switch {
	case keep && len(c.carried) == 0:
		c.origin.release(now, c)
	case keep:
		c.origin.fill(now, c)
	case len(c.carried) > 0 && c.isH2(): // the streams that are open may still end
		c.origin.forget(c)
	default:
		w.abandon(now, c, trace.Reset) // pipelined behind the last answer
		if l.http.ClientCloses || c.stale || l.http.Persistent || c.isH2() {
			w.shut(now, c, clientSide)
		}
		c.origin.pump(now)
	}
}

// deaf, in conn.quiet, is a client that reads no more.
const deaf = 1<<63 - 1

// cutOff gives up a connection on which a response was not read to its end: what is left of it would be taken for the
// next (RFC 9112, 9.3).
func (w *World) cutOff(now sim.Time, c *conn) {
	c.origin.forget(c)
	w.hangUp(now, c)
	w.abandon(now, c, trace.Reset)
	c.origin.pump(now)
}

// hangUp is close(2): a RST if bytes have come that the program has not read, else a FIN (tcp_close). Bytes that come
// later are answered with a RST.
func (w *World) hangUp(now sim.Time, c *conn) {
	e := &c.ends[clientSide]
	if !c.down.Beyond(e.tcp.Received()) {
		w.shut(now, c, clientSide)
		return
	}
	if n := c.leg().tls.CloseNotify(); n > 0 && c.secure[clientSide].Done() && !e.tcp.Ended() {
		e.tcp.Write(now, n, false)
	}
	open := !over(&e.tcp)
	e.tcp.Abort(now)
	w.settle(now, c, clientSide)
	if open {
		w.clientDone(now, c)
	}
}

// drop takes a request that has ended off c.
func (c *conn) drop(id uint32) {
	c.client.w.requests.at(id).slot = 0
	for i, q := range c.carried {
		if q == id {
			c.carried = append(c.carried[:i], c.carried[i+1:]...)
			break
		}
	}
	c.req = 0
	if len(c.carried) > 0 {
		c.req = c.carried[0]
	}
}

// onServerClosed handles the server's FIN: the end of a response that has no length, a courtesy, or a broken promise.
func (w *World) onServerClosed(now sim.Time, c *conn) {
	c.stale = true
	if c.quiet == deaf {
		return // it is about to close, and does not look any more
	}
	switch c.use {
	case busy:
		if c.untilEOF {
			w.checkResponses(now, c)
		}
		if len(c.carried) > len(c.toRead) {
			w.abandon(now, c, trace.Reset)
			c.origin.pump(now)
		}
	case idle:
		c.origin.unidle(c)
		c.origin.forget(c)
	case opening: // during its TLS handshake
		c.origin.failOpening(now, c, trace.Reset)
	case closing:
		if len(c.carried) > len(c.toRead) { // streams of a connection that was leaving
			w.abandon(now, c, trace.Reset)
			c.origin.pump(now)
		}
	case unused:
	}
	w.shut(now, c, clientSide)
}

// onBroken handles a reset, or a peer that never answered.
func (w *World) onBroken(now sim.Time, c *conn, sig tcp.Signal) {
	c.stale = true
	status := trace.Reset
	switch {
	case sig&tcp.TimedOut != 0:
		status = trace.Timeout
	case c.use == opening && c.opened == 0:
		status = trace.Refused
	}
	switch c.use {
	case opening:
		c.origin.failOpening(now, c, status)
	case busy, closing:
		if len(c.carried) > len(c.toRead) {
			w.abandon(now, c, status)
			c.origin.pump(now)
		}
	case idle:
		c.origin.unidle(c)
		c.origin.forget(c)
	case unused:
	}
}

// clientDone notes that the client's end of c is over: its port is free, or in TIME_WAIT.
func (w *World) clientDone(now sim.Time, c *conn) {
	if c.use != closing {
		c.origin.forget(c)
	}
	w.freePort(now, c)
	w.recordPool(now, c.client)
}

// freePort gives the port of a client's socket that is over back, at once or after TIME_WAIT.
func (w *World) freePort(now sim.Time, c *conn) {
	book := c.client.portsTo(c.server)
	if c.ends[clientSide].tcp.State() == tcp.TimeWait {
		book.rest(now + c.leg().client.TimeWait)
	} else {
		book.give()
	}
}
