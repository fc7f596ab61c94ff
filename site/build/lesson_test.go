package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const header = "title: T\ndescription: D\nidea: I\nteacher: {goal: G, minutes: 9}\n"

// render makes a lesson of more header lines and a text.
func render(t *testing.T, more, text string) (string, error) {
	t.Helper()
	c, err := openCourse("..", "en")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "01-x.md")
	require.NoError(t, os.WriteFile(file, []byte("---\n"+header+more+"---\n"+text), 0o600))
	if err := c.read(file); err != nil {
		return "", err
	}
	p, err := c.page(0)
	if err != nil {
		return "", err
	}
	return string(p.Body), nil
}

// english are the pages of all lessons. Their runs take seconds: they are built once.
var english = sync.OnceValues(func() ([]*page, error) { return lessons("..", "en") })

func fence(kind, text string) string { return "```" + kind + "\n" + text + "\n```\n" }

func TestEveryLessonHasEachOfItsParts(t *testing.T) {
	all, err := english()
	require.NoError(t, err)
	require.Equal(t, "Lessons", all[0].Name)
	require.Greater(t, len(all), 5)
	for _, p := range all[1:] {
		assert.Empty(t, p.Name, "the navigation has one entry for all")
		assert.Equal(t, all[0].File, p.Section)
		for _, part := range []string{`class="hook card`, `class="card predict"`, `class="card run"`, `class="drawing"`, `class="card puzzle"`, `class="card teacher"`, "To remember."} {
			assert.Contains(t, string(p.Body), part, p.File)
		}
		assert.Contains(t, string(all[0].Body), p.File)
		assert.Less(t, len(p.Body), 100_000, "%s: a page is to weigh less than 150 kB with its scripts", p.File)
	}
	assert.Contains(t, string(all[1].Body), `rel="next"`)
	assert.NotContains(t, string(all[1].Body), `rel="prev"`)
	assert.Contains(t, string(all[len(all)-1].Body), `rel="prev"`)
}

func TestNumbersInALessonComeFromItsRuns(t *testing.T) {
	for text, want := range map[string]string{
		`{{count "setting('workload.sequence.count')"}}`:              "3",
		`{{set "link.rtt"}}`:                                          "50\u00a0ms",
		`{{set "link.rtt" "link.rtt=1s"}}`:                            "1\u00a0s",
		`{{set "link.rtt" "satellite"}}`:                              "600\u00a0ms",
		`{{ms "per_request.finished_ms - persistent.finished_ms"}}`:   "100.3\u00a0ms",
		`{{ms "per_request.finished_ms" "link.rtt=10s"}}`:             "60.03\u00a0s",
		`{{percent "ledger('persistent').handshake / 100"}}`:          "50\u00a0%",
		`{{bytes "1234567"}}`:                                         "1.23\u00a0MB",
		`{{number "2.0 / 3"}}`:                                        "0.667",
		`{{km "20000"}}`:                                              "20\u202f000\u00a0km",
		`{{check "per_request.connections.opened == 3"}}nothing`:      "nothing",
		`{{ms "variant('per-request').per_request[0].connect_ms"}}`:   "50.1\u00a0ms",
		fence("hook", `caption: "{{set "link.rtt"}} there and back"`): "50\u00a0ms there and back",
	} {
		html, err := render(t, "set: [link.rtt=50ms, workload.sequence.count=3]\n", text)
		require.NoError(t, err, text)
		assert.True(t, strings.Contains(html, want), "%s: want %s", text, want)
	}
}

// The live parts are hidden until JavaScript shows them; figures with their tables and headers are there without.
func TestALessonIsReadableWithoutJavaScript(t *testing.T) {
	html, err := render(t, "", fence("predict", "kind: number\nask: How long?\nunit: ms\nanswer: per_request.finished_ms")+
		fence("run", "")+fence("headers", "show: [{variant: persistent, request: 2}]")+fence("figure", "name: waterfall\nsliders: {link.rtt: 1..300 ms}")+
		fence("hook", "seconds: 5")+fence("hook", "kind: hands\nset: [workload.sequence.count=3]"))
	require.NoError(t, err)
	assert.Regexp(t, `<form class="card predict"[^>]* hidden`, html)
	assert.Regexp(t, `<div class="card run"[^>]* hidden`, html)
	assert.Regexp(t, `<form class="sliders" hidden`, html)
	assert.Regexp(t, `<div class="hands" hidden`, html)
	assert.Contains(t, html, "<mark>Keep-Alive: timeout=75, max=998</mark>")
	assert.Equal(t, 3, strings.Count(html, `<div class="for-narrow"><svg`), "the hooks are figures as well")
	assert.Contains(t, html, "<th scope=\"row\">B\u2002persistent, 20</th>")
}

func TestAHookDoesNotTellHowItEnds(t *testing.T) {
	html, err := render(t, "", fence("hook", "seconds: 5"))
	require.NoError(t, err)
	assert.NotContains(t, html, "finished at")
}

func TestIDsInALessonAreUnique(t *testing.T) {
	all, err := english()
	require.NoError(t, err)
	for _, p := range all {
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(string(p.Body), -1) {
			assert.False(t, seen[m[1]], "%s: %s", p.File, m[1])
			seen[m[1]] = true
		}
	}
}

