package tcp

// Congestion names a congestion control.
type Congestion uint8

// The congestion controls.
const (
	Reno Congestion = iota
)

// String is the name a scenario uses.
func (c Congestion) String() string { return [...]string{"reno"}[c] }

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
	DelayedAck         DelayedAck
	SlowStartAfterIdle bool
	ReceiveWindow      int64 // bytes; 0: as Linux grows it
	Nagle              bool
}
