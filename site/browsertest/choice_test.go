//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// said is what the card says about what is chosen.
const said = `document.getElementById('chosen-text').textContent`

// inSight tells whether the card is, wherever the page is scrolled to.
const inSight = `(({ top, bottom }) => top >= 0 && top < bottom && bottom <= innerHeight)(document.getElementById('chosen').getBoundingClientRect())`

// choose chooses a thing, and waits until the page says what it is.
func choose(t *testing.T, ctx context.Context, thing string) {
	t.Helper()
	value[any](t, ctx, `document.getElementById('stage').contentWindow.postMessage({ type: 'choose', thing: '`+thing+`' }, location.origin)`)
	eventually(t, ctx, `location.hash.includes('chosen=`+thing+`') && `+said+` !== ''`)
}

// at opens the race at a time and waits for the picture.
func at(t *testing.T, hash, live string) context.Context {
	t.Helper()
	ctx := open(t, 1280, 900, hash)
	eventually(t, ctx, `document.getElementById('finished-B') && document.getElementById('live').textContent.startsWith('`+live+`')`)
	return ctx
}

// point clicks on a place of the stage, in its pixels.
func point(t *testing.T, ctx context.Context, x, y float64) {
	t.Helper()
	value[any](t, ctx, fmt.Sprintf(`document.getElementById('stage').contentWindow.dispatchEvent(new PointerEvent('click', { clientX: %v, clientY: %v }))`, x, y))
}

// heard listens to what the stage says from now on.
func heard(t *testing.T, ctx context.Context) {
	t.Helper()
	value[any](t, ctx, `{ window.heard = []; window.addEventListener('message', (e) => window.heard.push(e.data)); }`)
}

// where clicks along a line down the first lane, until something is chosen.
func where(t *testing.T, ctx context.Context, x float64) (thing string) {
	t.Helper()
	heard(t, ctx)
	value[any](t, ctx, `{ window.ms = Number(document.getElementById('time').value); }`)
	for y := 70.0; y < 240; y += 7 {
		value[any](t, ctx, `{ window.heard = []; }`)
		point(t, ctx, x, y)
		eventually(t, ctx, `window.heard.some(({ type }) => type === 'click' || type === 'chosen')`)
		if thing = value[string](t, ctx, `window.heard.find(({ type }) => type === 'chosen')?.thing ?? ''`); thing != "" {
			return thing
		}
		value[any](t, ctx, `{ const stage = document.getElementById('stage').contentWindow; // a click on nothing plays
			for (const m of [{ type: 'pause' }, { type: 'seek', ms }]) stage.postMessage(m, location.origin); }`)
	}
	require.Fail(t, "nothing can be chosen")
	return ""
}

func TestAClickOnAPacketSaysWhatItIsWithTheHeadOfItsMessage(t *testing.T) {
	t.Parallel()
	ctx := at(t, "#t=800&view=none", "At 800 ms") // the fourth response of A is halfway
	require.Regexp(t, `^A:packet:\d+$`, where(t, ctx, 665))
	eventually(t, ctx, `/^A: data \d of response 4, connection 4, leaves the server at /.test(`+said+`)`)
	eventually(t, ctx, `/^HTTP\/1.1 200 OK\nContent-Type: /.test(document.querySelector('#head pre')?.textContent)`)
	require.Equal(t, "polite", value[string](t, ctx, `document.getElementById('chosen-text').getAttribute('aria-live')`))
	eventually(t, ctx, inSight)
	eventually(t, ctx, `document.querySelector('#waterfall .chosen')?.dataset.request === '4'`)
	press(t, ctx, kb.Escape)
	eventually(t, ctx, `document.getElementById('chosen').hidden && location.hash === '#t=800&view=none' && !document.querySelector('#waterfall .chosen')`)
}

func TestAPacketsNeighboursOnItsConnectionAreAButtonAway(t *testing.T) {
	t.Parallel()
	ctx := at(t, "#t=800", "At 800 ms")
	choose(t, ctx, "B:request:3")
	value[any](t, ctx, `document.getElementById('after').click()`)
	eventually(t, ctx, `/chosen=B:packet:\d+/.test(location.hash)`)
	first := value[string](t, ctx, `location.hash`)
	value[any](t, ctx, `document.getElementById('after').click()`)
	eventually(t, ctx, `location.hash !== '`+first+`' && /chosen=B:packet:\d+/.test(location.hash)`)
	press(t, ctx, ",")
	eventually(t, ctx, `location.hash === '`+first+`'`)
	require.NotContains(t, first, "t=800", "it goes to where the packet is sent")
}

func TestARowOfTheWaterfallChoosesItsRequest(t *testing.T) {
	t.Parallel()
	ctx := at(t, "", "At 0")
	value[any](t, ctx, `document.getElementById('waterfall').scrollIntoView()`)
	value[any](t, ctx, `document.querySelector('#waterfall [data-lane="1"][data-request="7"] .hit').dispatchEvent(new MouseEvent('click', { bubbles: true }))`)
	eventually(t, ctx, said+`.startsWith('B: request 7, GET /7')`)
	eventually(t, ctx, `[...document.querySelectorAll('#waterfall .chosen')].map((r) => r.dataset.lane + r.dataset.request).join() === '17'`)
	eventually(t, ctx, inSight)
	value[any](t, ctx, `document.getElementById('unchoose').click()`)
	eventually(t, ctx, `document.getElementById('chosen').hidden`)
}

