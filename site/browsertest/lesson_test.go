//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// played are the lessons: what to predict, whether that is right, and what solves the puzzle.
var played = []struct {
	page, guess string
	right       bool
	solution    map[string]string
}{
	{"lesson-waiting-game.html", "50", false, map[string]string{"link.rtt": "20", "workload.sequence.size": "100"}},
	{"lesson-round-trip.html", "200", true, map[string]string{"link.rtt": "1", "workload.sequence.size": "1000"}},
	{"lesson-hello.html", "150", false, map[string]string{"link.rtt": "24"}},
	{"lesson-dont-hang-up.html", "4180", true, map[string]string{"link.rtt": "2", "workload.sequence.size": "100"}},
	{"lesson-the-race.html", "22", false, map[string]string{"link.rtt": "100", "workload.sequence.count": "20", "workload.sequence.size": "1000"}},
	{"lesson-slow-start.html", "4", true, map[string]string{"workload.sequence.size": "43"}},
	{"lesson-famous-figure.html", "130", true, map[string]string{"link.down": "5", "tcp.initial_window": "15"}},
	{"lesson-going-cold.html", "208", true, map[string]string{"workload.sequence.gap": "1000", "workload.sequence.size": "30"}},
	{"lesson-six-at-a-time.html", "312", true, map[string]string{"link.rtt": "20", "server.time": "100"}},
	{"lesson-the-servers-bill.html", "100", false, map[string]string{"server.workers": "20", "server.keep_alive_timeout": "1"}},
	{"lesson-setting-the-timeout.html", "300", false, map[string]string{"server.keep_alive_timeout": "15", "client.idle_timeout": "13"}},
	{"lesson-beyond.html", "28", false, map[string]string{"link.rtt": "80", "link.loss": "6"}},
}

const (
	fresh   = `!document.querySelector('.predict').hidden`
	locked  = `document.querySelector('.predict').dataset.locked`
	verdict = `document.querySelector('.predict .verdict').textContent`
	drawn   = `document.querySelector('.drawing')`
	finding = drawn + `.querySelector('.finding').textContent`
	judged  = `document.querySelector('.puzzle').dataset.solved`
)

// playHook plays a lesson's hook to its end.
func playHook(t *testing.T, ctx context.Context) {
	t.Helper()
	if value[bool](t, ctx, `!!document.querySelector('.hook.hands')`) {
		for i := range 6 {
			value[any](t, ctx, fmt.Sprintf(`document.querySelectorAll('.lanes button')[%d].click()`, i))
			eventually(t, ctx, fmt.Sprintf(`document.querySelectorAll('.lanes button')[%d].dataset.done`, i))
		}
		value[any](t, ctx, `document.querySelector('.hands > button').click()`)
		eventually(t, ctx, `document.querySelector('.hands .bars')`)
		require.Regexp(t, `By hand.* 1.254\.4.ms\. Over one connection that is kept, 753\.8.ms\. That is 500\.6.ms less`, value[string](t, ctx, `document.querySelector('.hook .said').textContent`))
		return
	}
	covered := `Math.max(...[...document.querySelectorAll('.hook .cover')].map((c) => Number(c.getAttribute('width'))))`
	before := value[float64](t, ctx, covered)
	value[any](t, ctx, `document.querySelector('.hook .play').click()`)
	eventually(t, ctx, `document.querySelector('.hook .play').textContent === 'Play again'`)
	eventually(t, ctx, `document.querySelector('.hook .said').textContent.startsWith('At ')`)
	require.Less(t, value[float64](t, ctx, covered), before/4, "everything is uncovered")
}

// predict locks a prediction.
func predict(t *testing.T, ctx context.Context, guess string) {
	t.Helper()
	value[any](t, ctx, `{ const f = document.querySelector('.predict'); f.elements.answer.value = '`+guess+`';
		f.elements.answer.dispatchEvent(new Event('input')); f.elements.sure[1].checked = true; f.requestSubmit(); }`)
	eventually(t, ctx, locked)
}

// check types settings into the puzzle and has it checked.
func check(t *testing.T, ctx context.Context, settings map[string]string) string {
	t.Helper()
	for path, v := range settings {
		value[any](t, ctx, fmt.Sprintf(`document.querySelector('.puzzle').elements[%q].value = %q`, path, v))
	}
	value[any](t, ctx, `{ const f = document.querySelector('.puzzle'); delete f.dataset.solved; f.requestSubmit(); }`)
	eventually(t, ctx, judged)
	return value[string](t, ctx, judged)
}

