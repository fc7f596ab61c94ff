package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What cannot be done is refused with status 2 and with words that say what to do.
func TestBadUsageSaysWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for line, want := range map[string]string{
		"rn":                                  "Did you mean this?\n\trun",
		"run":                                 "run: want run FILE, got 0 arguments; for example: keepalive run gallery",
		"run a b":                             "got 2 arguments",
		"check":                               "want check FILE...",
		"grade dont-hang-up":                  "want grade EXERCISE ANSWER..., got 1 argument;",
		"reference a b":                       "want reference [PATH]",
		"serve x":                             "want no argument",
		"serve --dir /no/such":                "--dir /no/such: ",
		"serve --dir " + file:                 "name a folder",
		"run gallery --fast":                  "unknown flag: --fast: keepalive run --help lists the flags",
		"trace gallery --limit -1":            "--limit: want a number of lines",
		"trace gallery --connection 99":       "--connection: per-request has no connection 99: want 1 to 20",
		"explain gallery --records -1":        "--records: want at least 1",
		"compare gallery -o x --records 0":    "--records: want at least 1",
		"run galery":                          "did you mean gallery?",
		"run .":                               ". is a directory: name a file in it",
		"run gallery --set link.rtt=":         "link.rtt=null returns to the default",
		"run gallery --set link..rtt=1ms":     "want PATH=VALUE",
		"run gallery --set client.count=0x10": "want a whole number",
		"reference link.rtx":                  "did you mean link.rtt?",
		"presets ngnx":                        "there is no preset ngnx: did you mean nginx?",
		"presets server.tomcot":               "did you mean server.tomcat?",
		"presets a b":                         "want presets [NAME]",
		"import":                              "want one of httpd, nginx, got none",
		"import iis x":                        "want one of httpd, nginx, got iis",
		"import nginx":                        "want nginx FILE, got 0 arguments; for example: keepalive import nginx",
		"import nginx -":                      "want a path, got -",
		"import nginx none.conf":              "none.conf: no such file or directory",
		"import httpd x --root /no/such":      "--root /no/such: want a directory",
		"import nginx x --nginx-version new":  "--nginx-version: want a version such as 1.29.7, got new",
		"import httpd x --cpus -1":            "--cpus: want 1 to 1024, got -1",
		"view gallery --record race.webm":     "--record: want a file that ends with .gif (an animation) or .png (a picture per frame, out-0001.png and on), got race.webm",
		"view gallery --screenshot race.gif":  "--screenshot: want a file that ends with .png (a picture) or .svg (a drawing), got race.gif",
		"view gallery --record a.gif --screenshot b.png": "want one of them",
		"view gallery --record a.gif --at 5":             "a recording begins --from a time",
		"view gallery --from 5":                          "--from is for recordings: name a file with --record out.gif",
		"view gallery --scale 2":                         "--scale is for pictures",
		"view gallery --record a.gif --from 9 --to 5":    "--from: 9 ms is after --to, 5 ms",
		"view gallery --record a.gif --from 99999":       "--from: 99999 ms is after the end of the race, 4281.",
		"view gallery --record a.gif --speed 0.001":      "--speed: 85633 frames are more than 6000: choose a shorter part with --from and --to, or a --speed of at least 0.015",
		"view gallery --record a.gif --speed 0":          "--speed: want virtual seconds per second, such as 0.2, got 0",
		"view gallery --record a.gif --fps 0":            "--fps: want 1 to 50 frames per second, got 0",
		"view gallery --record a.gif --fps 60":           "--fps: want 1 to 50 frames per second, got 60",
		"view gallery --record a.gif --scale 9":          "--scale: want 0.5 to 4 pixels",
		"view gallery --record a.gif --scale NaN":        "--scale: want 0.5 to 4 pixels",
		"view gallery --record a.gif --to -5":            "--to: want a time that is not negative, got -5",
		"view gallery --record a.gif --size 300x300":     "--size: the lanes (2) do not fit into 300x300: want at least 253x",
		"view gallery --record a.gif --size 9":           "--size: want WIDTHxHEIGHT",
		"view gallery --screenshot a.png --at -1":        "--at: want a time that is not negative",
		"reference workload.har":                         "workload.har is not modelled yet",
	} {
		status, out, errs := command(strings.Fields(line)...)
		assert.Equal(t, exitBadInput, status, line)
		assert.Empty(t, out, line)
		assert.Contains(t, errs, want, line)
	}
}

