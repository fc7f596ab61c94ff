package tcp

import "keepalive/sim"

// timerKind names what the one transmit timer waits for (inet_connection_sock's icsk_pending).
type timerKind uint8

const (
	timerOff     timerKind = iota
	timerSYN               // an answer to a SYN or SYN-ACK
	timerRTO               // RFC 6298
	timerProbe             // tail-loss probe (RFC 8985, 7)
	timerReorder           // the reordering window of RACK (RFC 8985, 6.2 step 5)
	timerPersist           // a window that stays shut (RFC 9293, 3.8.6.1)
)

// setTimer arms the transmit timer for kind, d from now.
func (c *Conn) setTimer(now sim.Time, kind timerKind, d sim.Time) {
	c.timer, c.timerAt = kind, c.cfg.ticks(now, min(d, rtoMax))
}

func (c *Conn) stopTimers() {
	c.timer, c.timerAt, c.delackAt, c.keepAt = timerOff, 0, 0, 0
	if c.rcv.runs != nil {
		c.rcv.runs.compressAt = 0
	}
}

// Linux's timer wheel (kernel/time/timer.c): 64 buckets a level, each level 8 times as coarse as the one below.
const (
	wheelBuckets = 64
	wheelShift   = 3
)

// ticks is when a kernel timer of d set at now goes off: on a tick, and the later the more coarsely, so that a timer
// of a second comes up to 32 ms late where the clock ticks every 4 ms.
func (c *Config) ticks(now, d sim.Time) sim.Time {
	if c.Tick <= 1 {
		return now + d
	}
	wait := over(d+c.Tick-1, c.Tick)
	expires := over(now, c.Tick) + wait
	shift := 0
	for wait >= (wheelBuckets-1)<<shift {
		shift += wheelShift
	}
	return sim.Time((expires>>shift+1)<<shift) * c.Tick
}

// Deadline is when OnTimer must be called, or sim.Never.
func (c *Conn) Deadline() sim.Time {
	at, delack, keep := c.timerAt, c.delackAt, c.keepAt // read first, so that what follows needs no branch
	if c.timer == timerOff {
		at = sim.Never
	}
	if delack == 0 {
		delack = sim.Never
	}
	if keep == 0 {
		keep = sim.Never
	}
	at = min(at, delack, keep)
	if c.rcv.runs == nil {
		return at
	}
	return c.rcv.runs.deadline(at)
}

// deadline is at, or before it when a held back acknowledgement must leave.
func (r *runs) deadline(at sim.Time) sim.Time {
	if r.compressAt != 0 {
		at = min(at, r.compressAt)
	}
	return at
}

// OnTimer does what is due at now.
func (c *Conn) OnTimer(now sim.Time) Signal {
	if r := c.rcv.runs; r != nil && r.compressAt != 0 && r.compressAt <= now {
		c.sendAck(now, LimitNone)
	}
	if c.delackAt != 0 && c.delackAt <= now {
		c.onDelack(now)
	}
	if c.keepAt != 0 && c.keepAt <= now {
		if sig := c.onKeepAlive(now); sig != 0 {
			return sig
		}
	}
	if c.timer == timerOff || c.timerAt > now {
		return 0
	}
	switch c.timer {
	case timerSYN:
		return c.onSYNTimer(now)
	case timerRTO:
		c.timer = timerOff
		return c.onRTO(now)
	case timerProbe:
		c.sendLossProbe(now)
	case timerReorder:
		c.onReorderTimer(now)
	case timerPersist:
		c.timer = timerOff
		return c.probeWindow(now)
	case timerOff:
	}
	return 0
}

// rearm starts the retransmission timer. Instead of a probe's or a reordering timer it gets what is left of the
// oldest segment's time (tcp_rearm_rto).
func (c *Conn) rearm(now sim.Time) {
	if c.halfOpen {
		return // until the handshake is complete the timer is the SYN-ACK's
	}
	if c.snd.ring.n == 0 {
		c.timer = timerOff
		return
	}
	d := c.rtt.rto
	if c.timer == timerReorder || c.timer == timerProbe {
		d = max(c.rtoLeft(now), microsecond)
	}
	c.setTimer(now, timerRTO, d)
}

// rtoLeft is how far ahead the oldest segment's timeout is (tcp_rto_delta_us).
func (c *Conn) rtoLeft(now sim.Time) sim.Time { return c.snd.ring.at(0).at + c.rtt.rto - now }
