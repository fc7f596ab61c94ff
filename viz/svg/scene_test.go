package svg_test

import (
	"context"
	"encoding/xml"
	"image/color"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/scene"
	"keepalive/viz/svg"
	"keepalive/viz/tell"
)

// words are the lines of text of a document, in their order.
func words(t *testing.T, text string) (all []string) {
	t.Helper()
	d, within := xml.NewDecoder(strings.NewReader(text)), false
	for {
		token, err := d.Token()
		if err != nil {
			return all
		}
		switch e := token.(type) {
		case xml.StartElement:
			if within = e.Name.Local == "text"; within {
				all = append(all, "")
			}
		case xml.CharData:
			if within {
				all[len(all)-1] += string(e)
			}
		case xml.EndElement:
			within = false
		}
	}
}

func TestAMomentIsWellFormedAndHasEveryTextOfTheScene(t *testing.T) {
	f, err := scenarios.Load("mobile")
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(context.Background(), f.Variants()[:2], lab.Options{Log: true})
	require.NoError(t, err)
	s := scene.New(tell.ReadAll([]*trace.Index{logs[0].Index(), logs[1].Index()}))
	for at := sim.Time(0); at < 4*sim.Second; at += 130 * sim.Millisecond {
		items := s.Draw(at, scene.View{W: 900, H: 480, Theme: &draw.Dark})
		text := svg.Scene(items, s.Text, svg.SceneOptions{W: 900, H: 480, Ground: draw.Dark.Background, Title: "<Mobile>", About: "a & b"})
		var want []string
		for i := range items {
			if items[i].Kind == draw.Words {
				want = append(want, string(s.Text(&items[i])))
			}
		}
		require.Equal(t, want, words(t, text))
		for i, e := range elements(t, text) {
			require.Contains(t, []string{"svg", "title", "desc", "g", "rect", "path", "text"}, e.Name.Local)
			if i == 0 {
				require.Equal(t, "0 0 900 480", attr(e, "viewBox"))
				require.Equal(t, "img", attr(e, "role"))
			}
			for _, a := range e.Attr {
				require.NotContains(t, a.Value, "NaN")
				require.NotContains(t, a.Value, "Inf")
			}
		}
	}
}

func TestEachShapeOfTheSceneIsDrawn(t *testing.T) {
	ink := color.NRGBA{R: 1, G: 2, B: 3, A: 51}
	for want, i := range map[string]draw.Item{
		`<rect x="10" y="20" width="30" height="14" rx="3" fill="#010203" fill-opacity="0.2"/>`: {Kind: draw.Rect, Radius: 3},
		`<rect x="11" y="21" width="28" height="12" fill="none" stroke="#010203"`:               {Kind: draw.Rect, Stroke: 2},
		`<path d="M10 20L32 20L40 27L32 34L10 34Z"`:                                             {Kind: draw.Arrow},
		`<path d="M40 20L18 20L10 27L18 34L40 34Z"`:                                             {Kind: draw.Arrow, Flip: true},
		`<path d="M10 20L10 20L40 27L10 34L10 34Z"`:                                             {Kind: draw.Tri},
		`<path d="M10 20L15.28 20L40 31.54V34L34.72 34L10 22.46V20Z`:                            {Kind: draw.Cross},
		`<path d="M10 20H14V22H10ZM10 32H14V34H10Z`:                                             {Kind: draw.Rect, Stroke: 2, Dashed: true},
		`<path d="M10 20L40 34V38L10 24Z" fill="#010203"`:                                       {Kind: draw.Slant, Stroke: 4},
		`<text x="10" y="20" font-size="14" text-anchor="end" font-weight="bold"`:               {Kind: draw.Words, Align: draw.Right, Bold: true},
	} {
		i.X, i.Y, i.W, i.H, i.Color = 10, 20, 30, 14, ink
		text := svg.Scene([]draw.Item{i}, func(*draw.Item) []byte { return []byte("a<b") }, svg.SceneOptions{W: 100, H: 100, Scale: 2})
		require.Contains(t, text, want)
		require.Contains(t, text, `width="200"`)
	}
}