func TestCheckGoesOnAfterWhatCannotBeRead(t *testing.T) {
	status, out, errs := command("check", "no-such.yaml", ".", "no-such.json", "../../scenarios/testdata/mistakes/empty.yaml", "gallery")
	assert.Equal(t, exitBadInput, status, "some could not be read")
	assert.Contains(t, out, "gallery: a scenario")
	assert.Contains(t, errs, "3 of 5 could not be read, 1 wrong")
}

func TestAnEndlessFileIsRefused(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("there is no endless file here")
	}
	for _, args := range [][]string{{"run", "/dev/zero"}, {"grade", "/dev/zero", "x.json"}, {"grade", "dont-hang-up", "/dev/zero"}} {
		status, _, errs := command(args...)
		assert.Equal(t, exitBadInput, status)
		assert.Contains(t, errs, "want at most 1 MiB", args)
	}
}

func TestAScenarioMayComeFromStandardInput(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, exitFine, run([]string{"run", "-"}, strings.NewReader("workload: {sequence: {}}"), &out, &errs), errs.String())
	require.Contains(t, out.String(), "requests ok / failed")
	require.Equal(t, exitBadInput, run([]string{"run", "-"}, strings.NewReader("workload: {}"), &out, &errs))
	require.Contains(t, errs.String(), "standard input:1:11: workload: want exactly one")
}

// silent is a terminal at which nobody types.
type silent struct{ io.Reader }

func (silent) Read([]byte) (int, error) { select {} }

func TestCtrlCEndsTheWaitForStandardInput(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(10*time.Millisecond, stop)
	var out, errs bytes.Buffer
	require.Equal(t, exitFailed, runIn(ctx, []string{"run", "-"}, silent{}, &out, &errs))
	require.Contains(t, errs.String(), "stopped before the end")
}

// long is a run of minutes.
var long = []string{"gallery", "--set", "client.count=1000", "--set", "workload={users: {requests: 1000000, think: 1ms, size: 100kB}}"}

func TestCtrlCStopsALongRun(t *testing.T) {
	for _, verb := range []string{"explain", "trace"} {
		ctx, stop := context.WithCancel(context.Background())
		time.AfterFunc(50*time.Millisecond, stop)
		var out, errs bytes.Buffer
		require.Equal(t, exitFailed, runIn(ctx, append([]string{verb}, long...), nil, &out, &errs))
		require.Contains(t, errs.String(), "stopped before the end")
		require.Empty(t, out.String())
	}
}

func TestCtrlCEndsARunAndPrintsItsResultsSoFar(t *testing.T) {
	interrupted := func(args ...string) (out, errs string) {
		ctx, stop := context.WithCancel(context.Background())
		time.AfterFunc(300*time.Millisecond, stop)
		var o, e bytes.Buffer
		require.Equal(t, exitFailed, runIn(ctx, append([]string{"run"}, append(long, args...)...), nil, &o, &e), e.String())
		return o.String(), e.String()
	}
	out, errs := interrupted()
	assert.Regexp(t, `(?m)^requests ok / failed +[1-9]\d* / \d+$`, out)
	assert.Regexp(t, `per-request: interrupted at \d+\.\d s\npersistent: interrupted before it began\n`, errs)
	out, _ = interrupted("--json", "--no-requests", "--variant", "persistent")
	assert.Contains(t, out, `"stopped": "interrupted at `)
	assert.NotContains(t, out, "per_request")
	out, errs = interrupted("--repeat", "4")
	assert.Regexp(t, `(?m)^runs +0 +0$`, out)
	assert.Contains(t, errs, "interrupted: the numbers are those of the runs that had ended")
}

