package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/lab/accuracy"
)

func TestAccuracyShowsEachCaseAndEachFamilyBesideItsTarget(t *testing.T) {
	status, out, errs := command("accuracy", "--family", "h")
	require.Zero(t, status, errs)
	cases, families, two := strings.Cut(out, "\n\n")
	require.True(t, two, out)
	assert.Len(t, strings.Split(cases, "\n"), 1+12)
	assert.Contains(t, cases, "H/size1024/perreq ")
	assert.Regexp(t, `(?m)^H counts on the wire +12 +[0-9.]+ +0\.2 +[0-9.]+ +0\.4 +[0-9.]+ +0\.6 +H/`, families)
	assert.NotContains(t, out, "A/")
}

func TestAccuracyOfManyClientsComparesThroughputLatencyAndWhoWasServed(t *testing.T) {
	status, out, errs := command("accuracy", "--family", "G")
	require.Zero(t, status, errs)
	assert.Regexp(t, `(?m)^G/const/apache-ka5 +52\.08 \(52 to 52\.03\) .* 3\.8 \(3\.8\) +4 \(4\) +0 \(0\) +38 \(38\) +12 \(12\)$`, out)
	assert.Regexp(t, `(?m)^G/burst64/backlog4/syncookies0 .* 50 \(50\) +9 \(9\) +365 \(365\) +374 \(374\)$`, out)
	assert.Regexp(t, `(?m)^G bursts +5 `, out)
}

func TestAccuracyInJSONHoldsTimesErrorsPacketsAndBytes(t *testing.T) {
	status, out, errs := command("accuracy", "--family", "A", "--json")
	require.Zero(t, status, errs)
	var r accuracy.Report
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	require.Len(t, r.Cases, 24)
	c := r.Cases[0]
	assert.Equal(t, "A/rtt50/rate5/perreq", c.ID)
	assert.Equal(t, accuracy.Wire{PacketsUp: 220, PacketsDown: 220, BytesUp: 13560, BytesDown: 220960}, *c.Counted)
	assert.NotNil(t, c.Reached)
	assert.Equal(t, accuracy.Range{Median: 2369.006, Min: 2367.946, Max: 2372.769}, c.Measured)
}

func TestACaseIsRepeatedByTheScenarioThatAccuracyPrints(t *testing.T) {
	const id = "F/reno/size10240/rtt100/rate10/drop5"
	status, scenario, errs := command("accuracy", "--case", id)
	require.Zero(t, status, errs)
	path := filepath.Join(t.TempDir(), "case.yaml")
	require.NoError(t, os.WriteFile(path, []byte(scenario), 0o644))
	status, out, errs := command("run", path, "--json")
	require.Zero(t, status, errs)
	require.Empty(t, errs)
	var res struct {
		Scenario string
		Variants []struct {
			Finished float64 `json:"finished_ms"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &res))
	assert.Equal(t, id, res.Scenario)

	_, out, _ = command("accuracy", "--family", "F", "--json")
	var r accuracy.Report
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	for _, c := range r.Cases {
		if c.ID == id {
			assert.Equal(t, res.Variants[0].Finished, c.Model)
			return
		}
	}
	t.Fatal("no such case")
}

func TestAccuracyRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, args := range [][]string{{"--family", "Q"}, {"--case", "A/none"}, {"--json", "--markdown"}, {"A"}} {
		status, out, errs := command(append([]string{"accuracy"}, args...)...)
		assert.Equal(t, exitBadInput, status, args)
		assert.Empty(t, out, args)
		assert.NotEmpty(t, errs, args)
	}
}

func TestAccuracyFailsWhenACaseIsWorseThanItsRecord(t *testing.T) {
	then := lab.Reached
	t.Cleanup(func() { lab.Reached = then })
	lab.Reached = `{"H/size1024/http11raw-persistent": -1, "H/size1024/persistent": 99}`
	status, out, errs := command("accuracy", "--family", "H")
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "H counts on the wire")
	assert.Regexp(t, `H/size1024/http11raw-persistent: [0-9.]+ ms is [0-9.]+ % off; it was -1.000 %; [0-9.]+ points remain to the target, 0.6 % at worst`, errs)
	assert.Equal(t, 1, strings.Count(errs, "points remain"))
}
