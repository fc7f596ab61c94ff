package stage

import (
	"unicode"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/player"
	"keepalive/viz/views"
)

// keys are the native window's commands.
var keys = []struct {
	key ebiten.Key
	do  func(*Stage)
}{
	{ebiten.KeySpace, func(s *Stage) { s.player.Toggle() }},
	{ebiten.KeyRight, func(s *Stage) { s.player.Step(unit(), +1) }},
	{ebiten.KeyLeft, func(s *Stage) { s.player.Step(unit(), -1) }},
	{ebiten.KeyHome, func(s *Stage) { s.player.Pause(); s.player.Seek(0) }},
	{ebiten.KeyEnd, func(s *Stage) { s.player.Pause(); s.player.Seek(s.player.Duration()) }},
	{ebiten.KeyUp, func(s *Stage) { s.player.Faster(1) }},
	{ebiten.KeyDown, func(s *Stage) { s.player.Faster(-1) }},
	{ebiten.KeyF, func(*Stage) { ebiten.SetFullscreen(!ebiten.IsFullscreen()) }},
	{ebiten.KeyD, func(s *Stage) { s.SetTheme(s.opt.Theme.Other()) }},
	{ebiten.KeyT, func(s *Stage) { s.SetTheme(s.opt.Theme.Next()) }},
	{ebiten.KeyV, func(s *Stage) { s.SetView((s.opt.View + 1) % (views.Kind(len(views.Kinds)) + 1)) }},
}

// characters are commands too: where they are on a keyboard differs.
var characters = map[rune]func(*Stage){
	'+': func(s *Stage) { s.player.Faster(1) },
	'=': func(s *Stage) { s.player.Faster(1) }, // + without Shift on many keyboards
	'-': func(s *Stage) { s.player.Faster(-1) },
	'n': func(s *Stage) { s.Jump(trace.AnyMoment, +1) },
	'p': func(s *Stage) { s.Jump(trace.AnyMoment, -1) },
	',': func(s *Stage) { s.Follow(-1) },
	'.': func(s *Stage) { s.Follow(+1) },
}

// command is what a character stands for; nil: nothing. A digit is a view, 0 none.
func command(r rune) func(*Stage) {
	if k := views.Kind(r - '0'); r >= '0' && int(k) <= len(views.Kinds) {
		return func(s *Stage) { s.SetView(k) }
	}
	return characters[unicode.ToLower(r)]
}

// unit is a packet, an event with Shift, a round trip with Control.
func unit() player.Unit {
	switch {
	case ebiten.IsKeyPressed(ebiten.KeyShift):
		return player.Event
	case ebiten.IsKeyPressed(ebiten.KeyControl):
		return player.RoundTrip
	default:
		return player.Packet
	}
}

// Frames that a key is held before it repeats, and between two repeats.
const (
	repeatAfter = 24
	repeatEvery = 3
)

func pressed(k ebiten.Key) bool {
	held := inpututil.KeyPressDuration(k)
	return held == 1 || held > repeatAfter && held%repeatEvery == 0
}

// input obeys keys and the pointer. It returns ebiten.Termination when the user leaves.
func (s *Stage) input() error {
	if inpututil.IsKeyJustPressed(ebiten.KeyQ) || inpututil.IsKeyJustPressed(ebiten.KeyEscape) && !s.escape() {
		return ebiten.Termination
	}
	for _, k := range keys {
		if pressed(k.key) {
			k.do(s)
			s.dirty = true
		}
	}
	s.typed = ebiten.AppendInputChars(s.typed[:0])
	for _, r := range s.typed {
		if do := command(r); do != nil {
			do(s)
			s.dirty = true
		}
	}
	s.pointer()
	return nil
}

// escape undoes what is nearest: a choice, then the full screen. It tells whether there was something to undo.
func (s *Stage) escape() bool {
	switch {
	case s.choice.Kind != draw.Nothing:
		s.Choose(draw.Ref{})
	case ebiten.IsFullscreen():
		ebiten.SetFullscreen(false)
	default:
		return false
	}
	return true
}

// pointer plays, pauses and scrubs on the transport bar, and chooses elsewhere.
func (s *Stage) pointer() {
	px, py := ebiten.CursorPosition()
	x, y := float32(px)/s.scale, float32(py)/s.scale
	if inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft) {
		s.press(x, y)
	}
	if s.drag {
		s.player.Pause()
		s.player.Seek(sim.Time(float64(s.board.Bar().Part(x)) * float64(s.player.Duration())))
		s.dirty = true
		s.drag = ebiten.IsMouseButtonPressed(ebiten.MouseButtonLeft)
	}
}

func (s *Stage) press(x, y float32) {
	s.dirty = true
	switch g := s.board.Bar(); {
	case g.InButton(x, y):
		s.player.Toggle()
	case g.InScrubber(x, y):
		s.drag = true
	case s.board.OnClose(x, y):
		s.choice.shut = true
	case s.board.OnPanel(x, y):
	case !s.Point(x, y, MouseReach):
		s.Choose(draw.Ref{})
	}
}
