package lab

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"keepalive/sim"
)

var causeNouns = [Causes]string{"idle time", "waiting for a free connection", "name look-ups", "handshakes", "TLS", "sending requests",
	"propagation", "queueing in the server", "server CPU time", "server waiting time", "slow start", "waiting for the receiver's window",
	"transmission", "queueing on the link", "held-back acknowledgements", "loss recovery", "host delays"}

// Finding says in a sentence or two what the difference between two runs is and where it comes from.
func Finding(a, b Ledger) string {
	unit := UnitFor(max(a.Run.Total(), b.Run.Total()))
	a.Run, b.Run = a.Run.inWhole(unit), b.Run.inWhole(unit)
	was, is := a.Run.Total(), b.Run.Total()
	d := Difference(a, b)
	total := is - was
	if magnitude(total) < max(was, is)/1000 {
		return fmt.Sprintf("%s and %s take the same time: %s.%s", a.Variant, b.Variant, inWords(is), offset(&d))
	}
	from, against := d.parts(total)
	var s strings.Builder
	subject, verb := "Keeping the connection", "saves"
	if b.Run.Handshakes > 1 {
		subject = "Keeping connections"
	}
	if total > 0 {
		verb = "costs"
	}
	if a.Persistent || !b.Persistent {
		subject = b.Variant
	}
	switch first := inWords(magnitude(d.Spent[from[0]])); {
	case len(from) > 1:
		fmt.Fprintf(&s, "%s %s %s: %s", subject, verb, inWords(magnitude(total)), d.list(from))
	case from[0] == Handshake:
		fmt.Fprintf(&s, "%s %s %s: %s", subject, verb, d.noun(from[0]), first)
	default:
		fmt.Fprintf(&s, "%s %s %s of %s", subject, verb, first, d.noun(from[0]))
	}
	if len(against) > 0 {
		word := "more"
		if total > 0 {
			word = "less"
		}
		fmt.Fprintf(&s, "; it spends %s on %s", word, d.list(against))
	}
	fmt.Fprintf(&s, ". It finishes in %s instead of %s.", inWordsLike(is, max(is, was)), inWordsLike(was, max(is, was)))
	return s.String()
}

// meanFinding says in a sentence how the mean requests of two variants differ.
func meanFinding(a, b Ledger) string {
	unit := UnitFor(max(a.Mean.Total(), b.Mean.Total()))
	a.Run, b.Run = a.Mean.inWhole(unit), b.Mean.inWhole(unit)
	was, is := a.Run.Total(), b.Run.Total()
	switch {
	case was == 0 || is == 0:
		return ""
	case magnitude(is-was) < max(was, is)/1000:
		return fmt.Sprintf("On average a request takes the same time with both: %s.", inWords(is))
	}
	d := Difference(a, b)
	from, against := d.parts(is - was)
	more, less := "less", "more"
	if is > was {
		more, less = less, more
	}
	var s strings.Builder
	fmt.Fprintf(&s, "On average a request takes %s with %s instead of %s with %s: %s goes to %s", inWordsLike(is, max(is, was)), b.Variant,
		inWordsLike(was, max(is, was)), a.Variant, more, d.list(from))
	if len(against) > 0 {
		fmt.Fprintf(&s, ", %s to %s", less, d.list(against))
	}
	return s.String() + "."
}

// inWhole is the account as the ledger shows it, so that words and rows have the same numbers.
func (a Account) inWhole(unit sim.Time) Account {
	for c, n := range a.Rounded(unit) {
		a.Spent[c] = sim.Time(n) * unit
	}
	return a
}

// offset says what cancels out in a difference of nothing.
func offset(d *Account) string {
	from, against := d.parts(-1)
	if len(from) == 0 || len(against) == 0 || magnitude(d.Spent[from[0]]) < sim.Millisecond {
		return ""
	}
	return fmt.Sprintf(" What is saved (%s) is lost again (%s).", d.list(from), d.list(against))
}

// parts are the causes, largest first, that make up most of a difference, and those that work against it.
func (d *Account) parts(total sim.Time) (from, against []Cause) {
	var all []Cause
	for c, t := range d.Spent {
		if t != 0 {
			all = append(all, Cause(c))
		}
	}
	slices.SortStableFunc(all, func(x, y Cause) int { return cmp.Compare(magnitude(d.Spent[y]), magnitude(d.Spent[x])) })
	for _, c := range all {
		t := d.Spent[c]
		list := &from
		if t < 0 != (total < 0) {
			list = &against
		}
		if len(*list) == 0 && list == &from || len(*list) < 3 && magnitude(t) >= max(magnitude(total)/10, 1) {
			*list = append(*list, c)
		}
	}
	return from, against
}

// noun names a cause of a difference, with a number where there is one.
func (d *Account) noun(c Cause) string {
	if n := max(d.Handshakes, -d.Handshakes); c == Handshake && n > 0 {
		if n == 1 {
			return "1 handshake"
		}
		return grouped(int64(n)) + " handshakes"
	}
	return causeNouns[c]
}

// list is "19 handshakes (1 902.6 ms) and slow start (300.0 ms)".
func (d *Account) list(causes []Cause) string {
	words := make([]string, len(causes))
	for i, c := range causes {
		words[i] = d.noun(c) + " (" + inWords(magnitude(d.Spent[c])) + ")"
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

func magnitude(t sim.Time) sim.Time { return max(t, -t) }

// inWords is a time as people read it: milliseconds with a decimal until 10 s, then seconds.
func inWords(t sim.Time) string { return inWordsLike(t, t) }

// inWordsLike writes t in the unit that suits another time.
func inWordsLike(t, other sim.Time) string {
	switch {
	case other >= 10*sim.Second:
		hundredths := int64(t+5*sim.Millisecond) / 10_000_000
		return fmt.Sprintf("%s.%02d s", grouped(hundredths/100), hundredths%100)
	case other < sim.Millisecond:
		return t.Milliseconds() + " ms"
	}
	tenths := int64(t+50_000) / 100_000
	return fmt.Sprintf("%s.%d ms", grouped(tenths/10), tenths%10)
}

// grouped sets thousands apart by thin spaces.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u2009" + s[i:]
	}
	return s
}
