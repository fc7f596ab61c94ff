package draw

import "strings"

// Wrap breaks words into lines that are at most width wide; a word that is wider has a line of its own.
func Wrap(words string, width float32, f Font) (lines []string) {
	for rest := strings.Fields(words); len(rest) > 0; {
		line := rest[0]
		for rest = rest[1:]; len(rest) > 0; rest = rest[1:] {
			longer := line + " " + rest[0]
			if measure([]byte(longer), f.Size, f.Bold) > width {
				break
			}
			line = longer
		}
		lines = append(lines, line)
	}
	return lines
}
