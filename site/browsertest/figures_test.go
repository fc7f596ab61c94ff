//go:build browser

package browsertest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFiguresCursorFollowsTheTime(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "")
	finished(t, ctx, [2]float64{})
	value[any](t, ctx, `import('./js/figures.js').then((f) => { window.figures = f; })`)
	eventually(t, ctx, `window.figures`)
	value[any](t, ctx, `document.querySelector('iframe').remove()`) // or the stage would move the cursors meanwhile
	value[any](t, ctx, `figures.showFigures({ totals: '', waterfall: '', window: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100">' +
		'<script>window.ran = true</script><line class="cursor" y1="0" y2="100" data-x0="100" data-x1="300" data-t0="0" data-t1="50"/></svg>' })`)
	require.False(t, value[bool](t, ctx, `document.getElementById('window-card').hidden`))
	require.True(t, value[bool](t, ctx, `document.getElementById('totals-card').hidden`))
	for _, c := range []struct {
		at string
		x  string
	}{{"0", "100"}, {"25", "200"}, {"50", "300"}, {"80", "300"}} {
		value[any](t, ctx, `figures.moveCursors(`+c.at+`)`)
		require.Equal(t, c.x, value[string](t, ctx, `document.querySelector('#window line').getAttribute('x1')`))
	}
	require.False(t, value[bool](t, ctx, `!!window.ran`), "nothing in a figure runs")
}

func TestTheWaterfallsCursorFollowsTheTime(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "#t=1000")
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
	const cursor = `document.querySelector('#waterfall .cursor').getBoundingClientRect().x`
	value[any](t, ctx, `{ window.before = `+cursor+`; }`)
	slide(t, ctx, "time", "2000")
	eventually(t, ctx, cursor+` > window.before + 50`)
}
