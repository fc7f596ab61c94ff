package tcp

import "keepalive/sim"

// sender is the half of a connection that sends (RFC 9293's SND variables), with its scoreboard.
type sender struct {
	una       int64 // oldest unacknowledged sequence number
	next      int64 // next new sequence number to send
	end       int64 // sequence number after the last byte written
	window    int64 // the peer's receive window, from una on
	windowSeq int64 // of the segment that set it (RFC 9293's SND.WL1)
	lastSent  sim.Time
	smallEnd  int64 // after the last segment that was not full

	ring      sentRing
	sacked    int32  // in ring and arrived out of order
	lost      int32  // in ring and believed lost
	again     int32  // sent again and believed under way
	lostEver  int32  // losses believed so far
	known     *known // nil: nothing out has been acknowledged selectively
	firstLost int64  // no segment before this waits to be sent again
	probeSeq  int64  // next when the tail-loss probe left; 0: none is out

	synAgainAt uint32 // timestamp of the first handshake segment sent again
	synAgain   uint8  // how many were
	synTimeout bool   // one of them because nobody answered

	probeAgain bool  // the probe was an old segment
	fin        bool  // the stream ends at end
	finOut     bool  // the FIN has been sent
	held       Limit // what stops the sender now
}

// noneLost is beyond every sequence number.
const noneLost = 1<<63 - 1

// inFlight is how many segments are believed to be in the network (tcp_packets_in_flight).
func (s *sender) inFlight() int32 { return s.ring.n - s.sacked - s.lost + s.again }

// pending tells whether anything new waits to be sent.
func (s *sender) pending() bool { return s.next < s.end || s.fin && !s.finOut }

// push sends the new data that the windows allow (tcp_write_xmit). why says what had held it back.
func (c *Conn) push(now sim.Time, why Limit) {
	switch c.state {
	case Established, FinWait1, CloseWait, Closing, LastAck:
	case SynReceived:
		if !c.halfOpen {
			return
		}
	default:
		return
	}
	s := &c.snd
	s.held = LimitNone
	if !s.pending() {
		return
	}
	if len(s.ring.buf) == 0 {
		c.reserve()
	}
	sentAny, batch, left, alone := false, 0, 0, true
	for s.pending() {
		n, stop := c.nextLen(false)
		if stop == LimitNone && left == 0 && c.cfg.TSO {
			if batch == 0 {
				batch = c.batch()
			}
			if c.waitsForMore(now, batch) {
				stop = LimitCwnd
			}
			left = c.batchNow(batch)
			alone = left == 1
		}
		if stop != LimitNone {
			s.held = stop
			break
		}
		left--
		c.sendNew(now, n, why, left == 0 && !alone)
		sentAny = true
	}
	limited := s.held == LimitCwnd || s.inFlight() >= c.cc.cwnd
	if sentAny || limited {
		c.validate(now, limited)
	}
	if sentAny {
		c.scheduleProbe(now, false)
	}
	if s.ring.n == 0 && s.held == LimitPeer && c.timer == timerOff {
		c.armPersist(now)
	}
}

// reserve takes a ring as large as the window can fill, so that it need not grow step by step.
func (c *Conn) reserve() {
	s, mss := &c.snd, int64(c.cfg.MSS)
	s.ring.grow(c.out, int(min((s.end-s.next)/mss+1, s.window/mss+1, int64(c.cc.cwnd))))
}

// nextLen is the payload of the next new segment, or what forbids it. A probe asks no congestion window.
func (c *Conn) nextLen(probe bool) (int32, Limit) {
	s := &c.snd
	if !probe && s.inFlight() >= c.cc.cwnd {
		return 0, LimitCwnd
	}
	n := min(s.end-s.next, int64(c.cfg.MSS))
	room := s.una + s.window - s.next
	if n > room {
		return 0, LimitPeer // no silly windows (RFC 9293, 3.8.6.2.1)
	}
	if c.cfg.Nagle && n < int64(c.cfg.MSS) && s.smallEnd > s.una && !s.fin && !probe {
		return 0, LimitNagle
	}
	return int32(n), LimitNone
}

