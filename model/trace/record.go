package trace

import "keepalive/sim"

// Record is one fact about a run: 48 bytes, no pointers. What Actor, Conn, Req, Pkt, Len, A and B hold depends on
// Kind; read them through the accessors below. Connections, requests and packets are numbered from 1 in the order
// of their first record; 0 means none.
type Record struct {
	At    sim.Time
	Kind  Kind
	Flags uint16
	Actor uint32
	Conn  uint32
	Req   uint32
	Pkt   uint32
	Len   uint32
	A, B  int64
}

// Kind says what a Record tells.
type Kind uint16

// The kinds, in the order of the layers that report them.
const (
	_ Kind = iota

	// Packet: a host hands a packet to a link. Flags: Direction, Dropped. Actor: the client at one end.
	// Len: bytes of the whole IP packet. A: its first bit enters the wire. B: its last bit reaches the far host.
	// A dropped packet has A = B = the instant it fell.
	Packet
	// Segment: what the Packet with the same Pkt carries, recorded right after it. Flags: TCP flags, Retransmitted.
	// Actor: the sending host. Len: payload bytes. A: seq<<32 | ack. B: see Cause, Limit and SegmentWindow.
	Segment

	// ConnState: a TCP endpoint changed state. Actor: the host. A: old, B: new, both tcp.State.
	ConnState
	// Window: a sender's congestion state. Actor: the host. Flags: WindowPhase.
	// A: cwnd<<32 | ssthresh (segments; ssthresh 2^31-1 = not set). B: outstanding<<32 | peer's window (bytes).
	Window
	// TimerFired: a protocol timer ran out. Actor: the host. Flags: Timer.
	TimerFired

	// RequestWanted: the workload wants Req. Actor: the client. Flags: its class in a mix, from 1; 0: no mix.
	// A: the request whose end caused it (0: the start, or a clock). B: idle time asked for between that end and now, ns.
	// Behind a proxy, A: the client's request that it is for.
	RequestWanted
	// RequestResolving and RequestResolved: a name look-up for Req begins and ends.
	RequestResolving
	RequestResolved
	// RequestBound: Req is given to Conn, which is open and free. Flags: Reused.
	// A: when the client began to connect Conn. B: when Conn was established.
	RequestBound
	// RequestSending: the first byte of Req is written. RequestSent: its last byte was handed to the link.
	RequestSending
	RequestSent
	// RequestFirstByte: the client read the first byte of the response.
	RequestFirstByte
	// RequestDone: Req ended. Flags: Status. Len: response bytes received, header included. A: attempts made.
	RequestDone

	// ServerQueued: the server's kernel holds all of Req. Actor: the server. Pkt: the packet that completed it.
	ServerQueued
	// ServerBegin: a worker and a core take Req up. ServerWaiting: its CPU work is done, the wait begins.
	ServerBegin
	ServerWaiting
	// ServerWrote: the response of Req was written to the socket. Flags: Aged. Len: bytes. A: CPU time, B: waiting time,
	// ns; 0 at a proxy, which waits for its own request.
	ServerWrote

	// ServerConns: Actor: the server. A: accept queue<<32 | connections accepted and open.
	// B: connections with a request in work<<32 | idle kept connections.
	ServerConns
	// ServerLoad: A: workers held by connections or by requests, none in an event loop<<32 | busy cores. B: CPU time spent so far, ns. Len: requests waiting for a worker or a core.
	ServerLoad
	// ServerMemory: A: bytes in use now. B: TIME_WAIT sockets now.
	ServerMemory
	// BacklogDrop: the server ignored a segment because a queue of its listening socket was full. Flags: DroppedSYN …
	BacklogDrop
	// PoolSize: Actor: the client. A: busy connections<<32 | idle connections. B: requests waiting<<32 | TIME_WAIT sockets.
	PoolSize
	// Stopped: the run ended early. Flags: Stop.
	Stopped
	// RequestReceived: the client's kernel holds all of the response to Req. Pkt: the packet that completed it.
	RequestReceived
	// ConnSecured: TLS lets Conn carry requests from now on. A: when Conn was established.
	ConnSecured
	// SYNCookie: the server answers a SYN with a cookie, because its SYN queue is full.
	SYNCookie
	// ServerLimit: the server turned Conn away because of a limit, or closed it to make room. Flags: what was full.
	// A: 1: it was open and idle, 0: it was new.
	ServerLimit
	// RequestStale: Req was sent on Conn, a kept connection, which the server had closed before it came. Actor: the client.
	RequestStale

	kinds
)

// Flags of Packet records.
const (
	Down       uint16 = 1 << iota // server to client; clear: client to server
	DropQueue                     // fell because the queue was full
	DropLoss                      // fell by chance
	DropListed                    // fell because the scenario lists it
	Dropped    = DropQueue | DropLoss | DropListed
)

// TCP flags of Segment records.
const (
	SYN uint16 = 1 << iota
	ACK
	FIN
	RST
	PSH
	Retransmitted
)

// What fell, in Flags of BacklogDrop records, and which queue was full.
const (
	DroppedSYN      uint16 = iota // a SYN: the accept queue
	DroppedFinalACK               // an ACK that would have completed a handshake: the accept queue
	DroppedHalfOpen               // a SYN: the SYN queue
)

// Reused, in RequestBound: the connection has carried a request before.
const Reused uint16 = 1

// Aged, in ServerWrote: the connection ends with this response because it is too old.
const Aged uint16 = 1

// What was full, in ServerLimit.
const (
	FullConnections uint16 = iota + 1
	FullDescriptors
	FullMemory
	FullWorkers
)

