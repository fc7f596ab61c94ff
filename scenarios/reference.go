package scenarios

import (
	"reflect"
	"strings"
	"sync"
)

// Field is one field of the vocabulary, as its tags tell it.
type Field struct {
	Path    string // link.rtt; [] stands for an entry of a list
	Type    string // what is written there: a duration, one word of some, a mapping
	Default string // "" if there is none
	Doc     string
	Zero    string // what zero means, if that surprises
	Source  string // where the default comes from
	Words   []string
	Example string
	Units   []string // that may stand behind the number
	Min     string   // the least that may stand there; "" if that is 0, or no number is wanted
	Max     string   // the most; "" if there is no bound of its own

	sample string // for Line
}

// Fields lists the whole vocabulary in the order of the document.
func Fields() []Field { return vocabulary() }

var vocabulary = sync.OnceValue(func() []Field { return fieldsUnder("", reflect.TypeFor[Document]()) })

func fieldsUnder(path string, t reflect.Type) []Field {
	var out []Field
	for _, f := range fieldsOf(t) {
		at := join(path, f.key)
		entry := Field{Path: at, Default: f.tag.Get("default"), Doc: f.tag.Get("doc"), Zero: f.tag.Get("zero"),
			Source: f.tag.Get("source"), Words: wordsOf(f.tag), Min: f.tag.Get("min"), Max: f.tag.Get("max")}
		entry.Type, entry.Example = typeName(f)
		if q := quantities[pointed(f.typ)]; q != nil {
			for _, u := range q.Units {
				entry.Units = append(entry.Units, u.Name)
			}
		}
		if rest, is := strings.CutPrefix(at, "proxy."); is {
			if own := proxyDefaults().lookup(strings.Split(rest, ".")...); own != nil && own.kind == scalar {
				entry.Default = own.text
			}
		}
		entry.sample = sample(f, entry)
		out = append(out, entry)
		switch inner := pointed(f.typ); {
		case composite[inner] != "", inner.Name() == "Span", inner.Name() == "Queue":
		case inner.Kind() == reflect.Struct:
			out = append(out, fieldsUnder(at, inner)...)
		case inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct:
			out = append(out, fieldsUnder(at+"[]", inner.Elem())...)
		}
	}
	return out
}

// pointed is what a pointer type points to, and any other type itself.
func pointed(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// composite are the types whose values are written in more than one shape.
var composite = map[reflect.Type]string{
	reflect.TypeFor[Loss]():   "a share, or one per direction",
	reflect.TypeFor[Burst]():  "none or a mapping of enter, leave and loss",
	reflect.TypeFor[Shape]():  "poisson, constant or {bursts: …}",
	reflect.TypeFor[Patch]():  "a part of a scenario",
	reflect.TypeFor[Window](): "auto or a size",
}

// typeName says in words what a field holds, with an example for quantities.
func typeName(f field) (name, example string) {
	t := pointed(f.typ)
	if name := composite[t]; name != "" {
		return name, ""
	}
	if q := quantities[t]; q != nil {
		return q.Name, q.Example
	}
	switch {
	case t.Name() == "Span":
		return "a duration, {uniform: …} or {exponential: …}", "{uniform: 1s}"
	case t.Name() == "Queue":
		return "packets or a size", "100 packets"
	case len(wordsOf(f.tag)) > 0:
		return "one of " + strings.Join(wordsOf(f.tag), ", "), ""
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false", ""
	case reflect.Int, reflect.Uint64:
		return "a whole number", ""
	case reflect.String:
		return "text", ""
	case reflect.Slice:
		return "a list", ""
	}
	return "a mapping", ""
}
