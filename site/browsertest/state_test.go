//go:build browser

package browsertest

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// finished waits for the run that a change causes and returns when the two lanes finish, in ms.
func finished(t *testing.T, ctx context.Context, before [2]float64) [2]float64 {
	t.Helper()
	const cells = `['A', 'B'].map((x) => Number(document.getElementById('finished-' + x)?.dataset.ms))`
	was, err := json.Marshal(before)
	require.NoError(t, err)
	eventually(t, ctx, `document.getElementById('finished-B') && JSON.stringify(`+cells+`) !== '`+string(was)+`'`)
	return [2]float64(value[[]float64](t, ctx, cells))
}

func text(t *testing.T, ctx context.Context, id string) string {
	t.Helper()
	return value[string](t, ctx, `document.getElementById('`+id+`').textContent`)
}

func TestTheSlidersShowTheScenariosOwnValues(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "")
	eventually(t, ctx, `document.getElementById('finished-B')`)
	for id, want := range map[string]string{"rtt": "100 ms", "bandwidth": "10 Mbit/s", "count": "20", "size": "10 kB", "connections": "6"} {
		require.Equal(t, want, text(t, ctx, id+"-out"))
		require.Equal(t, want, value[string](t, ctx, `document.getElementById('`+id+`').getAttribute('aria-valuetext')`))
	}
	require.True(t, value[bool](t, ctx, `document.getElementById('connections').disabled`), "a sequence needs one connection at a time")
	require.NotEmpty(t, text(t, ctx, "connections-why"))
	require.Empty(t, value[string](t, ctx, `location.hash`), "nothing differs from the scenario")
}

func TestAReloadShowsTheSameRace(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "")
	first := finished(t, ctx, [2]float64{})
	value[any](t, ctx, `{ const s = document.getElementById('rtt'); s.value = Number(s.value) + 1; s.dispatchEvent(new Event('input')); }`)
	second := finished(t, ctx, first)
	value[any](t, ctx, `{ const s = document.getElementById('count'); s.value = 4; s.dispatchEvent(new Event('input')); }`)
	third := finished(t, ctx, second)
	require.Equal(t, "120 ms", text(t, ctx, "rtt-out"))
	require.Equal(t, "5", text(t, ctx, "count-out"))
	eventually(t, ctx, `document.getElementById('live').textContent.includes('of 5 objects')`)
	slide(t, ctx, "time", "300")
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 300')`)
	require.Equal(t, "#rtt=120&count=5&t=300", value[string](t, ctx, `location.hash`))

	require.NoError(t, chromedp.Do(ctx, chromedp.Reload()))
	require.Equal(t, third, finished(t, ctx, [2]float64{}))
	require.Equal(t, "120 ms", text(t, ctx, "rtt-out"))
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 300')`)

	value[any](t, ctx, `document.getElementById('reset').click()`)
	require.Equal(t, first, finished(t, ctx, third))
	eventually(t, ctx, `location.hash === ''`)
	require.Equal(t, "100 ms", text(t, ctx, "rtt-out"))
}

func TestVersionsLossAndVariantsAreInTheLink(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "#tls=1.3&loss=1&http=2")
	first := finished(t, ctx, [2]float64{})
	require.Equal(t, []string{"1.3", "2"}, value[[]string](t, ctx, `['tls', 'http'].map((id) => document.getElementById(id).value)`))
	require.Equal(t, "1 %", text(t, ctx, "loss-out"))
	value[any](t, ctx, `{ const s = document.getElementById('tls'); s.value = 'none'; s.dispatchEvent(new Event('change')); }`)
	require.Less(t, finished(t, ctx, first)[0], first[0])
	require.Equal(t, "#loss=1&http=2", value[string](t, ctx, `location.hash`))
	require.True(t, value[bool](t, ctx, `document.getElementById('entrants').hidden`), "there are two variants only")
}

func TestWhichVariantsRaceCanBeChosen(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "#scenario=tls&race=3,5")
	finished(t, ctx, [2]float64{})
	heads := `[...document.querySelectorAll('#results thead th')].map((e) => e.textContent)`
	require.Equal(t, []string{"A TLS 1.3", "B TLS 1.3 kept"}, value[[]string](t, ctx, heads))
	boxes := `document.querySelectorAll('#variants input')`
	require.True(t, value[bool](t, ctx, `[...`+boxes+`].filter((b) => b.checked).every((b) => b.disabled)`), "two race always")
	value[any](t, ctx, boxes+`[0].click()`)
	eventually(t, ctx, `document.querySelectorAll('#results thead th').length === 3`)
	require.Equal(t, []string{"A in the clear", "B TLS 1.3", "C TLS 1.3 kept"}, value[[]string](t, ctx, heads))
	value[any](t, ctx, boxes+`[1].click()`)
	eventually(t, ctx, `document.querySelectorAll('#results thead th').length === 4`)
	require.True(t, value[bool](t, ctx, boxes+`[3].disabled`), "the stage has room for four")
	require.Equal(t, "#scenario=tls&race=1,2,3,5", value[string](t, ctx, `location.hash`))
	value[any](t, ctx, `document.getElementById('reset').click()`)
	eventually(t, ctx, `location.hash === '#scenario=tls'`)
}

