//go:build browser

package browsertest

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

const (
	clock = `Number(document.getElementById('time').value)`
	live  = `document.getElementById('live').textContent`
)

// pick is a script that chooses an option as a pointer does.
func pick(id, option string) string {
	return `{ const s = document.getElementById('` + id + `'); s.value = '` + option + `'; s.dispatchEvent(new Event('change')); }`
}

func TestNextAndPreviousGoToWhatIsOfNoteAndSayWhatItIs(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	value[any](t, ctx, `document.activeElement.blur()`)
	press(t, ctx, "n")
	eventually(t, ctx, live+`.startsWith('At 100.1 ms, A: the handshake of connection 1 is complete; B: the handshake of connection 1 is complete. A, ')`)
	press(t, ctx, "n")
	eventually(t, ctx, live+`.startsWith('At 150.5 ms, A: the server closes connection 1.')`)
	press(t, ctx, "p")
	eventually(t, ctx, live+`.startsWith('At 100.1 ms, A: ')`)
	require.Equal(t, "#t=100.096", value[string](t, ctx, `location.hash`), "a link leads to what has been found")
	value[any](t, ctx, pick("moment", "byte"))
	value[any](t, ctx, `document.getElementById('next').click()`)
	eventually(t, ctx, live+`.startsWith('At 201.7 ms, A: the first byte of response 1 arrives; B: ')`)
	value[any](t, ctx, `document.getElementById('previous').click()`)
	eventually(t, ctx, live+`.startsWith('No first byte before 201.7 ms. At 201.7 ms, A: ')`)
	value[any](t, ctx, `{ const before = `+clock+`; document.getElementById('moment').focus(); window.stood = before; }`)
	press(t, ctx, "n")
	require.Equal(t, value[float64](t, ctx, `window.stood`), value[float64](t, ctx, clock), "within a control a letter is the control's")
}

// ownClock gives the page a clock that stands still until it is moved on: sleep(ms). Its timers follow that clock, so that
// what it does in which second does not depend on how fast the computer is. The stage's frame keeps the real one.
const ownClock = `if (window === top) {
	let now = 0, last = 0;
	const timers = new Map();
	performance.now = () => now;
	window.setTimeout = (f, ms = 0, ...args) => { timers.set(++last, { at: now + Math.max(0, ms), f: () => f(...args) }); return last; };
	window.clearTimeout = (id) => timers.delete(id);
	window.sleep = (ms) => {
		const end = now + ms;
		const due = () => [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
		for (let next = due(); next; next = due()) {
			const [id, { at, f }] = next;
			timers.delete(id);
			now = at;
			f();
		}
		now = end;
	};
}`

func TestAScreenReaderIsToldAtMostOneThingASecondAndTheLastOneAlways(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	before(t, ctx, ownClock)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(shared.url)))
	eventually(t, ctx, live+`.includes('of 20 objects')`)
	first := text(t, ctx, "live")
	jump := func() {
		t.Helper()
		at := value[float64](t, ctx, clock)
		value[any](t, ctx, `document.getElementById('next').click()`)
		eventually(t, ctx, clock+` > `+strconv.FormatFloat(at, 'f', -1, 64))
	}
	for range 5 {
		jump()
		value[any](t, ctx, `sleep(199)`)
		require.Equal(t, first, text(t, ctx, "live"), "within a second of what was said")
	}
	value[any](t, ctx, `sleep(5)`) // now 1 000 ms have gone by
	const there = live + `.includes(document.getElementById('time-out').textContent)`
	require.True(t, value[bool](t, ctx, there), "the last one is said, as soon as it may be: %s", text(t, ctx, "live"))
	second := text(t, ctx, "live")
	jump()
	value[any](t, ctx, `sleep(990)`)
	require.Equal(t, second, text(t, ctx, "live"))
	value[any](t, ctx, `sleep(10)`)
	require.True(t, value[bool](t, ctx, there), text(t, ctx, "live"))
	value[any](t, ctx, `sleep(5000)`)
	jump()
	eventually(t, ctx, there) // nothing was said for long: without any wait
}

