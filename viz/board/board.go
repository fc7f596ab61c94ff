package board

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// State is what a picture shows. Lengths are in logical pixels.
type State struct {
	W, H   float32
	Margin float32     // around everything
	Theme  *draw.Theme // nil: light
	At     sim.Time
	View   views.Kind
	Chosen tell.Choice
	Panel  bool             // say in the picture what the chosen thing is
	Header string           // and this, line by line: the head of its message
	Bar    *scene.Transport // nil: no bar
}

// Board draws one race.
type Board struct {
	draw.Canvas
	runs  []*tell.Run
	scene *scene.Scene
	views *views.Views
	tell  tell.Teller
	end   sim.Time
	state State // of the last picture
	panel panel
}

// New makes a board of runs that end at end. What is beyond the lanes that a scene has is left out.
func New(runs []*tell.Run, end sim.Time) *Board {
	runs = runs[:min(len(runs), scene.Lanes)]
	b := &Board{runs: runs, scene: scene.New(runs), views: views.New(runs), end: end}
	b.tell = tell.Teller{Canvas: &b.panel.words, Runs: runs}
	return b
}

// Runs are the runs that the board draws.
func (b *Board) Runs() []*tell.Run { return b.runs }

// Scene is what draws the lanes. Its words do not disturb the last picture.
func (b *Board) Scene() *scene.Scene { return b.scene }

// Explain has the picture say at the finish why each run is ahead of the next, or behind it: a sentence for each pair of
// neighbours.
func (b *Board) Explain(why []string) { b.scene.Why = why }

// gap is the room between the lanes and the view.
const gap = 10

// Height is the height that suits n lanes and a view, w wide and without a margin.
func Height(w float32, n int, k views.Kind) float32 {
	h := scene.Height(w, n)
	if v := k.Height(w, n); v > 0 {
		h += gap + v
	}
	return h
}

// Draw returns what to draw. The items, and their text, hold until the next call.
func (b *Board) Draw(s State) []draw.Item {
	s.Theme = s.Theme.OrLight()
	b.Reset(s.Theme)
	lanes, frame := s.split(len(b.runs))
	frame.End = b.end
	b.scene.Draw(s.At, lanes)
	if s.Bar != nil {
		b.scene.DrawTransport(*s.Bar, lanes)
	}
	b.Append(&b.scene.Canvas)
	if frame.Kind != views.None {
		b.views.Draw(frame)
		b.Append(&b.views.Canvas)
	}
	b.state = s
	b.state.View = frame.Kind
	if s.Panel && s.Chosen.Kind != draw.Nothing {
		b.drawPanel(lanes)
	} else {
		b.panel.box = box{}
	}
	return b.Items()
}

// leastView is the least height of a view: with less room there is none.
const leastView = 120

// roomy is the height from which on a view's words may be larger than on a desktop.
const roomy = 280

// Fits tells whether a picture of n lanes has room for its view.
func Fits(s State, n int) bool {
	_, frame := s.split(n)
	return frame.Kind == s.View
}

// split shares the surface between n lanes and the view.
func (s *State) split(n int) (lanes scene.View, frame views.Frame) {
	lanes = scene.View{W: s.W, H: s.H, Theme: s.Theme, Margin: s.Margin, Chosen: s.Chosen}
	if s.Bar != nil {
		lanes.Bottom = lanes.TransportHeight()
	}
	w := s.W - 2*s.Margin
	wanted := s.View.Height(w, n)
	if wanted <= 0 || n == 0 {
		return lanes, frame
	}
	room := s.H - 2*s.Margin - lanes.Bottom - gap
	least := lanes.Least(n).H - 2*s.Margin - lanes.Bottom
	view := max(room-scene.Height(w, n), min(wanted, room*2/5))
	if view = min(view, room-least); view < leastView {
		return lanes, frame
	}
	frame = views.Frame{Kind: s.View, X: s.Margin, Y: s.H - s.Margin - lanes.Bottom - view, W: w, H: view,
		Unit: min(unit(s.W, s.Theme), max(view/roomy, 1)), Theme: s.Theme, At: s.At, Chosen: s.Chosen}
	lanes.Bottom += view + gap
	return lanes, frame
}

// unit is a logical pixel on a desktop, more on a wide screen, and more again on a wall.
func unit(w float32, t *draw.Theme) float32 {
	u := min(max(w/1392, 1), 1.6)
	if t == &draw.Projector {
		u *= 1.2
	}
	return u
}

// Bar is where the parts of the player's bar of the last picture stand.
func (b *Board) Bar() scene.TransportGrid {
	return scene.View{W: b.state.W, H: b.state.H, Margin: b.state.Margin}.TransportGrid()
}

// Pick is the thing within reach of a place of the last picture.
func (b *Board) Pick(x, y, reach float32) draw.Ref {
	if b.OnPanel(x, y) {
		return draw.Ref{}
	}
	return draw.Pick(b.Items(), x, y, reach)
}

// TimeAt is the time at a place of the last picture; false: no time runs there.
func (b *Board) TimeAt(x, y float32) (sim.Time, bool) {
	if b.state.View == views.None || b.OnPanel(x, y) {
		return 0, false
	}
	return b.views.TimeAt(x, y)
}

// Describe says in words what the picture shows at t.
func (b *Board) Describe(t sim.Time, kinds trace.Moments) string { return b.scene.Describe(t, kinds) }

// Thing says in words what has been chosen; "": nothing.
func (b *Board) Thing(c tell.Choice) string { return b.tell.Thing(c) }

// Events appends to buf what is seen around an instant.
func (b *Board) Events(q tell.Around, buf []tell.Event) []tell.Event { return b.tell.Events(q, buf) }
