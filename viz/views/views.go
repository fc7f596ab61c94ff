package views

import (
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// Kind is a view.
type Kind uint8

// The views.
const (
	None Kind = iota
	Ladder
	Requests
	Connections
	Window
	Sequence
	Server
)

// Kinds are the views, in the order in which they are offered.
var Kinds = [...]Kind{Ladder, Requests, Connections, Window, Sequence, Server}

// String is the view's name.
func (k Kind) String() string {
	return [...]string{"none", "ladder", "requests", "connections", "window", "sequence", "server"}[k]
}

// Frame is where a view is drawn, and what it shows. Lengths are in logical pixels.
type Frame struct {
	Kind       Kind
	X, Y, W, H float32
	Unit       float32     // a logical pixel on a desktop, more on a projector
	Theme      *draw.Theme // nil: light
	At, End    sim.Time    // the present, and where the race ends
	Chosen     tell.Choice
}

// Height is the height that suits a view of n runs, w wide.
func (k Kind) Height(w float32, n int) float32 {
	switch k {
	case None:
		return 0
	case Ladder:
		return 360
	default:
		return alongHeight(k, w, n)
	}
}

// Views draws the views of one race.
type Views struct {
	draw.Canvas
	runs []*tell.Run
	last Kind     // that was drawn last
	down ladder   // the view whose time runs down
	time timeline // the views whose time runs to the right
}

// New makes views of a race.
func New(runs []*tell.Run) *Views { return &Views{runs: runs} }

// Draw returns what to draw. The items, and their text, hold until the next call.
func (v *Views) Draw(f Frame) []draw.Item {
	theme := f.Theme.OrLight()
	v.Reset(theme)
	v.last = f.Kind
	if f.Kind == None {
		return nil
	}
	v.Panel(f.X, f.Y, f.W, f.H, 12*f.Unit, theme.Card, theme.Line)
	switch f.Kind {
	case Ladder:
		v.ladder(f)
	default:
		v.along(f)
	}
	return v.Items()
}

// TimeAt is the time at a place of the last view drawn; false: there is no time axis there.
func (v *Views) TimeAt(x, y float32) (sim.Time, bool) {
	switch v.last {
	case None:
		return 0, false
	case Ladder:
		return v.down.g.timeAt(x, y)
	default:
		return v.time.timeAt(x, y)
	}
}