// sendNew sends the next n bytes; with push set they end a batch, which the receiver is told.
func (c *Conn) sendNew(now sim.Time, n int32, why Limit, push bool) {
	s := &c.snd
	seq, f, t := s.next, ACK, tag(0)
	s.next += int64(n)
	last := s.next == s.end
	if n > 0 && (last || push) {
		f |= PSH
	}
	if s.fin && last {
		f |= FIN
		t = tagFIN
		s.finOut = true
		s.next++
		s.end = s.next
	}
	if c.cfg.Congestion == Cubic && s.inFlight() == 0 {
		c.cc.cubic.onIdle(c.cfg.jiffies(now), c.cfg.jiffies(s.lastSent))
	}
	p := s.ring.push(c.out)
	p.seq, p.at, p.len, p.tag = seq, now, n, t
	if n > 0 {
		c.noteDataSent(now)
	}
	if c.cc.reducing() {
		c.cc.prrOut++
	}
	if n < int32(c.cfg.MSS) {
		s.smallEnd = s.next
	}
	c.emit(now, seq, f, why).Len = n
	c.ackSent()
	if s.ring.n == 1 || c.timer == timerProbe {
		c.rearm(now)
	}
}

// noteDataSent tells that data leaves now.
func (c *Conn) noteDataSent(now sim.Time) {
	c.snd.lastSent = now
	c.rcv.noteDataSent(now)
}

// retransmitLost sends again what is believed lost, oldest first, while the window allows (tcp_xmit_retransmit_queue).
func (c *Conn) retransmitLost(now sim.Time) {
	s := &c.snd
	r := &s.ring
	rearm := false
	i := r.find(s.firstLost)
	for ; i < r.n && s.again < s.lost; i++ {
		p := r.at(i)
		if p.tag&(tagLost|tagSacked|tagAgain) != tagLost {
			continue
		}
		if s.inFlight() >= c.cc.cwnd {
			break
		}
		c.retransmit(now, i)
		rearm = rearm || i == 0 && c.timer != timerReorder
	}
	s.firstLost = noneLost
	if i < r.n {
		s.firstLost = r.at(i).seq
	}
	if rearm {
		c.setTimer(now, timerRTO, c.rtt.rto)
	}
}

// retransmit sends the i-th outstanding segment again and counts it (tcp_retransmit_skb).
func (c *Conn) retransmit(now sim.Time, i int32) {
	p := c.snd.ring.at(i)
	c.resend(now, p)
	p.tag |= tagAgain
	c.snd.again++
	g := &c.cc
	if g.reducing() {
		g.prrOut++
	}
	if g.firstAgain == 0 {
		g.firstAgain = now
	}
	g.undoAgain = max(g.undoAgain, 0) + 1
}

func (c *Conn) resend(now sim.Time, p *sent) {
	p.at = now
	p.tag |= tagEver
	f := ACK
	if p.tag&tagFIN != 0 {
		f |= FIN
	}
	if p.len > 0 {
		c.noteDataSent(now)
	}
	seg := c.emit(now, p.seq, f, LimitRecovery)
	seg.Len, seg.Retransmitted = p.len, true
	c.ackSent()
}

// armPersist starts the persist timer (RFC 9293, 3.8.6.1): a window that opens must not be missed.
func (c *Conn) armPersist(now sim.Time) {
	c.setTimer(now, timerPersist, c.rtt.rto<<min(c.retries, 10))
}

// probeWindow fills a window that is too small for a full segment, or asks for one with an old sequence number
// (tcp_probe_timer, tcp_write_wakeup). A peer that answers may keep its window shut for ever.
func (c *Conn) probeWindow(now sim.Time) Signal {
	s := &c.snd
	if !s.pending() || s.ring.n > 0 {
		return 0
	}
	if c.probes >= maxRetries {
		return c.giveUp()
	}
	if room := s.una + s.window - s.next; room > 0 {
		c.retries, c.probes = 0, 0
		c.sendNew(now, int32(min(s.end-s.next, int64(c.cfg.MSS), room)), LimitPeer, false)
		return 0
	}
	c.probes++
	c.retries = min(c.retries+1, maxRetries)
	c.emit(now, s.una-1, ACK, LimitPeer)
	c.armPersist(now)
	return 0
}
