package figure

import (
	"fmt"
	"strings"

	"keepalive/sim"
)

// letter names a lane as the race does: A, B …
func letter(i int) string { return string(rune('A'+i)) + "\u2002" }

// millis is a time as people read it, and as the tables round it: with one decimal in milliseconds until 10 s, then in
// seconds; short ones in microseconds.
func millis(t sim.Time) string {
	switch {
	case t >= 10*sim.Second:
		return number(float64(t/(10*sim.Millisecond))/100, 2) + "\u00A0s"
	case t != 0 && t < sim.Millisecond:
		return number(float64(t)/1e3, 1) + "\u00A0µs"
	}
	return number(float64((t+50*sim.Microsecond)/(100*sim.Microsecond))/10, 1) + "\u00A0ms"
}

// bytes is an amount as people read it.
func bytes(n float64) string {
	switch {
	case n >= 1e6:
		return number(n/1e6, 2) + "\u00A0MB"
	case n >= 1e3:
		return number(n/1e3, 1) + "\u00A0kB"
	}
	return number(n, 0) + "\u00A0B"
}

// plural is "1 request" or "20 requests".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%s %ss", number(float64(n), 0), noun)
}

// unbroken keeps numbers and their units on one line.
func unbroken(s string) string {
	return strings.NewReplacer("\u2009", "\u202F", " ms", "\u00A0ms", " s.", "\u00A0s.", " s)", "\u00A0s)", " s ", "\u00A0s ").Replace(s)
}
