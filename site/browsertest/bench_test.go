//go:build browser

package browsertest

import (
	"encoding/json"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// A path that holds 17 000 packets in each direction, and clients who fill it.
const fat = `
name: fat
link: {rtt: 200ms, down: 1Gbit/s, up: 1Gbit/s, queue: 100000 packets}
client: {count: 250}
server: {workers: 1000, cpus: 64, max_connections: 0}
workload: {sequence: {count: 1, size: 400kB}}
variants:
  - {name: one, with: {http: {connections: per-request}}}
  - {name: two, with: {http: {connections: persistent}}}
`

// frames keeps how long the page's program takes for each frame: what it computes and what it has the graphics do, up to
// where the browser takes over.
const frames = `{ const frame = requestAnimationFrame; window.frames = [];
	window.requestAnimationFrame = (f) => frame((t) => { const from = performance.now(); f(t); window.frames.push(performance.now() - from); }); }`

// What a frame costs with 5 000 packets in flight, half of them in each of two lanes, without a view and with some.
func BenchmarkAFrameWithFiveThousandPacketsInFlight(b *testing.B) {
	scenario, err := json.Marshal(fat)
	require.NoError(b, err)
	for _, view := range []string{"none", "ladder", "sequence", "connections"} {
		b.Run(view, func(b *testing.B) {
			ctx := tireless(b)
			before(b, ctx, frames)
			before(b, ctx, `{ const post = Worker.prototype.postMessage; Worker.prototype.postMessage = function (m, ...more) {
				return post.call(this, m.op === 'run' ? { ...m, scenario: `+string(scenario)+`, set: [] } : m, ...more); }; }`)
			require.NoError(b, chromedp.Do(ctx, chromedp.EmulateViewport(1392, 900), chromedp.Navigate(shared.url+"#view="+view+"&t=470&speed=1")))
			eventually(b, ctx, `document.getElementById('live').textContent.startsWith('At 470')`)
			value[any](b, ctx, `{ document.getElementById('play').click(); document.getElementById('stage').contentWindow.frames.length = 0; }`)
			eventually(b, ctx, `document.getElementById('stage').contentWindow.frames.length > 120`)
			const sorted = `document.getElementById('stage').contentWindow.frames.slice(20).sort((a, b) => a - b)`
			b.ReportMetric(value[float64](b, ctx, `{ const all = `+sorted+`; all[all.length >> 1]; }`), "ms/frame")
			b.ReportMetric(value[float64](b, ctx, `{ const all = `+sorted+`; all[Math.floor(all.length * 0.9)]; }`), "ms/frame-90%")
			b.ReportMetric(0, "ns/op")
		})
	}
}
