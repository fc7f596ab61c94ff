package paint

import "math"

// slant paints a parallelogram with upright sides at whole columns: each pixel as much as it is covered.
func (p *Painter) slant(x0, x1, y0, y1, thick float32) {
	slope := (y1 - y0) / (x1 - x0)
	for x := max(int(x0), p.img.Rect.Min.X); x < min(int(x1), p.img.Rect.Max.X); x++ {
		a := y0 + (float32(x)-x0)*slope
		upper, lower := edge{min(a, a+slope), max(a, a+slope)}, edge{min(a, a+slope) + thick, max(a, a+slope) + thick}
		from := max(int(math.Floor(float64(upper.low))), p.img.Rect.Min.Y)
		to := min(int(math.Ceil(float64(lower.high))), p.img.Rect.Max.Y)
		for y := from; y < to; y++ {
			if part := upper.below(y) - lower.below(y); part > 0 {
				at := p.img.PixOffset(x, y)
				p.blend(p.img.Pix[at:at+4:at+4], uint32(part*255+0.5))
			}
		}
	}
}

// edge is a straight line across a column of pixels, from one of these heights to the other.
type edge struct{ low, high float32 }

// below is the part of a pixel of the column that lies below the edge.
func (e edge) below(y int) float32 { return e.room(float32(y+1)) - e.room(float32(y)) }

// room is the area between the edge and y below it.
func (e edge) room(y float32) float32 {
	switch {
	case y <= e.low:
		return 0
	case y >= e.high:
		return y - (e.low+e.high)/2
	default:
		return (y - e.low) * (y - e.low) / (2 * (e.high - e.low))
	}
}