// Status of a request that ended, in the words of Result.
type Status uint16

// The ways a request ends.
const (
	OK Status = iota
	Reset
	Refused
	Timeout
	NoPort
	BadGateway     // a proxy's server closed or refused the connection (RFC 9110, 15.6.3)
	GatewayTimeout // a proxy's server did not answer in time (RFC 9110, 15.6.5)
	statuses
)

// String is the status as Result writes it.
func (s Status) String() string {
	return [statuses]string{"ok", "reset", "refused", "timeout", "no-port", "502", "504"}[s]
}

// Answered tells whether a request ended with an answer, be it of a proxy that has no other.
func (s Status) Answered() bool { return s == OK || s == BadGateway || s == GatewayTimeout }

// Cause is the event that released a segment: what could not have happened later.
type Cause uint8

// The causes of a segment.
const (
	CauseApp    Cause = iota // the application wrote, connected or closed
	CausePacket              // the packet CausePacketID arrived
	CauseTimer               // a timer ran out
)

// Limit is what held a segment's first byte back until its cause came.
type Limit uint8

// The limits of a sender.
const (
	LimitNone       Limit = iota // nothing: it went out as soon as it was written
	LimitCwnd                    // the congestion window
	LimitPeer                    // the peer's receive window
	LimitRecovery                // it repairs a loss
	LimitDelayedAck              // an acknowledgement that waited for its timer
	LimitNagle                   // Nagle's rule
)

// WindowPhase of Window records.
const (
	SlowStart uint16 = iota
	Avoidance
	Recovery
	Loss
	RestartIdle
)

// Timers of TimerFired records.
const (
	TimerRTO uint16 = iota
	TimerDelayedAck
	TimerTimeWait
	TimerServerIdle // the server's keep-alive timeout
	TimerClientIdle // the client's idle timeout
	TimerSYN
	TimerHeader  // the server's time for the head of a request
	TimerLinger  // the server's time for reading on after its last response
	TimerConnect // the client's limit for opening a connection
	TimerRequest // the client's limit for a request
)

// Stops of Stopped records.
const (
	StopTime uint16 = iota
	StopEvents
	StopPending
)

const serverBit = 1 << 31

// Server is the Actor number of server k, counted from 0.
func Server(k int) uint32 { return serverBit | uint32(k) }

// IsServer tells whether an Actor is a server; clients are numbered from 1.
func IsServer(actor uint32) bool { return actor&serverBit != 0 }

// ServerIndex is the k of Server(k), on its side of a proxy.
func ServerIndex(actor uint32) int { return int(actor &^ (serverBit | Behind)) }

// Behind is the bit of the numbers of what stands behind a proxy: actors, connections and requests there count from the
// beginning. To its clients the proxy is Server(0); as the only client of the servers behind it, it is Proxy.
//
//	client 1, 2 … ── Conn, Req ──▶ Server(0) = Proxy ── Behind|Conn, Behind|Req ──▶ Behind|Server(0), Behind|Server(1) …
const Behind uint32 = 1 << 30

// Proxy is the Actor number of a proxy as a client.
const Proxy = Behind | 1

// IsBehind tells whether an Actor, a connection or a request is one behind a proxy.
func IsBehind(id uint32) bool { return id&Behind != 0 }

// IsBehind tells whether r is about what is behind a proxy.
func (r *Record) IsBehind() bool { return r.Actor&Behind != 0 }

// IsDown tells whether a Packet travels from server to client.
func (r Record) IsDown() bool { return r.Flags&Down != 0 }

// IsDropped tells whether a Packet never arrived.
func (r Record) IsDropped() bool { return r.Flags&Dropped != 0 }

// Start is when a Packet's first bit enters the wire; End when its last bit reaches the far host.
func (r Record) Start() sim.Time { return sim.Time(r.A) }

// End is when a Packet's last bit reaches the far host, or when it fell.
func (r Record) End() sim.Time { return sim.Time(r.B) }

// Seq and Ack are a Segment's numbers, relative to the initial ones and modulo 2^32.
func (r Record) Seq() uint32 { return uint32(uint64(r.A) >> 32) }

// Ack is a Segment's acknowledgement number, relative and modulo 2^32.
func (r Record) Ack() uint32 { return uint32(r.A) }

// PackSegment fills a Segment's B.
func PackSegment(c Cause, l Limit, window16 uint16, causePkt uint32) int64 {
	return int64(uint64(c)<<56 | uint64(l)<<48 | uint64(window16)<<32 | uint64(causePkt))
}

// Cause is what released a Segment.
func (r Record) Cause() Cause { return Cause(uint64(r.B) >> 56) }

// Limit is what held a Segment back before.
func (r Record) Limit() Limit { return Limit(uint64(r.B) >> 48) }

// SegmentWindow is the window field as it stands in the header (scaled by 7 bits, but for SYNs).
func (r Record) SegmentWindow() uint16 { return uint16(uint64(r.B) >> 32) }

// CausePacketID is the packet that released a Segment, if Cause is CausePacket.
func (r Record) CausePacketID() uint32 { return uint32(r.B) }

// Pack joins two counts into one field; Hi and Lo take them apart.
func Pack(hi, lo int) int64 { return int64(uint64(uint32(hi))<<32 | uint64(uint32(lo))) }

// Hi is the upper count of a packed field.
func Hi(v int64) int { return int(uint32(uint64(v) >> 32)) }

// Lo is the lower count of a packed field.
func Lo(v int64) int { return int(uint32(v)) }
