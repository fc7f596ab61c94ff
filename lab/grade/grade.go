package grade

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"keepalive/lab"
)

// Marks is what an answer is worth.
type Marks struct {
	Exercise string   `json:"exercise"`
	Class    string   `json:"class"`
	Student  string   `json:"student"`
	Points   int      `json:"points"`
	Of       int      `json:"of"`
	Marks    []Mark   `json:"marks"`
	Differs  []string `json:"differs"` // what the answer claims and running it again does not confirm
}

// Mark is what the answer to one question is worth.
type Mark struct {
	Question string           `json:"question"`
	Kind     lab.QuestionKind `json:"kind"`
	Given    string           `json:"given"` // "": not answered
	Right    string           `json:"right"`
	Points   int              `json:"points"`
	Of       int              `json:"of"`
	Comment  string           `json:"comment,omitempty"`
}

// Check finds out whether an exercise can be worked: whatever is drawn or set, its scenario bears it, and its expressions make
// sense for one student's draw.
func Check(ctx context.Context, ex *lab.Exercise) error {
	var m lab.Mistakes
	for i := range ex.Questions {
		if _, err := compile(&ex.Questions[i]); err != nil {
			m = append(m, fmt.Sprintf("questions[%d].answer: %s", i, oneLine(err)))
		}
	}
	if len(m) > 0 {
		return m
	}
	if err := ex.Settable(); err != nil {
		return err
	}
	drawn, err := run(ctx, ex, ex.Draws("class", "student"), nil)
	if err != nil {
		return err
	}
	for i := range ex.Questions {
		q := &ex.Questions[i]
		v, err := evaluate(q, drawn.environment(drawn))
		if err == nil && q.Kind == lab.NumberQuestion {
			_, err = number(v)
		}
		if err == nil && q.Kind == lab.ChoiceQuestion {
			err = isOption(q, v)
		}
		if err != nil {
			m = append(m, fmt.Sprintf("questions[%d].answer: %s", i, oneLine(err)))
		}
	}
	if len(m) > 0 {
		return m
	}
	return nil
}

// Grade marks an answer. The error says that it cannot be marked: it is for another exercise, or the exercise is broken.
func Grade(ctx context.Context, ex *lab.Exercise, a *lab.Answer) (Marks, error) {
	m := Marks{Exercise: ex.ID, Class: a.Class, Student: a.Student, Marks: []Mark{}, Differs: []string{}}
	if a.Exercise != ex.ID {
		return m, fmt.Errorf("exercise: the answer is to %q, not to %q: mark it with that exercise", a.Exercise, ex.ID)
	}
	draw := ex.Draws(a.Class, a.Student)
	m.compare(ex, a, draw)
	drawn, err := run(ctx, ex, draw, nil)
	if err != nil {
		return m, fmt.Errorf("the exercise as drawn does not run: %w", err)
	}
	settings := lab.Texts(a.Settings)
	refused := ex.Allows(settings)
	own := drawn
	if refused == nil && len(settings) > 0 {
		if own, err = run(ctx, ex, draw, settings); err != nil {
			refused = err
		}
	}
	if refused == nil {
		m.compareRun(a, own)
	}
	goals := goalSheet{settings: settings, refused: refused, env: own.environment(drawn)}
	if err := m.mark(ex, a, drawn.environment(drawn), goals); err != nil {
		return m, err
	}
	m.unasked(ex, a)
	return m, nil
}

// goalSheet is what goals are marked by: the student's settings, why they were refused, and what came out of them.
type goalSheet struct {
	settings map[string]string
	refused  error
	env      map[string]any
}

// mark marks every question; env is what came out of the exercise as drawn.
func (m *Marks) mark(ex *lab.Exercise, a *lab.Answer, env map[string]any, goals goalSheet) error {
	for i := range ex.Questions {
		q := &ex.Questions[i]
		var mark Mark
		var err error
		if q.Kind == lab.GoalQuestion {
			mark, err = goals.mark(q)
		} else {
			mark, err = markValue(q, string(a.Answers[q.ID]), env)
		}
		if err != nil {
			return fmt.Errorf("the exercise's question %q has no answer: %s", q.ID, oneLine(err))
		}
		m.Marks = append(m.Marks, mark)
		m.Points += mark.Points
		m.Of += mark.Of
	}
	return nil
}

// played is an outcome with its fingerprint.
type played struct {
	*outcome
	fingerprint string
}

func run(ctx context.Context, ex *lab.Exercise, drawn, settings map[string]string) (*played, error) {
	res, e, err := ex.Run(ctx, drawn, settings)
	if err != nil {
		return nil, err
	}
	o, err := newOutcome(res, e)
	return &played{o, lab.Fingerprints(res)}, err
}

// environment is what an expression over p sees.
func (p *played) environment(drawn *played) map[string]any {
	return p.outcome.environment(drawn.outcome)
}

