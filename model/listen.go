package model

import (
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// half is the place of a connection in the SYN queue.
type half uint8

const (
	notHalf half = iota
	young        // half-open, and its SYN-ACK's timer has not run out
	mature       // half-open for longer
)

// maxSYNBacklog bounds half-open connections where SYN cookies are off, whatever the backlog (tcp_max_syn_backlog as it
// was read where the measurements were made; Linux sizes it by memory, 128 at least).
const maxSYNBacklog = 2048

// Linux sends a SYN-ACK again five times (tcp_synack_retries), and twice at least however crowded the SYN queue is.
const (
	synAckRetries = 5
	synAckLeast   = 2
)

// queued is how many connections are in the accept queue. A program whose cores are busy with other work has not called
// accept yet.
func (s *server) queued() int { return s.backlog.len() + s.accepting }

// crowded tells whether the accept queue is full (sk_acceptq_is_full).
func (s *server) crowded() bool { return s.queued() > s.cfg.Backlog }

// flooded tells whether the SYN queue is full (inet_csk_reqsk_queue_is_full).
func (s *server) flooded() bool { return s.half > s.cfg.Backlog }

// admits decides whether TCP takes a segment of a connection that is not established: SYNs, and the ACK that completes a
// handshake, with or without data. The socket's queues may have no room (tcp_conn_request, tcp_v4_syn_recv_sock).
func (s *server) admits(now sim.Time, c *conn, seg *tcp.Segment) bool {
	t := &c.ends[serverSide].tcp
	syn := seg.Flags&(tcp.SYN|tcp.ACK) == tcp.SYN
	switch t.State() {
	case tcp.Listen:
		if syn && !seg.Has(tcp.RST) {
			return s.admitsSYN(now, c, seg)
		}
		return !t.Believes(now, seg) || s.takes(c)
	case tcp.SynReceived: // a SYN that came again is answered whatever the queues hold (tcp_check_req)
		fast := c.serverReq.phase != unseen // its SYN carried data: it is in the accept queue since (tcp_fastopen_create_child)
		return syn || fast || seg.Has(tcp.RST) || s.takes(c)
	}
	return true
}

// takes tells whether the accept queue has room. If not the ACK is forgotten: with the next the client may try again
// (tcp_check_req, unless tcp_abort_on_overflow).
func (s *server) takes(c *conn) bool {
	if s.crowded() {
		s.dropped(c, trace.DroppedFinalACK)
		return false
	}
	return true
}

// admitsSYN finds a place in the SYN queue for the connection. Where there is none a cookie is sent, or nothing.
func (s *server) admitsSYN(now sim.Time, c *conn, seg *tcp.Segment) bool {
	full := s.flooded()
	if !s.cfg.SYNCookies && (full || maxSYNBacklog-s.half < maxSYNBacklog>>2) { // the last quarter is for peers known from before; none is, here
		s.dropped(c, trace.DroppedHalfOpen)
		return false
	}
	if s.crowded() {
		s.dropped(c, trace.DroppedSYN)
		return false
	}
	if full {
		s.w.record(trace.Record{Kind: trace.SYNCookie, Actor: s.actor, Conn: c.id})
		c.ends[serverSide].tcp.AnswerWithCookie(now, seg)
		s.w.settle(now, c, serverSide)
		return false
	}
	if seg.Len == 0 || !s.w.cfg.TCP.FastOpen { // else it goes straight to the accept queue (tcp_try_fastopen)
		c.serverReq.half = young
		s.half++
		s.young++
	}
	return true
}

func (s *server) dropped(c *conn, what uint16) {
	s.w.record(trace.Record{Kind: trace.BacklogDrop, Flags: what, Actor: s.actor, Conn: c.id})
}

// leaveSYNQueue is called when a handshake is complete, or has come to nothing.
func (s *server) leaveSYNQueue(sc *serverConn) {
	switch sc.half {
	case young:
		s.young--
		s.half--
	case mature:
		s.half--
	case notHalf:
	}
	sc.half = notHalf
}

// synAcks is how often a SYN-ACK is sent again. Half of the SYN queue is kept for the young: as it fills up with mature
// connections these are given up sooner (reqsk_timer_handler).
func (s *server) synAcks() int8 {
	n := synAckRetries
	if 2*s.half <= max(8, s.cfg.Backlog) {
		return int8(n)
	}
	for young := 2 * s.young; n > synAckLeast && s.half >= young; young *= 2 {
		n--
	}
	return int8(n)
}

// onSYNAckTimer sends a SYN-ACK again, or gives the connection up: what still comes of it meets the listening socket.
func (s *server) onSYNAckTimer(now sim.Time, c *conn) {
	sc, t := &c.serverReq, &c.ends[serverSide].tcp
	t.LimitSYNAcks(s.synAcks())
	if t.OnTimer(now)&tcp.TimedOut != 0 {
		s.leaveSYNQueue(sc)
		t.Init(&s.w.cfg.TCP, &s.w.out)
		t.Listen()
	} else if sc.half == young {
		sc.half = mature
		s.young--
	}
	s.w.settle(now, c, serverSide)
	s.w.retire(c)
}

// accept takes connections from the queue while nothing holds them back, and tells what does.
func (s *server) accept(now sim.Time) (why limit) {
	for s.backlog.len() > 0 && !s.parked.draining {
		if why, wait := s.holdsBack(now); wait {
			return why
		}
		c := s.w.conns[s.backlog.pop()]
		if why := s.turnsAway(c); why != noLimit {
			s.refuse(now, c, why)
			continue
		}
		if s.cfg.ThreadPerConnection {
			s.workers++
		}
		s.open++
		s.accepting++
		c.serverReq.phase, c.serverReq.since = accepting, uint32(now/sim.Millisecond)
		s.w.wake(now, s.cfg.Wake, evServerWake, c, 0)
	}
	return noLimit
}

// accepted ends an accept: the connection waits for its first request, or has it already.
func (s *server) accepted(now sim.Time, c *conn) {
	c.serverReq.phase = kept
	s.recordMemory(now)
	s.next(now, c)
}
