package scene

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// Lanes is how many runs can race.
const Lanes = 4

// View is the surface to draw on. Sizes are in logical pixels.
type View struct {
	W, H   float32
	Theme  *draw.Theme // nil: light
	Margin float32     // around everything
	Bottom float32     // kept free at the bottom
	Chosen tell.Choice // is marked, and what it belongs to
}

// Scene draws up to four runs that race. It keeps what the last picture needed, so that the next one is cheap; what
// it draws depends on the arguments of Draw alone.
type Scene struct {
	draw.Canvas
	Why    []string // a sentence per pair of neighbours that says what the difference is made of; "" or absent: none
	lanes  []lane
	tell   tell.Teller
	most   scales
	first  int // the lane that finished first; -1: none did, or there is but one
	chosen tell.Choice
	marks  []marking // of the present lane, yet to be drawn
	moving bool      // what is drawn moves
	heaps  []heap    // of the present pipe, where packets are gathered
	groups []group   // of the present lane, where clients are
	counts []int     // of the present pipe, waiting packets by client
}

// lane is one run.
type lane struct {
	run     *tell.Run
	number  uint8 // from 0
	stood   int   // requests done when another lane was the first to finish
	state   trace.State
	loads   []load // by state.Conns
	flights []trace.Flight
	now     sim.Time
}

// scales are the largest values that any lane reaches: the ends of the bars.
type scales struct {
	cpu     sim.Time
	memory  int64
	packets int
	open    int // connections of one server
	each    int // of one of several servers, or of one behind a proxy
}

// New makes a scene of up to four runs; further ones are left out.
func New(runs []*tell.Run) *Scene {
	s := &Scene{}
	s.tell = tell.Teller{Canvas: &s.Canvas, Runs: runs[:min(len(runs), Lanes)]}
	for i, r := range s.tell.Runs {
		x := r.Index
		s.lanes = append(s.lanes, lane{run: r, number: uint8(i)})
		end := x.Final()
		s.most.cpu = max(s.most.cpu, end.Server.CPU)
		s.most.memory = max(s.most.memory, x.PeakMemory)
		s.most.packets = max(s.most.packets, end.Counters.PacketsUp+end.Counters.PacketsDown)
		s.most.open = max(s.most.open, x.PeakOpen)
		if s.most.each = max(s.most.each, x.PeakBehind); servers(r.Header()) > 1 {
			s.most.each = max(s.most.each, x.PeakOpen)
		}
	}
	s.findFirst()
	return s
}

// Draw returns what to draw at t. The items, and their text, hold until the next call.
func (s *Scene) Draw(t sim.Time, v View) []draw.Item {
	s.Reset(v.Theme.OrLight())
	s.chosen = v.Chosen
	s.seek(t)
	g := layout(v, len(s.lanes), s.beyond())
	for i := range s.lanes {
		s.lane(i, g)
	}
	s.headline(g)
	if g.legend {
		s.legend(g)
	}
	return s.Items()
}

// seek moves every lane to t.
func (s *Scene) seek(t sim.Time) {
	for i := range s.lanes {
		l := &s.lanes[i]
		l.now = t
		l.run.Index.Seek(&l.state, t)
		l.weigh()
	}
}

func (s *Scene) lane(i int, g grid) {
	l, b := &s.lanes[i], g.lanes[i]
	s.Panel(b.x, b.y, b.w, b.h, 12*g.u, s.Theme.Card, s.Theme.Line)
	s.title(i, g)
	s.client(l, g, b)
	s.path(l, g, b)
	s.server(l, g, b)
	s.beyondServer(l, g, b)
	s.drawMarks()
}

func (s *Scene) title(i int, g grid) {
	h, b := s.lanes[i].run.Header(), g.lanes[i]
	width := g.titleWidth(b)
	if g.narrow && s.lanes[i].over() {
		width -= s.flag(&s.lanes[i], b.x+b.w-g.pad, b.y+28*g.u, g.u)
	}
	s.Put(tell.Letters[i])
	x := b.x + g.pad
	x += s.Write(x, b.y+28*g.u, draw.Font{Size: 15 * g.u, Color: s.Theme.Accent, Bold: true}) + 7*g.u
	s.Put(tell.Caption(h)).WriteWithin(x, b.y+28*g.u, width-(x-b.x-g.pad), draw.Font{Size: 15 * g.u, Color: s.Theme.Text, Bold: true})
	if s.framing(&s.lanes[i]); h.Missing <= s.lanes[i].now {
		s.Drop()
		s.Put("the record of this run ends at ").Span(h.Missing)
	}
	s.WriteWithin(b.x+g.pad, b.y+46*g.u, width, draw.Font{Size: 11.5 * g.u, Color: s.Theme.Secondary})
}

// framing puts the protocol and what its headers say about the connection.
func (s *Scene) framing(l *lane) *draw.Canvas {
	h, over := l.run.Header(), ""
	if l.run.TLS {
		over = " over TLS"
	}
	if l.run.H2 {
		if s.Put("HTTP/2").Put(over); h.Persistent {
			s.Put(", all requests on one connection")
		}
		return &s.Canvas
	}
	s.Put("HTTP/1.").Count(int64(h.Minor)).Put(over)
	switch {
	case h.Persistent && h.KeepAliveTimeout > 0:
		return s.Put(", Keep-Alive: timeout=").Count(int64(h.KeepAliveTimeout / sim.Second))
	case h.Persistent && h.Minor == 0:
		return s.Put(", Connection: keep-alive")
	case h.Persistent:
		return s.Put(", connections kept")
	default:
		return s.Put(", Connection: close")
	}
}

// None says that a jump from t found no moment of the given kinds: dir tells where it looked.
func (s *Scene) None(kinds trace.Moments, dir int, t sim.Time) string {
	return s.tell.None(kinds, dir, t)
}
