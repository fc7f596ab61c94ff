package lab

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"keepalive/scenarios"
)

// nearest offers the known word most like word, if one is close: ` (did you mean "number"?)`.
func nearest(word string, known ...string) string {
	best := scenarios.Nearest(word, known)
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
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

// quantity is a number with a unit, as scenarios write them, or a plain whole one.
type quantity struct {
	kind *scenarios.Quantity
	size float64 // in the smallest unit of its kind
}

var quantities = []*scenarios.Quantity{&scenarios.Counts, &scenarios.Durations, &scenarios.Sizes, &scenarios.Rates, &scenarios.Shares, &scenarios.Frequencies, &scenarios.Packets}

func parseQuantity(text string) (quantity, error) {
	for _, q := range quantities {
		if v, err := q.Parse(text); err == nil {
			return quantity{q, float64(v)}, nil
		}
	}
	return quantity{}, fmt.Errorf("want a quantity such as 100ms, 10kB, 10Mbit/s or 20, got %q", text)
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
	if from.size == 0 { // a bare 0 is of every kind
		from.kind = to.kind
	}
	if from.kind != to.kind || from.size > to.size {
		return span{}, fmt.Errorf("want a range from less to more of one kind, such as 10ms..300ms, got %q", text)
	}
	return span{from: from, to: to}, nil
}

// ends are the values at the ends of a range, or those of a list.
func ends(text string) []string {
	values := strings.Split(text, ",")
	if from, to, two := strings.Cut(text, ".."); two {
		values = []string{from, to}
	}
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	return values
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
	if q.size == 0 {
		q.kind = s.from.kind
	}
	if q.kind != s.from.kind || q.size < s.from.size || q.size > s.to.size {
		return fmt.Errorf("%q is outside the range", text)
	}
	return nil
}
