package tell

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
)

// Run is a run, and what no single record of it says.
type Run struct {
	Index   *trace.Index
	TLS, H2 bool // whether its connections speak them
	wires
	things
}

// Read reads a run from its beginning.
func Read(x *trace.Index) *Run {
	r := &Run{Index: x}
	r.readWires(x.Log())
	r.number(x.Log())
	return r
}

// Header describes the run.
func (r *Run) Header() *trace.Header { return &r.Index.Log().Header }

// Secured is when TLS let a connection carry requests; false: it never did.
func (r *Run) Secured(conn uint32) (sim.Time, bool) {
	at, is := r.secured[conn]
	return at, is
}

// Carried sorts packets by what they are for.
type Carried uint8

// What packets are for.
const (
	Ack Carried = iota
	SYN
	TLS
	Request
	Data
	FIN
	RST
)

// Carries tells what a packet is for. A FIN that rides on data is data with a FIN behind it.
func (r *Run) Carries(f *trace.Flight) Carried {
	g := f.Segment
	switch {
	case g == nil:
		return Data
	case g.Flags&trace.RST != 0:
		return RST
	case g.Flags&trace.SYN != 0:
		return SYN
	case g.Len > 0 && r.OpensTLS(f.Pkt):
		return TLS
	case g.Len > 0 && f.IsDown():
		return Data
	case g.Len > 0:
		return Request
	case g.Flags&trace.FIN != 0:
		return FIN
	default:
		return Ack
	}
}

// Steers tells whether a packet is drawn with letters whatever its length.
func (r *Run) Steers(f *trace.Flight) bool {
	c := r.Carries(f)
	return c != Ack && c != Data && (c != TLS || !f.IsDown())
}

// Color is that of the packets that are for c.
func (c Carried) Color(t *draw.Theme) color.NRGBA {
	return [...]color.NRGBA{Ack: t.Ack, SYN: t.SetUp, TLS: t.TLS, Request: t.Request, Data: t.Data, FIN: t.Text, RST: t.Error}[c]
}

// Letters name the runs of a race.
var Letters = [...]string{"A", "B", "C", "D"}

// Caption is the variant in words.
func Caption(h *trace.Header) string {
	switch h.Variant {
	case "per-request":
		return "a new connection for each"
	case "persistent":
		return "connections kept"
	default:
		return h.Variant
	}
}

// ReadAll reads the runs of a race.
func ReadAll(xs []*trace.Index) []*Run {
	all := make([]*Run, len(xs))
	for i, x := range xs {
		all[i] = Read(x)
	}
	return all
}
