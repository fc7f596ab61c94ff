package tcp

import "keepalive/sim"

// Congestion names a congestion control.
type Congestion uint8

// The congestion controls.
const (
	Reno Congestion = iota
	Cubic
)

// String is the name a scenario uses.
func (c Congestion) String() string { return [...]string{"reno", "cubic"}[c] }

// DelayedAck is a receiver's policy for acknowledgements.
type DelayedAck uint8

// The policies.
const (
	AckLinux       DelayedAck = iota // quick at first, then every second segment or 40 ms
	AckEveryPacket                   // at once
	AckEverySecond                   // every second segment or 40 ms
)

// Config is what both ends of a connection agree on or are set to.
type Config struct {
	Congestion         Congestion
	InitialWindow      int // segments
	MSS                int // payload bytes of a full segment
	Header             int // IP and TCP bytes per segment
	SYNHeader          int // of a SYN or SYN-ACK
	SACKHeader         int // more bytes for the first block of a selective acknowledgement, which is padded; 0: blocks weigh nothing
	DelayedAck         DelayedAck
	SlowStartAfterIdle bool
	ReceiveWindow      int64 // bytes; 0: as Linux grows it
	Nagle              bool  // a small segment waits while another small one is unacknowledged
	KeepAliveProbe     KeepAliveProbe
	FastOpen           bool     // SYNs carry data and are believed (RFC 7413); the client is taken to hold a cookie
	TSO                bool     // segments leave in batches, as for a network card to cut up
	Tick               sim.Time // the kernel's clock ticks; 0 or 1 ns: timers are exact
}

// KeepAliveProbe makes an endpoint ask a peer that has been silent whether it is still there (RFC 9293, 3.8.4). It has
// nothing to do with the persistent connections of HTTP, which share its name elsewhere.
type KeepAliveProbe struct {
	Idle     sim.Time // silence before the first probe; 0: none are sent, as both RFC and Linux have it
	Interval sim.Time // between probes that nobody answers
	Count    int      // of those, before the connection is reset
}

// LinuxKeepAliveProbe is what an application gets that asks for probes (SO_KEEPALIVE) and sets nothing else.
var LinuxKeepAliveProbe = KeepAliveProbe{Idle: 7200 * sim.Second, Interval: 75 * sim.Second, Count: 9}

// timestampOption is the room of the timestamps in a header, padded (RFC 7323).
const timestampOption = 12

// Size is the length of a segment on the wire, in bytes.
func (c *Config) Size(s *Segment) int {
	if s.Flags&SYN != 0 {
		n := c.SYNHeader + int(s.Len)
		if s.Len > 0 && c.SACKHeader > 0 {
			n += fastOpenCookie
		}
		return n
	}
	n := c.Header + int(s.Len)
	if s.Flags&(RST|ACK) == RST && c.SACKHeader > 0 {
		return n - timestampOption // a reset for a connection that is not known has no options (tcp_v4_send_reset)
	}
	if s.Sacks > 0 && c.SACKHeader > 0 {
		n += c.SACKHeader + 8*int(s.Sacks-1)
	}
	return n
}
