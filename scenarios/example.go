package scenarios

import (
	"cmp"
	"reflect"
	"strings"
)

// Range says in words which numbers may stand in the field; "" if there is no bound but 0 and what a run can compute with.
func (f Field) Range() string {
	switch least, most := apart(f.Min), apart(f.Max); {
	case least != "" && most != "":
		return least + " to " + most
	case most != "":
		return "at most " + most
	case least != "":
		return "at least " + least
	}
	return ""
}

// apart is a quantity with its thousands set apart: 10 000 000.
func apart(quantity string) string {
	digits, unit := split(quantity)
	if len(digits) < 5 {
		return quantity
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202F" + digits[i:]
	}
	return digits + unit
}

// Line is a document with this field alone, such as link: {rtt: 100ms}; "" for a part that only holds others.
func (f Field) Line() string {
	if f.sample == "" {
		return ""
	}
	text := f.sample
	keys := strings.Split(f.Path, ".")
	for i := len(keys) - 1; i >= 0; i-- {
		key, list := strings.CutSuffix(keys[i], "[]")
		if list {
			text = "[" + text + "]"
		}
		text = key + ": " + text
		if i > 0 {
			text = "{" + text + "}"
		}
	}
	return text
}

// samples are values to show for what neither default nor unit suggests one, by the field's last word.
var samples = map[string]string{"name": "Evening rush", "about": "Look at the handshakes.", "after": "/", "host": "cdn.example", "path": "/img",
	"file": "arrivals.txt", "requests": "10", "down": "[12, 13]", "up": "[1]", "at": "[0ms, 13ms, 1s]", "max_connections": "256",
	"max_idle_total": "100", "with": "{link: {rtt: 20ms}}"}

// compositeSamples are those of types that are written in more than one shape.
var compositeSamples = map[reflect.Type]string{
	reflect.TypeFor[Loss]():   "{down: 1%, up: 0%}",
	reflect.TypeFor[Burst]():  "{enter: 1%, leave: 25%, loss: 50%}",
	reflect.TypeFor[Shape]():  "{bursts: 20}",
	reflect.TypeFor[Patch]():  "{link: {rtt: 20ms}}",
	reflect.TypeFor[Window](): "16KiB",
}

// sample is a value that may stand in a field, other than its default where there is a choice of few.
func sample(f field, entry Field) string {
	t, preset := pointed(f.typ), f.tag.Get("default")
	if s := compositeSamples[t]; s != "" {
		return s
	}
	for _, w := range entry.Words {
		if w != preset {
			return w
		}
	}
	switch {
	case t.Kind() == reflect.Bool:
		return map[string]string{"true": "false", "false": "true"}[preset]
	case t.Name() == "Span":
		return "{uniform: 1s}"
	case t.Name() == "Queue":
		return "64KiB"
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return ""
	case t.Kind() == reflect.Uint64:
		return "7"
	case t.Kind() == reflect.Int && preset != "" && preset != "0", quantities[t] != nil && strings.Trim(preset, "0B%nums") != "":
		return entry.Default
	}
	if quantities[t] == &Durations { // of the size that its default's unit suggests
		return map[string]string{"0us": "20us", "0ms": "20ms", "0s": "30s", "": "60s"}[preset]
	}
	return cmp.Or(samples[f.key], entry.Example)
}
