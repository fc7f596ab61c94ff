package scene_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"pgregory.net/rapid"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/draw/rastertest"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
)

const ms = sim.Millisecond

var update = flag.Bool("update", false, "rewrite the pictures that the tests expect")

// surfaces are a desktop, a laptop's column, a phone, a wide phone, and a projector.
var surfaces = []scene.View{{W: 1392, H: 500}, {W: 900, H: 460, Theme: &draw.Dark}, {W: 380, H: 640}, {W: 640, H: 900}, {W: 1920, H: 1080, Margin: 16}}

// listing writes items as a person reads them: a line each, text in quotes.
func listing(s *scene.Scene, items []draw.Item) string {
	var b strings.Builder
	names := []string{"rect", "arrow", "cross", "tri", "words"}
	for i := range items {
		it := &items[i]
		fmt.Fprintf(&b, "%-5s %4.0f %4.0f %4.0f %4.0f  #%02x%02x%02x", names[it.Kind], it.X, it.Y, it.W, it.H, it.Color.R, it.Color.G, it.Color.B)
		for _, f := range []struct {
			on   bool
			name string
		}{{it.Stroke > 0 && !it.Dashed, "outline"}, {it.Dashed, "dashed"}, {it.Flip, "flipped"}, {it.Smooth, "moving"}, {it.Bold, "bold"}} {
			if f.on {
				b.WriteString(" " + f.name)
			}
		}
		if it.Kind == draw.Words {
			fmt.Fprintf(&b, " %q", s.Text(it))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTheGalleryAfterOneSecondIsDrawnLikeThis(t *testing.T) {
	s := scene.New(tell.ReadAll(race(t, "gallery")))
	got := listing(s, s.Draw(1040*ms, scene.View{W: 1392, H: 500}))
	const file = "testdata/gallery-1040ms.txt"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "look at the difference; go test ./viz/scene -update accepts it")
}

func TestAPictureDependsOnTheTimeAloneNotOnWhatWasDrawnBefore(t *testing.T) {
	runs := race(t, "page")
	used := scene.New(tell.ReadAll(runs))
	rapid.Check(t, func(t *rapid.T) {
		at := sim.Time(rapid.Int64Range(0, int64(4*sim.Second)).Draw(t, "at"))
		v := rapid.SampledFrom(surfaces).Draw(t, "surface")
		fresh := scene.New(tell.ReadAll(runs))
		require.Equal(t, listing(fresh, fresh.Draw(at, v)), listing(used, used.Draw(at, v)))
	})
}

func TestNothingIsDrawnOutsideTheSurface(t *testing.T) {
	eachPicture(t, func(t require.TestingT, s *scene.Scene, v scene.View, items []draw.Item) {
		for i := range items {
			x0, y0, x1, y1 := extent(&items[i])
			inside := x0 >= -0.5 && y0 >= -0.5 && x1 <= v.W+0.5 && y1 <= v.H+0.5
			if v.W >= 820 || items[i].Kind == draw.Words { // a phone's page is as high as Height says
				inside = x0 >= -0.5 && x1 <= v.W+0.5
			}
			if !inside {
				require.Fail(t, "outside the surface", "%q %+v", s.Text(&items[i]), items[i])
			}
		}
	})
}

func TestNoWordsOverlap(t *testing.T) {
	eachPicture(t, func(t require.TestingT, s *scene.Scene, v scene.View, items []draw.Item) {
		words := slices.DeleteFunc(slices.Clone(items), func(i draw.Item) bool { return i.Kind != draw.Words || i.Smooth && i.Bold })
		for i := range words {
			a := &words[i]
			ax0, ay0, ax1, ay1 := extent(a)
			for k := range words[:i] {
				b := &words[k]
				bx0, by0, bx1, by1 := extent(b)
				if a.Smooth == b.Smooth && ax1 > bx0 && bx1 > ax0 && ay1 > by0 && by1 > ay0 {
					require.Fail(t, "words overlap", "%v x %v: %q over %q", v.W, v.H, s.Text(a), s.Text(b))
				}
			}
		}
	})
}

// extent is the box around an item; of text, around its capitals.
func extent(i *draw.Item) (x0, y0, x1, y1 float32) {
	if i.Kind != draw.Words {
		return i.X, i.Y, i.X + i.W, i.Y + i.H
	}
	x := i.X
	switch i.Align {
	case draw.Center:
		x -= i.W / 2
	case draw.Right:
		x -= i.W
	}
	return x, i.Y - 0.72*i.H, x + i.W, i.Y
}

// eachPicture visits pictures of every race on every surface.
func eachPicture(t *testing.T, look func(require.TestingT, *scene.Scene, scene.View, []draw.Item)) {
	for _, kind := range []string{"gallery", "page", "busy", "http2", "tls", "proxy"} {
		runs := race(t, kind)
		s := scene.New(tell.ReadAll(runs))
		for _, v := range surfaces {
			for at := sim.Time(0); at < 5*sim.Second; at += 97 * ms {
				look(t, s, v, s.Draw(at, v))
			}
		}
	}
	for _, kind := range []string{"accept-queue", "busy-server", "loss-bursts", "mobile", "pinned", "ports", "slowloris", "upstream-keepalive", "worker-connections"} {
		runs := race(t, kind)
		s := scene.New(tell.ReadAll(runs))
		end := sim.Time(0)
		for _, x := range runs {
			end = max(end, x.Final().At)
		}
		for _, v := range surfaces {
			if v.Bottom = 0; v.H < scene.Height(v.W, len(runs)) {
				v.H = scene.Height(v.W, len(runs))
			}
			for at := sim.Time(0); at <= end; at += end/13 + 1 {
				look(t, s, v, s.Draw(at, v))
			}
		}
	}
}

func TestPlayingAllocatesNothingPerFrame(t *testing.T) {
	for _, kind := range []string{"gallery", "page", "busy", "http2", "proxy"} {
		s := scene.New(tell.ReadAll(race(t, kind)))
		v, at := surfaces[0], sim.Time(0)
		frame := func() {
			if at += 7 * ms; at > 4*sim.Second {
				at = 0
			}
			s.Draw(at, v)
		}
		for range 1200 {
			frame()
		}
		require.Zero(t, testing.AllocsPerRun(300, frame), kind)
	}
}

// says tells whether a picture holds a line of text.
func says(s *scene.Scene, items []draw.Item) string {
	var all []string
	for i := range items {
		if items[i].Kind == draw.Words {
			all = append(all, string(s.Text(&items[i])))
		}
	}
	return strings.Join(all, "\n")
}

func TestAProxyIsTheClientsServerAndSaysWhatIsBehindIt(t *testing.T) {
	s := scene.New(tell.ReadAll(race(t, "proxy")))
	text := says(s, s.Draw(600*ms, surfaces[0]))
	require.Contains(t, text, "3 servers")
	require.Contains(t, text, "proxy")
	require.Contains(t, text, "behind it 3 servers")
	require.Contains(t, text, "of 60 objects", "those of the clients alone")
	require.Contains(t, s.Describe(600*ms, trace.AnyMoment), "behind it 3 servers, ")
}

func TestTheHeadlineIsTheFinding(t *testing.T) {
	runs := race(t, "gallery")
	s := scene.New(tell.ReadAll(runs))
	require.Contains(t, says(s, s.Draw(0, surfaces[0])), "A and B are level")
	require.Contains(t, says(s, s.Draw(1040*ms, surfaces[0])), "B is ahead by")
	between := (runs[0].Log().Header.Finished + runs[1].Log().Header.Finished) / 2
	require.Contains(t, says(s, s.Draw(between, surfaces[0])), "B has finished; A has")
	require.Contains(t, says(s, s.Draw(sim.Minute, surfaces[0])), "earlier: 19 handshakes fewer")
}

func TestAConnectionThatOpensTLSOrCarriesSeveralRequestsSaysSo(t *testing.T) {
	runs := race(t, "http2")
	one, six := scene.New(tell.ReadAll(runs[1:])), scene.New(tell.ReadAll(runs[:1]))
	require.Contains(t, says(one, one.Draw(100*ms, surfaces[0])), "connection 1 — opening TLS")
	require.Contains(t, says(one, one.Draw(170*ms, surfaces[0])), "connection 1 — request 1")
	require.Contains(t, says(one, one.Draw(430*ms, surfaces[0])), "connection 1 — 40 requests")
	require.Contains(t, says(one, one.Draw(430*ms, surfaces[0])), "HTTP/2 over TLS")
	require.Contains(t, says(six, six.Draw(430*ms, surfaces[0])), "5 opening TLS, 1 busy")
	require.Contains(t, says(six, six.Draw(430*ms, surfaces[0])), "HTTP/1.1 over TLS, Keep-Alive: timeout=75")
	require.NotRegexp(t, `(\d|— kept,) idle`, says(six, six.Draw(100*ms, surfaces[0])))
	require.NotRegexp(t, `(\d|— kept,) idle`, says(one, one.Draw(800*ms, surfaces[0])), "the oldest requests have ended, others have not")
}

func TestAPacketOfHTTP2NamesTheResponsesThatItMayBeOf(t *testing.T) {
	one := scene.New(tell.ReadAll(race(t, "http2")[1:]))
	require.Contains(t, says(one, one.Draw(420*ms, surfaces[0])), "response 3")
	require.Contains(t, says(one, one.Draw(700*ms, surfaces[0])), "responses 10–41")
}

func TestPacketsOfTLSAloneArePurple(t *testing.T) {
	runs := race(t, "tls")
	purple := func(lane int, at sim.Time) (n int) {
		s := scene.New(tell.ReadAll(runs[lane : lane+1]))
		for _, i := range s.Draw(at, surfaces[0]) {
			if i.Smooth && i.Kind == draw.Rect && i.Color == draw.Light.TLS {
				n++
			}
		}
		return n
	}
	for at := sim.Time(0); at < 500*ms; at += 5 * ms {
		require.Zero(t, purple(0, at), "in the clear")
	}
	require.Equal(t, 1, purple(1, 70*ms), "the hello")
	require.Equal(t, 3, purple(1, 100*ms), "the certificate")
	require.Zero(t, purple(1, 215*ms), "the answer")
}

func TestOnlyAProcessPerConnectionShowsAKeptWorker(t *testing.T) {
	scenes := map[string]*scene.Scene{"busy": scene.New(tell.ReadAll(race(t, "busy")[1:])), "gallery": scene.New(tell.ReadAll(race(t, "gallery")[1:]))}
	kept := func(kind string, at sim.Time) (n int) {
		s := scenes[kind]
		items := s.Draw(at, surfaces[0])
		row := float32(0)
		for i := range items {
			if items[i].Kind == draw.Words && string(s.Text(&items[i])) == "workers" {
				row = items[i].Y
			}
		}
		for _, it := range items {
			if it.Dashed && it.Y < row && it.Y > row-15 {
				n++
			}
		}
		return n
	}
	busy := 0
	for at := 100 * ms; at < 2*sim.Second; at += 50 * ms {
		busy += kept("busy", at)
	}
	require.Positive(t, busy)
	for at := 100 * ms; at < 2*sim.Second; at += 50 * ms {
		require.Zero(t, kept("gallery", at))
	}
}

func TestAPacketIsAsLongAsItsTimeOnTheWire(t *testing.T) {
	runs := race(t, "gallery")
	s := scene.New(tell.ReadAll(runs[1:]))
	var pipe, widest float32
	for at := 900 * ms; at < 1100*ms; at += 10 * ms {
		for _, it := range s.Draw(at, surfaces[0]) {
			if it.Kind == draw.Rect && it.Color == draw.Light.Pipe && it.H > 30 && it.W > 300 {
				pipe = it.W
			}
			if it.Smooth && it.Color == draw.Light.Data {
				widest = max(widest, it.W)
			}
		}
	}
	full := pipe * 1500 * 8 / 10e6 / 0.050 // 1500 B at 10 Mbit/s against 50 ms
	require.InDelta(t, full, widest, 2)
}

func TestTheWordsSayWhatThePictureShows(t *testing.T) {
	s := scene.New(tell.ReadAll(race(t, "gallery")))
	require.Contains(t, s.Describe(0, trace.AnyMoment), " 1 packet. ")
	require.Regexp(t, `^At 1.040 ms\. A, a new connection for each: \d of 20 objects, .* B is ahead by \d objects: \d handshakes fewer\.`, s.Describe(1040*ms, trace.AnyMoment))
}

func TestFourLanesFit(t *testing.T) {
	runs := race(t, "gallery")
	s := scene.New(tell.ReadAll(append(runs, runs...)))
	v := scene.View{W: 1392, H: scene.Height(1392, 4)}
	for _, it := range s.Draw(500*ms, v) {
		require.LessOrEqual(t, it.Y, v.H)
	}
	require.Empty(t, scene.New(tell.ReadAll(nil)).Draw(0, scene.View{W: 10, H: 10})[0:0])
}

func TestThePicturesOwnHeightHasRoomForTheLegendAtEveryWidth(t *testing.T) {
	s := scene.New(tell.ReadAll(race(t, "gallery")))
	for w := float32(320); w < 2000; w += 7 {
		v := scene.View{W: w, H: scene.Height(w, 2)}
		require.Contains(t, says(s, s.Draw(0, v)), "at least 2 px", "%v wide", w)
	}
}

func TestASmallWindowShowsEveryLaneAboveItsTransport(t *testing.T) {
	s := scene.New(tell.ReadAll(race(t, "gallery")))
	for _, v := range []scene.View{{W: 640, H: 480, Margin: 12}, {W: 819, H: 520, Margin: 12}, {W: 1392, H: 480, Margin: 12}} {
		v.Bottom = v.TransportHeight()
		items := s.Draw(0, v)
		for i := range items {
			_, _, _, bottom := extent(&items[i])
			require.LessOrEqual(t, bottom, v.H-v.Bottom, "%v x %v", v.W, v.H)
		}
	}
}

func TestALogWithoutRecordsIsDrawnToo(t *testing.T) {
	l := &trace.Log{Header: trace.Header{Format: 1, Missing: sim.Never}}
	s := scene.New(tell.ReadAll([]*trace.Index{l.Index(), l.Index()}))
	for _, v := range append(surfaces, scene.View{}, scene.View{W: 1, H: 1}) {
		require.NotPanics(t, func() { s.Draw(0, v) })
	}
}

func TestNoLogThatCanBeReadMakesAPicturePanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		s := scene.New(tell.ReadAll([]*trace.Index{l.Index(), l.Index()}))
		for _, v := range append(surfaces, scene.View{}, scene.View{W: 1, H: 1}) {
			s.Draw(l.Header.Ended/2, v)
			s.Draw(l.Header.Ended, v)
		}
		s.Describe(l.Header.Ended, trace.AnyMoment)
	})
}

