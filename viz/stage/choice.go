package stage

import (
	"keepalive/viz/draw"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// choice is what has been chosen, and what is said about it.
type choice struct {
	tell.Choice
	header string // of its message
	shut   bool   // the panel has been closed
}

// View is what is shown beneath the lanes.
func (s *Stage) View() views.Kind { return s.opt.View }

// SetView chooses what is shown beneath the lanes.
func (s *Stage) SetView(k views.Kind) { s.opt.View, s.dirty = k, true }

// Chosen is what has been chosen.
func (s *Stage) Chosen() tell.Choice { return s.choice.Choice }

// Choose marks a thing in every view and says what it is; the zero Ref, and what is not in the runs, is nothing. It is used
// within Do, or before the game runs.
func (s *Stage) Choose(ref draw.Ref) {
	s.choice, s.dirty, s.new = choice{Choice: tell.Choose(s.board.Runs(), ref)}, true, true
	if s.opt.Header == nil {
		return
	}
	for _, m := range s.Messages() {
		s.choice.header += s.opt.Header(m)
	}
}

// chose tells of a new choice.
func (s *Stage) chose() {
	if s.new && s.opt.Chose != nil {
		s.opt.Chose(s)
	}
	s.new = false
}

// How far from a thing one may point, in logical pixels: a packet is thinner than a mouse, and than a finger.
const (
	MouseReach  = 6
	FingerReach = 14
)

// Point chooses what lies within reach of a place of the picture, or else seeks to the time there. It tells whether there
// was either.
func (s *Stage) Point(x, y, reach float32) bool {
	if ref := s.board.Pick(x, y, reach); ref.Kind != draw.Nothing {
		s.Choose(ref)
		return true
	}
	t, ok := s.board.TimeAt(x, y)
	if ok {
		s.player.Pause()
		s.player.Seek(t)
	}
	return ok
}

// Follow chooses the next packet of the chosen thing's connection, or the one before, and goes to where it is sent.
func (s *Stage) Follow(dir int) {
	c := s.choice.Choice
	if c.Kind == draw.Nothing || c.Connection == 0 {
		return
	}
	if pkt := s.board.Runs()[c.Lane].Follow(c, dir); pkt != 0 {
		s.Choose(draw.Ref{Lane: c.Lane, Kind: draw.Packet, ID: pkt})
		s.player.Pause()
		s.player.Seek(s.choice.At)
	}
}

// Thing says what has been chosen; "": nothing.
func (s *Stage) Thing() string { return s.board.Thing(s.choice.Choice) }

// Explain has the picture say at the finish why each run is ahead of the next, or behind it.
func (s *Stage) Explain(why []string) {
	s.board.Explain(why)
	s.dirty = true
}

// Messages are the messages whose heads belong to what has been chosen.
func (s *Stage) Messages() []tell.Message { return s.choice.Messages(s.board.Runs(), nil) }

// Events are what is seen around the present.
func (s *Stage) Events(q tell.Around) []tell.Event {
	q.At = s.player.At()
	return s.board.Events(q, nil)
}
