package views_test

import (
	"context"
	"flag"
	"fmt"
	"image/color"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

const milli = sim.Millisecond

func init() {
	if flag.Lookup("update") == nil {
		flag.Bool("update", false, "rewrite the pictures that the tests expect")
	}
}

// both are the variants of the tests' own scenarios.
const both = `
variants:
  - {name: per-request, with: {http: {connections: per-request}}}
  - {name: persistent, with: {http: {connections: persistent}}}
`

// laddered are scenarios whose ladders differ: by name, or in full.
var laddered = map[string]string{
	"gallery": "", "tls": "", "http2": "", "mobile": "", "loss-bursts": "", "proxy-502": "", "page": "",
	"one": "name: one\nlink: {rtt: 100ms}\nworkload: {sequence: {count: 1, size: 1kB}}\n",
	"lost": "name: lost\nlink: {rtt: 100ms, drop: {up: [1, 5], down: [3]}}\nserver: {time: 20ms, cpu: {request: 8ms}}\n" +
		"workload: {sequence: {count: 5, size: 20kB}}" + both,
	"slow": "name: slow\nlink: {rtt: 100ms, down: 256kbit/s, up: 64kbit/s, queue: 4 packets}\n" +
		"workload: {page: [{path: /, size: 20kB}, {path: /img, size: 5kB, count: 5, after: /}]}" + both,
	"zero": "name: zero\nlink: {rtt: 0ms, down: 0, up: 0}\nworkload: {sequence: {count: 5, size: 20kB, gap: 3ms}}" + both,
	"busy": "name: busy\nlink: {rtt: 40ms}\nserver: {workers: 2, cpus: 1, time: 30ms, cpu: {request: 8ms}}\n" +
		"workload: {page: [{path: /, size: 20kB}, {path: /img, size: 5kB, count: 12, after: /}]}" + both,
	"fat": "name: fat\nlink: {rtt: 200ms, down: 1Gbit/s, up: 1Gbit/s, queue: 100000 packets}\nclient: {count: 200}\n" +
		"server: {workers: 1000, cpus: 64, max_connections: 0}\nworkload: {sequence: {count: 2, size: 2MB}}",
}

var ladderLogs = map[string][]*trace.Index{}

// ladderRuns runs a scenario's first variants, three at most.
func ladderRuns(t require.TestingT, name string) []*tell.Run {
	if ladderLogs[name] == nil {
		f, err := scenarios.Load(name)
		if text := laddered[name]; text != "" {
			f, err = scenarios.Parse(name+".yaml", []byte(strings.TrimSpace(text)))
		}
		require.NoError(t, err)
		all := f.Variants()
		_, logs, err := lab.RunConfigs(context.Background(), all[:min(3, len(all))], lab.Options{Log: true})
		require.NoError(t, err)
		for _, l := range logs {
			ladderLogs[name] = append(ladderLogs[name], l.Index())
		}
	}
	return tell.ReadAll(ladderLogs[name])
}

// ladderFrame is a frame a little away from the surface's corner.
func ladderFrame(runs []*tell.Run, w, h float32, at sim.Time) views.Frame {
	f := views.Frame{Kind: views.Ladder, X: 6, Y: 10, W: w, H: h, Unit: 1, At: at}
	for _, r := range runs {
		f.End = max(f.End, r.Header().Ended)
	}
	return f
}

// ladderListing writes items as a person reads them.
func ladderListing(v *views.Views, items []draw.Item) string {
	var b strings.Builder
	for i := range items {
		it := &items[i]
		fmt.Fprintf(&b, "%-5s %5.0f %4.0f %4.0f %4.0f  #%02x%02x%02x", [...]string{"rect", "arrow", "cross", "tri", "words", "slant"}[it.Kind], it.X, it.Y, it.W, it.H, it.Color.R, it.Color.G, it.Color.B)
		if it.Kind == draw.Slant {
			fmt.Fprintf(&b, " %.1f thick", it.Stroke)
		}
		if it.Of.Kind != draw.Nothing {
			fmt.Fprintf(&b, " of %s %d", [...]string{draw.Packet: "packet", draw.Request: "request", draw.Connection: "connection"}[it.Of.Kind], it.Of.ID)
		}
		if it.Kind == draw.Words {
			fmt.Fprintf(&b, " %q", v.Text(it))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTheLadderOfOneRequestIsDrawnLikeThis(t *testing.T) {
	runs := ladderRuns(t, "one")
	v := views.New(runs)
	got := ladderListing(v, v.Draw(ladderFrame(runs, 380, 360, 120*milli)))
	const file = "testdata/ladder-one-120ms.txt"
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "look at the difference; go test ./viz/views -update accepts it")
}

// ladderExtent is the box around an item; of text, around its capitals.
func ladderExtent(i *draw.Item) (x0, y0, x1, y1 float32) {
	switch i.Kind {
	case draw.Words:
		x := i.X - i.W*float32(i.Align)/2
		return x, i.Y - 0.72*i.H, x + i.W, i.Y
	case draw.Slant:
		return i.X, min(i.Y, i.Y+i.H), i.X + i.W, max(i.Y, i.Y+i.H) + i.Stroke
	default:
		return i.X, i.Y, i.X + i.W, i.Y + i.H
	}
}

// luminance is WCAG's, of a colour.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// ladderPicture draws what chance says.
func ladderPicture(t *rapid.T, all map[string]*views.Views, names []string) (*views.Views, views.Frame, []draw.Item) {
	name := rapid.SampledFrom(names).Draw(t, "scenario")
	runs := ladderRuns(t, name)
	if all[name] == nil {
		all[name] = views.New(runs)
	}
	size := rapid.SampledFrom([][3]float32{{368, 400, 1}, {900, 360, 1}, {1380, 360, 1}, {1380, 700, 1}, {1900, 600, 1.5}, {300, 220, 0.8}}).Draw(t, "size")
	f := ladderFrame(runs, size[0], size[1], 0)
	f.Unit = size[2]
	f.At = sim.Time(rapid.Int64Range(0, int64(min(f.End, 6*sim.Second))).Draw(t, "at"))
	f.Theme = draw.Themed(rapid.Bool().Draw(t, "dark"))
	lane, kind := uint8(rapid.IntRange(0, len(runs)-1).Draw(t, "lane")), rapid.SampledFrom([]draw.Thing{draw.Nothing, draw.Packet, draw.Request, draw.Connection}).Draw(t, "kind")
	f.Chosen = tell.Choose(runs, draw.Ref{Lane: lane, Kind: kind, ID: uint32(rapid.IntRange(1, 400).Draw(t, "chosen"))})
	return all[name], f, all[name].Draw(f)
}

func ladderNames() (names []string) {
	for _, n := range []string{"gallery", "tls", "http2", "mobile", "loss-bursts", "proxy-502", "page", "one", "lost", "slow", "zero", "busy", "fat"} {
		names = append(names, n)
	}
	return names
}

func TestALaddersWordsAreApartInsideAndReadable(t *testing.T) {
	all := map[string]*views.Views{}
	rapid.Check(t, func(t *rapid.T) {
		v, f, items := ladderPicture(t, all, ladderNames())
		type line struct{ x0, y0, x1, y1 float32 }
		var lines []line
		var said []string
		for i := range items {
			it := &items[i]
			x0, y0, x1, y1 := ladderExtent(it)
			require.True(t, x0 >= f.X-0.5 && y0 >= f.Y-0.5 && x1 <= f.X+f.W+0.5 && y1 <= f.Y+f.H+0.5, "outside: %q %+v", v.Text(it), *it)
			require.False(t, math.IsNaN(float64(it.X+it.Y+it.W+it.H+it.Stroke)))
			if it.Kind != draw.Words {
				continue
			}
			for k, o := range lines {
				require.True(t, x1 <= o.x0 || o.x1 <= x0 || y1 <= o.y0 || o.y1 <= y0, "%q over %q", v.Text(it), said[k])
			}
			lines, said = append(lines, line{x0, y0, x1, y1}), append(said, string(v.Text(it)))
			behind := f.Theme.Card
			for k := range items[:i] {
				if b := &items[k]; b.Kind <= draw.Arrow && b.Stroke == 0 && b.Color.A == 255 && b.X <= x0 && b.Y <= y0 && b.X+b.W >= x1 && b.Y+b.H >= y1 {
					behind = b.Color
				}
			}
			a, b := luminance(it.Color)+0.05, luminance(behind)+0.05
			require.GreaterOrEqual(t, max(a/b, b/a), 4.5, "%q: %v on %v", v.Text(it), it.Color, behind)
		}
	})
}

func TestALadderDependsOnItsFrameAloneNotOnWhatWasDrawnBefore(t *testing.T) {
	all := map[string]*views.Views{}
	rapid.Check(t, func(t *rapid.T) {
		used, f, items := ladderPicture(t, all, []string{"gallery", "lost", "busy"})
		name := "gallery"
		for n, v := range all {
			if v == used {
				name = n
			}
		}
		fresh := views.New(ladderRuns(t, name))
		require.Equal(t, ladderListing(fresh, fresh.Draw(f)), ladderListing(used, items))
	})
}

func TestAPacketsSlopeIsItsDelayAndItsThicknessItsTimeOnTheWire(t *testing.T) {
	runs := ladderRuns(t, "gallery")
	v, seen := views.New(runs), 0
	for at := 200 * milli; at < 1800*milli; at += 170 * milli {
		f := ladderFrame(runs, 1380, 1500, at)
		items := v.Draw(f)
		high, _ := v.TimeAt(100, 300)
		low, _ := v.TimeAt(100, 1300)
		scale := 1000 / float64(low-high) // pixels per nanosecond
		for i := range items {
			it := &items[i]
			if it.Kind != draw.Slant || it.Of.Kind != draw.Packet || it.W < 500 || it.Color == draw.Light.Text {
				continue // a dot, a part, or a FIN
			}
			p := runs[it.Of.Lane].Packet(it.Of.ID)
			wire := float64(p.Len) * 8e9 / 10e6
			thick := wire * scale
			require.InDelta(t, max(2, thick-min(thick/12, 1.5)), it.Stroke, 0.01)
			delay := float64(p.End()-p.Start()) - wire
			begins := float64(it.Y)
			if p.IsDown() {
				delay, begins = -delay, float64(it.Y+it.H)
			}
			require.InDelta(t, delay*scale, it.H, 0.02)
			require.InDelta(t, 300+float64(p.Start()-high)*scale, begins, 0.1, "it leaves when its first bit does")
			seen++
		}
	}
	require.Greater(t, seen, 200)
}

func TestARoundTripIsAThirdOfTheHeightWhateverTheTime(t *testing.T) {
	runs := ladderRuns(t, "gallery")
	v, before := views.New(runs), sim.Time(0)
	for at := sim.Time(0); at < 2*sim.Second; at += 90 * milli {
		f := ladderFrame(runs, 1380, 360, at)
		items := v.Draw(f)
		high, is := v.TimeAt(100, f.Y+80)
		require.True(t, is)
		low, _ := v.TimeAt(100, f.Y+80+284.0/3) // of 284 pixels of time
		if high > 0 {
			require.InDelta(t, 101.2, float64(low-high)/float64(milli), 0.1, "100 ms, and a full packet at 10 Mbit/s")
		}
		require.GreaterOrEqual(t, high, before, "time does not run back")
		before = high
		for i := range items {
			if it := &items[i]; it.Kind == draw.Rect && it.Color == draw.Light.Accent && it.W > 1000 {
				there, is := v.TimeAt(700, it.Y+1)
				require.True(t, is)
				require.InDelta(t, float64(at), float64(there), float64(milli)/2)
				if at > 300*milli && at < 1700*milli {
					require.InDelta(t, 52+0.62*284, it.Y+1-f.Y, 0.01)
				}
			}
		}
	}
	_, is := v.TimeAt(100, 5)
	require.False(t, is, "above the view")
	_, is = v.TimeAt(2000, 200)
	require.False(t, is, "beside it")
}

func TestPointingAtTheMiddleOfAPacketFindsIt(t *testing.T) {
	runs := ladderRuns(t, "one")
	v, found := views.New(runs), 0
	items := v.Draw(ladderFrame(runs, 380, 360, 300*milli))
	for i := range items {
		it := &items[i]
		if it.Kind == draw.Slant && it.Of.Kind == draw.Packet && it.W > 100 && tellKind(runs[0], it.Of.ID) != tell.Ack {
			require.Equal(t, it.Of, draw.Pick(items, it.X+it.W/2, it.Y+it.H/2+it.Stroke/2, 6))
			found++
		}
	}
	require.GreaterOrEqual(t, found, 4, "SYN, SYN-ACK, request, response, and FINs")
}

func tellKind(r *tell.Run, pkt uint32) tell.Carried {
	return r.Carries(&trace.Flight{Record: r.Packet(pkt), Segment: r.Segment(pkt)})
}

// ladderSays are a ladder's lines of text.
func ladderSays(v *views.Views, items []draw.Item) string {
	var all []string
	for i := range items {
		if items[i].Kind == draw.Words {
			all = append(all, string(v.Text(&items[i])))
		}
	}
	return strings.Join(all, "\n")
}

func TestALadderNamesItsPacketsAndWhatBefallsThem(t *testing.T) {
	said := func(name string, at sim.Time) string {
		runs := ladderRuns(t, name)
		v := views.New(runs[:min(2, len(runs))])
		return ladderSays(v, v.Draw(ladderFrame(runs, 1380, 420, at)))
	}
	require.Contains(t, said("lost", 20*milli), "dropped")
	require.Contains(t, said("lost", 20*milli), "next packet at 1\u2009000 ms")
	require.Contains(t, said("lost", 1050*milli), "SYN timer")
	require.Contains(t, said("lost", 1050*milli), "connection 1, again")
	require.Contains(t, said("gallery", 1040*milli), "response 5, FIN")
	require.Contains(t, said("gallery", 2500*milli), "finished at 2\u2009")
	require.Contains(t, said("http2", 430*milli), "TLS ×5")
	require.Contains(t, said("proxy-502", 600*milli), "behind the proxy is left out")
	require.Contains(t, said("proxy-502", 600*milli), "4 clients")
}

func TestAChosenPacketIsAlwaysNamedAndMarked(t *testing.T) {
	for _, name := range []string{"gallery", "lost", "http2"} {
		runs := ladderRuns(t, name)
		v := views.New(runs)
		for pkt := uint32(1); pkt < 120; pkt += 7 {
			p := runs[0].Packet(pkt)
			if p == nil || p.IsDropped() {
				continue
			}
			f := ladderFrame(runs, 380, 400, p.End())
			f.Chosen = tell.Choose(runs, draw.Ref{Kind: draw.Packet, ID: pkt})
			items, named, rails := v.Draw(f), false, 0
			for i := range items {
				if it := &items[i]; it.Of == f.Chosen.Ref {
					named = named || it.Kind == draw.Words
					if it.Kind == draw.Slant && it.Color == draw.Light.Accent {
						rails++
					}
				}
			}
			require.True(t, named, "%s, packet %d", name, pkt)
			require.GreaterOrEqual(t, rails, 2)
		}
	}
}

func TestNothingIsPalerWhereNothingOfTheChoiceIsInSight(t *testing.T) {
	runs := ladderRuns(t, "gallery")
	v, f := views.New(runs), ladderFrame(runs, 1380, 400, 3000*milli)
	without := append([]draw.Item(nil), v.Draw(f)...)
	f.Chosen = tell.Choose(runs, draw.Ref{Kind: draw.Packet, ID: 1}) // long before
	require.Equal(t, without, v.Draw(f))
	f.At = 100 * milli
	near := append([]draw.Item(nil), v.Draw(f)...)
	f.Chosen = tell.Choice{}
	require.NotEqual(t, near, v.Draw(f))
}

func TestScrollingALadderAllocatesNothingPerFrame(t *testing.T) {
	for _, name := range ladderNames() {
		runs := ladderRuns(t, name)
		v, f := views.New(runs), ladderFrame(runs, 1380, 700, 0)
		f.Chosen = tell.Choose(runs, draw.Ref{Kind: draw.Request, ID: 1})
		frame := func() {
			if f.At += f.End / 80; f.At > f.End {
				f.At = 0
			}
			v.Draw(f)
		}
		for range 82 {
			frame()
		}
		require.Zero(t, testing.AllocsPerRun(80, frame), name)
	}
}

func BenchmarkALadderWithFiveThousandPackets(b *testing.B) {
	runs := ladderRuns(b, "fat")
	v, f := views.New(runs), ladderFrame(runs, 1392, 700, 0)
	var buf []trace.Flight
	seen := func() int {
		v.Draw(f)
		from, _ := v.TimeAt(100, f.Y+53)
		to, _ := v.TimeAt(100, f.Y+f.H-25)
		buf = runs[0].Index.During(false, from, to, runs[0].Index.During(true, from, to, buf[:0]))
		return len(buf)
	}
	n := 0
	for n < 5000 {
		f.At += 5 * milli
		n = seen()
	}
	at := f.At
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.At = at + sim.Time(i%100)*milli/100
		v.Draw(f)
	}
	b.ReportMetric(float64(n), "packets")
}
