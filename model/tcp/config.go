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
	Nagle              bool
	TSO                bool     // segments leave in batches, as for a network card to cut up
	Tick               sim.Time // the kernel's clock ticks; 0 or 1 ns: timers are exact
}

// Size is the length of a segment on the wire, in bytes.
func (c *Config) Size(s *Segment) int {
	if s.Flags&SYN != 0 {
		return c.SYNHeader
	}
	n := c.Header + int(s.Len)
	if s.Sacks > 0 && c.SACKHeader > 0 {
		n += c.SACKHeader + 8*int(s.Sacks-1)
	}
	return n
}
