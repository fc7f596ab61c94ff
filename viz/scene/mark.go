package scene

import (
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// standing is how near a thing is to the one that is chosen.
type standing uint8

const (
	apart standing = iota
	kin            // of the same request or connection
	chosen
)

// ref names a thing of the lane.
func (l *lane) ref(kind draw.Thing, id uint32) draw.Ref {
	return draw.Ref{Lane: l.number, Kind: kind, ID: id}
}

// stands tells how near a thing is to the chosen one, by the request and the connection that it is of; 0: of none.
func (s *Scene) stands(of draw.Ref, request, connection uint32) standing {
	c := &s.chosen
	switch {
	case c.Kind == draw.Nothing || c.Lane != of.Lane || of.ID == 0:
		return apart
	case c.Ref == of:
		return chosen
	case c.Kind == draw.Connection || of.Kind == draw.Connection || c.Request == 0:
		return related(connection, c.Connection)
	default:
		return related(request, c.Request)
	}
}

func related(a, b uint32) standing {
	if a != 0 && a == b {
		return kin
	}
	return apart
}

// marking is a mark that is to be drawn above everything else in its lane.
type marking struct {
	of draw.Ref
	as standing
	box
	u      float32
	moving bool
}

// mark notes that what covers b, of which s.Of is the name, is chosen or belongs to what is.
func (s *Scene) mark(as standing, b box, u float32) {
	if as != apart {
		s.marks = append(s.marks, marking{s.Of, as, b, u, s.moving})
	}
}

// drawMarks frames what is chosen and underlines its kin.
func (s *Scene) drawMarks() {
	for _, m := range s.marks {
		s.Of = m.of
		stroke, before := max(2, 2*m.u), len(s.Items())
		if m.as == chosen {
			s.chosenFrame(m.box, m.u, stroke)
		} else {
			s.Rect(m.x, m.y+m.h+1.5*m.u, m.w, stroke, 0, s.Theme.Accent)
		}
		for i := range s.Items()[before:] {
			s.Items()[before+i].Smooth = m.moving
		}
	}
	s.marks, s.Of = s.marks[:0], draw.Ref{}
}

// chosenFrame reaches below what is next to it, and keeps a gap to it on both sides; above there may be a label.
func (s *Scene) chosenFrame(b box, u, stroke float32) {
	side, top, bottom, gap := 2*u+stroke, 1.5*u+stroke, 5*u+stroke, 1.5*u
	b = box{b.x - side, b.y - top, b.w + 2*side, b.h + top + bottom}
	s.Outline(b.x-gap, b.y, b.w+2*gap, b.h+gap, 4*u, 2*gap+stroke, s.Theme.Card)
	s.Outline(b.x, b.y, b.w, b.h, 3*u, stroke, s.Theme.Accent)
}

// belongs is the connection that a request has, or had if it is over; 0: none yet, or nothing of this lane is chosen.
func (s *Scene) belongs(l *lane, req uint32) uint32 {
	switch q := l.state.Request(req); {
	case s.chosen.Kind == draw.Nothing || s.chosen.Lane != l.number:
		return 0
	case q != nil:
		return q.Conn
	case l.state.Ended(req):
		return tell.Choose(s.tell.Runs, l.ref(draw.Request, req)).Connection
	default:
		return 0
	}
}
