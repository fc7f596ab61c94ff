package lab_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
)

func firstExercise(t testing.TB) (*lab.Exercise, []byte) {
	data, err := os.ReadFile(filepath.Join("exercises", "dont-hang-up.json"))
	require.NoError(t, err)
	ex, err := lab.ParseExercise("dont-hang-up.json", data)
	require.NoError(t, err)
	return ex, data
}

func TestADrawIsTheFNVHashOfClassStudentAndPath(t *testing.T) {
	ex, _ := firstExercise(t)
	drawn := ex.Draws("nets-1", "ada")
	require.Len(t, drawn, len(ex.Draw))
	for path, values := range ex.Draw {
		h := fnv.New64a()
		fmt.Fprintf(h, "nets-1\x00ada\x00%s", path)
		require.Equal(t, string(values[h.Sum64()%uint64(len(values))]), drawn[path])
	}
}

func TestDrawsOfAClassSpreadEvenlyAndIndependently(t *testing.T) {
	ex, _ := firstExercise(t)
	seen := map[string]int{}
	for i := range 3150 {
		seen[fmt.Sprint(ex.Draws("nets-1", fmt.Sprintf("student%d", i)))]++
	}
	require.Len(t, seen, 5*7*9)
	for _, n := range seen {
		require.InDelta(t, 10, n, 15)
	}
}

func TestAnExerciseHashIgnoresLayoutOnly(t *testing.T) {
	ex, data := firstExercise(t)
	var v any
	require.NoError(t, json.Unmarshal(data, &v))
	compact, err := json.Marshal(v)
	require.NoError(t, err)
	same, err := lab.ParseExercise("x.json", compact)
	require.NoError(t, err)
	require.Equal(t, ex.Hash(), same.Hash())
	other, err := lab.ParseExercise("x.json", bytes.Replace(data, []byte("2%"), []byte("3%"), 1))
	require.NoError(t, err)
	require.NotEqual(t, ex.Hash(), other.Hash())
}

func TestMistakesInAnExerciseAreNamedAllAtOnceWithTheirPlace(t *testing.T) {
	_, err := lab.ParseExercise("bad.json", []byte(`{
  "format": 2, "id": "Bad One", "title": "t", "scenario": "gallery",
  "free": {"link.rtt": "300ms..10ms"},
  "draw": {"link.down": []},
  "questions": [
    {"id": "a", "kind": "nummber", "ask": "?", "answer": "1"},
    {"id": "a", "kind": "choice", "ask": "?", "answer": "1", "options": {"x": "y"}}
  ]
}`))
	var m lab.Mistakes
	require.ErrorAs(t, err, &m)
	text := m.Error()
	for _, want := range []string{
		"bad.json:2:", "format: want 1, got 2", "id: want small letters", "bad.json:3:", "free.link.rtt: want a range from less to more",
		"bad.json:4:", "draw.link.down: want at least one value", `bad.json:6:`, `questions[0].kind: want number, choice or goal, got "nummber" (did you mean "number"?)`,
		`questions[1].id: "a" is there twice`, "questions[1].options: want at least two",
	} {
		require.Contains(t, text, want)
	}
}

func TestBrokenAnswersSayWhatIsWrongAndWhere(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "a.json:1:1: the file is empty, or cut off",
		"{\"format\": 1,":             "cut off",
		"{\n  format: 1}":             "a.json:2:3: this is not JSON",
		"[]":                          "want",
		"null":                        "want an object in braces",
		"{\"format\": \"one\"}":       "format: want a number, got a JSON string",
		"{\"exercice\": \"x\"}":       `a.json:1:2: unknown field "exercice" (did you mean "exercise"?)`,
		"{\"format\": 2}":             "format: want 1, got 2",
		"{\"answers\": {\"a\": [1]}}": "want a number or a text",
		"{} {}":                       "want the end of the file",
	} {
		_, err := lab.ParseAnswer("a.json", []byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func FuzzParseExercise(f *testing.F) {
	_, data := firstExercise(f)
	f.Add(data)
	f.Add([]byte(`{"format":1,"questions":[{"kind":"goal"}],"draw":{"a":[1,"2"]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if ex, err := lab.ParseExercise("x.json", data); err == nil {
			ex.Draws("c", "s")
			_ = ex.Allows(map[string]string{"link.rtt": "1ms"})
		}
	})
}

func FuzzParseAnswer(f *testing.F) {
	f.Add([]byte(`{"format":1,"exercise":"dont-hang-up","student":"ada","settings":{"link.rtt":"50ms"},"answers":{"a":1.5}}`))
	f.Add([]byte(`{"answers":{"a":[{}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := lab.ParseAnswer("a.json", data)
		if err != nil {
			return
		}
		text, err := json.Marshal(a)
		require.NoError(t, err)
		b, err := lab.ParseAnswer("b.json", text)
		require.NoError(t, err)
		require.Equal(t, a.Answers, b.Answers)
	})
}

func TestASheetHasTheStudentsNumbersAndNoAnswers(t *testing.T) {
	ex, _ := firstExercise(t)
	s := ex.Sheet(" nets-1", "ada ")
	require.Equal(t, ex.Draws("nets-1", "ada"), s.Draw)
	require.Len(t, s.Questions, len(ex.Questions))
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.NotContains(t, string(text), "finished_ms")
}
