package stage

import (
	"image/color"
	"keepalive/viz/draw"
	"math"
	"unicode/utf8"

	"github.com/hajimehoshi/ebiten/v2"
)

// painter turns items into triangles on one atlas and draws them in one call.
type painter struct {
	atlas *atlas
	scale float32 // device pixels per logical pixel
	vs    []ebiten.Vertex
	is    []uint32
	tint  [4]float32
}

// paint draws items onto screen; text returns the words of an item.
func (p *painter) paint(screen *ebiten.Image, scale float32, items []draw.Item, text func(*draw.Item) []byte) {
	if p.atlas == nil {
		p.atlas = newAtlas()
	}
	p.scale = scale
	for range 2 { // the second time after the atlas was full
		p.vs, p.is = p.vs[:0], p.is[:0]
		for i := range items {
			p.item(&items[i], text)
		}
		if !p.atlas.full {
			break
		}
		p.atlas.reset(2048)
	}
	opt := &ebiten.DrawTrianglesOptions{Filter: ebiten.FilterLinear, DisableMipmaps: true}
	screen.DrawTriangles32(p.vs, p.is, p.atlas.image, opt)
}

func (p *painter) item(i *draw.Item, text func(*draw.Item) []byte) {
	p.setTint(i.Color)
	if i.Kind == draw.Words {
		p.words(i, text(i))
		return
	}
	if i.Kind == draw.Slant {
		p.slant(i.PlaceSlant(p.scale))
		return
	}
	x0, y0, x1, y1 := i.Place(p.scale)
	switch i.Kind {
	case draw.Rect:
		p.rect(i, x0, y0, x1, y1)
	case draw.Arrow:
		p.arrow(i, x0, y0, x1, y1)
	case draw.Cross:
		p.mask(shape{kind: cross, w: eighths(round(x1 - x0)), h: eighths(y1 - y0)}, x0, y0, x1, y1, false)
	case draw.Tri:
		p.mask(shape{kind: point, w: eighths(round(x1 - x0)), h: eighths(y1 - y0)}, x0, y0, x1, y1, i.Flip)
	}
}

func (p *painter) setTint(c color.NRGBA) {
	p.tint = [4]float32{float32(c.R) / 255, float32(c.G) / 255, float32(c.B) / 255, float32(c.A) / 255}
}

func (p *painter) rect(i *draw.Item, x0, y0, x1, y1 float32) {
	stroke := i.Thickness(p.scale)
	if i.Dashed {
		p.dashes(x0, y0, x1, y1, stroke)
		return
	}
	switch {
	case i.Smooth && i.Stroke == 0 && i.W <= thin:
		p.sliver(x0, y0, x1, y1)
		return
	case !i.Smooth && i.Stroke == 0 && i.Radius == 0:
		p.solid(x0, y0, x1, y1)
		return
	}
	p.round(x0, y0, x1, y1, i.Corner(p.scale, x1-x0, y1-y0), stroke)
}

// thin is how wide a packet may be, in logical pixels, for its corners not to be seen. A long path is full of such.
const thin = 2.5

// sliver draws a rectangle that moves sideways: its left and right edges are soft, the others lie on whole pixels.
func (p *painter) sliver(x0, y0, x1, y1 float32) {
	m := p.atlas.shape(shape{kind: roundRect})
	xs := slices(x0, x1, m.edge)
	p.quad(xs[0], y0, xs[1], y1, m.x, m.y+m.h/2, m.x+m.edge, m.y+m.h/2)
	p.quad(xs[2], y0, xs[3], y1, m.x+m.w-m.edge, m.y+m.h/2, m.x+m.w, m.y+m.h/2)
	if xs[2] > xs[1] {
		p.quad(xs[1], y0, xs[2], y1, m.x+m.edge, m.y+m.h/2, m.x+m.w-m.edge, m.y+m.h/2)
	}
}

// solid draws a rectangle that lies on whole pixels: its edges are hard.
func (p *painter) solid(x0, y0, x1, y1 float32) {
	m := p.atlas.shape(shape{kind: roundRect})
	x, y := m.x+m.w/2, m.y+m.h/2
	p.quad(x0, y0, x1, y1, x, y, x, y)
}

