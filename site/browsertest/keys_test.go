//go:build browser

package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

func TestTabGoesThroughEveryControlAndPastTheStage(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	value[any](t, ctx, `document.getElementById('copy').focus()`)
	var order []string
	for range 12 {
		press(t, ctx, kb.Tab)
		order = append(order, value[string](t, ctx, `document.activeElement.id`))
	}
	require.Equal(t, []string{"view", "full", "start", "back", "play", "step", "unit", "previous", "moment", "next", "speed", "time"}, order)
}

func TestTheFirstTabOffersToSkipToTheContent(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "#rtt=50")
	finished(t, ctx, [2]float64{})
	press(t, ctx, kb.Tab)
	require.Equal(t, "skip", value[string](t, ctx, `document.activeElement.className`))
	press(t, ctx, kb.Enter)
	eventually(t, ctx, `document.activeElement.id === 'main' && location.hash === '#rtt=50'`)
}

func TestArrowKeysMoveASliderAndRaceAgain(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	first := finished(t, ctx, [2]float64{})
	value[any](t, ctx, `document.getElementById('rtt').focus()`)
	press(t, ctx, kb.ArrowRight)
	require.Greater(t, finished(t, ctx, first)[0], first[0])
	require.Equal(t, "120 ms", value[string](t, ctx, `document.getElementById('rtt').getAttribute('aria-valuetext')`))
	require.Zero(t, value[float64](t, ctx, `Number(document.getElementById('time').value)`), "within a control an arrow is the control's")
}

func TestShortcutsPlayStepAndJumpAnywhereButInAControl(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	value[any](t, ctx, `document.activeElement.blur()`)
	at := `Number(document.getElementById('time').value)`
	press(t, ctx, kb.ArrowRight)
	eventually(t, ctx, at+` > 0`)
	press(t, ctx, kb.ArrowLeft)
	eventually(t, ctx, at+` === 0`)
	press(t, ctx, kb.End)
	eventually(t, ctx, at+` === Number(document.getElementById('time').max)`)
	press(t, ctx, kb.Home)
	eventually(t, ctx, at+` === 0`)
	pressSpace(t, ctx)
	eventually(t, ctx, `document.getElementById('play').ariaLabel === 'Pause' && `+at+` > 1`)
	require.Empty(t, value[float64](t, ctx, `scrollY`), "a shortcut does not scroll as well")
	pressSpace(t, ctx)
	eventually(t, ctx, `document.getElementById('play').ariaLabel === 'Play'`)
	for _, key := range []string{"Space", "Home", "End", "←", "→", "N", "P", "+", "-", "F", "T", ",", ".", "Escape"} {
		require.Contains(t, value[[]string](t, ctx, `[...document.querySelectorAll('kbd')].map((k) => k.textContent)`), key)
	}
}

func TestAPauseTellsAScreenReaderWhatThePictureShows(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	value[any](t, ctx, `{ window.said = []; new MutationObserver(() => said.push(document.getElementById('live').textContent))
		.observe(document.getElementById('live'), { childList: true, characterData: true, subtree: true }); }`)
	value[any](t, ctx, `document.getElementById('play').click()`)
	eventually(t, ctx, `Number(document.getElementById('time').value) > 100`)
	require.Empty(t, value[[]string](t, ctx, `said`), "while it plays it does not chatter")
	value[any](t, ctx, `document.getElementById('play').click()`)
	eventually(t, ctx, `said.length`)
	require.Regexp(t, `^At [\d\x{2009}.]+ ms\. A, .* objects.*\. B, .* objects`, value[string](t, ctx, `said[0]`))
	require.Equal(t, "status", value[string](t, ctx, `document.getElementById('live').getAttribute('role')`))
	require.Regexp(t, ` ms of .* ms$`, value[string](t, ctx, `document.getElementById('time').getAttribute('aria-valuetext')`))
	require.Regexp(t, `times slower: 1 s shows .* ms$`, value[string](t, ctx, `document.getElementById('speed').getAttribute('aria-valuetext')`))
}

func TestWithReducedMotionPlayingJumps(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	prefer(t, ctx, "prefers-reduced-motion", "reduce")
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(shared.url)))
	eventually(t, ctx, `document.getElementById('live').textContent !== ''`)
	require.False(t, value[bool](t, ctx, `document.getElementById('calm').hidden`))
	require.Zero(t, value[float64](t, ctx, `Number(document.getElementById('time').value)`), "nothing plays by itself")
	value[any](t, ctx, `{ window.places = []; window.addEventListener('message', ({ data }) => {
		if (data.type === 'tick') { places.push(data.ms); window.moving ||= data.playing; } }); document.getElementById('play').click(); }`)
	eventually(t, ctx, `places.length >= 2 && document.getElementById('play').ariaLabel === 'Pause'`)
	require.False(t, value[bool](t, ctx, `!!window.moving`), "the stage itself never plays")
	value[any](t, ctx, `document.getElementById('play').click()`)
	eventually(t, ctx, `document.getElementById('play').ariaLabel === 'Play' && document.getElementById('live').textContent.startsWith('At')`)
}
