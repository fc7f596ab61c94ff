//go:build browser

package browsertest

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// openStage waits until the stage shows the race, and listens to what it tells the page.
func openStage(t *testing.T) context.Context {
	ctx := open(t, 1280, 900, "")
	eventually(t, ctx, `document.getElementById('finished-B') && document.getElementById('live').textContent.includes('of 20 objects')`)
	value[any](t, ctx, `{ window.heard = []; window.addEventListener('message', (e) => window.heard.push(e.data)); }`)
	return ctx
}

// middle is the middle of the stage, in the page's pixels.
func middle(t *testing.T, ctx context.Context) (x, y float64) {
	const box = `document.getElementById('stage').getBoundingClientRect()`
	return value[float64](t, ctx, `(({ left, width }) => left + width / 2)(`+box+`)`), value[float64](t, ctx, `(({ top, height }) => top + height / 2)(`+box+`)`)
}

func TestThePageScrollsOverTheStage(t *testing.T) {
	ctx := openStage(t)
	x, y := middle(t, ctx)
	_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: "mouseWheel", X: x, Y: y, DeltaX: 1, DeltaY: 120})
	require.NoError(t, err)
	eventually(t, ctx, `scrollY === 120`)
}

func TestTabGetsOutOfTheStageAndKeysReachThePage(t *testing.T) {
	ctx := openStage(t)
	value[any](t, ctx, `{ const s = document.getElementById('stage'); s.focus(); s.contentWindow.focus(); }`)
	require.Equal(t, "stage", value[string](t, ctx, `document.activeElement.id`))
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent("x")))
	eventually(t, ctx, `window.heard.some((m) => m.type === 'key' && m.key === 'x')`)
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent("\t")))
	eventually(t, ctx, `document.activeElement.id !== 'stage'`)
	require.False(t, value[bool](t, ctx, `document.getElementById('stage').contentDocument.querySelector('canvas').hasAttribute('tabindex')`))
}

func TestALostContextRestoresTheRaceWhereItWas(t *testing.T) {
	ctx := openStage(t)
	value[any](t, ctx, `{ const time = document.getElementById('time'); time.value = 1000; time.dispatchEvent(new Event('input')); }`)
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
	value[any](t, ctx, `{ document.getElementById('live').textContent = '';
		document.getElementById('stage').contentDocument.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext(); }`)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'lost')`)
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
}
