package scene

import (
	"math"

	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// heap is what lies in one column of a pipe: for each kind of packet the part of the column that its packets cover.
type heap [carried]float32

// columnWidth is in units.
const columnWidth = 4

// gathered draws packets that are too many to be told apart: the pipe in columns, each filled as high as the part of its
// length that packets cover, kind by kind. Where each client has a link of its own, a column is those in use side by side.
func (s *Scene) gathered(l *lane, p *pipe) {
	n := max(int((p.x1-p.x0)/(columnWidth*p.u)), 1)
	s.heaps = s.heaps[:0]
	for range n {
		s.heaps = append(s.heaps, heap{})
	}
	links := s.linksInUse(l, p)
	for i := range l.flights {
		f := &l.flights[i]
		if !l.flies(f) {
			continue
		}
		tail, head := onWire(f, l.now, p.rate)
		kind := l.run.Carries(f)
		from, to := tail*float32(n), head*float32(n)
		for k := int(from); k < n && float32(k) <= to; k++ {
			part := min(to, float32(k+1)) - max(from, float32(k))
			s.heaps[k][kind] += max(part, 0.02) / links
		}
	}
	pitch, tall := (p.x1-p.x0)/float32(n), 0.76*p.h
	for k := range s.heaps {
		at := p.at(float32(k) / float32(n))
		if p.down {
			at -= pitch
		}
		high := min(tall, p.bore(at+pitch/2)-2*p.u)
		s.column(&s.heaps[k], box{at, p.y - high/2, pitch, high})
	}
	s.chosenOnWire(l, p)
}

// bore is how high the pipe is at x: less where its ends are round.
func (p *pipe) bore(x float32) float32 {
	r := p.h / 2
	d := min(x-p.x0, p.x1-x, r)
	return max(2*float32(math.Sqrt(float64(r*r-(r-d)*(r-d)))), 6*p.u)
}

// linksInUse counts the links on which packets are.
func (s *Scene) linksInUse(l *lane, p *pipe) float32 {
	if p.clients == 0 {
		return 1
	}
	s.countNone(l)
	n := 0
	for i := range l.flights {
		if f := &l.flights[i]; l.flies(f) && int(f.Actor) < len(s.counts) {
			if s.counts[f.Actor]++; s.counts[f.Actor] == 1 {
				n++
			}
		}
	}
	return float32(max(n, 1))
}

// column draws a heap from the middle of b: data lies lowest, what steers on top.
func (s *Scene) column(heap *heap, b box) {
	y, gap := b.y+b.h, min(1, 0.25*b.w)
	for _, kind := range [...]tell.Carried{tell.Data, tell.Request, tell.TLS, tell.Ack, tell.SYN, tell.FIN, tell.RST} {
		part := heap[kind]
		if part == 0 {
			continue
		}
		h := min(max(part*b.h, 2), y-b.y)
		y -= h
		s.slice(kind, box{b.x + gap/2, y, b.w - gap, h})
	}
}

// slice is a part of a heap or of a queue. Each kind has its shape, as far as so small ones can: an arrow, a cross, narrow
// for acknowledgements, hollow for the end, with a slit for TLS.
func (s *Scene) slice(kind tell.Carried, b box) {
	col := kind.Color(s.Theme)
	switch kind {
	case tell.SYN:
		s.Add(draw.Item{Kind: draw.Arrow, X: b.x, Y: b.y, W: b.w, H: b.h, Color: col})
	case tell.RST:
		s.Add(draw.Item{Kind: draw.Cross, X: b.x, Y: b.y, W: b.w, H: b.h, Color: col})
	case tell.FIN:
		s.Outline(b.x, b.y, b.w, b.h, 0, 1, col)
	case tell.Ack:
		s.Rect(b.x+0.25*b.w, b.y, 0.5*b.w, b.h, 0, col)
	case tell.TLS:
		s.Rect(b.x, b.y, 0.35*b.w, b.h, 0, col)
		s.Rect(b.x+0.65*b.w, b.y, 0.35*b.w, b.h, 0, col)
	default:
		s.Rect(b.x, b.y, b.w, b.h, 0, col)
	}
}

// chosenOnWire marks the chosen packet, if it is on this pipe, where others are gathered.
func (s *Scene) chosenOnWire(l *lane, p *pipe) {
	if s.chosen.Kind != draw.Packet || s.chosen.Lane != l.number {
		return
	}
	for i := range l.flights {
		if f := &l.flights[i]; f.Pkt == s.chosen.ID && l.flies(f) {
			s.flying(l, f, p)
		}
	}
}