func TestRepeatedRunsShowTheirMeansAndIntervals(t *testing.T) {
	status, out, errs := command("run", "mobile", "--repeat", "5")
	require.Equal(t, exitFine, status, errs)
	assert.Regexp(t, `(?m)^runs +5 +5$`, out)
	assert.Regexp(t, `(?m)^finished .* ± .* ± `, out)
	assert.Contains(t, out, "seeds from 12 on")
	status, out, _ = command("run", "mobile", "--repeat", "2", "--json", "--seed", "7")
	require.Equal(t, exitFine, status)
	assert.Contains(t, out, `"first_seed": 7`)
	assert.Contains(t, out, `"seed": 7`)
	status, _, errs = command("run", "mobile", "--repeat", "0")
	assert.Equal(t, exitBadInput, status)
	assert.Contains(t, errs, "--repeat: want from 1 to 10000 runs, got 0")
}

// Where a closed loop hides much the table says so; where users wait for little it does not.
func TestTheTableSaysWhatAClosedLoopDidNotAsk(t *testing.T) {
	_, out, _ := command("run", "busy-server", "--set", "workload.users.requests=20")
	assert.Contains(t, out, "processes persistent: a closed loop: while a request is slow its user sends no other")
	assert.NotContains(t, out, "event persistent: a closed loop")
}

// The table can be piped into a file: no colours, nothing behind the last letter of a line.
func TestTablesArePlainText(t *testing.T) {
	for _, args := range [][]string{{"run", "gallery"}, {"explain", "gallery", "--requests"}, {"trace", "gallery"}, {"reference"}, {"presets"}} {
		_, out, _ := command(args...)
		assert.NotContains(t, out, "\x1b", args)
		assert.NotContains(t, out, " \n", args)
	}
}

func TestARunThatALimitEndsFails(t *testing.T) {
	status, out, errs := command("run", "gallery", "--variant", "persistent", "--set", "workload.sequence.gap=100h")
	require.Equal(t, exitFailed, status)
	require.Contains(t, out, "finished")
	require.Contains(t, errs, "persistent: ")
	status, out, _ = command("run", "gallery", "--json", "--variant", "persistent", "--set", "workload.sequence.gap=100h")
	require.Equal(t, exitFailed, status)
	require.Contains(t, out, `"stopped": "`)
}

// What cannot be explained is not run to its end first: this one would take minutes.
func TestARunTooLongToExplainEndsWhenItsLogIsFull(t *testing.T) {
	status, out, errs := command("explain", "gallery", "--records", "1000", "--set", "client.count=1000",
		"--set", "workload={users: {requests: 1000000, think: 1ms, size: 100kB}}")
	require.Equal(t, exitFailed, status)
	require.Empty(t, out)
	require.Contains(t, errs, "per-request: the log is full with ")
	require.Contains(t, errs, "with 1\u2009000 records at ")
}

func TestRunSaysWhatRequestsFailedOfAndTellsNoLatencyOfThem(t *testing.T) {
	status, out, errs := command("run", "worker-connections", "--set", "workload.arrivals.for=10s")
	require.Zero(t, status, errs)
	require.Regexp(t, `\nfailed by +reset \d+\n`, out)
	require.Regexp(t, `\nproxy: limits reached +max_connections `, out)
	_, out, _ = command("run", "gallery", "--variant", "persistent", "--set", "client.timeout=1ms")
	require.Regexp(t, `\nlatency, median +–\n`, out)
	require.Regexp(t, `\nfailed by +timeout 20\n`, out)
}

func TestExplainHasTheMeanOfRequestsThatComeByThemselves(t *testing.T) {
	status, out, errs := command("explain", "pool-churn")
	require.Zero(t, status, errs)
	require.Contains(t, out, "\nlatency ")
	require.Contains(t, out, "On average a request takes ")
	dir := t.TempDir()
	status, _, errs = command("compare", "pool-churn", "-o", dir, "--format", "svg")
	require.Zero(t, status, errs)
	for _, name := range []string{"summary.md", "summary.html"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Contains(t, string(text), "The mean request")
	}
}

// A server that closed gives up sending after some tries, and its client would wait for ever.
func TestRunTellsOfRequestsThatNeverEnd(t *testing.T) {
	status, out, errs := command("run", "gallery", "--variant", "persistent", "--set", "server.keep_alive_timeout=5s",
		"--set", "link.drop.down=[10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28]")
	require.Zero(t, status, errs)
	require.Regexp(t, `\nnot ended +1\n`, out)
	require.Contains(t, out, "persistent: what has not ended never will")
}
