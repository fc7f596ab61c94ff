package scene

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
)

// Transport is the state of a player.
type Transport struct {
	At, End sim.Time
	Playing bool
	Speed   string        // what a second shows
	Pace    string        // the same, compared with real time
	Kinds   trace.Moments // that are told first
	Still   bool          // a picture or a film: there is no button, since nobody can press it
	Notice  string        // to be told instead
}

// TransportHeight is the room that a transport bar takes at the bottom, in logical pixels.
func (v View) TransportHeight() float32 { return 64 * v.transportUnit() }

// transportUnit is larger on a projector.
func (v View) transportUnit() float32 { return clamp(v.W/1392, 1, 1.6) }

// TransportGrid is where the parts of the transport bar stand.
type TransportGrid struct{ u, x, y, w, h, left, right float32 }

// TransportGrid lays the bar out for v.
func (v View) TransportGrid() TransportGrid {
	u, m := v.transportUnit(), max(v.Margin, 8)
	g := TransportGrid{u: u, x: m, y: v.H - v.TransportHeight() + 2*u, w: v.W - 2*m, h: 52 * u}
	g.left, g.right = g.x+190*u, g.x+g.w-130*u
	if v.W < narrowBelow {
		g.left, g.right = g.x+66, g.x+g.w-96
	}
	return g
}

// InButton tells whether a point is on the play button.
func (g TransportGrid) InButton(x, y float32) bool {
	return x >= g.x+8*g.u && x < g.x+52*g.u && y >= g.y && y < g.y+g.h
}

// InScrubber tells whether a point is on the scrubber.
func (g TransportGrid) InScrubber(x, y float32) bool {
	return x >= g.left-10*g.u && x <= g.right+10*g.u && y >= g.y && y < g.y+g.h
}

// Part is the place of x on the scrubber, from 0 to 1.
func (g TransportGrid) Part(x float32) float32 {
	return clamp((x-g.left)/max(g.right-g.left, 1), 0, 1)
}

// Ground is the colour behind everything.
func (v View) Ground() color.NRGBA { return v.Theme.OrLight().Background }

// DrawTransport adds a transport bar to what Draw has drawn.
func (s *Scene) DrawTransport(t Transport, v View) {
	g, th := v.TransportGrid(), s.Theme
	u := g.u
	s.Panel(g.x, g.y, g.w, g.h, 12*u, th.Card, th.Line)
	words := g.x + 66*u
	if t.Still {
		words = g.x + 20*u
		g.left -= min(46*u, g.left-words)
	} else {
		s.playButton(t.Playing, g)
	}
	if v.W >= narrowBelow {
		s.Put(t.Pace).Write(words, g.y+22*u, draw.Font{Size: 10.5 * u, Color: th.Secondary})
		s.Put(t.Speed).Write(words, g.y+39*u, draw.Font{Size: 12.5 * u, Color: th.Text, Bold: true})
	}
	part := float32(0)
	if t.End > 0 {
		part = float32(float64(t.At) / float64(t.End))
	}
	y, at := g.y+g.h/2, g.left+part*(g.right-g.left)
	s.Rect(g.left, y-2*u, g.right-g.left, 4*u, 2*u, th.Line)
	s.Rect(g.left, y-2*u, at-g.left, 4*u, 2*u, th.Accent)
	s.Rect(at-9*u, y-9*u, 18*u, 18*u, 9*u, th.Accent)
	s.Rect(at-6*u, y-6*u, 12*u, 12*u, 6*u, th.Card)
	s.told(t, g)
	s.Span(t.At).Write(g.x+g.w-16*u, y+5*u, draw.Font{Size: 15 * u, Color: th.Text, Bold: true, Align: draw.Right})
}

// told writes below the scrubber what happens at the instant at which the player stands.
func (s *Scene) told(t Transport, g TransportGrid) {
	if t.Playing || t.Still {
		return
	}
	if t.Notice != "" {
		s.Put(t.Notice)
	} else {
		s.tell.Moments(t.At, t.Kinds)
	}
	s.WriteWithin(g.left, g.y+g.h-6*g.u, g.right-g.left, draw.Font{Size: 11 * g.u, Color: s.Theme.Text})
}

func (s *Scene) playButton(playing bool, g TransportGrid) {
	u, ink := g.u, s.Theme.On(s.Theme.Accent)
	s.Rect(g.x+12*u, g.y+8*u, 36*u, 36*u, 8*u, s.Theme.Accent)
	if playing {
		s.Rect(g.x+23*u, g.y+18*u, 5*u, 16*u, 1*u, ink)
		s.Rect(g.x+32*u, g.y+18*u, 5*u, 16*u, 1*u, ink)
		return
	}
	s.Add(draw.Item{Kind: draw.Tri, X: g.x + 24*u, Y: g.y + 17*u, W: 15 * u, H: 18 * u, Color: ink})
}
