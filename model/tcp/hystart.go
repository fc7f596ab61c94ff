package tcp

import "keepalive/sim"

// HyStart's parameters in Linux (net/ipv4/tcp_cubic.c).
const (
	hystartLowWindow = 16 // no exit below
	hystartSamples   = 8
	hystartTrain     = 2 * sim.Millisecond // ACKs closer than this belong to one train
	hystartMin       = 4 * sim.Millisecond
	hystartMax       = 16 * sim.Millisecond
	hystartBurst     = 4 * 65536 // bytes that a paced sender lets out at once
)

// hystart ends slow start before it fills the queue: when a train of ACKs has become half a round trip long, or when
// round trips grow (Ha and Rhee, Hybrid Slow Start, 2011).
type hystart struct {
	least    sim.Time // shortest round trip; 0: no sample
	current  sim.Time // shortest of this round
	began    sim.Time // the round
	lastAck  sim.Time // of the train
	roundEnd int64
}

// round begins a new one.
func (q *cubic) round(now sim.Time, next int64) {
	h := &q.hystart
	h.began, h.lastAck, h.roundEnd, h.current, q.samples = now, now, next, sim.Never, 0
}

// endsSlowStart takes a round trip and tells whether slow start should end now. burst is how long a paced burst takes.
func (q *cubic) endsSlowStart(now, rtt, burst sim.Time, cwnd int32, una, next int64) bool {
	h := &q.hystart
	if una > h.roundEnd {
		q.round(now, next)
	}
	if cwnd < hystartLowWindow {
		return false
	}
	if now-h.lastAck <= hystartTrain {
		h.lastAck = now
		if now-h.began > (h.least+burst)/2 {
			q.found = true
		}
	}
	h.current = min(h.current, rtt)
	if q.samples < hystartSamples {
		q.samples++
	} else if h.current > h.least+min(max(h.least/8, hystartMin), hystartMax) {
		q.found = true
	}
	return q.found
}

// onSample hands a round trip to CUBIC (cubictcp_acked), which ignores it right after a loss.
func (c *Conn) onSample(now, rtt sim.Time) {
	q := &c.cc.cubic
	if c.cfg.Congestion != Cubic || q.epoch != 0 && sim.Time(c.cfg.jiffies(now)-int64(q.epoch))*c.cfg.jiffy() < sim.Second {
		return
	}
	h := &q.hystart
	rtt = max(rtt, microsecond)
	if h.least == 0 || rtt < h.least {
		h.least = rtt
	}
	if q.found || !c.cc.slowStart() {
		return
	}
	burst := min(sim.Millisecond, sim.Time(over(hystartBurst*c.rtt.srtt(), 2*sim.Time(c.cc.cwnd)*sim.Time(c.cfg.MSS))))
	if q.endsSlowStart(now, rtt, burst, c.cc.cwnd, c.snd.una, c.snd.next) {
		c.cc.ssthresh = c.cc.cwnd
	}
}
