package draw

import "math"

// What follows is how every painter of items puts them on whole pixels, so that their pictures look the same. A scale
// is device pixels per logical pixel; lengths that are returned are in device pixels.

// Place is where a shape goes: from its left top to its right bottom, at least a pixel apart. Vertically, and unless it
// moves horizontally too, it begins and ends with whole pixels.
func (i *Item) Place(scale float32) (x0, y0, x1, y1 float32) {
	x0, y0, x1, y1 = i.X*scale, round(i.Y*scale), (i.X+i.W)*scale, round((i.Y+i.H)*scale)
	if !i.Smooth {
		x0, x1 = round(x0), round(x1)
	}
	return x0, y0, max(x1, x0+1), max(y1, y0+1)
}

// PlaceSlant is where a slant goes: its sides from left to right, the places of its upper edge at them, and how thick it is,
// at least a pixel. The sides are on whole pixels; unless it moves, so are its left upper corner and its thickness.
func (i *Item) PlaceSlant(scale float32) (x0, x1, y0, y1, thick float32) {
	x0, x1, y0, thick = round(i.X*scale), round((i.X+i.W)*scale), i.Y*scale, i.Stroke*scale
	if !i.Smooth {
		y0, thick = round(y0), round(thick)
	}
	return x0, max(x1, x0+1), y0, y0 + i.H*scale, max(thick, 1)
}

// Thickness is that of the outline, in whole and half pixels, whole ones if it is dashed; 0: the shape is filled.
func (i *Item) Thickness(scale float32) float32 {
	switch {
	case i.Stroke == 0:
		return 0
	case i.Dashed:
		return max(1, round(round(2*i.Stroke*scale)/2))
	default:
		return max(1, round(2*i.Stroke*scale)/2)
	}
}

// Corner is the radius of the corners, in whole and half pixels, of a shape of w by h device pixels.
func (i *Item) Corner(scale, w, h float32) float32 {
	return min(round(2*i.Radius*scale)/2, w/2, h/2)
}

// Tip is how long the point of an arrow of w by h device pixels is; 0: it is too short for one.
func Tip(w, h float32) float32 { return min(round(h*0.55), round(w*0.6)) }

// CrossHalf is half the horizontal thickness of each bar of a cross of w by h.
func CrossHalf(w, h float32) float32 { return max(w, h) * 0.176 }

// Dashes calls dash with the beginning and the end of each dash of a side that goes from one place to another. Dashes and
// gaps are about equally long, and both ends are dashes.
func Dashes(from, to, stroke float32, dash func(a, b float32)) {
	n := max(3, int((to-from)/(1.7*stroke)))
	n -= 1 - n%2
	step := (to - from) / float32(n)
	for k := 0; k < n; k += 2 {
		dash(round(from+float32(k)*step), round(from+float32(k+1)*step))
	}
}

// Pen is where the first letter of a line of text begins, on its base line, and the font's size.
func (i *Item) Pen(scale float32) (x, y, size float32) {
	x, y = i.X*scale, round(i.Y*scale)
	switch w := i.W * scale; i.Align {
	case Center:
		x -= w / 2
	case Right:
		x -= w
	}
	if !i.Smooth {
		x = round(x)
	}
	return x, y, i.H * scale
}

// Step is how far r moves the pen in a font of this size.
func Step(r rune, bold bool, size float32) float32 { return float32(Advance(r, bold)) * size / 1000 }

// Letter is the place of a letter of which the pen stands at x: a whole pixel, and quarters of one to the right of it.
// Large letters stand on whole pixels.
func Letter(x, size float32) (whole float32, quarters uint8) {
	if size > 28 {
		return round(x), 0
	}
	whole = float32(math.Floor(float64(x)))
	return whole, uint8((x-whole)*4) & 3
}

// Blank tells whether a letter leaves no ink.
func Blank(r rune) bool { return r == ' ' || r == '\u2009' }

func round(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }
