package tcp

import "keepalive/sim"

// sender is the half of a connection that sends (RFC 9293's SND variables).
type sender struct {
	una    int64 // oldest unacknowledged sequence number
	next   int64 // next new sequence number to send
	end    int64 // sequence number after the last byte written
	window int64 // the peer's receive window, from una on
	fin    bool  // the stream ends at end
	finOut bool  // the FIN has been sent

	ring     sentRing
	lostOut  int // in ring and believed lost
	rtxOut   int // sent again and not acknowledged
	dupAcks  int // duplicate ACKs: segments that left the network (tcp_reno_sack)
	lastSent sim.Time
	synAt    sim.Time
	held     Limit // what stops the sender now
}

// inFlight is how many segments are believed to be in the network (tcp_packets_in_flight).
func (s *sender) inFlight() int {
	return s.ring.n - s.lostOut - min(s.dupAcks, s.ring.n-s.lostOut) + s.rtxOut
}

// pending tells whether anything new waits to be sent.
func (s *sender) pending() bool { return s.next < s.end || s.fin && !s.finOut }

// push sends what the windows allow: lost segments first, then new data. Limit says what had held it back.
func (c *Conn) push(now sim.Time, why Limit) {
	switch c.state {
	case Established, FinWait1, CloseWait, Closing, LastAck:
	default:
		return
	}
	if c.snd.lostOut > 0 {
		c.retransmitLost(now)
	}
	c.snd.held = LimitNone
	sentAny := false
	for c.snd.pending() {
		n, stop := c.nextLen()
		if stop != LimitNone {
			c.snd.held = stop
			break
		}
		c.sendNew(now, n, why)
		sentAny = true
	}
	if sentAny || c.snd.held == LimitCwnd {
		c.cc.validate(c.snd.held == LimitCwnd, &c.snd)
	}
	if c.snd.ring.n == 0 && c.snd.held == LimitPeer && c.rtoAt == 0 {
		c.armProbe(now)
	}
}

// nextLen is the payload of the next new segment, or what forbids it.
func (c *Conn) nextLen() (int32, Limit) {
	s := &c.snd
	if s.inFlight() >= c.cc.cwnd {
		return 0, LimitCwnd
	}
	n := min(s.end-s.next, int64(c.cfg.MSS))
	room := s.una + s.window - s.next
	if n > room {
		if room < int64(c.cfg.MSS) {
			return 0, LimitPeer // no silly windows (RFC 1122, 4.2.3.4)
		}
		n = room
	}
	if c.cfg.Nagle && n < int64(c.cfg.MSS) && s.ring.n > 0 && !s.fin {
		return 0, LimitNagle
	}
	return int32(n), LimitNone
}

func (c *Conn) sendNew(now sim.Time, n int32, why Limit) {
	s := &c.snd
	seq, f := s.next, ACK
	s.next += int64(n)
	last := s.next == s.end
	fin := s.fin && last
	if last && n > 0 {
		f |= PSH
	}
	if fin {
		f |= FIN
		s.finOut = true
		s.next++
		s.end = s.next
	}
	s.ring.push(sent{seq: seq, at: now, len: n, fin: fin})
	if n > 0 {
		c.rcv.noteDataSent(now)
	}
	s.lastSent = now
	c.emit(now, seq, f, why).Len = n
	c.ackSent()
	if c.rtoAt == 0 || s.ring.n == 1 {
		c.armRTO(now)
	}
}

// retransmitLost sends again what is believed lost, oldest first, while the window allows.
func (c *Conn) retransmitLost(now sim.Time) {
	s := &c.snd
	for i := 0; i < s.ring.n && s.lostOut > 0; i++ {
		p := s.ring.at(i)
		if !p.lost {
			continue
		}
		if s.inFlight() >= c.cc.cwnd && i > 0 {
			return
		}
		p.lost, p.rtx, p.at = false, true, now
		s.lostOut--
		s.rtxOut++
		f := ACK
		if p.fin {
			f |= FIN
		}
		s.lastSent = now
		seg := c.emit(now, p.seq, f, LimitRecovery)
		seg.Len, seg.Retransmitted = p.len, true
		c.ackSent()
		if i == 0 {
			c.armRTO(now)
		}
	}
}

