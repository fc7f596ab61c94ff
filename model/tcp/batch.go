package tcp

import "keepalive/sim"

// Linux hands segments to the network in batches that a network card could cut up itself (TSO), even where none can.
const (
	batchLeast = 2                // tcp_min_tso_segs
	batchBytes = 65536            // the largest
	batchShare = 3                // tcp_tso_win_divisor: this part of the window is worth sending
	batchTime  = sim.Second >> 10 // a batch is what the pace lets out in this time (sk_pacing_shift)
	batchWait  = sim.Millisecond  // no batch waits longer than this for the acknowledgement that completes it
)

// batch is how many segments make one: about a millisecond of them, more on paths shorter than 16 ms
// (tcp_tso_autosize).
func (c *Conn) batch() int {
	bytes := int64(batchBytes)
	if srtt := c.rtt.srtt(); srtt > 0 {
		bytes = min(bytes, over(batchTime*sim.Time(c.pace()), srtt))
	}
	if r := over(c.rtt.least, microsecond) >> 9; r < 32 {
		bytes += batchBytes >> r
	}
	return int(max(min(bytes, batchBytes)/int64(c.cfg.MSS), batchLeast))
}

// pace is how many bytes per smoothed round trip the congestion control would let out: twice the window in slow
// start, 1.2 times near and after its end (tcp_update_pacing_rate).
func (c *Conn) pace() int64 {
	window := int64(max(c.cc.cwnd, c.snd.ring.n)) * int64(c.cfg.MSS)
	if c.cc.cwnd < c.cc.ssthresh/2 {
		return 2 * window
	}
	return window * 6 / 5
}

// waitsForMore tells whether less than a batch may leave now and the acknowledgement that lets the rest go with it is
// near (tcp_tso_should_defer).
func (c *Conn) waitsForMore(now sim.Time, batch int) bool {
	s := &c.snd
	may := min(int64(c.cc.cwnd-s.inFlight())*int64(c.cfg.MSS), s.una+s.window-s.next)
	share := min(s.window, int64(c.cc.cwnd)*int64(c.cfg.MSS)) / batchShare
	if may >= int64(batch*c.cfg.MSS) || may >= share || s.end-s.next <= may || c.cc.state >= caRecovery {
		return false
	}
	return s.ring.n > 0 && now-s.lastSent <= batchWait && now-s.ring.at(0).at >= c.rtt.srtt()/2
}

// batchNow is how many segments of a batch may leave now.
func (c *Conn) batchNow(batch int) int {
	s := &c.snd
	mss := int64(c.cfg.MSS)
	room := min(s.end-s.next, s.una+s.window-s.next)
	return int(max(min(int64(batch), int64(c.cc.cwnd-s.inFlight()), (room+mss-1)/mss), 1))
}
