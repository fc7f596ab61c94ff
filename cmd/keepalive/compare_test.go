package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCompareWritesEveryPlotInEveryFormatAndTwoSummaries(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	status, out, errs := command("compare", "gallery", "-o", dir, "--format", "png,svg,pdf")
	require.Zero(t, status, errs)
	require.Empty(t, out)
	begins := map[string]string{".png": "\x89PNG\r\n", ".svg": "<?xml", ".pdf": "%PDF-1."}
	for _, figure := range []string{"totals", "waterfall", "window"} {
		for ext, start := range begins {
			data, err := os.ReadFile(filepath.Join(dir, figure+ext))
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(string(data), start), figure+ext)
			require.Contains(t, errs, figure+ext)
		}
	}
	require.Contains(t, errs, "summary.html, summary.md")
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 11)
}

func TestTheSummariesSayWhatRunAndExplainSay(t *testing.T) {
	dir := t.TempDir()
	status, _, errs := command("compare", "gallery", "-o", dir, "--format", "svg", "--set", "link.rtt=50ms")
	require.Zero(t, status, errs)
	status, ran, errs := command("run", "gallery", "--set", "link.rtt=50ms")
	require.Zero(t, status, errs)
	status, explained, errs := command("explain", "gallery", "--set", "link.rtt=50ms")
	require.Zero(t, status, errs)
	for _, name := range []string{"summary.html", "summary.md"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		text := string(data)
		for _, cell := range cellsOf(ran + explained) {
			require.Contains(t, text, cell, name)
		}
		require.Contains(t, text, "keepalive compare gallery -o DIR --set link.rtt=50ms", name)
	}
}

// cellsOf are the numbers of tables on the screen.
func cellsOf(text string) (all []string) {
	for line := range strings.Lines(text) {
		if strings.Contains(line, "Keeping") {
			continue
		}
		for _, word := range strings.Fields(line) {
			if strings.ContainsAny(word, "0123456789") {
				all = append(all, word)
			}
		}
	}
	return all
}

func TestTheHTMLSummaryNeedsNothingButItself(t *testing.T) {
	dir := t.TempDir()
	status, _, errs := command("compare", "gallery", "-o", dir, "--format", "png")
	require.Zero(t, status, errs)
	data, err := os.ReadFile(filepath.Join(dir, "summary.html"))
	require.NoError(t, err)
	text := strings.ReplaceAll(string(data), `xmlns="http://www.w3.org/2000/svg"`, "")
	for _, outside := range []string{"http:", "https:", "<script", "<img", "<link rel=\"stylesheet\"", "@import", "ZgotmplZ"} {
		require.NotContains(t, text, outside)
	}
	require.Equal(t, 6, strings.Count(text, "<svg "), "three figures for a desk and for a phone")
	require.Contains(t, text, "prefers-color-scheme: dark")
}

func TestCompareRefusesBeforeItRunsAnything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for want, args := range map[string][]string{
		`there is no format "gif"; want one or more of png, svg, pdf`: {"gallery", "-o", t.TempDir(), "--format", "png,gif"},
		"want a folder for the files":                                 {"gallery"},
		"this is a file; name a folder":                               {"gallery", "-o", file},
		"--pair: there is no variant":                                 {"gallery", "-o", t.TempDir(), "--pair", "cold,warm"},
	} {
		status, _, errs := command(append([]string{"compare"}, args...)...)
		require.Equal(t, exitBadInput, status, errs)
		require.Contains(t, errs, want)
	}
}

func TestARunThatCannotBeExplainedFails(t *testing.T) {
	status, _, errs := command("compare", "gallery", "-o", t.TempDir(), "--records", "100")
	require.Equal(t, exitFailed, status)
	require.Contains(t, errs, "keep more records")
}

func TestNamesAreTextInASummaryWhateverIsInThem(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`name: "<script>x</script>"
workload: {sequence: {path: '/<i>"&', count: 2}}
variants:
  - {name: "<b>|a", with: {http: {connections: per-request}}}
  - {name: "'b'", with: {http: {connections: persistent}}}
`), 0o600))
	dir := t.TempDir()
	status, _, errs := command("compare", file, "-o", dir, "--format", "svg")
	require.Zero(t, status, errs)
	for _, name := range []string{"summary.html", "summary.md", "waterfall.svg"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NotContains(t, string(text), "<script>x")
		require.NotContains(t, string(text), "<b>")
		require.NotContains(t, string(text), "<i>")
	}
	text, err := os.ReadFile(filepath.Join(dir, "summary.md"))
	require.NoError(t, err)
	require.Contains(t, string(text), "| | A\u00A0&lt;b>\\|a | B\u00A0'b' |")
}

func TestASummaryOfMoreThanTwoSaysWhoIsFirstAndWhatTheFirstTwoDifferIn(t *testing.T) {
	dir := t.TempDir()
	status, _, errs := command("compare", "http2", "-o", dir, "--format", "svg")
	require.Zero(t, status, errs)
	data, err := os.ReadFile(filepath.Join(dir, "summary.html"))
	require.NoError(t, err)
	text := string(data)
	require.Contains(t, text, "<h1>One connection or six: 4 ways</h1>")
	require.Contains(t, text, "HTTP/2 clean is the first to have everything")
	require.Contains(t, text, "<p>A and B: HTTP/2 clean saves")
	require.Contains(t, text, "B \u2212 A</th>")
	require.Contains(t, text, ">server CPU</th>")
	require.NotContains(t, text, ">slow_start<")
}
