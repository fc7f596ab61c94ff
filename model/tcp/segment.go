package tcp

import "strings"

// Flags are the control bits of a segment.
type Flags uint8

// The control bits.
const (
	SYN Flags = 1 << iota
	ACK
	FIN
	RST
	PSH
)

// String lists the bits, such as "SYN-ACK".
func (f Flags) String() string {
	var names []string
	for i, n := range [...]string{"SYN", "ACK", "FIN", "RST", "PSH"} {
		if f&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, "-")
}

// Limit is what held a segment back before the event that released it.
type Limit uint8

// The limits; trace.Limit has the same values.
const (
	LimitNone       Limit = iota // nothing
	LimitCwnd                    // the congestion window
	LimitPeer                    // the peer's receive window
	LimitRecovery                // a loss that had to be noticed first
	LimitDelayedAck              // the delayed-acknowledgement timer
	LimitNagle                   // Nagle's rule
)

// maxSacks is how many blocks fit beside timestamps into the options (RFC 2018, 3).
const maxSacks = 3

// Block is a run of bytes that a selective acknowledgement names, counted from the segment's Ack. A duplicate's
// (RFC 2883) may lie before it.
type Block struct{ From, To int32 }

// Segment is what one endpoint tells the other. Its text is never stored: Len counts it.
type Segment struct {
	Seq, Ack      int64
	Window        int64 // bytes the sender of this segment can take from Ack on
	Len           int32
	TSVal, TSEcr  uint32 // timestamps, ms (RFC 7323)
	Flags         Flags
	Limit         Limit
	Retransmitted bool
	Sacks         uint8 // blocks used of Sack
	Sack          [maxSacks]Block
}

// Has tells whether all bits of f are set.
func (s *Segment) Has(f Flags) bool { return s.Flags&f == f }

// CopyTo makes t equal to s. Field by field, because moving a whole one is a call in WebAssembly.
func (s *Segment) CopyTo(t *Segment) {
	t.Seq, t.Ack, t.Window, t.Len, t.TSVal, t.TSEcr = s.Seq, s.Ack, s.Window, s.Len, s.TSVal, s.TSEcr
	t.Flags, t.Limit, t.Retransmitted, t.Sacks = s.Flags, s.Limit, s.Retransmitted, s.Sacks
	if s.Sacks > 0 {
		t.Sack = s.Sack
	}
}

// end is the sequence number after the segment; SYN and FIN count as one each.
func (s *Segment) end() int64 {
	e := s.Seq + int64(s.Len)
	if s.Flags&(SYN|FIN) != 0 {
		e++
	}
	return e
}

// block is the i-th run that s acknowledges selectively, in sequence numbers.
func (s *Segment) block(i int) span {
	return span{s.Ack + int64(s.Sack[i].From), s.Ack + int64(s.Sack[i].To)}
}

// Outbox collects the segments that endpoints send, and keeps what idle endpoints have given back. Its
// owner drains the segments after every call.
type Outbox struct {
	Segments []Segment
	rings    [maxRingClass + 1][][]sent // by class: rings of 16 << class entries
	runs     spares[runs]
	known    spares[known]
}

// spares are values that a connection has only at times, kept for the next that needs one.
type spares[T any] []*T

// take is one of them, with what its last user left in it, or a new one.
func (s *spares[T]) take() *T {
	n := len(*s)
	if n == 0 {
		return new(T)
	}
	t := (*s)[n-1]
	*s = (*s)[:n-1]
	return t
}

func (s *spares[T]) give(t *T) { *s = append(*s, t) }

// add appends a segment for the caller to fill in: what it holds is old.
func (o *Outbox) add() *Segment {
	n := len(o.Segments)
	if n == cap(o.Segments) {
		o.Segments = append(o.Segments, Segment{})
	}
	o.Segments = o.Segments[:n+1]
	return &o.Segments[n]
}

// Reset empties the box and keeps its room.
func (o *Outbox) Reset() { o.Segments = o.Segments[:0] }
