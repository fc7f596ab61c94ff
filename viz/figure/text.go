package figure

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"keepalive/lab"
	"keepalive/sim"
)

// letter names a lane as the race does: A, B …
func letter(i int) string { return string(rune('A'+i)) + "\u2002" }

// order says of several variants which is over first and which last: more than two have no single difference.
func order[V any](all []V, of func(*V) (name string, finished lab.Millis)) string {
	first, last := &all[0], &all[0]
	for i := range all {
		_, end := of(&all[i])
		if _, best := of(first); end < best {
			first = &all[i]
		}
		if _, worst := of(last); end > worst {
			last = &all[i]
		}
	}
	name, best := of(first)
	slow, worst := of(last)
	if best == worst {
		return fmt.Sprintf("All %d end at the same time: %s", len(all), millis(sim.Time(best)))
	}
	return capital(fmt.Sprintf("%s is the first to have everything, at %s; %s the last, at %s", name, millis(sim.Time(best)), slow, millis(sim.Time(worst))))
}

// capital begins a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// millis is a time as people read it, and as the tables round it: with one decimal in milliseconds until 10 s, then in
// seconds; short ones in microseconds.
func millis(t sim.Time) string {
	switch {
	case t >= 10*sim.Second:
		return number(float64((t+5*sim.Millisecond)/(10*sim.Millisecond))/100, 2) + "\u00A0s"
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
	return strings.NewReplacer("\u2009", "\u202F", " KiB", "\u00A0KiB", " MiB", "\u00A0MiB", " %", "\u00A0%", " ms", "\u00A0ms", " s.", "\u00A0s.", " s)", "\u00A0s)", " s ", "\u00A0s ").Replace(s)
}
