package lab

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"keepalive/sim"
)

// Why says why one of two neighbours in a race is over before the other, with the difference of their runs' ledgers.
type Why struct {
	A          int     `json:"a"` // numbers of the variants, from 0
	B          int     `json:"b"`
	Difference Account `json:"difference"` // B's run less A's: it adds up to the difference of finished_ms
	// Text calls the variants by their letters in the race. Its numbers add up as well: "B is 1 902.6 ms faster than A:
	// handshakes 1 902.6 ms less".
	Text string `json:"text"`
	// Mean is the same of the mean request, where the way to the last one says little of the others.
	Mean string `json:"mean,omitempty"`
}

// whys set each variant against the next.
func whys(all []ExplainedVariant, mean bool) []Why {
	var list []Why
	for i := 0; i+1 < len(all); i++ {
		a, b := all[i].Ledger, all[i+1].Ledger
		first, second := letter(i), letter(i+1)
		w := Why{A: i, B: i + 1, Difference: Difference(a, b), Text: Because(a, b, first, second)}
		if mean && a.Mean.Total() > 0 && b.Mean.Total() > 0 {
			w.Mean = because(a.Mean, b.Mean, func(by string, less bool) string {
				switch {
				case by == "":
					return fmt.Sprintf("On average a request takes the same time in %s and %s", first, second)
				case less:
					return fmt.Sprintf("On average a request of %s takes %s less than one of %s", second, by, first)
				default:
					return fmt.Sprintf("On average a request of %s takes %s more than one of %s", second, by, first)
				}
			})
		}
		list = append(list, w)
	}
	return list
}

// Reasons are the sentences of Why.
func (e *Explanation) Reasons() []string {
	var all []string
	for i := range e.Why {
		all = append(all, e.Why[i].Text)
	}
	return all
}

// letter names a variant as the race does.
func letter(i int) string { return string(rune('A' + i)) }

// Because says in a sentence why b's run takes another time than a's; first and second are what they are called in it.
func Because(a, b Ledger, first, second string) string {
	return because(a.Run, b.Run, func(by string, less bool) string {
		switch {
		case by == "":
			return first + " and " + second + " take the same time"
		case less:
			return fmt.Sprintf("%s is %s faster than %s", second, by, first)
		default:
			return fmt.Sprintf("%s is %s slower than %s", second, by, first)
		}
	})
}

// mostCauses is how many causes a sentence names; what is left is the rest.
const mostCauses = 5

// because lists the causes of b - a behind what lead says of the whole: first those that make up the difference, then
// those that work against it. by is "" if there is no difference.
func because(a, b Account, lead func(by string, less bool) string) string {
	unit := wordUnit(max(a.Total(), b.Total()))
	a, b = a.inWhole(unit), b.inWhole(unit)
	var d Account
	for c := range d.Spent {
		d.Spent[c] = b.Spent[c] - a.Spent[c]
	}
	total := d.Total()
	by := ""
	if total != 0 {
		by = inUnit(magnitude(total), unit)
	}
	var from, against []string
	for _, p := range d.largest() {
		word := "less"
		if p.spent > 0 {
			word = "more"
		}
		list := &from
		if p.spent < 0 != (total <= 0) {
			list = &against
		}
		*list = append(*list, p.name+" "+inUnit(magnitude(p.spent), unit)+" "+word)
	}
	text := lead(by, total < 0)
	if len(from) > 0 {
		text += ": " + strings.Join(from, ", ")
	}
	if len(against) > 0 {
		text += ", but " + strings.Join(against, ", ")
	}
	return text + "."
}

// portion is what a cause, or several together, has of a difference.
type portion struct {
	name  string
	spent sim.Time
}

// largest are the causes of a difference, largest first, with what is left at the end.
func (d *Account) largest() []portion {
	var all []portion
	for c, t := range d.Spent {
		if t != 0 {
			all = append(all, portion{causeNouns[c], t})
		}
	}
	slices.SortStableFunc(all, func(x, y portion) int { return cmp.Compare(magnitude(y.spent), magnitude(x.spent)) })
	if len(all) <= mostCauses+1 {
		return all
	}
	rest := portion{name: "the rest"}
	for _, p := range all[mostCauses:] {
		rest.spent += p.spent
	}
	all = all[:mostCauses]
	if rest.spent != 0 {
		all = append(all, rest)
	}
	return all
}

// wordUnit is the precision of a sentence about a time: as UnitFor, but a hundredth of a second from 10 s on.
func wordUnit(t sim.Time) sim.Time {
	if t >= 10*sim.Second {
		return 10 * sim.Millisecond
	}
	return UnitFor(t)
}

// inUnit writes a time, which is a whole number of units.
func inUnit(t, unit sim.Time) string {
	if unit == 10*sim.Millisecond {
		return inWordsLike(t, 10*sim.Second)
	}
	return InUnits(int64(t/unit), unit) + " ms"
}
