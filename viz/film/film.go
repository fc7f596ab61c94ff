package film

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/board"
	"keepalive/viz/draw"
	"keepalive/viz/paint"
	"keepalive/viz/player"
	"keepalive/viz/scene"
	"keepalive/viz/svg"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// Limits.
const (
	MaxFrames = 6000                   // five minutes at 20 a second
	MaxPixels = 16 * 1024 * 1024       // of a picture: more than 4K
	MaxFPS    = 50                     // a GIF counts hundredths of a second, and viewers slow down what is shown for less than two
	Slowest   = 10 * sim.Microsecond   // of virtual time per second
	Fastest   = 1_000_000 * sim.Second // of virtual time per second: eleven days
)

// margin is the room around the picture, in logical pixels: that of the window.
const margin = 12

// Options choose a film. Times are virtual.
type Options struct {
	W, H   int                       // logical pixels; 0: what the lanes need
	Scale  float64                   // pixels per logical pixel, from 0.5 to 4; 0: 1
	Theme  *draw.Theme               // nil: light
	View   views.Kind                // beneath the lanes
	Chosen draw.Ref                  // is marked, and said in words; what is not in the runs is nothing
	Why    []string                  // why each run is ahead of the next, or behind it: said at the finish
	Header func(tell.Message) string // the head of a message; may be nil
	From   sim.Time
	To     sim.Time // Never: the end of the race; beyond the end: the end
	Speed  sim.Time // virtual time per second of the film, from Slowest to Fastest; 0: PleasantSpeed
	FPS    int      // frames per second, from 1 to MaxFPS; 0: 20
}

// Film is a part of a race, to be painted. It may be used by several goroutines at once.
type Film struct {
	o      Options
	runs   []*trace.Index
	view   scene.View
	end    sim.Time
	frames int
}

// Mistake is an option that cannot be followed: Option is its name in lower case.
type Mistake struct{ Option, Problem string }

func (m Mistake) Error() string { return m.Option + ": " + m.Problem }

// New makes a film of runs. Its errors are Mistakes.
func New(runs []*trace.Index, o Options) (*Film, error) {
	f := &Film{o: o, runs: runs, end: player.New(runs).Duration()}
	f.defaults(len(runs))
	f.view = scene.View{W: float32(f.o.W), H: float32(f.o.H), Margin: margin}
	f.view.Bottom = f.view.TransportHeight()
	if err := f.check(); err != nil {
		return nil, err
	}
	f.frames = f.count()
	return f, nil
}

// Size is what some lanes and a view beneath them need, in logical pixels.
func Size(lanes int, k views.Kind) (w, h int) {
	w, h = 1392, 100+240*max(lanes, 1)
	return w, h + int(k.Height(float32(w-2*margin), lanes))
}

func (f *Film) defaults(lanes int) {
	o := &f.o
	if o.W == 0 {
		o.W, o.H = Size(lanes, o.View)
	}
	if o.Scale == 0 {
		o.Scale = 1
	}
	if o.FPS == 0 {
		o.FPS = 20
	}
	o.To = min(o.To, f.end)
	if o.Speed == 0 {
		o.Speed = PleasantSpeed(o.To - o.From)
	}
}

// PleasantSpeed is a round speed at which a span of virtual time takes about ten seconds.
func PleasantSpeed(span sim.Time) sim.Time {
	want := min(max(span/10, Slowest), Fastest)
	ten := sim.Time(1)
	for ten <= want/10 {
		ten *= 10
	}
	best := ten
	for _, tenths := range []sim.Time{12, 15, 20, 25, 30, 40, 50, 60, 80, 100} {
		if v := ten * tenths / 10; math.Abs(math.Log(float64(v)/float64(want))) < math.Abs(math.Log(float64(best)/float64(want))) {
			best = v
		}
	}
	return best
}

func (f *Film) check() error {
	o := f.o
	w, h := f.Pixels()
	lanes := min(max(len(f.runs), 1), scene.Lanes)
	least := f.view.Least(lanes)
	switch {
	case f.view.W < least.W || f.view.H < least.H:
		return Mistake{"size", fmt.Sprintf("the lanes (%d) do not fit into %dx%d: want at least %vx%v, and --scale for fewer pixels", lanes, o.W, o.H, least.W, least.H)}
	case o.View != views.None && !board.Fits(board.State{W: f.view.W, H: f.view.H, Margin: margin, View: o.View, Bar: &scene.Transport{}}, lanes):
		return Mistake{"size", fmt.Sprintf("%dx%d has no room for a view beneath the lanes (%d): want more height", o.W, o.H, lanes)}
	case o.Scale < 0.5 || o.Scale > 4:
		return Mistake{"scale", fmt.Sprintf("want 0.5 to 4 pixels per logical pixel, got %v", o.Scale)}
	case w*h > MaxPixels:
		return Mistake{"size", fmt.Sprintf("%d x %d pixels are more than the %d million of a picture: choose a smaller size or scale", w, h, MaxPixels/1_000_000)}
	case o.From < 0:
		return Mistake{"from", "want a time that is not negative, got " + o.From.Milliseconds() + " ms"}
	case o.From > f.end:
		return Mistake{"from", fmt.Sprintf("%s ms is after the end of the race, %s ms", o.From.Milliseconds(), f.end.Milliseconds())}
	case o.From > o.To:
		return Mistake{"from", fmt.Sprintf("%s ms is after --to, %s ms", o.From.Milliseconds(), o.To.Milliseconds())}
	case o.FPS < 1 || o.FPS > MaxFPS:
		return Mistake{"fps", fmt.Sprintf("want 1 to %d frames per second, got %d", MaxFPS, o.FPS)}
	case o.Speed < Slowest || o.Speed > Fastest:
		return Mistake{"speed", fmt.Sprintf("want %v to %v seconds of virtual time per second", seconds(Slowest), seconds(Fastest))}
	}
	return f.checkLength()
}