func TestALinksValueThatNoStepHasIsKept(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "#rtt=77&bandwidth=1.6&size=3.3")
	finished(t, ctx, [2]float64{})
	require.Equal(t, "77 ms", text(t, ctx, "rtt-out"))
	require.Equal(t, "1.6 Mbit/s", text(t, ctx, "bandwidth-out"))
	require.Equal(t, "3.3 kB", text(t, ctx, "size-out"))
	require.Equal(t, "#rtt=77&bandwidth=1.6&size=3.3", value[string](t, ctx, `location.hash`))
}

func TestEveryScenarioCanBePickedAndRaces(t *testing.T) {
	t.Parallel()
	ctx := tireless(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(shared.url)))
	finished(t, ctx, [2]float64{})
	for _, name := range value[[]string](t, ctx, `[...document.getElementById('scenario').options].map((o) => o.value)`) {
		value[any](t, ctx, `{ document.getElementById('results').replaceChildren(); const s = document.getElementById('scenario');
			s.value = '`+name+`'; s.dispatchEvent(new Event('change')); }`)
		eventually(t, ctx, `document.getElementById('finished-B')`)
		eventually(t, ctx, `document.getElementById('status').textContent === ''`)
		lanes := value[float64](t, ctx, `document.querySelectorAll('#results thead th').length`)
		require.GreaterOrEqual(t, lanes, 2.0, name)
		require.LessOrEqual(t, lanes, 4.0, name)
		eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 0')`)
		require.True(t, value[bool](t, ctx, `[...document.querySelectorAll('.scroll')].every((box) => box.scrollWidth <= box.clientWidth)`), "%s: a desktop has room for every column", name)
	}
}

func TestWhatALinkGetsWrongIsToldKindly(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "#scenario=nowhere&rtt=fast")
	finished(t, ctx, [2]float64{})
	eventually(t, ctx, `document.getElementById('status').textContent.startsWith('There is no scenario “nowhere”')`)
	require.Equal(t, "gallery", value[string](t, ctx, `document.getElementById('scenario').value`))
	require.Equal(t, "100 ms", text(t, ctx, "rtt-out"))
}

func TestALinkLeadsToAPlaceWhereConnectionsAreStillClosed(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "#t=4250") // the last byte is there after 4 181.5 ms
	finished(t, ctx, [2]float64{})
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 4\u2009250 ms')`)
	require.Equal(t, "#t=4250", value[string](t, ctx, `location.hash`))
}

func TestALinkCannotAskForTooMuch(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "#count=1000000000&size=-1&bandwidth=0.0000001&connections=2.5&t=1e9")
	finished(t, ctx, [2]float64{})
	require.Equal(t, "20", text(t, ctx, "count-out"))
	require.Equal(t, "10 kB", text(t, ctx, "size-out"))
	require.Equal(t, "10 Mbit/s", text(t, ctx, "bandwidth-out"))
	eventually(t, ctx, `document.getElementById('live').textContent.includes('20 of 20 objects')`)
}

func TestARaceThatCannotRunSaysSoAndResetHelps(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	before(t, ctx, `{ const post = Worker.prototype.postMessage; Worker.prototype.postMessage = function (m, ...more) {
		return post.call(this, window.broken && m.op === 'run' ? { ...m, set: ['link.rtt=fast'] } : m, ...more); }; }`)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(shared.url)))
	first := finished(t, ctx, [2]float64{})
	value[any](t, ctx, `{ window.broken = true; }`)
	slide(t, ctx, "rtt", "3")
	eventually(t, ctx, `/^This race cannot be run: .*fast.*Reset/s.test(document.getElementById('status').textContent)`)
	value[any](t, ctx, `{ window.broken = false; document.getElementById('results').replaceChildren(); document.getElementById('reset').click(); }`)
	require.Equal(t, first, finished(t, ctx, [2]float64{}))
	eventually(t, ctx, `document.getElementById('status').textContent === ''`)
}

func TestTheLinkIsCopied(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	before(t, ctx, `Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } })`)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(shared.url+"#rtt=50")))
	finished(t, ctx, [2]float64{})
	value[any](t, ctx, `document.getElementById('copy').click()`)
	eventually(t, ctx, `window.copied === location.href && location.hash === '#rtt=50'`)
	eventually(t, ctx, `document.getElementById('status').textContent.startsWith('Link copied')`)
}

func TestThePageAsksNoOtherOriginForAnything(t *testing.T) {
	t.Parallel()
	for _, name := range pages(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := open(t, 1280, 900, name)
			eventually(t, ctx, `document.readyState === 'complete' && performance.getEntriesByType('resource').length > 0`)
			if name == "index.html" {
				eventually(t, ctx, `document.getElementById('live').textContent !== ''`)
			}
			asked := value[[]string](t, ctx, `[window, ...Array.from(frames)].flatMap((w) => w.performance.getEntriesByType('resource')).map((e) => e.name)`)
			require.NotEmpty(t, asked)
			base := value[string](t, ctx, `new URL('.', location.href).href`)
			for _, url := range asked {
				require.True(t, len(url) > len(base) && url[:len(base)] == base, "%s asks for %s", name, url)
			}
			require.Empty(t, value[string](t, ctx, `document.cookie`))
		})
	}
}

func TestAnEngineThatCannotBeLoadedSaysSo(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	before(t, ctx, `{ const Real = Worker; window.Worker = function (url) { return new Real(new URL('none.js', url)); }; }`)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(shared.url)))
	eventually(t, ctx, `document.getElementById('status').textContent.startsWith('The simulator did not start')`)
}
