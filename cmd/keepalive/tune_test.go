package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// busy tunes the busy server.
func busy(args ...string) (status int, out, errs string) {
	return command(append([]string{"tune", "busy-server", "--variant", "processes persistent"}, args...)...)
}

func TestTuneSaysWhatItFoundAndHowToConfigureIt(t *testing.T) {
	dir := t.TempDir()
	status, out, errs := busy("--goal", "p95 < 200ms and peak_memory < 1MiB", "--over", "server.workers=16,32,48", "-o", dir, "--format", "png,svg,pdf")
	require.Zero(t, status, errs)
	for _, want := range []string{"reached, with each of 5 seeds", "server.workers", "in the file", "chosen", "< 1.00 MiB: kept", "peak_memory has least to spare: ",
		"--- nginx\n", "--- apache\n", "--- node\n", "--- go\n", "MaxRequestWorkers 48", "no directive for the clients' pool"} {
		require.Contains(t, out, want)
	}
	require.Contains(t, errs, "wrote to "+dir+": tradeoff.png, tradeoff.svg, tradeoff.pdf")
	for name, begins := range map[string]string{"tradeoff.png": "\x89PNG", "tradeoff.svg": "<?xml", "tradeoff.pdf": "%PDF-"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(data), begins), name)
	}
}

func TestTuneFailsIfTheGoalIsNotReached(t *testing.T) {
	status, out, errs := busy("--goal", "p95 < 1ms", "--over", "server.workers=16,32,48", "--for", "apache")
	require.Equal(t, exitFailed, status)
	require.Contains(t, out, "not reached; this is the nearest that was found")
	require.Contains(t, out, "p95 < 1ms is out of reach: the nearest is ")
	require.Contains(t, out, "--- apache")
	require.NotContains(t, out, "--- nginx")
	require.Contains(t, errs, "the goal is not reached: p95 < 1ms")
}

func TestTuneAsJSONHoldsEveryRun(t *testing.T) {
	status, out, errs := busy("--goal", "p95 < 200ms", "--over", "server.workers=16,32,48", "--json", "--seed", "7")
	require.Zero(t, status, errs)
	var r struct {
		Format int
		Seed   uint64
		Met    bool
		Free   []struct {
			Path   string
			Values []string
		}
		Points []struct {
			Values []string
			Result struct {
				LatencyMS map[string]float64 `json:"latency_ms"`
			}
		}
		Chosen     struct{ Values []string }
		Clauses    []struct{ Clause, Unit string }
		Binding    struct{ Clause, Sentence string }
		Directives []struct{ Product string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	require.Equal(t, 1, r.Format)
	require.Equal(t, uint64(7), r.Seed)
	require.True(t, r.Met)
	require.Equal(t, []string{"16", "32", "48"}, r.Free[0].Values)
	require.Len(t, r.Points, 3)
	require.Positive(t, r.Points[2].Result.LatencyMS["p95"])
	require.Equal(t, "ns", r.Clauses[0].Unit)
	require.NotEmpty(t, r.Binding.Sentence)
	require.Len(t, r.Directives, 4)
}

func TestTuneRefusesBeforeItRunsAnything(t *testing.T) {
	goal := []string{"--goal", "p95 < 1s"}
	for want, args := range map[string][]string{
		"want a goal, as in --goal":                                         {},
		"goal:1:1: there is no metric \"p59\": did you mean p50?":           {"--goal", "p59 < 1s"},
		"want --minimise or --maximise, not both":                           append(goal, "--minimise", "cpu", "--maximise", "ok"),
		"--minimise: there is no metric \"cpus\": did you mean cpu?":        append(goal, "--minimise", "cpus"),
		"--budget: want at least 20 runs":                                   append(goal, "--budget", "3"),
		"--seeds: want 1 to 100":                                            append(goal, "--seeds", "0"),
		"--for: there are no directives for \"ngnix\": did you mean nginx?": append(goal, "--for", "ngnix"),
		"--over server.workers: want PATH=RANGE":                            append(goal, "--over", "server.workers"),
		"did you mean workers?":                                             append(goal, "--over", "server.wrokers=1..4"),
		"there is no format \"gif\"":                                        append(goal, "-o", "x", "--format", "gif"),
	} {
		status, out, errs := busy(args...)
		assert.Equal(t, exitBadInput, status, want)
		assert.Empty(t, out)
		assert.Contains(t, errs, want)
	}
	_, _, errs := command("tune", "busy-server", "--goal", "p95 < 1s")
	require.Contains(t, errs, "which variant?")
}

func TestTuneReadsStandardInputOnce(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, exitFine, run([]string{"tune", "-", "--goal", "p95 < 10s"}, strings.NewReader("server: {preset: nginx}\nworkload: {sequence: {count: 3}}"), &out, &errs), errs.String())
	require.Contains(t, out.String(), "--- nginx", "the preset's directives alone")
	require.NotContains(t, out.String(), "--- go")
}

func TestCtrlCGivesTheBestSettingsSoFar(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(500*time.Millisecond, stop)
	var out, errs bytes.Buffer
	status := runIn(ctx, []string{"tune", "busy-server", "--variant", "processes persistent", "--goal", "p95 < 200ms", "--budget", "100000", "--jobs", "1",
		"--over", "server.workers=1..1000/999", "--over", "server.cpus=1..1000/999"}, nil, &out, &errs)
	require.Equal(t, exitFailed, status)
	require.Contains(t, errs.String(), "this is the best until then")
	require.Contains(t, out.String(), "server.workers")
}
