package scene

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// client draws the objects wanted and the pool of connections.
func (s *Scene) client(l *lane, g grid, b box) {
	small := draw.Font{Size: 11 * g.u, Color: s.Theme.Secondary}
	x, u := b.x+g.pad, g.u
	if g.narrow {
		s.objects(l, box{x, b.y + 54*u, b.w - 2*g.pad - 96*u, 13 * u}, u)
		small.Align = draw.Right
		s.done(l).Write(b.x+b.w-g.pad, b.y+63*u, small)
		s.pool(l, x, b.y+84*u, u, 1)
		return
	}
	h := l.run.Header()
	if h.Clients > 1 {
		s.Count(int64(h.Clients)).Put(" clients").Write(x, b.y+72*u, small)
	} else {
		s.Put("client").Write(x, b.y+72*u, small)
	}
	s.objects(l, box{x, b.y + 80*u, 168 * u, 38 * u}, u)
	s.done(l).Write(x, b.y+134*u, small)
	s.Put("pool").Write(x, b.y+156*u, small)
	s.pool(l, x, b.y+174*u, u, 2)
}

// done puts how many objects have arrived.
func (s *Scene) done(l *lane) *draw.Canvas {
	c := &l.state.Counters
	s.Count(int64(c.Done - c.Failed)).Put(" of ").Count(int64(len(l.run.Header().Requests))).Put(" objects")
	if c.Failed > 0 {
		s.Put(", ").Count(int64(c.Failed)).Put(" failed")
	}
	return &s.Canvas
}

// objects draws a cell for each object, or one bar if they are too many.
func (s *Scene) objects(l *lane, b box, u float32) {
	n := len(l.run.Header().Requests)
	pitch, columns := cells(n, b, 17*u, 4*u)
	if columns == 0 {
		s.progress(b.x, b.y+2*u, b.w, 9*u, float32(l.state.Counters.Done)/float32(max(n, 1)), s.Theme.Data)
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
		s.Outline(x, y, size, size, radius, max(1, size*0.1), s.Theme.Error)
		s.Add(draw.Item{Kind: draw.Cross, X: x + size*0.2, Y: y + size*0.2, W: size * 0.6, H: size * 0.6, Color: s.Theme.Error})
		return
	case l.state.Ended(req):
		s.Rect(x, y, size, size, radius, s.Theme.Data)
		return
	}
	if q := l.state.Request(req); q != nil && q.Phase >= trace.Bound {
		s.Outline(x, y, size, size, radius, max(1, size*0.12), s.phaseColor(q.Phase))
	} else {
		s.Outline(x, y, size, size, radius, 1, s.Theme.PipeLine)
	}
	if l.run.H2 {
		return // whose bytes have come is not on record
	}
	if total := l.run.Header().Requests[req-1].Size; total > 0 {
		part := clamp(float32(l.run.Index.Received(req, l.now))/float32(total), 0, 1)
		if h := part * size; h >= 1 {
			s.Rect(x, y+size-h, size, h, radius, s.Theme.Data)
		}
	}
}

// phaseColor is the colour of what a request on a connection is at.
func (s *Scene) phaseColor(p trace.RequestPhase) color.NRGBA {
	switch {
	case p >= trace.Receiving:
		return s.Theme.Data
	case p >= trace.Queued:
		return s.Theme.Wait
	default:
		return s.Theme.Request
	}
}

// pool lists the newest connections, or a dot for each if they are many.
func (s *Scene) pool(l *lane, x, y, u float32, rows int) {
	conns := l.state.Conns
	f := draw.Font{Size: 11.5 * u, Color: s.Theme.Text}
	switch {
	case len(conns) == 0:
		f.Color = s.Theme.Secondary
		s.Put("no connection").Write(x, y, f)
	case len(conns) <= rows:
		for i := range conns {
			at := y + float32(i)*17*u
			s.dot(x, at-9*u, 10*u, l.phase(i))
			s.connection(l, i).Write(x+18*u, at, f)
		}
	default:
		s.manyConns(l, x, y, u, rows)
	}
}

func (s *Scene) connection(l *lane, i int) *draw.Canvas {
	s.Put("connection ").Count(int64(l.state.Conns[i].ID)).Put(" — ")
	switch p, w := l.phase(i), &l.loads[i]; {
	case p == busy && w.requests == 1:
		s.Put("request ").Count(int64(w.oldest))
	case p == busy:
		s.Plural(w.requests, "request")
	case p == idle:
		s.Put("kept, idle")
	default:
		s.Put(p.String())
	}
	return &s.Canvas
}

// dot shows a phase by colour and by shape.
func (s *Scene) dot(x, y, size float32, p phase) {
	stroke := max(1.5, size*0.18)
	switch p {
	case opening:
		s.Outline(x, y, size, size, size/2, stroke, s.Theme.SetUp)
	case securing:
		s.Outline(x, y, size, size, size/2, stroke, s.Theme.TLS)
		s.Rect(x+size*0.35, y+size*0.35, size*0.3, size*0.3, size*0.15, s.Theme.TLS)
	case busy:
		s.Rect(x, y, size, size, size/2, s.Theme.Wait)
	case idle:
		s.Dashed(x, y, size, size, 1, stroke, s.Theme.Idle)
	case closing:
		s.Outline(x, y, size, size, size/2, stroke*0.7, s.Theme.Ack)
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
		if s.Begun() {
			s.Put(", ")
		}
		s.Count(int64(n)).Put(" ").Put(phase(p).String())
	}
	s.WriteWithin(x, y, 200*u, draw.Font{Size: 11.5 * u, Color: s.Theme.Text})
}

// progress is a bar that is full at 1.
func (s *Scene) progress(x, y, w, h, part float32, col color.NRGBA) {
	s.Rect(x, y, w, h, h/2, s.Theme.Pipe)
	if filled := clamp(part, 0, 1) * w; filled > 0 {
		s.Rect(x, y, max(filled, h), h, h/2, col)
	}
}
