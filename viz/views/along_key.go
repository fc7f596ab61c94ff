package views

import (
	"image/color"
	"math"

	"keepalive/viz/draw"
)

// look is how a stretch of time or a mark is drawn, so that no two meanings differ by their colour alone.
type look uint8

const (
	thick   look = iota // work
	thin                // setting up
	dashed              // nothing happens
	dotted              // somebody else works: a name is looked up
	tail                // sparse dots: what is over, but not forgotten
	closing             // a thin outline
	line                // a quantity
	level               // a quantity to compare with, in dashes
	area                // a line with the area below it
	striped             // an area of stripes
	ruled               // an area of level lines
	cross               // a mark: something is lost
	tri                 // a mark
	ring                // a mark
	bit                 // a segment
)

// entry explains one look.
type entry struct {
	name  string
	as    look
	color color.NRGBA
}

// titles say what the views plot.
var titles = [...]string{Requests: "Requests", Connections: "Connections", Window: "Congestion window", Sequence: "Bytes sent", Server: "Server"}

// key writes the title and the legend from a place on, in as many lines as it takes, and returns where it ends. A low frame
// has none.
func (v *Views) key(x0, y, x1 float32) float32 {
	l := &v.time
	u := l.f.Unit
	if l.f.H < 240*u || len(l.lanes) == 0 {
		return y
	}
	l.legend = v.entries(l.legend[:0])
	base := y + 11*u
	bold := draw.Font{Size: 12 * u, Color: v.Theme.Text, Bold: true}
	x := x0 + v.Put(titles[l.f.Kind]).WriteWithin(x0, base, x1-x0, bold) + 16*u
	small := draw.Font{Size: 10.5 * u, Color: v.Theme.Secondary}
	for _, e := range l.legend {
		w := v.Put(e.name).Width(small) + 24*u
		if x+w > x1 && x > x0 {
			x, base = x0, base+16*u
		}
		if x+w > x1 {
			v.Drop()
			continue
		}
		v.sample(x, base-4*u, e)
		v.Write(x+24*u, base, small)
		x += w + 14*u
	}
	return base + 5*u
}

// sample draws what an entry explains.
func (v *Views) sample(x, y float32, e entry) {
	u := v.time.f.Unit
	w := 18 * u
	switch e.as {
	case area:
		v.Rect(x, y-4*u, w, 8*u, 0, draw.Faded(e.color, 0.35))
		v.Rect(x, y-5*u, w, 2*u, 0, e.color)
	case striped:
		v.Rect(x, y-4*u, w, 8*u, 0, draw.Faded(e.color, 0.25))
		for k := float32(0); k < w; k += 8 * u {
			v.Rect(x+k, y-4*u, 2*u, 8*u, 0, e.color)
		}
	case ruled:
		for k := float32(-4); k < 4; k += 4 {
			v.Rect(x, y+k*u, w, 2*u, 0, e.color)
		}
	case cross, tri, ring, bit:
		v.mark(x+w/2, y, e.as, e.color)
	default:
		v.stretch(bar{x, x + w, y, 9 * u}, e.as, e.color)
	}
}

// mark draws a single event.
func (v *Views) mark(x, y float32, as look, c color.NRGBA) {
	u := v.time.f.Unit
	switch as {
	case cross:
		v.Add(draw.Item{Kind: draw.Cross, X: x - 4.5*u, Y: y - 4.5*u, W: 9 * u, H: 9 * u, Color: c})
	case tri:
		v.Add(draw.Item{Kind: draw.Tri, X: x - 3*u, Y: y - 4.5*u, W: 8 * u, H: 9 * u, Color: c})
	case ring:
		v.Outline(x-4*u, y-4*u, 8*u, 8*u, 4*u, 2*u, c)
	default:
		v.Rect(x-u, y-4*u, 2*u, 8*u, 0, c)
	}
}

// bar is a stretch of time: its ends, its middle, and how high work is drawn.
type bar struct{ x0, x1, y, h float32 }

// stretch draws a bar in its look, at least 2 pixels long.
func (v *Views) stretch(b bar, as look, c color.NRGBA) {
	u := v.time.f.Unit
	b.x1 = max(b.x1, b.x0+2*u)
	b.h = whole(b.h)
	small := max(2*u, whole(b.h*0.4))
	switch as {
	case thick:
		v.Rect(b.x0, whole(b.y-b.h/2), b.x1-b.x0, b.h, min(1.5*u, b.h/4), c)
	case thin:
		v.Rect(b.x0, whole(b.y-small/2), b.x1-b.x0, small, 0, c)
	case closing:
		if b.h < 7*u {
			v.Rect(b.x0, whole(b.y-u), b.x1-b.x0, 2*u, 0, c)
			return
		}
		v.Outline(b.x0, whole(b.y-b.h*0.3), b.x1-b.x0, whole(b.h*0.6), u, 1.5*u, c)
	case dashed, level:
		v.pieces(b, 6*u, 4*u, 2*u, c)
	case tail:
		v.pieces(b, 2*u, 7*u, 2*u, c)
	case dotted:
		small = min(small, 3*u)
		v.pieces(b, small, small, small, c)
	default:
		v.Rect(b.x0, b.y-u, b.x1-b.x0, 2*u, 0, c)
	}
}

// whole is the nearest whole pixel, so that bars of one kind look alike whatever row they are in.
func whole(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }

// pieces draws a line of pieces, which lie where they would lie if the line began at 0: so they hold still.
func (v *Views) pieces(b bar, long, gap, high float32, c color.NRGBA) {
	step, y := long+gap, whole(b.y-high/2)
	for x := float32(int(b.x0/step)) * step; x < b.x1; x += step {
		if from, to := max(x, b.x0), min(x+long, b.x1); to > from {
			v.Rect(from, y, to-from, high, 0, c)
		}
	}
}
