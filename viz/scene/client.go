package scene

import (
	"image/color"

	"keepalive/model/trace"
)

// client draws the objects wanted and the pool of connections.
func (s *Scene) client(l *lane, g grid, b box) {
	small := font{size: 11 * g.u, color: s.theme.Secondary}
	x, u := b.x+g.pad, g.u
	if g.narrow {
		s.objects(l, box{x, b.y + 54*u, b.w - 2*g.pad - 96*u, 13 * u}, u)
		small.align = Right
		s.done(l).write(b.x+b.w-g.pad, b.y+63*u, small)
		s.pool(l, x, b.y+84*u, u, 1)
		return
	}
	h := &l.index.Log().Header
	if h.Clients > 1 {
		s.count(int64(h.Clients)).put(" clients").write(x, b.y+72*u, small)
	} else {
		s.put("client").write(x, b.y+72*u, small)
	}
	s.objects(l, box{x, b.y + 80*u, 168 * u, 38 * u}, u)
	s.done(l).write(x, b.y+134*u, small)
	s.put("pool").write(x, b.y+156*u, small)
	s.pool(l, x, b.y+174*u, u, 2)
}

// done puts how many objects have arrived.
func (s *Scene) done(l *lane) *canvas {
	c := &l.state.Counters
	s.count(int64(c.Done - c.Failed)).put(" of ").count(int64(len(l.index.Log().Header.Requests))).put(" objects")
	if c.Failed > 0 {
		s.put(", ").count(int64(c.Failed)).put(" failed")
	}
	return &s.canvas
}

// objects draws a cell for each object, or one bar if they are too many.
func (s *Scene) objects(l *lane, b box, u float32) {
	n := len(l.index.Log().Header.Requests)
	pitch, columns := cells(n, b, 17*u, 4*u)
	if columns == 0 {
		s.progress(b.x, b.y+2*u, b.w, 9*u, float32(l.state.Counters.Done)/float32(max(n, 1)), s.theme.Data)
		return
	}
	size := pitch - max(1.5, pitch*4/17)
	for i := range n {
		x, y := b.x+float32(i%columns)*pitch, b.y+float32(i/columns)*pitch
		s.object(l, uint32(i+1), x, y, size)
	}
}

// cells finds the widest pitch at which n cells fit into b; no columns: none does.
func cells(n int, b box, widest, least float32) (pitch float32, columns int) {
	for pitch = widest; pitch >= least; pitch -= widest / 34 {
		gap := pitch * 4 / 17
		columns = int((b.w + gap) / pitch)
		if columns*int((b.h+gap)/pitch) >= n {
			return pitch, columns
		}
	}
	return 0, 0
}

func (s *Scene) object(l *lane, req uint32, x, y, size float32) {
	radius := size * 0.2
	switch {
	case l.state.Failed(req):
		s.outline(x, y, size, size, radius, max(1, size*0.1), s.theme.Error)
		s.add(Item{Kind: Cross, X: x + size*0.2, Y: y + size*0.2, W: size * 0.6, H: size * 0.6, Color: s.theme.Error})
		return
	case l.state.Ended(req):
		s.rect(x, y, size, size, radius, s.theme.Data)
		return
	}
	if q := l.state.Request(req); q != nil && q.Phase >= trace.Bound {
		s.outline(x, y, size, size, radius, max(1, size*0.12), s.phaseColor(q.Phase))
	} else {
		s.outline(x, y, size, size, radius, 1, s.theme.PipeLine)
	}
	if l.wires.h2 {
		return // whose bytes have come is not on record
	}
	if total := l.index.Log().Header.Requests[req-1].Size; total > 0 {
		part := clamp(float32(l.index.Received(req, l.now))/float32(total), 0, 1)
		if h := part * size; h >= 1 {
			s.rect(x, y+size-h, size, h, radius, s.theme.Data)
		}
	}
}

// phaseColor is the colour of what a request on a connection is at.
func (s *Scene) phaseColor(p trace.RequestPhase) color.NRGBA {
	switch {
	case p >= trace.Receiving:
		return s.theme.Data
	case p >= trace.Queued:
		return s.theme.Wait
	default:
		return s.theme.Request
	}
}

// pool lists the newest connections, or a dot for each if they are many.
func (s *Scene) pool(l *lane, x, y, u float32, rows int) {
	conns := l.state.Conns
	f := font{size: 11.5 * u, color: s.theme.Text}
	switch {
	case len(conns) == 0:
		f.color = s.theme.Secondary
		s.put("no connection").write(x, y, f)
	case len(conns) <= rows:
		for i := range conns {
			at := y + float32(i)*17*u
			s.dot(x, at-9*u, 10*u, l.phase(i))
			s.connection(l, i).write(x+18*u, at, f)
		}
	default:
		s.manyConns(l, x, y, u, rows)
	}
}

func (s *Scene) connection(l *lane, i int) *canvas {
	s.put("connection ").count(int64(l.state.Conns[i].ID)).put(" — ")
	switch p, w := l.phase(i), &l.loads[i]; {
	case p == busy && w.requests == 1:
		s.put("request ").count(int64(w.oldest))
	case p == busy:
		s.plural(w.requests, "request")
	case p == idle:
		s.put("kept, idle")
	default:
		s.put(p.String())
	}
	return &s.canvas
}

// dot shows a phase by colour and by shape.
func (s *Scene) dot(x, y, size float32, p phase) {
	stroke := max(1.5, size*0.18)
	switch p {
	case opening:
		s.outline(x, y, size, size, size/2, stroke, s.theme.SetUp)
	case securing:
		s.outline(x, y, size, size, size/2, stroke, s.theme.TLS)
		s.rect(x+size*0.35, y+size*0.35, size*0.3, size*0.3, size*0.15, s.theme.TLS)
	case busy:
		s.rect(x, y, size, size, size/2, s.theme.Wait)
	case idle:
		s.dashed(x, y, size, size, 1, stroke, s.theme.Idle)
	case closing:
		s.outline(x, y, size, size, size/2, stroke*0.7, s.theme.Ack)
	}
}

// manyConns draws a dot for each connection and counts them by phase.
func (s *Scene) manyConns(l *lane, x, y, u float32, rows int) {
	var by [phases]int
	const most = 12
	n := len(l.state.Conns)
	for i := range n {
		by[l.phase(i)]++
		if k := i - max(0, n-most); k >= 0 && rows > 1 {
			s.dot(x+float32(k)*14*u, y-9*u, 10*u, l.phase(i))
		}
	}
	if rows > 1 {
		y += 17 * u
	}
	for p, n := range by {
		if n == 0 {
			continue
		}
		if len(s.text) > s.mark {
			s.put(", ")
		}
		s.count(int64(n)).put(" ").put(phase(p).String())
	}
	s.writeWithin(x, y, 200*u, font{size: 11.5 * u, color: s.theme.Text})
}

// progress is a bar that is full at 1.
func (s *Scene) progress(x, y, w, h, part float32, col color.NRGBA) {
	s.rect(x, y, w, h, h/2, s.theme.Pipe)
	if filled := clamp(part, 0, 1) * w; filled > 0 {
		s.rect(x, y, max(filled, h), h, h/2, col)
	}
}
