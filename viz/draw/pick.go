package draw

// Pick is the thing at a place: the last drawn of those whose items come nearest, at most reach away. Words are of what
// they are written at.
func Pick(items []Item, x, y, reach float32) Ref {
	best, found := reach, Ref{}
	for k := len(items) - 1; k >= 0; k-- {
		i := &items[k]
		if i.Of.Kind == Nothing {
			continue
		}
		if d := i.distance(x, y); d < best || d == best && found.Kind == Nothing {
			best, found = d, i.Of
		}
	}
	return found
}

// distance is how far a place is from an item: 0 within it.
func (i *Item) distance(x, y float32) float32 {
	x0, y0, w, h := i.X, i.Y, i.W, i.H
	switch i.Kind {
	case Words:
		x0, y0 = x0-i.W*float32(i.Align)/2, i.Y-i.H
	case Slant:
		part := min(max((x-i.X)/max(i.W, 1), 0), 1)
		y0, h = i.Y+part*i.H, i.Stroke
	default:
	}
	dx, dy := max(x0-x, 0, x-x0-w), max(y0-y, 0, y-y0-h)
	return max(dx, dy)
}
