package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/viz/draw"
	"keepalive/viz/film"
	"keepalive/viz/scene"
	"keepalive/viz/stage"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// viewFlags are the flags of view alone.
type viewFlags struct {
	dark       bool
	theme      string
	view       string
	choose     string
	size       string
	at         float64 // ms
	screenshot string
	record     string
	from, to   float64 // ms; to is negative unless given
	speed      float64 // virtual time per time; 0: what suits
	fps        int
	scale      float64
}

func viewCommand() *cobra.Command {
	var flags scenarioFlags
	var view viewFlags
	c := &cobra.Command{
		Use:   "view FILE",
		Short: "Watch a scenario's variants race, in a window; or write a picture or an animation of the race",
		Long: `Watch a scenario's variants race, in a window, up to four at once.

  space          play, pause             + -    faster, slower
  left, right    step by a packet        N P    to the next or the previous handshake, first byte,
     with shift  by an event                    loss, timeout, closing or failure
     with ctrl   by a round trip         1 to 6 a view beneath the lanes: ladder, requests, connections,
  home, end      to an end                      window, sequence, server; 0 none, V the next
  click          choose a packet, a      , .    the previous or the next packet of the chosen connection
                 request or a connection F T D  full screen; the next theme; dark
  escape         choose nothing, leave   Q      leave

What is clicked is marked in every view and told in words; a click beside everything in a view goes to that time.

--screenshot and --record open no window and need no display. A recording ends with .gif, or with .png for a picture per
frame, of which other programs make films:

  ffmpeg -framerate 20 -i race-%04d.png race.webm`,
		Example: `  keepalive view gallery
  keepalive view gallery --set link.rtt=300ms --dark
  keepalive view gallery --view ladder --at 1046 --screenshot race.png
  keepalive view gallery --record race.gif --to 2000 --speed 0.2`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			width, height, err := parseSize(view.size)
			if err != nil {
				return err
			}
			if err := view.check(c.Flags().Changed); err != nil {
				return err
			}
			configs, err := flags.configs(c, args[0], true)
			if err != nil {
				return err
			}
			bar := newProgress(c.ErrOrStderr(), false)
			_, logs, err := lab.RunConfigs(c.Context(), configs[:min(len(configs), scene.Lanes)], lab.Options{Log: true, Progress: bar.update})
			bar.done()
			if err != nil {
				return failed{err}
			}
			if v := view.thing(); v.Kind != draw.Nothing && tell.Choose(tell.ReadAll(indexes(logs)), v).Kind == draw.Nothing {
				return fmt.Errorf("--choose: there is no %s in this race", v)
			}
			race, err := explained(configs, logs)
			if err != nil {
				return failed{err}
			}
			if view.screenshot != "" || view.record != "" {
				return view.write(c.Context(), c.ErrOrStderr(), race, width, height)
			}
			if err := view.open(race, width, height); err != nil {
				return failed{fmt.Errorf("view: %w (a window needs a display; --screenshot and --record need none)", err)}
			}
			return nil
		},
	}
	flags.add(c)
	view.add(c.Flags())
	return c
}

func (v *viewFlags) add(f *pflag.FlagSet) {
	f.StringVar(&v.view, "view", "none", "what is shown beneath the lanes: "+strings.Join(viewNames(), ", "))
	f.StringVar(&v.choose, "choose", "", "a thing to mark and to tell of, such as A:packet:12, B:request:3 or A:connection:1")
	f.StringVar(&v.theme, "theme", "light", "the theme to begin with: "+strings.Join(draw.ThemeNames[:], ", "))
	f.BoolVar(&v.dark, "dark", false, "begin with the dark theme")
	f.StringVar(&v.size, "size", "", "the window's or the picture's size, WIDTHxHEIGHT in pixels; by default what the lanes need, if the screen has it")
	f.Float64Var(&v.at, "at", 0, "where to begin, in milliseconds of virtual time")
	f.StringVar(&v.screenshot, "screenshot", "", "write a picture of that time to this file, .png or .svg")
	f.StringVar(&v.record, "record", "", "write an animation to this file: .gif, or .png for a picture per frame")
	f.Float64Var(&v.from, "from", 0, "where a recording begins, in milliseconds of virtual time")
	f.Float64Var(&v.to, "to", -1, "where a recording ends, in milliseconds of virtual time; by default where the race does")
	f.Lookup("to").DefValue = "0" // help would show the -1
	f.Float64Var(&v.speed, "speed", 0, "virtual time per time; by default a recording takes about ten seconds, and a window begins slower")
	f.IntVar(&v.fps, "fps", 20, fmt.Sprintf("frames per second of a recording, 1 to %d", film.MaxFPS))
	f.Float64Var(&v.scale, "scale", 1, "pixels of a picture or a recording per pixel of --size, 0.5 to 4")
}

// race is what is shown, and what it was made of.
type race struct {
	configs []model.Config
	logs    []*trace.Log
	why     []string
}

// explained is a race with the reasons why each run is ahead of the next.
func explained(configs []model.Config, logs []*trace.Log) (race, error) {
	r := race{configs: configs, logs: logs}
	ledger, err := lab.ExplainAll(logs)
	for _, w := range ledger.Why {
		r.why = append(r.why, w.Text)
	}
	return r, err
}

// header is the head of a message.
func (r race) header(m tell.Message) string { return r.configs[m.Lane].MessageText(m.Message) }

// parseSize reads WIDTHxHEIGHT; without any both are 0.
func parseSize(s string) (width, height int, err error) {
	if s == "" {
		return 0, 0, nil
	}
	w, h, ok := strings.Cut(s, "x")
	if ok {
		width, err = strconv.Atoi(w)
		if err == nil {
			height, err = strconv.Atoi(h)
		}
	}
	if !ok || err != nil || width < 200 || height < 200 || width > 16384 || height > 16384 {
		return 0, 0, fmt.Errorf("--size: want WIDTHxHEIGHT with 200 to 16384 pixels each, such as 1392x580, got %q", s)
	}
	return width, height, nil
}

// open shows the race until the user leaves.
func (v *viewFlags) open(race race, width, height int) error {
	logs := race.logs
	s := stage.New(indexes(logs), stage.Options{Theme: v.look(), View: v.kind(), Controls: true, Margin: 12, Header: race.header})
	s.Explain(race.why)
	s.Choose(v.thing())
	s.Player().Seek(virtual(v.at))
	if v.speed > 0 {
		s.Player().SetSpeed(virtual(1000 * v.speed))
	}
	stage.Prepare()
	if width == 0 {
		width, height = fitting(len(logs), v.kind())
	}
	ebiten.SetWindowSize(width, height)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	if len(logs) > 0 {
		ebiten.SetWindowTitle("Keepalive: " + logs[0].Header.Scenario)
	}
	return ebiten.RunGame(s)
}

// fitting is the size that some lanes need, or as much of it as the screen has beside a task bar and a title.
func fitting(lanes int, k views.Kind) (width, height int) {
	width, height = film.Size(lanes, k)
	if m := ebiten.Monitor(); m != nil {
		if w, h := m.Size(); w > 400 && h > 400 {
			width, height = min(width, w-40), min(height, h-100)
		}
	}
	return width, height
}
