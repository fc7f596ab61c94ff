package tcp

import "keepalive/sim"

// Limits of the retransmission timer in Linux (include/net/tcp.h).
const (
	rtoInitial    = sim.Second
	rtoMin        = 200 * sim.Millisecond
	rtoMax        = 120 * sim.Second
	linearSYNs    = 4 // tcp_syn_linear_timeouts: SYNs sent again after 1 s each, before the waits double
	maxSYNs       = 10
	maxSYNAcks    = 5
	maxRetries    = 15
	microsecond   = sim.Microsecond
	maxBackoffLog = 10
)

// estimator is the round-trip estimator of RFC 6298 as Linux keeps it (tcp_rtt_estimator): microseconds, smoothed
// time times 8, mean deviation times 4, the floor of 200 ms on the deviation and not on the sum.
type estimator struct {
	srtt8   int64 // µs · 8; 0: no sample yet
	mdev    int64 // µs · 4
	mdevMax int64
	rttvar  int64
	seq     int64 // the deviation may shrink once per window
	rto     sim.Time
}

func (e *estimator) init() { e.rto = rtoInitial }

func (e *estimator) sample(d sim.Time, una, next int64) {
	const floor = int64(rtoMin / microsecond)
	m := max(int64(d/microsecond), 1)
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

func (e *estimator) smooth(m int64) {
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

// armRTO starts the retransmission timer anew while anything is outstanding (RFC 6298, 5.3).
func (c *Conn) armRTO(now sim.Time) {
	if c.snd.ring.n == 0 {
		c.rtoAt = 0
		return
	}
	c.rtoAt = now + min(c.rtt.rto<<min(c.backoff, maxBackoffLog), rtoMax)
}

// onRTO is what the retransmission timer does when it runs out.
func (c *Conn) onRTO(now sim.Time) Signal {
	switch c.state {
	case SynSent:
		return c.repeatSYN(now, SYN, maxSYNs)
	case SynReceived:
		return c.repeatSYN(now, SYN|ACK, maxSYNAcks)
	case Closed, Listen, TimeWait:
		return 0
	case Established, FinWait1, FinWait2, CloseWait, Closing, LastAck:
	}
	if c.snd.ring.n == 0 {
		c.probe(now)
		return 0
	}
	if c.backoff >= maxRetries {
		c.become(Closed)
		c.stopTimers()
		return TimedOut | Done
	}
	c.backoff++
	c.cc.onTimeout(c.snd.una, c.snd.next)
	c.snd.markAllLost()
	c.push(now, LimitRecovery)
	c.armRTO(now)
	return 0
}

// repeatSYN sends a handshake segment again: SYNs after 1 s for the first times, then, like SYN-ACKs, after waits that double.
func (c *Conn) repeatSYN(now sim.Time, f Flags, most int) Signal {
	if c.backoff >= most {
		c.become(Closed)
		c.stopTimers()
		return TimedOut | Done
	}
	c.backoff++
	c.emit(now, 0, f, LimitRecovery).Retransmitted = true
	wait := c.backoff
	if f&ACK == 0 {
		wait = max(0, c.backoff-linearSYNs)
	}
	c.rtoAt = now + min(rtoInitial<<wait, rtoMax)
	return 0
}

func (c *Conn) sendSYN(now sim.Time, f Flags) {
	c.snd.synAt = now
	c.emit(now, 0, f, LimitNone)
	c.rtoAt = now + rtoInitial
}