func TestTextIsMeasuredAsTheEmbeddedFontDrawsIt(t *testing.T) {
	for i, ttf := range [][]byte{goregular.TTF, gobold.TTF} {
		f, err := sfnt.Parse(ttf)
		require.NoError(t, err)
		var b sfnt.Buffer
		for r := ' '; r <= '~'; r++ {
			g, err := f.GlyphIndex(&b, r)
			require.NoError(t, err)
			a, err := f.GlyphAdvance(&b, g, fixed.I(1000), font.HintingNone)
			require.NoError(t, err)
			require.Equal(t, a.Round(), draw.Advance(r, i == 1), "%q", r)
		}
	}
}

func TestALogThatIsCutShortSaysSo(t *testing.T) {
	runs := race(t, "gallery")
	runs[0].Log().Header.Missing = 500 * ms
	s := scene.New(tell.ReadAll(runs))
	require.NotContains(t, says(s, s.Draw(499*ms, surfaces[0])), "missing")
	require.Contains(t, says(s, s.Draw(500*ms, surfaces[0])), "the record of this run ends at 500 ms")
}

func TestEveryWordStandsOutFromWhatLiesBehindIt(t *testing.T) {
	eachPicture(t, func(t require.TestingT, s *scene.Scene, v scene.View, items []draw.Item) {
		for i := range items {
			if items[i].Kind != draw.Words {
				continue
			}
			x0, y0, x1, y1 := extent(&items[i])
			behind := v.Ground()
			for k := range items[:i] {
				if b := &items[k]; b.Kind <= draw.Arrow && b.Stroke == 0 && b.X <= x0 && b.Y <= y0 && b.X+b.W >= x1 && b.Y+b.H >= y1 {
					behind = b.Color
				}
			}
			if rastertest.Contrast(items[i].Color, behind) < 4.5 {
				require.Fail(t, "words are hard to read", "%q: %v on %v", s.Text(&items[i]), items[i].Color, behind)
			}
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	s := scene.New(tell.ReadAll(race(b, "page")))
	at := sim.Time(0)
	for b.Loop() {
		at = (at + 7*ms) % (4 * sim.Second)
		s.Draw(at, surfaces[0])
	}
}
