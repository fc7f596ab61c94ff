package tcp

import "keepalive/sim"

// Limits of the retransmission timer in Linux (include/net/tcp.h).
const (
	rtoInitial = sim.Second
	rtoMin     = 200 * sim.Millisecond
	rtoMax     = 120 * sim.Second
	linearSYNs = 4 // tcp_syn_linear_timeouts: SYNs sent again after 1 s each, before the waits double
	maxSYNs    = 10
	maxSYNAcks = 5
	maxRetries = 15 // tcp_retries2: window probes

	// The kernel turns tcp_retries2 into the time that 15 timeouts would take which begin at 200 ms (tcp_model_timeout).
	giveUpAfter = 924600 * sim.Millisecond
	orphanAfter = 102200 * sim.Millisecond // 8 timeouts, likewise

	microsecond = sim.Microsecond
)

// estimator is the round-trip estimator of RFC 6298 as Linux keeps it (tcp_rtt_estimator): microseconds, smoothed
// time times 8, mean deviation times 4, the floor of 200 ms on the deviation and not on the sum.
type estimator struct {
	srtt8   int32 // µs · 8; 0: no sample yet
	mdev    int32 // µs · 4
	mdevMax int32
	rttvar  int32
	seq     int64    // the deviation may shrink once per window
	least   sim.Time // shortest round trip; 0: no sample yet
	rto     sim.Time // as it stands: doubled by each timeout until a sample sets it again
}

func (e *estimator) init() { e.rto = rtoInitial }

// srtt is the smoothed round trip.
func (e *estimator) srtt() sim.Time { return sim.Time(e.srtt8>>3) * microsecond }

func (e *estimator) sample(d sim.Time, una, next int64) {
	const floor = int32(rtoMin / microsecond)
	m := int32(max(over(min(d, rtoMax), microsecond), 1))
	if e.srtt8 == 0 {
		e.srtt8 = m << 3
		e.mdev = m << 1
		e.rttvar = max(e.mdev, floor)
		e.mdevMax = e.rttvar
		e.seq = next
	} else {
		e.smooth(m)
		if una > e.seq {
			if e.mdevMax < e.rttvar {
				e.rttvar -= (e.rttvar - e.mdevMax) >> 2
			}
			e.seq = next
			e.mdevMax = floor
		}
	}
	e.rto = min(sim.Time(e.srtt8>>3+e.rttvar)*microsecond, rtoMax)
}

func (e *estimator) smooth(m int32) {
	m -= e.srtt8 >> 3
	e.srtt8 += m
	if m < 0 {
		m = -m - e.mdev>>2
		if m > 0 {
			m >>= 3 // a shorter round trip must not blow up the deviation
		}
	} else {
		m -= e.mdev >> 2
	}
	e.mdev += m
	if e.mdev > e.mdevMax {
		e.mdevMax = e.mdev
		e.rttvar = max(e.rttvar, e.mdevMax)
	}
}

// noteLeast keeps the shortest round trip.
func (e *estimator) noteLeast(d sim.Time) {
	if e.least == 0 || d < e.least {
		e.least = max(d, microsecond)
	}
}

// onRTO is what the retransmission timer does when it runs out (tcp_retransmit_timer).
func (c *Conn) onRTO(now sim.Time) Signal {
	if c.snd.ring.n == 0 {
		return 0
	}
	if c.retries > 0 && now-c.cc.firstAgain >= c.patience() {
		return c.giveUp()
	}
	c.enterLoss(now)
	c.retransmit(now, 0)
	c.retries++
	c.rtt.rto = min(c.rtt.rto<<1, rtoMax)
	c.setTimer(now, timerRTO, c.rtt.rto)
	return 0
}

// patience is how long retransmissions go on. A connection whose application has left gets less of it, and none once
// the timeout has reached its most (tcp_orphan_retries).
func (c *Conn) patience() sim.Time {
	switch {
	case !c.closed:
		return giveUpAfter
	case c.rtt.rto < rtoMax:
		return orphanAfter
	default:
		return 0
	}
}

func (c *Conn) giveUp() Signal {
	c.become(Closed)
	c.stopTimers()
	return TimedOut | Done
}

func (c *Conn) onSYNTimer(now sim.Time) Signal {
	c.timer, c.snd.synTimeout = timerOff, true
	if c.state == SynSent {
		return c.repeatSYN(now, SYN, maxSYNs)
	}
	most := int8(maxSYNAcks)
	if c.synAcks > 0 {
		most = c.synAcks
	}
	return c.repeatSYN(now, SYN|ACK, most)
}

// LimitSYNAcks sets how often the SYN-ACK is sent again; 0 means as often as Linux does by default.
func (c *Conn) LimitSYNAcks(n int8) { c.synAcks = n }

// repeatSYN sends a handshake segment again: SYNs after 1 s for the first times, then, like SYN-ACKs, after waits that double.
func (c *Conn) repeatSYN(now sim.Time, f Flags, most int8) Signal {
	if c.retries >= most {
		return c.giveUp()
	}
	c.retries++
	c.resendSYN(now, f)
	wait := c.retries
	if f&ACK == 0 {
		wait = max(0, c.retries-linearSYNs)
	}
	c.setTimer(now, timerSYN, min(rtoInitial<<wait, rtoMax))
	return 0
}

func (c *Conn) sendSYN(now sim.Time, f Flags) {
	c.rack.at = now // until the handshake is complete
	c.emit(now, 0, f, LimitNone)
	c.setTimer(now, timerSYN, rtoInitial)
}

// resendSYN repeats a handshake segment, because its timer ran out or because the peer asked again.
func (c *Conn) resendSYN(now sim.Time, f Flags) {
	if c.snd.synAgain == 0 {
		c.snd.synAgainAt = stamp(now)
	}
	c.snd.synAgain++
	c.emit(now, 0, f, LimitRecovery).Retransmitted = true
}
