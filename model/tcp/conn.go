package tcp

import "keepalive/sim"

// Signal tells the owner of a Conn what a call changed.
type Signal uint8

// The signals.
const (
	Opened    Signal = 1 << iota // the handshake is complete on this side
	Data                         // more bytes are in order: see Received
	EndOfFile                    // the peer's FIN is in order
	Aborted                      // the peer reset the connection
	TimedOut                     // the peer does not answer: given up
	Done                         // closed on both sides: Closed or TimeWait
	Drained                      // all that was written has been handed to the network
)

// Conn is one endpoint.
type Conn struct {
	cfg   *Config
	out   *Outbox
	state State

	snd  sender
	rcv  receiver
	rtt  estimator
	cc   congestion
	rack rack

	halfOpen  bool // the SYN's data was taken, and the handshake is not complete
	closed    bool // the application has closed: data that comes now is refused
	rackMoved bool // a segment has arrived since detectLosses looked last
	cookie    bool // the SYN was answered with a cookie
	timer     timerKind
	retries   int8 // timeouts in a row
	synAcks   int8 // how often the SYN-ACK is sent again; 0: as often as Linux does
	probes    int8 // of a shut window, or of a silent peer, that nobody has answered
	timerAt   sim.Time
	delackAt  sim.Time // delayed acknowledgement; 0: off
	keepAt    sim.Time // look for silence, or give up FIN-WAIT-2; 0: off
	heardAt   sim.Time // when the peer was heard last
}

// New makes an endpoint in state Closed. Segments go to out.
func New(cfg *Config, out *Outbox) *Conn {
	c := &Conn{}
	c.Init(cfg, out)
	return c
}

// Init is New in place, for owners that keep their endpoints by value.
func (c *Conn) Init(cfg *Config, out *Outbox) {
	c.snd.ring.give(c.out)
	c.snd.giveKnown(c.out)
	c.rcv.giveRuns(c.out)
	*c = Conn{cfg: cfg, out: out}
	c.snd.lastSent, c.snd.firstLost = -1, noneLost
	c.cc.init(cfg)
	c.rcv.init(cfg)
	c.rtt.init()
}

// State is the endpoint's state.
func (c *Conn) State() State { return c.state }

// Received counts the payload bytes that arrived in order: neither the SYN nor the FIN.
func (c *Conn) Received() int64 {
	n := max(c.rcv.next-1, 0)
	if c.rcv.finAt != 0 {
		n = min(n, c.rcv.finAt-1)
	}
	return n
}

// Written counts the bytes that were handed to the connection.
func (c *Conn) Written() int64 {
	if c.snd.finOut {
		return c.snd.end - 2
	}
	return max(c.snd.end-1, 0)
}

// Shut tells whether the application has closed its side.
func (c *Conn) Shut() bool { return c.closed }

// Ended tells whether the stream to the peer has ended: after Close, or after CloseWrite.
func (c *Conn) Ended() bool { return c.closed || c.snd.fin }

// Unsent counts the bytes written but not yet handed to the network.
func (c *Conn) Unsent() int64 { return c.snd.end - c.snd.next }

// Unacked counts the sequence numbers sent and not yet acknowledged.
func (c *Conn) Unacked() int64 { return c.snd.next - c.snd.una }

// Window reports the sender's state for the trace: segments, segments, bytes, bytes.
func (c *Conn) Window() (cwnd, ssthresh int, outstanding, peer int64) {
	return int(c.cc.cwnd), int(c.cc.ssthresh), c.snd.next - c.snd.una, c.snd.window
}

// InRecovery tells whether a loss is being repaired: by fast retransmit, or after a timeout.
func (c *Conn) InRecovery() (fast, loss bool) { return c.cc.reducing(), c.cc.state == caLoss }

// Rested tells whether idleness has cut the congestion window, and no acknowledgement has come since.
func (c *Conn) Rested() bool { return c.cc.rested }

// SlowStart tells whether the congestion window is below its threshold.
func (c *Conn) SlowStart() bool { return c.cc.slowStart() }

// Connect sends a SYN.
func (c *Conn) Connect(now sim.Time) {
	c.become(SynSent)
	c.snd.end, c.snd.next = 1, 1
	c.sendSYN(now, SYN)
}

// Listen waits for a SYN.
func (c *Conn) Listen() { c.become(Listen) }

// Write hands n bytes to the connection; with last, the stream ends after them, so that the FIN rides on the last segment.
func (c *Conn) Write(now sim.Time, n int64, last bool) {
	if n > 0 {
		c.restartAfterIdle(now)
		c.snd.end += n
	}
	if last {
		c.Close(now)
		return
	}
	c.push(now, LimitNone)
}

// WriteEnd hands the last n bytes to the connection and ends the stream after them, so that the FIN rides on the last
// segment. Unlike after Write's last bytes the peer's data is still read.
func (c *Conn) WriteEnd(now sim.Time, n int64) {
	if n > 0 {
		c.restartAfterIdle(now)
		c.snd.end += n
	}
	c.CloseWrite(now)
}

