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

	closed    bool // the application has closed: data that comes now is refused
	rackMoved bool // a segment has arrived since detectLosses looked last
	timer     timerKind
	retries   int8 // timeouts in a row
	timerAt   sim.Time
	delackAt  sim.Time // delayed acknowledgement; 0: off
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

// Received counts the payload bytes that arrived in order.
func (c *Conn) Received() int64 { return c.rcv.delivered }

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

// Close ends the stream to the peer after all that was written.
func (c *Conn) Close(now sim.Time) {
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
	c.snd.fin, c.closed = true, true
	c.push(now, LimitNone)
}

// Abort drops the connection and tells the peer with a RST.
func (c *Conn) Abort(now sim.Time) {
	if c.state != Closed && c.state != Listen && c.state != TimeWait && c.state != SynSent {
		c.emit(now, c.snd.next, RST|ACK, LimitNone)
	}
	c.become(Closed)
	c.stopTimers()
}

// OnSegment takes a segment that arrived.
func (c *Conn) OnSegment(now sim.Time, s *Segment) Signal {
	if c.predicted(s) {
		switch {
		case s.Len == 0 && s.Seq == c.rcv.next && s.Ack > c.snd.una && s.Ack <= c.snd.next && c.snd.ring.n > 0:
			return c.onPlainAck(now, s)
		case s.Len > 0 && s.Seq == c.rcv.next && s.Ack == c.snd.una && c.rcv.finAt == 0 && c.timer != timerPersist:
			return c.onPlainData(now, s)
		}
	}
	switch c.state {
	case Closed:
		return c.onSegmentClosed(now, s)
	case Listen:
		return c.onSYN(now, s)
	case SynSent:
		return c.onSegmentSynSent(now, s)
	case TimeWait:
		if s.Has(FIN) { // our last ACK was lost
			c.sendAck(now, LimitNone)
		}
		return 0
	case SynReceived, Established, FinWait1, FinWait2, CloseWait, Closing, LastAck:
	}
	if s.Has(RST) {
		c.become(Closed)
		c.stopTimers()
		return Aborted | Done
	}
	if s.Has(SYN) {
		return c.onRepeatedSYN(now, s)
	}
	return c.onSegmentOpen(now, s)
}

// onSegmentClosed answers whatever comes to a closed connection with a RST (RFC 9293, 3.10.7.1).
func (c *Conn) onSegmentClosed(now sim.Time, s *Segment) Signal {
	if !s.Has(RST) {
		c.emit(now, s.Ack, RST, LimitNone)
	}
	return 0
}

func (c *Conn) onSYN(now sim.Time, s *Segment) Signal {
	if !s.Has(SYN) {
		return 0
	}
	c.become(SynReceived)
	c.rcv.next, c.rcv.wup = 1, 1
	c.rcv.tsRecent = s.TSVal
	c.snd.window = s.Window
	c.snd.end, c.snd.next = 1, 1
	c.sendSYN(now, SYN|ACK)
	return 0
}

func (c *Conn) onSegmentSynSent(now sim.Time, s *Segment) Signal {
	if s.Has(RST) {
		c.become(Closed)
		c.stopTimers()
		return Aborted | Done
	}
	if !s.Has(SYN | ACK) {
		return 0
	}
	c.become(Established)
	c.rcv.next, c.rcv.wup = 1, 1
	c.rcv.tsRecent = s.TSVal
	c.snd.window = s.Window
	c.ackHandshake(now, s)
	c.sendAck(now, LimitNone)
	c.push(now, LimitNone)
	return Opened
}

// onRepeatedSYN answers a SYN or SYN-ACK that came again: the answer was lost or is late.
func (c *Conn) onRepeatedSYN(now sim.Time, s *Segment) Signal {
	if c.state == SynReceived && !s.Has(ACK) {
		c.resendSYN(now, SYN|ACK)
		return 0
	}
	c.sendAck(now, LimitNone)
	return 0
}

// onSegmentOpen handles a segment of a synchronised connection (RFC 9293, 3.10.7.4).
func (c *Conn) onSegmentOpen(now sim.Time, s *Segment) Signal {
	var sig Signal
	if c.state == SynReceived {
		c.become(Established)
		c.ackHandshake(now, s)
		sig |= Opened
	}
	c.rcv.noteTimestamp(s)
	sig |= c.onAck(now, s)
	if c.state == Closed {
		return sig
	}
	if c.closed && s.Len > 0 && s.end() > c.rcv.next { // nobody will read it (RFC 9293, 3.10.7.1)
		c.Abort(now)
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

// ackHandshake notes that the peer has our SYN: the first round-trip sample. After more than one repetition that
// nobody answered the window begins at one segment (tcp_init_transfer; RFC 5681, 3.1), unless the timestamp tells that
// the first copy had only been late.
func (c *Conn) ackHandshake(now sim.Time, s *Segment) {
	snd := &c.snd
	snd.una, c.retries, c.timer = 1, 0, timerOff
	rtt := now - snd.synAt
	if snd.synAgain > 0 {
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
