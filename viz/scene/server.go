package scene

import (
	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// server draws what the run costs the server.
func (s *Scene) server(l *lane, g grid, b box) {
	if g.narrow {
		s.serverNarrow(l, g, b)
		return
	}
	u, x, end := g.u, b.x+b.w-316*g.u, b.x+b.w-g.pad
	h, v, c := l.run.Header(), &l.state.Server, &l.state.Counters
	small := draw.Font{Size: 11 * u, Color: s.Theme.Secondary}
	right := draw.Font{Size: 11 * u, Color: s.Theme.Secondary, Align: draw.Right}
	left := x + s.serverName(h).Write(x, b.y+28*u, small)
	s.serverKind(l).WriteWithin(end, b.y+28*u, end-left-12*u, right)

	slots := box{x + 96*u, 0, 8 * 15 * u, 12 * u}
	row := func(y float32, name string) box {
		s.Put(name).Write(x, b.y+y*u, draw.Font{Size: 11 * u, Color: s.Theme.Text})
		slots.y = b.y + (y-9.5)*u
		return slots
	}
	s.slots(row(52, "accept queue"), u, []share{{v.AcceptQueue, slotWaiting}}, servers(h)*(h.Backlog+1))
	s.of(v.AcceptQueue, servers(h)*(h.Backlog+1)).Write(end, b.y+52*u, right)
	tls := l.securing()
	s.slots(row(72, "connections"), u, []share{{v.Working, slotBusy}, {tls, slotTLS}, {v.Idle - tls, slotKept}}, servers(h)*h.MaxConnections)
	s.of(v.Open, servers(h)*h.MaxConnections).Write(end, b.y+72*u, right)
	busy, kept := workers(h, v)
	s.slots(row(92, "workers"), u, []share{{busy, slotBusy}, {kept, slotKept}}, servers(h)*h.Workers)
	s.of(busy+kept, servers(h)*h.Workers).Write(end, b.y+92*u, right)

	bar := func(y float32, part float32) { s.progress(slots.x, b.y+(y-9)*u, 117*u, 9*u, part, s.Theme.Accent) }
	row(116, "CPU")
	bar(116, ratio(int64(v.CPU), int64(s.most.cpu)))
	s.Span(v.CPU).Write(end, b.y+116*u, right)
	row(136, "memory")
	bar(136, ratio(v.Memory, s.most.memory))
	s.Bytes(v.Memory).Write(end, b.y+136*u, right)
	row(156, "packets")
	bar(156, ratio(int64(c.PacketsUp+c.PacketsDown), int64(s.most.packets)))
	s.Count(int64(c.PacketsUp+c.PacketsDown)).Write(end, b.y+156*u, right)
	row(180, "TIME_WAIT")
	s.timeWait(c.TimeWait, v.TimeWait).Write(end, b.y+180*u, right)
}

// servers is how many the clients connect to.
func servers(h *trace.Header) int { return max(h.Servers, 1) }

// serverName puts what the clients connect to.
func (s *Scene) serverName(h *trace.Header) *draw.Canvas {
	switch {
	case h.Behind != nil:
		return s.Put("proxy")
	case servers(h) > 1:
		return s.Count(int64(h.Servers)).Put(" servers")
	default:
		return s.Put("server")
	}
}

// serverKind puts the server's preset, or else how it serves connections; of a proxy, what it has open behind it.
func (s *Scene) serverKind(l *lane) *draw.Canvas {
	h := l.run.Header()
	switch {
	case h.Behind != nil:
		return s.openBehind(&l.state.Behind, h.Behind)
	case h.ServerPreset != "":
		return s.Put(h.ServerPreset)
	case h.ThreadPerConnection:
		return s.Put("a worker per connection")
	case h.ThreadPerRequest:
		return s.Put("a worker per request")
	default:
		return s.Put("event loop")
	}
}

// openBehind puts the connections of a proxy to its servers.
func (s *Scene) openBehind(v *trace.BehindState, h *trace.BehindHeader) *draw.Canvas {
	s.Put("behind it ").Plural(max(h.Servers, 1), "server").Put(", ").Plural(v.Busy+v.Idle, "connection")
	if v.Idle > 0 {
		s.Put(", ").Count(int64(v.Idle)).Put(" idle")
	}
	return &s.Canvas
}

// serverNarrow is the same in two lines.
func (s *Scene) serverNarrow(l *lane, g grid, b box) {
	u, x, end := g.u, b.x+g.pad, b.x+b.w-g.pad
	h, v, c := l.run.Header(), &l.state.Server, &l.state.Counters
	f := draw.Font{Size: 11 * u, Color: s.Theme.Text}
	x += s.serverName(h).Write(x, b.y+230*u, f) + 8*u
	tls := l.securing()
	s.slots(box{x, b.y + 220.5*u, 8 * 14 * u, 12 * u}, u, []share{{v.Working, slotBusy}, {tls, slotTLS}, {v.Idle - tls, slotKept}}, servers(h)*h.MaxConnections)
	f.Align, f.Color = draw.Right, s.Theme.Secondary
	s.Plural(v.Open, "connection").Put(", ").Count(int64(v.AcceptQueue)).Put(" waiting").Write(end, b.y+230*u, f)
	f.Align = draw.Left
	s.Put("CPU ").Span(v.CPU).Put(" · ").Plural(c.PacketsUp+c.PacketsDown, "packet").Put(" · TIME_WAIT ")
	s.Count(int64(c.TimeWait + v.TimeWait))
	if h.Behind != nil {
		s.Put(" · ")
		s.openBehind(&l.state.Behind, h.Behind)
	}
	s.WriteWithin(b.x+g.pad, b.y+249*u, b.w-2*g.pad, f)
}

// workers tells apart the workers that work from those that a kept connection holds. With a worker per connection each
// open connection holds one. Else kept connections hold none: with a worker per request each request in work does, and in
// an event loop a worker is in use while it is on a core.
func workers(h *trace.Header, v *trace.ServerState) (busy, kept int) {
	switch {
	case h.ThreadPerConnection:
		all := servers(h) * h.Workers
		busy = min(v.Working, all)
		return busy, min(v.Open, all) - busy
	case h.ThreadPerRequest:
		return v.Workers, 0
	default:
		return v.Cores, 0
	}
}

// slot is what a slot is used for.
type slot uint8

const (
	slotFree slot = iota
	slotWaiting
	slotBusy
	slotTLS
	slotKept
)

// share is how many slots have a use.
type share struct {
	n  int
	as slot
}

// slots draws eight boxes, or fewer if there are not as many. More uses than boxes share the boxes in proportion.
func (s *Scene) slots(b box, u float32, uses []share, limit int) {
	boxes := 8
	if limit > 0 {
		boxes = min(boxes, limit)
	}
	used := 0
	for _, use := range uses {
		used += max(use.n, 0)
	}
	at, so := 0, 0
	for _, use := range uses {
		so += max(use.n, 0)
		until := so
		if used > boxes {
			until = (so*boxes + used/2) / used
		}
		for ; at < min(until, boxes); at++ {
			s.slot(b.x+float32(at)*15*u, b.y, 12*u, use.as)
		}
	}
	for ; at < boxes; at++ {
		s.slot(b.x+float32(at)*15*u, b.y, 12*u, slotFree)
	}
}

func (s *Scene) slot(x, y, size float32, as slot) {
	radius := size / 6
	switch as {
	case slotWaiting:
		s.Rect(x, y, size, size, radius, s.Theme.SetUp)
	case slotBusy:
		s.Rect(x, y, size, size, radius, s.Theme.Wait)
	case slotTLS:
		s.Outline(x, y, size, size, radius, max(1.5, size/8), s.Theme.TLS)
		s.Rect(x+size/3, y+size/3, size/3, size/3, 0, s.Theme.TLS)
	case slotKept:
		s.Dashed(x, y, size, size, radius, max(1.5, size/8), s.Theme.Idle)
	default:
		s.Outline(x, y, size, size, radius, 1, s.Theme.PipeLine)
	}
}

// of puts "n / limit".
func (s *Scene) of(n, limit int) *draw.Canvas {
	s.Count(int64(n))
	if limit > 0 {
		s.Put(" / ").Count(int64(limit))
	}
	return &s.Canvas
}

func (s *Scene) timeWait(clients, server int) *draw.Canvas {
	switch {
	case clients == 0 && server == 0:
		return s.Put("0")
	case clients == 0:
		return s.Put("server ").Count(int64(server))
	case server == 0:
		return s.Put("client ").Count(int64(clients))
	default:
		return s.Put("client ").Count(int64(clients)).Put(", server ").Count(int64(server))
	}
}

func ratio(v, most int64) float32 {
	if most <= 0 {
		return 0
	}
	return float32(v) / float32(most)
}