// Close ends the stream to the peer after all that was written. Nobody reads any more: data that still comes is
// answered with a RST.
func (c *Conn) Close(now sim.Time) {
	c.closed = true
	c.CloseWrite(now)
	c.awaitFIN(now)
}

// CloseWrite is Close for one direction: the peer's data is still read (shutdown with SHUT_WR).
func (c *Conn) CloseWrite(now sim.Time) {
	switch c.state {
	case SynReceived, Established:
		c.become(FinWait1)
	case CloseWait:
		c.become(LastAck)
	case SynSent, Listen:
		c.become(Closed)
		c.stopTimers()
		return
	case Closed, FinWait1, FinWait2, Closing, LastAck, TimeWait:
		return
	}
	c.snd.fin = true
	c.push(now, LimitNone)
}

// Abort drops the connection. A peer that does not know of the end yet is told with a RST (RFC 9293, 3.10.5; tcp_need_reset).
func (c *Conn) Abort(now sim.Time) {
	switch c.state {
	case SynReceived, Established, FinWait1, FinWait2, CloseWait:
		c.emit(now, c.snd.next, RST|ACK, LimitNone)
	case Closed, Listen, SynSent, Closing, LastAck, TimeWait:
	}
	c.drop()
}

// drop forgets the connection.
func (c *Conn) drop() {
	c.become(Closed)
	c.stopTimers()
}

// OnSegment takes a segment that arrived.
func (c *Conn) OnSegment(now sim.Time, s *Segment) Signal {
	if c.predicted(s) {
		switch {
		case s.Len == 0 && s.Seq == c.rcv.next && s.Ack > c.snd.una && s.Ack <= c.snd.next && c.snd.ring.n > 0:
			return c.onPlainAck(now, s)
		case s.Len > 0 && s.Seq == c.rcv.next && s.Ack == c.snd.una && c.rcv.finAt == 0 && (c.snd.ring.n > 0 || c.snd.next == c.snd.end):
			return c.onPlainData(now, s)
		}
	}
	switch c.state {
	case Closed:
		return c.refuse(now, s)
	case Listen:
		return c.onSYN(now, s)
	case SynSent:
		return c.onSegmentSynSent(now, s)
	case TimeWait:
		return c.onSegmentTimeWait(now, s)
	case SynReceived, Established, FinWait1, FinWait2, CloseWait, Closing, LastAck:
	}
	switch {
	case s.Has(RST):
		return c.onRST(now, s)
	case s.Has(SYN):
		return c.onRepeatedSYN(now, s)
	case !s.Has(ACK):
		return 0
	case c.state == SynReceived && (s.Ack < 1 || s.Ack > c.snd.next):
		return c.refuse(now, s)
	}
	return c.onSegmentOpen(now, s)
}

// refuse answers a segment that belongs to no connection with a RST that its sender must believe (RFC 9293, 3.10.7.1).
func (c *Conn) refuse(now sim.Time, s *Segment) Signal {
	switch {
	case s.Has(RST):
	case s.Has(ACK):
		c.emit(now, s.Ack, RST, LimitNone)
	default:
		c.emit(now, 0, RST|ACK, LimitNone).Ack = s.end()
	}
	return 0
}

// onRST believes a RST only if it is exactly the next in sequence; one that merely lies in the window is asked for again
// (RFC 5961, 3.2).
func (c *Conn) onRST(now sim.Time, s *Segment) Signal {
	next := c.rcv.next
	switch {
	case s.Seq == next:
		c.drop()
		return Aborted | Done
	case s.Seq > next && s.Seq < c.rcv.win.edge:
		c.sendAck(now, LimitNone)
	}
	return 0
}

// onSegmentTimeWait acknowledges once more whatever is not in order: our last ACK was lost. A RST ends the wait
// (tcp_timewait_state_process without RFC 1337).
func (c *Conn) onSegmentTimeWait(now sim.Time, s *Segment) Signal {
	switch {
	case s.Has(RST):
		if s.Seq == c.rcv.next {
			c.drop()
		}
	case s.Seq != c.rcv.next || s.Len > 0 || s.Has(FIN):
		c.sendAck(now, LimitNone)
	}
	return 0
}

func (c *Conn) onSYN(now sim.Time, s *Segment) Signal {
	if c.Believes(now, s) {
		return c.openByCookie(now, s)
	}
	if s.Has(ACK) || !s.Has(SYN) {
		return c.refuse(now, s)
	}
	c.become(SynReceived)
	c.cookie = false
	c.rcv.next, c.rcv.wup = 1, 1
	c.rcv.tsRecent = s.TSVal
	c.snd.window = s.Window
	c.snd.end, c.snd.next = 1, 1
	sig := c.takeEarly(s)
	c.sendSYN(now, SYN|ACK)
	return sig
}

