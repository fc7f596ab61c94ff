package paint

import (
	"image"
	"image/color"
	"keepalive/viz/draw"
	"math"

	"golang.org/x/image/vector"
)

// Painter paints items. It keeps the letters that it has painted, and is not for several goroutines at once. What it
// paints depends on the arguments of Paint alone.
type Painter struct {
	img     *image.RGBA
	scale   float32
	ink     color.NRGBA
	raster  vector.Rasterizer
	mask    image.Alpha // of the shape that is being painted
	corners [][2]float32
	letters letters
}

// New makes a painter.
func New() *Painter { return &Painter{letters: newLetters()} }

// Paint fills img with ground, which is opaque, and paints items onto it, scale pixels to a logical one; text returns
// the words of an item. What lies outside img is left out.
func (p *Painter) Paint(img *image.RGBA, scale float32, ground color.NRGBA, items []draw.Item, text func(*draw.Item) []byte) {
	p.img, p.scale, p.ink = img, scale, ground
	p.fill(float32(img.Rect.Min.X), img.Rect.Min.Y, float32(img.Rect.Max.X), img.Rect.Max.Y)
	for i := range items {
		p.ink = items[i].Color
		if items[i].Kind == draw.Words {
			p.words(&items[i], text(&items[i]))
		} else {
			p.shape(&items[i])
		}
	}
}

func (p *Painter) shape(i *draw.Item) {
	if i.Kind == draw.Slant {
		p.slant(i.PlaceSlant(p.scale))
		return
	}
	x0, y0, x1, y1 := i.Place(p.scale)
	b := box{x0, int(y0), x1, int(y1)}
	switch stroke := i.Thickness(p.scale); {
	case i.Kind == draw.Arrow:
		p.arrow(b, i.Flip)
	case i.Kind == draw.Cross:
		p.cross(b)
	case i.Kind == draw.Tri:
		p.arrowOf(b, b.w(), i.Flip)
	case i.Dashed:
		p.dashes(b, stroke)
	default:
		p.round(b, i.Corner(p.scale, b.w(), b.h()), stroke)
	}
}

// box is a place on the image. It begins and ends with a row of pixels, but may begin and end within a column.
type box struct {
	x0 float32
	y0 int
	x1 float32
	y1 int
}

func (b box) w() float32 { return b.x1 - b.x0 }
func (b box) h() float32 { return float32(b.y1 - b.y0) }

// round paints a rectangle with round corners, or its outline if stroke is not 0. Only the rows that have corners are
// made as a mask: the rest is filled.
func (p *Painter) round(b box, radius, stroke float32) {
	edge := int(math.Ceil(float64(max(radius, stroke))))
	if edge == 0 {
		p.fill(b.x0, b.y0, b.x1, b.y1)
		return
	}
	ends := box{b.x0, 0, b.x1, min(2*edge, b.y1-b.y0)}
	x := p.open(ends)
	p.ring(ends.w(), ends.h(), x, radius, 0, false)
	if inner := min(ends.w(), ends.h()) - 2*stroke; stroke > 0 && inner > 0 {
		p.ring(ends.w(), ends.h(), x, max(radius-stroke, 0), stroke, true)
	}
	m := p.covered()
	if ends.y1 == b.y1-b.y0 {
		p.cover(b.left(), b.y0, m)
		return
	}
	p.cover(b.left(), b.y0, rows(m, 0, edge))
	p.cover(b.left(), b.y1-edge, rows(m, edge, 2*edge))
	if stroke == 0 {
		p.fill(b.x0, b.y0+edge, b.x1, b.y1-edge)
		return
	}
	p.fill(b.x0, b.y0+edge, b.x0+stroke, b.y1-edge)
	p.fill(b.x1-stroke, b.y0+edge, b.x1, b.y1-edge)
}

// rows is a part of a mask, from one row to before another.
func rows(m *image.Alpha, from, to int) *image.Alpha {
	return &image.Alpha{Pix: m.Pix[from*m.Stride:], Stride: m.Stride, Rect: image.Rect(0, 0, m.Rect.Dx(), to-from)}
}

// dashes paints the outline of a rectangle as dashes that meet at the corners.
func (p *Painter) dashes(b box, stroke float32) {
	thick := int(stroke)
	draw.Dashes(b.x0, b.x1, stroke, func(from, to float32) {
		p.fill(from, b.y0, to, b.y0+thick)
		p.fill(from, b.y1-thick, to, b.y1)
	})
	draw.Dashes(float32(b.y0), float32(b.y1), stroke, func(from, to float32) {
		p.fill(b.x0, int(from), b.x0+stroke, int(to))
		p.fill(b.x1-stroke, int(from), b.x1, int(to))
	})
}

func (p *Painter) arrow(b box, flip bool) {
	tip := draw.Tip(b.w(), b.h())
	if tip < 1 {
		p.fill(b.x0, b.y0, b.x1, b.y1)
		return
	}
	p.arrowOf(b, tip, flip)
}

// arrowOf paints a rectangle of which the last tip pixels are a point: all of it makes a triangle.
func (p *Painter) arrowOf(b box, tip float32, flip bool) {
	x, w, h := p.open(b), b.w(), b.h()
	if flip {
		p.outline(x, [2]float32{w, 0}, [2]float32{tip, 0}, [2]float32{0, h / 2}, [2]float32{tip, h}, [2]float32{w, h})
	} else {
		p.outline(x, [2]float32{0, 0}, [2]float32{w - tip, 0}, [2]float32{w, h / 2}, [2]float32{w - tip, h}, [2]float32{0, h})
	}
	p.cover(b.left(), b.y0, p.covered())
}

// cross paints the two diagonals.
func (p *Painter) cross(b box) {
	x, w, h := p.open(b), b.w(), b.h()
	t := min(draw.CrossHalf(w, h), w)
	u := t * h / w
	p.outline(x, [2]float32{0, 0}, [2]float32{t, 0}, [2]float32{w, h - u}, [2]float32{w, h}, [2]float32{w - t, h}, [2]float32{0, u})
	p.outline(x, [2]float32{w - t, 0}, [2]float32{w, 0}, [2]float32{w, u}, [2]float32{t, h}, [2]float32{0, h}, [2]float32{0, h - u})
	p.cover(b.left(), b.y0, p.covered())
}
