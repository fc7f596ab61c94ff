package film_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/draw"
	"image/gif"
	"image/png"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	pens "keepalive/viz/draw"
	"keepalive/viz/film"
	"keepalive/viz/scene"
)

const ms = sim.Millisecond

var races sync.Map

// race runs a shipped scenario once.
func race(t testing.TB, name string) []*trace.Index {
	if runs, ok := races.Load(name); ok {
		return runs.([]*trace.Index)
	}
	f, err := scenarios.Load(name)
	require.NoError(t, err)
	configs := f.Variants()
	_, logs, err := lab.RunConfigs(context.Background(), configs[:min(len(configs), scene.Lanes)], lab.Options{Log: true})
	require.NoError(t, err)
	var runs []*trace.Index
	for _, l := range logs {
		runs = append(runs, l.Index())
	}
	races.Store(name, runs)
	return runs
}

func newFilm(t testing.TB, name string, o film.Options) *film.Film {
	f, err := film.New(race(t, name), o)
	require.NoError(t, err)
	return f
}

func animation(t testing.TB, f *film.Film) []byte {
	var b bytes.Buffer
	require.NoError(t, f.WriteGIF(context.Background(), &b, nil))
	return b.Bytes()
}

// played is what a viewer shows, frame by frame.
func played(t *testing.T, g *gif.GIF) (frames []*image.RGBA) {
	screen := image.NewRGBA(image.Rect(0, 0, g.Config.Width, g.Config.Height))
	for _, p := range g.Image {
		draw.Draw(screen, p.Rect, p, p.Rect.Min, draw.Over)
		shown := image.NewRGBA(screen.Rect)
		copy(shown.Pix, screen.Pix)
		frames = append(frames, shown)
	}
	return frames
}

func decoded(t *testing.T, data []byte) *gif.GIF {
	g, err := gif.DecodeAll(bytes.NewReader(data))
	require.NoError(t, err)
	return g
}

// apart is the mean difference of the colours, and the largest.
func apart(a, b *image.RGBA) (mean float64, most int) {
	for i := range a.Pix {
		d := max(int(a.Pix[i])-int(b.Pix[i]), int(b.Pix[i])-int(a.Pix[i]))
		mean += float64(d)
		most = max(most, d)
	}
	return mean / float64(len(a.Pix)), most
}

func TestAGIFHasItsFramesTheirTimesAndTheirSize(t *testing.T) {
	f := newFilm(t, "gallery", film.Options{W: 900, H: 420, From: 1000 * ms, To: 1100 * ms, Speed: 100 * ms, FPS: 30})
	g := decoded(t, animation(t, f))
	require.Equal(t, 31, f.Frames())
	require.Len(t, g.Image, 31)
	require.Equal(t, 0, g.LoopCount, "for ever")
	require.Equal(t, image.Config{ColorModel: g.Config.ColorModel, Width: 900, Height: 420}, g.Config)
	sum := 0
	for _, d := range g.Delay[:30] {
		require.Contains(t, []int{3, 4}, d)
		sum += d
	}
	require.Equal(t, 100, sum, "100 ms at 100 ms a second")
	require.Equal(t, 200, g.Delay[30])
	require.Equal(t, 1000*ms, f.At(0))
	require.Equal(t, 1050*ms, f.At(15))
	require.Equal(t, 1100*ms, f.At(30))
}

// The pipes' part of the picture differs from frame to frame while packets fly.
func TestConsecutiveFramesDifferWherePacketsMove(t *testing.T) {
	f := newFilm(t, "gallery", film.Options{W: 1392, H: 580, From: 1000 * ms, To: 1030 * ms, Speed: 100 * ms})
	frames := played(t, decoded(t, animation(t, f)))
	require.Len(t, frames, 7)
	pipes := image.Rect(290, 60, 1006, 450)
	for k := range frames[1:] {
		moved := 0
		for y := pipes.Min.Y; y < pipes.Max.Y; y++ {
			for x := pipes.Min.X; x < pipes.Max.X; x++ {
				if frames[k].RGBAAt(x, y) != frames[k+1].RGBAAt(x, y) {
					moved++
				}
			}
		}
		require.Greater(t, moved, 20, "frame %d", k+1)
	}
}

// What a GIF shows is the picture of that time, but for a palette of 256 colours.
func TestEachFrameIsThePictureOfItsTime(t *testing.T) {
	for name, dark := range map[string]bool{"gallery": false, "http2": false, "mobile": true, "tls": true} {
		f := newFilm(t, name, film.Options{W: 900, H: 700, Theme: pens.Themed(dark), FPS: 1, To: sim.Never})
		frames := played(t, decoded(t, animation(t, f)))
		require.Len(t, frames, f.Frames())
		for k, frame := range frames {
			mean, most := apart(frame, f.Picture(f.At(k)))
			require.Less(t, mean, 0.15, "%s, frame %d", name, k)
			require.Less(t, most, 90, "%s, frame %d", name, k)
		}
	}
}

