package paint

import (
	"image"
	"image/draw"
	"math"
	"slices"
)

// left is the first column of pixels that b touches.
func (b box) left() int { return int(math.Floor(float64(b.x0))) }

// open begins a mask that holds b, and returns where b begins within its first column.
func (p *Painter) open(b box) float32 {
	w, h := int(math.Ceil(float64(b.x1)))-b.left(), b.y1-b.y0
	p.raster.Reset(w, h)
	p.raster.DrawOp = draw.Src
	if cap(p.mask.Pix) < w*h {
		p.mask.Pix = make([]uint8, w*h)
	}
	p.mask = image.Alpha{Pix: p.mask.Pix[:w*h], Stride: w, Rect: image.Rect(0, 0, w, h)}
	return b.x0 - float32(b.left())
}

// covered ends the mask.
func (p *Painter) covered() *image.Alpha {
	p.raster.Draw(&p.mask, p.mask.Rect, image.Opaque, image.Point{})
	return &p.mask
}

// outline adds a polygon to the mask, moved by dx to the right.
func (p *Painter) outline(dx float32, points ...[2]float32) {
	p.raster.MoveTo(points[0][0]+dx, points[0][1])
	for _, at := range points[1:] {
		p.raster.LineTo(at[0]+dx, at[1])
	}
	p.raster.ClosePath()
}

// ring adds a w by h rectangle, less inset on each side, moved by dx to the right, with round corners. A hole runs the
// other way round.
func (p *Painter) ring(w, h, dx, radius, inset float32, hole bool) {
	x0, y0, x1, y1 := inset+radius, inset+radius, w-inset-radius, h-inset-radius
	at := append(p.corners[:0], [2]float32{x1, inset})
	n := int(math.Ceil(4 * math.Sqrt(float64(radius)))) // chords that are at most a fiftieth of a pixel off
	for k, center := range [4][2]float32{{x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}} {
		for i := 0; i <= n; i++ {
			sin, cos := math.Sincos((float64(k) - 1 + float64(i)/float64(max(n, 1))) * math.Pi / 2)
			at = append(at, [2]float32{center[0] + radius*float32(cos), center[1] + radius*float32(sin)})
		}
	}
	p.corners = at
	if hole {
		slices.Reverse(at)
	}
	p.outline(dx, at...)
}

// cover paints the ink through a mask of which the left top is at (x, y).
func (p *Painter) cover(x, y int, m *image.Alpha) {
	at := m.Rect.Add(image.Pt(x, y)).Intersect(p.img.Rect)
	for row := at.Min.Y; row < at.Max.Y; row++ {
		from := (row-y)*m.Stride + at.Min.X - x
		pix := p.img.Pix[p.img.PixOffset(at.Min.X, row):]
		for k, a := range m.Pix[from : from+at.Dx()] {
			if a != 0 {
				p.blend(pix[4*k:4*k+4:4*k+4], uint32(a))
			}
		}
	}
}

// fill paints a rectangle. Columns that it covers in part are painted in part.
func (p *Painter) fill(x0 float32, y0 int, x1 float32, y1 int) {
	x0, x1 = max(x0, float32(p.img.Rect.Min.X)), min(x1, float32(p.img.Rect.Max.X))
	y0, y1 = max(y0, p.img.Rect.Min.Y), min(y1, p.img.Rect.Max.Y)
	if x0 >= x1 || y0 >= y1 {
		return
	}
	first, last := int(math.Floor(float64(x0))), int(math.Ceil(float64(x1)))-1
	if first == last {
		p.column(first, y0, y1, x1-x0)
		return
	}
	p.column(first, y0, y1, float32(first+1)-x0)
	p.column(last, y0, y1, x1-float32(last))
	p.solid(first+1, y0, last, y1)
}

// column paints a part, from 0 to 1, of each pixel of a column.
func (p *Painter) column(x, y0, y1 int, part float32) {
	a := uint32(part*255 + 0.5)
	for y := y0; y < y1; y++ {
		at := p.img.PixOffset(x, y)
		p.blend(p.img.Pix[at:at+4:at+4], a)
	}
}

// solid paints whole pixels. Rows of opaque ink are copies of the first.
func (p *Painter) solid(x0, y0, x1, y1 int) {
	if x0 >= x1 {
		return
	}
	var first []uint8
	for y := y0; y < y1; y++ {
		row := p.img.Pix[p.img.PixOffset(x0, y):p.img.PixOffset(x1, y)]
		if first != nil {
			copy(row, first)
			continue
		}
		for k := 0; k < len(row); k += 4 {
			p.blend(row[k:k+4:k+4], 255)
		}
		if p.ink.A == 255 {
			first = row
		}
	}
}

// blend lays ink over a pixel that is opaque, as much of it as a says, from 0 to 255.
func (p *Painter) blend(pix []uint8, a uint32) {
	a *= uint32(p.ink.A)
	if a == 255*255 {
		pix[0], pix[1], pix[2], pix[3] = p.ink.R, p.ink.G, p.ink.B, 255
		return
	}
	rest := 255*255 - a
	pix[0] = uint8((uint32(pix[0])*rest + uint32(p.ink.R)*a + 255*255/2) / (255 * 255))
	pix[1] = uint8((uint32(pix[1])*rest + uint32(p.ink.G)*a + 255*255/2) / (255 * 255))
	pix[2] = uint8((uint32(pix[2])*rest + uint32(p.ink.B)*a + 255*255/2) / (255 * 255))
	pix[3] = 255
}