// round draws a rectangle with round corners as nine slices of a mask.
func (p *painter) round(x0, y0, x1, y1, radius, stroke float32) {
	m := p.atlas.shape(shape{kind: roundRect, radius: int(radius*2) * 4, stroke: int(stroke*2) * 4})
	edge := m.edge // what is not stretched, border included
	xs := slices(x0, x1, edge)
	ys := slices(y0, y1, edge)
	us := [4]float32{m.x, m.x + edge, m.x + m.w - edge, m.x + m.w}
	vs := [4]float32{m.y, m.y + edge, m.y + m.h - edge, m.y + m.h}
	for r := range 3 {
		for c := range 3 {
			if r == 1 && c == 1 && stroke > 0 {
				continue // an outline is empty inside
			}
			if xs[c+1] > xs[c] && ys[r+1] > ys[r] {
				p.quad(xs[c], ys[r], xs[c+1], ys[r+1], us[c], vs[r], us[c+1], vs[r+1])
			}
		}
	}
}

// slices cuts a side into its two ends and what lies between. The ends share a side that is too short for both.
func slices(a, b, edge float32) [4]float32 {
	inner := min(edge-border, (b-a)/2)
	return [4]float32{a - border, a + inner, b - inner, b + border}
}

// dashes draws the outline of a rectangle as dashes that meet at the corners.
func (p *painter) dashes(x0, y0, x1, y1, stroke float32) {
	draw.Dashes(x0, x1, stroke, func(a, b float32) {
		p.round(a, y0, b, y0+stroke, 0, 0)
		p.round(a, y1-stroke, b, y1, 0, 0)
	})
	draw.Dashes(y0, y1, stroke, func(a, b float32) {
		p.round(x0, a, x0+stroke, b, 0, 0)
		p.round(x1-stroke, a, x1, b, 0, 0)
	})
}

// arrow draws a body with a point as deep as half its height.
func (p *painter) arrow(i *draw.Item, x0, y0, x1, y1 float32) {
	tip := draw.Tip(x1-x0, y1-y0)
	if tip < 1 {
		p.round(x0, y0, x1, y1, 0, 0)
		return
	}
	s := shape{kind: point, w: eighths(tip), h: eighths(y1 - y0)}
	const seam = 0.75 // the body reaches under the point, whose edge is soft
	if i.Flip {
		p.round(x0+tip-seam, y0, x1, y1, 0, 0)
		p.mask(s, x0, y0, x0+tip, y1, true)
		return
	}
	p.round(x0, y0, x1-tip+seam, y1, 0, 0)
	p.mask(s, x1-tip, y0, x1, y1, false)
}

// mask draws a whole mask, mirrored if asked.
func (p *painter) mask(s shape, x0, y0, x1, y1 float32, mirrored bool) {
	m := p.atlas.shape(s)
	u0, u1 := m.x, m.x+m.w
	if mirrored {
		u0, u1 = u1, u0
	}
	p.quad(x0-border, y0-border, x1+border, y1+border, u0, m.y, u1, m.y+m.h)
}

func (p *painter) words(i *draw.Item, text []byte) {
	x, y, size := i.Pen(p.scale)
	f := face{bold: i.Bold, size: eighths(size)}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		if !draw.Blank(r) {
			p.glyph(f, r, x, y, size)
		}
		x += draw.Step(r, i.Bold, size)
	}
}

// glyph draws a letter with the pen at (x, y). Small letters are placed to a quarter of a pixel.
func (p *painter) glyph(f face, r rune, x, y, size float32) {
	whole, quarters := draw.Letter(x, size)
	m := p.atlas.glyph(glyph{f, r, quarters})
	if m.w == 0 {
		return
	}
	x, y = whole+m.dx, y+m.dy
	p.quad(x, y, x+m.w, y+m.h, m.x, m.y, m.x+m.w, m.y+m.h)
}

func (p *painter) quad(x0, y0, x1, y1, u0, v0, u1, v1 float32) {
	k := uint32(len(p.vs))
	t := &p.tint
	p.vs = append(p.vs,
		ebiten.Vertex{DstX: x0, DstY: y0, SrcX: u0, SrcY: v0, ColorR: t[0], ColorG: t[1], ColorB: t[2], ColorA: t[3]},
		ebiten.Vertex{DstX: x1, DstY: y0, SrcX: u1, SrcY: v0, ColorR: t[0], ColorG: t[1], ColorB: t[2], ColorA: t[3]},
		ebiten.Vertex{DstX: x0, DstY: y1, SrcX: u0, SrcY: v1, ColorR: t[0], ColorG: t[1], ColorB: t[2], ColorA: t[3]},
		ebiten.Vertex{DstX: x1, DstY: y1, SrcX: u1, SrcY: v1, ColorR: t[0], ColorG: t[1], ColorB: t[2], ColorA: t[3]})
	p.is = append(p.is, k, k+1, k+2, k+1, k+3, k+2)
}

func round(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }

func eighths(v float32) int { return int(v*8 + 0.5) }
