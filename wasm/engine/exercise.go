//go:build js

package main

import (
	"context"
	"syscall/js"

	"keepalive/lab"
)

// form is a student's sheet on its way in.
type form struct {
	Exercise string            `json:"exercise"`
	Class    string            `json:"class"`
	Student  string            `json:"student"`
	Settings map[string]string `json:"settings"`
	Answers  map[string]string `json:"answers"`
}

// sheet draws a student's numbers.
func sheet(f form, out js.Value) error {
	ex, err := lab.LoadExercise(f.Exercise)
	if err != nil {
		return err
	}
	return set(out, "sheet", ex.Sheet(f.Class, f.Student))
}

// fillIn makes the answer that `keepalive grade` marks.
func fillIn(f form, out js.Value) error {
	ex, err := lab.LoadExercise(f.Exercise)
	if err != nil {
		return err
	}
	a, err := lab.NewAnswer(context.Background(), ex, f.Class, f.Student, f.Settings, f.Answers)
	if err != nil {
		return err
	}
	return set(out, "answer", a)
}
