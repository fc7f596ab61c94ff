package figure_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/viz/figure"
)

// race runs per-request and persistent connections on a scenario's text.
func race(t *testing.T, text string) (lab.Result, lab.Explanation, []*trace.Log) {
	t.Helper()
	f, err := scenarios.Parse("test.yaml", []byte("name: Test\n"+text+`
variants:
  - {name: per-request, with: {http: {connections: per-request}}}
  - {name: persistent, with: {http: {connections: persistent}}}
`))
	require.NoError(t, err)
	res, logs, err := lab.RunAll(context.Background(), f, lab.Options{Requests: true, Log: true})
	require.NoError(t, err)
	e, err := lab.ExplainAll(logs)
	require.NoError(t, err)
	return res, e, logs
}

const (
	small = "link: {rtt: 100ms, down: 10Mbit/s, up: 10Mbit/s}\nworkload: {sequence: {count: 20, size: 10kB}}"
	lossy = "link: {rtt: 60ms, down: 8Mbit/s, up: 1Mbit/s, loss: 2%}\nclient: {connections_per_host: 6, dns: 20ms}\nserver: {time: 30ms}\nworkload: {page: [{path: /, size: 60kB}, {path: /img, size: 20kB, count: 40, after: /}]}"
	idle  = "link: {rtt: 100ms, down: 10Mbit/s, up: 10Mbit/s}\nworkload: {sequence: {count: 3, size: 300kB, gap: 3s}}"
)

func TestThePartsOfATotalAddUpToTheEndOfTheRunToTheNanosecond(t *testing.T) {
	for _, text := range []string{small, lossy, idle} {
		res, e, _ := race(t, text)
		rows := figure.Totals(e).Panels[0].Rows
		require.Len(t, rows, 2)
		for i, r := range rows {
			at := 0.0
			for _, b := range r.Bars {
				require.Equal(t, at, b.From, "each part begins where the one before it ends")
				require.Positive(t, b.Length())
				at = b.To
			}
			require.Equal(t, float64(res.Variants[i].Finished), at, r.Label)
		}
	}
}

func TestEveryRequestIsInTheWaterfallFromItsStartToItsEnd(t *testing.T) {
	for _, text := range []string{small, lossy} {
		res, _, _ := race(t, text)
		f := figure.Waterfall(res)
		require.Empty(t, f.Notes)
		for i, v := range res.Variants {
			require.Len(t, f.Panels[i].Rows, v.Requests.Total)
			for k, r := range f.Panels[i].Rows {
				q := v.PerRequest[k]
				require.Equal(t, strconv.Itoa(k+1), r.Label)
				require.Equal(t, float64(q.Start), r.Bars[0].From)
				require.Equal(t, float64(q.End), r.Bars[len(r.Bars)-1].To)
			}
		}
		require.GreaterOrEqual(t, f.X.Max, float64(res.Variants[0].Finished))
	}
}

func TestAWaterfallOfTooManyRequestsShowsSomeAndSaysHowManyItDoesNot(t *testing.T) {
	res, _, _ := race(t, "link: {rtt: 2ms, down: 100Mbit/s, up: 100Mbit/s}\nworkload: {sequence: {count: 703, size: 1kB}}")
	f := figure.Waterfall(res)
	for i, p := range f.Panels {
		require.Less(t, len(p.Rows), 200)
		require.Equal(t, "1", p.Rows[0].Label, "the first one, which opens the connection")
		require.Equal(t, "700", p.Rows[len(p.Rows)-1].Label, "the last ones too")
		require.Contains(t, f.Notes[i], fmt.Sprintf("one request in 5 is shown; %d are not", 703-len(p.Rows)))
	}
}

func TestARequestThatFailsSaysHow(t *testing.T) {
	res := lab.Result{Variants: []lab.VariantResult{{Name: "a", Finished: 5e6, PerRequest: []lab.Request{{Path: "/x", Connect: 5e6, End: 5e6, Status: "refused"}}}}}
	row := figure.Waterfall(res).Panels[0].Rows[0]
	require.Equal(t, figure.End{Text: "refused", Ink: figure.Error}, row.End)
	require.Equal(t, "/x", row.Detail)
}

func TestEachNewConnectionBeginsWithTheInitialWindowAgain(t *testing.T) {
	_, _, logs := race(t, small)
	f := figure.Window(logs)
	begins := func(p figure.Panel) (all []float64) {
		for _, l := range p.Lines {
			if l.Style == figure.Solid {
				all = append(all, l.Points[0].Y)
			}
		}
		return all
	}
	each, kept := begins(f.Panels[0]), begins(f.Panels[1])
	require.Len(t, each, 20)
	require.Len(t, kept, 1)
	for _, w := range append(each, kept...) {
		require.Equal(t, 14480.0, w)
	}
	require.Len(t, f.Panels[0].Strip, 20, "twenty handshakes")
	require.Contains(t, f.Title, "20 times, persistent once")
}

func TestOutstandingBytesNeverPassTheLargestWindowAndEndAtNone(t *testing.T) {
	_, _, logs := race(t, idle)
	for _, p := range figure.Window(logs).Panels {
		for _, l := range p.Lines {
			last := l.Points[0].X
			for _, q := range l.Points {
				require.GreaterOrEqual(t, q.X, last)
				require.LessOrEqual(t, q.Y, p.Y.Max)
				last = q.X
			}
		}
	}
}

func TestAWindowThatShrinksAfterIdlingAndALossAreMarked(t *testing.T) {
	names := func(text string) string {
		_, _, logs := race(t, text)
		var all []string
		for _, e := range figure.Window(logs).Legend {
			all = append(all, e.Name)
		}
		return strings.Join(all, ", ")
	}
	require.Contains(t, names(idle), "smaller again after idling")
	require.NotContains(t, names(idle), "loss")
	require.Contains(t, names(lossy), "a loss is noticed")
	require.NotContains(t, names(small), "idling")
}

