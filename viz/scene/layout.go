package scene

import "math"

// box is a part of the surface.
type box struct{ x, y, w, h float32 }

// grid is where everything stands, for one size and number of lanes.
type grid struct {
	u       float32 // one unit: a logical pixel on a desktop, more on a projector
	pad     float32 // inside a lane
	narrow  bool    // a phone: the parts of a lane stack
	beyond  float32 // room for what is behind the first server, in units
	lanes   [Lanes]box
	gaps    [Lanes]float32 // the middle of the gap below each lane
	center  float32
	legend  bool
	legendY float32
	legendX float32
	legendW float32
}

// Heights in units.
const (
	laneHeight   = 225
	narrowHeight = 262
	gapHeight    = 40
	legendHeight = 26
	narrowLegend = 40 // two lines
	beyondWidth  = 214
	narrowBelow  = 820 // logical pixels
)

// smallest is the least that a unit is, in logical pixels.
const smallest = 0.6

// layout fits n lanes into v, with that much room beyond their servers.
func layout(v View, n int, beyond float32) grid {
	g := grid{narrow: v.W < narrowBelow, center: v.W / 2, beyond: beyond}
	n = max(n, 1)
	w, h := v.W-2*v.Margin, v.H-2*v.Margin-v.Bottom
	g.u, g.pad = 1, 14
	room := h / g.need(n)
	if g.narrow {
		g.u = clamp(min(room, w/380), smallest, 1.4) // small beats cut off
	} else {
		g.u, g.pad = clamp(min(room, w/(1080+beyond)), smallest, 3), 20
	}
	g.pad *= g.u
	tall, gap := g.laneHeight(), gapHeight*g.u
	need := float32(n)*tall + float32(n-1)*gap
	g.legend = h >= need+g.legendHeight()-1 // a fitted scale has it all but for rounding
	if g.legend {
		need += g.legendHeight()
	}
	y := v.Margin + max(0, (h-need)/2)
	for i := range n {
		g.lanes[i] = box{v.Margin, y, w, tall}
		y += tall + gap
		g.gaps[i] = y - gap/2
	}
	g.legendX, g.legendW = v.Margin+g.pad, w-2*g.pad
	g.legendY = y - gap + 18*g.u
	return g
}

// need is the height that n lanes, the gaps between them and the legend take.
func (g grid) need(n int) float32 {
	return float32(n)*g.laneHeight() + float32(n-1)*gapHeight*g.u + g.legendHeight()
}

func (g grid) legendHeight() float32 {
	if g.narrow {
		return narrowLegend * g.u
	}
	return legendHeight * g.u
}

func (g grid) laneHeight() float32 {
	if g.narrow {
		return narrowHeight * g.u
	}
	return laneHeight * g.u
}

// titleWidth is the room for a lane's title.
func (g grid) titleWidth(b box) float32 {
	if g.narrow {
		return b.w - 2*g.pad
	}
	return b.w - (340+g.beyond)*g.u
}

// serverX is where a lane's server begins; it is serverWidth units wide.
func (g grid) serverX(b box) float32 { return b.x + b.w - (serverWidth+20+g.beyond)*g.u }

const serverWidth = 296

// pipes is where the two pipes of a lane go: their ends, the middle of both together, and the gap between them.
func (g grid) pipes(b box) (x0, x1, middle, gap float32) {
	if g.narrow {
		return b.x + g.pad + 30*g.u, b.x + b.w - g.pad - 30*g.u, b.y + 154*g.u, 16 * g.u
	}
	return b.x + 272*g.u, g.serverX(b) - 62*g.u, b.y + 116*g.u, 18 * g.u
}

// Height is the height in logical pixels that suits n lanes of width w.
func Height(w float32, n int) float32 {
	g := grid{narrow: w < narrowBelow, u: clamp(w/1280, 0.85, 2)}
	if g.narrow {
		g.u = clamp(w/380, 0.85, 1.4)
	}
	return g.need(max(n, 1)) + 2
}

// Least is the smallest surface on which n lanes, without the legend, are not cut off: v with another size.
func (v View) Least(n int) View {
	g := grid{narrow: v.W < narrowBelow, u: smallest}
	v.H = float32(math.Ceil(float64(g.need(n) - g.legendHeight() + 2*v.Margin + v.Bottom)))
	if v.W = narrowBelow; g.narrow {
		v.W = float32(math.Ceil(float64(380*g.u + 2*v.Margin)))
	}
	return v
}

func clamp(v, low, high float32) float32 { return max(low, min(v, high)) }
