package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"keepalive/lab"
	"keepalive/lab/grade"
	"keepalive/scenarios"
)

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE...",
		Short: "Validate scenarios and exercises",
		Long: `Validate scenarios and exercises: every mistake is told, with file, line and column.

A FILE is a path, - for standard input, or the name of a scenario or an exercise that comes with the program. A file that ends
in .json is an exercise. Nothing is run, but an exercise's questions are tried once, and all
that may be drawn or set.

Exit status: 0 all are right; 1 some are not; 2 some could not be read.`,
		Example: `  keepalive check gallery
  keepalive check lessons/*.yaml dont-hang-up`,
		Args: wants(1, 0),
		RunE: func(c *cobra.Command, args []string) error {
			wrong, unread := 0, 0
			for _, arg := range args {
				about, err := check(c, arg)
				switch {
				case errors.Is(err, context.Canceled):
					return err
				case err == nil:
					fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", arg, about)
					continue
				case isMistake(err):
					wrong++
				default:
					unread++
				}
				fmt.Fprintln(c.ErrOrStderr(), err)
			}
			switch {
			case unread > 0:
				return fmt.Errorf("%d of %d could not be read, %d wrong", unread, len(args), wrong)
			case wrong > 0:
				return failed{fmt.Errorf("%d of %d wrong", wrong, len(args))}
			}
			return nil
		},
	}
}

// isMistake tells what is wrong in a file from a file that cannot be read.
func isMistake(err error) bool {
	var inScenario scenarios.Mistakes
	var inExercise lab.Mistakes
	return errors.As(err, &inScenario) || errors.As(err, &inExercise)
}

// check says in a few words what a file is that is right. Warnings are part of the words.
func check(c *cobra.Command, arg string) (string, error) {
	if isExercise(arg) {
		ex, err := loadExercise(c, arg)
		if err != nil {
			return "", err
		}
		if err := checkExercise(c.Context(), arg, ex); err != nil {
			return "", err
		}
		return fmt.Sprintf("an exercise with %d questions", len(ex.Questions)), nil
	}
	f, err := loadScenario(c, arg)
	if err != nil {
		return "", err
	}
	var names []string
	for _, cfg := range f.Variants() {
		names = append(names, cfg.Variant)
	}
	words := "a scenario that runs " + strings.Join(names, ", ")
	for _, w := range f.Warnings {
		words += "\n  warning: " + w
	}
	return words, nil
}

// checkExercise tries an exercise. Every line of the error begins with the exercise's name; it is Mistakes unless ctx has ended.
func checkExercise(ctx context.Context, name string, ex *lab.Exercise) error {
	err := grade.Check(ctx, ex)
	if err == nil || ctx.Err() != nil {
		return err
	}
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = name + ": " + lines[i]
	}
	return lab.Mistakes(lines)
}
