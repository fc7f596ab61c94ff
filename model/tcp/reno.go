package tcp

// phase is where the congestion control stands.
type phase uint8

const (
	open     phase = iota
	recovery       // fast recovery: repairs what duplicate ACKs point at
	loss_          // after a timeout: everything outstanding counts as lost
)

// neverLimited is a slow-start threshold that no window reaches: it is not set yet.
const neverLimited = 1<<31 - 1

// congestion is Reno in segments, as Linux counts (tcp_cong.c): it grows by segments acknowledged, not by ACKs.
type congestion struct {
	cwnd     int
	ssthresh int
	credit   int // segments acknowledged towards the next one in avoidance
	initial  int
	phase    phase
	recover  int64 // recovery ends when this is acknowledged

	// Congestion window validation (tcp_cwnd_validate): the window grows only while it is what limits the sender.
	limited  bool
	maxOut   int
	usageSeq int64
}

func (g *congestion) init(cfg *Config) {
	g.cwnd, g.initial, g.ssthresh = cfg.InitialWindow, cfg.InitialWindow, neverLimited
}

// validate notes after an attempt to send whether the window was in use (net/ipv4/tcp_output.c, tcp_cwnd_validate).
func (g *congestion) validate(limited bool, s *sender) {
	limited = limited || s.inFlight() >= g.cwnd
	if s.una >= g.usageSeq || limited || !g.limited && s.ring.n > g.maxOut {
		g.limited = limited
		g.maxOut = s.ring.n
		g.usageSeq = s.next
	}
}

// mayGrow is tcp_is_cwnd_limited.
func (g *congestion) mayGrow() bool {
	return g.limited || g.cwnd < g.ssthresh && g.cwnd < 2*g.maxOut
}

// onAck grows the window by the segments acknowledged (RFC 5681, 3.1; Linux tcp_slow_start, tcp_cong_avoid_ai).
func (g *congestion) onAck(acked int) {
	if !g.mayGrow() {
		return
	}
	if g.cwnd < g.ssthresh {
		grown := min(g.cwnd+acked, g.ssthresh)
		acked -= grown - g.cwnd
		g.cwnd = grown
		if acked == 0 {
			return
		}
	}
	if g.credit >= g.cwnd {
		g.credit = 0
		g.cwnd++
	}
	g.credit += acked
	if g.credit >= g.cwnd {
		step := g.credit / g.cwnd
		g.credit -= step * g.cwnd
		g.cwnd += step
	}
}

// halve is the answer to a loss (RFC 5681, equation 4, on the window as in Linux).
func (g *congestion) halve() { g.ssthresh = max(g.cwnd/2, 2) }

// onLoss enters fast recovery (RFC 6582, 3.2 step 2).
func (g *congestion) onLoss(next int64) {
	g.halve()
	g.cwnd = g.ssthresh
	g.credit = 0
	g.phase = recovery
	g.recover = next
}

// onTimeout begins again from one segment (RFC 5681, 3.1). The threshold moves once per loss, not once per timeout.
func (g *congestion) onTimeout(una, next int64) {
	if g.phase != loss_ || una >= g.recover {
		g.halve()
	}
	g.cwnd = 1
	g.credit = 0
	g.phase = loss_
	g.recover = next
}

// onRepaired leaves fast recovery or loss.
func (g *congestion) onRepaired() {
	if g.phase == recovery {
		g.cwnd = g.ssthresh
	}
	g.phase = open
}

// restart shrinks the window after idle retransmission timeouts, halving it per timeout down to the initial one
// (net/ipv4/tcp_output.c, tcp_cwnd_restart; RFC 5681, 4.1).
func (g *congestion) restart(timeouts int64) {
	g.ssthresh = max(g.ssthresh, g.cwnd/2+g.cwnd/4)
	floor := min(g.initial, g.cwnd)
	for ; timeouts > 0 && g.cwnd > floor; timeouts-- {
		g.cwnd >>= 1
	}
	g.cwnd = max(g.cwnd, floor)
	g.limited, g.maxOut = false, 0
}
