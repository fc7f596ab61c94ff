package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// render makes a lesson of a header and a text.
func render(t *testing.T, header, text string) (string, error) {
	file := filepath.Join(t.TempDir(), "x.md")
	require.NoError(t, os.WriteFile(file, []byte("---\ntitle: T\ndescription: D\n"+header+"---\n"+text), 0o600))
	p, err := renderLesson(file)
	if err != nil {
		return "", err
	}
	return string(p.Body), nil
}

func TestEveryLessonCanBeRendered(t *testing.T) {
	all, err := lessons("../lessons")
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for _, p := range all {
		assert.NotEmpty(t, p.Title)
		assert.NotEmpty(t, p.Description)
	}
}

func TestNumbersInALessonComeFromItsRuns(t *testing.T) {
	html, err := render(t, "set: [link.rtt=50ms, workload.sequence.count=3]\n", `{{count}} images, {{set "link.rtt"}}, {{finished "persistent"}}, {{saved}}`)
	require.NoError(t, err)
	assert.Contains(t, html, "3 images, 50\u00a0ms, ")
	assert.Contains(t, html, "100.3\u00a0ms", "two handshakes")
}

// The live parts are hidden until JavaScript shows them; the figure and the headers are there without.
func TestALessonIsReadableWithoutJavaScript(t *testing.T) {
	html, err := render(t, "", "```predict\nask: How long?\nunit: ms\nvariant: per-request\n```\n\n```run\n```\n\n```headers\n```\n\n```figure\nwaterfall\n```\n")
	require.NoError(t, err)
	assert.Contains(t, html, `data-variant="per-request" hidden>`)
	assert.Contains(t, html, `<div class="card run" hidden>`)
	assert.Contains(t, html, "Keep-Alive: timeout=75, max=999")
	assert.Contains(t, html, `<figure><div class="for-wide"><svg`)
	assert.Contains(t, html, `<div class="for-narrow"><svg`)
}

func TestAMistakeInALessonIsNamed(t *testing.T) {
	for _, c := range []struct{ header, text, want string }{
		{"scenario: galery\n", "", "did you mean gallery?"},
		{"set: [link.rtt=fast]\n", "", "link.rtt: want a duration"},
		{"scenarios: gallery\n", "", "scenarios"},
		{"", "```film\n```", `there is no block of kind "film"`},
		{"", `{{finished "kept"}}`, `there is no variant "kept"`},
		{"", `{{set "link.rtx"}}`, `there is no setting "link.rtx"`},
		{"", "{{cuont}}", "cuont"},
		{"", "```predict\nvariant: kept\n```", `there is no variant "kept"`},
		{"", "```puzzle\nfree: link.rtt\ngoal: saving < 5\n```", "free: want"},
		{"", "```puzzle\nfree: link.rtt 1..2 ms\ngoal: none\n```", "goal: want"},
		{"scenario: page\n", "{{count}}", "want a scenario with a sequence"},
	} {
		_, err := render(t, c.header, c.text)
		assert.ErrorContains(t, err, c.want, c.text)
	}
}
