package charts_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/lab/tune"
	"keepalive/scenarios"
	"keepalive/viz/charts"
	"keepalive/viz/figure"
)

func figures(t *testing.T) []figure.Figure {
	t.Helper()
	f, err := scenarios.Load("gallery")
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

func render(t *testing.T, f figure.Figure, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, charts.Write(&b, f, format))
	return b.Bytes()
}

// share is the part of a picture that has a colour.
func share(m image.Image, c color.RGBA) float64 {
	n, all := 0, 0
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 2 { // every other pixel of every other line: the smallest bar has dozens
		for x := b.Min.X + y/2%2; x < b.Max.X; x += 2 {
			all++
			if color.RGBAModel.Convert(m.At(x, y)) == c {
				n++
			}
		}
	}
	return float64(n) / float64(all)
}

func TestAPNGFillsAProjectorAndShowsTheColoursOfItsFigure(t *testing.T) {
	all := append(figures(t), tradeOff(t))
	for i, ink := range []figure.Ink{figure.SetUp, figure.Wait, figure.Data, figure.Error} {
		f := all[i]
		m, err := png.Decode(bytes.NewReader(render(t, f, "png")))
		require.NoError(t, err)
		require.Equal(t, 1920, m.Bounds().Dx())
		require.GreaterOrEqual(t, m.Bounds().Dy(), 1080)
		require.Greater(t, share(m, ink.Light()), .001, "%s has no %s", f.Name, ink)
	}
}

// The bars' areas are to each other as the times are.
func TestHandshakesAndPropagationHaveTheAreaOfTheirTime(t *testing.T) {
	f := figures(t)[0]
	m, err := png.Decode(bytes.NewReader(render(t, f, "png")))
	require.NoError(t, err)
	sum := map[figure.Ink]float64{}
	for _, r := range f.Panels[0].Rows {
		for _, b := range r.Bars {
			if b.Style == figure.Solid {
				sum[b.Ink] += b.Length()
			}
		}
	}
	want := sum[figure.SetUp] / sum[figure.Ack]
	require.InEpsilon(t, want, share(m, figure.SetUp.Light())/share(m, figure.Ack.Light()), .02)
}

func TestAnSVGIsWellFormed(t *testing.T) {
	for _, f := range append(figures(t), tradeOff(t)) {
		d := xml.NewDecoder(bytes.NewReader(render(t, f, "svg")))
		n := 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			if e, is := token.(xml.StartElement); is {
				n++
				require.NotEqual(t, "script", e.Name.Local)
			}
		}
		require.Greater(t, n, 20)
	}
}

func TestAPDFBeginsAndEndsAsOne(t *testing.T) {
	for _, f := range append(figures(t), tradeOff(t)) {
		b := render(t, f, "pdf")
		require.True(t, bytes.HasPrefix(b, []byte("%PDF-1.")))
		require.True(t, bytes.HasSuffix(bytes.TrimSpace(b), []byte("%%EOF")))
	}
}

func TestAnUnknownFormatIsNamed(t *testing.T) {
	require.EqualError(t, charts.Write(io.Discard, figure.Figure{}, "gif"), `there is no format "gif": want png, svg, pdf`)
}
