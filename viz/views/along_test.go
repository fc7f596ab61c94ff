package views_test

import (
	"context"
	"flag"
	"fmt"
	"image/color"
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
	"keepalive/viz/draw/rastertest"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

const ms = sim.Millisecond

// alongKinds are the views whose time runs to the right.
var alongKinds = []views.Kind{views.Requests, views.Connections, views.Window, views.Sequence, views.Server}

// alongRace is a race, what the lab says of it, and where it ends.
type alongRace struct {
	runs   []*tell.Run
	result lab.Result
	end    sim.Time
}

var alongRaces = map[string]*alongRace{}

// pipelined is a page over few connections that carry several requests at once; refusing, one that fails in part.
const (
	pipelined = `
name: pipelined
link: {rtt: 100ms, down: 10Mbit/s, up: 10Mbit/s}
server: {time: 20ms}
client: {connections_per_host: 2, dns: 30ms}
workload:
  page: [{path: /, size: 20kB}, {path: /img, size: 15kB, count: 20, after: /}]
variants:
  - {name: pipelined, with: {http: {pipelining: 4}}}
  - {name: one by one, with: {tls: {version: 1.3}}}
`
	impatient = `
name: impatient
link: {rtt: 100ms, down: 10Mbit/s, up: 10Mbit/s}
server: {time: 3s}
client: {timeout: 1s, retry: never}
workload: {sequence: {count: 5, size: 10kB}}
`
	single = `
name: single
link: {rtt: 100ms, down: 10Mbit/s, up: 10Mbit/s}
workload: {sequence: {count: 3, size: 10kB}}
`
)

// raceAlong runs the variants of a scenario, by its name or as text, once for all tests.
func raceAlong(t require.TestingT, name string) *alongRace {
	if r := alongRaces[name]; r != nil {
		return r
	}
	f, err := scenarios.Load(name)
	if strings.Contains(name, "\n") {
		f, err = scenarios.Parse("test.yaml", []byte(strings.TrimSpace(name)))
	}
	require.NoError(t, err)
	configs := f.Variants()
	configs = configs[:min(len(configs), 4)]
	result, logs, err := lab.RunConfigs(context.Background(), configs, lab.Options{Log: true, Requests: true})
	require.NoError(t, err)
	r := &alongRace{result: result}
	for _, l := range logs {
		r.runs = append(r.runs, tell.Read(l.Index()))
		r.end = max(r.end, l.Header.Finished)
	}
	alongRaces[name] = r
	return r
}

var alongNames = []string{"gallery", "page", "mobile", "tls", "http2", "idle-restart", "loss-bursts", "proxy-502", "stale-race", pipelined, impatient, single}

func TestThePhasesDrawnAreThoseOfTheLab(t *testing.T) {
	for _, name := range append([]string{"accept-queue", "busy-server", "requests-limit"}, alongNames...) {
		r := raceAlong(t, name)
		for lane, run := range r.runs {
			got, want := views.Phases(run), r.result.Variants[lane].PerRequest
			ended := 0
			for i := range got {
				if !got[i].Ended {
					continue
				}
				q := want[ended]
				ended++
				require.Equal(t, [...]sim.Time{sim.Time(q.Start), sim.Time(q.Blocked), sim.Time(q.DNS), sim.Time(q.Connect), sim.Time(q.TLS), sim.Time(q.Send), sim.Time(q.Wait), sim.Time(q.Receive), sim.Time(q.End)},
					[...]sim.Time{got[i].Start, got[i].Took[0], got[i].Took[1], got[i].Took[2], got[i].Took[3], got[i].Took[4], got[i].Took[5], got[i].Took[6], got[i].End}, "%s, %s, request %d", name, run.Header().Variant, i+1)
				require.Equal(t, q.Status, got[i].Status.String())
				require.EqualValues(t, q.Connection, got[i].Connection)
			}
			require.Len(t, want, ended)
		}
	}
}

// listed writes items as a person reads them: a line each, text in quotes.
func listed(v *views.Views, items []draw.Item) string {
	var b strings.Builder
	names := []string{"rect", "arrow", "cross", "tri", "words", "slant"}
	for i := range items {
		it := &items[i]
		fmt.Fprintf(&b, "%-5s %4.0f %4.0f %4.0f %4.0f  #%02x%02x%02x", names[it.Kind], it.X, it.Y, it.W, it.H, it.Color.R, it.Color.G, it.Color.B)
		if it.Color.A < 255 {
			fmt.Fprintf(&b, " %d%%", int(it.Color.A)*100/255)
		}
		if it.Stroke > 0 {
			b.WriteString(" outline")
		}
		if it.Of.Kind != draw.Nothing {
			fmt.Fprintf(&b, " of %c%s%d", 'A'+it.Of.Lane, [...]string{"", "p", "r", "c"}[it.Of.Kind], it.Of.ID)
		}
		if it.Kind == draw.Words {
			fmt.Fprintf(&b, " %q", v.Text(it))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestThreeRequestsOnAConnectionAreDrawnLikeThis(t *testing.T) {
	r := raceAlong(t, single)
	v := views.New(r.runs)
	for _, kind := range alongKinds {
		got := listed(v, v.Draw(views.Frame{Kind: kind, W: 640, H: 240, Unit: 1, At: 250 * ms, End: r.end}))
		file := "testdata/along-" + kind.String() + ".txt"
		if flag.Lookup("update").Value.String() == "true" {
			require.NoError(t, os.MkdirAll("testdata", 0o755))
			require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), got, "look at the difference; go test ./viz/views -update accepts it")
	}
}

// anyFrame draws a frame from a race.
func anyFrame(t *rapid.T, r *alongRace) views.Frame {
	f := views.Frame{Kind: rapid.SampledFrom(alongKinds).Draw(t, "view"), Unit: 1,
		X: rapid.Float32Range(0, 40).Draw(t, "x"), Y: rapid.Float32Range(0, 900).Draw(t, "y"),
		Theme: rapid.SampledFrom([]*draw.Theme{&draw.Light, &draw.Dark}).Draw(t, "theme"),
		At:    sim.Time(rapid.Int64Range(-1000, int64(r.end)*11/10).Draw(t, "at")), End: r.end}
	size := rapid.SampledFrom([][3]float32{{380, 420, 1}, {320, 300, 1}, {900, 360, 1}, {1392, 360, 1}, {1392, 700, 1}, {1920, 600, 1.4}, {640, 200, 1}, {1920, 1080, 2}}).Draw(t, "size")
	f.W, f.H, f.Unit = size[0], size[1], size[2]
	if rapid.Bool().Draw(t, "choose") {
		f.Chosen = tell.Choose(r.runs, draw.Ref{Lane: uint8(rapid.IntRange(0, len(r.runs)-1).Draw(t, "lane")),
			Kind: draw.Thing(rapid.IntRange(1, 3).Draw(t, "kind")), ID: uint32(rapid.IntRange(1, 40).Draw(t, "id"))})
	}
	return f
}

// around is the box around an item; of text, around its capitals.
func around(i *draw.Item) (x0, y0, x1, y1 float32) {
	if i.Kind != draw.Words {
		return i.X, i.Y, i.X + i.W, i.Y + i.H
	}
	x := i.X - i.W*float32(i.Align)/2
	return x, i.Y - 0.72*i.H, x + i.W, i.Y
}

func TestWordsStayApartAndNothingLeavesTheFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := raceAlong(t, rapid.SampledFrom(append([]string{"busy-server", "accept-queue"}, alongNames...)).Draw(t, "scenario"))
		f := anyFrame(t, r)
		v := views.New(r.runs)
		items := v.Draw(f)
		var words []*draw.Item
		for i := range items {
			x0, y0, x1, y1 := around(&items[i])
			require.True(t, x0 >= f.X-0.5 && y0 >= f.Y-0.5 && x1 <= f.X+f.W+0.5 && y1 <= f.Y+f.H+0.5, "%s %q %+v", f.Kind, v.Text(&items[i]), items[i])
			if items[i].Kind == draw.Words {
				words = append(words, &items[i])
			}
		}
		for i, a := range words {
			ax0, ay0, ax1, ay1 := around(a)
			for _, b := range words[:i] {
				bx0, by0, bx1, by1 := around(b)
				require.True(t, ax1 <= bx0 || bx1 <= ax0 || ay1 <= by0 || by1 <= ay0, "%s, %v x %v: %q over %q", f.Kind, f.W, f.H, v.Text(a), v.Text(b))
			}
		}
	})
}

