package tcp

import "keepalive/sim"

// Linux's delayed acknowledgements (include/net/tcp.h) and its thinning of selective ones (tcp_comp_sack_ sysctls).
const (
	atoMin       = 40 * sim.Millisecond // TCP_ATO_MIN, TCP_DELACK_MIN
	delackMax    = 200 * sim.Millisecond
	maxQuick     = 16  // TCP_MAX_QUICKACKS
	mssGuess     = 536 // TCP_MSS_DEFAULT: the peer's segment size before one has come
	compressMax  = sim.Millisecond
	compressMost = 44
)

// noteData keeps the acknowledgement mode (net/ipv4/tcp_input.c, tcp_event_data_recv).
func (r *receiver) noteData(now, rto sim.Time, s *Segment) {
	r.measure(s)
	m := now - r.lastData
	switch {
	case r.ato == 0:
		r.quickAcks()
		r.ato = atoMin
	case m <= atoMin/2:
		r.ato = r.ato/2 + atoMin/2
	case m < r.ato:
		r.ato = min(r.ato/2+m, rto)
	case m > rto:
		r.quickAcks()
	}
	r.lastData = now
}

// quickAcks asks for acknowledgements at once, for half a window at most (tcp_incr_quickack): the peer may be in slow start.
func (r *receiver) quickAcks() {
	n := (r.win.edge - r.wup) / (2 * int64(r.mss))
	if n == 0 {
		n = 2
	}
	r.quick = max(r.quick, uint8(min(n, maxQuick)))
}

// measure learns the peer's segment size: the largest seen, or a smaller one that comes twice in a row. Any other small
// segment ends a message (tcp_measure_rcv_mss).
func (r *receiver) measure(s *Segment) {
	const small, least = mssGuess - 12, 88 - 12 // payloads, with timestamps
	n, last := s.Len, r.lastLen
	r.lastLen = 0
	if n >= r.mss {
		if r.mss = n; s.Has(PSH) {
			r.pushed = max(r.pushed, pushedOnce)
		}
		return
	}
	if n >= small || n >= least && s.Flags&(PSH|FIN) == 0 {
		if r.lastLen = n; n == last {
			r.mss = n
			return
		}
	}
	r.pushed = min(r.pushed+1, pushedTwice)
}

// noteDataSent tells that data went out: soon after some came in, the connection is interactive (tcp_event_data_sent).
func (r *receiver) noteDataSent(now sim.Time) {
	if r.lastData != 0 && now-r.lastData < r.ato {
		r.pingpong = true
	}
}

// pushes tells whether what has not been acknowledged was all that its sender had for now (ICSK_ACK_PUSHED and PUSHED2).
type pushes uint8

const (
	pushedNot   pushes = iota
	pushedOnce         // acknowledged when it has been read, unless the application answers at once
	pushedTwice        // two small segments: acknowledged when they have been read
)

// ackIfDue sends or schedules the acknowledgement of what arrived, if no data carried it already (__tcp_ack_snd_check).
func (c *Conn) ackIfDue(now sim.Time) {
	r := &c.rcv
	if !r.pending || c.state == Closed {
		return
	}
	unacked := r.next - r.wup
	if unacked > int64(r.mss) && c.cfg.DelayedAck == AckLinux {
		c.sendAck(now, LimitNone)
		return
	}
	due := r.atOnce
	switch c.cfg.DelayedAck {
	case AckEveryPacket:
		due = true
	case AckEverySecond:
		due = due || unacked >= 2*int64(c.cfg.MSS) || r.gap()
	case AckLinux:
		due = due || r.pushed == pushedTwice || (r.quick > 0 || r.pushed != pushedNot) && !r.pingpong
	}
	switch {
	case due:
		c.sendAck(now, LimitNone)
	case r.gap():
		c.compressAck(now)
	default:
		c.delayAck(now)
	}
}

// delayAck sets the timer of the acknowledgement, to a round trip at most. If it would run out soon anyway, it is sent
// now (tcp_send_delayed_ack). On a connection that never received data the timer is due at once.
func (c *Conn) delayAck(now sim.Time) {
	r := &c.rcv
	wait := min(r.ato, delackMax)
	if srtt := c.rtt.srtt(); wait > atoMin && srtt > 0 {
		wait = min(wait, max(srtt, atoMin))
	}
	if c.delackAt != 0 && c.delackAt <= now+wait/4 {
		c.sendAck(now, LimitDelayedAck)
		return
	}
	if at := c.cfg.ticks(now, wait); c.delackAt == 0 || at < c.delackAt {
		c.delackAt = at
	}
}

// compressAck acknowledges a segment ahead of a gap: the first three at once, so that the sender learns of the gap,
// then one per millisecond or a twentieth of a round trip, with all that came meanwhile (tcp_comp_sack_delay_ns).
func (c *Conn) compressAck(now sim.Time) {
	r := &c.rcv
	if o := c.outOfOrder(); o.dupNext != r.next {
		o.dupNext, r.dupAcks = r.next, 0
	}
	if r.dupAcks < duplicates {
		r.dupAcks++
		c.sendAck(now, LimitNone)
		return
	}
	if r.compressed >= compressMost {
		c.sendAck(now, LimitNone)
		return
	}
	r.compressed++
	if r.runs.compressAt == 0 {
		rtt := r.win.rtt()
		if srtt := c.rtt.srtt(); srtt > 0 && srtt < rtt {
			rtt = srtt
		}
		r.runs.compressAt = now + min(compressMax, rtt/20)
	}
}

// onDelack is what the timer of a delayed acknowledgement does: the connection is not as interactive as it was
// thought to be (tcp_delack_timer_handler).
func (c *Conn) onDelack(now sim.Time) {
	c.delackAt = 0
	r := &c.rcv
	if !r.pending {
		return
	}
	if r.pingpong {
		r.pingpong, r.ato = false, atoMin
	} else {
		r.ato = min(r.ato<<1, c.rtt.rto)
	}
	c.sendAck(now, LimitDelayedAck)
}

func (c *Conn) sendAck(now sim.Time, why Limit) {
	c.emit(now, c.snd.next, ACK, why)
	c.ackSent()
}

// ackSent notes that a segment carried the acknowledgement (tcp_event_ack_sent).
func (c *Conn) ackSent() {
	r := &c.rcv
	if r.pending && r.quick > 0 {
		if r.quick--; r.quick == 0 {
			r.ato = atoMin
		}
	}
	r.pending, r.atOnce, r.pushed = false, false, pushedNot
	r.wup = r.next
	r.compressed = 0
	c.delackAt = 0
	if r.runs != nil {
		r.runs.compressAt = 0
	}
}
