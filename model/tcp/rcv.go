package tcp

import "keepalive/sim"

// receiver is the half of a connection that receives (RFC 9293's RCV variables).
type receiver struct {
	next     int64 // next sequence number expected
	wup      int64 // next at the time of the last acknowledgement sent
	finAt    int64 // sequence number of the peer's FIN; 0: not seen
	runs     *runs // nil: nothing came out of order
	ato      sim.Time
	lastData sim.Time
	tsRecent uint32
	mss      int32 // largest payload seen (rcv_mss)

	lastLen int32 // payload of the last segment, if it was smaller

	pending    bool // something arrived that has not been acknowledged
	atOnce     bool // and must be at once
	pushed     pushes
	pingpong   bool  // the application answers at once: its data carries the acknowledgement
	quick      uint8 // acknowledgements still to be sent at once
	dupAcks    uint8 // selective acknowledgements sent since next moved
	compressed uint8 // held back (tcp_comp_sack_nr)

	win receiveWindow
}

func (r *receiver) init(cfg *Config) {
	r.mss = mssGuess
	r.win.init(cfg)
}

func (r *receiver) noteTimestamp(s *Segment) {
	if s.Seq <= r.wup && int32(s.TSVal-r.tsRecent) >= 0 {
		r.tsRecent = s.TSVal
	}
}

// advertise is the window to put into a segment; the right edge never moves back.
func (r *receiver) advertise(syn bool) int64 { return r.win.advertise(r.next, syn) }

// onPayload takes the data and the FIN of s (tcp_data_queue).
func (c *Conn) onPayload(now sim.Time, s *Segment) Signal {
	r := &c.rcv
	if s.Len == 0 && !s.Has(FIN) {
		r.win.lastEcho = s.TSEcr // what it echoes was answered by the peer's kernel, not by data
		if s.Seq < r.next {
			r.pending, r.atOnce = true, true // a window probe
		}
		return 0
	}
	r.pending = true
	if s.Has(FIN) {
		r.finAt = s.Seq + int64(s.Len)
	}
	switch {
	case s.end() <= r.next:
		c.onDuplicate(s)
		return 0
	case s.Seq > r.next:
		c.onEarly(now, s)
		return 0
	}
	before := r.next
	r.next = max(r.next, s.Seq+int64(s.Len))
	if r.gap() {
		r.next = r.runs.join(r.next, r.finAt)
		r.atOnce = r.atOnce || len(r.runs.early) == 0 // the last gap is filled (RFC 5681, 4.2)
		c.settleRuns()
	}
	var sig Signal
	if r.next > before {
		sig = Data
		r.noteData(now, c.rtt.rto, s)
		if r.win.onData(now, int64(s.Len), r.next-before, r.held(), s.TSEcr, int64(c.cfg.MSS)) {
			r.quick |= 1
		}
	}
	if r.finAt != 0 && r.next == r.finAt {
		r.next++
		sig |= EndOfFile | c.onFIN()
	}
	return sig
}

// onDuplicate handles a segment that is known already: our acknowledgement was lost, or the peer was too eager. It
// is told so at once (RFC 2883).
func (c *Conn) onDuplicate(s *Segment) {
	r := &c.rcv
	r.atOnce = true
	r.quickAcks()
	r.pingpong, r.ato = false, atoMin
	c.outOfOrder().twice = span{s.Seq, s.end()}
}

// onEarly keeps a segment that came ahead of a gap (tcp_data_queue_ofo).
func (c *Conn) onEarly(now sim.Time, s *Segment) {
	r, o := &c.rcv, c.outOfOrder()
	if s.Has(PSH) { // not by the kernel's text, where only reading acts on it, but nearer to what was measured under random loss
		r.pushed = max(r.pushed, pushedOnce)
	}
	v := span{s.Seq, s.end()}
	if o.has(v) {
		o.twice = v
	} else {
		if r.compressed > 0 && o.place(v) >= sackRoom {
			c.sendAck(now, LimitNone) // tells of the runs that would be pushed out
			r.pending = true
		}
		o.keep(v)
	}
	o.noteRecent(v) // a duplicate's run comes right after it (RFC 2883, 4)
	if r.win.onEarly(now, int64(s.Len), r.held(), v.to-r.next, s.TSEcr, int64(c.cfg.MSS)) {
		r.quick |= 1
	}
}

// onFIN moves on when the peer's stream has ended. The application is expected to close too, and its FIN to carry the
// acknowledgement; a side that has closed already acknowledges at once (tcp_fin).
func (c *Conn) onFIN() Signal {
	c.rcv.atOnce = c.rcv.atOnce || c.state != Established
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
