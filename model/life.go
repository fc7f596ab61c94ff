package model

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// await sets the time until which a connection without a complete request may stay.
//
//	accept ──header_timeout──▶ the first request's head is whole
//	answer ──keep_alive_timeout──▶ the next one's first byte ──header_timeout──▶ its head is whole
//	last answer ──linger──▶ closed, unless the client closes first
func (s *server) await(now sim.Time, c *conn) {
	sc := &c.serverReq
	begun := !c.isH2() && s.headCame(c) > 0
	if sc.served == 0 || !begun {
		s.park(c)
		d := s.cfg.KeepAliveTimeout
		if sc.served == 0 || d == 0 { // or the client is to close, and what tells of it may be lost: a RST is not sent again
			d = s.cfg.HeaderTimeout
		}
		s.armTimer(now, c, d)
	}
	if begun {
		s.partCame(now, c)
	}
}

func (s *server) armTimer(now sim.Time, c *conn, d sim.Time) {
	if d > 0 {
		c.serverReq.timer.Arm(s.w.eng, now+d, s.w.self, evServerIdle, int64(c.slot))
	}
}

// headCame counts the bytes that have come of the oldest request that was not answered.
func (s *server) headCame(c *conn) int64 { return c.up.HeadBytes(c.ends[serverSide].tcp.Received()) }

// headBytes is how many of a request's bytes on its connection are those of its head.
func (l *leg) headBytes(item *Item) (n int64) {
	last := l.parts(item) - 1
	for k := range last {
		n += l.tls.Wrapped(l.part(item, k))
	}
	return n + l.tls.Wrapped(max(l.part(item, last)-int64(item.Upload), 1))
}

// partCame notes that a part of a request has come to a connection without another: it is no longer idle, and the head
// must be whole in time. The time for the first one has begun with the accept (nginx's client_header_timeout). For the
// body there is no limit.
func (s *server) partCame(now sim.Time, c *conn) {
	sc := &c.serverReq
	came := s.headCame(c)
	if sc.inWork > 0 || came == 0 || c.isH2() {
		return
	}
	s.unpark(c)
	switch {
	case came >= s.leg.headBytes(s.w.requests.at(c.up.Head()).item):
		sc.reading = false
		sc.timer.Disarm()
	case !sc.reading:
		sc.reading = true
		if sc.served > 0 {
			sc.timer.Disarm()
			s.armTimer(now, c, s.cfg.HeaderTimeout)
		}
	}
}

// linger writes the last n bytes and ends the stream, but goes on reading, so that what the client still sends does not
// come back as a RST that erases an answer which it has not read (RFC 9112, 9.6). What the connection holds is freed when
// the client has closed too, or the time is over (ngx_http_set_lingering_close, ap_lingering_close).
func (s *server) linger(now sim.Time, c *conn, n int64) {
	sc := &c.serverReq
	sc.phase = lingering
	c.ends[serverSide].tcp.WriteEnd(now, n)
	s.w.settle(now, c, serverSide)
	if sc.eof {
		s.close(now, c)
		return
	}
	s.park(c)
	s.armTimer(now, c, s.cfg.Linger)
}

// rests tells whether the program holds a connection and does nothing with it.
func (s *server) rests(sc *serverConn) bool {
	return sc.phase == lingering || sc.phase == kept && sc.inWork == 0
}

// onServerIdle closes a connection on which nothing came for as long as the server waits. It says nothing to the client,
// as nginx; Apache and Node would send a 408 where a head has begun.
func (w *World) onServerIdle(now sim.Time, c *conn) {
	sc := &c.serverReq
	if !sc.timer.Fired(w.eng, now, w.self, evServerIdle, int64(c.slot)) || !c.server.rests(sc) {
		return
	}
	why := trace.TimerServerIdle
	switch {
	case sc.phase == lingering:
		why = trace.TimerLinger
	case sc.served == 0 || sc.reading:
		why = trace.TimerHeader
	}
	w.cause = trace.CauseTimer
	w.record(trace.Record{Kind: trace.TimerFired, Flags: why, Actor: c.server.actor, Conn: c.id})
	c.server.close(now, c)
}
