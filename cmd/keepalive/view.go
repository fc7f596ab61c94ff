package main

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"strconv"
	"strings"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/spf13/cobra"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/scene"
	"keepalive/viz/stage"
)

// viewFlags are the flags of view alone.
type viewFlags struct {
	dark       bool
	size       string
	at         float64 // ms
	screenshot string
}

func viewCommand() *cobra.Command {
	var flags scenarioFlags
	var view viewFlags
	c := &cobra.Command{
		Use:   "view FILE",
		Short: "Watch a scenario's variants race, in a window",
		Long: `Watch a scenario's variants race, in a window, up to four at once.

  space          play, pause             + -    faster, slower
  left, right    step by a packet        home   to the beginning
     with shift  by an event             end    to the end
     with ctrl   by a round trip         F D    full screen, dark
  Q, escape      leave`,
		Example: `  keepalive view gallery
  keepalive view gallery --set link.rtt=300ms --dark
  keepalive view gallery --at 1046 --screenshot race.png`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			width, height, err := parseSize(view.size)
			if err != nil {
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
			if err := view.open(logs, width, height); err != nil {
				return failed{fmt.Errorf("view: %w (a window needs a display; run and compare need none)", err)}
			}
			return nil
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&view.dark, "dark", false, "begin with the dark theme")
	c.Flags().StringVar(&view.size, "size", "", "the window's size, WIDTHxHEIGHT in pixels; by default what the lanes need, if the screen has it")
	c.Flags().Float64Var(&view.at, "at", 0, "where to begin, in milliseconds of virtual time")
	c.Flags().StringVar(&view.screenshot, "screenshot", "", "write a picture to this PNG file, and leave")
	return c
}

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

// open shows the race until the user leaves, or until the picture is written.
func (v viewFlags) open(logs []*trace.Log, width, height int) error {
	var runs []*trace.Index
	for _, l := range logs {
		runs = append(runs, l.Index())
	}
	picture := &picture{file: v.screenshot}
	opt := stage.Options{Dark: v.dark, Controls: true, Margin: 12}
	if v.screenshot != "" {
		opt.Frame = picture.take
	}
	s := stage.New(runs, opt)
	s.Player().Seek(sim.Time(v.at * float64(sim.Millisecond)))
	stage.Prepare()
	if width == 0 {
		width, height = fitting(len(runs))
	}
	ebiten.SetWindowSize(width, height)
	ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
	if len(logs) > 0 {
		ebiten.SetWindowTitle("Keepalive: " + logs[0].Header.Scenario)
	}
	return errors.Join(ebiten.RunGame(s), picture.err)
}

// fitting is the size that some lanes need, or as much of it as the screen has beside a task bar and a title.
func fitting(lanes int) (width, height int) {
	width, height = 1392, 100+240*max(lanes, 1)
	if m := ebiten.Monitor(); m != nil {
		if w, h := m.Size(); w > 400 && h > 400 {
			width, height = min(width, w-40), min(height, h-100)
		}
	}
	return width, height
}

// picture writes the first frame to a file.
type picture struct {
	file string
	err  error
	done bool
}

func (p *picture) take(frame *ebiten.Image) error {
	if p.done {
		return nil
	}
	p.done = true
	pixels := image.NewRGBA(frame.Bounds())
	frame.ReadPixels(pixels.Pix)
	f, err := os.Create(p.file)
	if err != nil {
		p.err = err
		return ebiten.Termination
	}
	p.err = errors.Join(png.Encode(f, pixels), f.Close())
	return ebiten.Termination
}
