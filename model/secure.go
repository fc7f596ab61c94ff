package model

import (
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// beginTLS starts the handshake of a connection that TCP has opened: the client prepares its hello.
func (w *World) beginTLS(now sim.Time, c *conn) {
	t := c.leg().tls
	c.resumed = c.origin.ticket && t.Resumption != tls.Full
	c.secure[clientSide].Init(t, true, c.resumed)
	c.secure[serverSide].Init(t, false, c.resumed)
	w.wake(now, c.clientTLS(), evSecure, c, 0)
}

// clientTLS is the client's CPU time for one of its two flights. A resumed handshake has no signature to check.
func (c *conn) clientTLS() sim.Time {
	d := c.leg().client.CPU.TLS / 2
	if c.resumed {
		d /= resumedShare
	}
	return d
}

// resumedShare is how many times less CPU time a resumed handshake takes: it has no signature.
const resumedShare = 4

// sendFlight writes the client's flight; after the last one, or with the hello where a ticket allows it, requests follow.
func (w *World) sendFlight(now sim.Time, c *conn) {
	h := &c.secure[clientSide]
	if c.use == closing || c.stale {
		return
	}
	n, ok := h.Turn()
	if !ok {
		w.secured(now, c)
		return
	}
	h.Sent()
	c.up.Skip(n)
	w.write(now, c, clientSide, n, false)
	if h.Done() || h.Early() && c.use == opening {
		w.secured(now, c)
	}
}

// onFlight takes what came of the server's flight.
func (w *World) onFlight(now sim.Time, c *conn) {
	h := &c.secure[clientSide]
	if !h.Received(c.ends[clientSide].tcp.Received()) {
		return
	}
	d := c.leg().client.Wake
	switch {
	case c.use != opening:
		d = 0 // requests are under way: the rest must be ahead of the next
	case !h.Done():
		d += c.clientTLS()
	}
	w.wake(now, d, evSecure, c, 0)
}

// secured puts a connection over which data may go to use. The offsets of the first response are known now.
func (w *World) secured(now sim.Time, c *conn) {
	if c.use != opening {
		return // the rest of a handshake whose client was early
	}
	t := c.leg().tls
	flights := t.ServerBytes(c.resumed)
	if tickets, size := t.Tickets(); !c.secure[clientSide].Early() {
		flights += int64(tickets) * size
	}
	c.down.Skip(flights)
	c.origin.ticket = true
	r := w.begin(now, trace.ConnSecured, c.client.actor, 0, c)
	r.A = int64(c.opened)
	w.hand()
	w.onConnReady(now, c)
}

// noteEarly leaves room behind a request that went along with the hello: for the rest of the client's flights, and
// for the tickets, which such a server sends after its first answer.
func (w *World) noteEarly(c *conn, n int64) {
	if !c.secure[clientSide].Early() || c.used > 1 {
		return
	}
	c.early = int32(n)
	tickets, size := c.leg().tls.Tickets()
	c.down.Skip(int64(tickets) * size)
}

// handshake goes on with TLS at the server. It tells whether the connection has nothing else to do meanwhile.
func (s *server) handshake(now sim.Time, c *conn) (busy bool) {
	h := &c.secure[serverSide]
	received := c.ends[serverSide].tcp.Received()
	if c.early > 0 && h.Begun() {
		if c.up.Len() > 0 {
			return false // the early request comes first in the stream
		}
		received -= int64(c.early)
	}
	h.Received(received)
	if _, mine := h.Turn(); mine {
		s.unpark(c)
		c.serverReq.phase = securing
		s.w.wake(now, s.cfg.Wake, evServerWake, c, 0)
		return true
	}
	s.sendTickets(now, c)
	return false
}

// flightCost is the server's CPU time for one of its flights.
func (s *server) flightCost(c *conn) sim.Time {
	d := s.cfg.CPU.TLS
	switch {
	case c.resumed:
		return d / resumedShare
	case s.leg.tls.Version == tls.V12:
		return d / 2 // the signature with its first flight, the key with the second
	}
	return d
}

// flight writes the server's flight when its CPU time is spent.
func (s *server) flight(now sim.Time, c *conn) {
	h := &c.secure[serverSide]
	n, _ := h.Turn()
	h.Sent()
	c.serverReq.phase = kept
	s.w.write(now, c, serverSide, n, false)
	s.next(now, c)
}

// sendTickets writes the tickets that follow a handshake, each for itself; where the first request was early, after its answer.
func (s *server) sendTickets(now sim.Time, c *conn) {
	n, size := s.leg.tls.Tickets()
	if c.serverReq.tickets || c.early > 0 && c.serverReq.served == 0 || !c.secure[serverSide].Done() {
		return
	}
	c.serverReq.tickets = true
	for range n {
		s.w.write(now, c, serverSide, size, false)
	}
}
