package svg_test

import (
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/lab/tune"
	"keepalive/scenarios"
	"keepalive/viz/figure"
	"keepalive/viz/svg"
)

var update = flag.Bool("update", false, "write testdata/*.svg again")

// figures are those of a race of both ways to use connections.
func figures(t *testing.T, workload string) []figure.Figure {
	t.Helper()
	f, err := scenarios.Parse("test.yaml", []byte("name: Test\nlink: {rtt: 100ms, down: 10Mbit/s, up: 10Mbit/s}\nworkload: "+workload+`
variants:
  - {name: "per-request <&>", with: {http: {connections: per-request}}}
  - {name: persistent, with: {http: {connections: persistent}}}
`))
	require.NoError(t, err)
	res, logs, err := lab.RunAll(context.Background(), f, lab.Options{Requests: true, Log: true})
	require.NoError(t, err)
	e, err := lab.ExplainAll(logs)
	require.NoError(t, err)
	return []figure.Figure{figure.Totals(e), figure.Waterfall(res), figure.Window(logs)}
}

// tradeOff is what a search for a number of workers tried.
func tradeOff(t *testing.T) figure.Figure {
	t.Helper()
	o, err := lab.ParseOver("server.workers=4..64/6")
	require.NoError(t, err)
	s, err := tune.NewSpace(func(sets ...string) (*scenarios.File, error) { return scenarios.Load("busy-server", sets...) }, "processes persistent", []lab.Over{o})
	require.NoError(t, err)
	g, err := tune.ParseGoal("p95 < 200ms and peak_memory < 1MiB")
	require.NoError(t, err)
	r, err := s.Search(context.Background(), tune.Options{Goal: g, Budget: 30, Seeds: 1})
	require.NoError(t, err)
	return figure.TradeOff(r)
}

