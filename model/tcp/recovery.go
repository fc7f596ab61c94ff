package tcp

import "keepalive/sim"

// duplicates is how many segments out of order count as a loss at once (RFC 5681's three duplicate ACKs).
const duplicates = 3

// alert handles an acknowledgement that tells of trouble, or comes while there is some (tcp_fastretrans_alert).
func (c *Conn) alert(now sim.Time, s *Segment, a *ack, prior int64, duplicate bool) rexmit {
	g := &c.cc
	if a.has(ackAdvanced) && c.reneged() { // soon enough all will be sent again (tcp_check_sack_reneging)
		a.flags &^= ackTimer
		c.setTimer(now, timerRTO, max(c.rtt.srtt()/2, 10*sim.Millisecond))
		return rexmitNone
	}
	if g.state == caOpen {
		g.firstAgain = 0
	} else if c.snd.una >= g.highSeq {
		c.endEpisode(s)
	}
	switch g.state {
	case caRecovery:
		if a.has(ackAdvanced) && c.undoPartly(s) {
			return rexmitNone
		}
		if c.undoDuplicates() {
			c.tryKeepOpen()
		}
		c.identifyLosses(now, a)
		if g.state != caRecovery {
			if c.snd.lost == 0 {
				return rexmitNone
			}
			c.enterRecovery()
		}
		return rexmitLost
	case caLoss:
		what := c.onAckInLoss(s, a, duplicate)
		c.identifyLosses(now, a)
		if g.state != caOpen && !a.has(ackLostAgain) {
			return what
		}
		return c.lookForLosses(now, a, what)
	case caOpen, caDisorder, caCWR:
		if g.state != caCWR {
			c.undoDuplicates()
		}
		return c.lookForLosses(now, a, rexmitNone)
	}
	panic("tcp: unknown state of recovery")
}

// lookForLosses enters recovery if anything is lost. If nothing is, what to send is otherwise.
func (c *Conn) lookForLosses(now sim.Time, a *ack, otherwise rexmit) rexmit {
	c.identifyLosses(now, a)
	if c.snd.lost == 0 {
		if c.cc.state != caCWR {
			c.tryKeepOpen()
		}
		return otherwise
	}
	c.enterRecovery()
	return rexmitLost
}

// endEpisode leaves a state whose last segment has been acknowledged.
func (c *Conn) endEpisode(s *Segment) {
	switch c.cc.state {
	case caCWR:
		if c.snd.una != c.cc.highSeq {
			c.endReduction()
			c.cc.state = caOpen
		}
	case caRecovery:
		c.leaveRecovery(s)
		c.endReduction()
	case caOpen, caDisorder, caLoss:
	}
}

// leaveRecovery returns to Open; a reduction that had no reason is undone.
func (c *Conn) leaveRecovery(s *Segment) {
	if c.mayUndo(s) {
		c.undo(false)
	}
	c.cc.state = caOpen
}

// recover sends what an acknowledgement called for (tcp_xmit_recovery).
func (c *Conn) recover(now sim.Time, what rexmit) {
	switch what {
	case rexmitNone:
		return
	case rexmitNew:
		c.push(now, LimitCwnd)
		if c.snd.next > c.cc.highSeq {
			return
		}
		c.cc.frto = false
	case rexmitLost:
	}
	c.retransmitLost(now)
}

// enterRecovery begins fast recovery (tcp_enter_recovery).
func (c *Conn) enterRecovery() {
	g := &c.cc
	g.priorSsthresh = 0
	c.markUndo()
	if !g.reducing() {
		g.priorSsthresh = g.keptThreshold()
		c.beginReduction()
	}
	g.state = caRecovery
}

// beginReduction sets the threshold that proportional rate reduction leads to (RFC 6937; tcp_init_cwnd_reduction).
func (c *Conn) beginReduction() {
	g := &c.cc
	g.highSeq, c.snd.probeSeq = c.snd.next, 0
	g.credit, g.priorCwnd, g.prrDelivered, g.prrOut = 0, g.cwnd, 0, 0
	g.ssthresh = c.threshold()
}

// reduce lets the window follow what arrives, so that it reaches the threshold within a round trip
// (RFC 6937, 3; tcp_cwnd_reduction).
func (c *Conn) reduce(delivered, lost int32, advanced bool) {
	g := &c.cc
	if delivered <= 0 {
		return
	}
	out := c.snd.inFlight()
	room := g.ssthresh - out
	g.prrDelivered += delivered
	var send int32
	if room < 0 {
		prior := int64(g.priorCwnd)
		send = int32((int64(g.ssthresh)*int64(g.prrDelivered)+prior-1)/prior) - g.prrOut
	} else {
		send = max(g.prrDelivered-g.prrOut, delivered)
		if advanced && lost == 0 {
			send++
		}
		send = min(room, send)
	}
	if g.prrOut == 0 {
		send = max(send, 1) // the first retransmission leaves at once
	}
	g.cwnd = out + max(send, 0)
}

// endReduction sets the window to the threshold, unless the reduction was undone (tcp_end_cwnd_reduction).
func (c *Conn) endReduction() {
	g := &c.cc
	if g.ssthresh < neverLimited && (g.state == caCWR || g.undoMarker != 0) {
		g.cwnd = g.ssthresh
	}
}

// tryKeepOpen is Open, or Disorder while something is out of order (tcp_try_keep_open).
func (c *Conn) tryKeepOpen() {
	g, s := &c.cc, &c.snd
	state := caOpen
	if s.sacked+s.lost > 0 || c.anySentAgain() {
		state = caDisorder
	} else {
		g.firstAgain = 0
	}
	if g.state != state {
		g.state = state
		g.highSeq = s.next
	}
}

