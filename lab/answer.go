package lab

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"

	"keepalive/scenarios"
)

// Answer is what a student hands in. What it says of draw and fingerprint is checked by drawing and running again.
type Answer struct {
	Format       int               `json:"format"` // 1
	Exercise     string            `json:"exercise"`
	ExerciseHash string            `json:"exercise_hash"`
	Class        string            `json:"class"`
	Student      string            `json:"student"`
	Draw         map[string]Scalar `json:"draw"`
	Settings     map[string]Scalar `json:"settings"`    // for the goals: path -> value
	Answers      map[string]Scalar `json:"answers"`     // question -> number or option
	Fingerprint  string            `json:"fingerprint"` // of the run with draw and settings: the variants', with hyphens between
	Version      string            `json:"version"`     // of the program that made it
}

// ReadAnswer reads and checks an answer from a file.
func ReadAnswer(path string) (*Answer, error) {
	data, err := scenarios.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseAnswer(path, data)
}

// ParseAnswer reads and checks an answer. The error is Mistakes, with every mistake in it.
func ParseAnswer(name string, data []byte) (*Answer, error) {
	doc := newDocument(name, data)
	a := &Answer{}
	if !doc.decode(a) {
		return nil, doc.mistakes
	}
	doc.want(a.Format == 1, "format", "want 1, got %d: the answer comes from another version of keepalive", a.Format)
	doc.want(a.Exercise != "", "exercise", "want the exercise's id")
	doc.want(strings.TrimSpace(a.Student) != "", "student", "want the student's name or number")
	doc.want(len(a.Answers)+len(a.Settings) > 0, "answers", "there is no answer: nothing was filled in before it was saved")
	if len(doc.mistakes) > 0 {
		return nil, doc.mistakes
	}
	return a, nil
}

// NewAnswer fills in the form: it draws, runs, and notes the fingerprint. Blanks around names are dropped.
func NewAnswer(ctx context.Context, ex *Exercise, class, student string, settings, answers map[string]string) (*Answer, error) {
	class, student = strings.TrimSpace(class), strings.TrimSpace(student)
	if student == "" {
		return nil, fmt.Errorf("student: want a name or a number")
	}
	if err := ex.Allows(settings); err != nil {
		return nil, err
	}
	drawn := ex.Draws(class, student)
	res, _, err := ex.Run(ctx, drawn, settings)
	if err != nil {
		return nil, err
	}
	return &Answer{Format: 1, Exercise: ex.ID, ExerciseHash: ex.Hash(), Class: class, Student: student, Draw: scalars(drawn),
		Settings: scalars(settings), Answers: scalars(answers), Fingerprint: Fingerprints(res), Version: Version()}, nil
}

// Allows checks that a student's settings are free in the exercise and within their ranges. The error is Mistakes.
func (ex *Exercise) Allows(settings map[string]string) error {
	var m Mistakes
	for _, p := range slices.Sorted(maps.Keys(settings)) {
		text, free := ex.Free[p]
		if !free {
			known := slices.Sorted(maps.Keys(ex.Free))
			m = append(m, fmt.Sprintf("settings.%s: the exercise leaves it as it is: it may not be set; free: %s", p, strings.Join(known, ", ")))
			continue
		}
		s, err := parseRange(text)
		if err == nil {
			err = s.allows(settings[p])
		}
		if err != nil {
			m = append(m, fmt.Sprintf("settings.%s: %v (%s)", p, err, text))
		}
	}
	if len(m) > 0 {
		return m
	}
	return nil
}

// Fingerprints joins the variants' fingerprints.
func Fingerprints(res Result) string {
	all := make([]string, len(res.Variants))
	for i := range res.Variants {
		all[i] = res.Variants[i].Fingerprint
	}
	return strings.Join(all, "-")
}

// Version is the program's version, or its revision when it was built from a working copy.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return info.Main.Version
}

func scalars(m map[string]string) map[string]Scalar {
	s := make(map[string]Scalar, len(m))
	for k, v := range m {
		s[k] = Scalar(v)
	}
	return s
}

// Texts turns an answer's values into plain texts.
func Texts(m map[string]Scalar) map[string]string {
	s := make(map[string]string, len(m))
	for k, v := range m {
		s[k] = string(v)
	}
	return s
}