// compare names what the answer claims about the exercise and the draw, and is not so.
func (m *Marks) compare(ex *lab.Exercise, a *lab.Answer, draw map[string]string) {
	if a.ExerciseHash != ex.Hash() {
		m.Differs = append(m.Differs, fmt.Sprintf("exercise_hash: the answer has %q, the exercise %q: the student worked on another version of it",
			a.ExerciseHash, ex.Hash()))
	}
	for _, p := range slices.Sorted(maps.Keys(draw)) {
		if got := string(a.Draw[p]); got != draw[p] {
			m.Differs = append(m.Differs, fmt.Sprintf("draw: %s: the answer has %q, class %q and student %q draw %q", p, got, a.Class, a.Student, draw[p]))
		}
	}
	for _, p := range slices.Sorted(maps.Keys(a.Draw)) {
		if _, known := draw[p]; !known {
			m.Differs = append(m.Differs, fmt.Sprintf("draw: %s: the exercise does not draw it", p))
		}
	}
}

// compareRun names a run that is not the one the student saw.
func (m *Marks) compareRun(a *lab.Answer, own *played) {
	if a.Fingerprint != own.fingerprint {
		m.Differs = append(m.Differs, fmt.Sprintf("fingerprint: the answer has %q, this run %q: another version of the program (the answer's is %q), or a changed file",
			a.Fingerprint, own.fingerprint, a.Version))
	}
}

// unasked names answers to questions that the exercise does not have.
func (m *Marks) unasked(ex *lab.Exercise, a *lab.Answer) {
	for _, id := range slices.Sorted(maps.Keys(a.Answers)) {
		if !slices.ContainsFunc(ex.Questions, func(q lab.Question) bool { return q.ID == id }) {
			m.Differs = append(m.Differs, fmt.Sprintf("answers: %s: the exercise has no such question", id))
		}
	}
}

// markValue marks a number or a choice.
func markValue(q *lab.Question, given string, env map[string]any) (Mark, error) {
	mark := Mark{Question: q.ID, Kind: q.Kind, Given: given, Of: q.Worth()}
	v, err := evaluate(q, env)
	if err != nil {
		return mark, err
	}
	ok := false
	if q.Kind == lab.ChoiceQuestion {
		if err := isOption(q, v); err != nil {
			return mark, err
		}
		mark.Right = v.(string)
		ok = given == mark.Right
		if _, known := q.Options[given]; !known && given != "" {
			mark.Comment = fmt.Sprintf("%q is none of the options", given)
		}
	} else {
		right, err := number(v)
		if err != nil {
			return mark, err
		}
		mark.Right = strconv.FormatFloat(right, 'f', -1, 64)
		ok, mark.Comment = closeTo(q, given, right)
	}
	switch {
	case ok:
		mark.Points = mark.Of
	case given == "":
		mark.Comment = "not answered"
	}
	return mark, nil
}

func isOption(q *lab.Question, v any) error {
	if text, isText := v.(string); isText {
		if _, known := q.Options[text]; known {
			return nil
		}
	}
	return fmt.Errorf("the expression gives %v, which is none of the options", v)
}

// closeTo tells whether a number is right within the tolerance. A unit after it is fine if it is the question's.
func closeTo(q *lab.Question, given string, right float64) (bool, string) {
	text := strings.TrimSpace(given)
	if q.Unit != "" {
		text = strings.TrimSuffix(text, q.Unit)
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return false, fmt.Sprintf("%q is no number", given)
	}
	within, err := q.Within(right)
	if err != nil {
		return false, err.Error()
	}
	const rounding = 1e-9 // of the expression's own arithmetic
	if math.Abs(v-right) <= within+rounding*math.Abs(right) {
		return true, ""
	}
	if right == 0 {
		return false, ""
	}
	return false, fmt.Sprintf("off by %.1f %%", math.Abs(v-right)/math.Abs(right)*100)
}

// mark marks the student's settings.
func (g *goalSheet) mark(q *lab.Question) (Mark, error) {
	mark := Mark{Question: q.ID, Kind: q.Kind, Right: q.Answer, Of: q.Worth()}
	var given []string
	for _, p := range slices.Sorted(maps.Keys(g.settings)) {
		given = append(given, p+"="+g.settings[p])
	}
	mark.Given = strings.Join(given, " ")
	switch {
	case g.refused != nil:
		mark.Comment = oneLine(g.refused)
		return mark, nil
	case len(g.settings) == 0:
		mark.Comment = "nothing set"
		return mark, nil
	}
	v, err := evaluate(q, g.env)
	if err != nil {
		return mark, err
	}
	if reached, _ := v.(bool); reached {
		mark.Points = mark.Of
	} else {
		mark.Comment = "not reached"
	}
	return mark, nil
}

// oneLine is an error without the picture that the expression compiler draws below it.
func oneLine(err error) string {
	if m, ok := err.(lab.Mistakes); ok {
		return strings.Join(m, "; ")
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}
