//go:build browser

package browsertest

import (
	"context"
	"testing"
	"time"

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

func TestAPausedStageDrawsNoFramesUntilThereIsNews(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	const resting = `document.getElementById('stage').contentWindow.keepaliveStage.resting`
	eventually(t, ctx, resting)
	value[any](t, ctx, `document.getElementById('play').click()`)
	eventually(t, ctx, `Number(document.getElementById('time').value) > 20`)
	require.False(t, value[bool](t, ctx, resting))
	value[any](t, ctx, `document.getElementById('play').click()`)
	eventually(t, ctx, resting)
	slide(t, ctx, "time", "10")
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 10')`)
	eventually(t, ctx, resting)
}

func TestThePageScrollsOverTheStage(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	x, y := middle(t, ctx)
	_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: "mouseWheel", X: x, Y: y, DeltaX: 1, DeltaY: 120})
	require.NoError(t, err)
	eventually(t, ctx, `scrollY === 120`)
}

func TestTabGetsOutOfTheStageAndKeysReachThePage(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
	ctx := openStage(t)
	value[any](t, ctx, `{ const time = document.getElementById('time'); time.value = 1000; time.dispatchEvent(new Event('input')); }`)
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
	value[any](t, ctx, `{ document.getElementById('live').textContent = '';
		document.getElementById('stage').contentDocument.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext(); }`)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'lost')`)
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
}

func TestALostContextThatPlayedGoesOnPlaying(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	value[any](t, ctx, `{ const time = document.getElementById('time'); time.value = 1000; time.dispatchEvent(new Event('input')); document.getElementById('play').click(); }`)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'tick' && m.playing && m.ms > 1000)`)
	value[any](t, ctx, `document.getElementById('stage').contentDocument.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()`)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'lost')`)
	value[any](t, ctx, `{ window.heard = []; }`)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'tick' && m.playing && m.ms > 1000)`)
}

func TestAnotherPixelRatioMakesTheStageAgain(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	value[any](t, ctx, `{ const time = document.getElementById('time'); time.value = 1000; time.dispatchEvent(new Event('input')); }`)
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
	value[any](t, ctx, `{ document.getElementById('live').textContent = ''; }`)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(640, 450, chromedp.EmulateScale(2)))) // as zooming to 200 % does
	eventually(t, ctx, `window.heard.some((m) => m.type === 'lost' && m.why === 'ratio')`)
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
	eventually(t, ctx, `(({ width, clientWidth }) => Math.abs(width - 2 * clientWidth) <= 2)(document.getElementById('stage').contentDocument.querySelector('canvas'))`)
}

func TestOffScreenNothingIsDrawn(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	before(t, ctx, `{ const draw = WebGL2RenderingContext.prototype.drawElements; top.drawn = 0;
		WebGL2RenderingContext.prototype.drawElements = function (...a) { top.drawn++; return draw.apply(this, a); }; }`)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 500), chromedp.Navigate(shared.url)))
	eventually(t, ctx, `document.getElementById('live').textContent !== ''`)
	slide(t, ctx, "speed", "0") // 1 s = 1 ms: it will not end
	value[any](t, ctx, `document.getElementById('play').click()`)
	eventually(t, ctx, `window.drawn > 20`)
	value[any](t, ctx, `scrollTo(0, document.documentElement.scrollHeight)`)
	eventually(t, ctx, `document.getElementById('stage').getBoundingClientRect().bottom < 0`)
	still := func() bool {
		value[any](t, ctx, `{ window.drawn = 0; }`)
		time.Sleep(500 * time.Millisecond)
		return value[float64](t, ctx, `window.drawn`) == 0
	}
	require.Eventually(t, still, 20*time.Second, 10*time.Millisecond)
	at := value[float64](t, ctx, `Number(document.getElementById('time').value)`)
	value[any](t, ctx, `scrollTo(0, 0)`)
	eventually(t, ctx, `window.drawn > 20`)
	require.GreaterOrEqual(t, value[float64](t, ctx, `Number(document.getElementById('time').value)`), at)
}