func TestAViewDependsOnItsFrameAloneNotOnWhatWasDrawnBefore(t *testing.T) {
	r := raceAlong(t, "page")
	used := views.New(r.runs)
	rapid.Check(t, func(t *rapid.T) {
		f, fresh := anyFrame(t, r), views.New(r.runs)
		require.Equal(t, listed(fresh, fresh.Draw(f)), listed(used, used.Draw(f)))
	})
}

func TestPlayingAViewAllocatesNothing(t *testing.T) {
	for _, name := range []string{"page", "http2", "busy-server", "accept-queue"} {
		r := raceAlong(t, name)
		for _, kind := range alongKinds {
			v := views.New(r.runs)
			f := views.Frame{Kind: kind, W: 1392, H: 360, Unit: 1, End: r.end}
			frame := func() {
				if f.At += r.end / 200; f.At > r.end {
					f.At = 0
				}
				v.Draw(f)
			}
			for range 400 {
				frame()
			}
			require.Zero(t, testing.AllocsPerRun(300, frame), "%s, %s", name, kind)
		}
	}
}

func TestPointingAtABarPicksItsRequestAndAtALineItsConnection(t *testing.T) {
	r := raceAlong(t, "gallery")
	v := views.New(r.runs)
	f := views.Frame{Kind: views.Requests, W: 1392, H: 700, Unit: 1, At: r.end, End: r.end}
	for _, want := range []struct {
		kind views.Kind
		ref  draw.Ref
	}{{views.Requests, draw.Ref{Lane: 1, Kind: draw.Request, ID: 7}}, {views.Connections, draw.Ref{Kind: draw.Connection, ID: 3}},
		{views.Connections, draw.Ref{Lane: 1, Kind: draw.Request, ID: 7}}, {views.Window, draw.Ref{Kind: draw.Connection, ID: 3}}} {
		f.Kind = want.kind
		items := v.Draw(f)
		found := false
		for i := range items {
			if it := items[i]; it.Of == want.ref && it.Kind != draw.Words {
				found = true
				require.Equal(t, want.ref, draw.Pick(items, it.X+it.W/2, it.Y+it.H/2, 4))
				break
			}
		}
		require.True(t, found, "%v", want)
	}
	f.Kind = views.Sequence
	for _, it := range v.Draw(f) {
		if it.Of.Kind == draw.Packet {
			s := r.runs[it.Of.Lane].Segment(it.Of.ID)
			require.True(t, trace.IsServer(s.Actor) && s.Len > 0, "a mark is a segment of the server")
			at, ok := v.TimeAt(it.X, it.Y)
			require.True(t, ok)
			require.InDelta(t, float64(s.At), float64(at), float64(r.end)/300)
		}
	}
}

