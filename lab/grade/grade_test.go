package grade_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/lab/grade"
	"keepalive/sim"
)

const exercise = "dont-hang-up"

func load(t testing.TB) *lab.Exercise {
	ex, err := lab.LoadExercise(exercise)
	require.NoError(t, err)
	return ex
}

// solve answers every question rightly.
func solve(t testing.TB, ex *lab.Exercise, class, student string) *lab.Answer {
	res, _, err := ex.Run(context.Background(), ex.Draws(class, student), nil)
	require.NoError(t, err)
	each, kept := sim.Time(res.Variants[0].Finished), sim.Time(res.Variants[1].Finished)
	a, err := lab.NewAnswer(context.Background(), ex, class, student,
		map[string]string{"link.rtt": near(t, ex, class, student, kept)},
		map[string]string{
			"per-request": each.Milliseconds(),
			"persistent":  fmt.Sprintf("%d ms", kept/sim.Millisecond),
			"round-trips": fmt.Sprint(res.Variants[0].Connections.Opened - 1),
			"cause":       "handshake",
		})
	require.NoError(t, err)
	return a
}

// near finds the round-trip time that reaches the goal, by halving.
func near(t testing.TB, ex *lab.Exercise, class, student string, target sim.Time) string {
	low, high := 5000, 200_000 // µs
	for high-low > 100 {
		mid := (low + high) / 2
		res, _, err := ex.Run(context.Background(), ex.Draws(class, student), map[string]string{"link.rtt": fmt.Sprintf("%dus", mid)})
		require.NoError(t, err)
		if sim.Time(res.Variants[0].Finished) <= target {
			low = mid
		} else {
			high = mid
		}
	}
	return fmt.Sprintf("%dus", low)
}

func TestTheExercisesThatComeWithTheProgramCanBeWorked(t *testing.T) {
	require.NotEmpty(t, lab.ExerciseNames())
	for _, name := range lab.ExerciseNames() {
		ex, err := lab.LoadExercise(name)
		require.NoError(t, err)
		require.Equal(t, name, ex.ID)
		require.NoError(t, grade.Check(context.Background(), ex))
	}
}

func TestARightAnswerGetsAllPointsWhoeverTheStudentIs(t *testing.T) {
	ex := load(t)
	for i := range 12 {
		student := fmt.Sprintf("s%07d", i*7919)
		m, err := grade.Grade(context.Background(), ex, solve(t, ex, "nets-1", student))
		require.NoError(t, err)
		require.Empty(t, m.Differs)
		require.Equal(t, 6, m.Of)
		require.Equal(t, m.Of, m.Points, "%+v", m)
	}
}

func TestAWrongAnswerIsToldWhy(t *testing.T) {
	ex := load(t)
	a := solve(t, ex, "nets-1", "ada")
	a.Answers["per-request"] = "1"
	a.Answers["persistent"] = "soon"
	a.Answers["cause"] = "magic"
	delete(a.Answers, "round-trips")
	a.Settings["link.rtt"] = "199ms"
	m, err := grade.Grade(context.Background(), ex, a)
	require.NoError(t, err)
	require.Zero(t, m.Points)
	comments := map[string]string{}
	for _, k := range m.Marks {
		comments[k.Question] = k.Comment
	}
	require.Contains(t, comments["per-request"], "off by")
	require.Equal(t, `"soon" is no number`, comments["persistent"])
	require.Equal(t, `"magic" is none of the options`, comments["cause"])
	require.Equal(t, "not answered", comments["round-trips"])
	require.Equal(t, "not reached", comments["distance"])
	require.Len(t, m.Differs, 1, "the run is not the one that was handed in")
	require.Contains(t, m.Differs[0], "fingerprint")
}

func TestWhatTheStudentChangedInTheFileIsNamed(t *testing.T) {
	ex := load(t)
	a := solve(t, ex, "nets-1", "ada")
	a.Student = "bob"
	a.ExerciseHash = "0"
	m, err := grade.Grade(context.Background(), ex, a)
	require.NoError(t, err)
	all := strings.Join(m.Differs, "\n")
	require.Contains(t, all, "exercise_hash")
	require.Contains(t, all, "draw: ")
	require.Contains(t, all, "fingerprint")
}

func TestSettingsOutsideTheirRangeReachNoGoal(t *testing.T) {
	ex := load(t)
	for path, value := range map[string]string{"link.rtt": "1ms", "server.workers": "9", "link.down": "1Gbit/s"} {
		a := solve(t, ex, "nets-1", "ada")
		a.Settings = map[string]lab.Scalar{path: lab.Scalar(value)}
		m, err := grade.Grade(context.Background(), ex, a)
		require.NoError(t, err)
		require.Equal(t, 4, m.Points)
		require.Contains(t, m.Marks[4].Comment, "settings."+path)
	}
	_, err := lab.NewAnswer(context.Background(), ex, "nets-1", "ada", map[string]string{"link.rtt": "fast"}, nil)
	require.ErrorContains(t, err, `settings.link.rtt: want a quantity such as 100ms`)
}

func TestAnAnswerToAnotherExerciseIsRefused(t *testing.T) {
	_, err := grade.Grade(context.Background(), load(t), &lab.Answer{Exercise: "other"})
	require.ErrorContains(t, err, `the answer is to "other"`)
}

func TestAnAnswerSurvivesItsFile(t *testing.T) {
	ex := load(t)
	a := solve(t, ex, "nets-1", "ada")
	text, err := json.Marshal(a)
	require.NoError(t, err)
	b, err := lab.ParseAnswer("ada.json", text)
	require.NoError(t, err)
	require.Equal(t, a, b)
}

func TestABrokenExpressionIsFoundBeforeItIsUsed(t *testing.T) {
	for answer, want := range map[string]string{
		`variant("persistant").finished_ms`: "there is no such variant",
		`variants[0].finished_ms +`:         "questions[0].answer",
		`varaint("persistent")`:             "questions[0].answer",
		`"text"`:                            "not a number",
	} {
		ex := load(t)
		ex.Questions[0].Answer = answer
		require.ErrorContains(t, grade.Check(context.Background(), ex), want, answer)
	}
}

func TestWhateverMayBeDrawnOrSetIsTriedBeforeAnExerciseIsUsed(t *testing.T) {
	ex := load(t)
	ex.Draw["workload.sequence.size"] = append(ex.Draw["workload.sequence.size"], "11KB")
	ex.Draw["client.cuont"] = []lab.Scalar{"1"}
	ex.Free["link.rtx"] = "1ms..2ms"
	ex.Free["server.workers"] = "0..4"
	err := grade.Check(context.Background(), ex)
	require.ErrorContains(t, err, `draw.workload.sequence.size: 11KB: `)
	require.ErrorContains(t, err, "did you mean kB")
	require.ErrorContains(t, err, "did you mean count?")
	require.ErrorContains(t, err, "free.link.rtx: 1ms: ")
	require.ErrorContains(t, err, "free.server.workers: 0: ")

	ex = load(t)
	ex.Scenario = "galery"
	require.ErrorContains(t, grade.Check(context.Background(), ex), `scenario: "galery" is neither`)
	require.ErrorContains(t, grade.Check(context.Background(), ex), `did you mean "gallery"?`)
}
