//go:build browser

package browsertest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/lab/grade"
	"keepalive/scenarios"
	"keepalive/sim"
)

func TestARaceInTheBrowserEndsAsOnTheCommandLine(t *testing.T) {
	t.Parallel()
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
	eventually(t, ctx, `document.getElementById('play').ariaLabel === 'Play'`)
	slide(t, ctx, "time", "10")
	eventually(t, ctx, `document.getElementById('live').textContent.startsWith('At 10')`)
	require.Contains(t, value[string](t, ctx, `location.hash`), "t=10")
}

func TestDrawingTheSameNumbersAgainKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1000, 900, "exercise-dont-hang-up.html")
	draw := func(student string) {
		value[any](t, ctx, `(() => { document.getElementById('status').textContent = ''; document.getElementById('class').value = '7b';
			document.getElementById('student').value = '`+student+`'; document.getElementById('who').requestSubmit(); })()`)
		eventually(t, ctx, `document.getElementById('status').textContent.startsWith('Your numbers are drawn')`)
	}
	const trips, cause = `document.getElementById('sheet').elements['answer:round-trips'].value`, `document.getElementById('sheet').elements['answer:cause'].value`
	draw("A")
	value[any](t, ctx, `{ `+trips+` = '29'; `+cause+` = 'handshake'; }`)
	draw("A")
	require.Equal(t, []string{"29", "handshake"}, value[[]string](t, ctx, `[`+trips+`, `+cause+`]`))
	draw("B")
	require.Equal(t, []string{"", ""}, value[[]string](t, ctx, `[`+trips+`, `+cause+`]`), "another student's answers")
}

func TestWhatIsTypedWrongInTheExerciseIsToldKindlyAndKept(t *testing.T) {
	t.Parallel()
	ctx := open(t, 1000, 900, "exercise-dont-hang-up.html")
	value[any](t, ctx, unfold["exercise-"].act)
	eventually(t, ctx, unfold["exercise-"].done)
	save := func(trips, rtt string) {
		value[any](t, ctx, `(() => { const f = document.getElementById('sheet'); delete f.dataset.answer; document.getElementById('saved').textContent = '';
			f.elements['answer:round-trips'].value = '`+trips+`'; f.elements['setting:link.rtt'].value = '`+rtt+`'; f.querySelector('button').click(); f.requestSubmit(); })()`)
	}
	save("lots", "")
	eventually(t, ctx, `document.getElementById('saved').textContent.includes('Question 3 wants a number such as 1234.5, with a point; “lots” is none')`)
	require.Equal(t, "answer:round-trips", value[string](t, ctx, `document.activeElement.name`))
	require.Equal(t, "lots", value[string](t, ctx, `document.activeElement.value`))
	save("", "fast")
	eventually(t, ctx, `document.getElementById('saved').textContent.includes('got "fast"')`)
	eventually(t, ctx, `/^link.rtt: want a duration/.test(document.querySelector('.tried').textContent)`)
	save("1\u2009029 ", "")
	eventually(t, ctx, `JSON.parse(document.getElementById('sheet').dataset.answer ?? '{"answers":{}}').answers['round-trips'] == 1029`)
}

func TestAnAnswerFromTheExercisePageIsMarkedByRunningItAgain(t *testing.T) {
	t.Parallel()
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
