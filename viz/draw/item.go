package draw

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
	Slant             // a parallelogram with upright sides, filled: its upper edge runs from X, Y to X+W, Y+H, and it is Stroke high
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
	X, Y, W, H float32 // Slant: H may be negative. Words: X is set by Align, Y the base line, H the font's size, W the width in this font
	Radius     float32
	Stroke     float32 // thickness of the outline, inside the rectangle; 0: filled. Slant: its height
	Dashed     bool    // the outline
	Flip       bool
	Smooth     bool // moves by parts of a pixel, a Slant up and down, others to the sides: it is not snapped to whole ones
	Bold       bool
	Align      Align
	Color      color.NRGBA
	Of         Ref // what it is a picture of; for those who point at it
	from, to   int // Words: a part of the Canvas's text
}

// Ref names a thing of a run. The zero Ref is nothing.
type Ref struct {
	Lane uint8 // the run, from 0
	Kind Thing
	ID   uint32 // its number, from 1
}

// Thing is what a Ref names.
type Thing uint8

// The things.
const (
	Nothing Thing = iota
	Packet
	Request
	Connection
)
