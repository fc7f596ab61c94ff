package tcp

import "keepalive/sim"

// caState is where loss recovery stands (Linux's tcp_ca_state).
type caState uint8

const (
	caOpen     caState = iota // nothing is missing
	caDisorder                // something came out of order: perhaps a loss
	caCWR                     // the window is being reduced, without a loss to repair
	caRecovery                // fast recovery: what is known to be lost is being sent again
	caLoss                    // after a timeout
)

// neverLimited is a slow-start threshold that no window reaches: it is not set yet.
const neverLimited = 1<<31 - 1

// congestion is the congestion window in segments, as Linux counts: it grows by segments acknowledged, not by ACKs.
type congestion struct {
	cwnd     int32
	ssthresh int32
	credit   int32 // segments acknowledged towards the next one in avoidance

	highSeq int64 // recovery ends when this is acknowledged (RFC 6675's RecoveryPoint)

	// Proportional rate reduction (RFC 6937).
	priorCwnd    int32
	prrDelivered int32
	prrOut       int32

	// Undoing a reduction that turns out to have had no reason (RFC 3522, RFC 3708).
	undoAgain     int32 // retransmissions not yet known to have been needless; -1: none was made
	priorSsthresh int32
	undoMarker    int64    // una when the reduction began; 0: nothing to undo
	firstAgain    sim.Time // when the first retransmission of the episode left; 0: none did

	// Congestion window validation (tcp_cwnd_validate): the window grows only while it is what limits the sender.
	maxOut   int32
	used     int32 // segments out at the most while the window was too large
	usageSeq int64
	usedAt   sim.Time // since when
	limited  bool

	state  caState
	rested bool // idleness has cut the window, and no acknowledgement has come since
	frto   bool // an F-RTO test is going on (RFC 5682)

	cubic cubic
}

func (g *congestion) init(cfg *Config) {
	g.cwnd, g.ssthresh = int32(cfg.InitialWindow), neverLimited
	g.cubic.reset()
}

func (g *congestion) slowStart() bool { return g.cwnd < g.ssthresh }

// reducing tells whether proportional rate reduction sets the window.
func (g *congestion) reducing() bool { return g.state == caCWR || g.state == caRecovery }

// keptThreshold is the threshold to remember when the window shrinks for other reasons than loss (tcp_current_ssthresh).
func (g *congestion) keptThreshold() int32 {
	if g.reducing() {
		return g.ssthresh
	}
	return max(g.ssthresh, g.cwnd/2+g.cwnd/4)
}

// validate notes after an attempt to send whether the window was in use (net/ipv4/tcp_output.c, tcp_cwnd_validate;
// RFC 7661).
func (c *Conn) validate(now sim.Time, limited bool) {
	g, s := &c.cc, &c.snd
	if s.una >= g.usageSeq || limited || !g.limited && s.ring.n > g.maxOut {
		g.limited, g.maxOut, g.usageSeq = limited, s.ring.n, s.next
	}
	if g.mayGrow() {
		g.used, g.usedAt = 0, now
		return
	}
	g.used = max(g.used, s.ring.n)
	if c.cfg.SlowStartAfterIdle && now-g.usedAt >= c.rtt.rto {
		c.shrinkUnused(now)
	}
}

// shrinkUnused takes half of what an application did not use for a timeout's time (RFC 2861; tcp_cwnd_application_limited).
func (c *Conn) shrinkUnused(now sim.Time) {
	g := &c.cc
	if used := max(g.used, int32(c.cfg.InitialWindow)); g.state == caOpen && used < g.cwnd {
		g.ssthresh = g.keptThreshold()
		g.cwnd = (g.cwnd + used) >> 1
	}
	if g.state == caOpen {
		g.used = 0
	}
	g.usedAt = now
}

// mayGrow is tcp_is_cwnd_limited: in slow start a window may grow to twice what was out.
func (g *congestion) mayGrow() bool { return g.limited || g.slowStart() && g.cwnd < 2*g.maxOut }

// grow lets the window grow by acked segments (RFC 5681, 3.1; RFC 9438).
func (c *Conn) grow(now sim.Time, acked int32) {
	g := &c.cc
	if !g.mayGrow() {
		return
	}
	if g.slowStart() {
		grown := min(g.cwnd+acked, g.ssthresh)
		acked -= grown - g.cwnd
		g.cwnd = grown
		if acked == 0 {
			return
		}
	}
	every := g.cwnd
	if c.cfg.Congestion == Cubic {
		every = g.cubic.update(c.cfg.jiffies(now), c.cfg.jiffy(), g.cwnd, acked)
	}
	g.avoid(every, acked)
}

// avoid adds a segment to the window for every so many that are acknowledged (tcp_cong_avoid_ai).
func (g *congestion) avoid(every, acked int32) {
	if g.credit >= every {
		g.credit = 0
		g.cwnd++
	}
	g.credit += acked
	if g.credit >= every {
		step := g.credit / every
		g.credit -= step * every
		g.cwnd += step
	}
}

// threshold is the window that a loss leaves: half of it, or CUBIC's share.
func (c *Conn) threshold() int32 {
	if c.cfg.Congestion == Cubic {
		return c.cc.cubic.onLoss(c.cc.cwnd)
	}
	return max(c.cc.cwnd/2, 2)
}

// restartAfterIdle shrinks the window when data is written after a pause longer than the retransmission timeout:
// halved per timeout, down to the initial one (tcp_slow_start_after_idle_check, tcp_cwnd_restart; RFC 5681, 4.1).
func (c *Conn) restartAfterIdle(now sim.Time) {
	g := &c.cc
	idle := now - c.snd.lastSent
	if !c.cfg.SlowStartAfterIdle || c.snd.ring.n > 0 || c.snd.lastSent < 0 || idle <= c.rtt.rto {
		return
	}
	g.ssthresh = g.keptThreshold()
	floor := min(int32(c.cfg.InitialWindow), g.cwnd)
	g.rested = g.cwnd > floor
	for idle -= c.rtt.rto; idle > 0 && g.cwnd > floor; idle -= c.rtt.rto {
		g.cwnd >>= 1
	}
	g.cwnd = max(g.cwnd, floor)
	g.used, g.usedAt = 0, now
}