func TestEveryStringThatAScriptSaysIsInTheTable(t *testing.T) {
	c, err := openCourse("..", "en")
	require.NoError(t, err)
	scripts, err := filepath.Glob("../js/lesson*.js")
	require.NoError(t, err)
	require.NotEmpty(t, scripts)
	for _, f := range scripts {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`'((?:hook|hands|predict|confidence|run|puzzle|figure)\.\w+)'`).FindAllStringSubmatch(string(text), -1) {
			assert.Contains(t, c.words, m[1], f)
		}
	}
	for _, sure := range []string{"Guess", "Fairly", "Certain"} {
		assert.Contains(t, c.words, "confidence.right"+sure)
		assert.Contains(t, c.words, "confidence.wrong"+sure)
	}
	for op := range operators {
		if compares(op) {
			assert.Contains(t, c.words, "puzzle."+op)
		}
	}
}

func TestAGoalIsATreeForThePage(t *testing.T) {
	html, err := render(t, "", puzzleBlock("cost < 5 and not (cost < 1)", "{link.rtt: 2ms}"))
	require.NoError(t, err)
	assert.Contains(t, html, `["and",["\u003c",["*",["/",["-",["get","variant","per-request","finished_ms"],["get","variant","persistent","finished_ms"]],`+
		`["get","variant","per-request","finished_ms"]],100],5,{"name":"hanging up costs","unit":"%"}],["not",`)
}

func puzzleBlock(goal, solution string) string {
	return fence("puzzle", "free: {link.rtt: 1..200 ms}\nset: [workload.sequence.size=100kB]\nvalues:\n  cost: {is: (per_request.finished_ms - persistent.finished_ms) / per_request.finished_ms * 100, name: hanging up costs, unit: \"%\"}\n"+
		"goal: "+goal+"\nsolution: "+solution)
}

func TestAMistakeInALessonIsNamedWithItsLine(t *testing.T) {
	const number = "kind: number\nask: A\nanswer: "
	for _, c := range []struct{ more, text, want string }{
		{"scenario: galery\n", "", "01-x.md:1: galery is neither a file nor a scenario"},
		{"set: [link.rtt=fast]\n", "", "link.rtt: want a duration"},
		{"scenarios: gallery\n", "", `01-x.md:6: unknown field "scenarios"`},
		{"", "one\n\n" + fence("film", ""), `01-x.md:9: there is no block of kind "film"`},
		{"", "one\n{{ms \"persistent.finishd_ms\"}}", `01-x.md:8: {{ms "persistent.finishd_ms"}}: "persistent.finishd_ms": there is no "finishd_ms" in persistent (did you mean finished_ms?)`},
		{"", `{{ms "kept.finished_ms"}}`, `there is no "kept"`},
		{"", `{{ms "persistent."}}`, "01-x.md:7:"},
		{"", `{{count "persistent.finished_ms"}}`, "is no whole number"},
		{"", `{{set "link.rtx"}}`, `there is no setting "link.rtx"`},
		{"", "\n{{cuont}}", `01-x.md:8: function "cuont" not defined`},
		{"", `{{check "persistent.finished_ms > 9000"}}`, "the run says otherwise: persistent.finished_ms is 2278.8"},
		{"", `{{check "persistent.finished_ms"}}`, "want a comparison"},
		{"", fence("predict", "kind: number\naks: A"), `01-x.md:9: unknown field "aks"`},
		{"", fence("predict", number+"kept.finished_ms"), "01-x.md:7: predict: answer:"},
		{"", fence("predict", number+"0"), "want a number above 0"},
		{"", fence("predict", number+"persistent.finished_ms\nnear: [{is: persistent.finished_ms, because: X}]"), "as good as the answer"},
		{"", fence("predict", "kind: bar\nask: A\nanswer: persistent.finished_ms"), "want named"},
		{"", fence("predict", "kind: choice\nask: A\nanswer: '\"c\"'\noptions: {a: {text: A}, b: {text: B}}"), "none of the options"},
		{"", fence("predict", "kind: film\nask: A"), "want number, choice or bar"},
		{"", fence("figure", "name: pie"), `there is no figure "pie"`},
		{"", fence("figure", "name: totals\nsliders: {link.jitter: 1..2 ms}"), `there is no string "field.link.jitter"`},
		{"", fence("figure", "name: totals\nsliders: {link.rtt: 1..2 ms}"), "outside of 1..2 ms"},
		{"", fence("figure", "name: totals\nsliders: {link.rtt: fast}"), "want a range such as"},
		{"", fence("headers", "show: [{variant: kept}]"), `there is no variant "kept"`},
		{"", fence("hook", "seconds: 30"), "within ten seconds"},
		{"", fence("hook", "kind: hands"), "within ten seconds"},
		{"", puzzleBlock("cost < 5", "{link.rtt: 300ms}"), "solution: link.rtt: 300ms is outside"},
		{"", puzzleBlock("cost < 0.01", "{link.rtt: 90ms}"), "solution: it does not reach the goal"},
		{"", puzzleBlock("cost < 100", "{link.rtt: 1ms}"), "reaches it already"},
		{"", puzzleBlock("persistent.finished_ms < 1", "{link.rtt: 1ms}"), "wants a name"},
		{"", puzzleBlock("cost < len(variants)", "{link.rtt: 1ms}"), "the page knows no"},
		{"", puzzleBlock("persistent.per_request[0].end_ms < 3", "{link.rtt: 1ms}"), "the page knows no"},
	} {
		_, err := render(t, c.more, c.text)
		assert.ErrorContains(t, err, c.want, c.more+c.text)
	}
}

func TestALessonsNameBeginsWithItsPlace(t *testing.T) {
	c, err := openCourse("..", "en")
	require.NoError(t, err)
	for name, want := range map[string]string{"x.md": "want a name such as", "02-x.md": "begin its name with 01-"} {
		file := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(file, []byte("---\n"+header+"---\n"), 0o600))
		assert.ErrorContains(t, c.read(file), want)
	}
}
