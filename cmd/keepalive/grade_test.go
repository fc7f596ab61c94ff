package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
)

// handIn writes an answer of ada's into a file; change may spoil it.
func handIn(t *testing.T, name string, change func(*lab.Answer)) string {
	ex, err := lab.LoadExercise("dont-hang-up")
	require.NoError(t, err)
	answers := map[string]string{"cause": "handshake", "round-trips": "-1"}
	a, err := lab.NewAnswer(context.Background(), ex, "nets-1", "ada", nil, answers)
	require.NoError(t, err)
	if change != nil {
		change(a)
	}
	text, err := json.MarshalIndent(a, "", "  ")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

func TestGradePrintsATableOfPoints(t *testing.T) {
	status, out, errs := command("grade", "dont-hang-up", handIn(t, "ada.json", nil))
	require.Zero(t, status, errs)
	require.Contains(t, out, "ada.json: 1 of 6 points")
	require.Contains(t, out, "not answered")
	require.NotContains(t, out, "differs")
}

func TestGradeNamesWhatDiffersAndFails(t *testing.T) {
	file := handIn(t, "ada.json", func(a *lab.Answer) {
		a.ExerciseHash, a.Fingerprint, a.Draw["link.rtt"] = "0", "1", "1ms"
	})
	status, out, _ := command("grade", "dont-hang-up", file)
	require.Equal(t, exitFailed, status)
	for _, what := range []string{"differs: exercise_hash: ", "differs: draw: link.rtt: ", "differs: fingerprint: "} {
		require.Contains(t, out, what)
	}
}

func TestABrokenAnswerIsNamedAndTheOthersAreStillMarked(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "bob.json")
	require.NoError(t, os.WriteFile(broken, []byte("{\"format\": 1,\n \"exercice\": \"dont-hang-up\"}"), 0o600))
	status, out, errs := command("grade", "dont-hang-up", broken, handIn(t, "ada.json", nil), "missing.json")
	require.Equal(t, exitBadInput, status)
	require.Contains(t, errs, `bob.json:2:2: unknown field "exercice" (did you mean "exercise"?)`)
	require.Contains(t, errs, "missing.json: no such file")
	require.Contains(t, out, "ada.json: 1 of 6 points")
	require.Contains(t, errs, "2 of 3 answers could not be marked")
}

func TestGradeReadsADirectoryAndPrintsJSON(t *testing.T) {
	file := handIn(t, "ada.json", nil)
	status, out, errs := command("grade", "dont-hang-up", filepath.Dir(file), "--json")
	require.Zero(t, status, errs)
	var graded []gradedFile
	require.NoError(t, json.Unmarshal([]byte(out), &graded))
	require.Len(t, graded, 1)
	require.Equal(t, 1, graded[0].Marks.Points)
}

func TestGradeOffersTheExercisesThereAre(t *testing.T) {
	for _, arg := range []string{"no-such", "."} {
		status, _, errs := command("grade", arg, "x.json")
		require.Equal(t, exitBadInput, status)
		require.NotContains(t, errs, "x.json", "the exercise is what is missing")
	}
	status, _, errs := command("grade", "no-such", "x.json")
	require.Equal(t, exitBadInput, status)
	require.Contains(t, errs, "dont-hang-up")
}

func TestAnAnswerMayComeFromStandardInput(t *testing.T) {
	text, err := os.ReadFile(handIn(t, "ada.json", nil))
	require.NoError(t, err)
	var out, errs bytes.Buffer
	require.Zero(t, run([]string{"grade", "dont-hang-up", "-"}, bytes.NewReader(text), &out, &errs), errs.String())
	require.Contains(t, out.String(), "ada, -: 1 of 6 points")
}

func TestADirectoryOfAnswersMayHaveAnyName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "class [1]")
	require.NoError(t, os.Rename(filepath.Dir(handIn(t, "ada.json", nil)), dir))
	status, out, errs := command("grade", "dont-hang-up", dir)
	require.Zero(t, status, errs)
	require.Contains(t, out, "1 of 6 points")
}

func TestWhatAStudentWritesSteersNoTerminalAndBreaksNoTable(t *testing.T) {
	file := handIn(t, "ada.json", func(a *lab.Answer) {
		a.Student = "ada\x1b[31m\nbob"
		a.Answers["persistent"] = lab.Scalar(strings.Repeat("9", 5000))
	})
	_, out, _ := command("grade", "dont-hang-up", file, file)
	require.NotContains(t, out, "\x1b")
	require.NotContains(t, out, "\nbob")
	for _, line := range strings.Split(out, "\n") {
		require.Less(t, len(line), 700)
	}
}
