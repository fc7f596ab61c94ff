package trace

import (
	"sort"

	"keepalive/sim"
)

// Sparse is During for a picture in which packets that arrive within one stretch of time, gap long, look like one: of those only
// the first is appended, with the number of the others in More, unless one of them stands out: what opens, closes or resets,
// is sent again, is dropped or carries a request, or data among acknowledgements. Where packets overtake each other, as those
// of clients with links of their own do, none is left out. The stretches are the same whatever from and to are.
func (x *Index) Sparse(down bool, from, to, gap sim.Time, buf []Flight) []Flight {
	if h := &x.log.Header; gap <= 0 || !h.Shared && h.Clients > 1 {
		return x.During(down, from, to, buf)
	}
	n := &x.lanes[direction(down)]
	for i := sort.Search(len(n.until), func(i int) bool { return n.until[i] >= from }); i < len(n.at); i++ {
		r := &x.log.Records[n.at[i]]
		if r.At > to {
			break
		}
		if r.End() < from {
			continue
		}
		f := x.flight(int(n.at[i]))
		if last := n.within(i, gap); n.apart[last] == n.apart[i] {
			f.More, i = last-i, last
		}
		buf = append(buf, f)
	}
	return buf
}

// within is the last packet that arrives in the same stretch as the i-th.
func (n *lane) within(i int, gap sim.Time) int {
	end, low, step := (n.until[i]/gap+1)*gap, i, 1
	for low+step < len(n.until) && n.until[low+step] < end {
		low += step
		step *= 2
	}
	rest := min(step, len(n.until)-1-low)
	return low + sort.Search(rest, func(k int) bool { return n.until[low+1+k] >= end })
}

// standsOut tells whether a packet is to be seen by itself, as Sparse has it.
func (x *Index) standsOut(f Flight, before *lane) bool {
	g := f.Segment
	if g == nil || f.IsDropped() || g.Flags&(SYN|FIN|RST|Retransmitted) != 0 || g.Len > 0 && !f.IsDown() {
		return true
	}
	k := len(before.at)
	if k == 0 {
		return true
	}
	last := x.flight(int(before.at[k-1]))
	return last.Segment == nil || (last.Segment.Len > 0) != (g.Len > 0)
}
