package tcp

import (
	"math/bits"

	"keepalive/sim"
)

// CUBIC in the kernel's integers (net/ipv4/tcp_cubic.c; RFC 9438): C is 0.4, beta 0.7.
const (
	cubicBeta     = 717  // of 1024: what a loss leaves of the window
	cubicScale    = 410  // C · 1024
	cubicHz       = 1024 // the curve's clock: ticks per second
	cubicFriendly = 15   // 8 · 3(1-beta)/(1+beta), inverted: Reno's growth, in eighths of a window per segment
	cubicBlind    = 20   // before the first loss, a segment for every 20 at least
)

// cubic is the curve and its epoch. Times are in kernel ticks ("jiffies").
type cubic struct {
	every    int32  // segments acknowledged per segment of growth
	lastMax  int32  // window at the last loss
	origin   int32  // window of the plateau
	acked    int32  // segments acknowledged for the estimate of Reno's window
	reno     int32  // that estimate
	lastCwnd int32  // when every was computed last
	k        int32  // from the epoch to the plateau, in 1/1024 s
	samples  uint8  // HyStart's round trips of this round
	found    bool   // by HyStart: the end of slow start
	lastAt   uint32 // tick of lastCwnd
	epoch    uint32 // tick of the first growth after a loss; 0: not begun

	hystart hystart
}

func (q *cubic) reset() { *q = cubic{} }

// onLoss ends the epoch and says what threshold is left (bictcp_recalc_ssthresh; fast convergence: RFC 9438, 4.7).
func (q *cubic) onLoss(cwnd int32) int32 {
	q.epoch = 0
	if cwnd < q.lastMax {
		q.lastMax = int32(int64(cwnd) * (1024 + cubicBeta) / (2 * 1024))
	} else {
		q.lastMax = cwnd
	}
	return max(int32(int64(cwnd)*cubicBeta/1024), 2)
}

// update says for how many acknowledged segments the window grows by one (bictcp_update).
func (q *cubic) update(tick int64, jiffy sim.Time, cwnd, acked int32) int32 {
	q.acked += acked
	if q.lastCwnd == cwnd && sim.Time(tick-int64(q.lastAt))*jiffy <= sim.Second/32 {
		return q.every
	}
	if q.epoch == 0 || tick != int64(q.lastAt) {
		q.lastCwnd, q.lastAt = cwnd, uint32(tick)
		if q.epoch == 0 {
			q.begin(tick, cwnd, acked)
		}
		q.curve(tick, jiffy, cwnd)
	}
	q.friendly(cwnd)
	q.every = max(q.every, 2)
	return q.every
}

// begin starts an epoch: the plateau is the window of the last loss.
func (q *cubic) begin(tick int64, cwnd, acked int32) {
	q.epoch, q.acked, q.reno = uint32(tick), acked, cwnd
	q.k, q.origin = 0, cwnd
	if q.lastMax > cwnd {
		q.k, q.origin = cubeRoot(uint64(q.lastMax-cwnd)*((1<<40)/cubicScale)), q.lastMax
	}
}

// curve sets every by W(t) = C(t - K)³ + Wmax, one shortest round trip ahead (RFC 9438, 4.2).
func (q *cubic) curve(tick int64, jiffy sim.Time, cwnd int32) {
	ahead := int64((q.hystart.least + jiffy - 1) / jiffy)
	t := (tick - int64(q.epoch) + ahead) * int64(jiffy) * cubicHz / int64(sim.Second)
	off := min(t-int64(q.k), 1<<17) // two minutes past the plateau the cube would not fit
	target := q.origin + int32(cubicScale*off*off*off>>40)
	if off < 0 {
		target = q.origin - int32(cubicScale*-off*off*off>>40)
	}
	q.every = 100 * cwnd
	if target > cwnd {
		q.every = cwnd / (target - cwnd)
	}
	if q.lastMax == 0 {
		q.every = min(q.every, cubicBlind)
	}
}

// friendly keeps the growth at Reno's where that is faster (RFC 9438, 4.3).
func (q *cubic) friendly(cwnd int32) {
	step := cwnd * cubicFriendly >> 3
	for step > 0 && q.acked > step {
		q.acked -= step
		q.reno++
	}
	if q.reno > cwnd {
		q.every = min(q.every, cwnd/(q.reno-cwnd))
	}
}

// onIdle moves the epoch by a pause: the curve stands still while the application is silent.
func (q *cubic) onIdle(tick, lastSent int64) {
	if q.epoch != 0 && tick > lastSent {
		q.epoch = uint32(min(int64(q.epoch)+tick-lastSent, tick))
	}
}

// cubeRoot is the whole cube root of a.
func cubeRoot(a uint64) int32 {
	x := uint64(1) << ((bits.Len64(a) + 2) / 3)
	for {
		y := (2*x + a/(x*x)) / 3
		if y >= x {
			return int32(x)
		}
		x = y
	}
}

// jiffy is the length of a kernel tick; hosts with exact timers tick every millisecond.
func (c *Config) jiffy() sim.Time { return max(c.Tick, sim.Millisecond) }

// jiffies counts ticks from 1, so that 0 can mean none.
func (c *Config) jiffies(now sim.Time) int64 { return over(max(now, 0), c.jiffy()) + 1 }
