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
	many := l.run.Header().Clients > 1
	if g.narrow {
		s.clientNarrow(l, g, b)
		return
	}
	if many {
		s.Count(int64(l.run.Header().Clients)).Put(" clients").Write(x, b.y+68*u, small)
		words := draw.Font{Size: 10 * u, Color: s.Theme.Text}
		if w := s.clientsWords(l).Width(words); w > 194*u {
			words.Size *= max(194*u/w, 0.88)
		}
		s.WriteWithin(x, b.y+81*u, 194*u, words)
		s.clients(l, box{x, b.y + 87*u, 168 * u, 24 * u}, u)
		s.objectsBar(l, box{x, b.y + 118*u, 168 * u, 6 * u}, u)
	} else {
		s.Put("client").Write(x, b.y+68*u, small)
		s.objects(l, box{x, b.y + 80*u, 168 * u, 38 * u}, u)
	}
	s.ghostWords(l).Write(x+194*u, b.y+68*u, draw.Font{Size: 11 * u, Color: s.Theme.Accent, Bold: true, Align: draw.Right})
	end := x + s.done(l).Write(x, b.y+137*u, small)
	if l.over() {
		s.flagFrom(l, end+12*u, b.y+137*u, u)
	}
	s.Put("pool").Write(x, b.y+160*u, small)
	s.pool(l, box{x, b.y + 178*u, 0, 0}, u, 3)
}

// clientNarrow is the same in two lines.
func (s *Scene) clientNarrow(l *lane, g grid, b box) {
	x, u := b.x+g.pad, g.u
	small := draw.Font{Size: 11 * u, Color: s.Theme.Secondary, Align: draw.Right}
	row := box{x, b.y + 54*u, b.w - 2*g.pad - s.mostDone(l, small) - 10*u, 13 * u}
	if l.run.Header().Clients > 1 {
		s.clients(l, row, u)
	} else {
		s.objects(l, row, u)
	}
	s.done(l).Write(b.x+b.w-g.pad, b.y+63*u, small)
	s.pool(l, box{x, b.y + 84*u, b.w - 2*g.pad, 0}, u, 1)
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

// mostDone is how wide what done says becomes.
func (s *Scene) mostDone(l *lane, f draw.Font) float32 {
	n := int64(len(l.run.Header().Requests))
	s.Count(n).Put(" of ").Count(n).Put(" objects")
	if failed := l.run.Index.Final().Counters.Failed; failed > 0 {
		s.Put(", ").Count(int64(failed)).Put(" failed")
	}
	defer s.Drop()
	return s.Width(f)
}

// objects draws a cell for each object, or one bar if they are too many.
func (s *Scene) objects(l *lane, b box, u float32) {
	n := len(l.run.Header().Requests)
	pitch, columns := cells(n, b, 17*u, 4*u)
	if columns == 0 {
		s.objectsBar(l, box{b.x, b.y + 2*u, b.w, 9 * u}, u)
		return
	}
	size := pitch - max(1.5, pitch*4/17)
	for i := range n {
		x, y := b.x+float32(i%columns)*pitch, b.y+float32(i/columns)*pitch
		s.object(l, uint32(i+1), x, y, size)
	}
	if at, _, ok := s.ghost(l); ok && at > 0 {
		x, y := b.x+float32((at-1)%columns)*pitch, b.y+float32((at-1)/columns)*pitch
		s.ghostMark(box{x, y, size, size}, u)
	}
}

// objectsBar shows the part of the objects that have arrived.
func (s *Scene) objectsBar(l *lane, b box, u float32) {
	n := float32(max(len(l.run.Header().Requests), 1))
	s.progress(b.x, b.y, b.w, b.h, float32(l.state.Counters.Done)/n, s.Theme.Data)
	if at, _, ok := s.ghost(l); ok {
		s.ghostMark(box{b.x + float32(at)/n*(b.w-2*u), b.y, 2 * u, b.h}, u)
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

// object draws a cell.
func (s *Scene) object(l *lane, req uint32, x, y, size float32) {
	s.Of = l.ref(draw.Request, req)
	s.cell(l, req, x, y, size)
	s.mark(s.stands(s.Of, req, s.belongs(l, req)), box{x, y, size, size}, size/14)
	s.Of = draw.Ref{}
}

func (s *Scene) cell(l *lane, req uint32, x, y, size float32) {
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
		s.underway(q.Phase, box{x, y, size, size})
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

// underway is the frame of an object whose request is on a connection: with a bar at its left while it goes out, with a
// dot while the server has it.
func (s *Scene) underway(p trace.RequestPhase, b box) {
	radius, stroke := b.w*0.2, max(1, b.w*0.12)
	switch {
	case p >= trace.Receiving:
		s.Outline(b.x, b.y, b.w, b.h, radius, stroke, s.Theme.Data)
	case p >= trace.Queued:
		s.Outline(b.x, b.y, b.w, b.h, radius, stroke, s.Theme.Wait)
		s.Rect(b.x+b.w*0.36, b.y+b.h*0.36, b.w*0.28, b.h*0.28, b.w*0.14, s.Theme.Wait)
	default:
		s.Outline(b.x, b.y, b.w, b.h, radius, stroke, s.Theme.Request)
		s.Rect(b.x, b.y, b.w*0.3, b.h, 0, s.Theme.Request)
	}
}

// progress is a bar that is full at 1.
func (s *Scene) progress(x, y, w, h, part float32, col color.NRGBA) {
	s.Rect(x, y, w, h, h/2, s.Theme.Pipe)
	if filled := clamp(part, 0, 1) * w; filled > 0 {
		s.Rect(x, y, max(filled, h), h, h/2, col)
	}
}