func (c *Conn) onSegmentSynSent(now sim.Time, s *Segment) Signal {
	switch {
	case s.Has(ACK) && (s.Ack < 1 || s.Ack > c.snd.next):
		return c.refuse(now, s)
	case s.Has(RST | ACK):
		c.drop()
		return Aborted | Done
	case !s.Has(SYN | ACK):
		return 0
	}
	c.become(Established)
	c.rcv.next, c.rcv.wup = 1, 1
	c.rcv.tsRecent = s.TSVal
	c.snd.window = s.Window
	c.ackHandshake(now, s)
	if !c.resendEarly(now, s) {
		c.sendAck(now, LimitNone)
	}
	c.push(now, LimitNone)
	return Opened
}

// onRepeatedSYN answers a SYN or SYN-ACK that came again: the answer was lost or is late.
func (c *Conn) onRepeatedSYN(now sim.Time, s *Segment) Signal {
	if (c.state == SynReceived || c.halfOpen) && !s.Has(ACK) {
		c.resendSYN(now, SYN|ACK)
		c.setTimer(now, timerSYN, min(rtoInitial<<c.retries, rtoMax)) // tcp_check_req
		return 0
	}
	c.sendAck(now, LimitNone)
	return 0
}

// onSegmentOpen handles a segment of a synchronised connection (RFC 9293, 3.10.7.4).
func (c *Conn) onSegmentOpen(now sim.Time, s *Segment) Signal {
	var sig Signal
	if c.state == SynReceived || c.halfOpen {
		sig |= c.completeHandshake(now, s)
	}
	c.heardAt = now
	c.rcv.noteTimestamp(s)
	sig |= c.onAck(now, s)
	if c.state == Closed {
		return sig
	}
	if c.closed && s.Len > 0 && s.Seq+int64(s.Len) > c.rcv.next { // nobody will read it (tcp_rcv_state_process)
		c.refuse(now, s)
		c.drop()
		return sig | Done
	}
	sig |= c.onPayload(now, s)
	c.push(now, c.snd.held)
	c.ackIfDue(now)
	if c.state == TimeWait {
		c.stopTimers()
		sig |= Done
	}
	return sig
}

// completeHandshake is the server's part of it.
func (c *Conn) completeHandshake(now sim.Time, s *Segment) Signal {
	if c.state == SynReceived {
		c.become(Established)
	}
	c.ackHandshake(now, s)
	if !c.halfOpen {
		return Opened
	}
	c.halfOpen = false
	c.rearm(now) // its answer may be out already
	return 0
}

// ackHandshake notes that the peer has our SYN: the first round-trip sample. After more than one repetition that
// nobody answered the window begins at one segment (tcp_init_transfer; RFC 5681, 3.1), unless the timestamp tells that
// the first copy had only been late.
func (c *Conn) ackHandshake(now sim.Time, s *Segment) {
	snd := &c.snd
	snd.una, c.retries, c.timer = 1, 0, timerOff
	rtt := now - c.rack.at
	c.rack.at = 0
	if snd.synAgain > 0 || c.cookie {
		rtt = c.echoed(now, s)
		late := int32(s.TSEcr-snd.synAgainAt) < 0
		if snd.synAgain > 1 && snd.synTimeout && !late {
			c.cc.cwnd = 1
		}
	}
	c.rtt.noteLeast(rtt)
	c.rtt.sample(rtt, snd.una, snd.next)
	c.rack.rtt = rtt
	if c.cfg.Congestion == Cubic {
		c.cc.cubic.round(now, snd.next)
	}
	c.cc.usedAt, c.rcv.win.checked = now, now
	c.startKeepAlive(now)
}

// emit puts a segment with what every one carries into the outbox; the caller may add to it.
func (c *Conn) emit(now sim.Time, seq int64, f Flags, why Limit) *Segment {
	s := c.out.add()
	s.Seq, s.Ack, s.Len = seq, c.rcv.next, 0
	s.Flags, s.Limit, s.Retransmitted, s.Sacks = f, why, false, 0
	s.TSVal, s.TSEcr = stamp(now), c.rcv.tsRecent
	if f&ACK == 0 {
		s.Ack = 0
	}
	s.Window = c.rcv.advertise(f&SYN != 0)
	if c.rcv.runs != nil {
		c.rcv.runs.report(s)
		c.settleRuns()
	}
	return s
}

// stampPhase keeps the start of a run, on which much falls, off the edge of a millisecond.
const stampPhase = sim.Millisecond / 2

// stamp is a timestamp (RFC 7323): milliseconds, and never 0.
func stamp(now sim.Time) uint32 { return uint32(over(now+stampPhase, sim.Millisecond)) + 1 }

// over is a / b, neither of which is negative: a signed division is a call in WebAssembly.
func over(a, b sim.Time) int64 { return int64(uint64(a) / uint64(b)) }