func (s *sender) markAllLost() {
	s.lostOut, s.rtxOut, s.dupAcks = s.ring.n, 0, 0
	for i := range s.ring.n {
		s.ring.at(i).lost = true
	}
}

func (s *sender) markHeadLost() {
	if p := s.ring.at(0); !p.lost {
		if p.rtx {
			s.rtxOut--
		}
		p.lost = true
		s.lostOut++
	}
}

// onAck takes the acknowledgement that s carries (RFC 9293, 3.10.7.4; RFC 5681; RFC 6582).
func (c *Conn) onAck(now sim.Time, s *Segment) Signal {
	if !s.Has(ACK) || s.Ack > c.snd.next || s.Ack < c.snd.una {
		return 0
	}
	if s.Ack == c.snd.una {
		c.onDuplicateAck(s)
		return 0
	}
	c.snd.window = s.Window
	acked, sampled := 0, false
	finAcked := false
	for c.snd.ring.n > 0 && c.snd.ring.at(0).end() <= s.Ack {
		p := c.snd.ring.pop()
		acked++
		finAcked = finAcked || p.fin
		switch {
		case p.lost:
			c.snd.lostOut--
		case p.rtx:
			c.snd.rtxOut--
		}
		if !p.rtx && !sampled {
			sampled = true
			c.rtt.sample(now-p.at, s.Ack, c.snd.next)
		}
	}
	c.snd.una = s.Ack
	c.backoff = 0
	c.snd.dupAcks = max(0, c.snd.dupAcks-max(acked-1, 0))
	c.onProgress(acked)
	c.armRTO(now)
	return c.onFinAcked(finAcked)
}

// onProgress moves the congestion window for an acknowledgement of new data.
func (c *Conn) onProgress(acked int) {
	switch c.cc.phase {
	case open:
		c.snd.dupAcks = 0
		c.cc.onAck(acked)
	case recovery:
		if c.snd.una >= c.cc.recover {
			c.snd.dupAcks = 0
			c.cc.onRepaired()
		} else if c.snd.ring.n > 0 {
			c.snd.markHeadLost() // a partial ACK points at the next hole (RFC 6582, 3.2 step 3)
		}
	case loss_:
		c.snd.dupAcks = 0
		c.cc.onAck(acked)
		if c.snd.una >= c.cc.recover {
			c.cc.onRepaired()
		}
	}
}

func (c *Conn) onDuplicateAck(s *Segment) {
	grew := s.Window != c.snd.window
	c.snd.window = s.Window
	if grew || s.Len > 0 || s.Flags&(SYN|FIN) != 0 || c.snd.ring.n == 0 {
		return
	}
	c.snd.dupAcks++
	if c.cc.phase == open && c.snd.dupAcks >= 3 {
		c.cc.onLoss(c.snd.next)
		c.snd.markHeadLost()
	}
}

// onFinAcked moves the closing states on when our FIN is acknowledged.
func (c *Conn) onFinAcked(yes bool) Signal {
	if !yes {
		return 0
	}
	switch c.state {
	case FinWait1:
		c.become(FinWait2)
	case Closing:
		c.become(TimeWait)
	case LastAck:
		c.become(Closed)
		c.stopTimers()
		return Done
	default:
	}
	return 0
}

// restartAfterIdle shrinks the window when data is written after a pause longer than the retransmission timeout
// (tcp_slow_start_after_idle_check).
func (c *Conn) restartAfterIdle(now sim.Time) {
	if !c.cfg.SlowStartAfterIdle || c.snd.ring.n > 0 || c.snd.lastSent < 0 {
		return
	}
	if idle := now - c.snd.lastSent; idle > c.rtt.rto {
		c.cc.restart(int64(idle / c.rtt.rto))
	}
}

// armProbe starts the persist timer (RFC 9293, 3.8.6.1): a window that opens must not be missed.
func (c *Conn) armProbe(now sim.Time) {
	c.rtoAt = now + min(c.rtt.rto<<min(c.backoff, maxBackoffLog), rtoMax)
}

// probe asks for the peer's window with an old sequence number.
func (c *Conn) probe(now sim.Time) {
	if c.snd.held != LimitPeer {
		return
	}
	c.backoff++
	c.emit(now, c.snd.una-1, ACK, LimitPeer)
	c.armProbe(now)
}