func TestAPlaceInThePlotIsATime(t *testing.T) {
	r := raceAlong(t, "gallery")
	v := views.New(r.runs)
	f := views.Frame{Kind: views.Requests, X: 10, Y: 500, W: 900, H: 360, Unit: 1, At: 1040 * ms, End: r.end}
	var line draw.Item
	for _, it := range v.Draw(f) {
		if it.Kind == draw.Rect && it.Color == draw.Light.Accent && it.W == 2 && it.H > 50 {
			line = it
		}
	}
	at, ok := v.TimeAt(line.X+1, line.Y+20)
	require.True(t, ok)
	require.InDelta(t, float64(f.At), float64(at), float64(ms))
	_, ok = v.TimeAt(20, 600)
	require.False(t, ok, "the margin")
	f.Kind = views.None
	v.Draw(f)
	_, ok = v.TimeAt(line.X, line.Y)
	require.False(t, ok, "nothing is drawn")
}

// said are the lines of text of a picture.
func said(v *views.Views, items []draw.Item) string {
	var all []string
	for i := range items {
		if items[i].Kind == draw.Words {
			all = append(all, string(v.Text(&items[i])))
		}
	}
	return strings.Join(all, "\n")
}

func TestTheCaptionsSayWhatIsSoAtPresent(t *testing.T) {
	r := raceAlong(t, "gallery")
	v := views.New(r.runs)
	text := func(f views.Frame) string {
		f.W, f.H, f.Unit, f.End = 1392, 500, 1, r.end
		return said(v, v.Draw(f))
	}
	require.Contains(t, text(views.Frame{Kind: views.Requests, At: 1040 * ms}), "4 of 20 done")
	require.Contains(t, text(views.Frame{Kind: views.Requests, At: 1040 * ms}), "8 of 20 done")
	require.Contains(t, text(views.Frame{Kind: views.Connections, At: 1040 * ms}), "1 open of 5 so far")
	require.Contains(t, text(views.Frame{Kind: views.Window, At: 1040 * ms}), "window 14 kB")
	all := r.result.Variants[0].Bytes.PayloadDown
	require.Contains(t, text(views.Frame{Kind: views.Sequence, At: r.end}), fmt.Sprintf("all 20 connections · %d kB of %[1]d kB sent", (all+500)/1000))
	third := views.Frame{Kind: views.Sequence, At: r.end, Chosen: tell.Choose(r.runs, draw.Ref{Kind: draw.Request, ID: 3})}
	require.Contains(t, text(third), "connection 3 · 10 kB of 10 kB sent")
	require.Contains(t, text(third), "connection 1 · ", "the other run's connection that carries the same request")
}

