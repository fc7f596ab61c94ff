//go:build browser

package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// find types into the reference's search.
func find(t *testing.T, ctx context.Context, words string) {
	t.Helper()
	value[any](t, ctx, `{ const i = document.getElementById('find'); i.value = '`+words+`'; i.dispatchEvent(new Event('input')); }`)
}

const fieldsInSight = `[...document.querySelectorAll('.field')].filter((e) => e.checkVisibility()).map((e) => e.id)`

func openReference(t *testing.T, hash string) context.Context {
	t.Helper()
	ctx := open(t, 1280, 900, "reference.html"+hash)
	eventually(t, ctx, `/^\d+ entries$/.test(document.getElementById('found').textContent)`)
	return ctx
}

func TestTheReferenceIsFilteredAsOneTypes(t *testing.T) {
	t.Parallel()
	ctx := openReference(t, "")
	all := value[[]string](t, ctx, fieldsInSight)
	require.Greater(t, len(all), 250)
	value[any](t, ctx, `document.getElementById('find').focus()`)
	for _, key := range "idle time" {
		press(t, ctx, string(key))
	}
	some := value[[]string](t, ctx, fieldsInSight)
	require.Less(t, len(some), 60)
	require.Subset(t, some, []string{"client.idle_timeout", "preset-client-firefox"})
	require.NotContains(t, some, "link.rtt")
	require.Regexp(t, `^\d+ of \d+ entries$`, text(t, ctx, "found"))
	require.False(t, value[bool](t, ctx, `document.getElementById('tls').checkVisibility()`), "a part without any goes too")
	press(t, ctx, kb.Escape)
	require.Equal(t, all, value[[]string](t, ctx, fieldsInSight))
	find(t, ctx, "SYN COOKIES")
	require.Contains(t, value[[]string](t, ctx, fieldsInSight), "server.syn_cookies")
	find(t, ctx, "no such thing")
	require.Empty(t, value[[]string](t, ctx, fieldsInSight))
	eventually(t, ctx, `document.getElementById('said').textContent.startsWith('0 of ')`)
}

func TestTheCountIsToldWhenTypingHasPaused(t *testing.T) {
	t.Parallel()
	ctx := openReference(t, "")
	value[any](t, ctx, `{ window.told = []; new MutationObserver(() => told.push(document.getElementById('said').textContent))
		.observe(document.getElementById('said'), { childList: true }); }`)
	for _, words := range []string{"r", "rt", "rtt"} {
		find(t, ctx, words)
	}
	eventually(t, ctx, `told.length`)
	require.Len(t, value[[]string](t, ctx, `told`), 1)
}

func TestALinkToAFieldShowsItAlsoWhereTheSearchHidItBefore(t *testing.T) {
	t.Parallel()
	const inSight = `(() => { const r = document.querySelector(':target').getBoundingClientRect(); return r.top > 0 && r.top < innerHeight / 2; })()`
	ctx := openReference(t, "#server.keep_alive_timeout")
	eventually(t, ctx, inSight)
	find(t, ctx, "jitter")
	value[any](t, ctx, `{ location.hash = '#workload.page[].size'; }`)
	eventually(t, ctx, `document.getElementById('workload.page[].size').checkVisibility() && document.getElementById('find').value === ''`)
	eventually(t, ctx, inSight)
}

func TestTheReferenceOpensWithItsSearchNextToTheContent(t *testing.T) {
	t.Parallel()
	ctx := openReference(t, "")
	value[any](t, ctx, `document.getElementById('theme').focus()`)
	var order []string
	for range 4 {
		press(t, ctx, kb.Tab)
		order = append(order, value[string](t, ctx, `document.activeElement.id || document.activeElement.textContent`))
	}
	require.Equal(t, []string{"find", "the file", "link", "tcp"}, order)
}

// TestEveryLinkWithinTheSiteLeadsSomewhere holds each link to a page, and each of its anchors to an element.
func TestEveryLinkWithinTheSiteLeadsSomewhere(t *testing.T) {
	t.Parallel()
	ids, links := map[string]map[string]bool{}, map[string][]string{}
	for _, name := range pages(t) {
		data, err := os.ReadFile(filepath.Join(dist, name))
		require.NoError(t, err)
		ids[name] = map[string]bool{"": true}
		for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(string(data), -1) {
			require.False(t, ids[name][m[1]], "%s has two of %s", name, m[1])
			ids[name][m[1]] = true
		}
		for _, m := range regexp.MustCompile(`<a [^>]*href="([^"]+)"`).FindAllStringSubmatch(string(data), -1) {
			links[name] = append(links[name], strings.NewReplacer("%5b", "[", "%5d", "]", "%5B", "[", "%5D", "]", "&amp;", "&").Replace(m[1]))
		}
	}
	for from, all := range links {
		for _, link := range all {
			page, anchor, _ := strings.Cut(link, "#")
			if page == "" {
				page = from
			}
			require.Contains(t, ids, page, "%s: %s", from, link)
			if !strings.Contains(anchor, "=") { // else it is a race's values
				require.True(t, ids[page][anchor], "%s: %s", from, link)
			}
		}
	}
}

// heaviest is how many bytes a page may have without WebAssembly, as the browser holds them.
const heaviest = 150_000

func TestAPageIsLightWithoutItsPrograms(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"reference.html", "glossary.html", "answer.html"} {
		ctx := open(t, 1280, 900, name)
		settle(t, ctx, name)
		eventually(t, ctx, `document.readyState === 'complete'`)
		size := func(of string) float64 {
			return value[float64](t, ctx, `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
				.filter((e) => !e.name.endsWith('.wasm')).reduce((sum, e) => sum + e.`+of+`, 0)`)
		}
		t.Logf("%s: %.0f bytes, %.0f over the wire; readable after %.0f ms", name, size("decodedBodySize"), size("encodedBodySize"),
			value[float64](t, ctx, `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`))
		require.Less(t, size("decodedBodySize"), float64(heaviest), name)
		require.Greater(t, size("decodedBodySize"), 20_000.0, name)
	}
}

// states are what the new pages look like in use: each is checked for the rules of accessibility.
var states = map[string]struct{ page, act, done string }{
	"reference searched": {"reference.html", `{ const i = document.getElementById('find'); i.value = 'idle'; i.dispatchEvent(new Event('input')); }`,
		`document.getElementById('said').textContent !== ''`},
	"reference without a find": {"reference.html", `{ const i = document.getElementById('find'); i.value = 'qqqq'; i.dispatchEvent(new Event('input')); }`,
		`document.getElementById('said').textContent !== ''`},
	"glossary at a term": {"glossary.html#time-wait", `0`, `document.querySelector(':target')`},
	"answer with a wrong number": {"answer.html", `{ const i = document.getElementById('count'); i.value = '0'; i.dispatchEvent(new Event('input')); }`,
		`document.getElementById('count-wrong').textContent !== ''`},
	"answer with loss, the scenario open": {"answer.html#loss=2&count=60", `document.querySelector('details').open = true`, `!document.getElementById('luck').hidden`},
}

func TestThePagesInUseBreakNoRuleOfAccessibility(t *testing.T) {
	t.Parallel()
	program := axe(t)
	for name, state := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := browser(t)
			before(t, ctx, program)
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(shared.url+state.page)))
			file, _, _ := strings.Cut(state.page, "#")
			settle(t, ctx, file)
			value[any](t, ctx, state.act)
			eventually(t, ctx, state.done)
			value[any](t, ctx, `delete window.found; `+violations+`; 0`)
			eventually(t, ctx, `window.found`)
			require.Empty(t, value[[]string](t, ctx, `window.found`))
		})
	}
}
