//go:build browser

// Package browsertest drives the built pages in a real headless Chromium.
package browsertest

import (
	"context"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/lab/grade"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/site"
)

// open starts Chromium on the built page.
func open(t *testing.T, width, height int64, hash string) context.Context {
	server := httptest.NewServer(site.Handler(os.DirFS("../dist")))
	t.Cleanup(server.Close)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.Flag("use-gl", "angle"), chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("ignore-gpu-blocklist", true), chromedp.Flag("disable-gpu", false), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(server.URL+"/"+hash)))
	return ctx
}

// value evaluates an expression in the page.
func value[T any](t *testing.T, ctx context.Context, expression string) T {
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err, expression)
	return v
}

// eventually waits until an expression is true in the page.
func eventually(t *testing.T, ctx context.Context, expression string) {
	require.Eventually(t, func() bool { return value[bool](t, ctx, "!!("+expression+")") }, time.Minute, 100*time.Millisecond, expression)
}

func TestARaceInTheBrowserEndsAsOnTheCommandLine(t *testing.T) {
	f, err := scenarios.Load("gallery")
	require.NoError(t, err)
	want, _, err := lab.RunAll(context.Background(), f, lab.Options{})
	require.NoError(t, err)

	ctx := open(t, 1280, 900, "")
	eventually(t, ctx, `document.getElementById('finished-B')`)
	for i, cell := range []string{"finished-A", "finished-B"} {
		got := value[float64](t, ctx, `Number(document.getElementById('`+cell+`').dataset.ms)`)
		require.Equal(t, float64(want.Variants[i].Finished)/float64(sim.Millisecond), got)
	}

	eventually(t, ctx, `document.getElementById('time-out').textContent`)
	value[any](t, ctx, `document.getElementById('play').click()`)
	eventually(t, ctx, `Number(document.getElementById('time').value) > 20`)
	value[any](t, ctx, `document.getElementById('play').click()`)
	value[any](t, ctx, `(() => { const time = document.getElementById('time'); time.value = 10; time.dispatchEvent(new Event('input')); })()`)
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 10')`)
	require.Contains(t, value[string](t, ctx, `location.hash`), "t=10")
}

func TestNothingScrollsSidewaysOnAPhone(t *testing.T) {
	ctx := open(t, 390, 800, "")
	eventually(t, ctx, `document.getElementById('finished-B')`)
	require.LessOrEqual(t, value[float64](t, ctx, `document.documentElement.scrollWidth`), 390.0)
}

func TestALessonLocksAPredictionRunsAndChecksThePuzzle(t *testing.T) {
	ctx := open(t, 1000, 900, "lesson-dont-hang-up.html")
	eventually(t, ctx, `!document.querySelector('.predict').hidden`)
	value[any](t, ctx, `(() => { const f = document.querySelector('.predict'); f.querySelector('input').value = 4180; f.requestSubmit(); })()`)
	eventually(t, ctx, `document.querySelector('.predict output').textContent.includes('You were right')`)
	require.True(t, value[bool](t, ctx, `document.querySelector('.predict input').readOnly`))
	try := func(rtt, size string) {
		value[any](t, ctx, `(() => { const f = document.querySelector('.puzzle'), i = f.querySelectorAll('input'); delete f.querySelector('output').dataset.solved;
			i[0].value = `+rtt+`; i[1].value = `+size+`; f.requestSubmit(); })()`)
		eventually(t, ctx, `document.querySelector('.puzzle output').dataset.solved`)
	}
	try("100", "10")
	require.Equal(t, "false", value[string](t, ctx, `document.querySelector('.puzzle output').dataset.solved`))
	try("2", "100")
	require.Equal(t, "true", value[string](t, ctx, `document.querySelector('.puzzle output').dataset.solved`))
}

func TestAnAnswerFromTheExercisePageIsMarkedByRunningItAgain(t *testing.T) {
	ctx := open(t, 1000, 900, "exercise-dont-hang-up.html")
	value[any](t, ctx, `(() => { document.getElementById('class').value = '7b'; document.getElementById('student').value = 'A'; document.getElementById('who').requestSubmit(); })()`)
	eventually(t, ctx, `!document.getElementById('sheet').hidden`)
	value[any](t, ctx, `(() => { const f = document.getElementById('sheet'); f.elements['answer:round-trips'].value = '1';
		f.elements['answer:cause'].value = 'handshake'; f.requestSubmit(); })()`)
	eventually(t, ctx, `document.getElementById('sheet').dataset.answer`)
	answer, err := lab.ParseAnswer("answer.json", []byte(value[string](t, ctx, `document.getElementById('sheet').dataset.answer`)))
	require.NoError(t, err)
	ex, err := lab.LoadExercise("dont-hang-up")
	require.NoError(t, err)
	mark, err := grade.Grade(context.Background(), ex, answer)
	require.NoError(t, err)
	require.Empty(t, mark.Differs)
	require.Equal(t, 1, mark.Points) // the cause is right, the round trips are not
}
