//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// axeVersion is the exact version of axe-core, Deque's accessibility rules, that the pages are held to.
const axeVersion = "4.14.1"

// axe is axe-core's program. npm fetches it, once, into the user's cache.
func axe(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	dir := filepath.Join(cache, "keepalive", "axe-core-"+axeVersion)
	program := filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")
	if text, err := os.ReadFile(program); err == nil {
		return string(text)
	}
	if _, err := exec.LookPath("npm"); err != nil {
		const missing = "npm is not installed, so the accessibility rules are left out; install it with: apt-get install npm"
		if os.Getenv("CI") != "" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	out, err := exec.Command("npm", "install", "--prefix", dir, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund",
		"axe-core@"+axeVersion).CombinedOutput()
	require.NoError(t, err, "npm cannot fetch axe-core %s: is there a network? %s", axeVersion, out)
	text, err := os.ReadFile(program)
	require.NoError(t, err)
	return string(text)
}

// violations runs axe-core in the page and lists what it finds.
const violations = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
	.then(({ violations }) => { window.found = violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.target + ': ' + n.failureSummary)); },
		(error) => { window.found = [String(error)]; })`

// settle waits until a page shows all that it can show: also what is hidden at first.
func settle(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	for prefix, is := range ready {
		if strings.HasPrefix(name, prefix) {
			eventually(t, ctx, is)
		}
	}
	for prefix, more := range unfold {
		if strings.HasPrefix(name, prefix) {
			value[any](t, ctx, more.act)
			eventually(t, ctx, more.done)
		}
	}
}

// ready is true when a page has settled and shows all that it can show.
var ready = map[string]string{
	"index.html": `document.getElementById('finished-B') && document.getElementById('live').textContent !== ''`,
	"lesson-":    `!document.querySelector('.predict').hidden`,
	"exercise-":  `document.getElementById('status').textContent === ''`,
}

// unfold shows what is hidden at first: the exercise's sheet, the lesson's table.
var unfold = map[string]struct{ act, done string }{
	"lesson-": {`{ document.querySelectorAll('.skip-prediction').forEach((b) => b.click()); document.querySelector('.run button').click(); }`, `document.querySelector('.run output').textContent.length > 20`},
	"exercise-": {`{ document.getElementById('class').value = '7b'; document.getElementById('student').value = 'A'; document.getElementById('who').requestSubmit(); }`,
		`!document.getElementById('sheet').hidden`},
}

func TestNoPageBreaksARuleOfAccessibilityInEitherThemeOnADesktopOrAPhone(t *testing.T) {
	t.Parallel()
	program := axe(t)
	for _, name := range pages(t) {
		if name == "stage.html" || strings.HasPrefix(name, "lesson-") {
			continue // looked at within the race, and while a lesson is done
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := browser(t)
			before(t, ctx, program) // into the stage's frame as well
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(shared.url+name)))
			settle(t, ctx, name)
			for _, theme := range []string{"light", "dark"} {
				prefer(t, ctx, "prefers-color-scheme", theme)
				for _, width := range []int64{1280, 390} {
					require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 844)))
					keepsTheRules(t, ctx, fmt.Sprintf("%s, at %d px", theme, width))
				}
			}
		})
	}
}
