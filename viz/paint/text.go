package paint

import (
	"image"
	"keepalive/viz/draw"
	"sync"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// fonts are the embedded fonts, plain and bold.
var fonts = sync.OnceValue(func() (both [2]*opentype.Font) {
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("paint: embedded font: " + err.Error())
		}
		both[i] = f
	}
	return both
})

// letters are the masks of letters that have been painted.
type letters struct {
	faces map[face]font.Face
	masks map[letter]mask
}

type face struct {
	bold bool
	size int // eighths of a pixel
}

type letter struct {
	face
	r        rune
	quarters uint8 // of a pixel, to the right
}

// mask is a letter; at leads from the pen to its left top.
type mask struct {
	at image.Point
	*image.Alpha
}

func newLetters() letters {
	return letters{faces: map[face]font.Face{}, masks: map[letter]mask{}}
}

// words paints a line of text.
func (p *Painter) words(i *draw.Item, text []byte) {
	x, y, size := i.Pen(p.scale)
	f := face{bold: i.Bold, size: int(size*8 + 0.5)}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		if !draw.Blank(r) {
			at, quarters := draw.Letter(x, size)
			if m := p.letters.mask(letter{f, r, quarters}); m.Alpha != nil {
				p.cover(int(at)+m.at.X, int(y)+m.at.Y, m.Alpha)
			}
		}
		x += draw.Step(r, i.Bold, size)
	}
}

// mask is that of a letter, drawn at its first use.
func (l *letters) mask(k letter) mask {
	if m, ok := l.masks[k]; ok {
		return m
	}
	var m mask
	dot := fixed.Point26_6{X: fixed.Int26_6(k.quarters) * 16}
	if at, drawn, from, _, ok := l.face(k.face).Glyph(dot, k.r); ok && !at.Empty() {
		m = mask{at.Min, image.NewAlpha(image.Rect(0, 0, at.Dx(), at.Dy()))}
		for y := range at.Dy() { // the face draws the next letter into the same memory
			for x := range at.Dx() {
				m.Pix[y*m.Stride+x] = drawn.(*image.Alpha).AlphaAt(from.X+x, from.Y+y).A
			}
		}
	}
	l.masks[k] = m
	return m
}

func (l *letters) face(k face) font.Face {
	if f, ok := l.faces[k]; ok {
		return f
	}
	which := 0
	if k.bold {
		which = 1
	}
	f, err := opentype.NewFace(fonts()[which], &opentype.FaceOptions{Size: float64(k.size) / 8, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic("paint: embedded font: " + err.Error())
	}
	l.faces[k] = f
	return f
}
