package tcp

import "keepalive/sim"

// Linux's delayed acknowledgements (include/net/tcp.h).
const (
	atoMin      = 40 * sim.Millisecond // TCP_ATO_MIN, TCP_DELACK_MIN
	delackMax   = 200 * sim.Millisecond
	maxQuick    = 16 // TCP_MAX_QUICKACKS
	growPayload = 128
	mssGuess    = 536 // TCP_MSS_DEFAULT: the peer's segment size before one has come
)

// span is a run of bytes that arrived ahead of a gap.
type span struct{ from, to int64 }

// receiver is the half of a connection that receives (RFC 9293's RCV variables).
type receiver struct {
	next      int64 // next sequence number expected
	wup       int64 // next at the time of the last acknowledgement sent
	delivered int64 // payload bytes in order
	early     []span
	finAt     int64 // sequence number of the peer's FIN; 0: not seen
	tsRecent  uint32

	mss      int64 // largest payload seen (rcv_mss)
	pending  bool  // something arrived that has not been acknowledged
	now_     bool  // and must be at once
	quick    int   // acknowledgements still to be sent at once
	pingpong bool  // the application answers at once: its data carries the acknowledgement
	ato      sim.Time
	lastData sim.Time

	win receiveWindow
}

func (r *receiver) init(cfg *Config) {
	r.mss = mssGuess
	r.win.init(cfg)
}

func (r *receiver) noteTimestamp(s *Segment) {
	if s.Seq <= r.wup {
		r.tsRecent = s.TSVal
	}
}

// advertise is the window to put into a segment; the right edge never moves back.
func (r *receiver) advertise(syn bool) int64 { return r.win.advertise(r.next, syn) }

// onPayload takes the data and the FIN of s.
func (c *Conn) onPayload(now sim.Time, s *Segment) Signal {
	if s.Len == 0 && !s.Has(FIN) {
		if s.Seq < c.rcv.next {
			c.rcv.pending, c.rcv.now_ = true, true // a window probe
		}
		return 0
	}
	r := &c.rcv
	r.pending = true
	r.mss = max(r.mss, int64(s.Len))
	if s.Has(FIN) {
		r.finAt = s.Seq + int64(s.Len)
	}
	if s.end() <= r.next {
		r.now_ = true // all of it is known: our acknowledgement was lost
		return 0
	}
	if s.Seq > r.next {
		r.keep(span{s.Seq, s.Seq + int64(s.Len)})
		r.now_ = true // a duplicate ACK tells of the gap (RFC 5681, 4.2)
		r.noteData(now, c.rtt.rto)
		return 0
	}
	before := r.next
	r.next = max(r.next, s.Seq+int64(s.Len))
	if len(r.early) > 0 {
		r.now_ = true // the segment fills a gap, all or part of it
		r.join()
	}
	var sig Signal
	if r.next > before {
		r.delivered += r.next - before
		sig = Data
		r.noteData(now, c.rtt.rto)
		if r.win.onData(now, int64(s.Len), r.next-before, s.TSEcr, int64(c.cfg.MSS)) {
			r.quick = max(r.quick, 1)
		}
	}
	if r.finAt != 0 && r.next == r.finAt {
		r.next++
		sig |= EndOfFile | c.onFIN()
	}
	return sig
}

// onFIN moves on when the peer's stream has ended. The application is expected to close too, and its FIN to carry the
// acknowledgement; a side that has closed already acknowledges at once (tcp_fin).
func (c *Conn) onFIN() Signal {
	c.rcv.now_ = c.rcv.now_ || c.state != Established
	switch c.state {
	case Established:
		c.rcv.pingpong = true
		c.become(CloseWait)
	case FinWait1:
		c.become(Closing)
	case FinWait2:
		c.become(TimeWait)
	default:
	}
	return 0
}

// keep stores a run that came early, merged with those it touches.
func (r *receiver) keep(v span) {
	i := 0
	for i < len(r.early) && r.early[i].to < v.from {
		i++
	}
	j := i
	for j < len(r.early) && r.early[j].from <= v.to {
		v.from, v.to = min(v.from, r.early[j].from), max(v.to, r.early[j].to)
		j++
	}
	r.early = append(r.early[:i], append([]span{v}, r.early[j:]...)...)
}

// join moves next over the early runs that it now touches.
func (r *receiver) join() {
	n := 0
	for n < len(r.early) && r.early[n].from <= r.next {
		r.next = max(r.next, r.early[n].to)
		n++
	}
	r.early = append(r.early[:0], r.early[n:]...)
}

// noteData keeps the acknowledgement mode (net/ipv4/tcp_input.c, tcp_event_data_recv).
func (r *receiver) noteData(now, rto sim.Time) {
	m := now - r.lastData
	switch {
	case r.ato == 0:
		r.quickAcks()
		r.ato = atoMin
	case m <= atoMin/2:
		r.ato = r.ato/2 + atoMin/2
	case m < r.ato:
		r.ato = min(r.ato/2+m, rto)
	case m > rto:
		r.quickAcks()
	}
	r.lastData = now
}

// quickAcks asks for acknowledgements at once (tcp_incr_quickack): the peer may be in slow start.
func (r *receiver) quickAcks() { r.quick = max(r.quick, maxQuick) }

// noteDataSent tells that data went out: soon after some came in, the connection is interactive (tcp_event_data_sent).
func (r *receiver) noteDataSent(now sim.Time) {
	if r.lastData != 0 && now-r.lastData < r.ato {
		r.pingpong = true
	}
}

// ackIfDue sends or schedules the acknowledgement of what arrived, if no data carried it already.
func (c *Conn) ackIfDue(now sim.Time) {
	r := &c.rcv
	if !r.pending || c.state == Closed {
		return
	}
	unacked := r.next - r.wup
	due := r.now_
	switch c.cfg.DelayedAck {
	case AckEveryPacket:
		due = true
	case AckEverySecond:
		due = due || unacked >= 2*int64(c.cfg.MSS)
	case AckLinux:
		due = due || unacked > r.mss || r.quick > 0 && !r.pingpong
	}
	if due {
		c.sendAck(now, LimitNone)
		return
	}
	if c.delackAt == 0 {
		c.delackAt = now + min(max(r.ato, atoMin), delackMax)
	}
}

func (c *Conn) sendAck(now sim.Time, why Limit) {
	c.emit(now, c.snd.next, ACK, why)
	c.ackSent()
}

// ackSent notes that a segment carried the acknowledgement.
func (c *Conn) ackSent() {
	r := &c.rcv
	if r.pending {
		if r.quick > 0 {
			r.quick--
		}
		if r.quick == 0 {
			r.ato = max(r.ato, atoMin)
		}
	}
	r.pending, r.now_ = false, false
	r.wup = r.next
	c.delackAt = 0
}