func TestFailuresAreNamed(t *testing.T) {
	r := raceAlong(t, impatient)
	v := views.New(r.runs)
	text := said(v, v.Draw(views.Frame{Kind: views.Requests, W: 1392, H: 700, Unit: 1, At: r.end, End: r.end}))
	require.Contains(t, text, "time is up")
	require.Contains(t, text, " failed")
}

// Where no request's own bar would be seen, they are counted; where no connection's would be, these are.
func TestOfLongRunsManyAreCounted(t *testing.T) {
	r := raceAlong(t, "accept-queue")
	v := views.New(r.runs)
	text := said(v, v.Draw(views.Frame{Kind: views.Requests, W: 1392, H: 700, Unit: 1, At: r.end, End: r.end}))
	require.Contains(t, text, "requests done")
	require.Contains(t, text, "5\u2009200 of 5\u2009200 done")
	text = said(v, v.Draw(views.Frame{Kind: views.Connections, W: 1392, H: 700, Unit: 1, At: r.end / 2, End: r.end}))
	require.Contains(t, text, "in use")
	require.Contains(t, text, " in TIME_WAIT")
	for _, name := range []string{"accept-queue", "page", "tls", "busy-server", "unread-body"} {
		for _, run := range raceAlong(t, name).runs {
			for part := range sim.Time(30) {
				at := run.Header().Ended * part / 30
				sum := int64(0)
				for _, n := range views.Census(run, at) {
					require.GreaterOrEqual(t, n, int64(0))
					sum += n
				}
				require.EqualValues(t, len(run.Index.StateAt(at).Conns), sum, "%s, %s at %v", name, run.Header().Variant, at)
			}
		}
	}
}

// The rows in work are among those that are seen, however long the run is.
func TestTheRowsInWorkAreSeen(t *testing.T) {
	for _, name := range []string{"http2", "page", "gallery", "busy-server"} {
		r := raceAlong(t, name)
		v := views.New(r.runs)
		all := views.Phases(r.runs[0])
		for part := range sim.Time(40) {
			f := views.Frame{Kind: views.Requests, W: 1392, H: 360, Unit: 1, At: r.end * part / 40, End: r.end}
			first, last, seen := uint32(1<<31), uint32(0), false
			for i := range all {
				if q := &all[i]; q.Start <= f.At && f.At < q.End && q.End-f.At > r.end/2000 {
					first, last = min(first, uint32(i+1)), max(last, uint32(i+1))
				}
			}
			for _, it := range v.Draw(f) {
				seen = seen || it.Of.Kind == draw.Request && it.Of.Lane == 0 && it.Of.ID >= first && it.Of.ID <= last
			}
			require.True(t, seen || last == 0, "%s at %v: none of %d to %d", name, f.At, first, last)
		}
	}
}