func TestEachLessonGoesFromItsHookToItsPuzzleWithoutABreachOfAccessibility(t *testing.T) {
	t.Parallel()
	program := axe(t)
	for _, l := range played {
		t.Run(l.page, func(t *testing.T) {
			t.Parallel()
			ctx := browser(t)
			before(t, ctx, program)
			before(t, ctx, `window.mishaps = []; window.addEventListener('error', (e) => mishaps.push(e.message)); window.addEventListener('unhandledrejection', (e) => mishaps.push(String(e.reason)));`)
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1000, 900), chromedp.Navigate(shared.url+l.page)))
			eventually(t, ctx, fresh)
			require.False(t, value[bool](t, ctx, drawn+`.checkVisibility()`), "the figure would give the answer away")
			require.False(t, value[bool](t, ctx, `performance.getEntriesByType('resource').some((r) => r.name.includes('.wasm'))`), "nothing is fetched before it is needed")
			keepsTheRules(t, ctx, "fresh")
			playHook(t, ctx)

			predict(t, ctx, l.guess)
			require.Equal(t, map[bool]string{true: "right", false: "wrong"}[l.right], value[string](t, ctx, locked), value[string](t, ctx, verdict))
			require.Contains(t, value[string](t, ctx, verdict), "You were fairly sure")
			require.True(t, value[bool](t, ctx, `[...document.querySelector('.predict').querySelectorAll('input')].every((i) => i.disabled)`))
			require.NotZero(t, value[float64](t, ctx, `document.querySelectorAll('.predict .verdict .bar').length`), "both are beside each other")
			prefer(t, ctx, "prefers-color-scheme", "dark")
			keepsTheRules(t, ctx, "predicted, dark")
			value[any](t, ctx, `document.querySelectorAll('.predict:not([data-locked])').forEach((f) => { f.elements.answer[1].checked = f.elements.sure[2].checked = true; f.requestSubmit(); })`)
			require.True(t, value[bool](t, ctx, `[...document.querySelector('article').children].every((e) => e.checkVisibility())`), "nothing is withheld any more")

			value[any](t, ctx, `document.querySelector('.run button').click()`)
			eventually(t, ctx, `document.querySelectorAll('.run tbody tr').length >= 5 && document.querySelector('.run output').textContent.length > 20`)
			slides(t, ctx)
			require.Equal(t, "false", check(t, ctx, nil), "what a puzzle begins with does not solve it")
			require.Contains(t, value[string](t, ctx, `document.querySelector('.puzzle .verdict').textContent`), "not yet: wanted")
			require.Equal(t, "true", check(t, ctx, l.solution), value[string](t, ctx, `document.querySelector('.puzzle .verdict').textContent`))
			require.True(t, value[bool](t, ctx, `document.querySelector('.puzzle .after').checkVisibility()`))
			value[any](t, ctx, `document.querySelectorAll('details').forEach((d) => { d.open = true; })`)
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 844)))
			keepsTheRules(t, ctx, "solved, dark, on a phone")
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1000, 900)))
			value[any](t, ctx, `{ const s = document.getElementById('theme'); s.value = 'projector'; s.dispatchEvent(new Event('change')); }`)
			keepsTheRules(t, ctx, "solved, on a projector")
			require.LessOrEqual(t, value[float64](t, ctx, `document.documentElement.scrollWidth`), 1000.0)
			require.Empty(t, value[[]string](t, ctx, `mishaps`))
		})
	}
}

// keepsTheRules runs axe-core, which is in the page.
func keepsTheRules(t *testing.T, ctx context.Context, state string) {
	t.Helper()
	value[any](t, ctx, `delete window.found; `+violations+`; 0`)
	eventually(t, ctx, `window.found`)
	assert.Empty(t, value[[]string](t, ctx, `window.found`), state)
}

// slides moves a figure's first slider, if it has one: figure and table change, and come back.
func slides(t *testing.T, ctx context.Context) {
	t.Helper()
	if !value[bool](t, ctx, `!!`+drawn+`.querySelector('.sliders')`) {
		return
	}
	first, cell := value[string](t, ctx, finding), drawn+`.querySelector('table').textContent.replace(/\s/g, '')`
	table := value[string](t, ctx, cell)
	const says = drawn + `.querySelector('.sliders output').textContent`
	was := value[string](t, ctx, says)
	value[any](t, ctx, `{ const s = `+drawn+`.querySelector('input'); s.value = Number(s.value) * 2; s.dispatchEvent(new Event('input', { bubbles: true })); }`)
	eventually(t, ctx, fmt.Sprintf(`%s !== %q`, cell, table))
	require.NotEqual(t, was, value[string](t, ctx, says))
	eventually(t, ctx, drawn+`.querySelector('.said').textContent === `+finding)
	value[any](t, ctx, drawn+`.querySelector('.sliders').reset()`)
	eventually(t, ctx, fmt.Sprintf(`%s === %q`, cell, table)) // the page was built with the engine that runs in it
	require.Equal(t, first, value[string](t, ctx, finding))
}

