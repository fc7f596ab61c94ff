package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"keepalive/lab"
	"keepalive/lab/grade"
)

func gradeCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "grade EXERCISE ANSWER...",
		Short: "Mark answers to an exercise by running them again",
		Long: fmt.Sprintf(`Mark answers to an exercise: draw each student's numbers again, run again, compare.

EXERCISE is a file or the name of an exercise that comes with the program: %v.
ANSWER is a file that the exercise's page saved, or a directory of such files.

Exit status: 0 every answer is marked; 1 some answer was not made by running this exercise (its hash, draw or
fingerprint differs); 2 something could not be read. A wrong answer is no failure of the command.`, lab.ExerciseNames()),
		Example: `  keepalive grade dont-hang-up ada.json bob.json
  keepalive grade dont-hang-up answers/ --json`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			ex, err := lab.LoadExercise(args[0])
			if err != nil {
				return err
			}
			if err := grade.Check(c.Context(), ex); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			files, err := answerFiles(args[1:])
			if err != nil {
				return err
			}
			graded := gradeFiles(c.Context(), ex, files)
			if asJSON {
				err = writeJSON(c.OutOrStdout(), graded)
			} else {
				err = printMarks(c.OutOrStdout(), graded)
			}
			if err != nil {
				return failed{err}
			}
			return verdict(graded)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the marks as JSON")
	return c
}

// gradedFile is the outcome for one answer: marks, or why there are none.
type gradedFile struct {
	File  string       `json:"file"`
	Marks *grade.Marks `json:"marks,omitempty"`
	Error string       `json:"error,omitempty"`
}

// answerFiles replaces directories by the JSON files in them.
func answerFiles(args []string) ([]string, error) {
	var files []string
	for _, a := range args {
		info, err := os.Stat(a)
		if err != nil || !info.IsDir() {
			files = append(files, a) // a file that is missing is reported with the others
			continue
		}
		found, err := filepath.Glob(filepath.Join(a, "*.json"))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: there is no .json file in this directory", a)
		}
		slices.Sort(found)
		files = append(files, found...)
	}
	return files, nil
}

func gradeFiles(ctx context.Context, ex *lab.Exercise, files []string) []gradedFile {
	all := make([]gradedFile, len(files))
	for i, f := range files {
		all[i].File = f
		a, err := lab.ReadAnswer(f)
		if err != nil {
			all[i].Error = err.Error()
			continue
		}
		m, err := grade.Grade(ctx, ex, a)
		if err != nil {
			all[i].Error = fmt.Sprintf("%s: %v", f, err)
			continue
		}
		all[i].Marks = &m
	}
	return all
}

// verdict is the command's exit status.
func verdict(graded []gradedFile) error {
	unread, differing := 0, 0
	for _, g := range graded {
		switch {
		case g.Marks == nil:
			unread++
		case len(g.Marks.Differs) > 0:
			differing++
		}
	}
	switch {
	case unread > 0:
		return fmt.Errorf("%d of %d answers could not be marked", unread, len(graded))
	case differing > 0:
		return failed{errors.New("some answers were not made by running this exercise: see what differs")}
	}
	return nil
}

func printMarks(w io.Writer, graded []gradedFile) error {
	for i := range graded {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := printAnswer(w, &graded[i]); err != nil {
			return err
		}
	}
	if len(graded) < 2 {
		return nil
	}
	t := plainTable(2, 3).Headers("student", "file", "points", "")
	for _, g := range graded {
		switch {
		case g.Marks == nil:
			t.Row("", g.File, "-", "not marked")
		case len(g.Marks.Differs) > 0:
			t.Row(g.Marks.Student, g.File, fmt.Sprintf("%d of %d", g.Marks.Points, g.Marks.Of), "differs")
		default:
			t.Row(g.Marks.Student, g.File, fmt.Sprintf("%d of %d", g.Marks.Points, g.Marks.Of), "")
		}
	}
	_, err := fmt.Fprintf(w, "\n%s\n", trimRight(t.Render()))
	return err
}

// printAnswer is the table of points for one answer.
func printAnswer(w io.Writer, g *gradedFile) error {
	if g.Marks == nil {
		_, err := fmt.Fprintln(w, g.Error)
		return err
	}
	m := g.Marks
	t := plainTable(3, 4).Headers("question", "given", "right", "points", "")
	for _, k := range m.Marks {
		right := k.Right
		if k.Kind == lab.GoalQuestion {
			right = "(a goal)"
		}
		t.Row(k.Question, k.Given, right, fmt.Sprintf("%d of %d", k.Points, k.Of), k.Comment)
	}
	fmt.Fprintf(w, "%s, %s: %d of %d points\n%s\n", m.Student, g.File, m.Points, m.Of, trimRight(t.Render()))
	for _, d := range m.Differs {
		if _, err := fmt.Fprintln(w, "differs:", d); err != nil {
			return err
		}
	}
	return nil
}
