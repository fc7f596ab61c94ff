package film

import (
	"image/color"
	"keepalive/viz/draw"
)

// ramp is a line from one colour to another: what anti-aliasing makes of an ink on a ground.
type ramp struct {
	ground, ink color.NRGBA
	between     int // colours on the line, without its ends
}

// ramps are the inks of a theme on the grounds that the scene puts them on. Text has many steps, marks a few.
func ramps(t *draw.Theme) []ramp {
	all := []ramp{
		{t.Card, t.Text, 9}, {t.Card, t.Secondary, 8}, {t.Card, t.Accent, 7}, {t.Card, t.Error, 6}, {t.Card, t.Line, 3}, {t.Card, t.PipeLine, 3}, {t.Card, t.Pipe, 2},
		{t.Background, t.Secondary, 8}, {t.Background, t.Accent, 8}, {t.Background, t.Line, 3},
		{t.Pipe, t.Text, 9}, {t.Pipe, t.Secondary, 6}, {t.Pipe, t.Error, 7}, {t.Pipe, t.PipeLine, 3}, {t.Line, t.Accent, 3},
		{t.SetUp, t.On(t.SetUp), 7}, {t.Data, t.On(t.Data), 7},
	}
	for _, ink := range []color.NRGBA{t.Request, t.TLS} {
		all = append(all, ramp{ink, t.OnBright, 6}, ramp{ink, t.OnDark, 6})
	}
	for _, ink := range []color.NRGBA{t.SetUp, t.TLS, t.Request, t.Data, t.Ack, t.Idle} {
		all = append(all, ramp{t.Card, ink, 4}, ramp{t.Pipe, ink, 5})
	}
	return append(all, ramp{t.Card, t.Wait, 4})
}

// transparent is the palette's colour of a pixel that has not changed.
const transparent = 0

// palette is the colours of a theme and those on its ramps: at most 256.
func palette(t *draw.Theme) color.Palette {
	p := color.Palette{color.NRGBA{}}
	has := map[color.NRGBA]bool{}
	add := func(c color.NRGBA) {
		if !has[c] {
			has[c] = true
			p = append(p, c)
		}
	}
	all := ramps(t)
	for _, r := range all {
		add(r.ground)
		add(r.ink)
	}
	for _, r := range all {
		for k := 1; k <= r.between; k++ {
			add(mix(r.ground, r.ink, k, r.between+1))
		}
	}
	return p
}

// mix is the colour k/n of the way from a to b.
func mix(a, b color.NRGBA, k, n int) color.NRGBA {
	part := func(a, b uint8) uint8 { return uint8((int(a)*(n-k) + int(b)*k + n/2) / n) }
	return color.NRGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}

// matcher finds the palette's colour that looks most like another. It remembers what it has found.
type matcher struct {
	colors []color.NRGBA
	keys   [1 << 14]uint32 // the colour of a slot, with its alpha; 0: empty
	found  [1 << 14]uint8
}

func newMatcher(p color.Palette) *matcher {
	m := &matcher{}
	for _, c := range p {
		m.colors = append(m.colors, c.(color.NRGBA))
	}
	return m
}

// index is the place in the palette of an opaque colour.
func (m *matcher) index(r, g, b uint8) uint8 {
	key := uint32(r)<<16 | uint32(g)<<8 | uint32(b) | 0xff000000
	slot := key * 2654435761 >> 18
	if m.keys[slot] != key {
		m.keys[slot], m.found[slot] = key, m.nearest(int(r), int(g), int(b))
	}
	return m.found[slot]
}

// nearest weighs the three colours about as eyes do.
func (m *matcher) nearest(r, g, b int) uint8 {
	best, least := 0, 1<<30
	for i, c := range m.colors {
		if i == transparent {
			continue
		}
		dr, dg, db := r-int(c.R), g-int(c.G), b-int(c.B)
		if d := 3*dr*dr + 6*dg*dg + 2*db*db; d < least {
			best, least = i, d
		}
	}
	return uint8(best)
}
