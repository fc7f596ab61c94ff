package stage

import (
	"sync"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/board"
	"keepalive/viz/draw"
	"keepalive/viz/player"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// Options choose how a stage is used.
type Options struct {
	Theme    *draw.Theme               // nil: light
	View     views.Kind                // beneath the lanes, to begin with
	Controls bool                      // a transport bar, keys and a panel of its own: a native window
	Margin   float32                   // around the picture, logical pixels
	Status   func(Status)              // called on every change, and at most ten times a second while playing; may be nil
	Header   func(tell.Message) string // the head of a message of what is chosen; may be nil
	// Chose is called when something else, or nothing any more, has been chosen; it may be nil.
	Chose func(*Stage)
	// Rest is called when nothing has changed for a while and nothing plays: no frame is needed until Do has been called
	// or the surface changes. It may be nil.
	Rest func()
}

// Status is what a page wants to know about the stage.
type Status struct {
	At      sim.Time
	End     sim.Time
	Playing bool
	Done    bool
	Speed   sim.Time
	Limit   sim.Time      // the greatest speed of use
	Text    func() string // what the picture shows, in words
}

// Stage is an ebiten.Game that plays a race.
type Stage struct {
	opt     Options
	player  *player.Player
	board   *board.Board
	painter painter
	w, h    float32 // logical pixels
	scale   float32 // device pixels per logical pixel
	choice  choice
	new     bool // the choice has not been told yet
	bar     scene.Transport
	dirty   bool
	last    time.Time // of Update
	told    Status    // the last Status handed out
	toldAt  time.Time
	drag    bool
	typed   []rune // characters of this frame
	hidden  bool
	still   int // frames since the last change

	kinds  trace.Moments // that are told first: those last jumped to
	notice string        // that a jump found nothing; it holds while the player stays
	stays  sim.Time

	mu       sync.Mutex
	commands []func(*Stage)
}

// New makes a stage of runs.
func New(runs []*trace.Index, opt Options) *Stage {
	s := &Stage{opt: opt, scale: 1, kinds: trace.AnyMoment}
	s.Load(runs)
	return s
}

// Load replaces the runs: paused, at the beginning, at a speed that suits their length.
func (s *Stage) Load(runs []*trace.Index) {
	s.player = player.New(runs)
	s.board = board.New(tell.ReadAll(runs), s.player.Duration())
	s.notice, s.dirty, s.choice, s.new = "", true, choice{}, false
}

// Player is the stage's player. It is used within Do, or before the game runs.
func (s *Stage) Player() *player.Player { return s.player }

// Jump moves to the next instant at which something of the given kinds happens, or to the one before, and tells of it. Where
// there is none it stays, and says so. It is used within Do, or before the game runs.
func (s *Stage) Jump(kinds trace.Moments, dir int) {
	s.kinds, s.notice = kinds, ""
	if !s.player.Jump(kinds, dir) {
		s.notice, s.stays = s.board.Scene().None(kinds, dir, s.player.At()), s.player.At()
	}
	s.Tell()
	s.dirty = true
}

// said is the notice, while it holds.
func (s *Stage) said() string {
	if s.stays != s.player.At() {
		s.notice = ""
	}
	return s.notice
}

// SetTheme chooses the theme; nil: light.
func (s *Stage) SetTheme(t *draw.Theme) { s.opt.Theme, s.dirty = t, true }

// SetHidden says that nobody can see the stage: the player goes on, but nothing is drawn until it is seen again.
func (s *Stage) SetHidden(hidden bool) { s.hidden = hidden }

// Tell hands out a Status with the next frame even if nothing changes.
func (s *Stage) Tell() { s.told = Status{At: -1} }

// Do has f called before the next frame. It may be called from any goroutine.
func (s *Stage) Do(f func(*Stage)) {
	s.mu.Lock()
	s.commands = append(s.commands, f)
	s.mu.Unlock()
}

func (s *Stage) obey() {
	s.mu.Lock()
	todo := s.commands
	s.commands = nil
	s.mu.Unlock()
	for _, f := range todo {
		f(s)
		s.dirty = true
	}
}

// longestFrame is how much wall time one frame may cover: a window that was hidden goes on where it was.
const longestFrame = 100 * time.Millisecond

// Update implements ebiten.Game.
func (s *Stage) Update() error {
	now := time.Now()
	wall := min(now.Sub(s.last), longestFrame)
	if s.still >= restAfter {
		wall = 0 // it has rested: no time has passed for it
	}
	s.last = now
	s.obey()
	if s.opt.Controls {
		if err := s.input(); err != nil {
			return err
		}
	}
	before := s.player.At()
	s.player.Advance(sim.Time(wall))
	if s.player.At() != before {
		s.dirty = true
	}
	s.report(now)
	s.chose()
	s.rest()
	return nil
}

// restAfter is how many frames without a change are enough: by then a picture has certainly been shown.
const restAfter = 8

// rest counts the frames in which nothing happens.
func (s *Stage) rest() {
	if s.player.Playing() || s.dirty && !s.hidden {
		s.still = 0
		return
	}
	if s.still++; s.still >= restAfter && s.opt.Rest != nil {
		s.opt.Rest()
	}
}

// report tells about a change: at once when playing begins or ends or the position jumps, else ten times a second.
func (s *Stage) report(now time.Time) {
	p := s.player
	if s.opt.Status == nil || p.Duration() == 0 { // nothing is loaded yet: there is no place to tell of
		return
	}
	v := Status{At: p.At(), End: p.Duration(), Playing: p.Playing(), Done: p.Done(), Speed: p.Speed(), Limit: p.Limit()}
	old := s.told
	if v.At == old.At && v.End == old.End && v.Playing == old.Playing && v.Speed == old.Speed {
		return
	}
	if v.Playing && old.Playing && now.Sub(s.toldAt) < 100*time.Millisecond {
		return
	}
	s.told, s.toldAt = v, now
	v.Text = func() string {
		if notice := s.said(); notice != "" {
			return notice + " " + s.board.Describe(p.At(), s.kinds)
		}
		return s.board.Describe(p.At(), s.kinds)
	}
	s.opt.Status(v)
	s.dirty = true // Text may have used the scene
}

// Draw implements ebiten.Game. It draws nothing while nothing changes.
func (s *Stage) Draw(screen *ebiten.Image) {
	if !s.dirty || s.hidden {
		return
	}
	s.dirty = false
	screen.Fill(s.opt.Theme.OrLight().Background)
	s.painter.paint(screen, s.scale, s.board.Draw(s.state()), s.board.Text)
}

// state is what the picture shows.
func (s *Stage) state() board.State {
	v := board.State{W: s.w, H: s.h, Margin: s.opt.Margin, Theme: s.opt.Theme, At: s.player.At(), View: s.opt.View, Chosen: s.choice.Choice}
	if s.opt.Controls {
		s.bar = s.transport()
		v.Bar, v.Panel, v.Header = &s.bar, !s.choice.shut, s.choice.header
	}
	return v
}

func (s *Stage) transport() scene.Transport {
	p := s.player
	return scene.Transport{At: p.At(), End: p.Duration(), Playing: p.Playing(), Speed: player.SpeedText(p.Speed()), Pace: player.PaceText(p.Speed()),
		Kinds: s.kinds, Notice: s.said()}
}

// Layout implements ebiten.Game.
func (s *Stage) Layout(w, h int) (int, int) {
	fw, fh := s.LayoutF(float64(w), float64(h))
	return int(fw), int(fh)
}

// LayoutF implements ebiten.LayoutFer: the picture has the device's own pixels.
func (s *Stage) LayoutF(w, h float64) (float64, float64) {
	scale := 1.0
	if m := ebiten.Monitor(); m != nil {
		scale = m.DeviceScaleFactor()
	}
	if float32(w) != s.w || float32(h) != s.h || float32(scale) != s.scale {
		s.w, s.h, s.scale, s.dirty = float32(w), float32(h), float32(scale), true
	}
	return w * scale, h * scale
}

// Prepare sets Ebitengine up for a stage: one update per frame, frames kept while nothing changes.
func Prepare() {
	ebiten.SetScreenClearedEveryFrame(false)
	ebiten.SetRunnableOnUnfocused(true)
	ebiten.SetTPS(ebiten.SyncWithFPS)
}
