package stage

import (
	"image/color"
	"math"
	"unicode/utf8"

	"github.com/hajimehoshi/ebiten/v2"

	"keepalive/viz/scene"
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
func (p *painter) paint(screen *ebiten.Image, scale float32, items []scene.Item, text func(*scene.Item) []byte) {
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

func (p *painter) item(i *scene.Item, text func(*scene.Item) []byte) {
	p.setTint(i.Color)
	if i.Kind == scene.Words {
		p.words(i, text(i))
		return
	}
	x0, y0, x1, y1 := i.X*p.scale, round(i.Y*p.scale), (i.X+i.W)*p.scale, round((i.Y+i.H)*p.scale)
	if !i.Smooth {
		x0, x1 = round(x0), round(x1)
	}
	x1, y1 = max(x1, x0+1), max(y1, y0+1)
	switch i.Kind {
	case scene.Rect:
		p.rect(i, x0, y0, x1, y1)
	case scene.Arrow:
		p.arrow(i, x0, y0, x1, y1)
	case scene.Cross:
		p.mask(shape{kind: cross, w: eighths(round(x1 - x0)), h: eighths(y1 - y0)}, x0, y0, x1, y1, false)
	case scene.Tri:
		p.mask(shape{kind: point, w: eighths(round(x1 - x0)), h: eighths(y1 - y0)}, x0, y0, x1, y1, i.Flip)
	}
}

func (p *painter) setTint(c color.NRGBA) {
	p.tint = [4]float32{float32(c.R) / 255, float32(c.G) / 255, float32(c.B) / 255, float32(c.A) / 255}
}

func (p *painter) rect(i *scene.Item, x0, y0, x1, y1 float32) {
	stroke := float32(0)
	if i.Stroke > 0 {
		stroke = max(1, round(2*i.Stroke*p.scale)/2)
	}
	if i.Dashed {
		p.dashes(x0, y0, x1, y1, max(1, round(stroke)))
		return
	}
	radius := min(round(2*i.Radius*p.scale)/2, (x1-x0)/2, (y1-y0)/2)
	p.round(x0, y0, x1, y1, radius, stroke)
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
	along := func(length float32) (int, float32) {
		n := max(3, int(length/(1.7*stroke)))
		n -= 1 - n%2 // odd, so that both ends are dashes
		return n, length / float32(n)
	}
	n, step := along(x1 - x0)
	for k := 0; k < n; k += 2 {
		a, b := x0+float32(k)*step, x0+float32(k+1)*step
		p.round(round(a), y0, round(b), y0+stroke, 0, 0)
		p.round(round(a), y1-stroke, round(b), y1, 0, 0)
	}
	n, step = along(y1 - y0)
	for k := 0; k < n; k += 2 {
		a, b := y0+float32(k)*step, y0+float32(k+1)*step
		p.round(x0, round(a), x0+stroke, round(b), 0, 0)
		p.round(x1-stroke, round(a), x1, round(b), 0, 0)
	}
}

// arrow draws a body with a point as deep as half its height.
func (p *painter) arrow(i *scene.Item, x0, y0, x1, y1 float32) {
	tip := min(round((y1-y0)*0.55), round((x1-x0)*0.6))
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

func (p *painter) words(i *scene.Item, text []byte) {
	size := i.H * p.scale
	f := face{bold: i.Bold, size: eighths(size)}
	x, y := i.X*p.scale, round(i.Y*p.scale)
	switch w := i.W * p.scale; i.Align {
	case scene.Center:
		x -= w / 2
	case scene.Right:
		x -= w
	}
	if !i.Smooth {
		x = round(x)
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		if r != ' ' && r != '\u2009' {
			p.glyph(f, r, x, y, size)
		}
		x += float32(scene.Advance(r, i.Bold)) * size / 1000
	}
}

// glyph draws a letter with the pen at (x, y). Small letters are placed to a quarter of a pixel.
func (p *painter) glyph(f face, r rune, x, y, size float32) {
	whole := float32(math.Floor(float64(x)))
	sub := uint8((x - whole) * 4)
	if size > 28 {
		whole, sub = round(x), 0
	}
	m := p.atlas.glyph(glyph{f, r, sub & 3})
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
