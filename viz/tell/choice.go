package tell

import (
	"keepalive/sim"
	"keepalive/viz/draw"
)

// Choice is a thing that somebody has chosen, and what it belongs to, so that every view can mark it. The zero Choice is
// nothing.
type Choice struct {
	draw.Ref
	Packet, Request, Connection uint32   // of the run Lane; 0: none
	At                          sim.Time // when it begins
}

// Choose looks up what a thing belongs to. What is not in the runs is nothing.
func Choose(runs []*Run, ref draw.Ref) Choice {
	if int(ref.Lane) >= len(runs) || ref.ID == 0 {
		return Choice{}
	}
	c, r := Choice{Ref: ref}, runs[ref.Lane]
	switch ref.Kind {
	case draw.Packet:
		p := r.Packet(ref.ID)
		if p == nil {
			return Choice{}
		}
		c.Packet, c.Request, c.Connection, c.At = ref.ID, p.Req, p.Conn, p.At
	case draw.Request:
		if int(ref.ID) >= len(r.wanted) {
			return Choice{}
		}
		c.Request, c.Connection, c.At = ref.ID, r.bound[ref.ID], r.wanted[ref.ID]
	case draw.Connection:
		if int(ref.ID) >= len(r.began) {
			return Choice{}
		}
		c.Connection, c.At = ref.ID, r.began[ref.ID]
	default:
		return Choice{}
	}
	return c
}

// Marks tells whether a thing is the one chosen, or belongs to it, or is what that belongs to.
func (c Choice) Marks(ref draw.Ref) bool {
	if c.Kind == draw.Nothing || c.Lane != ref.Lane || ref.ID == 0 {
		return false
	}
	switch ref.Kind {
	case draw.Packet:
		return c.Packet == ref.ID
	case draw.Request:
		return c.Request == ref.ID
	case draw.Connection:
		return c.Connection == ref.ID
	default:
		return false
	}
}
