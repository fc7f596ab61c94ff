package tcp

import "keepalive/sim"

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

	recent  [maxSacks + 1]span // runs that came early, the one that grew last first (RFC 2018, 4)
	recents int
	twice   span // arrived a second time and not yet reported (RFC 2883); to 0: none

	mss      int64 // the peer's segment size, as far as known (rcv_mss)
	lastLen  int64 // payload of the last segment, if it was smaller
	pending  bool  // something arrived that has not been acknowledged
	now_     bool  // and must be at once
	pushed   pushes
	quick    int  // acknowledgements still to be sent at once
	pingpong bool // the application answers at once: its data carries the acknowledgement
	ato      sim.Time
	lastData sim.Time

	dupAcks    int   // selective acknowledgements sent since next moved
	dupNext    int64 // next then
	compressed int   // held back (tcp_comp_sack_nr)

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
			r.pending, r.now_ = true, true // a window probe
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
	if len(r.early) > 0 {
		r.join()
		r.now_ = r.now_ || len(r.early) == 0 // the last gap is filled (RFC 5681, 4.2)
	}
	var sig Signal
	if r.next > before {
		r.delivered += r.next - before
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
	r.now_ = true
	r.quickAcks()
	r.pingpong, r.ato = false, atoMin
	r.twice = span{s.Seq, s.end()}
}

// onEarly keeps a segment that came ahead of a gap (tcp_data_queue_ofo).
func (c *Conn) onEarly(now sim.Time, s *Segment) {
	r := &c.rcv
	if s.Has(PSH) { // not by the kernel's text, where only reading acts on it, but nearer to what was measured under random loss
		r.pushed = max(r.pushed, pushedOnce)
	}
	v := span{s.Seq, s.end()}
	if r.has(v) {
		r.twice = v
	} else {
		if r.compressed > 0 && r.place(v) >= sackRoom {
			c.sendAck(now, LimitNone) // tells of the runs that would be pushed out
			r.pending = true
		}
		r.keep(v)
	}
	r.noteRecent(v) // a duplicate's run comes right after it (RFC 2883, 4)
	if r.win.onEarly(now, int64(s.Len), r.held(), v.to-r.next, s.TSEcr, int64(c.cfg.MSS)) {
		r.quick |= 1
	}
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

// held counts the bytes that wait behind gaps.
func (r *receiver) held() (n int64) {
	for _, e := range r.early {
		n += e.to - e.from
	}
	return n
}

// join moves next over the early runs that it now touches.
func (r *receiver) join() {
	n := 0
	for n < len(r.early) && r.early[n].from <= r.next {
		r.next = max(r.next, r.early[n].to)
		n++
	}
	if r.finAt != 0 {
		r.next = min(r.next, r.finAt) // the run of a FIN holds its number, too
	}
	r.early = append(r.early[:0], r.early[n:]...)
	n = 0
	for _, b := range r.recent[:r.recents] {
		if b.from > r.next {
			r.recent[n] = b
			n++
		}
	}
	r.recents = n
}

// has tells whether all of v came before.
func (r *receiver) has(v span) bool {
	for _, e := range r.early {
		if e.from <= v.from && v.to <= e.to {
			return true
		}
	}
	return false
}

// sackRoom is how many runs may be reported late without one getting lost (TCP_SACK_BLOCKS_EXPECTED).
const sackRoom = 2

// place is where among the recent runs v belongs: the first that it touches, or behind them all.
func (r *receiver) place(v span) int {
	for i, b := range r.recent[:r.recents] {
		if b.from <= v.to && v.from <= b.to {
			return i
		}
	}
	return r.recents
}

// noteRecent moves the run that v belongs to to the front of what is reported (tcp_sack_new_ofo_skb).
func (r *receiver) noteRecent(v span) {
	n := 0
	for _, b := range r.recent[:r.recents] {
		if b.from <= v.to && v.from <= b.to {
			v = span{min(v.from, b.from), max(v.to, b.to)}
			continue
		}
		r.recent[n] = b
		n++
	}
	n = min(n, len(r.recent)-1)
	copy(r.recent[1:n+1], r.recent[:n])
	r.recent[0] = v
	r.recents = n + 1
}

// report writes the selective acknowledgement into s: a duplicate first, then the runs that came early (RFC 2018, 4).
func (r *receiver) report(s *Segment) {
	if !s.Has(ACK) || s.Flags&(SYN|RST) != 0 {
		return
	}
	n := uint8(0)
	if r.twice.to != 0 {
		s.Sack[0] = r.twice.after(s.Ack)
		n, r.twice = 1, span{}
	}
	for i := 0; i < r.recents && n < maxSacks; i++ {
		s.Sack[n] = r.recent[i].after(s.Ack)
		n++
	}
	s.Sacks = n
}

func (v span) after(ack int64) Block { return Block{int32(v.from - ack), int32(v.to - ack)} }
