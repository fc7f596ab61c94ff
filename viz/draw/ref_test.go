package draw_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/viz/draw"
)

func TestAThingsNameIsReadAsTheThing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref := draw.Ref{Lane: rapid.Uint8Range(0, 3).Draw(t, "lane"), Kind: draw.Thing(rapid.IntRange(1, 3).Draw(t, "kind")), ID: rapid.Uint32Min(1).Draw(t, "id")}
		got, err := draw.ParseRef(ref.String())
		require.NoError(t, err)
		require.Equal(t, ref, got)
	})
	none, err := draw.ParseRef(draw.Ref{}.String())
	require.NoError(t, err)
	require.Zero(t, none)
}

func TestWhatNamesNoThingIsRefused(t *testing.T) {
	for _, bad := range []string{"A", "A:packet", "A:packet:0", "A:packet:-1", "A:packet:99999999999", "A:parcel:1", "A::1", "AB:packet:1", ":packet:1", "é:packet:1", "A:packet:1:2"} {
		_, err := draw.ParseRef(bad)
		require.ErrorContains(t, err, "such as A:packet:12", bad)
	}
}

func TestWordsAreBrokenIntoLinesThatFit(t *testing.T) {
	f := draw.Font{Size: 13}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z0-9 ]{1,12}`), 0, 30).Draw(t, "words")
		width := rapid.Float32Range(10, 400).Draw(t, "width")
		all := ""
		for _, w := range words {
			all += " " + w
		}
		var c draw.Canvas
		c.Reset(&draw.Light)
		joined := ""
		for _, line := range draw.Wrap(all, width, f) {
			joined += line
			if containsSpace(line) {
				require.LessOrEqual(t, c.Put(line).Write(0, 0, f), width)
			}
		}
		require.Equal(t, without(all), without(joined))
	})
}

func containsSpace(s string) bool { return without(s) != s }

func without(s string) string {
	var out []rune
	for _, r := range s {
		if r != ' ' {
			out = append(out, r)
		}
	}
	return string(out)
}

func TestACanvasDrawnOverAnotherKeepsItsWords(t *testing.T) {
	var under, over draw.Canvas
	f := draw.Font{Size: 10}
	for _, c := range []*draw.Canvas{&under, &over} {
		c.Reset(&draw.Light)
	}
	under.Put("below").Write(0, 10, f)
	over.Put("above").Write(0, 20, f)
	over.Put("unfinished")
	under.Put("also unfinished")
	under.Append(&over)
	under.Put("last").Write(0, 30, f)
	var said []string
	for i := range under.Items() {
		said = append(said, string(under.Text(&under.Items()[i])))
	}
	require.Equal(t, []string{"below", "above", "last"}, said)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		under.Reset(&draw.Light)
		under.Append(&over)
	}))
}

func TestAThemeIsFoundByItsName(t *testing.T) {
	seen := &draw.Light
	for _, name := range draw.ThemeNames {
		require.Same(t, seen, draw.ThemeNamed(name))
		seen = seen.Next()
	}
	require.Same(t, &draw.Light, seen, "after the last comes the first")
	require.Nil(t, draw.ThemeNamed("sepia"))
}
