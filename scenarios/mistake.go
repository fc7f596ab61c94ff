package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// place is where something was written. Line 0 has no position: a command line's --set, or a file as a whole.
type place struct {
	file      string
	line, col int
}

// String is the place as editors read it: file:line:column.
func (p place) String() string {
	if p.line == 0 {
		return p.file
	}
	return fmt.Sprintf("%s:%d:%d", p.file, p.line, p.col)
}

// Mistake is one thing that is wrong in a scenario.
type Mistake struct {
	At      string // file:line:column
	Path    string // the field, such as link.rtt; "" is the document
	Message string // what was expected, and what was found
	at      place
}

// Error is the mistake in one line.
func (m Mistake) Error() string {
	if m.Path == "" {
		return m.At + ": " + m.Message
	}
	return m.At + ": " + m.Path + ": " + m.Message
}

// Mistakes are all that is wrong in a scenario, in the order of the file.
type Mistakes []Mistake

// Error has a line per mistake.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.Error()
	}
	if len(ms) == maxMistakes {
		lines = append(lines, "there may be more: these are the first that were found")
	}
	return strings.Join(lines, "\n")
}

const maxMistakes = 100 // more help nobody: a file of another kind has one per line

// add notes a mistake, once: variants repeat what their file says.
func (ms *Mistakes) add(at place, path, format string, args ...any) {
	if len(*ms) >= maxMistakes {
		return
	}
	m := Mistake{At: at.String(), Path: path, Message: fmt.Sprintf(format, args...), at: at}
	if !slices.Contains(*ms, m) {
		*ms = append(*ms, m)
	}
}

// err is nil if there are none.
func (ms Mistakes) err() error {
	if len(ms) == 0 {
		return nil
	}
	slices.SortStableFunc(ms, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.at.line, b.at.line), cmp.Compare(a.at.col, b.at.col))
	})
	return ms
}

// Nearest is the known word most like word, or "" if none is close.
func Nearest(word string, known []string) string {
	best, least := "", 1+min(2, len(word)/2)
	for _, k := range known {
		if d := edits(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// edits is the Levenshtein distance of two words.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			corner, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, corner+cost)
		}
	}
	return row[len(b)]
}

// didYouMean offers the nearest known word, or else lists what there is.
func didYouMean(word string, known []string) string {
	if n := Nearest(word, known); n != "" {
		return fmt.Sprintf("did you mean %s?", n)
	}
	return "there are " + strings.Join(known, ", ")
}
