package scene

import (
	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// row is a line of the server's part.
type row struct {
	name   string
	middle box // of slots or of a bar
	y, end float32
	some   bool // of several servers together
}

// Rows of the server, in units.
const (
	rowsFrom  = 50
	rowPitch  = 20.25
	rowMiddle = 80 // after the name
	slotPitch = 14
)

// server draws what the run costs the server, and how near to its limits it is.
func (s *Scene) server(l *lane, g grid, b box) {
	if g.narrow {
		s.serverNarrow(l, g, b)
		return
	}
	u, x := g.u, g.serverX(b)
	end := x + serverWidth*u
	h := l.run.Header()
	small := draw.Font{Size: 11 * u, Color: s.Theme.Secondary}
	left := x + s.serverName(h).Write(x, b.y+28*u, small)
	small.Align = draw.Right
	s.serverKind(l).WriteWithin(end, b.y+28*u, end-left-12*u, small)
	k := 0
	next := func(name string) row {
		y := b.y + (rowsFrom+float32(k)*rowPitch)*u
		k++
		s.Put(name).Write(x, y, draw.Font{Size: 11 * u, Color: s.Theme.Text})
		return row{name, box{x + rowMiddle*u, y - 9.5*u, 8*slotPitch*u - 2*u, 12 * u}, y, end, servers(h) > 1}
	}
	s.seats(l, next, u)
	s.costs(l, next, u)
}

// seats draws what is taken of what is counted in seats.
func (s *Scene) seats(l *lane, next func(string) row, u float32) {
	h, v := l.run.Header(), &l.state.Server
	n := servers(h)
	r := next("accept queue")
	s.slots(r.middle, u, []share{{v.AcceptQueue, slotWaiting}}, n*(h.Backlog+1))
	s.limited(r, v.AcceptQueue, n*(h.Backlog+1), l.reached(fullAccept), u)
	r = next("connections")
	tls := l.securing()
	s.slots(r.middle, u, []share{{v.Working, slotBusy}, {tls, slotTLS}, {v.Idle - tls, slotKept}}, n*h.MaxConnections)
	s.limited(r, v.Open, n*h.MaxConnections, l.reached(fullConnections), u)
	busy, kept := workers(h, v)
	r = next("workers")
	s.slots(r.middle, u, []share{{busy, slotBusy}, {kept, slotKept}}, n*h.Workers)
	s.limited(r, busy+kept, n*h.Workers, l.reached(fullWorkers), u)
	r = next("cores")
	s.slots(r.middle, u, []share{{v.Cores, slotBusy}}, n*h.CPUs)
	if v.Queue > 0 {
		s.Count(int64(v.Queue)).Put(" wait, ")
	}
	s.limited(r, v.Cores, n*h.CPUs, l.reached(fullCores), u)
}

// costs draws bars: to the limit if there is one, else to the most that any lane comes to.
func (s *Scene) costs(l *lane, next func(string) row, u float32) {
	h, v, c := l.run.Header(), &l.state.Server, &l.state.Counters
	n := servers(h)
	right := draw.Font{Size: 11 * u, Color: s.Theme.Secondary, Align: draw.Right}
	r := next("CPU time")
	s.bar(r, ratio(int64(v.CPU), int64(s.most.cpu)), u)
	s.Span(v.CPU).Write(r.end, r.y, right)

	r = next("memory")
	memory := int64(n) * h.Memory
	s.bar(r, toLimit(v.Memory, memory, s.most.memory), u)
	if s.Bytes(v.Memory); memory > 0 {
		s.Put(" / ").Bytes(memory)
	}
	s.verdict(r, l.reached(fullMemory), u)

	r = next("descriptors")
	used := l.descriptors(v) + n - 1
	s.bar(r, toLimit(int64(used), int64(n*h.FileDescriptors), int64(n*(s.most.open+1))), u)
	s.limited(r, used, n*h.FileDescriptors, l.reached(fullDescriptors), u)

	r = next("packets")
	s.bar(r, ratio(int64(c.PacketsUp+c.PacketsDown), int64(s.most.packets)), u)
	s.Count(int64(c.PacketsUp+c.PacketsDown)).Write(r.end, r.y, right)
	r = next("TIME_WAIT")
	s.timeWait(c.TimeWait, v.TimeWait).Write(r.end, r.y, right)
}

// descriptors counts those that a server holds: of its listening socket, and of each connection.
func (l *lane) descriptors(v *trace.ServerState) int {
	return 1 + v.Open + l.state.Behind.Busy + l.state.Behind.Idle
}

func toLimit(v, limit, most int64) float32 {
	if limit > 0 {
		most = limit
	}
	return ratio(v, most)
}

// bar fills a row's middle up to a part.
func (s *Scene) bar(r row, part, u float32) {
	b := r.middle
	s.Rect(b.x, b.y+1.5*u, b.w, 9*u, 4.5*u, s.Theme.Pipe)
	if part > 0 {
		s.Rect(b.x, b.y+1.5*u, max(min(part, 1)*b.w, 2), 9*u, 4.5*u, s.Theme.Accent)
	}
}

// limited puts "n / limit" at the end of a row.
func (s *Scene) limited(r row, n, limit int, full bool, u float32) {
	s.of(n, limit)
	s.verdict(r, full, u)
}

// verdict writes what has been put at the end of a row; a limit that is reached stands out in colour, shape and word.
func (s *Scene) verdict(r row, full bool, u float32) {
	f := draw.Font{Size: 11 * u, Color: s.Theme.Secondary, Align: draw.Right}
	width := r.end - r.middle.x - r.middle.w - 6*u
	if !full {
		s.WriteWithin(r.end, r.y, width, f)
		return
	}
	f.Bold, f.Color = true, s.Theme.OnBright
	word := " full"
	if r.some {
		word = ", one full"
	}
	if s.Put(word); s.Width(f) > width-4*u {
		f.Size *= (width - 4*u) / s.Width(f)
	}
	w := s.Width(f)
	s.Rect(r.end-w-4*u, r.y-10.5*u, w+8*u, 14*u, 3*u, s.Theme.Error)
	s.Write(r.end, r.y, f)
	s.Outline(r.middle.x-3*u, r.middle.y-3*u, r.middle.w+6*u, r.middle.h+6*u, 3*u, max(2, 2*u), s.Theme.Error)
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

// serverKind puts the server's preset, or else how it serves connections.
func (s *Scene) serverKind(l *lane) *draw.Canvas {
	h := l.run.Header()
	switch {
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
	s.Put("behind it ").Plural(max(h.Servers, 1), "server").Put(", ")
	return s.poolBehind(v)
}

func (s *Scene) poolBehind(v *trace.BehindState) *draw.Canvas {
	if s.Plural(v.Busy+v.Idle, "connection"); v.Idle > 0 {
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
	middle := box{x, b.y + 220.5*u, 8*slotPitch*u - 2*u, 12 * u}
	s.slots(middle, u, []share{{v.Working, slotBusy}, {tls, slotTLS}, {v.Idle - tls, slotKept}}, servers(h)*h.MaxConnections)
	if what := l.anyReached(); what < limits {
		s.Put(what.String())
		s.verdict(row{"", middle, b.y + 230*u, end - 4*u, servers(h) > 1}, true, u)
	} else {
		f.Align, f.Color = draw.Right, s.Theme.Secondary
		s.Plural(v.Open, "connection").Put(", ").Count(int64(v.AcceptQueue)).Put(" waiting").WriteWithin(end, b.y+230*u, end-middle.x-middle.w-6*u, f)
	}
	f.Align, f.Color = draw.Left, s.Theme.Secondary
	s.Put("CPU ").Span(v.CPU).Put(" · ").Plural(c.PacketsUp+c.PacketsDown, "packet").Put(" · TIME_WAIT ")
	s.Count(int64(c.TimeWait + v.TimeWait))
	switch {
	case h.Behind != nil:
		s.Put(" · ")
		s.poolBehind(&l.state.Behind).Put(" behind")
	case servers(h) > 1:
		s.Put(" · ")
		s.spread(l.state.Servers)
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
			s.slot(b.x+float32(at)*slotPitch*u, b.y, 12*u, use.as)
		}
	}
	for ; at < boxes; at++ {
		s.slot(b.x+float32(at)*slotPitch*u, b.y, 12*u, slotFree)
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
