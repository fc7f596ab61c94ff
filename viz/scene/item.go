package scene

import "image/color"

// Kind is the shape of an Item.
type Kind uint8

// The shapes.
const (
	Rect  Kind = iota // with round corners if Radius is not zero, filled or outlined
	Arrow             // a Rect whose right end (Flip: left end) is a point
	Cross             // two diagonals
	Tri               // a triangle that points right (Flip: left)
	Words             // one line of text
)

// Align is where X lies in a line of text.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Center
	Right
)

// Item is one thing to draw, in logical pixels. Items are drawn in their order.
type Item struct {
	Kind       Kind
	X, Y, W, H float32 // Words: X is set by Align, Y the base line, H the font's size, W the width in this font
	Radius     float32
	Stroke     float32 // thickness of the outline, inside the rectangle; 0: filled
	Dashed     bool    // the outline
	Flip       bool
	Smooth     bool // moves by parts of a pixel: it is not snapped to whole ones
	Bold       bool
	Align      Align
	Color      color.NRGBA
	from, to   int // Words: a part of the canvas's text
}

// canvas collects items. It keeps its memory from one picture to the next.
type canvas struct {
	theme *Theme
	items []Item
	text  []byte
	mark  int // the beginning of the text being put together
}

func (c *canvas) reset(theme *Theme) {
	c.theme, c.items, c.text, c.mark = theme, c.items[:0], c.text[:0], 0
}

func (c *canvas) add(i Item) { c.items = append(c.items, i) }

func (c *canvas) rect(x, y, w, h, radius float32, col color.NRGBA) {
	c.add(Item{Kind: Rect, X: x, Y: y, W: w, H: h, Radius: min(radius, w/2, h/2), Color: col})
}

func (c *canvas) outline(x, y, w, h, radius, stroke float32, col color.NRGBA) {
	c.add(Item{Kind: Rect, X: x, Y: y, W: w, H: h, Radius: min(radius, w/2, h/2), Stroke: stroke, Color: col})
}

// panel is a filled rectangle with a thin outline.
func (c *canvas) panel(b box, radius float32, fill, line color.NRGBA) {
	c.rect(b.x, b.y, b.w, b.h, radius, fill)
	c.outline(b.x, b.y, b.w, b.h, radius, 1, line)
}

func (c *canvas) dashed(x, y, w, h, radius, stroke float32, col color.NRGBA) {
	c.add(Item{Kind: Rect, X: x, Y: y, W: w, H: h, Radius: min(radius, w/2, h/2), Stroke: stroke, Dashed: true, Color: col})
}

// font is how a line of text looks.
type font struct {
	size  float32
	color color.NRGBA
	bold  bool
	align Align
}

// put adds to the line being put together; write draws it and returns its width.
func (c *canvas) put(s string) *canvas {
	c.text = append(c.text, s...)
	return c
}

func (c *canvas) write(x, y float32, f font) float32 {
	if c.mark == len(c.text) {
		return 0
	}
	w := c.width(f)
	c.add(Item{Kind: Words, X: x, Y: y, W: w, H: f.size, Bold: f.bold, Align: f.align, Color: f.color, from: c.mark, to: len(c.text)})
	c.mark = len(c.text)
	return w
}

// writeWithin writes the line, cut short so that it is at most width wide.
func (c *canvas) writeWithin(x, y, width float32, f font) float32 {
	line := c.text[c.mark:]
	if measure(line, f.size, f.bold) > width {
		room := width - measure([]byte("…"), f.size, f.bold)
		c.text = append(c.text[:c.mark+fitting(line, room, f.size, f.bold)], "…"...)
	}
	return c.write(x, y, f)
}

// width of the line being put together.
func (c *canvas) width(f font) float32 { return measure(c.text[c.mark:], f.size, f.bold) }

// drop forgets the line being put together.
func (c *canvas) drop() { c.text = c.text[:c.mark] }