func TestTheRaceGoesOnWithItsViewAndItsChoiceThroughAllThatHappensToAStage(t *testing.T) {
	t.Parallel()
	ctx := at(t, "", "At 0")
	height := `document.getElementById('stage').clientHeight`
	withLadder := value[float64](t, ctx, height)
	value[any](t, ctx, pick("view", "none"))
	eventually(t, ctx, fmt.Sprintf(`%s < %v - 200`, height, withLadder))
	value[any](t, ctx, pick("view", "requests"))
	eventually(t, ctx, fmt.Sprintf(`%s > %v - 200 && location.hash.includes('view=requests')`, height, withLadder))
	value[any](t, ctx, `document.getElementById('play').click()`)
	eventually(t, ctx, `Number(document.getElementById('time').value) > 50`)
	value[any](t, ctx, `document.getElementById('play').click()`)
	slide(t, ctx, "time", "1000")
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
	choose(t, ctx, "A:request:5")
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(600, 800)))
	eventually(t, ctx, `(({ width, clientWidth }) => clientWidth < 600 && Math.abs(width - clientWidth) <= 2)(document.getElementById('stage').contentDocument.querySelector('canvas'))`)
	was := value[string](t, ctx, said)
	heard(t, ctx)
	value[any](t, ctx, `{ document.getElementById('live').textContent = ''; document.getElementById('chosen-text').textContent = '';
		document.getElementById('stage').contentDocument.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext(); }`)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'lost')`)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'chosen' && m.thing === 'A:request:5')`)
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 1\u2009000')`)
	eventually(t, ctx, said+` !== ''`)
	require.Equal(t, was, value[string](t, ctx, said))
	require.Equal(t, "#t=1000&view=requests&chosen=A:request:5", value[string](t, ctx, `location.hash`))
	value[any](t, ctx, `{ window.heard = []; document.getElementById('play').click(); }`)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'tick' && m.playing && m.ms > 1000)`)
}

func TestALinkShowsItsViewAndWhatItsSenderHadChosen(t *testing.T) {
	t.Parallel()
	ctx := at(t, "#t=800&view=sequence&chosen=B:connection:1", "At 800 ms")
	eventually(t, ctx, said+`.startsWith('B: connection 1')`)
	require.Equal(t, "sequence", value[string](t, ctx, `document.getElementById('view').value`))
	require.Equal(t, "#t=800&view=sequence&chosen=B:connection:1", value[string](t, ctx, `location.hash`))
	slide(t, ctx, "rtt", "3")
	eventually(t, ctx, `document.getElementById('chosen').hidden && !location.hash.includes('chosen')`)
	require.Contains(t, value[string](t, ctx, `location.hash`), "view=sequence", "numbers mean other things in another run; a view does not")
}

func TestALinkThatNamesNoThingOrNoViewIsFollowedAsFarAsItGoes(t *testing.T) {
	t.Parallel()
	for _, hash := range []string{"#t=800&view=tree&chosen=A:packet:999999", "#t=800&chosen=D:request:1", "#t=800&chosen=<b>"} {
		ctx := at(t, hash, "At 800 ms")
		eventually(t, ctx, `location.hash === '#t=800'`)
		require.True(t, value[bool](t, ctx, `document.getElementById('chosen').hidden`))
		require.Equal(t, "ladder", value[string](t, ctx, `document.getElementById('view').value`))
	}
}

func TestAClickBesideEverythingInAViewGoesToThatTime(t *testing.T) {
	t.Parallel()
	ctx := at(t, "#t=800&view=window", "At 800 ms")
	heard(t, ctx)
	const size = `document.getElementById('stage').`
	w, h := value[float64](t, ctx, size+`clientWidth`), value[float64](t, ctx, size+`clientHeight`)
	point(t, ctx, w*0.9, h-70)
	eventually(t, ctx, `window.heard.some((m) => m.type === 'tick' && !m.playing && m.ms > 2000)`)
}

func TestOnAPhoneATapChoosesAndTheLanesStandAlone(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(375, 812, chromedp.EmulateMobile, chromedp.EmulateTouch), chromedp.Navigate(shared.url+"#t=800")))
	eventually(t, ctx, `document.getElementById('finished-B') && document.getElementById('live').textContent.startsWith('At 800 ms')`)
	require.Equal(t, "none", value[string](t, ctx, `document.getElementById('view').value`))
	_, err := chromedp.Call(ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
	require.NoError(t, err)
	value[any](t, ctx, `document.getElementById('arena').scrollIntoView()`)
	x, y := value[float64](t, ctx, `document.getElementById('stage').getBoundingClientRect().left`), value[float64](t, ctx, `document.getElementById('stage').getBoundingClientRect().top`)
	for dy := 60.0; dy < 90; dy += 6 { // the connection in the pool
		for _, kind := range []input.DispatchTouchEventType{"touchStart", "touchEnd"} {
			touch := []*input.TouchPoint{{X: x + 60, Y: y + dy}}
			if kind == "touchEnd" {
				touch = []*input.TouchPoint{}
			}
			_, err := chromedp.Call(ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: touch})
			require.NoError(t, err)
		}
	}
	eventually(t, ctx, `location.hash.includes('chosen=A:') && `+said+` !== ''`)
}

func TestTheEventsAreAListThatTheKeyboardWalksThrough(t *testing.T) {
	t.Parallel()
	ctx := at(t, "#t=800", "At 800 ms")
	value[any](t, ctx, `document.querySelector('#events summary').focus()`)
	press(t, ctx, kb.Enter)
	lines := `document.querySelectorAll('#event-list button')`
	eventually(t, ctx, lines+`.length > 10`)
	const present = `document.querySelectorAll('#event-list [aria-current]')`
	require.Equal(t, 1.0, value[float64](t, ctx, present+`.length`))
	press(t, ctx, kb.Tab)
	require.Equal(t, "kind", value[string](t, ctx, `document.activeElement.id`))
	value[any](t, ctx, pick("kind", "handshake"))
	eventually(t, ctx, `[...`+lines+`].length && [...`+lines+`].every((b) => b.textContent.includes('handshake'))`)
	value[any](t, ctx, pick("kind", "packet"))
	eventually(t, ctx, `[...`+lines+`].some((b) => b.textContent.includes('data 8 of response 4'))`)
	value[any](t, ctx, present+`[0].focus()`)
	press(t, ctx, kb.Tab)
	text := value[string](t, ctx, `document.activeElement.textContent`)
	press(t, ctx, kb.Enter)
	eventually(t, ctx, `/chosen=[AB]:packet/.test(location.hash) && !/t=800\b/.test(location.hash)`)
	eventually(t, ctx, `document.activeElement.closest('#event-list') && document.activeElement.hasAttribute('aria-current')`)
	require.Equal(t, text, value[string](t, ctx, `document.activeElement.textContent`), "the focus stays with the line")
	eventually(t, ctx, said+` !== ''`)
}

func TestTheLedgerSaysWhyOneIsAheadAndSoDoesThePictureAtTheFinish(t *testing.T) {
	t.Parallel()
	ctx := at(t, "", "At 0")
	require.Regexp(t, `^B is 1.902\.6.ms faster than A: handshakes`, text(t, ctx, "why"))
}

func TestAProjectorsThemeAndTheWholeScreen(t *testing.T) {
	t.Parallel()
	ctx := at(t, "#t=800", "At 800 ms")
	value[any](t, ctx, pick("theme", "projector"))
	require.Equal(t, "rgb(255, 255, 255)", value[string](t, ctx, `getComputedStyle(document.body).backgroundColor`))
	require.Equal(t, "20px", value[string](t, ctx, `getComputedStyle(document.documentElement).fontSize`), "a quarter larger")
	eventually(t, ctx, `document.getElementById('stage').contentDocument.documentElement.className === 'projector'`)
	value[any](t, ctx, `document.activeElement.blur()`)
	press(t, ctx, "t")
	eventually(t, ctx, `document.documentElement.dataset.theme === 'light'`)
	press(t, ctx, "f")
	eventually(t, ctx, `document.fullscreenElement?.id === 'arena' && document.getElementById('full').getAttribute('aria-pressed') === 'true'`)
	eventually(t, ctx, `(({ bottom }) => bottom <= innerHeight + 1)(document.querySelector('.dock').getBoundingClientRect())`)
	choose(t, ctx, "A:request:4")
	require.True(t, value[bool](t, ctx, `document.getElementById('chosen').checkVisibility()`))
	press(t, ctx, "f")
	eventually(t, ctx, `!document.fullscreenElement && document.getElementById('full').getAttribute('aria-pressed') === 'false'`)
}

func TestNoRuleOfAccessibilityIsBrokenWithSomethingChosenAndTheEventsOpen(t *testing.T) {
	t.Parallel()
	program := axe(t)
	for _, theme := range []string{"light", "dark", "projector"} {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			ctx := browser(t)
			before(t, ctx, program)
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(shared.url+"#t=800&chosen=A:request:4")))
			settle(t, ctx, "index.html")
			value[any](t, ctx, pick("theme", theme)+`; document.getElementById('events').open = true`)
			eventually(t, ctx, `document.querySelector('#event-list [aria-current]') && document.querySelectorAll('#head pre').length === 2`)
			for _, width := range []int64{1280, 390, 320} {
				require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 844)))
				eventually(t, ctx, `[...document.querySelectorAll('.scroll')].every((box) => box.scrollWidth <= box.clientWidth || box.tabIndex === 0)`)
				value[any](t, ctx, `delete window.found; `+violations+`; 0`)
				eventually(t, ctx, `window.found`)
				require.Empty(t, value[[]string](t, ctx, `window.found`), "at %d px", width)
				require.LessOrEqual(t, value[float64](t, ctx, `document.documentElement.scrollWidth`), float64(width))
			}
		})
	}
}
