package figure

import "math"

// Box is a rectangle of a drawing, with Y downwards, in the drawing's own unit.
type Box struct{ X, Y, W, H float64 }

// over is the area that two boxes share.
func (b Box) over(o Box) float64 {
	w := min(b.X+b.W, o.X+o.W) - max(b.X, o.X)
	h := min(b.Y+b.H, o.Y+o.H) - max(b.Y, o.Y)
	return max(w, 0) * max(h, 0)
}

func (b Box) holds(p Point) bool {
	return p.X >= b.X && p.X <= b.X+b.W && p.Y >= b.Y && p.Y <= b.Y+b.H
}

// Near is the point of the box that is nearest to p.
func (b Box) Near(p Point) Point {
	return Point{min(max(p.X, b.X), b.X+b.W), min(max(p.Y, b.Y), b.Y+b.H)}
}

// Beside finds a place within area for a text of w by h that belongs to at: near, over few dots, and over nothing that is taken.
func Beside(area Box, at Point, w, h float64, dots []Point, taken []Box) Box {
	best, least := Box{}, math.Inf(1)
	for _, far := range []float64{10, 24, 44, 70, 110, 160} {
		for turn := range 16 {
			angle := float64(turn) * math.Pi / 8
			dx, dy := math.Cos(angle), math.Sin(angle)
			b := Box{at.X + dx*far + (dx-1)/2*w, at.Y + dy*far + (dy-1)/2*h, w, h}
			b.X = min(max(b.X, area.X), area.X+area.W-w)
			b.Y = min(max(b.Y, area.Y), area.Y+area.H-h)
			cost := far / 30
			for _, d := range dots {
				if b.holds(d) {
					cost++
				}
			}
			for _, o := range taken {
				if b.over(o) > 0 {
					cost += 100
				}
			}
			if (Box{b.X - 6, b.Y - 6, w + 12, h + 12}).holds(at) {
				cost += 50
			}
			if cost < least-1e-9 {
				best, least = b, cost
			}
		}
	}
	return best
}
