package tcp

import "keepalive/sim"

// sent is a segment that is out and not acknowledged.
type sent struct {
	seq  int64
	at   sim.Time // when it was sent last
	len  int32
	fin  bool
	rtx  bool // sent more than once
	lost bool // believed lost, not yet sent again
}

func (s *sent) end() int64 {
	e := s.seq + int64(s.len)
	if s.fin {
		e++
	}
	return e
}

// sentRing is a queue of sent segments in a ring that doubles when it is full.
type sentRing struct {
	buf  []sent // length 0 or a power of two
	head int
	n    int
}

func (r *sentRing) clear() { r.head, r.n = 0, 0 }

func (r *sentRing) at(i int) *sent { return &r.buf[(r.head+i)&(len(r.buf)-1)] }

func (r *sentRing) push(s sent) {
	if r.n == len(r.buf) {
		grown := make([]sent, max(16, 2*len(r.buf)))
		for i := range r.n {
			grown[i] = *r.at(i)
		}
		r.buf, r.head = grown, 0
	}
	r.n++
	*r.at(r.n - 1) = s
}

func (r *sentRing) pop() sent {
	s := *r.at(0)
	r.head = (r.head + 1) & (len(r.buf) - 1)
	r.n--
	return s
}
