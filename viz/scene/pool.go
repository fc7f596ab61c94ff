package scene

import "keepalive/viz/draw"

// pool lists the newest connections, or counts them by phase if they are more than rows. b.w: there are no hollow pipes
// elsewhere, so that they are drawn here, up to b.w; 0: there are.
func (s *Scene) pool(l *lane, b box, u float32, rows int) {
	conns := l.state.Conns
	f := draw.Font{Size: 11.5 * u, Color: s.Theme.Text}
	switch {
	case len(conns) == 0:
		f.Color = s.Theme.Secondary
		s.Put("no connection").Write(b.x, b.y, f)
	case len(conns) <= rows:
		for i := range conns {
			at := b.y + float32(i)*16*u
			s.Of = l.ref(draw.Connection, conns[i].ID)
			s.dot(b.x, at-9*u, 10*u, l.phase(i))
			end := b.x + 18*u + s.connection(l, i).Write(b.x+18*u, at, f)
			s.mark(s.stands(s.Of, 0, conns[i].ID), box{b.x, at - 9*u, end - b.x, 10 * u}, u)
			if b.w > 0 && l.phase(i) == idle {
				s.hollowBeside(l, box{end + 8*u, at - 9*u, b.x + b.w - end - 8*u, 10 * u}, u)
			}
			s.Of = draw.Ref{}
		}
	default:
		s.manyConns(l, b, u, rows)
	}
}

// hollowBeside draws in b the only connection's hollow pipe, or the one that closes next.
func (s *Scene) hollowBeside(l *lane, b box, u float32) {
	var soonest [idleRows]hollow
	if l.soonest(&soonest) == 0 || b.w < 90*u {
		return
	}
	w := s.countdown(soonest[0].left).Write(b.x+b.w, b.y+9*u, draw.Font{Size: 11 * u, Color: s.Theme.Text, Align: draw.Right})
	if b.w -= w + 8*u; b.w > 30*u {
		s.hollowPipe(soonest[0], b, u)
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

// mostDots is how many connections get a dot each.
const mostDots = 12

// manyConns draws a dot for each connection, or a bar of their shares, and counts them by phase.
func (s *Scene) manyConns(l *lane, b box, u float32, rows int) {
	var by [phases]int
	n := len(l.state.Conns)
	for i := range n {
		by[l.phase(i)]++
	}
	y := b.y
	if rows > 1 {
		if n <= mostDots {
			s.dots(l, b, u)
		} else {
			s.shares(&by, n, box{b.x, y - 9*u, 168 * u, 10 * u}, u)
		}
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
	f := draw.Font{Size: 11.5 * u, Color: s.Theme.Text}
	if b.w == 0 {
		s.WriteWithin(b.x, y, 196*u, f)
		return
	}
	end := b.x + s.WriteWithin(b.x, y, b.w, f) + 8*u
	s.hollowBeside(l, box{end, y - 9*u, b.x + b.w - end, 10 * u}, u)
}

func (s *Scene) dots(l *lane, b box, u float32) {
	for i := range l.state.Conns {
		x, size := b.x+float32(i)*14*u, 10*u
		s.Of = l.ref(draw.Connection, l.state.Conns[i].ID)
		s.dot(x, b.y-9*u, size, l.phase(i))
		s.mark(s.stands(s.Of, 0, l.state.Conns[i].ID), box{x, b.y - 9*u, size, size}, u)
	}
	s.Of = draw.Ref{}
}

// shares draws connections as a bar, each phase in its own way and as long as its share of them.
func (s *Scene) shares(by *[phases]int, n int, b box, u float32) {
	x := b.x
	for p, k := range by {
		if k == 0 {
			continue
		}
		w := max(float32(k)/float32(n)*b.w, 3*u)
		w = min(w, b.x+b.w-x)
		s.stretch(box{x, b.y, w - u, b.h}, phase(p))
		x += w
	}
}

// stretch is a dot made as long as b.
func (s *Scene) stretch(b box, p phase) {
	stroke := max(1.5, b.h*0.18)
	switch p {
	case opening:
		s.Outline(b.x, b.y, b.w, b.h, b.h/2, stroke, s.Theme.SetUp)
	case securing:
		s.Outline(b.x, b.y, b.w, b.h, b.h/2, stroke, s.Theme.TLS)
		s.Rect(b.x+b.h*0.35, b.y+b.h*0.35, b.w-b.h*0.7, b.h*0.3, 0, s.Theme.TLS)
	case busy:
		s.Rect(b.x, b.y, b.w, b.h, b.h/2, s.Theme.Wait)
	case idle:
		s.Dashed(b.x, b.y, b.w, b.h, 1, stroke, s.Theme.Idle)
	case closing:
		s.Outline(b.x, b.y, b.w, b.h, b.h/2, stroke*0.7, s.Theme.Ack)
	}
}