func TestALockedPredictionSurvivesAReloadAndIsNotMadeTwice(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1000, 900, "lesson-the-race.html")
	eventually(t, ctx, fresh)
	predict(t, ctx, "150")
	text := value[string](t, ctx, verdict)
	require.Contains(t, text, "too low, by 45\u00a0%")
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(shared.url+"lesson-the-race.html")))
	eventually(t, ctx, locked)
	require.Equal(t, text, value[string](t, ctx, verdict))
	require.True(t, value[bool](t, ctx, drawn+`.checkVisibility()`))
	require.Equal(t, "150", value[string](t, ctx, `document.querySelector('.predict').elements.answer.value`))
	require.Empty(t, value[string](t, ctx, `document.cookie`))
}

func TestAWrongPredictionNamesTheThoughtBehindIt(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1000, 900, "lesson-round-trip.html")
	eventually(t, ctx, fresh)
	predict(t, ctx, "21")
	require.Contains(t, value[string](t, ctx, verdict), "by a factor of 9.6")
	require.Contains(t, value[string](t, ctx, verdict), "You divided all of the time by ten")
}

func TestWhoeverDoesNotWantToPredictReadsOn(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1000, 900, "lesson-dont-hang-up.html")
	eventually(t, ctx, fresh)
	value[any](t, ctx, `document.querySelector('.skip-prediction').click()`)
	eventually(t, ctx, drawn+`.checkVisibility() && document.activeElement.name === 'answer'`)
	predict(t, ctx, "4000")
	require.Equal(t, "right", value[string](t, ctx, locked), "late is better than never")
}

func TestALessonCanBeDoneWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1000, 900, "lesson-hello.html")
	eventually(t, ctx, fresh)
	tabTo(t, ctx, `matches('.play')`)
	press(t, ctx, kb.Enter)
	eventually(t, ctx, `document.querySelector('.play').textContent === 'Pause'`)
	press(t, ctx, kb.Enter)
	tabTo(t, ctx, `matches('.hook input')`)
	press(t, ctx, kb.End)
	eventually(t, ctx, `document.querySelector('.play').textContent === 'Play again' || document.querySelector('.hook .said').textContent.includes('3 of 3')`)
	tabTo(t, ctx, `name === 'drawn'`)
	for range 3 {
		press(t, ctx, kb.ArrowRight)
	}
	drawn := value[float64](t, ctx, `Number(document.activeElement.value)`)
	require.Greater(t, drawn, 0.0)
	tabTo(t, ctx, `name === 'answer'`)
	require.Equal(t, drawn, value[float64](t, ctx, `Number(document.activeElement.value)`), "drawn and typed are one")
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent("a", chromedp.KeyModifiers(2))))
	press(t, ctx, "201")
	tabTo(t, ctx, `name === 'sure'`)
	pressSpace(t, ctx)
	tabTo(t, ctx, `type === 'submit'`)
	press(t, ctx, kb.Enter)
	eventually(t, ctx, locked+` === 'right'`)
	require.True(t, value[bool](t, ctx, `document.activeElement.matches('.verdict')`), "the focus is where the answer is")
	tabTo(t, ctx, `matches('.sliders input')`)
	press(t, ctx, kb.ArrowRight)
	eventually(t, ctx, `document.querySelector('.sliders output').textContent.includes('101')`)
	tabTo(t, ctx, `matches('.run button')`)
	press(t, ctx, kb.Enter)
	eventually(t, ctx, `document.querySelector('.run output').textContent.length > 20`)
	tabTo(t, ctx, `matches('.puzzle input')`)
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent("a", chromedp.KeyModifiers(2))))
	press(t, ctx, "24")
	press(t, ctx, kb.Enter)
	eventually(t, ctx, judged+` === 'true'`)
	tabTo(t, ctx, `matches('.teacher summary')`)
	press(t, ctx, kb.Enter)
	eventually(t, ctx, `document.querySelector('.teacher').open`)
	tabTo(t, ctx, `rel === 'next'`)
	press(t, ctx, kb.Enter)
	eventually(t, ctx, `location.pathname.endsWith('lesson-dont-hang-up.html')`)
}

