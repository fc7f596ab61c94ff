package scene

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// Lanes is how many runs can race.
const Lanes = 4

// View is the surface to draw on. Sizes are in logical pixels.
type View struct {
	W, H   float32
	Dark   bool
	Margin float32 // around everything
	Bottom float32 // kept free at the bottom
}

func (v View) theme() *Theme {
	if v.Dark {
		return &Dark
	}
	return &Light
}

// Scene draws up to four runs that race. It keeps what the last picture needed, so that the next one is cheap; what
// it draws depends on the arguments of Draw alone.
type Scene struct {
	canvas
	lanes []lane
	most  scales
}

// lane is one run.
type lane struct {
	index   *trace.Index
	wires   wires
	state   trace.State
	loads   []load // by state.Conns
	flights []trace.Flight
	moments []trace.Moment // of the present instant
	now     sim.Time
}

// scales are the largest values that any lane reaches: the ends of the bars.
type scales struct {
	cpu     sim.Time
	memory  int64
	packets int
}

// New makes a scene of up to four runs; further ones are left out.
func New(runs []*trace.Index) *Scene {
	s := &Scene{}
	for _, x := range runs[:min(len(runs), Lanes)] {
		s.lanes = append(s.lanes, lane{index: x, wires: readWires(x.Log())})
		end := x.Final()
		s.most.cpu = max(s.most.cpu, end.Server.CPU)
		s.most.memory = max(s.most.memory, x.PeakMemory)
		s.most.packets = max(s.most.packets, end.Counters.PacketsUp+end.Counters.PacketsDown)
	}
	return s
}

// Draw returns what to draw at t. The items, and their text, hold until the next call.
func (s *Scene) Draw(t sim.Time, v View) []Item {
	s.reset(v.theme())
	s.seek(t)
	g := layout(v, len(s.lanes))
	for i := range s.lanes {
		s.lane(i, g)
	}
	s.headline(g)
	if g.legend {
		s.legend(g)
	}
	return s.items
}

// seek moves every lane to t.
func (s *Scene) seek(t sim.Time) {
	for i := range s.lanes {
		l := &s.lanes[i]
		l.now = t
		l.index.Seek(&l.state, t)
		l.weigh()
	}
}

// Text is what an item of kind Words says.
func (s *Scene) Text(i *Item) []byte { return s.text[i.from:i.to] }

func (s *Scene) lane(i int, g grid) {
	l, b := &s.lanes[i], g.lanes[i]
	s.panel(b, 12*g.u, s.theme.Card, s.theme.Line)
	s.title(i, g)
	s.client(l, g, b)
	s.path(l, g, b)
	s.server(l, g, b)
}

// letters name the lanes.
var letters = [Lanes]string{"A", "B", "C", "D"}

func (s *Scene) title(i int, g grid) {
	h, b := &s.lanes[i].index.Log().Header, g.lanes[i]
	width := g.titleWidth(b)
	s.put(letters[i])
	x := b.x + g.pad
	x += s.write(x, b.y+28*g.u, font{size: 15 * g.u, color: s.theme.Accent, bold: true}) + 7*g.u
	s.put(caption(h)).writeWithin(x, b.y+28*g.u, width-(x-b.x-g.pad), font{size: 15 * g.u, color: s.theme.Text, bold: true})
	if s.framing(&s.lanes[i]); h.Missing <= s.lanes[i].now {
		s.drop()
		s.put("the record of this run ends at ").span(h.Missing)
	}
	s.writeWithin(b.x+g.pad, b.y+46*g.u, width, font{size: 11.5 * g.u, color: s.theme.Secondary})
}

// caption is the variant in words.
func caption(h *trace.Header) string {
	switch h.Variant {
	case "per-request":
		return "a new connection for each"
	case "persistent":
		return "connections kept"
	default:
		return h.Variant
	}
}

// framing puts the protocol and what its headers say about the connection.
func (s *Scene) framing(l *lane) *canvas {
	h, over := &l.index.Log().Header, ""
	if l.wires.tls {
		over = " over TLS"
	}
	if l.wires.h2 {
		if s.put("HTTP/2").put(over); h.Persistent {
			s.put(", all requests on one connection")
		}
		return &s.canvas
	}
	s.put("HTTP/1.").count(int64(h.Minor)).put(over)
	switch {
	case h.Persistent && h.KeepAliveTimeout > 0:
		return s.put(", Keep-Alive: timeout=").count(int64(h.KeepAliveTimeout / sim.Second))
	case h.Persistent && h.Minor == 0:
		return s.put(", Connection: keep-alive")
	case h.Persistent:
		return s.put(", connections kept")
	default:
		return s.put(", Connection: close")
	}
}
