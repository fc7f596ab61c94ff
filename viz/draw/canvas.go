package draw

import "image/color"

// Canvas collects items. It keeps its memory from one picture to the next. The zero Canvas is ready for Reset.
type Canvas struct {
	Theme *Theme
	Of    Ref // what the items that follow are a picture of
	items []Item
	text  []byte
	mark  int // the beginning of the text being put together
}

// Reset empties the canvas.
func (c *Canvas) Reset(theme *Theme) {
	c.Theme, c.Of, c.items, c.text, c.mark = theme, Ref{}, c.items[:0], c.text[:0], 0
}

// Items are what has been drawn, in its order. They hold until Reset.
func (c *Canvas) Items() []Item { return c.items }

// Text is what an item of kind Words says.
func (c *Canvas) Text(i *Item) []byte { return c.text[i.from:i.to] }

// Add draws an item.
func (c *Canvas) Add(i Item) {
	i.Of = c.Of
	c.items = append(c.items, i)
}

// Rect draws a filled rectangle.
func (c *Canvas) Rect(x, y, w, h, radius float32, col color.NRGBA) {
	c.Add(Item{Kind: Rect, X: x, Y: y, W: w, H: h, Radius: min(radius, w/2, h/2), Color: col})
}

// Outline draws the inside of a rectangle's edge, so thick as stroke.
func (c *Canvas) Outline(x, y, w, h, radius, stroke float32, col color.NRGBA) {
	c.Add(Item{Kind: Rect, X: x, Y: y, W: w, H: h, Radius: min(radius, w/2, h/2), Stroke: stroke, Color: col})
}

// Panel draws a filled rectangle with a thin outline.
func (c *Canvas) Panel(x, y, w, h, radius float32, fill, line color.NRGBA) {
	c.Rect(x, y, w, h, radius, fill)
	c.Outline(x, y, w, h, radius, 1, line)
}

// Dashed draws an outline of dashes.
func (c *Canvas) Dashed(x, y, w, h, radius, stroke float32, col color.NRGBA) {
	c.Add(Item{Kind: Rect, X: x, Y: y, W: w, H: h, Radius: min(radius, w/2, h/2), Stroke: stroke, Dashed: true, Color: col})
}

// Font is how a line of text looks.
type Font struct {
	Size  float32 // logical pixels
	Color color.NRGBA
	Bold  bool
	Align Align
}

// Put adds to the line being put together; Write draws it and returns its width.
func (c *Canvas) Put(s string) *Canvas {
	c.text = append(c.text, s...)
	return c
}

// Write draws the line that has been put together, on the base line y, and returns its width. An empty line draws nothing.
func (c *Canvas) Write(x, y float32, f Font) float32 {
	if !c.Begun() {
		return 0
	}
	w := c.Width(f)
	c.Add(Item{Kind: Words, X: x, Y: y, W: w, H: f.Size, Bold: f.Bold, Align: f.Align, Color: f.Color, from: c.mark, to: len(c.text)})
	c.mark = len(c.text)
	return w
}

// WriteWithin writes the line, cut short so that it is at most width wide.
func (c *Canvas) WriteWithin(x, y, width float32, f Font) float32 {
	line := c.text[c.mark:]
	if measure(line, f.Size, f.Bold) > width {
		room := width - measure([]byte("…"), f.Size, f.Bold)
		c.text = append(c.text[:c.mark+fitting(line, room, f.Size, f.Bold)], "…"...)
	}
	return c.Write(x, y, f)
}

// Begun tells whether a line is being put together.
func (c *Canvas) Begun() bool { return c.mark < len(c.text) }

// Width is that of the line being put together.
func (c *Canvas) Width(f Font) float32 { return measure(c.text[c.mark:], f.Size, f.Bold) }

// Drop forgets the line being put together.
func (c *Canvas) Drop() { c.text = c.text[:c.mark] }

// Take returns the line being put together, and forgets it.
func (c *Canvas) Take() string {
	line := string(c.text[c.mark:])
	c.Drop()
	return line
}