func TestEveryUnitStepsThereAndBackAtBothEnds(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	for _, unit := range []string{"packet", "event", "rtt"} {
		value[any](t, ctx, `document.activeElement.blur()`)
		value[any](t, ctx, pick("unit", unit))
		press(t, ctx, kb.Home)
		eventually(t, ctx, clock+` === 0`)
		press(t, ctx, kb.ArrowLeft)
		press(t, ctx, kb.ArrowRight)
		eventually(t, ctx, clock+` > 0`)
		press(t, ctx, kb.ArrowLeft)
		eventually(t, ctx, clock+` === 0`)
		press(t, ctx, kb.End)
		press(t, ctx, kb.ArrowRight)
		eventually(t, ctx, clock+` === Number(document.getElementById('time').max)`)
		press(t, ctx, kb.ArrowLeft)
		eventually(t, ctx, clock+` < Number(document.getElementById('time').max)`)
	}
}

func TestTheSpeedIsSaidInWordsAndHasKeys(t *testing.T) {
	t.Parallel()
	ctx := openStage(t)
	value[any](t, ctx, `document.activeElement.blur()`)
	shown := `document.getElementById('speed').getAttribute('aria-valuetext')`
	eventually(t, ctx, shown+` === '5 times slower: 1 s shows 200 ms'`)
	press(t, ctx, "+")
	eventually(t, ctx, shown+` === '2 times slower: 1 s shows 500 ms'`)
	press(t, ctx, "+")
	press(t, ctx, "+")
	eventually(t, ctx, shown+`.startsWith('2 times faster')`)
	slide(t, ctx, "speed", "-1")
	eventually(t, ctx, shown+` === '10\u2009000 times slower: 1 s shows 100 µs'`)
	require.Equal(t, "#speed=0.1", value[string](t, ctx, `location.hash`))
	press(t, ctx, "-")
	press(t, ctx, "+")
	eventually(t, ctx, shown+` === '5\u2009000 times slower: 1 s shows 200 µs'`)
}

func TestAChangedSettingRacesAgainAtTheSameTime(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1280, 900, "")
	was := finished(t, ctx, [2]float64{})
	eventually(t, ctx, live+`.includes('of 20 objects')`)
	usual := value[string](t, ctx, `document.getElementById('rtt').value`)
	slide(t, ctx, "time", "1000")
	eventually(t, ctx, live+`.startsWith('At 1\u2009000 ms')`)
	before := text(t, ctx, "live")
	slide(t, ctx, "rtt", "0") // the race is over before 1 000 ms
	short := finished(t, ctx, was)
	eventually(t, ctx, live+`.includes('20 of 20 objects')`)
	require.Less(t, value[float64](t, ctx, clock), 1000.0)
	slide(t, ctx, "rtt", usual)
	require.Equal(t, was, finished(t, ctx, short))
	eventually(t, ctx, live+` === `+strconv.Quote(before))
	require.Equal(t, "#t=1000", value[string](t, ctx, `location.hash`))

	value[any](t, ctx, `{ window.heard = []; window.addEventListener('message', ({ data }) => heard.push(data)); document.getElementById('play').click(); }`)
	eventually(t, ctx, `heard.some((m) => m.playing && m.ms > 1010)`)
	slide(t, ctx, "rtt", usual+"0") // the longest
	finished(t, ctx, was)
	value[any](t, ctx, `{ window.heard = []; }`)
	eventually(t, ctx, `heard.some((m) => m.type === 'tick')`)
	require.Greater(t, value[float64](t, ctx, `heard.find((m) => m.type === 'tick').ms`), 1000.0, "what plays goes on from where it was")
	require.True(t, value[bool](t, ctx, `heard.find((m) => m.type === 'tick').playing`))
}
