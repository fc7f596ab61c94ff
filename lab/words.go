package lab

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// nearest offers the known word most like word, if one is close: ` (did you mean "number"?)`.
func nearest(word string, known ...string) string {
	best, least := "", 3
	for _, k := range known {
		if d := edits(strings.ToLower(word), k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
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

// fieldNames lists the JSON names of all fields of v, a pointer to a struct, and of the structs in its lists.
func fieldNames(v any) []string {
	var names []string
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			return
		}
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			if name != "" {
				names = append(names, name)
				visit(t.Field(i).Type)
			}
		}
	}
	visit(reflect.TypeOf(v))
	return names
}

// parseNumber reads a plain decimal number.
func parseNumber(text string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(text, "xXpP_") {
		return 0, fmt.Errorf("want a number, got %q", text)
	}
	return v, nil
}

// unitsOf gives each unit of a scenario its kind and size.
var unitsOf = map[string]struct {
	kind string
	size float64
}{
	"": {"", 1}, "%": {"share", 0.01},
	"ns": {"time", 1}, "us": {"time", 1e3}, "ms": {"time", 1e6}, "s": {"time", 1e9}, "min": {"time", 60e9}, "h": {"time", 3600e9},
	"B": {"bytes", 1}, "kB": {"bytes", 1e3}, "KiB": {"bytes", 1 << 10}, "MB": {"bytes", 1e6}, "MiB": {"bytes", 1 << 20},
	"bit/s": {"rate", 1}, "kbit/s": {"rate", 1e3}, "Mbit/s": {"rate", 1e6}, "Gbit/s": {"rate", 1e9},
	"/s": {"frequency", 60}, "/min": {"frequency", 1}, "packets": {"packets", 1},
}

// quantity is a number with a unit, as scenarios write them.
type quantity struct {
	kind string
	size float64 // in the smallest unit of its kind
}

func parseQuantity(text string) (quantity, error) {
	text = strings.TrimSpace(text)
	end := 0
	for end < len(text) && strings.IndexByte("+-.0123456789", text[end]) >= 0 {
		end++
	}
	unit, known := unitsOf[strings.TrimSpace(text[end:])]
	v, err := parseNumber(text[:end])
	if err != nil || !known {
		return quantity{}, fmt.Errorf("want a quantity such as 100ms, 10kB, 10Mbit/s or 20, got %q", text)
	}
	return quantity{unit.kind, v * unit.size}, nil
}

// span is what a setting may be: between two quantities, or one of a list of words.
type span struct {
	from, to quantity
	words    []string
}

// parseRange reads 10ms..300ms or per-request,persistent.
func parseRange(text string) (span, error) {
	a, b, two := strings.Cut(text, "..")
	if !two {
		words := strings.Split(text, ",")
		for i := range words {
			words[i] = strings.TrimSpace(words[i])
			if words[i] == "" {
				return span{}, fmt.Errorf("want a range such as 10ms..300ms, or a list such as 4,10, got %q", text)
			}
		}
		return span{words: words}, nil
	}
	from, err := parseQuantity(a)
	if err != nil {
		return span{}, err
	}
	to, err := parseQuantity(b)
	if err != nil {
		return span{}, err
	}
	if from.kind != to.kind || from.size > to.size {
		return span{}, fmt.Errorf("want a range from less to more of one kind, such as 10ms..300ms, got %q", text)
	}
	return span{from: from, to: to}, nil
}

// allows tells whether a setting lies within the range.
func (s span) allows(text string) error {
	if s.words != nil {
		for _, w := range s.words {
			if w == strings.TrimSpace(text) {
				return nil
			}
		}
		return fmt.Errorf("want one of %s, got %q", strings.Join(s.words, ", "), text)
	}
	q, err := parseQuantity(text)
	if err != nil {
		return err
	}
	if q.kind != s.from.kind || q.size < s.from.size || q.size > s.to.size {
		return fmt.Errorf("%q is outside the range", text)
	}
	return nil
}
