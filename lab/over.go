package lab

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"keepalive/scenarios"
)

// Over is a field of a scenario and the values that it is to take, in order and none twice.
type Over struct {
	Path   string   `json:"path"`
	Values []string `json:"values"`
	Ranged bool     `json:"-"` // the values lie between two ends
	Spaced bool     `json:"-"` // and their number was left open: others between the ends would do as well
}

// mostValues of one field.
const mostValues = 1000

// spacedValues is how many values stand for a range that names no number of them: 2^5 + 1, so that halving meets them all.
const spacedValues = 33

// ParseOver reads PATH=RANGE: A..B/n is n evenly spaced values with both ends, A..B/nlog geometric ones, a,b,c a list. A..B
// leaves the number open: it is geometric if B is at least ten times A. Values between the ends are rounded, by a tenth of the
// step at most; whole numbers may be fewer than asked for.
func ParseOver(text string) (Over, error) {
	path, values, ok := strings.Cut(text, "=")
	path = strings.TrimSpace(path)
	if !ok || path == "" || slices.Contains(strings.Split(path, "."), "") {
		return Over{}, fmt.Errorf("want PATH=RANGE, such as server.keep_alive_timeout=1s..60s/7log, got %q", text)
	}
	o := Over{Path: path}
	var err error
	if strings.Contains(values, "..") {
		err = o.spread(values)
	} else {
		err = o.list(values)
	}
	if err != nil {
		return Over{}, fmt.Errorf("%s: %w", path, err)
	}
	return o, nil
}

// list reads a,b,c.
func (o *Over) list(text string) error {
	s, err := parseRange(text)
	if err != nil {
		return err
	}
	for _, w := range s.words {
		if !slices.Contains(o.Values, w) {
			o.Values = append(o.Values, w)
		}
	}
	if len(o.Values) > mostValues {
		return fmt.Errorf("want at most %d values, got %d", mostValues, len(o.Values))
	}
	return nil
}

// spread reads A..B, A..B/n and A..B/nlog.
func (o *Over) spread(text string) error {
	ends, number, counted := cutNumber(text)
	s, err := parseRange(ends)
	if err != nil {
		return err
	}
	from, to, _ := strings.Cut(ends, "..")
	r := rule{span: s, first: strings.TrimSpace(from), last: strings.TrimSpace(to)}
	n := spacedValues
	r.log = s.from.size > 0 && s.to.size >= 10*s.from.size
	if counted {
		digits, isLog := strings.CutSuffix(number, "log")
		n, err = strconv.Atoi(digits)
		if err != nil || n < 2 || n > mostValues {
			return fmt.Errorf("want a number of values from 2 to %d behind /, as in 1s..60s/7 or 1s..60s/7log, got %q", mostValues, number)
		}
		if r.log = isLog; isLog && s.from.size == 0 {
			return fmt.Errorf("values that grow by a factor cannot begin at 0, got %q", text)
		}
	}
	o.Ranged, o.Spaced = true, !counted
	o.Values = r.values(n)
	return nil
}

// cutNumber parts the number of values from a range; a unit may hold a stroke too (50/s..90/s/5).
func cutNumber(text string) (ends, number string, ok bool) {
	i := strings.LastIndexByte(text, '/')
	if i < 0 || i+1 == len(text) || text[i+1] < '0' || text[i+1] > '9' {
		return text, "", false
	}
	return text[:i], text[i+1:], true
}

// rule makes values between two ends.
type rule struct {
	span        span
	first, last string
	log         bool
}

// values are n of them, or as many as are different.
func (r *rule) values(n int) []string {
	all := []string{r.first}
	below := r.span.from.size
	for k := 1; k < n-1; k++ {
		v := r.round(r.at(float64(k)/float64(n-1)), r.at(float64(k+1)/float64(n-1)))
		if v > below && v < r.span.to.size {
			all = append(all, r.write(v))
			below = v
		}
	}
	if r.span.to.size > r.span.from.size {
		all = append(all, r.last)
	}
	return all
}

// at is the value at a share of the way.
func (r *rule) at(share float64) float64 {
	a, b := r.span.from.size, r.span.to.size
	if r.log {
		return a * math.Pow(b/a, share)
	}
	return a + share*(b-a)
}

// round keeps of v so many digits that the error is at most a tenth of the way to the next value.
func (r *rule) round(v, next float64) float64 {
	unit := float64(r.unit(v).Scale)
	step := math.Pow(10, math.Floor(math.Log10(min(next-v, v)/unit/5))) * unit
	for step < 1 || step != math.Trunc(step) { // values are whole numbers of the smallest unit
		step *= 10
	}
	return math.Round(v/step) * step
}

// unit is the last value's, or the first one's where that is too large.
func (r *rule) unit(v float64) scenarios.Unit {
	find := func(text string) scenarios.Unit {
		best := r.span.to.kind.Units[0]
		for _, u := range r.span.to.kind.Units {
			if strings.TrimLeft(text, "+-.0123456789 ") == u.Name {
				best = u
			}
		}
		return best
	}
	if u := find(r.last); v >= float64(u.Scale) || r.span.from.size == 0 {
		return u
	}
	return find(r.first)
}

// write is v in its unit, exactly.
func (r *rule) write(v float64) string {
	u := r.unit(v)
	q := new(big.Rat).Quo(new(big.Rat).SetFloat64(v), new(big.Rat).SetInt64(u.Scale))
	digits, exact := q.FloatPrec()
	if !exact {
		least := r.span.to.kind.Units[0]
		return strconv.FormatFloat(v/float64(least.Scale), 'f', -1, 64) + least.Name
	}
	name := u.Name
	if name == "packets" || name == "packet" {
		name = " " + name
	}
	return q.FloatString(digits) + name
}

// Between tells whether a value lies within the ends of a range that leaves the number of its values open, and puts it among them.
func (o *Over) Between(value string) bool {
	if slices.Contains(o.Values, value) {
		return true
	}
	if !o.Spaced {
		return false
	}
	q, err := parseQuantity(value)
	if err != nil {
		return false
	}
	for i, other := range o.Values {
		p, err := parseQuantity(other)
		if err != nil || p.kind != q.kind && p.size != 0 && q.size != 0 {
			return false
		}
		switch {
		case p.size == q.size: // the same in other words
			o.Values[i] = value
			return true
		case p.size > q.size && i == 0:
			return false
		case p.size > q.size:
			o.Values = slices.Insert(slices.Clone(o.Values), i, value)
			return true
		}
	}
	return false
}