// elements reads a text as XML, strictly.
func elements(t *testing.T, text string) (all []xml.StartElement) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		if e, is := token.(xml.StartElement); is {
			all = append(all, e.Copy())
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestAFigureIsWellFormedAndNothingInItRunsOrLoads(t *testing.T) {
	for _, f := range append(figures(t, "{sequence: {count: 3, size: 200kB, gap: 2s}}"), tradeOff(t)) {
		for _, width := range []int{348, 1160} {
			text := svg.Render(f, svg.Options{Width: width, Heading: true, Legend: true, Cursor: true})
			ids, used := map[string]bool{}, []string{}
			for i, e := range elements(t, text) {
				require.NotContains(t, []string{"script", "image", "foreignObject", "use", "a"}, e.Name.Local)
				if id := attr(e, "id"); id != "" {
					require.False(t, ids[id], "two elements are called %s", id)
					ids[id] = true
				}
				if i == 0 {
					require.Equal(t, "img", attr(e, "role"))
					used = strings.Fields(attr(e, "aria-labelledby"))
					require.Equal(t, strconv.Itoa(width), attr(e, "width"))
				}
				if fill := attr(e, "fill"); strings.HasPrefix(fill, "url(#") {
					used = append(used, strings.Trim(fill, "url(#)"))
				}
				for _, a := range e.Attr {
					require.False(t, strings.HasPrefix(a.Name.Local, "on"), "%s has a handler", e.Name.Local)
					require.NotEqual(t, "href", a.Name.Local)
					require.NotContains(t, a.Value, "NaN")
					require.NotContains(t, a.Value, "Inf")
				}
			}
			for _, id := range used {
				require.True(t, ids[id], "%s is not there", id)
			}
		}
	}
}

// The page puts the cursor at x0 + (t - t0) / (t1 - t0) * (x1 - x0), with t in milliseconds.
func TestTheCursorOfAFigureOverTimeSaysWhichXIsWhichTime(t *testing.T) {
	for _, f := range figures(t, "{sequence: {count: 3, size: 10kB}}") {
		cursors := 0
		for _, e := range elements(t, svg.Render(f, svg.Options{Width: 600, Cursor: true})) {
			if attr(e, "class") != "cursor" {
				continue
			}
			cursors++
			require.Equal(t, "line", e.Name.Local)
			require.Equal(t, attr(e, "data-x0"), attr(e, "x1"))
			require.Equal(t, "0", attr(e, "data-t0"))
			end, err := strconv.ParseFloat(attr(e, "data-t1"), 64)
			require.NoError(t, err)
			require.InDelta(t, f.X.Max/1e6, end, 1e-9)
			x1, err := strconv.ParseFloat(attr(e, "data-x1"), 64)
			require.NoError(t, err)
			require.LessOrEqual(t, x1, 600.0)
		}
		want := 2
		if f.Name == "totals" {
			want = 0
		}
		require.Equal(t, want, cursors, f.Name)
	}
}

func TestColoursAreThePagesWithAFallBack(t *testing.T) {
	text := svg.Render(figures(t, "{sequence: {count: 3, size: 10kB}}")[1], svg.Options{Width: 600})
	require.Contains(t, text, "fill:var(--setup,#BC7A00)")
	for _, e := range elements(t, text) {
		require.NotContains(t, attr(e, "fill"), "#", "a colour that no theme can change")
	}
}

func TestWhoDoesNotSeeAFigureIsToldWhatItShows(t *testing.T) {
	for _, f := range figures(t, "{sequence: {count: 3, size: 10kB}}") {
		text := svg.Render(f, svg.Options{})
		_, title, _ := strings.Cut(text, `<title id="`+f.Name+`-title">`)
		require.True(t, strings.HasPrefix(title, f.Title[:8]), title[:40])
		_, about, _ := strings.Cut(text, `<desc id="`+f.Name+`-about">`)
		about, _, _ = strings.Cut(about, "</desc>")
		require.Contains(t, about, "per-request")
		require.Contains(t, about, "persistent")
	}
}

func TestEveryBarLiesAndEveryTextBeginsWithinTheFigure(t *testing.T) {
	for _, workload := range []string{"{sequence: {count: 3, size: 10kB}}", "{sequence: {count: 150, size: 300kB}}", "{sequence: {count: 2, size: 10kB, gap: 1h}}"} {
		for _, f := range figures(t, workload) {
			for _, width := range []int{300, 348, 720, 1160} {
				for _, e := range elements(t, svg.Render(f, svg.Options{Width: width, Heading: true, Legend: true})) {
					if e.Name.Local != "text" && e.Name.Local != "rect" {
						continue
					}
					x, err := strconv.ParseFloat(attr(e, "x"), 64)
					if attr(e, "x") == "" {
						continue // a pattern's
					}
					require.NoError(t, err)
					w, _ := strconv.ParseFloat(attr(e, "width"), 64)
					require.GreaterOrEqual(t, x, 0.0)
					require.LessOrEqual(t, x+w, float64(width)+.01, "%s in %s at %d px", e.Name.Local, f.Name, width)
				}
			}
		}
	}
}

// Every dot is there with a name to point at, and labels, limits and the name of X stand within the figure.
func TestATradeOffFitsIntoAnyWidth(t *testing.T) {
	f := tradeOff(t)
	for _, wide := range []int{300, 348, 720, 1160} {
		text := svg.Render(f, svg.Options{Width: wide, Heading: true, Legend: true})
		for _, d := range f.Panels[0].Dots {
			require.Contains(t, text, "<title>"+d.Name+"</title>")
			for _, l := range d.Label {
				require.Contains(t, text, ">"+l+"</text>")
			}
		}
		for _, e := range elements(t, text) {
			for _, name := range []string{"x", "cx"} {
				if attr(e, name) != "" && e.Name.Local != "rect" {
					x, err := strconv.ParseFloat(attr(e, name), 64)
					require.NoError(t, err)
					require.GreaterOrEqual(t, x, 0.0)
					require.LessOrEqual(t, x, float64(wide))
				}
			}
		}
		require.Contains(t, text, ">goal: p95 &lt; 200.0\u00A0ms</text>")
		require.Contains(t, text, ">peak memory (of the server's connections)</text>")
	}
}

func TestFiguresOfASmallRaceLookAsTheyDid(t *testing.T) {
	for _, f := range append(figures(t, "{sequence: {count: 2, size: 10kB}}"), tradeOff(t)) {
		got := svg.Render(f, svg.Options{Width: 480, Heading: true, Legend: true, Cursor: true})
		name := fmt.Sprintf("testdata/%s.svg", f.Name)
		if *update {
			require.NoError(t, os.WriteFile(name, []byte(got), 0o644))
		}
		want, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, string(want), got, "go test ./viz/svg -update writes it again; look at the difference")
	}
}
