package scene

import (
	"math"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// pipe is one direction of the path. Positions along it run from 0 at the sender to 1 at the receiver.
type pipe struct {
	x0, x1, y, h float32 // ends from left to right, middle, height
	down         bool
	rate         int64 // bit/s; 0: unlimited
	u            float32
	block        float32        // height of a packet
	lettered     bool           // there is room for letters
	labels       [16][2]float32 // places of the labels so far
	labelled     int
	named        tell.Responses // that were labelled last
	behind       float32        // the place of the first bit of the packet behind, or of the sender
	rear         float32        // the place of the end of the last packet with letters, or of the receiver
	clients      int            // links of their own, if not zero
}

// at is the place of a position along the pipe.
func (p *pipe) at(part float32) float32 {
	if p.down {
		return p.x1 - part*(p.x1-p.x0)
	}
	return p.x0 + part*(p.x1-p.x0)
}

// path draws the two pipes, the queues at their sending ends, and the packets.
func (s *Scene) path(l *lane, g grid, b box) {
	h := l.run.Header()
	x0, x1, middle, gap := g.pipes(b)
	up, down := pipeHeight(h.Up, g), pipeHeight(h.Down, g)
	top := middle - (up+gap+down)/2
	pipes := [2]pipe{
		{x0: x0, x1: x1, y: top + up/2, h: up, rate: h.Up, u: g.u},
		{x0: x0, x1: x1, y: top + up + gap + down/2, h: down, rate: h.Down, u: g.u, down: true},
	}
	for i := range pipes {
		p := &pipes[i]
		s.Panel(p.x0, p.y-p.h/2, p.x1-p.x0, p.h, p.h/2, s.Theme.Pipe, s.Theme.PipeLine)
	}
	s.Put("to the server · ").Rate(h.Up).Write(x0+8*g.u, top-8*g.u, draw.Font{Size: 11 * g.u, Color: s.Theme.Secondary})
	s.delay(h.RTT/2, &pipes[0], top+up+gap/2)
	s.belowPipes(l, &pipes[1])
	linger := max(h.RTT/5, sim.Millisecond)
	for i := range pipes {
		p := &pipes[i]
		l.flights = l.run.Index.InFlight(p.down, l.now, linger, l.flights[:0])
		p.block = min(14*g.u, 0.7*p.h)
		p.lettered = len(l.flights) <= 64
		if !h.Shared && h.Clients > 1 {
			p.clients, p.block = h.Clients, p.h/7
		}
		s.packets(l, p, linger)
	}
}

// pipeHeight grows with the logarithm of the bandwidth: 12 units per factor of ten.
func pipeHeight(bits int64, g grid) float32 {
	tall := float32(54)
	if bits > 0 {
		tall = clamp(12*(float32(math.Log10(float64(bits)))-7)+42, 20, 54)
	}
	if g.narrow {
		tall *= 0.72
	}
	return tall * g.u
}

// belowPipes names the lower pipe, and counts the packets that fell and those that were sent again.
func (s *Scene) belowPipes(l *lane, p *pipe) {
	y, c := p.y+p.h/2+16*p.u, &l.state.Counters
	s.Put("to the client · ").Rate(p.rate)
	room := p.x1 - p.x0 - 28*p.u - s.Write(p.x1-8*p.u, y, draw.Font{Size: 11 * p.u, Color: s.Theme.Secondary, Align: draw.Right})
	if c.Dropped == 0 && c.Retransmitted == 0 {
		return
	}
	x := p.x0 + 8*p.u
	s.Add(draw.Item{Kind: draw.Cross, X: x, Y: y - 8*p.u, W: 8 * p.u, H: 8 * p.u, Color: s.Theme.Error})
	if c.Dropped > 0 {
		s.Count(int64(c.Dropped)).Put(" dropped")
	}
	if c.Retransmitted > 0 {
		if c.Dropped > 0 {
			s.Put(", ")
		}
		s.Count(int64(c.Retransmitted)).Put(" sent again")
	}
	s.WriteWithin(x+12*p.u, y, room-12*p.u, draw.Font{Size: 11 * p.u, Color: s.Theme.Text})
}

// delay writes the one-way delay between the pipes, and a tick at each tenth.
func (s *Scene) delay(oneWay sim.Time, p *pipe, middle float32) {
	f := draw.Font{Size: 10.5 * p.u, Color: s.Theme.Secondary, Align: draw.Center}
	s.Span(oneWay).Put(" one way")
	clear := s.Width(f)/2 + 6*p.u
	center := (p.x0 + p.x1) / 2
	s.Write(center, middle+4*p.u, f)
	for i := 1; i < 10; i++ {
		if x := p.at(float32(i) / 10); x < center-clear || x > center+clear {
			s.Rect(x-0.5, middle-3*p.u, 1, 6*p.u, 0, s.Theme.PipeLine)
		}
	}
}

// packets draws what waits, what falls and what flies. What steers comes last, on top of what it is in the way of.
func (s *Scene) packets(l *lane, p *pipe, linger sim.Time) {
	waiting := 0
	for i := range l.flights {
		f := &l.flights[i]
		switch {
		case f.IsDropped():
			s.falling(l, f, p, linger)
		case f.Start() > l.now:
			s.queued(l, f, p, waiting)
			waiting++
		case !l.run.Steers(f):
			p.behind = l.placeBehind(i, p, false)
			s.flying(l, f, p)
		}
	}
	p.rear = p.at(1)
	for i := range l.flights {
		if f := &l.flights[i]; l.flies(f) && l.run.Steers(f) {
			p.behind = l.placeBehind(i, p, true)
			s.flying(l, f, p)
		}
	}
	if waiting > 0 {
		s.queueSize(waiting, l.run.Header(), p)
	}
}

// flies tells whether a packet is on the wire.
func (l *lane) flies(f *trace.Flight) bool { return !f.IsDropped() && f.Start() <= l.now }

// placeBehind is where the first bit is of the packet that follows the i-th. One that steers may
// cover an acknowledgement, and push back a FIN.
func (l *lane) placeBehind(i int, p *pipe, steering bool) float32 {
	for k := i + 1; k < len(l.flights); k++ {
		if f := &l.flights[k]; l.flies(f) && !(steering && (l.run.Carries(f) == tell.Ack || l.run.Carries(f) == tell.FIN)) {
			_, head := onWire(f, l.now, p.rate)
			return p.at(head)
		}
	}
	return p.at(0)
}

// Bars that a queue shows; the number below counts all of them.
const queueBars = 6

// queued draws the k-th packet that waits, outside the mouth of the pipe.
func (s *Scene) queued(l *lane, f *trace.Flight, p *pipe, k int) {
	if k >= queueBars {
		return
	}
	away := (4 + float32(k)*4.5) * p.u
	x := p.x0 - away - 3*p.u
	if p.down {
		x = p.x1 + away
	}
	s.Rect(x, p.y-p.block/2, 3*p.u, p.block, 1*p.u, l.run.Carries(f).Color(s.Theme))
}

func (s *Scene) queueSize(waiting int, h *trace.Header, p *pipe) {
	f := draw.Font{Size: 10 * p.u, Color: s.Theme.Secondary, Align: draw.Right}
	x, y := p.x0-2*p.u, p.y+p.block/2+12*p.u
	if p.down {
		x, f.Align = p.x1+2*p.u, draw.Left
	}
	if h.QueuePackets > 0 && waiting >= h.QueuePackets {
		f.Bold, f.Color = true, s.Theme.Text // full
	}
	s.Count(int64(waiting)).Write(x, y, f)
}

// falling draws a dropped packet on its way to the floor, below the mouth of the pipe.
func (s *Scene) falling(l *lane, f *trace.Flight, p *pipe, linger sim.Time) {
	part := clamp(float32(l.now-f.End())/float32(linger), 0, 1)
	w, y := 14*p.u, p.y-p.block/2+part*part*46*p.u
	spread := float32(f.Pkt%5) * 3.5 * p.u // of those that fall together
	x := p.x0 - 9*p.u - w/2 - spread
	if p.down {
		x = p.x1 + 9*p.u - w/2 + spread
	}
	col := draw.Faded(s.Theme.Error, 1.15-part)
	s.Outline(x, y, w, p.block, 3*p.u, max(1.5, 1.6*p.u), col)
	inset := p.block * 0.28
	s.Add(draw.Item{Kind: draw.Cross, X: x + w/2 - p.block/2 + inset, Y: y + inset, W: p.block - 2*inset, H: p.block - 2*inset, Color: col})
}

// onWire is the part of the pipe that a packet covers: from its last bit to its first.
func onWire(f *trace.Flight, now sim.Time, rate int64) (tail, head float32) {
	var wire sim.Time
	if rate > 0 {
		wire = sim.Time(float64(f.Len) * 8e9 / float64(rate))
	}
	delay := f.End() - f.Start() - wire
	if delay <= 0 {
		delay = max(f.End()-f.Start(), 1)
	}
	gone := float32(now - f.Start())
	return clamp((gone-float32(wire))/float32(delay), 0, 1), clamp(gone/float32(delay), 0, 1)
}

// flying draws a packet on the wire.
func (s *Scene) flying(l *lane, f *trace.Flight, p *pipe) {
	tail, head := onWire(f, l.now, p.rate)
	a, b := p.at(tail), p.at(head) // the last bit, the first bit
	before := len(s.Items())
	defer func() {
		for i := range s.Items()[before:] {
			s.Items()[before+i].Smooth = true
		}
	}()
	if p.clients > 0 {
		p := *p // its own row: its labels are not the pipe's
		p.y += (float32((f.Actor-1)%5) - 2) * p.h / 6
		s.packet(l, f, &p, a, b)
		return
	}
	s.packet(l, f, p, a, b)
}
