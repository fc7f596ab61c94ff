package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
)

// command runs the program with args.
func command(args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	status = run(args, strings.NewReader(""), &o, &e)
	return status, o.String(), e.String()
}

func TestExplainSaysWhatKeepingTheConnectionSaves(t *testing.T) {
	status, out, errs := command("explain", "gallery")
	require.Zero(t, status, errs)
	require.Contains(t, out, "Keeping the connection saves 19 handshakes: 1\u2009902.6 ms.")
}

// The columns of numbers on the screen add up, whatever was rounded.
func TestTheRowsOfExplainAddUpOnTheScreen(t *testing.T) {
	_, out, _ := command("explain", "gallery")
	table, _, _ := strings.Cut(out, "\n\n")
	lines := strings.Split(strings.TrimSpace(table), "\n")
	cell := regexp.MustCompile(`-?[0-9\x{2009}]+\.[0-9]`)
	var sums [3]int64
	for i, line := range lines[1:] {
		cells := cell.FindAllString(line, -1)
		require.Len(t, cells, 3, line)
		for k, c := range cells {
			v, err := strconv.ParseInt(strings.NewReplacer("\u2009", "", ".", "").Replace(c), 10, 64)
			require.NoError(t, err)
			if i == len(lines)-2 {
				require.Equal(t, sums[k], v, "column %d of\n%s", k, table)
			}
			sums[k] += v
		}
	}
}

func TestExplainInJSONAddsUpToTheTimeTheRunTook(t *testing.T) {
	status, out, errs := command("explain", "gallery", "--json")
	require.Zero(t, status, errs)
	var doc struct {
		Format   int
		Variants []struct {
			Name     string
			Finished float64 `json:"finished_ms"`
			Run      map[string]float64
			Requests []struct {
				Start  float64 `json:"start_ms"`
				End    float64 `json:"end_ms"`
				Causes map[string]float64
			}
		}
		Difference map[string]float64
		Finding    string
		Table      lab.Table
	}
	require.NoError(t, json.Unmarshal([]byte(out), &doc))
	require.Equal(t, 1, doc.Format)
	require.Len(t, doc.Variants, 2)
	sum := func(m map[string]float64) (total float64) {
		for _, v := range m {
			total += v
		}
		return total
	}
	for _, v := range doc.Variants {
		require.Len(t, v.Run, 17)
		require.InDelta(t, v.Finished, sum(v.Run), 1e-6)
		require.Len(t, v.Requests, 20)
		for _, q := range v.Requests {
			require.InDelta(t, q.End-q.Start, sum(q.Causes), 1e-6)
		}
	}
	require.InDelta(t, doc.Variants[1].Finished-doc.Variants[0].Finished, sum(doc.Difference), 1e-6)
	require.NotEmpty(t, doc.Finding)
	require.Equal(t, []string{"per-request", "persistent", "difference"}, doc.Table.Columns)
}

func TestExplainNamesTheVariantsThereAre(t *testing.T) {
	status, _, errs := command("explain", "gallery", "--pair", "persistent,cold")
	require.Equal(t, exitBadInput, status)
	require.Contains(t, errs, `there is no variant "cold"; the scenario has per-request, persistent`)
	status, out, _ := command("explain", "gallery", "--pair", "persistent,per-request")
	require.Zero(t, status)
	require.Contains(t, out, "per-request costs 19 handshakes")
}

func TestExplainPrintsARowPerRequestWhenAsked(t *testing.T) {
	_, out, _ := command("explain", "gallery", "--requests", "--variant", "persistent")
	require.Equal(t, 1, strings.Count(out, "\n20 "), out)
}

func TestExplainSaysWhenARunIsTooLongForIt(t *testing.T) {
	status, _, errs := command("explain", "gallery", "--records", "50")
	require.Equal(t, exitFailed, status)
	require.Contains(t, errs, "per-request: the log is full with")
}