// tabTo presses Tab until an element that is so has the focus.
func tabTo(t *testing.T, ctx context.Context, is string) {
	t.Helper()
	for range 40 {
		press(t, ctx, kb.Tab)
		if value[bool](t, ctx, `!!document.activeElement && (() => { const e = document.activeElement; return !!(e.`+is+`); })()`) {
			return
		}
	}
	t.Fatalf("no Tab leads to an element of which this is true: %s", is)
}

func TestFilesAreFetchedByHandWithTheKeyboardAlone(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	prefer(t, ctx, "prefers-reduced-motion", "reduce")
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 800), chromedp.Navigate(shared.url+"lesson-waiting-game.html")))
	eventually(t, ctx, fresh)
	tabTo(t, ctx, `matches('.lanes button')`)
	press(t, ctx, kb.Enter)
	press(t, ctx, kb.Enter) // while the file is under way a further press does nothing
	for i := 2; i <= 6; i++ {
		eventually(t, ctx, fmt.Sprintf(`document.activeElement.textContent === 'Fetch file %d'`, i))
		press(t, ctx, kb.Enter)
	}
	eventually(t, ctx, `document.activeElement.textContent.startsWith('Now over one kept')`)
	require.Regexp(t, `^1.254\.\d.ms$`, value[string](t, ctx, `document.querySelector('.clock strong').textContent`))
	press(t, ctx, kb.Enter)
	eventually(t, ctx, `document.querySelector('.hands .bars')`)
}

func TestWithReducedMotionAHookGoesFromFileToFile(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	prefer(t, ctx, "prefers-reduced-motion", "reduce")
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1000, 900), chromedp.Navigate(shared.url+"lesson-hello.html")))
	eventually(t, ctx, fresh)
	require.Contains(t, value[string](t, ctx, `document.querySelector('.hook .said').textContent`), "less motion")
	value[any](t, ctx, `{ window.places = new Set(); const r = document.querySelector('.hook input'); setInterval(() => places.add(r.value), 20); document.querySelector('.play').click(); }`)
	eventually(t, ctx, `document.querySelector('.play').textContent === 'Play again'`)
	require.LessOrEqual(t, value[float64](t, ctx, `places.size`), 7.0, "three files on each side, and the beginning")
}

func TestTheListOfLessonsLeadsToEachOfThem(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1000, 900, "lessons.html")
	links := value[[]string](t, ctx, `[...document.querySelectorAll('.lesson-list a')].map((a) => a.getAttribute('href'))`)
	require.Len(t, links, len(played))
	for i, l := range played {
		require.Equal(t, l.page, links[i])
	}
	require.Equal(t, 1.0, value[float64](t, ctx, `[...document.querySelectorAll('nav:first-of-type a')].filter((a) => a.href.includes('lesson')).length`), "the navigation has one entry for all")
}

func TestASecondPredictionWithholdsWhatComesAfterIt(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1000, 900, "lesson-dont-hang-up.html")
	eventually(t, ctx, fresh)
	require.False(t, value[bool](t, ctx, `document.querySelectorAll('.predict')[1].checkVisibility()`))
	predict(t, ctx, "4180")
	const second, headers = `document.querySelectorAll('.predict')[1]`, `document.querySelector('.exchanges').checkVisibility()`
	require.True(t, value[bool](t, ctx, second+`.checkVisibility() && !`+headers))
	value[any](t, ctx, `{ const f = `+second+`; f.elements.answer[0].checked = f.elements.sure[2].checked = true; f.requestSubmit(); }`)
	eventually(t, ctx, headers)
	said := value[string](t, ctx, second+`.querySelector('.verdict').textContent`)
	require.Contains(t, said, "HTTP/1.1 turned the rule around", "a wrong choice says what it shows")
	require.Contains(t, said, "You were certain. Good to know now")
}

func TestALessonWeighsLittleBeforeAnythingRuns(t *testing.T) {
	t.Parallel()
	for _, l := range played {
		ctx := open(t, 1000, 900, l.page)
		eventually(t, ctx, fresh)
		weight := value[float64](t, ctx, `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((all, e) => all + e.decodedBodySize, 0)`)
		require.Less(t, weight, 150_000.0, "%s: uncompressed", l.page)
	}
}