// shipped runs an embedded scenario.
func shipped(t *testing.T, name string, set ...string) (lab.Result, lab.Explanation, []*trace.Log) {
	t.Helper()
	f, err := scenarios.Load(name, set...)
	require.NoError(t, err)
	res, logs, err := lab.RunAll(context.Background(), f, lab.Options{Requests: true, Log: true})
	require.NoError(t, err)
	e, err := lab.ExplainAll(logs)
	require.NoError(t, err)
	return res, e, logs
}

func TestATitleOfManyVariantsNamesTheFirstAndTheLast(t *testing.T) {
	res, e, logs := shipped(t, "tls")
	want := "TLS 1.3 kept is the first to have everything, at 403.6\u00A0ms; TLS 1.2 the last, at 1\u202F135.8\u00A0ms"
	require.Equal(t, want, figure.Totals(e).Title)
	require.Equal(t, want, figure.Waterfall(res).Title)
	require.Equal(t, "TLS 1.3 kept has the largest window, 29.0\u00A0kB; in the clear has at most 23.2\u00A0kB", figure.Window(logs).Title)
}

func TestTLSIsPurpleInEveryFigure(t *testing.T) {
	res, e, logs := shipped(t, "tls")
	for _, f := range []figure.Figure{figure.Totals(e), figure.Waterfall(res), figure.Window(logs)} {
		purple := 0
		for _, l := range f.Legend {
			if l.Ink == figure.TLS {
				purple++
				require.Contains(t, l.Name, "TLS")
			}
		}
		require.Equal(t, 1, purple, f.Name)
	}
}

func TestSlowStartThatEndsWithoutALossIsMarked(t *testing.T) {
	_, _, logs := shipped(t, "http2")
	marks := func(p figure.Panel) (delay, loss int) {
		for _, m := range p.Marks {
			if strings.Contains(m.Name, "HyStart") {
				delay++
			} else {
				loss++
			}
		}
		return delay, loss
	}
	panels := figure.Window(logs).Panels
	delay, loss := marks(panels[1])
	require.Equal(t, [2]int{1, 0}, [2]int{delay, loss}, "clean: the queue grows")
	delay, loss = marks(panels[3])
	require.Zero(t, delay, "with losses: a loss comes first")
	require.Positive(t, loss)
}

func TestTicksAreRoundAndCoverTheData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := math.Pow(10, rapid.Float64Range(2, 13).Draw(t, "exponent"))
		most := rapid.IntRange(2, 12).Draw(t, "most")
		bytes := figure.ByteAxis("", end)
		if bytes.Max < end {
			t.Fatalf("%v lies beyond %v", end, bytes.Max)
		}
		for _, a := range []figure.Axis{figure.TimeAxis("", end), bytes} {
			ticks := a.Ticks(most)
			if len(ticks) < 2 || len(ticks) > most+1 {
				t.Fatalf("%d ticks, wanted at most %d", len(ticks), most+1)
			}
			step := ticks[1].At - ticks[0].At
			mantissa := step / a.PerUnit / math.Pow(10, math.Floor(math.Log10(step/a.PerUnit)+1e-9))
			if d := math.Round(mantissa*1e6) / 1e6; d != 1 && d != 2 && d != 5 {
				t.Fatalf("a step of %v", d)
			}
			if ticks[0].At != 0 || ticks[len(ticks)-1].At > a.Max*(1+1e-9) || ticks[len(ticks)-1].At+step < a.Max*(1-1e-9) {
				t.Fatalf("ticks from %v to %v do not cover %v", ticks[0].At, ticks[len(ticks)-1].At, a.Max)
			}
			seen := map[string]bool{}
			for _, k := range ticks {
				if seen[k.Label] {
					t.Fatalf("two ticks read %q", k.Label)
				}
				seen[k.Label] = true
			}
		}
	})
}

func TestALogarithmicAxisHasItsDecadesInEqualSteps(t *testing.T) {
	a := figure.Axis{Unit: "ms", PerUnit: 1, Min: 1, Max: 1000, Log: true}
	require.InDelta(t, 1.0/3, a.At(10), 1e-12)
	labels := func(most int) (all []string) {
		for _, k := range a.Ticks(most) {
			all = append(all, k.Label)
		}
		return all
	}
	require.Equal(t, []string{"1", "2", "5", "10", "20", "50", "100", "200", "500", "1\u202F000"}, labels(10))
	require.Equal(t, []string{"1", "10", "100", "1\u202F000"}, labels(5))
}

// One meaning has one colour: the page's style sheet and the plots agree.
func TestThePaletteIsTheStyleSheets(t *testing.T) {
	css, err := os.ReadFile("../../site/css/style.css")
	require.NoError(t, err)
	light, dark, _ := strings.Cut(string(css), "[data-theme=dark]")
	for _, i := range figure.Inks() {
		l, d := i.Light(), i.Dark()
		require.Contains(t, light, fmt.Sprintf("--%s: #%02X%02X%02X;", i, l.R, l.G, l.B))
		require.Contains(t, dark, fmt.Sprintf("--%s: #%02X%02X%02X;", i, d.R, d.G, d.B))
	}
}

// The tables beside a figure round; a figure that cut off would contradict them in the last digit.
func TestAFigureRoundsSecondsAsTheTablesDo(t *testing.T) {
	res, _, _ := race(t, idle)
	for i := range res.Variants {
		res.Variants[i].Finished = 61_076_900_000
	}
	require.Contains(t, figure.Waterfall(res).Panels[0].Detail, "61.08\u00A0s")
}
