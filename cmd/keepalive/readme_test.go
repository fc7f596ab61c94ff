package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab/accuracy"
	"keepalive/scenarios"
)

func readme(t *testing.T) string {
	data, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	return string(data)
}

func TestTheReadmesScenarioRuns(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	require.NotEmpty(t, blocks)
	for _, b := range blocks {
		_, err := scenarios.Parse("README.md", []byte(b[1]))
		assert.NoError(t, err)
	}
}

func TestTheReadmeNamesEveryCommandAndEveryScenario(t *testing.T) {
	text := readme(t)
	for _, c := range rootCommand().Commands() {
		if c.Name() != "help" && c.Name() != "completion" {
			assert.True(t, strings.Contains(text, "bin/keepalive "+c.Name()), "README.md does not name %s", c.Name())
		}
	}
	for _, name := range scenarios.Names() {
		assert.True(t, strings.Contains(text, "`"+name+"`"), "README.md does not name the scenario %s", name)
	}
}

func TestTheReadmeSaysHowAccurateTheModelIsNow(t *testing.T) {
	all, err := accuracy.Measurements()
	require.NoError(t, err)
	r, err := accuracy.Run(t.Context(), all, nil)
	require.NoError(t, err)
	assert.Contains(t, strings.Join(strings.Fields(readme(t)), " "), strings.TrimSuffix(r.Sentence(), "."))
}

// The readme's search is run, and what it says of its outcome is what stands there.
func TestTheReadmeSaysWhatTheSearchFinds(t *testing.T) {
	line := regexp.MustCompile(`(?m)^    bin/keepalive (tune .*)$`).FindStringSubmatch(readme(t))
	require.NotNil(t, line)
	var words []string
	for _, w := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line[1], -1) {
		words = append(words, strings.Trim(w, `"`))
	}
	require.Equal(t, "out", words[len(words)-1])
	words[len(words)-1] = t.TempDir()
	var out, errs bytes.Buffer
	require.Equal(t, exitFine, run(words, nil, &out, &errs), errs.String())
	said := regexp.MustCompile(`(?s)\n\*([^*]*)\*\n`).FindStringSubmatch(readme(t))
	require.NotNil(t, said)
	require.Contains(t, strings.ReplaceAll(out.String(), "\u2009", " "), strings.Join(strings.Fields(said[1]), " ")+"\n")
}

func TestEveryCommandShowsAnExample(t *testing.T) {
	for _, c := range rootCommand().Commands() {
		var out bytes.Buffer
		assert.Equal(t, exitFine, run([]string{c.Name(), "--help"}, nil, &out, &out))
		if c.Name() != "help" && c.Name() != "completion" {
			assert.Contains(t, out.String(), "Examples:\n  keepalive "+c.Name())
		}
	}
}

func TestCheckTellsEveryMistakeAndFails(t *testing.T) {
	var out, errs bytes.Buffer
	status := run([]string{"check", "gallery", "../../scenarios/testdata/mistakes/many.yaml"}, nil, &out, &errs)
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out.String(), "gallery: a scenario that runs per-request, persistent")
	assert.Greater(t, strings.Count(errs.String(), "many.yaml:"), 10)
	assert.Contains(t, errs.String(), "1 of 2 wrong")
}

func TestTheReferenceTellsADefaultAndItsSource(t *testing.T) {
	var out bytes.Buffer
	assert.Equal(t, exitFine, run([]string{"reference", "client.time_wait"}, nil, &out, &out))
	assert.Equal(t, "client.time_wait: a duration, such as 100ms\n    How long a port rests after the client closed first.\n    default: 60s\n    source: Linux TCP_TIMEWAIT_LEN\n", out.String())
	assert.Equal(t, exitBadInput, run([]string{"reference", "client.tim"}, nil, &out, &out))
}
