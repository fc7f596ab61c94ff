//go:build browser

package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

func TestNothingScrollsSidewaysOnAPhone(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			ctx := open(t, 390, 800, page)
			settle(t, ctx, page)
			for _, width := range []int64{390, 320} {
				require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)))
				wide := value[[]string](t, ctx, `[...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 200))`)
				require.LessOrEqual(t, value[float64](t, ctx, `document.documentElement.scrollWidth`), float64(width), "%s: %v", page, wide)
			}
		})
	}
}

func TestOnAPhoneEveryControlOfTheRaceIsThere(t *testing.T) {
	t.Parallel()
	ctx := open(t, 390, 800, "")
	settle(t, ctx, "index.html")
	value[any](t, ctx, `{ document.getElementById('events').open = true; }`)
	choose(t, ctx, "A:request:3")
	require.Empty(t, value[[]string](t, ctx, `[...document.querySelectorAll('main :is(button, select, input)')].filter((e) => !e.checkVisibility() || e.clientWidth < 30).map((e) => e.id)`))
}

func TestTheWordsInALessonsFigureCanBeReadOnAPhone(t *testing.T) {
	t.Parallel()
	ctx := open(t, 390, 800, "lesson-dont-hang-up.html")
	settle(t, ctx, "lesson-")
	words := value[[]float64](t, ctx, `[...document.querySelectorAll('figure text')].filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect().height)`)
	require.NotEmpty(t, words)
	for _, height := range words {
		require.Greater(t, height, 11.0)
	}
}

func TestWithoutJavaScriptNoControlIsShownThatDoesNothing(t *testing.T) {
	t.Parallel()
	for _, page := range pages(t) {
		if page == "stage.html" {
			continue // the race's own frame
		}
		ctx := browser(t)
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		require.NoError(t, err)
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(shared.url+page)))
		require.Empty(t, value[[]string](t, ctx, `[...document.querySelectorAll('button, input, select, iframe, [role=status]')].filter((e) => e.checkVisibility()).map((e) => e.outerHTML)`), page)
		require.Greater(t, value[float64](t, ctx, `document.querySelector('main').innerText.length`), 80.0)
	}
}
