package tcp

import "keepalive/sim"

// startKeepAlive begins to watch for silence, if the endpoint is to.
func (c *Conn) startKeepAlive(now sim.Time) {
	if idle := c.cfg.KeepAliveProbe.Idle; idle > 0 {
		c.heardAt, c.keepAt = now, c.cfg.ticks(now, idle)
	}
}

// finTimeout is how long the peer has to close after us (tcp_fin_timeout).
const finTimeout = 60 * sim.Second

// awaitFIN bounds the time in FIN-WAIT-2 once no application waits for the peer's FIN. It takes the place of the probes.
func (c *Conn) awaitFIN(now sim.Time) {
	if c.state == FinWait2 && c.closed {
		c.keepAt = c.cfg.ticks(now, finTimeout)
	}
}

// onKeepAlive asks a silent peer for a sign of life with an old sequence number, which it must acknowledge, and resets
// the connection when too many probes went unanswered. While something is out, its own timers watch (tcp_keepalive_timer).
func (c *Conn) onKeepAlive(now sim.Time) Signal {
	if c.state == FinWait2 && c.closed {
		c.drop()
		return Done
	}
	k := &c.cfg.KeepAliveProbe
	wait := k.Idle
	switch silent := now - c.heardAt; {
	case c.snd.ring.n > 0 || c.snd.pending():
	case silent < k.Idle:
		wait = k.Idle - silent
	case int(c.probes) >= k.Count:
		c.Abort(now)
		return TimedOut | Done
	default:
		c.probes++
		c.emit(now, c.snd.una-1, ACK, LimitNone)
		wait = k.Interval
	}
	c.keepAt = c.cfg.ticks(now, wait)
	return 0
}
