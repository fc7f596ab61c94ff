package lab

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"keepalive/scenarios"
)

//go:embed exercises/*.json
var exerciseFiles embed.FS

// Exercise is a task with numbers of its own for each student. It is marked by running it again.
type Exercise struct {
	Format    int                 `json:"format"` // 1
	ID        string              `json:"id"`
	Title     string              `json:"title"`
	Scenario  string              `json:"scenario"` // the name of an embedded scenario, or a file next to the exercise
	Free      map[string]string   `json:"free"`     // what the student may set for the goals: path -> range, such as 10ms..300ms, or a,b,c
	Draw      map[string][]Scalar `json:"draw"`     // what is drawn for the student: path -> values. Lists of odd lengths make draws independent of each other
	Questions []Question          `json:"questions"`

	hash string
	dir  string // where Scenario is looked for; "": embedded ones only
}

// Question is one thing to answer. Answer is an expression over the Result.
type Question struct {
	ID        string            `json:"id"`
	Kind      QuestionKind      `json:"kind"`
	Ask       string            `json:"ask"`
	Unit      string            `json:"unit,omitempty"`      // number: shown after the box, such as ms
	Options   map[string]string `json:"options,omitempty"`   // choice: what is answered -> what is shown
	Answer    string            `json:"answer"`              // number and choice: of the scenario as drawn. goal: a condition on the student's settings
	Tolerance Scalar            `json:"tolerance,omitempty"` // number: such as 2%, or 0.5 in the answer's own unit; absent: exact
	Points    int               `json:"points,omitempty"`    // 0: one
}

// QuestionKind is how a question is answered.
type QuestionKind string

// The kinds of questions.
const (
	NumberQuestion QuestionKind = "number" // a number, right within the tolerance
	ChoiceQuestion QuestionKind = "choice" // one of the options
	GoalQuestion   QuestionKind = "goal"   // settings for which a condition holds
)

// Worth is how many points a right answer gives.
func (q *Question) Worth() int { return max(q.Points, 1) }

// Scalar is a number or a text in JSON, kept as it is written.
type Scalar string

// UnmarshalJSON takes a number or a text.
func (s *Scalar) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err == nil {
		*s = Scalar(text)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil || string(b) == "null" {
		return fmt.Errorf("want a number or a text, got %s", b)
	}
	*s = Scalar(n)
	return nil
}

// MarshalJSON writes what looks like a JSON number as one, and everything else as a text.
func (s Scalar) MarshalJSON() ([]byte, error) {
	var n json.Number
	if err := json.Unmarshal([]byte(s), &n); err == nil && len(s) > 0 && s[0] != '"' && s != "null" {
		return []byte(s), nil
	}
	return json.Marshal(string(s))
}

// ExerciseNames lists the exercises that come with the program.
func ExerciseNames() []string {
	files, err := fs.Glob(exerciseFiles, "exercises/*.json")
	if err != nil {
		panic("lab: " + err.Error())
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".json")
	}
	return files
}

// LoadExercise reads an exercise: a path, or the name of one that comes with the program.
func LoadExercise(arg string) (*Exercise, error) {
	if slices.Contains(ExerciseNames(), arg) {
		data, err := exerciseFiles.ReadFile("exercises/" + arg + ".json")
		if err != nil {
			return nil, err
		}
		return ParseExercise(arg+".json", data)
	}
	data, err := scenarios.ReadFile(arg)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is neither a file nor an exercise that comes with the program: there is %s", arg, strings.Join(ExerciseNames(), ", "))
	}
	if err != nil {
		return nil, err
	}
	ex, err := ParseExercise(arg, data)
	if ex != nil {
		ex.dir = filepath.Dir(arg)
	}
	return ex, err
}

// ParseExercise reads and checks an exercise. The error is Mistakes, with every mistake in it.
func ParseExercise(name string, data []byte) (*Exercise, error) {
	doc := newDocument(name, data)
	ex := &Exercise{}
	if !doc.decode(ex) {
		return nil, doc.mistakes
	}
	ex.hash = doc.hash()
	ex.check(doc)
	if len(doc.mistakes) > 0 {
		return nil, doc.mistakes
	}
	return ex, nil
}

// Hash identifies the exercise whatever its layout in the file: 16 hexadecimal digits.
func (ex *Exercise) Hash() string { return ex.hash }

const maxDraw = 1000 // values of one path: each is tried before an exercise is used