func TestAPictureOfAFilmIsThatFrame(t *testing.T) {
	f := newFilm(t, "gallery", film.Options{W: 600, H: 640, From: 1000 * ms, To: 1040 * ms, Speed: 200 * ms})
	var pictures [][]byte
	require.NoError(t, f.WritePNGs(context.Background(), func(k int, picture []byte) error {
		require.Len(t, pictures, k)
		pictures = append(pictures, picture)
		return nil
	}, nil))
	require.Len(t, pictures, f.Frames())
	for k, p := range pictures {
		got, err := png.Decode(bytes.NewReader(p))
		require.NoError(t, err)
		want := f.Picture(f.At(k))
		require.Equal(t, want.Rect, got.Bounds())
		require.True(t, bytes.Equal(want.Pix, got.(*image.RGBA).Pix), "frame %d", k)
	}
}

// The last frame is that of the end, when every object is there.
func TestTheLastFrameShowsTheFinish(t *testing.T) {
	runs := race(t, "gallery")
	f := newFilm(t, "gallery", film.Options{W: 900, H: 420, FPS: 2, To: sim.Never})
	end := f.At(f.Frames() - 1)
	for _, x := range runs {
		require.GreaterOrEqual(t, end, x.Log().Header.Finished)
	}
	require.Contains(t, f.SVG(end), "20 of 20 objects")
	require.Contains(t, f.SVG(end), "earlier: 19 handshakes fewer")
	frames := played(t, decoded(t, animation(t, f)))
	mean, _ := apart(frames[len(frames)-1], f.Picture(end))
	require.Less(t, mean, 0.15)
}

func TestAFilmIsTheSameOnOneCoreAndOnMany(t *testing.T) {
	f := newFilm(t, "page", film.Options{W: 600, H: 640, FPS: 5, To: sim.Never})
	many := animation(t, f)
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	require.True(t, bytes.Equal(many, animation(t, f)))
}

func TestAFilmTakesAboutTenSeconds(t *testing.T) {
	for _, name := range []string{"gallery", "page", "satellite", "lan", "tls", "proxy-502"} {
		f := newFilm(t, name, film.Options{To: sim.Never})
		require.InDelta(t, 200, f.Frames(), 30, name)
	}
	require.Equal(t, 400*ms, film.PleasantSpeed(4200*ms))
	require.Equal(t, film.Fastest, film.PleasantSpeed(sim.Never/2))
	require.Equal(t, 10*sim.Microsecond, film.PleasantSpeed(0))
}

func TestAFilmThatIsStoppedSaysSoAndStops(t *testing.T) {
	f := newFilm(t, "gallery", film.Options{W: 600, H: 640, To: sim.Never})
	ctx, stop := context.WithCancel(context.Background())
	var b bytes.Buffer
	err := f.WriteGIF(ctx, &b, func(done int) {
		if done == 20 {
			stop()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	broken := errors.New("disk full")
	err = f.WritePNGs(context.Background(), func(k int, _ []byte) error {
		if k == 5 {
			return broken
		}
		return nil
	}, nil)
	require.ErrorIs(t, err, broken)
}

func TestWhatCannotBeFilmedIsRefusedWithAWayOut(t *testing.T) {
	for want, o := range map[string]film.Options{
		"from: 3000 ms is after --to, 1000 ms":                                           {From: 3000 * ms, To: 1000 * ms},
		"from: 3600000 ms is after the end of the race":                                  {From: sim.Hour, To: sim.Never},
		"from: want a time that is not negative":                                         {From: -ms, To: sim.Never},
		"fps: want 1 to 50 frames per second, got 60":                                    {FPS: 60, To: sim.Never},
		"scale: want 0.5 to 4 pixels per logical pixel, got 9":                           {Scale: 9, To: sim.Never},
		"size: 20000 x 1000 pixels are more than":                                        {W: 20000, H: 1000, To: sim.Never},
		"size: the lanes (2) do not fit into 900x300: want at least 820x":                {W: 900, H: 300, To: sim.Never},
		"size: the lanes (2) do not fit into 200x800: want at least 253x":                {W: 200, H: 800, To: sim.Never},
		"speed: want 0.00001 to 1000000 seconds":                                         {Speed: 1, To: sim.Never},
		"frames are more than 6000: choose a shorter part with --from and --to, or a --": {Speed: ms, To: sim.Never},
	} {
		_, err := film.New(race(t, "gallery"), o)
		var m film.Mistake
		require.ErrorAs(t, err, &m, want)
		require.Contains(t, err.Error(), want)
	}
}

// The way out that a film that is too long is offered leads out.
func TestAFilmThatIsTooLongFitsAtTheSpeedItIsOffered(t *testing.T) {
	_, err := film.New(race(t, "gallery"), film.Options{Speed: 10 * ms, To: sim.Never})
	require.ErrorContains(t, err, "a --speed of at least 0.015, or a --fps of at most 14")
	for _, o := range []film.Options{{Speed: 15 * ms, To: sim.Never}, {Speed: 10 * ms, FPS: 14, To: sim.Never}} {
		f := newFilm(t, "gallery", o)
		require.LessOrEqual(t, f.Frames(), film.MaxFrames)
	}
}

func BenchmarkFrame(b *testing.B) {
	f := newFilm(b, "gallery", film.Options{To: sim.Never})
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		require.NoError(b, f.WriteGIF(context.Background(), &out, nil))
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*f.Frames()), "ms/frame")
	b.ReportMetric(float64(out.Len())/1000, "kB")
}
