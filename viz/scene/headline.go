package scene

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// headline says between the lanes who is ahead, and by how much.
func (s *Scene) headline(g grid) {
	for i := 0; i+1 < len(s.lanes); i++ {
		f := font{size: 13.5 * g.u, color: s.theme.Accent, bold: true, align: Center}
		if s.compare(i, i+1); s.width(f) > g.legendW {
			f.size *= max(g.legendW/s.width(f), 0.7)
		}
		s.writeWithin(g.center, g.gaps[i]+5*g.u, g.legendW, f)
	}
}

// over tells whether a lane's last request has ended.
func (l *lane) over() bool {
	n := len(l.index.Log().Header.Requests)
	return n > 0 && l.state.Counters.Done == n
}

// compare puts the finding about two neighbours.
func (s *Scene) compare(a, b int) {
	la, lb := &s.lanes[a], &s.lanes[b]
	switch {
	case la.over() && lb.over():
		s.compareEnds(a, b, lb.index.Log().Header.Finished-la.index.Log().Header.Finished)
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
		s.put(letters[a]).put(" and ").put(letters[b]).put(" finished at the same time")
		return
	}
	s.put(letters[a]).put(" finished ").span(later).put(" earlier")
	s.handshakes(a, b)
}

func (s *Scene) stillRunning(done, running int) {
	c := &s.lanes[running].state.Counters
	left := len(s.lanes[running].index.Log().Header.Requests) - c.Done
	s.put(letters[done]).put(" has finished; ").put(letters[running]).put(" has ")
	s.plural(left, "object").put(" to go")
}

func (s *Scene) compareObjects(a, b int) {
	by := s.lanes[b].state.Counters.Done - s.lanes[a].state.Counters.Done
	if by < 0 {
		a, b, by = b, a, -by
	}
	if by == 0 {
		s.put(letters[a]).put(" and ").put(letters[b]).put(" are level")
		return
	}
	s.put(letters[b]).put(" is ahead by ")
	s.plural(by, "object")
	s.handshakes(b, a)
}

// handshakes adds how many connections the leader did not have to open.
func (s *Scene) handshakes(leader, other int) {
	if saved := s.lanes[other].state.Counters.Opened - s.lanes[leader].state.Counters.Opened; saved > 0 {
		s.put(": ").plural(saved, "handshake").put(" fewer")
	}
}

// legend says how to read the pipes.
func (s *Scene) legend(g grid) {
	f := font{size: 10.5 * g.u, color: s.theme.Secondary}
	if g.narrow {
		s.put("Length is time on the wire, at least 2 px.").writeWithin(g.legendX, g.legendY, g.legendW, f)
		return
	}
	s.put("A packet's length is its time on the wire, at least 2 px: the grey ticks are acknowledgements. ")
	s.put("SYN, FIN and requests are drawn wide enough to read; a packet that is dropped falls.")
	tls, h2 := false, false
	for i := range s.lanes {
		tls, h2 = tls || s.lanes[i].wires.tls, h2 || s.lanes[i].wires.h2
	}
	if tls {
		s.put(" Purple opens or ends TLS.")
	}
	if h2 {
		s.put(" With HTTP/2 a number is the response's.")
	}
	s.writeWithin(g.legendX, g.legendY, g.legendW, f)
}

// Describe says in words what Draw shows at t: the live text alternative to the picture. What happens at t comes first, of
// the given kinds if anything of them does.
func (s *Scene) Describe(t sim.Time, kinds trace.Moments) string {
	s.reset(&Light)
	s.seek(t)
	if !s.moments(t, kinds) {
		s.put("At ").span(t)
	}
	s.put(". ")
	for i := range s.lanes {
		l := &s.lanes[i]
		h, c := &l.index.Log().Header, &l.state.Counters
		s.put(letters[i]).put(", ").put(caption(h)).put(": ")
		s.done(l)
		if l.over() {
			s.put(", finished at ").span(h.Finished)
		}
		s.put(", ").plural(len(l.state.Conns), "connection").put(" open, ").count(int64(c.Opened)).put(" opened, ")
		s.plural(c.PacketsUp+c.PacketsDown, "packet")
		if h.Behind != nil {
			s.put(", ")
			s.openBehind(&l.state.Behind, h.Behind)
		}
		s.put(". ")
	}
	for i := 0; i+1 < len(s.lanes); i++ {
		s.compare(i, i+1)
		s.put(". ")
	}
	return string(s.text)
}