// checkLength says of a film that is too long what would do.
func (f *Film) checkLength() error {
	n := f.count()
	if n <= MaxFrames {
		return nil
	}
	span := float64(f.o.To - f.o.From)
	say := fmt.Sprintf("%d frames are more than %d: choose a shorter part with --from and --to, or a --speed of at least %s",
		n, MaxFrames, seconds(roundUp(sim.Time(span*float64(f.o.FPS)/(MaxFrames-2)))))
	if fps := int((MaxFrames - 2) * float64(f.o.Speed) / span); fps > 0 {
		say += fmt.Sprintf(", or a --fps of at most %d", fps)
	}
	return Mistake{"speed", say}
}

// roundUp keeps two digits of a speed.
func roundUp(v sim.Time) sim.Time {
	ten := sim.Time(1)
	for v/ten >= 100 {
		ten *= 10
	}
	return (v + ten - 1) / ten * ten
}

func seconds(t sim.Time) string {
	return strconv.FormatFloat(float64(t)/float64(sim.Second), 'f', -1, 64)
}

// count is how many frames show the film's part, its two ends among them.
func (f *Film) count() int {
	n := math.Ceil(float64(f.o.To-f.o.From) * float64(f.o.FPS) / float64(f.o.Speed))
	return int(min(n, math.MaxInt32)) + 1
}

// Frames is how many frames the film has.
func (f *Film) Frames() int { return f.frames }

// Pixels is the size of a picture.
func (f *Film) Pixels() (w, h int) {
	return int(math.Round(float64(f.o.W) * f.o.Scale)), int(math.Round(float64(f.o.H) * f.o.Scale))
}

// At is the virtual time that frame k shows.
func (f *Film) At(k int) sim.Time {
	if k >= f.frames-1 {
		return f.o.To
	}
	whole, part := sim.Time(k/f.o.FPS), sim.Time(k%f.o.FPS)
	return f.o.From + whole*f.o.Speed + part*f.o.Speed/sim.Time(f.o.FPS)
}

// Picture is the race at t.
func (f *Film) Picture(t sim.Time) *image.RGBA { return f.camera().take(t) }

// SVG is the race at t as SVG text, of which the description says in words what is seen.
func (f *Film) SVG(t sim.Time) string {
	c := f.camera()
	about := c.board.Describe(f.within(t), trace.AnyMoment)
	items := c.draw(t)
	name := ""
	if len(f.runs) > 0 {
		name = f.runs[0].Log().Header.Scenario
	}
	return svg.Scene(items, c.board.Text, svg.SceneOptions{W: f.o.W, H: f.o.H, Scale: f.o.Scale, Ground: f.ground(), Title: name, About: about})
}

func (f *Film) within(t sim.Time) sim.Time { return min(max(t, 0), f.end) }

func (f *Film) ground() color.NRGBA { return f.o.Theme.OrLight().Background }

// camera is what one goroutine needs to take pictures.
type camera struct {
	film   *Film
	board  *board.Board
	bar    scene.Transport
	paint  *paint.Painter
	image  *image.RGBA
	chosen tell.Choice
	header string
}

func (f *Film) camera() *camera {
	w, h := f.Pixels()
	bar := scene.Transport{End: f.end, Speed: player.SpeedText(f.o.Speed), Pace: player.PaceText(f.o.Speed), Still: true}
	c := &camera{film: f, board: board.New(tell.ReadAll(f.runs), f.end), bar: bar, paint: paint.New(), image: image.NewRGBA(image.Rect(0, 0, w, h))}
	c.board.Explain(f.o.Why)
	if c.chosen = tell.Choose(c.board.Runs(), f.o.Chosen); c.chosen.Kind != draw.Nothing && f.o.Header != nil {
		for _, m := range c.chosen.Messages(c.board.Runs(), nil) {
			c.header += f.o.Header(m)
		}
	}
	return c
}

// take paints the race at t; the picture holds until the next one is taken.
func (c *camera) take(t sim.Time) *image.RGBA {
	items := c.draw(t)
	c.paint.Paint(c.image, float32(c.film.o.Scale), c.film.ground(), items, c.board.Text)
	return c.image
}

func (c *camera) draw(t sim.Time) []draw.Item { return c.board.Draw(c.state(t)) }

func (c *camera) state(t sim.Time) board.State {
	f := c.film
	c.bar.At = f.within(t)
	return board.State{W: float32(f.o.W), H: float32(f.o.H), Margin: margin, Theme: f.o.Theme, At: c.bar.At, View: f.o.View, Bar: &c.bar,
		Chosen: c.chosen, Panel: true, Header: c.header}
}
