package stage

import (
	"image"
	"keepalive/viz/draw"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// atlas holds every shape and letter as a white mask on one image, so that a whole picture is a single draw call.
// Each mask has a transparent border, so that linear filtering moves it smoothly by parts of a pixel.
type atlas struct {
	image  *ebiten.Image
	size   int
	x, y   int // the next free place in the current row
	row    int // height of that row
	full   bool
	shapes map[shape]region
	glyphs map[glyph]region
	faces  map[face]font.Face
	fonts  [2]*opentype.Font
	pixels []byte
}

// region is a mask's place on the image, border included. For a glyph dx and dy lead from the pen to its corner.
type region struct {
	x, y, w, h float32
	dx, dy     float32
	edge       float32 // round rectangles: pixels from the outside that are not stretched
}

// shape is a mask that is drawn, not read from a font. Lengths are in eighths of a pixel.
type shape struct {
	kind           shapeKind
	radius, stroke int
	w, h           int
}

type shapeKind uint8

const (
	roundRect shapeKind = iota // stretched as nine slices
	point                      // a triangle that points right
	cross
)

type face struct {
	bold bool
	size int // eighths of a pixel
}

type glyph struct {
	face
	r   rune
	sub uint8 // quarters of a pixel to the right
}

const border = 1

func newAtlas() *atlas {
	a := &atlas{faces: map[face]font.Face{}}
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("stage: embedded font: " + err.Error())
		}
		a.fonts[i] = f
	}
	a.reset(1024)
	return a
}

// reset forgets every mask.
func (a *atlas) reset(size int) {
	if a.image == nil || a.size != size {
		if a.image != nil {
			a.image.Deallocate()
		}
		a.image = ebiten.NewImageWithOptions(image.Rect(0, 0, size, size), &ebiten.NewImageOptions{Unmanaged: true})
		a.size = size
	}
	a.image.Clear()
	a.x, a.y, a.row, a.full = 0, 0, 0, false
	a.shapes, a.glyphs = map[shape]region{}, map[glyph]region{}
}

// place finds room for w by h pixels.
func (a *atlas) place(w, h int) (image.Rectangle, bool) {
	if a.x+w > a.size {
		a.x, a.y, a.row = 0, a.y+a.row, 0
	}
	if a.y+h > a.size || w > a.size {
		a.full = true
		return image.Rectangle{}, false
	}
	at := image.Rect(a.x, a.y, a.x+w, a.y+h)
	a.x += w
	a.row = max(a.row, h)
	return at, true
}

// draw fills a new region of w by h pixels plus its border with what coverage says, from 0 to 255.
func (a *atlas) draw(w, h int, coverage func(x, y int) uint8) region {
	at, ok := a.place(w+2*border, h+2*border)
	if !ok {
		return region{}
	}
	n := 4 * at.Dx() * at.Dy()
	if cap(a.pixels) < n {
		a.pixels = make([]byte, n)
	}
	pix := a.pixels[:n]
	clear(pix)
	for y := range h {
		for x := range w {
			v := coverage(x, y)
			i := 4 * ((y+border)*at.Dx() + x + border)
			pix[i], pix[i+1], pix[i+2], pix[i+3] = v, v, v, v
		}
	}
	a.image.SubImage(at).(*ebiten.Image).WritePixels(pix)
	return region{x: float32(at.Min.X), y: float32(at.Min.Y), w: float32(at.Dx()), h: float32(at.Dy())}
}

// shape is the mask of s, drawn at its first use.
func (a *atlas) shape(s shape) region {
	if r, ok := a.shapes[s]; ok {
		return r
	}
	w, h := s.w/8, s.h/8
	edge := 0
	if s.kind == roundRect {
		edge = max(1, (max(s.radius, s.stroke)+7)/8)
		w, h = 2*edge+1, 2*edge+1
	}
	r := a.draw(w, h, func(x, y int) uint8 { return sampled(x, y, s.inside(float64(w), float64(h))) })
	r.edge = float32(edge + border)
	a.shapes[s] = r
	return r
}

// sampled is the share of pixel (x, y) that lies inside, from 0 to 255.
func sampled(x, y int, inside func(x, y float64) bool) uint8 {
	const n = 8
	hits := 0
	for i := range n * n {
		if inside(float64(x)+(float64(i%n)+0.5)/n, float64(y)+(float64(i/n)+0.5)/n) {
			hits++
		}
	}
	return uint8(hits * 255 / (n * n))
}

func (s shape) inside(w, h float64) func(x, y float64) bool {
	radius, stroke := float64(s.radius)/8, float64(s.stroke)/8
	switch s.kind {
	case point:
		return func(x, y float64) bool { return math.Abs(y-h/2) <= (1-x/w)*h/2 }
	case cross:
		half := float64(draw.CrossHalf(float32(w), float32(h)))
		return func(x, y float64) bool {
			d := (y-h/2)*w/h - (x - w/2)
			e := (y-h/2)*w/h + (x - w/2)
			return math.Abs(d) <= half || math.Abs(e) <= half
		}
	default:
		return func(x, y float64) bool {
			return inRound(x, y, w, h, 0, radius) && (stroke == 0 || !inRound(x, y, w, h, stroke, radius-stroke))
		}
	}
}

// inRound tells whether a point lies in a w by h rectangle less inset on each side, with round corners.
func inRound(x, y, w, h, inset, radius float64) bool {
	x, y = math.Abs(x-w/2), math.Abs(y-h/2)
	a, b := w/2-inset, h/2-inset
	if x > a || y > b {
		return false
	}
	radius = max(radius, 0)
	dx, dy := x-(a-radius), y-(b-radius)
	return dx <= 0 || dy <= 0 || dx*dx+dy*dy <= radius*radius
}

// glyph is the mask of a letter, drawn at its first use.
func (a *atlas) glyph(g glyph) region {
	if r, ok := a.glyphs[g]; ok {
		return r
	}
	dot := fixed.Point26_6{X: fixed.Int26_6(g.sub) * 16}
	at, mask, from, _, ok := a.face(g.face).Glyph(dot, g.r)
	if !ok || at.Empty() {
		a.glyphs[g] = region{}
		return region{}
	}
	alpha := mask.(*image.Alpha)
	r := a.draw(at.Dx(), at.Dy(), func(x, y int) uint8 { return alpha.AlphaAt(from.X+x, from.Y+y).A })
	r.dx, r.dy = float32(at.Min.X-border), float32(at.Min.Y-border)
	if !a.full {
		a.glyphs[g] = r
	}
	return r
}

func (a *atlas) face(f face) font.Face {
	if got, ok := a.faces[f]; ok {
		return got
	}
	which := 0
	if f.bold {
		which = 1
	}
	got, err := opentype.NewFace(a.fonts[which], &opentype.FaceOptions{Size: float64(f.size) / 8, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic("stage: embedded font: " + err.Error())
	}
	a.faces[f] = got
	return got
}
