package scene

import (
	"image/color"

	"keepalive/viz/draw"
)

// sign is a shape of the legend and its name.
type sign struct {
	name  string
	width float32 // of the shape, in units
	shape func(s *Scene, b box, u float32)
	tls   bool // only where there is TLS
	wide  bool // not on a phone
}

var signs = [...]sign{
	{"opens", 34, func(s *Scene, b box, u float32) {
		s.arrow(b, false, false, u)
		s.stamp("SYN", box{b.x - 3*u, b.y, b.w, b.h}, u, s.Theme.OnBright)
	}, false, false},
	{"request", 26, func(s *Scene, b box, u float32) {
		s.Rect(b.x, b.y, b.w, b.h, 3*u, s.Theme.Request)
		s.stamp("GET", b, u, s.Theme.On(s.Theme.Request))
	}, false, false},
	{"data", 14, func(s *Scene, b box, u float32) { s.Rect(b.x, b.y, b.w, b.h, 3*u, s.Theme.Data) }, false, false},
	{"ack", 3, func(s *Scene, b box, u float32) { s.Rect(b.x, b.y+b.h*0.2, max(2, 2*u), b.h*0.6, 0, s.Theme.Ack) }, false, false},
	{"TLS", 14, func(s *Scene, b box, u float32) { s.sealed(b, u, false) }, true, false},
	{"closes", 26, func(s *Scene, b box, u float32) {
		s.Outline(b.x, b.y, b.w, b.h, 3*u, max(1.5, 1.6*u), s.Theme.Text)
		s.stamp("FIN", b, u, s.Theme.Text)
	}, false, false},
	{"reset", 11, func(s *Scene, b box, _ float32) {
		s.Add(draw.Item{Kind: draw.Cross, X: b.x, Y: b.y + b.h/2 - b.w/2, W: b.w, H: b.w, Color: s.Theme.Error})
	}, false, false},
	{"sent again", 16, func(s *Scene, b box, u float32) {
		s.Rect(b.x+2.5*u, b.y+2.5*u, b.w-5*u, b.h-5*u, 2*u, s.Theme.Data)
		s.Outline(b.x, b.y, b.w, b.h, 3*u, max(1.5, 1.5*u), s.Theme.Error)
	}, false, true},
	{"dropped", 14, func(s *Scene, b box, u float32) { s.fallen(b, u, s.Theme.Error) }, false, true},
	{"kept, idle", 24, func(s *Scene, b box, u float32) {
		s.Dashed(b.x, b.y+2*u, b.w, b.h-4*u, 1, max(1.5, 1.6*u), s.Theme.Idle)
	}, false, true},
}

// stamp writes letters on a shape of the legend.
func (s *Scene) stamp(word string, b box, u float32, ink color.NRGBA) {
	s.Put(word).Write(b.x+b.w/2, b.y+b.h/2+3.2*u, draw.Font{Size: 9 * u, Bold: true, Align: draw.Center, Color: ink})
}

// legend shows the shapes with their names, and says how long packets are.
func (s *Scene) legend(g grid) {
	f := draw.Font{Size: 10.5 * g.u, Color: s.Theme.Secondary}
	tls, h2 := false, false
	for i := range s.lanes {
		tls, h2 = tls || s.lanes[i].run.TLS, h2 || s.lanes[i].run.H2
	}
	x, y, gap := g.legendX, g.legendY, 13*g.u
	if g.narrow {
		gap = 7 * g.u
	}
	for i := range signs {
		k := &signs[i]
		if k.tls && !tls || g.narrow && k.wide {
			continue
		}
		w := (k.width+4)*g.u + s.Put(k.name).Width(f)
		if s.Drop(); x+w > g.legendX+g.legendW {
			break
		}
		k.shape(s, box{x, y - 10.5*g.u, k.width * g.u, 14 * g.u}, g.u)
		s.Put(k.name).Write(x+(k.width+4)*g.u, y, f)
		x += w + gap
	}
	left := g.legendX + g.legendW - x
	if g.narrow {
		x, y, left = g.legendX, y+15*g.u, g.legendW
	}
	s.Put("Length is time on the wire, at least 2 px.")
	if h2 {
		s.Put(" With HTTP/2 a number is a response's.")
	}
	s.WriteWithin(x, y, left, f)
}
