package tcp

import "keepalive/sim"

// synOptions is the room that a SYN leaves for options beyond the timestamps of every segment: the cookie among them
// (MAX_TCP_OPTION_SPACE less the aligned timestamps).
const synOptions = 40 - 12

// fastOpenCookie is what a cookie of eight bytes adds to a SYN's options, padded (RFC 7413, 4.1.1).
const fastOpenCookie = 12

// ConnectWrite connects and writes n bytes. With Config.FastOpen as many of them as fit ride on the SYN (RFC 7413, 3),
// so that the peer has them half a round trip later; without, they wait for the handshake.
func (c *Conn) ConnectWrite(now sim.Time, n int64) {
	c.become(SynSent)
	s := &c.snd
	s.next, s.end = 1, 1+n
	early := int32(0)
	if c.cfg.FastOpen {
		early = int32(max(min(n, int64(c.cfg.MSS-synOptions)), 0))
	}
	c.sendSYN(now, SYN)
	if early == 0 {
		return
	}
	c.out.Segments[len(c.out.Segments)-1].Len = early
	s.next += int64(early)
	p := s.ring.push(c.out)
	p.seq, p.at, p.len, p.tag = 1, now, early, 0
	c.noteDataSent(now)
}

// takeEarly believes a SYN's data before the handshake is complete: the application may answer it at once (RFC 7413,
// 4.2.2; tcp_try_fastopen). It reports what the application learns, or nothing if there is no data.
func (c *Conn) takeEarly(s *Segment) Signal {
	if !c.cfg.FastOpen || s.Len == 0 {
		return 0
	}
	c.halfOpen = true
	c.snd.una = 1
	c.rcv.next += int64(s.Len)
	c.rcv.wup = c.rcv.next
	return Opened | Data
}

// resendEarly sees whether the SYN-ACK took the SYN's data. If not it is sent again at once: nothing was lost, the peer did
// not want it yet (RFC 7413, 4.2.2; tcp_rcv_fastopen_synack). It tells whether it was.
func (c *Conn) resendEarly(now sim.Time, s *Segment) bool {
	snd := &c.snd
	for snd.ring.n > 0 && snd.ring.at(0).end() <= s.Ack {
		snd.ring.drop()
	}
	snd.una = max(snd.una, s.Ack)
	if snd.ring.n == 0 {
		return false
	}
	c.tagLost(snd.ring.at(0))
	c.retransmitLost(now)
	return true
}
