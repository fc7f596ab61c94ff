//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

func init() { ready["answer.html"] = answered }

// answered is true when the page shows the answer to what its knobs say.
const answered = `document.getElementById('answer').dataset.of !== undefined && !document.getElementById('knobs').inert`

// openAnswer opens the answer page with a link's values and waits for their answer.
func openAnswer(t *testing.T, hash string) context.Context {
	t.Helper()
	ctx := open(t, 1280, 1000, "answer.html"+hash)
	eventually(t, ctx, answered)
	return ctx
}

// shows waits until the page shows the answer to a link's values.
func shows(t *testing.T, ctx context.Context, of string) {
	t.Helper()
	eventually(t, ctx, `document.getElementById('answer').dataset.of === '`+of+`'`)
}

// costs are the cells of the page's table.
func costs(t *testing.T, ctx context.Context) map[string]string {
	t.Helper()
	cells := map[string]string{}
	for _, row := range value[[]string](t, ctx, `[...document.getElementById('costs').tBodies[0].rows].map((r) => [r.dataset.row, ...[...r.cells].slice(1, 3).map((c) => c.textContent)].join('|'))`) {
		name, both, _ := strings.Cut(row, "|")
		cells[name] = strings.NewReplacer("\u202f", "", "\u00a0", " ").Replace(both)
	}
	return cells
}

func TestTheAnswersNumbersAreThoseOfTheLab(t *testing.T) {
	t.Parallel()
	for hash, sets := range map[string][]string{
		"": nil,
		"#rtt=80&bandwidth=10&count=12&size=25&loss=1&connections=3&tls=1.2": {"link.rtt=80ms", "link.down=10Mbit/s", "link.up=10Mbit/s", "link.loss=1%",
			"client.connections_per_host=3", "tls.version=1.2", "workload.page=[{path: /file, size: 25kB, count: 12}]"},
		"#rtt=0.2&bandwidth=1000&tls=none&count=1": {"link.rtt=0.2ms", "link.down=1Gbit/s", "link.up=1Gbit/s", "tls.version=none", "workload.page=[{path: /file, size: 10kB, count: 1}]"},
	} {
		f, err := scenarios.Load("answer", sets...)
		require.NoError(t, err)
		res, _, err := lab.RunAll(context.Background(), f, lab.Options{})
		require.NoError(t, err)
		a, b := res.Variants[0], res.Variants[1]
		ms := func(a, b lab.Millis) string {
			in := func(m lab.Millis) string { return fmt.Sprintf("%.1f ms", float64(m)/float64(sim.Millisecond)) }
			return in(a) + "|" + in(b)
		}
		ctx := openAnswer(t, hash)
		require.Equal(t, map[string]string{
			"time": ms(a.Finished, b.Finished), "mean": ms(a.Latency.Mean, b.Latency.Mean), "cpu": ms(a.Server.CPU, b.Server.CPU),
			"packets": fmt.Sprintf("%d|%d", a.Packets.Up+a.Packets.Down, b.Packets.Up+b.Packets.Down),
			"bytes":   fmt.Sprintf("%d|%d", a.Bytes.Up+a.Bytes.Down, b.Bytes.Up+b.Bytes.Down),
			"opened":  fmt.Sprintf("%d|%d", a.Connections.Opened, b.Connections.Opened),
		}, costs(t, ctx), hash)
	}
}

func TestThePageSaysTheSameBeforeAndAfterItsScriptHasRun(t *testing.T) {
	t.Parallel()
	ctx := openAnswer(t, "")
	value[any](t, ctx, `fetch('answer.html').then((r) => r.text()).then((text) => { window.built = new DOMParser().parseFromString(text, 'text/html'); })`)
	eventually(t, ctx, `window.built`)
	for _, part := range []string{"#verdict", "#why", "#costs", "#price"} {
		words := func(in string) string {
			return strings.Join(strings.Fields(value[string](t, ctx, in+`.querySelector('`+part+`').textContent`)), " ")
		}
		require.Equal(t, words("built"), words("document"), part)
	}
}

