package tcp

import "keepalive/sim"

// ackFlag is what an acknowledgement brought (the FLAG_ bits of net/ipv4/tcp_input.c).
type ackFlag uint16

const (
	ackData      ackFlag = 1 << iota // the segment carried data
	ackWindow                        // it moved the peer's window
	ackAcked                         // it acknowledged data in order
	ackAgain                         // some of that had been sent again
	ackSacked                        // it acknowledged data out of order
	ackAdvanced                      // una moved
	ackOriginal                      // what it acknowledged was sent once, before recovery began
	ackDuplicate                     // it reported a duplicate (RFC 2883)
	ackProbeDup                      // the duplicate was the loss probe
	ackTimer                         // the transmit timer is to be set anew
	ackLostAgain                     // a retransmission was lost too

	ackNotDuplicate = ackData | ackWindow | ackAcked // it is no duplicate ACK
	ackAlert        = ackSacked | ackDuplicate       // it tells of trouble
)

// ack is what onAck gathers about one acknowledgement.
type ack struct {
	flags      ackFlag
	delivered  int32    // segments that it newly reports as received
	firstAcked sim.Time // when the first segment, sent once, that it acknowledges in order was sent; 0: none
	lastAcked  sim.Time
	firstSack  sim.Time // the same for segments acknowledged out of order
	lastSack   sim.Time
}

func (a *ack) has(f ackFlag) bool { return a.flags&f != 0 }

// rexmit says what to send once the window is known.
type rexmit uint8

const (
	rexmitNone rexmit = iota
	rexmitLost        // what is believed lost
	rexmitNew         // new data, to test a timeout (RFC 5682)
)

// onAck takes the acknowledgement that s carries (net/ipv4/tcp_input.c, tcp_ack; RFC 9293, 3.10.7.4).
func (c *Conn) onAck(now sim.Time, s *Segment) Signal {
	snd := &c.snd
	if !s.Has(ACK) || s.Ack > snd.next || s.Ack < snd.una {
		return 0
	}
	var a ack
	prior, outstanding, lost := snd.una, snd.ring.n, snd.lostEver
	c.probes = 0
	c.cc.rested = false
	if s.Ack > snd.una {
		a.flags |= ackAdvanced
		c.retries = 0
	}
	c.updateWindow(s, &a)
	if s.Sacks > 0 {
		c.tagSacked(now, s, prior, &a)
	}
	snd.una = s.Ack
	if outstanding == 0 {
		c.onAckOfNothing(now, s, &a, prior)
		snd.giveKnown(c.out)
		return 0
	}
	finAcked := c.clean(now, s, &a)
	if snd.probeSeq != 0 {
		c.onProbeAck(now, s.Ack, &a)
	}
	what := rexmitNone
	if !a.has(ackNotDuplicate) || a.has(ackAlert) || c.cc.state != caOpen {
		duplicate := !a.has(ackAdvanced | ackNotDuplicate | ackDuplicate)
		what = c.alert(now, s, &a, prior, duplicate)
	}
	if a.has(ackTimer) && !c.scheduleProbe(now, true) {
		c.rearm(now)
	}
	if c.cc.reducing() {
		c.reduce(a.delivered, snd.lostEver-lost, a.has(ackAdvanced))
	} else if a.has(ackAcked) {
		c.grow(now, a.delivered)
	}
	c.recover(now, what)
	if snd.ring.n == 0 && !snd.pending() {
		snd.ring.give(c.out)
		snd.giveKnown(c.out)
	}
	return c.onFinAcked(now, finAcked)
}

// updateWindow takes the peer's window (tcp_ack_update_window).
func (c *Conn) updateWindow(s *Segment, a *ack) {
	snd := &c.snd
	if s.Len > 0 || s.Flags&(SYN|FIN) != 0 {
		a.flags |= ackData
	}
	if s.Ack > snd.una || s.Seq > snd.windowSeq || s.Seq == snd.windowSeq && (s.Window > snd.window || s.Window == 0) {
		a.flags |= ackWindow
		snd.windowSeq, snd.window = s.Seq, s.Window
	}
}

