//go:build browser

package browsertest

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"keepalive/site"
)

// dist is the built site.
const dist = "../dist"

// shared are the one Chromium and the one server of all tests: a browser takes a second to start, and one that has the
// pages' programs in its cache opens them in half the time.
var shared struct {
	browser context.Context
	url     string
	dir     string // for what Chromium writes
}

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

// run runs the tests with Chromium and the built site, below a path of its own as a teacher's server may have it.
// What Chromium writes goes with it: killed, it would leave its directories behind.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "browsertest")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	server := httptest.NewServer(http.StripPrefix("/course/net", site.Handler(os.DirFS(dist))))
	defer server.Close()
	shared.url, shared.dir = server.URL+"/course/net/", dir
	var stop func()
	shared.browser, stop, err = start(options(dir, "--no-wasm-tier-up --no-wasm-dynamic-tiering"))
	defer stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Chromium does not start:", err)
		return 1
	}
	return m.Run()
}

// start starts a Chromium. stop waits until it has gone.
func start(options []chromedp.ExecAllocatorOption) (browser context.Context, stop func(), err error) {
	ctx, gone := chromedp.NewExecAllocator(context.Background(), options...)
	browser, cancel := chromedp.NewContext(ctx)
	return browser, func() { cancel(); gone() }, chromedp.Do(browser)
}

// options are Chromium's: graphics run in software, of which the page itself needs none, and files stay in dir. Most tests
// have WebAssembly compiled once, quickly, rather than again and better: a page is gone before that pays. js says so.
func options(dir, js string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.UserDataDir(filepath.Join(dir, "profile")), chromedp.Env("TMPDIR="+dir),
		chromedp.Flag("use-gl", "angle"), chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("ignore-gpu-blocklist", true), chromedp.Flag("disable-gpu", false), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("js-flags", js),
		chromedp.Flag("disable-gpu-rasterization", true))
}

// browser opens an empty tab in a window of its own, which it believes to have the focus. No two tests share one.
func browser(t testing.TB) context.Context {
	t.Helper()
	return tab(t, shared.browser)
}

// tireless is a tab of a Chromium of its own that compiles what runs often again and better, as everybody's does: for a
// test that runs so much that it pays.
func tireless(t testing.TB) context.Context {
	t.Helper()
	dir, err := os.MkdirTemp(shared.dir, "") // it goes with the others: no test fails for what a dying Chromium still writes
	require.NoError(t, err)
	browser, stop, err := start(options(dir, ""))
	t.Cleanup(stop)
	require.NoError(t, err)
	return tab(t, browser)
}

func tab(t testing.TB, browser context.Context) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(cancel)
	_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	require.NoError(t, err)
	return ctx
}

// open opens a tab on a built page: a file, a hash, or both.
func open(t *testing.T, width, height int64, address string) context.Context {
	t.Helper()
	ctx := browser(t)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(shared.url+address)))
	return ctx
}

// pages are the built pages' names.
func pages(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dist, "*.html"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "build the pages first: make site")
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

// prefer has the page see what somebody prefers: prefer(t, ctx, "prefers-color-scheme", "dark").
func prefer(t *testing.T, ctx context.Context, feature, wish string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: wish}}})
	require.NoError(t, err)
}

// before runs a script in every document before its own.
func before(t testing.TB, ctx context.Context, script string) {
	t.Helper()
	_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	require.NoError(t, err)
}

// value evaluates an expression in the page.
func value[T any](t testing.TB, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err, expression)
	return v
}

// eventually waits until an expression is true in the page. How long that takes is no matter of a test: computers are busy.
func eventually(t testing.TB, ctx context.Context, expression string) {
	t.Helper()
	require.Eventually(t, func() bool { return value[bool](t, ctx, "!!("+expression+")") }, 2*time.Minute, 50*time.Millisecond, expression)
}

// press types a key into whatever has the focus.
func press(t *testing.T, ctx context.Context, key string) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent(key)))
}

// pressSpace types a space as a keyboard does: a page that takes the keydown gets no keypress, unlike with press.
func pressSpace(t *testing.T, ctx context.Context) {
	t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		_, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: " ", Code: "Space", Text: " ", WindowsVirtualKeyCode: 32})
		require.NoError(t, err)
	}
}

// slide moves a slider as a pointer does.
func slide(t *testing.T, ctx context.Context, id, to string) {
	t.Helper()
	value[any](t, ctx, fmt.Sprintf(`{ const slider = document.getElementById(%q); slider.value = %q; slider.dispatchEvent(new Event('input')); }`, id, to))
}
