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

// mark shows that what covers b is chosen, by a frame around it; kin is underlined.
func (s *Scene) mark(as standing, b box, u float32) {
	stroke := max(2, 2*u)
	switch as {
	case chosen:
		gap := 2*u + stroke
		s.Outline(b.x-gap, b.y-gap, b.w+2*gap, b.h+2*gap, 3*u, stroke, s.Theme.Accent)
	case kin:
		s.Rect(b.x, b.y+b.h+1.5*u, b.w, stroke, 0, s.Theme.Accent)
	}
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