// onAckOfNothing takes an acknowledgement that comes while nothing is out: a late report of a duplicate may still undo
// a reduction or end a loss probe, and a window that was shut may have opened (tcp_ack's no_queue, tcp_ack_probe).
func (c *Conn) onAckOfNothing(now sim.Time, s *Segment, a *ack, prior int64) {
	if a.has(ackDuplicate) {
		c.alert(now, s, a, prior, false)
	}
	snd := &c.snd
	switch {
	case !snd.pending():
	case min(snd.end-snd.next, int64(c.cfg.MSS)) <= snd.una+snd.window-snd.next:
		c.retries = 0
		if c.timer == timerPersist {
			c.timer = timerOff
		}
	default:
		c.armPersist(now)
	}
	if snd.probeSeq != 0 {
		c.onProbeAck(now, s.Ack, a)
	}
}

// clean takes what is acknowledged in order off the ring, and the round-trip samples with it (tcp_clean_rtx_queue).
func (c *Conn) clean(now sim.Time, s *Segment, a *ack) (finAcked bool) {
	snd := &c.snd
	for snd.ring.n > 0 {
		p := snd.ring.at(0)
		if p.end() > s.Ack {
			break
		}
		finAcked = finAcked || p.tag&tagFIN != 0
		c.forget(now, p, a)
		snd.ring.drop()
	}
	sampled := c.sample(now, s, a)
	// A sample from data sent before the oldest segment was sent last must not move that one's timeout.
	if a.has(ackAcked) || sampled && a.firstSack != 0 && snd.ring.n > 0 && a.firstSack < snd.ring.at(0).at {
		a.flags |= ackTimer
	}
	return finAcked
}

// forget keeps the counts right when a segment is acknowledged in order.
func (c *Conn) forget(now sim.Time, p *sent, a *ack) {
	snd := &c.snd
	a.flags |= ackAcked
	switch {
	case p.tag&(tagAgain|tagEver) != 0:
		if p.tag&tagAgain != 0 {
			snd.again--
		}
		a.flags |= ackAgain
	case p.tag&tagSacked == 0:
		a.lastAcked = p.at
		if a.firstAcked == 0 {
			a.firstAcked = p.at
		}
		if p.end() <= c.cc.highSeq {
			a.flags |= ackOriginal
		}
	}
	if p.tag&tagSacked != 0 {
		snd.sacked--
	} else {
		a.delivered++
		c.advance(now, p)
	}
	if p.tag&tagLost != 0 {
		snd.lost--
	}
}

// sample feeds the round trips that an acknowledgement shows to the estimators (tcp_ack_update_rtt; RFC 6298, 3). For
// a segment that was sent again the timestamp tells which copy it was, in whole milliseconds.
func (c *Conn) sample(now sim.Time, s *Segment, a *ack) bool {
	seq, last := sim.Time(-1), sim.Time(-1)
	if a.firstAcked != 0 && !a.has(ackAgain) {
		seq, last = now-a.firstAcked, now-a.lastAcked
	}
	if a.firstSack != 0 {
		last = now - a.lastSack
		if seq < 0 {
			seq = now - a.firstSack
		}
	}
	if seq < 0 && a.has(ackAcked) && s.TSEcr != 0 {
		seq = c.echoed(now, s)
		last = seq
	}
	if last >= 0 {
		c.onSample(now, last)
	}
	if seq < 0 {
		return false
	}
	c.rtt.noteLeast(last)
	c.rtt.sample(seq, c.snd.una, c.snd.next)
	return true
}

// echoed is the round trip by the echoed timestamp, at least 1 ms.
func (c *Conn) echoed(now sim.Time, s *Segment) sim.Time {
	return max(sim.Time(stamp(now)-s.TSEcr), 1) * sim.Millisecond
}

// onFinAcked moves the closing states on when our FIN is acknowledged.
func (c *Conn) onFinAcked(now sim.Time, yes bool) Signal {
	if !yes {
		return 0
	}
	switch c.state {
	case FinWait1:
		c.become(FinWait2)
		c.awaitFIN(now)
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
