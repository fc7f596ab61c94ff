package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
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
in .json is an exercise. Nothing is run, but an exercise's questions are tried once.

Exit status: 0 all are right; 1 some are not; 2 some could not be read.`,
		Example: `  keepalive check gallery
  keepalive check lessons/*.yaml dont-hang-up`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			wrong := 0
			for _, arg := range args {
				about, err := check(c.Context(), arg)
				var unreadable *os.PathError
				if errors.As(err, &unreadable) {
					return err
				}
				if err != nil {
					wrong++
					fmt.Fprintln(c.ErrOrStderr(), err)
					continue
				}
				fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", arg, about)
			}
			if wrong > 0 {
				return failed{fmt.Errorf("%d of %d wrong", wrong, len(args))}
			}
			return nil
		},
	}
}

// check says in a few words what a file is that is right. Warnings are part of the words.
func check(ctx context.Context, arg string) (string, error) {
	if strings.HasSuffix(arg, ".json") || slices.Contains(lab.ExerciseNames(), arg) {
		ex, err := lab.LoadExercise(arg)
		if err != nil {
			return "", err
		}
		if err := grade.Check(ctx, ex); err != nil {
			return "", fmt.Errorf("%s: %w", arg, err)
		}
		return fmt.Sprintf("an exercise with %d questions", len(ex.Questions)), nil
	}
	f, err := scenarios.Load(arg)
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