// watch counts the runs under way and notes what is shown, and how long the page was busy at a stretch.
const watch = `{
	window.most = 0; window.shown = []; window.busy = [];
	let under = 0;
	const Real = Worker;
	window.Worker = class extends Real {
		postMessage(m, ...more) { if (m.op === 'run') { under += 1; most = Math.max(most, under); } return super.postMessage(m, ...more); }
		set onmessage(f) { super.onmessage = (e) => { if (e.data.result) under -= 1; f(e); }; }
	};
	new PerformanceObserver((list) => { for (const e of list.getEntries()) busy.push(e.duration); }).observe({ entryTypes: ['longtask'] });
	addEventListener('DOMContentLoaded', () => {
		new MutationObserver(() => shown.push([performance.now(), document.getElementById('answer').dataset.of]))
			.observe(document.getElementById('answer'), { attributes: true, attributeFilter: ['data-of'] });
	});
}`

func TestNumbersChangeWhileASliderIsDraggedAndTheLastValueWins(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	before(t, ctx, watch)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 1000), chromedp.Navigate(shared.url+"answer.html")))
	eventually(t, ctx, answered)
	value[any](t, ctx, `{ window.shown.length = 0; window.busy.length = 0; window.n = 0;
		const slider = document.getElementById('rtt-slider');
		const drag = setInterval(() => {
			slider.value = 1 + n; slider.dispatchEvent(new Event('input')); n += 1;
			if (n === 20) { clearInterval(drag); window.released = performance.now(); }
		}, 40); }`)
	eventually(t, ctx, `window.released`)
	shows(t, ctx, "scenario=answer&rtt=400")
	require.Equal(t, 1.0, value[float64](t, ctx, `most`), "one run at a time")
	require.Greater(t, value[float64](t, ctx, `shown.filter(([at]) => at < released).length`), 1.0, "numbers change while the slider moves")
	require.Equal(t, "400", value[string](t, ctx, `document.getElementById('rtt').value`))
	t.Logf("shown %.0f ms after the release; the page was busy for %v ms at a stretch", value[float64](t, ctx, `shown.at(-1)[0] - released`), value[[]float64](t, ctx, `busy`))
	for _, ms := range value[[]float64](t, ctx, `busy`) {
		require.Less(t, ms, 250.0, "tests share the computer; alone it is below 50 ms")
	}
	eventually(t, ctx, `location.hash === '#scenario=answer&rtt=400'`)
	eventually(t, ctx, `document.getElementById('status').textContent.startsWith('round trip 400 ms. It saves')`)
}

func TestTheLinkOpensTheRaceWithTheSameValues(t *testing.T) {
	t.Parallel()
	ctx := openAnswer(t, "#rtt=35&bandwidth=16&count=8&size=33.3&connections=2&loss=0.5&tls=1.2")
	of := value[string](t, ctx, `document.getElementById('answer').dataset.of`)
	require.Equal(t, "index.html#"+of, value[string](t, ctx, `document.getElementById('race').getAttribute('href')`))
	both := costs(t, ctx)["time"]
	value[any](t, ctx, `document.getElementById('race').click()`)
	eventually(t, ctx, `location.pathname.endsWith('index.html') && document.readyState === 'complete'`)
	race := finished(t, ctx, [2]float64{})
	require.Equal(t, both, fmt.Sprintf("%.1f ms|%.1f ms", race[0], race[1]))
	require.Equal(t, "#"+of, value[string](t, ctx, `location.hash`))
}

func TestANumberCanBeTypedAndAWrongOneIsRefusedKindly(t *testing.T) {
	t.Parallel()
	ctx := openAnswer(t, "")
	first := costs(t, ctx)
	typed := func(id, text string) {
		value[any](t, ctx, `{ const i = document.getElementById('`+id+`'); i.value = '`+text+`'; i.dispatchEvent(new Event('input')); }`)
	}
	typed("count", "0")
	require.Equal(t, "1 to 500, whole", value[string](t, ctx, `document.getElementById('count-wrong').textContent.replaceAll('\u2009', '')`))
	require.Equal(t, "true", value[string](t, ctx, `document.getElementById('count').getAttribute('aria-invalid')`))
	require.Equal(t, first, costs(t, ctx))
	typed("count", "37")
	shows(t, ctx, "scenario=answer&count=37")
	require.Empty(t, text(t, ctx, "count-wrong"))
	require.Equal(t, "37", value[string](t, ctx, `document.getElementById('count-slider').getAttribute('aria-valuetext')`))
	typed("size", "9000")
	eventually(t, ctx, `document.getElementById('status').textContent.startsWith('That is 333')`)
	value[any](t, ctx, `document.getElementById('reset').click()`)
	shows(t, ctx, "scenario=answer")
	require.Equal(t, first, costs(t, ctx))
}

