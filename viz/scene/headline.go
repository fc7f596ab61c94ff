package scene

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// headline says between the lanes who is ahead, and by how much.
func (s *Scene) headline(g grid) {
	for i := 0; i+1 < len(s.lanes); i++ {
		f := draw.Font{Size: 13.5 * g.u, Color: s.Theme.Accent, Bold: true, Align: draw.Center}
		if s.compare(i, i+1); s.Width(f) > g.legendW {
			f.Size *= max(g.legendW/s.Width(f), 0.7)
		}
		y := g.gaps[i] + 5*g.u
		if why := s.why(i); why != "" {
			y -= 7 * g.u
			s.WriteWithin(g.center, y, g.legendW, f)
			s.Put(why).WriteWithin(g.center, y+15*g.u, g.legendW, draw.Font{Size: 11 * g.u, Color: s.Theme.Text, Align: draw.Center})
			continue
		}
		s.WriteWithin(g.center, y, g.legendW, f)
	}
}

// over tells whether a lane's last request has ended.
func (l *lane) over() bool {
	n := len(l.run.Header().Requests)
	return n > 0 && l.state.Counters.Done == n
}

// compare puts the finding about two neighbours.
func (s *Scene) compare(a, b int) {
	la, lb := &s.lanes[a], &s.lanes[b]
	switch {
	case la.over() && lb.over():
		s.compareEnds(a, b, lb.run.Header().Finished-la.run.Header().Finished)
	case la.over():
		s.stillRunning(a, b)
	case lb.over():
		s.stillRunning(b, a)
	default:
		s.compareObjects(a, b)
	}
}

func (s *Scene) compareEnds(a, b int, later sim.Time) {
	if later < 0 {
		a, b, later = b, a, -later
	}
	if later == 0 {
		s.Put(tell.Letters[a]).Put(" and ").Put(tell.Letters[b]).Put(" finished at the same time")
		return
	}
	s.Put(tell.Letters[a]).Put(" finished ").Span(later).Put(" earlier")
	s.handshakes(a, b)
}

func (s *Scene) stillRunning(done, running int) {
	c := &s.lanes[running].state.Counters
	left := len(s.lanes[running].run.Header().Requests) - c.Done
	s.Put(tell.Letters[done]).Put(" has finished; ").Put(tell.Letters[running]).Put(" has ")
	s.Plural(left, "object").Put(" to go")
}

func (s *Scene) compareObjects(a, b int) {
	by := s.lanes[b].state.Counters.Done - s.lanes[a].state.Counters.Done
	if by < 0 {
		a, b, by = b, a, -by
	}
	if by == 0 {
		s.Put(tell.Letters[a]).Put(" and ").Put(tell.Letters[b]).Put(" are level")
		return
	}
	s.Put(tell.Letters[b]).Put(" is ahead by ")
	s.Plural(by, "object")
	s.handshakes(b, a)
}

// handshakes adds how many connections the leader did not have to open.
func (s *Scene) handshakes(leader, other int) {
	if saved := s.lanes[other].state.Counters.Opened - s.lanes[leader].state.Counters.Opened; saved > 0 {
		s.Put(": ").Plural(saved, "handshake").Put(" fewer")
	}
}

// Describe says in words what Draw shows at t: the live text alternative to the picture. What happens at t comes first, of
// the given kinds if anything of them does.
func (s *Scene) Describe(t sim.Time, kinds trace.Moments) string {
	s.Reset(&draw.Light)
	s.seek(t)
	if !s.tell.Moments(t, kinds) {
		s.Put("At ").Span(t)
	}
	s.Put(". ")
	for i := range s.lanes {
		l := &s.lanes[i]
		h, c := l.run.Header(), &l.state.Counters
		s.Put(tell.Letters[i]).Put(", ").Put(tell.Caption(h)).Put(": ")
		s.done(l)
		if l.over() {
			s.Put(", finished at ").Span(h.Finished)
		}
		s.Put(", ").Plural(len(l.state.Conns), "connection").Put(" open, ").Count(int64(c.Opened)).Put(" opened, ")
		s.Plural(c.PacketsUp+c.PacketsDown, "packet")
		if h.Behind != nil {
			s.Put(", ")
			s.openBehind(&l.state.Behind, h.Behind)
		}
		s.describeIdle(l)
		s.restrained(l)
		s.Put(". ")
	}
	for i := 0; i+1 < len(s.lanes); i++ {
		s.compare(i, i+1)
		s.Put(". ")
		if why := s.why(i); why != "" {
			s.Put(why).Put(". ")
		}
	}
	return s.Take()
}