func TestTheRowOfWhatIsChosenIsAlwaysSeen(t *testing.T) {
	r := raceAlong(t, "busy-server")
	v := views.New(r.runs)
	for _, id := range []uint32{1, 77, 240} {
		ref := draw.Ref{Lane: 1, Kind: draw.Request, ID: id}
		for at := sim.Time(0); at < r.end; at += r.end / 7 {
			seen := false
			for _, it := range v.Draw(views.Frame{Kind: views.Requests, W: 1392, H: 360, Unit: 1, At: at, End: r.end, Chosen: tell.Choose(r.runs, ref)}) {
				seen = seen || it.Of == ref && it.Color == draw.Light.Accent && it.Stroke > 0
			}
			require.True(t, seen, "request %d at %v", id, at)
		}
	}
}

func TestALogWithoutRecordsHasViewsToo(t *testing.T) {
	l := &trace.Log{Header: trace.Header{Format: 1, Missing: sim.Never}}
	v := views.New([]*tell.Run{tell.Read(l.Index()), tell.Read(l.Index())})
	for _, kind := range alongKinds {
		for _, f := range []views.Frame{{Kind: kind}, {Kind: kind, W: 900, H: 360, Unit: 1}, {Kind: kind, W: 1, H: 1, Unit: 1, End: 5}} {
			require.NotPanics(t, func() { v.Draw(f) })
		}
	}
	require.NotPanics(t, func() { views.New(nil).Draw(views.Frame{Kind: views.Server, W: 900, H: 300, Unit: 1}) })
}

// over is a colour with another one, not opaque, on it.
func over(below, c color.NRGBA) color.NRGBA {
	mix := func(b, a uint8) uint8 { return uint8((int(a)*int(c.A) + int(b)*(255-int(c.A))) / 255) }
	return color.NRGBA{R: mix(below.R, c.R), G: mix(below.G, c.G), B: mix(below.B, c.B), A: 255}
}

func TestWordsStandOutFromWhatLiesBehindThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := raceAlong(t, rapid.SampledFrom(alongNames).Draw(t, "scenario"))
		f := anyFrame(t, r)
		v := views.New(r.runs)
		items := v.Draw(f)
		for i := range items {
			if items[i].Kind != draw.Words {
				continue
			}
			x0, y0, x1, y1 := around(&items[i])
			behind := f.Theme.Background
			for k := range items[:i] {
				if b := &items[k]; b.Kind == draw.Rect && b.Stroke == 0 && b.X <= x0+1 && b.Y <= y0+1 && b.X+b.W >= x1-1 && b.Y+b.H >= y1-1 {
					behind = over(behind, b.Color)
				}
			}
			require.GreaterOrEqual(t, rastertest.Contrast(items[i].Color, behind), 4.5, "%s, %q: %v on %v", f.Kind, v.Text(&items[i]), items[i].Color, behind)
		}
	})
}

func TestNothingIsThinnerThanTwoPixelsButHairlines(t *testing.T) {
	for _, name := range alongNames {
		r := raceAlong(t, name)
		v := views.New(r.runs)
		for _, kind := range alongKinds {
			for _, it := range v.Draw(views.Frame{Kind: kind, W: 1392, H: 700, Unit: 1, At: r.end / 2, End: r.end}) {
				if it.Kind != draw.Words && it.Color != draw.Light.Line && it.Color.A == 255 && it.Stroke == 0 {
					require.True(t, max(it.W, it.H) >= 1.9, "%s, %s: %+v", name, kind, it)
				}
			}
		}
	}
}
