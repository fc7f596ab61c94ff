package tcp

import "keepalive/sim"

// Most segments are one of two kinds, and what they need is little of what acknowledgements and data may need: the
// next acknowledgement of one who sends, and the next data of one who receives, while nothing is missing. Each has its
// own way here (Linux's header prediction, tcp_rcv_established); the result is that of onSegmentOpen. Both stay functions of their own:
// WebAssembly built by Go pays for a jump by the size of the function around it.

// predicted tells whether s can take the short way, whichever it is.
func (c *Conn) predicted(s *Segment) bool {
	odd := uint8(c.state^Established) | uint8(s.Flags&^PSH^ACK) | s.Sacks | uint8(c.cc.state)
	return odd == 0 && c.rcv.runs == nil && c.snd.probeSeq == 0 && !c.halfOpen
}

// onPlainAck takes an acknowledgement without data that is news, of segments that were sent once.
//
//go:noinline
func (c *Conn) onPlainAck(now sim.Time, s *Segment) Signal {
	snd := &c.snd
	first, last, n := snd.ring.plain(s.Ack)
	if n == 0 || first.at == 0 {
		return c.onSegmentOpen(now, s)
	}
	c.heardAt, c.probes = now, 0
	c.rcv.noteTimestamp(s)
	c.rcv.win.lastEcho = s.TSEcr
	c.cc.rested, c.retries = false, 0
	snd.windowSeq, snd.window, snd.una = s.Seq, s.Window, s.Ack
	snd.ring.head = (snd.ring.head + n) & int32(len(snd.ring.buf)-1)
	snd.ring.n -= n
	c.advance(now, last)
	c.onSample(now, now-last.at)
	c.rtt.noteLeast(now - last.at)
	c.rtt.sample(now-first.at, snd.una, snd.next)
	if !c.scheduleProbe(now, true) {
		c.rearm(now)
	}
	c.grow(now, n)
	if snd.ring.n == 0 && !snd.pending() {
		snd.ring.give(c.out)
		snd.giveKnown(c.out)
	}
	c.pushMore(now)
	if c.rcv.pending {
		c.ackIfDue(now)
	}
	return 0
}

// plain finds the segments that end at acked or before, of which there is one at least, if all were sent once and
// have not been acknowledged out of order: the first, the last, and how many. Otherwise n is 0.
func (r *sentRing) plain(acked int64) (first, last *sent, n int32) {
	first = r.at(0)
	last = first
	for p := first; p.seq+int64(p.len) <= acked; p = r.at(n) {
		if p.tag != 0 {
			return nil, nil, 0
		}
		last = p
		n++
		if n == r.n {
			break
		}
	}
	return first, last, n
}

// onPlainData takes the next data of the peer, from a segment that acknowledges nothing new.
//
//go:noinline
func (c *Conn) onPlainData(now sim.Time, s *Segment) Signal {
	snd, r := &c.snd, &c.rcv
	c.heardAt, c.probes = now, 0
	r.noteTimestamp(s)
	c.cc.rested = false
	if s.Seq > snd.windowSeq || s.Seq == snd.windowSeq && (s.Window > snd.window || s.Window == 0) {
		snd.windowSeq, snd.window = s.Seq, s.Window
	}
	r.pending = true
	n := int64(s.Len)
	r.next += n
	r.noteData(now, c.rtt.rto, s)
	if r.win.onPlainData(now, n, s.TSEcr, int64(c.cfg.MSS)) {
		r.quick |= 1
	}
	c.pushMore(now)
	c.ackIfDue(now)
	return Data
}

// pushMore is push for an open connection, which mostly has nothing to send.
func (c *Conn) pushMore(now sim.Time) {
	s := &c.snd
	if s.next == s.end {
		s.held = LimitNone
		return
	}
	c.push(now, s.held)
}
