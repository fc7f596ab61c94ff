package scene

import (
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// findFirst finds the lane that finishes first, and how far the others are then.
func (s *Scene) findFirst() {
	s.first = -1
	if len(s.lanes) < 2 {
		return
	}
	at := sim.Never
	for i := range s.lanes {
		x := s.lanes[i].run.Index
		n := len(x.Log().Header.Requests)
		if f := x.Log().Header.Finished; n > 0 && x.Final().Counters.Done == n && f < at {
			s.first, at = i, f
		}
	}
	if s.first < 0 {
		return
	}
	for i := range s.lanes {
		s.lanes[i].stood = s.lanes[i].run.Index.StateAt(at).Counters.Done
	}
}

// ghost is where another lane stands in this one's objects: where the leader is, or where this lane was when the first
// finished. No letter: there is none, since nobody is ahead.
func (s *Scene) ghost(l *lane) (done int, of int, ok bool) {
	if s.first >= 0 && s.lanes[s.first].over() {
		ok = int(l.number) != s.first && l.stood < len(l.run.Header().Requests)
		return l.stood, s.first, ok
	}
	done = l.state.Counters.Done
	for i := range s.lanes {
		if d := s.lanes[i].state.Counters.Done; d > done && d <= len(l.run.Header().Requests) {
			done, of, ok = d, i, true
		}
	}
	return done, of, ok
}

// ghostWords says what the ghost's mark is.
func (s *Scene) ghostWords(l *lane) *draw.Canvas {
	done, of, ok := s.ghost(l)
	switch {
	case !ok:
	case s.lanes[of].over():
		s.Count(int64(done)).Put(" when ").Put(tell.Letters[of]).Put(" finished")
	default:
		s.Put(tell.Letters[of]).Put(" ").Count(int64(done))
	}
	return &s.Canvas
}

// ghostMark draws the ghost around the last of the objects that it has.
func (s *Scene) ghostMark(b box, u float32) {
	gap, stroke := clamp(b.w*0.12, 1, 2*u), max(1.5, 1.6*u)
	s.Outline(b.x-gap, b.y-gap, b.w+2*gap, b.h+2*gap, 3*u, stroke, s.Theme.Accent)
}

// flag draws a finish flag and when the lane finished, so that it ends at x, and returns its width and that of a gap.
func (s *Scene) flag(l *lane, x, y, u float32) float32 {
	w := s.Span(l.run.Header().Finished).Width(flagFont(s, u)) + flagWidth*u
	s.Drop()
	return s.flagFrom(l, x-w, y, u) + 8*u
}

const flagWidth = 13 // with the gap to the words, in units

func flagFont(s *Scene, u float32) draw.Font {
	return draw.Font{Size: 11.5 * u, Color: s.Theme.Text, Bold: true}
}

// flagFrom draws the same from x on.
func (s *Scene) flagFrom(l *lane, x, y, u float32) float32 {
	s.Rect(x, y-10*u, max(1.5, 1.5*u), 11*u, 0, s.Theme.Accent)
	s.Add(draw.Item{Kind: draw.Tri, X: x + 1.5*u, Y: y - 10*u, W: 8 * u, H: 7 * u, Color: s.Theme.Accent})
	return flagWidth*u + s.Span(l.run.Header().Finished).Write(x+flagWidth*u, y, flagFont(s, u))
}

// why is the caller's sentence about a pair of lanes that have both finished.
func (s *Scene) why(pair int) string {
	if pair < len(s.Why) && s.lanes[pair].over() && s.lanes[pair+1].over() {
		return s.Why[pair]
	}
	return ""
}
