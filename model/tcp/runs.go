package tcp

import "keepalive/sim"

// span is a run of bytes that arrived ahead of a gap.
type span struct{ from, to int64 }

// runs is what a receiver knows of bytes that came out of order. It has it only while there are any: an Outbox keeps
// those not in use.
type runs struct {
	early   []span
	recent  [maxSacks + 1]span // runs that came early, the one that grew last first (RFC 2018, 4)
	recents int
	twice   span  // arrived a second time and not yet reported (RFC 2883); to 0: none
	dupNext int64 // next when dupAcks was counted

	compressAt sim.Time // its acknowledgement is held back until then; 0: it is not
}

// outOfOrder is the receiver's runs, to be written to.
func (c *Conn) outOfOrder() *runs {
	if c.rcv.runs == nil {
		r := c.out.runs.take()
		*r = runs{early: r.early[:0]}
		c.rcv.runs = r
	}
	return c.rcv.runs
}

// settleRuns gives runs with nothing left in them back.
func (c *Conn) settleRuns() {
	if r := c.rcv.runs; len(r.early) == 0 && r.twice.to == 0 {
		c.rcv.giveRuns(c.out)
	}
}

func (r *receiver) giveRuns(o *Outbox) {
	if r.runs != nil {
		o.runs.give(r.runs)
		r.runs = nil
	}
}

// gap tells whether bytes wait behind one.
func (r *receiver) gap() bool { return r.runs != nil && len(r.runs.early) > 0 }

// held counts the bytes that wait behind gaps.
func (r *receiver) held() (n int64) {
	if r.runs != nil {
		for _, e := range r.runs.early {
			n += e.to - e.from
		}
	}
	return n
}

// keep stores a run that came early, merged with those it touches.
func (r *runs) keep(v span) {
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
func (r *runs) join(next, finAt int64) int64 {
	n := 0
	for n < len(r.early) && r.early[n].from <= next {
		next = max(next, r.early[n].to)
		n++
	}
	if finAt != 0 {
		next = min(next, finAt) // the run of a FIN holds its number, too
	}
	r.early = append(r.early[:0], r.early[n:]...)
	n = 0
	for _, b := range r.recent[:r.recents] {
		if b.from > next {
			r.recent[n] = b
			n++
		}
	}
	r.recents = n
	return next
}

// has tells whether all of v came before.
func (r *runs) has(v span) bool {
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
func (r *runs) place(v span) int {
	for i, b := range r.recent[:r.recents] {
		if b.from <= v.to && v.from <= b.to {
			return i
		}
	}
	return r.recents
}

// noteRecent moves the run that v belongs to to the front of what is reported (tcp_sack_new_ofo_skb).
func (r *runs) noteRecent(v span) {
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
func (r *runs) report(s *Segment) {
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
