package scene

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// beyond is the room that the lanes need beyond their servers, the same in all, so that their pipes are equally long.
func (s *Scene) beyond() float32 {
	for i := range s.lanes {
		if h := s.lanes[i].run.Header(); h.Behind != nil || servers(h) > 1 {
			return beyondWidth
		}
	}
	return 0
}

// beyondServer draws the servers behind a proxy, or those that the clients connect to where they are several, each with its
// connections, so that it is seen if some have more than others.
func (s *Scene) beyondServer(l *lane, g grid, b box) {
	h := l.run.Header()
	if g.narrow || h.Behind == nil && servers(h) < 2 {
		return
	}
	u, end := g.u, b.x+b.w-20*g.u
	x := g.serverX(b) + (serverWidth+56)*u
	small := draw.Font{Size: 11 * u, Color: s.Theme.Secondary}
	list, n, top := l.state.Servers, servers(h), float32(51)
	if v := &l.state.Behind; h.Behind != nil {
		list, n = v.Servers, max(h.Behind.Servers, 1)
		s.wires(l, box{x - 50*u, b.y + 60*u, 44 * u, 12 * u}, u)
		s.Put("behind it ").Plural(n, "server").WriteWithin(x, b.y+28*u, end-x, small)
		s.poolBehind(v).WriteWithin(x, b.y+44*u, end-x, draw.Font{Size: 11 * u, Color: s.Theme.Text})
		s.slots(box{x, b.y + 51*u, 0, 0}, u, []share{{v.Busy, slotBusy}, {v.Idle, slotKept}}, max(v.Busy+v.Idle, 8))
		top = 84
	} else {
		s.Put("each of them").WriteWithin(x, b.y+28*u, end-x, small)
	}
	bottom := s.each(list, n, box{x, b.y + top*u, end - x, b.y + b.h - 26*u - b.y - top*u}, s.most.each, u)
	s.spread(list).WriteWithin(x, bottom+12*u, end-x, small)
}

// wires draws the path between a proxy and its servers: short, as its delay is, and what is on it.
func (s *Scene) wires(l *lane, b box, u float32) {
	h := l.run.Header().Behind
	for _, down := range [...]bool{false, true} {
		s.Panel(b.x, b.y, b.w, b.h, b.h/2, s.Theme.Pipe, s.Theme.PipeLine)
		rate := h.Up
		if down {
			rate = h.Down
		}
		l.flights = l.run.Index.InFlightBehind(down, l.now, 0, l.flights[:0])
		for i := range l.flights[:min(len(l.flights), dense)] {
			if f := &l.flights[i]; l.flies(f) {
				s.onShortWire(f, l.now, rate, b)
			}
		}
		b.y += b.h + 3*u
	}
	s.Span(h.RTT/2).WriteWithin(b.x+b.w/2, b.y+9*u, 52*u, draw.Font{Size: 10 * u, Color: s.Theme.Secondary, Align: draw.Center})
}

// onShortWire draws a packet between a proxy and its servers, where there is no room for letters.
func (s *Scene) onShortWire(f *trace.Flight, now sim.Time, rate int64, b box) {
	tail, head := onWire(f, now, rate)
	if f.IsDown() {
		tail, head = 1-head, 1-tail
	}
	w := max((head-tail)*b.w, b.w/12)
	x := clamp(b.x+tail*b.w, b.x, b.x+b.w-w)
	before := len(s.Items())
	s.slice(plain(f), box{x, b.y + 0.2*b.h, w, 0.6 * b.h})
	for i := range s.Items()[before:] {
		s.Items()[before+i].Smooth = true
	}
}

// plain is what a packet behind a proxy is for, where there is no TLS.
func plain(f *trace.Flight) tell.Carried {
	switch g := f.Segment; {
	case g == nil:
		return tell.Data
	case g.Flags&trace.RST != 0:
		return tell.RST
	case g.Flags&trace.SYN != 0:
		return tell.SYN
	case g.Len > 0 && f.IsDown():
		return tell.Data
	case g.Len > 0:
		return tell.Request
	case g.Flags&trace.FIN != 0:
		return tell.FIN
	default:
		return tell.Ack
	}
}

// Servers with a line of their own, at most; beyond that several share a thinner one.
const (
	ownLines  = 8
	thinLines = 24
)

// each draws the connections of each server, and returns where its lines end.
func (s *Scene) each(list []trace.ServerState, n int, b box, most int, u float32) float32 {
	lines, share := n, 1
	if n > ownLines {
		share = (n + thinLines - 1) / thinLines
		lines = (n + share - 1) / share
	}
	pitch := min(18*u, b.h/float32(lines))
	for k := range lines {
		var sum trace.ServerState
		for i := k * share; i < min((k+1)*share, len(list)); i++ {
			sum.AcceptQueue += list[i].AcceptQueue
			sum.Working += list[i].Working
			sum.Idle += list[i].Idle
			sum.Open += list[i].Open
		}
		y := b.y + float32(k)*pitch
		bar := box{b.x, y, b.w, max(pitch-1, 2)}
		if n <= ownLines {
			bar = box{b.x + 14*u, y, b.w - 44*u, min(10*u, pitch-3*u)}
			f := draw.Font{Size: 10.5 * u, Color: s.Theme.Secondary}
			s.Count(int64(k+1)).Write(b.x, y+9*u, f)
			f.Align, f.Color = draw.Right, s.Theme.Text
			s.Count(int64(sum.Open+sum.AcceptQueue)).Write(b.x+b.w, y+9*u, f)
		}
		s.occupancy(&sum, bar, float32(most*share), u)
	}
	return b.y + float32(lines)*pitch
}

// occupancy is a server's connections as a bar: in work, kept and idle, and waiting to be accepted.
func (s *Scene) occupancy(v *trace.ServerState, b box, most, u float32) {
	s.Rect(b.x, b.y, b.w, b.h, 2*u, s.Theme.Pipe)
	x, scale := b.x, b.w/max(most, 1)
	stroke := min(max(1.5, 1.6*u), b.h/2)
	if w := float32(v.Working) * scale; w > 0 {
		s.Rect(x, b.y, w, b.h, 2*u, s.Theme.Wait)
		x += w
	}
	if w := float32(v.Idle) * scale; w > 0 {
		if b.h >= 8*u {
			s.Dashed(x, b.y, w, b.h, 1, stroke, s.Theme.Idle)
		} else { // too thin for dashes
			s.Rect(x, b.y+b.h/2-max(2, b.h/3)/2, w, max(2, b.h/3), 0, s.Theme.Idle)
		}
		x += w
	}
	if w := float32(v.AcceptQueue) * scale; w > 0 {
		s.Outline(x, b.y, w, b.h, 0, stroke, s.Theme.SetUp)
	}
}

// spread says how far apart the servers' connections are.
func (s *Scene) spread(list []trace.ServerState) *draw.Canvas {
	if len(list) == 0 {
		return s.Put("no connection")
	}
	few, most := list[0].Open+list[0].AcceptQueue, 0
	for i := range list {
		n := list[i].Open + list[i].AcceptQueue
		few, most = min(few, n), max(most, n)
	}
	if len(list) == 1 {
		return s.Count(int64(list[0].Open)).Put(" open, ").Count(int64(list[0].AcceptQueue)).Put(" wait")
	}
	if few == most {
		return s.Put("all have ").Count(int64(most))
	}
	return s.Put("from ").Count(int64(few)).Put(" to ").Plural(most, "connection")
}
