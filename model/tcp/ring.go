package tcp

import (
	"math/bits"

	"keepalive/sim"
)

// tag is what the scoreboard knows of a sent segment (Linux's tcp_skb_cb.sacked).
type tag uint8

const (
	tagSacked tag = 1 << iota // the peer has it, out of order
	tagAgain                  // sent again, and that copy is believed to be under way
	tagEver                   // sent more than once
	tagLost                   // believed lost
	tagFIN                    // carries the FIN
)

// sent is a segment that is out and not acknowledged: 24 bytes.
type sent struct {
	seq int64
	at  sim.Time // when it was sent last
	len int32
	tag tag
}

func (s *sent) end() int64 {
	e := s.seq + int64(s.len)
	if s.tag&tagFIN != 0 {
		e++
	}
	return e
}

// Rings have 16 << class entries.
const (
	ringMin      = 16
	maxRingClass = 24
)

// sentRing is a queue of sent segments, in order, in a ring that doubles when it is full and is given back when it is empty.
type sentRing struct {
	buf  []sent // length 0, or ringMin << class
	head int32
	n    int32
}

func (r *sentRing) at(i int32) *sent { return &r.buf[int(r.head+i)&(len(r.buf)-1)] }

// push adds a segment for the caller to fill in.
func (r *sentRing) push(o *Outbox) *sent {
	n := r.n
	if int(n) == len(r.buf) {
		r.grow(o, 2*len(r.buf))
	}
	r.n = n + 1
	return r.at(n)
}

// grow makes room for size segments at least.
func (r *sentRing) grow(o *Outbox, size int) {
	old := *r
	r.buf, r.head = o.ring(1<<bits.Len(uint(max(size, ringMin)-1))), 0
	for i := range old.n {
		r.buf[i] = *old.at(i)
	}
	old.give(o)
}

func (r *sentRing) drop() {
	r.head = (r.head + 1) & int32(len(r.buf)-1)
	r.n--
}

// give returns the room to the outbox for other connections.
func (r *sentRing) give(o *Outbox) {
	if len(r.buf) > 0 {
		class := bits.TrailingZeros(uint(len(r.buf) / ringMin))
		o.rings[class] = append(o.rings[class], r.buf)
	}
	*r = sentRing{}
}

// find is the index of the first segment that ends after seq.
func (r *sentRing) find(seq int64) int32 {
	lo, hi := int32(0), r.n
	for lo < hi {
		mid := int32(uint32(lo+hi) >> 1)
		if r.at(mid).end() <= seq {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// ring is a ring of size entries, used or new.
func (o *Outbox) ring(size int) []sent {
	class := bits.TrailingZeros(uint(size / ringMin))
	if free := o.rings[class]; len(free) > 0 {
		o.rings[class] = free[:len(free)-1]
		return free[len(free)-1]
	}
	return make([]sent, size)
}
