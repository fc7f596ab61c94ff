package tcp

import "keepalive/sim"

// rack detects losses by time (RFC 8985): a segment is lost if one sent later has arrived, and with it a round trip
// and a reordering window have passed since it was sent.
type rack struct {
	at  sim.Time // when the segment that was sent last, of those that arrived, was sent
	end int64    // where it ends
	rtt sim.Time // its round trip
}

// advance notes that p has arrived (RFC 8985, 6.2 step 2; tcp_rack_advance).
func (c *Conn) advance(now sim.Time, p *sent) {
	rtt := now - p.at
	if rtt < c.rtt.least && p.tag&(tagAgain|tagEver) != 0 {
		return // it is the first copy that arrived
	}
	k := &c.rack
	c.rackMoved, k.rtt = true, rtt
	if end := p.end(); sentAfter(p.at, k.at, end, k.end) {
		k.at, k.end = p.at, end
	}
}

func sentAfter(at, than sim.Time, end, thanEnd int64) bool {
	return at > than || at == than && end > thanEnd
}

// reordering is how much later than expected a segment may come (tcp_rack_reo_wnd). This path keeps the order, so
// nothing ever widens the window.
func (c *Conn) reordering() sim.Time {
	if c.cc.state >= caRecovery || c.snd.sacked >= duplicates {
		return 0
	}
	return min(c.rtt.least/4, c.rtt.srtt())
}

// detectLosses tags what is lost by now and says how long to wait for the next to become so; 0: none waits.
func (c *Conn) detectLosses(now sim.Time) (wait sim.Time) {
	k, r := &c.rack, &c.snd.ring
	window := c.reordering()
	for i := range r.n {
		p := r.at(i)
		if p.tag&tagSacked != 0 || p.tag&(tagLost|tagAgain) == tagLost || !sentAfter(k.at, p.at, k.end, p.end()) {
			continue
		}
		if left := k.rtt + window - (now - p.at); left > 0 {
			wait = max(wait, left)
		} else {
			c.tagLost(p)
		}
	}
	return wait
}

// tagLost notes that a segment is believed lost; or its retransmission, if that was under way (tcp_mark_skb_lost).
func (c *Conn) tagLost(p *sent) {
	s := &c.snd
	if p.tag&tagLost == 0 {
		p.tag |= tagLost
		s.lost++
		s.lostEver++
	} else if p.tag&tagAgain != 0 {
		s.lostEver++
	}
	if p.tag&tagAgain != 0 {
		p.tag &^= tagAgain
		s.again--
	}
	s.firstLost = min(s.firstLost, p.seq)
}

// identifyLosses looks for losses after an acknowledgement and waits for the reordering window (tcp_rack_mark_lost).
func (c *Conn) identifyLosses(now sim.Time, a *ack) {
	if !c.rackMoved {
		return
	}
	c.rackMoved = false
	again := c.snd.again
	if wait := c.detectLosses(now); wait > 0 {
		c.setTimer(now, timerReorder, min(wait+timeoutMin, c.rtt.rto))
		a.flags &^= ackTimer
	}
	if c.snd.again < again {
		a.flags |= ackLostAgain
	}
}

// onReorderTimer ends the waiting for segments that may have been overtaken (tcp_rack_reo_timeout).
func (c *Conn) onReorderTimer(now sim.Time) {
	before := c.snd.inFlight()
	c.detectLosses(now)
	if c.snd.inFlight() != before {
		if c.cc.state != caRecovery {
			c.enterRecovery()
			c.reduce(1, 0, false)
		}
		c.retransmitLost(now)
	}
	if c.timer != timerRTO {
		c.rearm(now)
	}
}

// timeoutMin is the least a loss probe or the reordering timer waits (TCP_TIMEOUT_MIN).
const timeoutMin = 2 * sim.Millisecond

// scheduleProbe sets the timer for a tail-loss probe: two round trips, or what is left of the timeout
// (RFC 8985, 7.2; tcp_schedule_loss_probe). fresh: the timeout would begin anew now.
func (c *Conn) scheduleProbe(now sim.Time, fresh bool) bool {
	s := &c.snd
	if s.ring.n == 0 || c.halfOpen || c.cc.state != caOpen && c.cc.state != caCWR {
		return false
	}
	wait := rtoInitial
	if srtt := c.rtt.srtt(); srtt > 0 {
		wait = 2*srtt + timeoutMin
		if s.ring.n == 1 {
			wait = 2*srtt + rtoMin
		}
	}
	left := c.rtt.rto
	if !fresh {
		left = c.rtoLeft(now)
	}
	if left > 0 {
		wait = min(wait, left)
	}
	c.setTimer(now, timerProbe, wait)
	return true
}

// sendLossProbe sends new data, or the last segment again, so that its acknowledgement shows what was lost
// (RFC 8985, 7.3; tcp_send_loss_probe). One probe may be out at a time.
func (c *Conn) sendLossProbe(now sim.Time) {
	s := &c.snd
	if s.probeSeq == 0 {
		s.probeAgain = false
		n, stop := c.nextLen(true)
		if s.pending() && stop == LimitNone {
			c.sendNew(now, n, s.held, false)
		} else {
			c.resend(now, s.ring.at(s.ring.n-1))
			s.probeAgain = true
		}
		s.probeSeq = s.next
		c.timer = timerOff
	}
	c.rearm(now)
}

// onProbeAck decides what the acknowledgement of a probe says (RFC 8985, 7.4; tcp_process_tlp_ack).
func (c *Conn) onProbeAck(now sim.Time, acked int64, a *ack) {
	s := &c.snd
	switch {
	case acked < s.probeSeq:
	case !s.probeAgain, a.has(ackProbeDup):
		s.probeSeq = 0
	case acked > s.probeSeq: // it repaired a loss that nothing else has shown
		c.beginReduction()
		c.cc.state = caCWR
		c.endReduction()
		c.tryKeepOpen()
	case !a.has(ackAdvanced | ackNotDuplicate | ackSacked):
		s.probeSeq = 0
	}
}