func (ex *Exercise) check(doc *document) {
	doc.want(ex.Format == 1, "format", "want 1, got %d", ex.Format)
	doc.want(ex.ID != "" && strings.Trim(ex.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") == "", "id",
		"want small letters, digits and hyphens, got %q", ex.ID)
	doc.want(ex.Title != "", "title", "want a title")
	doc.want(ex.Scenario != "", "scenario", "want the name of a scenario, such as gallery")
	for _, p := range slices.Sorted(maps.Keys(ex.Free)) {
		_, err := parseRange(ex.Free[p])
		doc.want(err == nil, "free."+p, "%v", err)
		_, drawn := ex.Draw[p]
		doc.want(!drawn || ex.hasGoal(), "free."+p, "it is drawn too, and there is no goal to set it for")
	}
	for _, p := range slices.Sorted(maps.Keys(ex.Draw)) {
		n := len(ex.Draw[p])
		doc.want(n > 0, "draw."+p, "want at least one value")
		doc.want(n <= maxDraw, "draw."+p, "want at most %d values, got %d", maxDraw, n)
	}
	doc.want(len(ex.Questions) > 0, "questions", "want at least one")
	seen := map[string]bool{}
	for i := range ex.Questions {
		at := fmt.Sprintf("questions[%d]", i)
		ex.Questions[i].check(doc, at)
		id := ex.Questions[i].ID
		doc.want(!seen[id], at+".id", "%q is there twice", id)
		seen[id] = true
	}
	doc.want(!ex.hasGoal() || len(ex.Free) > 0, "free", "want a path that the student may set: there is a goal")
}

func (ex *Exercise) hasGoal() bool {
	return slices.ContainsFunc(ex.Questions, func(q Question) bool { return q.Kind == GoalQuestion })
}

func (q *Question) check(doc *document, at string) {
	doc.want(q.ID != "", at+".id", "want a name that is unique in the exercise")
	doc.want(q.Ask != "", at+".ask", "want the question's words")
	doc.want(strings.TrimSpace(q.Answer) != "", at+".answer", `want an expression, such as variant("persistent").finished_ms`)
	doc.want(q.Points >= 0, at+".points", "want a number of points, got %d", q.Points)
	switch q.Kind {
	case NumberQuestion:
		_, err := q.Within(0)
		doc.want(err == nil, at+".tolerance", "%v", err)
	case ChoiceQuestion:
		doc.want(len(q.Options) > 1, at+".options", "want at least two")
	case GoalQuestion:
	default:
		doc.add(at+".kind", "want number, choice or goal, got %q%s", q.Kind, nearest(string(q.Kind), "number", "choice", "goal"))
	}
	doc.want(q.Tolerance == "" || q.Kind == NumberQuestion, at+".tolerance", "only a number has one")
	doc.want(len(q.Options) == 0 || q.Kind == ChoiceQuestion, at+".options", "only a choice has them")
}

// Within is how far from right an answer may be.
func (q *Question) Within(right float64) (float64, error) {
	text, relative := strings.CutSuffix(strings.TrimSpace(string(q.Tolerance)), "%")
	if text == "" {
		return 0, nil
	}
	v, err := parseNumber(text)
	if err != nil || v < 0 {
		return 0, fmt.Errorf("want a tolerance such as 2%% or 0.5, got %q", q.Tolerance)
	}
	if relative {
		return v / 100 * max(right, -right), nil
	}
	return v, nil
}

// Draws is what a student of a class gets: a value for each drawn path, picked from its list by the FNV-1a hash (64 bits) of
// class, student and path, with a NUL between, modulo the list's length.
func (ex *Exercise) Draws(class, student string) map[string]string {
	drawn := map[string]string{}
	for p, values := range ex.Draw {
		k := fnv1a(class+"\x00"+student+"\x00"+p) % uint64(len(values))
		drawn[p] = string(values[k])
	}
	return drawn
}

// fnv1a is the FNV-1a hash of s with 64 bits.
func fnv1a(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// Run runs the exercise's scenario with the values drawn, and over them the student's settings, with logs.
func (ex *Exercise) Run(ctx context.Context, drawn, settings map[string]string) (Result, Explanation, error) {
	merged := maps.Clone(drawn)
	maps.Copy(merged, settings)
	f, err := ex.load(assignments(merged))
	if err != nil {
		return Result{}, Explanation{}, err
	}
	configs, err := f.Pair()
	if err != nil {
		return Result{}, Explanation{}, err
	}
	res, logs, err := RunConfigs(ctx, configs, Options{Requests: true, Log: true})
	if err != nil {
		return Result{}, Explanation{}, err
	}
	e, err := ExplainAll(logs)
	return res, e, err
}

// Settable tries every value that may be drawn and the ends of every range that is free, each with one student's draw around
// it: the scenario must bear them all. The error is Mistakes, with every mistake in it.
func (ex *Exercise) Settable() error {
	var m Mistakes
	try := func(where, path, value string) {
		drawn := ex.Draws("class", "student")
		drawn[path] = value
		if _, err := ex.load(assignments(drawn)); err != nil {
			m = append(m, fmt.Sprintf("%s: %s: %v", where, value, err))
		}
	}
	if _, err := ex.load(nil); err != nil {
		return Mistakes{"scenario: " + err.Error()}
	}
	for _, p := range slices.Sorted(maps.Keys(ex.Draw)) {
		for _, v := range ex.Draw[p] {
			try("draw."+p, p, string(v))
		}
	}
	for _, p := range slices.Sorted(maps.Keys(ex.Free)) {
		for _, v := range ends(ex.Free[p]) {
			try("free."+p, p, v)
		}
	}
	if len(m) > 0 {
		return m
	}
	return nil
}

// assignments are values in the form of --set, in a fixed order.
func assignments(values map[string]string) []string {
	var sets []string
	for _, p := range slices.Sorted(maps.Keys(values)) {
		sets = append(sets, p+"="+values[p])
	}
	return sets
}

// load reads the scenario: one that comes with the program, or a file beside the exercise.
func (ex *Exercise) load(sets []string) (*scenarios.File, error) {
	if data, err := scenarios.Source(ex.Scenario); err == nil {
		return scenarios.Parse(ex.Scenario+".yaml", data, sets...)
	}
	file := filepath.Join(ex.dir, filepath.FromSlash(ex.Scenario))
	data, err := scenarios.ReadFile(file)
	if ex.dir == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%q is neither a scenario that comes with the program nor a file beside the exercise%s", ex.Scenario,
			nearest(ex.Scenario, scenarios.Names()...))
	}
	if err != nil {
		return nil, err
	}
	return scenarios.Parse(file, data, sets...)
}
