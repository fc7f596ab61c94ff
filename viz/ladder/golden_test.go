package ladder_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/viz/ladder"
)

var update = flag.Bool("update", false, "draw the ladders of testdata again")

// Each file of testdata is a scenario, whose comment says what the ladder teaches, a line ---, and the ladder.
func TestLaddersAreAsTheyWereReviewed(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		scenario, want, _ := strings.Cut(string(text), "\n---\n")
		require.True(t, strings.HasPrefix(scenario, "# "), "%s: opens with what it teaches", file)
		got := ladderOf(t, scenario)
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(scenario+"\n---\n"+got), 0o644))
			want = got
		}
		assert.Equal(t, want, got, "%s: look at the difference, then: go test ./viz/ladder -update", file)
	}
}

func ladderOf(t *testing.T, scenario string) string {
	f, err := scenarios.Parse("golden", []byte(scenario))
	require.NoError(t, err)
	require.Empty(t, f.Warnings)
	run, err := lab.Simulate(t.Context(), f.Variants()[0], lab.Options{Log: true})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, ladder.Write(&b, run.Log, ladder.Options{}))
	return b.String()
}
