package tcp

import "keepalive/sim"

// A SYN cookie (RFC 4987, 3.6) is a SYN-ACK whose sender remembers nothing: its sequence number tells, when the client
// acknowledges it, that it was sent, and its timestamp which options the client has. The Conn stays in Listen.

// cookiePeriod is what a cookie's age is counted in, and cookiePeriods how many it is good for: between one and two
// minutes (TCP_SYNCOOKIE_PERIOD, MAX_SYNCOOKIE_AGE).
const (
	cookiePeriod  = sim.Minute
	cookiePeriods = 2
)

// The last six bits of a cookie's timestamp hold the peer's window scale of 7 and that it takes selective
// acknowledgements (cookie_init_timestamp).
const (
	cookieOptions    = 7 | 1<<4
	cookieOptionBits = 6
)

// AnswerWithCookie answers a SYN while listening. The SYN-ACK is sent once, and a SYN that comes again is a new one.
func (c *Conn) AnswerWithCookie(now sim.Time, s *Segment) {
	c.cookie, c.rack.at = true, now
	c.rcv.next, c.rcv.wup, c.rcv.tsRecent = 1, 1, s.TSVal
	c.emit(now, 0, SYN|ACK, LimitNone).TSVal = cookieStamp(now)
}

// cookieStamp is the latest timestamp that ends in the options: the round trip measured by it is up to 64 ms too long.
func cookieStamp(now sim.Time) uint32 {
	const mask = 1<<cookieOptionBits - 1
	at := stamp(now)
	t := at&^mask | cookieOptions
	if int32(t-at) > 0 {
		t -= mask + 1
	}
	return t
}

// Believes tells whether a segment acknowledges a cookie that still holds. A cookie is made with the number of the
// client's SYN, so that only what comes right after that can be checked by it (__cookie_v4_check).
func (c *Conn) Believes(now sim.Time, s *Segment) bool {
	return c.state == Listen && c.cookie && s.Flags&(SYN|ACK|RST) == ACK && s.Ack == 1 && s.Seq == 1 &&
		over(now, cookiePeriod)-over(c.rack.at, cookiePeriod) < cookiePeriods
}

// openByCookie makes a connection of what the acknowledgement of a cookie tells (cookie_v4_check).
func (c *Conn) openByCookie(now sim.Time, s *Segment) Signal {
	c.become(SynReceived)
	c.snd.window = s.Window
	c.snd.end, c.snd.next = 1, 1
	return c.onSegmentOpen(now, s)
}
