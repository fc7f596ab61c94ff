package main

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/film"
	"keepalive/viz/views"
)

// What a file's ending says: how a picture is written, and how a recording.
var (
	pictureEndings = map[string]string{".png": "a picture", ".svg": "a drawing"}
	recordEndings  = map[string]string{".gif": "an animation", ".png": "a picture per frame, out-0001.png and on"}
)

// ending checks how a flag's file ends.
func ending(flag, file string, known map[string]string) error {
	got := strings.ToLower(filepath.Ext(file))
	if file == "" || known[got] != "" {
		return nil
	}
	var names []string
	for _, e := range []string{".gif", ".png", ".svg"} {
		if known[e] != "" {
			names = append(names, fmt.Sprintf("%s (%s)", e, known[e]))
		}
	}
	return fmt.Errorf("--%s: want a file that ends with %s, got %s", flag, strings.Join(names, " or "), file)
}

// check refuses flags that do not go together.
func (v *viewFlags) check(changed func(string) bool) error {
	switch {
	case !slices.Contains(viewNames(), v.view):
		return fmt.Errorf("--view: want %s, got %q", strings.Join(viewNames(), ", "), v.view)
	case draw.ThemeNamed(v.theme) == nil:
		return fmt.Errorf("--theme: want %s, got %q", strings.Join(draw.ThemeNames[:], ", "), v.theme)
	case v.chooseMistake() != nil:
		return fmt.Errorf("--choose: %w", v.chooseMistake())
	case v.dark && changed("theme") && v.theme != "dark":
		return errors.New("--dark and --theme: want one of them")
	case v.screenshot != "" && v.record != "":
		return errors.New("--record and --screenshot: want one of them")
	case v.record != "" && changed("at"):
		return errors.New("--at is where the window begins; a recording begins --from a time, and goes on --to one")
	case !(v.scale >= 0.5 && v.scale <= 4): // not a number is wrong too
		return fmt.Errorf("--scale: want 0.5 to 4 pixels per pixel of --size, got %v", v.scale)
	case changed("speed") && !(v.speed > 0):
		return fmt.Errorf("--speed: want virtual seconds per second, such as 0.2, got %v", v.speed)
	case changed("fps") && v.fps == 0:
		return fmt.Errorf("--fps: want 1 to %d frames per second, got 0", film.MaxFPS)
	}
	for i, ms := range []float64{v.at, v.from, v.to} {
		if name := []string{"at", "from", "to"}[i]; changed(name) && !(ms >= 0) {
			return fmt.Errorf("--%s: want a time that is not negative, got %v", name, ms)
		}
	}
	return v.checkUse(changed)
}

// viewNames are what --view may be.
func viewNames() []string {
	names := []string{views.None.String()}
	for _, k := range views.Kinds {
		names = append(names, k.String())
	}
	return names
}

// kind is the view that is asked for.
func (v *viewFlags) kind() views.Kind { return views.Kind(slices.Index(viewNames(), v.view)) }

// thing is what is to be chosen.
func (v *viewFlags) thing() draw.Ref {
	ref, _ := draw.ParseRef(v.choose)
	return ref
}

func (v *viewFlags) chooseMistake() error {
	_, err := draw.ParseRef(v.choose)
	return err
}

// look is the theme that is asked for.
func (v *viewFlags) look() *draw.Theme {
	if v.dark {
		return &draw.Dark
	}
	return draw.ThemeNamed(v.theme)
}

// checkUse refuses what would have no effect.
func (v *viewFlags) checkUse(changed func(string) bool) error {
	for _, name := range []string{"from", "to", "fps"} {
		if v.record == "" && changed(name) {
			return fmt.Errorf("--%s is for recordings: name a file with --record out.gif", name)
		}
	}
	if changed("scale") && v.record == "" && v.screenshot == "" {
		return errors.New("--scale is for pictures: name a file with --record out.gif or --screenshot out.png")
	}
	return errors.Join(ending("screenshot", v.screenshot, pictureEndings), ending("record", v.record, recordEndings))
}

// write makes the picture or the recording.
func (v *viewFlags) write(ctx context.Context, errs io.Writer, race race, width, height int) error {
	logs := race.logs
	o := film.Options{W: width, H: height, Scale: v.scale, Theme: v.look(), View: v.kind(), Chosen: v.thing(), Header: race.header, Why: race.why, FPS: v.fps, From: virtual(v.from), To: sim.Never}
	if v.to >= 0 {
		o.To = virtual(v.to)
	}
	if v.speed > 0 {
		o.Speed = max(virtual(1000*v.speed), 1)
	}
	f, err := film.New(indexes(logs), o)
	if err != nil {
		return fmt.Errorf("--%w", err)
	}
	if v.record != "" {
		err = v.roll(ctx, errs, f)
	} else {
		err = v.picture(f)
	}
	if err != nil {
		return failed{err}
	}
	return nil
}

// virtual is a time in ms as a sim.Time, at most the longest.
func virtual(ms float64) sim.Time {
	if ms > float64(sim.Never)/float64(sim.Millisecond)/2 {
		return sim.Never / 2
	}
	return sim.Time(ms * float64(sim.Millisecond))
}

func indexes(logs []*trace.Log) (runs []*trace.Index) {
	for _, l := range logs {
		runs = append(runs, l.Index())
	}
	return runs
}

// picture writes the race at one time.
func (v *viewFlags) picture(f *film.Film) error {
	return whole(v.screenshot, func(w io.Writer) error {
		if strings.EqualFold(filepath.Ext(v.screenshot), ".svg") {
			_, err := io.WriteString(w, f.SVG(virtual(v.at)))
			return err
		}
		return png.Encode(w, f.Picture(virtual(v.at)))
	})
}

// roll writes the recording.
func (v *viewFlags) roll(ctx context.Context, errs io.Writer, f *film.Film) error {
	bar := newProgress(errs, false)
	defer bar.done()
	told := func(done int) {
		bar.show(fmt.Sprintf("%s: frame %s of %s (Ctrl-C stops)", filepath.Base(v.record), group(int64(done)), group(int64(f.Frames()))))
	}
	if strings.EqualFold(filepath.Ext(v.record), ".gif") {
		return whole(v.record, func(w io.Writer) error { return f.WriteGIF(ctx, w, told) })
	}
	var written []string
	err := f.WritePNGs(ctx, func(k int, picture []byte) error {
		end := filepath.Ext(v.record)
		name := fmt.Sprintf("%s-%04d%s", strings.TrimSuffix(v.record, end), k+1, end)
		written = append(written, name)
		return whole(name, func(w io.Writer) error {
			_, err := w.Write(picture)
			return err
		})
	}, told)
	if err != nil {
		for _, name := range written {
			_ = os.Remove(name)
		}
	}
	return err
}

// whole writes a file that is there with all it should hold, or not at all.
func whole(file string, write func(io.Writer) error) error {
	part := file + ".part"
	f, err := os.Create(part)
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(part, file)
	}
	if err != nil {
		_ = os.Remove(part)
	}
	return err
}