func (c *Conn) anySentAgain() bool {
	r := &c.snd.ring
	return c.snd.again > 0 || r.n > 0 && r.at(0).tag&tagEver != 0
}

// enterLoss is what a timeout does to the window and the scoreboard (tcp_enter_loss; RFC 5681, 3.1).
func (c *Conn) enterLoss(now sim.Time) {
	g, s := &c.cc, &c.snd
	fresh := g.state < caRecovery
	c.tagTimedOut(now)
	if g.state <= caDisorder || g.highSeq <= s.una || g.state == caLoss && c.retries == 0 {
		g.priorSsthresh = g.keptThreshold()
		g.priorCwnd = g.cwnd
		g.ssthresh = c.threshold()
		c.markUndo()
	}
	g.cwnd, g.credit = s.inFlight()+1, 0
	g.state = caLoss
	g.cubic.reset()
	g.cubic.round(now, s.next)
	g.highSeq, s.probeSeq = s.next, 0
	g.frto = fresh || c.retries > 0
}

// reneged tells whether the peer acknowledges up to something that it had reported, and not that: it must have thrown its
// queue away (RFC 2018, 8).
func (c *Conn) reneged() bool {
	r := &c.snd.ring
	return r.n > 0 && r.at(0).tag&tagSacked != 0
}

// tagTimedOut tags the oldest segment, and all that were sent long enough ago, as lost (tcp_timeout_mark_lost).
func (c *Conn) tagTimedOut(now sim.Time) {
	r := &c.snd.ring
	reneged := c.reneged()
	for i := range r.n {
		p := r.at(i)
		if reneged && p.tag&tagSacked != 0 {
			p.tag &^= tagSacked
			c.snd.sacked--
		}
		if p.tag&tagSacked != 0 || i > 0 && c.rack.rtt-(now-p.at) > 0 {
			continue
		}
		c.tagLost(p)
	}
}

// onAckInLoss tests whether the timeout was needless (RFC 5682, 3.1; tcp_process_loss).
func (c *Conn) onAckInLoss(s *Segment, a *ack, duplicate bool) rexmit {
	g, snd := &c.cc, &c.snd
	recovered := snd.una >= g.highSeq
	if a.has(ackAdvanced) && c.mayUndo(s) {
		c.undoLoss()
		return rexmitNone
	}
	if g.frto {
		if a.has(ackOriginal) { // step 3b: what was sent before the timeout has arrived
			c.undoLoss()
			return rexmitNone
		}
		if snd.next > g.highSeq {
			if a.has(ackSacked) || duplicate {
				g.frto = false // step 3a: the loss was real
			}
		} else if a.has(ackAdvanced) && !recovered {
			g.highSeq = snd.next
			if snd.pending() && snd.una+snd.window > snd.next {
				return rexmitNew // step 2b
			}
			g.frto = false
		}
	}
	if recovered {
		c.leaveRecovery(s)
		return rexmitNone
	}
	return rexmitLost
}

// markUndo remembers where a reduction began.
func (c *Conn) markUndo() {
	c.cc.undoMarker, c.cc.undoAgain = c.snd.una, -1
	if c.snd.again > 0 {
		c.cc.undoAgain = c.snd.again
	}
}

// mayUndo tells whether all retransmissions since were needless: each was reported as a duplicate, or the peer answers
// something older than the first of them (RFC 3708, RFC 3522; tcp_may_undo).
func (c *Conn) mayUndo(s *Segment) bool {
	return c.cc.undoMarker != 0 && (c.cc.undoAgain == 0 || c.delayed(s))
}

// delayed tells whether s answers something sent before the first retransmission (tcp_packet_delayed).
func (c *Conn) delayed(s *Segment) bool {
	return c.cc.firstAgain == 0 || s.TSEcr != 0 && int32(s.TSEcr-stamp(c.cc.firstAgain)) < 0
}

// undo returns to the window before the reduction (tcp_undo_cwnd_reduction).
func (c *Conn) undo(unmark bool) {
	g, s := &c.cc, &c.snd
	if unmark {
		for i := range s.ring.n {
			s.ring.at(i).tag &^= tagLost
		}
		s.lost = 0
	}
	if g.priorSsthresh != 0 {
		g.cwnd = max(g.cwnd, g.priorCwnd)
		g.ssthresh = max(g.ssthresh, g.priorSsthresh)
	}
	g.undoMarker = 0
	c.rackMoved = true
}

func (c *Conn) undoLoss() {
	c.undo(true)
	c.retries = 0
	c.cc.state = caOpen
}

// undoDuplicates undoes a reduction all of whose retransmissions arrived twice (tcp_try_undo_dsack).
func (c *Conn) undoDuplicates() bool {
	if c.cc.undoMarker == 0 || c.cc.undoAgain != 0 {
		return false
	}
	c.undo(false)
	return true
}

// undoPartly leaves recovery when a hole was filled by a segment that was only late (tcp_try_undo_partial), and then
// looks for losses anew. While retransmissions are under way it only tells to send nothing else again.
func (c *Conn) undoPartly(s *Segment) bool {
	if c.cc.undoMarker == 0 || !c.delayed(s) {
		return false
	}
	if c.snd.again > 0 {
		return true
	}
	c.undo(true)
	c.tryKeepOpen()
	return false
}
