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
	fallen       float32        // and of one that falls
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
	bottom := s.captions(l, g, pipes[1], top+up+gap/2)
	linger := max(h.RTT/5, sim.Millisecond)
	for i := range pipes {
		p := &pipes[i]
		l.flights = l.run.Index.InFlight(p.down, l.now, linger, l.flights[:0])
		p.block = min(14*g.u, 0.7*p.h)
		p.fallen = p.block
		p.lettered = len(l.flights) <= 64
		if !h.Shared && h.Clients > 1 {
			p.clients, p.block = h.Clients, p.h/7
		}
		s.queued(l, p, g)
		s.packets(l, p)
		for k := range l.flights {
			if f := &l.flights[k]; f.IsDropped() {
				s.falling(l, f, p, g, linger)
			}
		}
	}
	if !g.narrow {
		s.hollows(l, box{x0, bottom, x1 - x0, b.y + b.h - 5*g.u - bottom}, g.u)
	}
}

// pipeHeight grows with the logarithm of the bandwidth: 12 units per factor of ten, up to 70 Mbit/s.
func pipeHeight(bits int64, g grid) float32 {
	tall := float32(52)
	if bits > 0 {
		tall = clamp(12*(float32(math.Log10(float64(bits)))-7)+42, 20, 52)
	}
	if g.narrow {
		tall *= 0.72
	}
	return tall * g.u
}

// captions writes between the pipes the one-way delay, with a tick at each tenth, which way the lower one goes, and how many
// packets fell and were sent again; below it what has no room there. It returns where the free space below begins.
func (s *Scene) captions(l *lane, g grid, p pipe, middle float32) (bottom float32) {
	f := draw.Font{Size: 10.5 * p.u, Color: s.Theme.Secondary, Align: draw.Center}
	clear := s.Span(l.run.Header().RTT/2).Put(" one way").Width(f)/2 + 6*p.u
	center := (p.x0 + p.x1) / 2
	s.Write(center, middle+4*p.u, f)
	y, low := middle+4*p.u, p.y+p.h/2
	f = draw.Font{Size: 11 * p.u, Color: s.Theme.Secondary, Align: draw.Right}
	w := s.Put("to the client · ").Rate(p.rate).Width(f) + 8*p.u
	if w > p.x1-center-clear || g.narrow {
		y, low = low+16*p.u, low+18*p.u
	}
	s.Write(p.x1-8*p.u, y, f)
	until := p.x1 - w - 8*p.u
	if y < p.y {
		until = center - clear
	}
	ends := s.lost(l, p.x0+8*p.u, y, until, p.u)
	for i := 1; i < 10; i++ {
		x := p.at(float32(i) / 10)
		free := y > p.y || x > ends+4*p.u && x < p.x1-w-4*p.u
		if free && (x < center-clear || x > center+clear) {
			s.Rect(x-0.5, middle-3*p.u, 1, 6*p.u, 0, s.Theme.PipeLine)
		}
	}
	return low
}

// lost counts from x to until the packets that fell and those that were sent again, and returns where the words end.
func (s *Scene) lost(l *lane, x, y, until, u float32) float32 {
	c := &l.state.Counters
	if c.Dropped == 0 && c.Retransmitted == 0 {
		return x - 8*u
	}
	s.Add(draw.Item{Kind: draw.Cross, X: x, Y: y - 8*u, W: 8 * u, H: 8 * u, Color: s.Theme.Error})
	if c.Dropped > 0 {
		s.Count(int64(c.Dropped)).Put(" dropped")
	}
	if c.Retransmitted > 0 {
		if c.Dropped > 0 {
			s.Put(", ")
		}
		s.Count(int64(c.Retransmitted)).Put(" sent again")
	}
	return x + 12*u + s.WriteWithin(x+12*u, y, until-x-18*u, draw.Font{Size: 11 * u, Color: s.Theme.Text})
}

// dense is how many packets on one pipe are drawn one by one; more are gathered.
const (
	dense    = 300
	denseOwn = 60 // where each client has a link of its own, and they lie on top of each other
)

// packets draws what flies. What steers comes last, on top of what it is in the way of.
func (s *Scene) packets(l *lane, p *pipe) {
	if len(l.flights) > dense || p.clients > 0 && len(l.flights) > denseOwn {
		s.gathered(l, p)
		return
	}
	for i := range l.flights {
		if f := &l.flights[i]; l.flies(f) && !l.run.Steers(f) {
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
	s.Of, s.moving = l.ref(draw.Packet, f.Pkt), true
	defer func() {
		s.Of, s.moving = draw.Ref{}, false
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
