package main

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"keepalive/lab"
	"keepalive/scenarios"
)

// stdin is the argument that stands for standard input, and inputName what mistakes in it are told under.
const (
	stdin     = "-"
	inputName = "standard input"
)

// readInput reads standard input, at most a byte more than any document may have. Ctrl-C ends the wait for it.
func readInput(c *cobra.Command) ([]byte, error) {
	type outcome struct {
		data []byte
		err  error
	}
	read := make(chan outcome, 1)
	in := c.InOrStdin()
	go func() {
		data, err := io.ReadAll(io.LimitReader(in, scenarios.MaxFile+1))
		read <- outcome{data, err}
	}()
	select {
	case o := <-read:
		return o.data, o.err
	case <-c.Context().Done():
		return nil, context.Cause(c.Context())
	}
}

// loadScenario reads a scenario: a path, - or the name of one that comes with the program.
func loadScenario(c *cobra.Command, arg string, sets ...string) (*scenarios.File, error) {
	if arg != stdin {
		return scenarios.Load(arg, sets...)
	}
	data, err := readInput(c)
	if err != nil {
		return nil, err
	}
	return scenarios.Parse(inputName, data, sets...)
}

// loadExercise reads an exercise: a path, - or the name of one that comes with the program.
func loadExercise(c *cobra.Command, arg string) (*lab.Exercise, error) {
	if arg != stdin {
		return lab.LoadExercise(arg)
	}
	data, err := readInput(c)
	if err != nil {
		return nil, err
	}
	return lab.ParseExercise(inputName, data)
}

// loadAnswer reads an answer: a path or -.
func loadAnswer(c *cobra.Command, arg string) (*lab.Answer, error) {
	if arg != stdin {
		return lab.ReadAnswer(arg)
	}
	data, err := readInput(c)
	if err != nil {
		return nil, err
	}
	return lab.ParseAnswer(inputName, data)
}

// isExercise tells an argument of check that is an exercise from one that is a scenario.
func isExercise(arg string) bool {
	return strings.HasSuffix(arg, ".json") || slices.Contains(lab.ExerciseNames(), arg)
}
