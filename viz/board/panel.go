package board

import (
	"strings"

	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// panel says what the chosen thing is. Its words are set once for a choice.
type panel struct {
	words  draw.Canvas // for the teller
	of     key
	lines  []line
	box    box
	corner box // where it stays while the choice is the same
}

type box struct{ x, y, w, h float32 }

func (b box) holds(x, y float32) bool { return x >= b.x && x < b.x+b.w && y >= b.y && y < b.y+b.h }

func (b box) meets(c box) bool {
	return b.x < c.x+c.w && c.x < b.x+b.w && b.y < c.y+c.h && c.y < b.y+b.h
}

// key is what a panel's words and place depend on.
type key struct {
	chosen tell.Choice
	header string
	w, h   float32
	unit   float32
	view   bool
}

type line struct {
	text        string
	head, first bool // of a message's head; its first line
}

// Sizes of a panel, in units.
const (
	panelWidth = 400
	panelPad   = 14
	lineHeight = 18
	wordSize   = 13
	headSize   = 11.5
	between    = 5  // before a head
	mostHead   = 14 // lines of a message's head
	button     = 26
)

// drawPanel puts the panel over the picture.
func (b *Board) drawPanel(lanes scene.View) {
	s, p := &b.state, &b.panel
	u := unit(s.W, s.Theme)
	now := key{s.Chosen, s.Header, s.W, s.H, u, s.View != views.None}
	if now != p.of || p.box == (box{}) {
		w := min(panelWidth*u, s.W-2*s.Margin-16*u)
		p.set(b.Thing(s.Chosen), s.Header, w/u-2*panelPad-button)
		h := p.height() * u
		p.box = b.corner(box{s.Margin, s.Margin, s.W - 2*s.Margin, s.H - 2*s.Margin - barHeight(s, lanes)}, w, h)
		p.of = now
	}
	b.Of = draw.Ref{}
	b.panelItems(u)
}

func barHeight(s *State, lanes scene.View) float32 {
	if s.Bar == nil {
		return 0
	}
	return lanes.TransportHeight()
}

// set wraps the words into lines of at most width units.
func (p *panel) set(thing, header string, width float32) {
	p.lines = p.lines[:0]
	for _, l := range draw.Wrap(thing, width, draw.Font{Size: wordSize}) {
		p.lines = append(p.lines, line{text: l})
	}
	heads, first := 0, true
	for l := range strings.Lines(header) {
		if l = strings.TrimRight(l, "\r\n"); l == "" {
			first = true
			continue
		}
		if heads++; heads > mostHead {
			l = "…"
		}
		if heads <= mostHead+1 {
			p.lines = append(p.lines, line{l, true, first})
		}
		first = false
	}
}

// height is that of the panel, in units.
func (p *panel) height() float32 {
	h := float32(len(p.lines))*lineHeight + 2*panelPad - 4
	for _, l := range p.lines {
		if l.first {
			h += between
		}
	}
	return h
}

func (b *Board) panelItems(u float32) {
	p, t := &b.panel, b.Theme
	k := p.box
	b.Rect(k.x, k.y, k.w, k.h, 10*u, t.Card)
	b.Outline(k.x, k.y, k.w, k.h, 10*u, 2, t.Accent)
	y := k.y + (panelPad+wordSize-1)*u
	for _, l := range p.lines {
		f := draw.Font{Size: wordSize * u, Color: t.Text}
		if l.head {
			f.Size, f.Color, f.Bold = headSize*u, t.Secondary, l.first
		}
		if l.first {
			y += between * u
		}
		b.Put(l.text).WriteWithin(k.x+panelPad*u, y, k.w-(2*panelPad+button)*u, f)
		y += lineHeight * u
	}
	c := p.button(u)
	b.Add(draw.Item{Kind: draw.Cross, X: c.x + 7*u, Y: c.y + 7*u, W: c.w - 14*u, H: c.h - 14*u, Color: t.Secondary})
}

// button closes the panel.
func (p *panel) button(u float32) box {
	return box{p.box.x + p.box.w - (button+6)*u, p.box.y + 6*u, button * u, button * u}
}

// OnPanel tells whether a place of the last picture is on the panel.
func (b *Board) OnPanel(x, y float32) bool { return b.panel.box.holds(x, y) }

// OnClose tells whether it is on the button that closes the panel.
func (b *Board) OnClose(x, y float32) bool {
	return b.OnPanel(x, y) && b.panel.button(unit(b.state.W, b.state.Theme)).holds(x, y)
}

// corner is the corner of a part of the surface at which a w by h panel covers least of what matters.
func (b *Board) corner(within box, w, h float32) box {
	const in = 8
	right, bottom := within.x+within.w-w-in, within.y+within.h-h-in
	best, least := box{}, 1<<30
	for _, at := range [...][2]float32{{right, bottom}, {within.x + in, bottom}, {right, within.y + in}, {within.x + in, within.y + in}} {
		c := box{at[0], max(at[1], within.y), w, h}
		if cost := b.covered(c); cost < least {
			best, least = c, cost
		}
	}
	return best
}

// covered weighs what a panel would hide: pictures of what is chosen, and the line of the present.
func (b *Board) covered(c box) (cost int) {
	items := b.Items()
	for k := range items {
		i := &items[k]
		if i.Kind != draw.Words && b.state.Chosen.Marks(i.Of) && c.meets(box{i.X, min(i.Y, i.Y+i.H), i.W, max(i.H, -i.H)}) {
			cost++
			if i.Of == b.state.Chosen.Ref {
				cost += 20
			}
		}
	}
	if b.presentIn(c) {
		cost += 10
	}
	return cost
}

// presentIn tells whether the present lies between the times at a box's edges.
func (b *Board) presentIn(c box) bool {
	if b.state.View == views.None {
		return false
	}
	low, high, any := b.end+1, sim.Time(-1), false
	for _, x := range [...]float32{c.x, c.x + c.w/2, c.x + c.w} {
		for _, y := range [...]float32{c.y, c.y + c.h/2, c.y + c.h} {
			if t, ok := b.views.TimeAt(x, y); ok {
				low, high, any = min(low, t), max(high, t), true
			}
		}
	}
	return any && low <= b.state.At && b.state.At <= high
}