func TestACaseIsPutToTheKnobs(t *testing.T) {
	t.Parallel()
	ctx := openAnswer(t, "")
	value[any](t, ctx, `[...document.querySelectorAll('#cases button')].find((b) => b.textContent === 'As many connections as requests').click()`)
	shows(t, ctx, "scenario=answer&count=6")
	require.Equal(t, "It saves nothing here: no connection is used twice.", text(t, ctx, "verdict"))
	require.Equal(t, "6", value[string](t, ctx, `document.getElementById('count').value`))
	require.Contains(t, text(t, ctx, "price"), "6\u00a0idle connections with 120\u00a0KiB")
	for _, row := range value[[]string](t, ctx, `[...document.querySelectorAll('#cases tbody tr')].map((r) => r.dataset.link + '|' + r.cells[1].textContent + '|' + r.cells[2].textContent)`) {
		part := strings.SplitN(row, "|", 2)
		value[any](t, ctx, `{ delete document.getElementById('answer').dataset.of; document.querySelector('[data-link="`+part[0]+`"] button').click(); }`)
		eventually(t, ctx, answered)
		require.Equal(t, strings.NewReplacer("\u202f", "", "\u00a0", " ").Replace(part[1]), costs(t, ctx)["time"], "the table's case and the engine's: %s", part[0])
	}
}

func TestThePageSaysWhenKeepingCosts(t *testing.T) {
	t.Parallel()
	ctx := openAnswer(t, "#rtt=20&bandwidth=100&count=12&size=100")
	require.Regexp(t, `^It costs time here: [\d.\x{202f}]+\x{a0}ms more\.$`, text(t, ctx, "verdict"))
	require.Regexp(t, `costs .* of loss recovery`, text(t, ctx, "why"))
	require.False(t, value[bool](t, ctx, `document.getElementById('overflow').hidden`))
	require.Contains(t, value[string](t, ctx, `document.querySelector('[data-row=time]').cells[3].textContent`), "\u2212")
}

func TestWithoutTheSimulatorTheAnswerOfTheBuildStands(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	before(t, ctx, `delete window.Worker; delete window.WebAssembly; window.Worker = function () { throw new Error('there are no workers'); };`)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(shared.url+"answer.html")))
	eventually(t, ctx, `document.getElementById('status').textContent.startsWith('The simulator did not start')`)
	require.Contains(t, text(t, ctx, "verdict"), "It saves")
	require.Greater(t, value[float64](t, ctx, `document.querySelectorAll('#cases tbody tr').length`), 5.0)
	require.True(t, value[bool](t, ctx, `document.getElementById('knobs').inert`))
}

func TestTabGoesThroughTheKnobsInTheOrderTheyAreRead(t *testing.T) {
	t.Parallel()
	ctx := openAnswer(t, "")
	value[any](t, ctx, `document.getElementById('rtt').focus()`)
	var order []string
	for range 14 {
		order = append(order, value[string](t, ctx, `document.activeElement.id || document.activeElement.textContent`))
		press(t, ctx, kb.Tab)
	}
	require.Equal(t, []string{"rtt", "rtt-slider", "bandwidth", "bandwidth-slider", "count", "count-slider", "size", "size-slider",
		"connections", "connections-slider", "loss", "loss-slider", "tls", "reset"}, order)
}

func TestArrowKeysTurnAKnob(t *testing.T) {
	t.Parallel()
	ctx := openAnswer(t, "")
	value[any](t, ctx, `document.getElementById('rtt-slider').focus()`)
	press(t, ctx, kb.ArrowRight)
	shows(t, ctx, "scenario=answer&rtt=60")
	require.Equal(t, "60 ms", value[string](t, ctx, `document.getElementById('rtt-slider').getAttribute('aria-valuetext')`))
}
