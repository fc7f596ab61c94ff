package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"

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

EXERCISE is a file or the name of an exercise that comes with the program: %s.
ANSWER is a file that the exercise's page saved, a directory of such files, or - for standard input.

Exit status: 0 every answer is marked; 1 some answer was not made by running this exercise (its hash, draw or
fingerprint differs); 2 something could not be read. A wrong answer is no failure of the command.`, strings.Join(lab.ExerciseNames(), ", ")),
		Example: `  keepalive grade dont-hang-up ada.json bob.json
  keepalive grade dont-hang-up answers/ --json`,
		Args: wants(2, 0),
		RunE: func(c *cobra.Command, args []string) error {
			ex, err := loadExercise(c, args[0])
			if err != nil {
				return err
			}
			if err := checkExercise(c.Context(), args[0], ex); err != nil {
				return err
			}
			files, err := answerFiles(args[1:])
			if err != nil {
				return err
			}
			graded, err := gradeFiles(c, ex, files)
			if err != nil {
				return err
			}
			for _, g := range graded {
				if g.Marks == nil {
					fmt.Fprintln(c.ErrOrStderr(), g.Error)
				}
			}
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
		entries, err := os.ReadDir(a)
		if err != nil {
			return nil, err
		}
		var found []string
		for _, e := range entries { // in the order of their names
			if strings.HasSuffix(e.Name(), ".json") {
				found = append(found, filepath.Join(a, e.Name()))
			}
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: there is no .json file in this directory", a)
		}
		files = append(files, found...)
	}
	return files, nil
}

// gradeFiles marks every answer. The error is that of a command that was stopped.
func gradeFiles(c *cobra.Command, ex *lab.Exercise, files []string) ([]gradedFile, error) {
	bar := newProgress(c.ErrOrStderr(), false)
	defer bar.done()
	all := make([]gradedFile, len(files))
	for i, f := range files {
		bar.show(fmt.Sprintf("%d of %d answers (Ctrl-C stops)", i, len(files)))
		all[i] = gradeFile(c, ex, f)
		if err := c.Context().Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func gradeFile(c *cobra.Command, ex *lab.Exercise, file string) gradedFile {
	a, err := loadAnswer(c, file)
	if err != nil {
		return gradedFile{File: file, Error: err.Error()}
	}
	m, err := grade.Grade(c.Context(), ex, a)
	if err != nil {
		return gradedFile{File: file, Error: fmt.Sprintf("%s: %v", file, err)}
	}
	return gradedFile{File: file, Marks: &m}
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

// printMarks has a table for each answer that could be marked, and one of all answers if there are several.
func printMarks(w io.Writer, graded []gradedFile) error {
	blank := ""
	for i := range graded {
		if graded[i].Marks == nil {
			continue
		}
		fmt.Fprint(w, blank)
		if err := printAnswer(w, &graded[i]); err != nil {
			return err
		}
		blank = "\n"
	}
	if len(graded) < 2 {
		return nil
	}
	t := plainTable(2, 3).Headers("student", "file", "points", "")
	for _, g := range graded {
		if g.Marks == nil {
			t.Row("", shown(g.File, onLine), "-", "not marked")
			continue
		}
		note := ""
		if len(g.Marks.Differs) > 0 {
			note = "differs"
		}
		t.Row(shown(g.Marks.Student, inCell), shown(g.File, onLine), fmt.Sprintf("%d of %d", g.Marks.Points, g.Marks.Of), note)
	}
	_, err := fmt.Fprintf(w, "%s%s\n", blank, trimRight(t.Render()))
	return err
}

// printAnswer is the table of points for one answer.
func printAnswer(w io.Writer, g *gradedFile) error {
	m := g.Marks
	t := plainTable(3, 4).Headers("question", "given", "right", "points", "")
	for _, k := range m.Marks {
		right := k.Right
		if k.Kind == lab.GoalQuestion {
			right = "(a goal)"
		}
		t.Row(k.Question, shown(k.Given, inCell), right, fmt.Sprintf("%d of %d", k.Points, k.Of), shown(k.Comment, onLine))
	}
	_, err := fmt.Fprintf(w, "%s, %s: %d of %d points\n%s\n", shown(m.Student, inCell), shown(g.File, onLine), m.Points, m.Of, trimRight(t.Render()))
	for _, d := range m.Differs {
		fmt.Fprintln(w, "differs:", shown(d, onLine))
	}
	return err
}

// What is shown of somebody else's text, in characters: in a cell of a table, and on a line of its own.
const (
	inCell = 60
	onLine = 400
)

// shown is a text from a file as a terminal can bear it: on one line, without what steers it, not endless.
func shown(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > most {
			return b.String() + "…"
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}
