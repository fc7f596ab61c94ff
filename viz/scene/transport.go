package scene

import (
	"image/color"

	"keepalive/sim"
)

// Transport is the state of a player.
type Transport struct {
	At, End sim.Time
	Playing bool
	Speed   string
}

// TransportHeight is the room that a transport bar takes at the bottom, in logical pixels.
const TransportHeight = 64

// TransportGrid is where the parts of the transport bar stand.
type TransportGrid struct{ x, y, w, left, right float32 }

// TransportGrid lays the bar out for v.
func (v View) TransportGrid() TransportGrid {
	m := max(v.Margin, 8)
	g := TransportGrid{x: m, y: v.H - TransportHeight + 2, w: v.W - 2*m}
	g.left, g.right = g.x+190, g.x+g.w-120
	if v.W < narrowBelow {
		g.left, g.right = g.x+66, g.x+g.w-96
	}
	return g
}

const barHeight = 52

// InButton tells whether a point is on the play button.
func (g TransportGrid) InButton(x, y float32) bool {
	return x >= g.x+8 && x < g.x+52 && y >= g.y && y < g.y+barHeight
}

// InScrubber tells whether a point is on the scrubber.
func (g TransportGrid) InScrubber(x, y float32) bool {
	return x >= g.left-10 && x <= g.right+10 && y >= g.y && y < g.y+barHeight
}

// Part is the place of x on the scrubber, from 0 to 1.
func (g TransportGrid) Part(x float32) float32 {
	return clamp((x-g.left)/max(g.right-g.left, 1), 0, 1)
}

// Ground is the colour behind everything.
func (v View) Ground() color.NRGBA { return v.theme().Background }

// Items are what Draw and DrawTransport have drawn.
func (s *Scene) Items() []Item { return s.items }

// DrawTransport adds a transport bar to what Draw has drawn.
func (s *Scene) DrawTransport(t Transport, v View) {
	g, th := v.TransportGrid(), s.theme
	s.rect(g.x, g.y, g.w, barHeight, 12, th.Line)
	s.rect(g.x+1, g.y+1, g.w-2, barHeight-2, 11, th.Card)
	s.rect(g.x+12, g.y+8, 36, 36, 8, th.Accent)
	ink := th.on(th.Accent)
	if t.Playing {
		s.rect(g.x+23, g.y+18, 5, 16, 1, ink)
		s.rect(g.x+32, g.y+18, 5, 16, 1, ink)
	} else {
		s.add(Item{Kind: Tri, X: g.x + 24, Y: g.y + 17, W: 15, H: 18, Color: ink})
	}
	if v.W >= narrowBelow {
		s.put("speed").write(g.x+66, g.y+22, font{size: 10.5, color: th.Secondary})
		s.put(t.Speed).write(g.x+66, g.y+39, font{size: 12.5, color: th.Text, bold: true})
	}
	part := float32(0)
	if t.End > 0 {
		part = float32(float64(t.At) / float64(t.End))
	}
	y, at := g.y+barHeight/2, g.left+part*(g.right-g.left)
	s.rect(g.left, y-2, g.right-g.left, 4, 2, th.Line)
	s.rect(g.left, y-2, at-g.left, 4, 2, th.Accent)
	s.rect(at-9, y-9, 18, 18, 9, th.Accent)
	s.rect(at-6, y-6, 12, 12, 6, th.Card)
	s.span(t.At).write(g.x+g.w-16, y+5, font{size: 15, color: th.Text, bold: true, align: Right})
}
