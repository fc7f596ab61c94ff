package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"keepalive/model"
	"keepalive/sim"
)

// decoder fills the tagged types from nodes and collects every mistake on its way.
type decoder struct{ mistakes *Mistakes }

// field is one key of a mapping, as a type's tags tell it.
type field struct {
	key   string
	index []int
	typ   reflect.Type
	tag   reflect.StructTag
}

// fieldsOf lists a struct's keys, those of embedded structs in their place.
func fieldsOf(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			for _, inner := range fieldsOf(f.Type) {
				inner.index = append([]int{i}, inner.index...)
				out = append(out, inner)
			}
			continue
		}
		out = append(out, field{f.Tag.Get("yaml"), []int{i}, f.Type, f.Tag})
	}
	return out
}

// quantities are the types that are a number with a unit.
var quantities = map[reflect.Type]*Quantity{
	reflect.TypeFor[sim.Time]():    &Durations,
	reflect.TypeFor[model.Bytes](): &Sizes,
	reflect.TypeFor[model.Rate]():  &Rates,
	reflect.TypeFor[model.PPB]():   &Shares,
	reflect.TypeFor[PerHour]():     &Frequencies,
	reflect.TypeFor[Window]():      &Sizes,
}

// most is the largest value of a quantity without a max of its own: what a run can compute with.
var most = map[*Quantity]string{&Durations: "1000h", &Sizes: "1000000MB", &Rates: "1000Gbit/s", &Shares: "100%", &Frequencies: "1000000/s"}

// value fills v from n; an absent one takes the tag's default.
func (d *decoder) value(path string, n *node, v reflect.Value, tag reflect.StructTag) {
	if n == nil || n.kind == null {
		text := tag.Get("default")
		if text == "" && v.Kind() != reflect.Struct {
			return
		}
		if text != "" {
			n = &node{kind: scalar, text: text}
		} else {
			n = nil
		}
	}
	switch to := v.Addr().Interface().(type) {
	case *model.Span:
		d.span(path, n, to)
	case *model.Queue:
		d.queue(path, n, to)
	case *Loss:
		d.loss(path, n, to)
	case *Burst:
		d.burst(path, n, v)
	case *Shape:
		d.shape(path, n, to)
	case *Patch:
		d.patch(path, n, to)
	default:
		d.plain(path, n, v, tag)
	}
}

// plain fills mappings, lists and single values.
func (d *decoder) plain(path string, n *node, v reflect.Value, tag reflect.StructTag) {
	switch v.Kind() {
	case reflect.Struct:
		d.mapping(path, n, v)
	case reflect.Slice:
		d.list(path, n, v, tag)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(path, n, v.Elem(), tag)
	default:
		if d.want(path, n, scalar) {
			d.scalar(path, n, v, tag)
		}
	}
}

// want notes that n is not of the kind that must stand there.
func (d *decoder) want(path string, n *node, k kind) bool {
	if n.kind == k {
		return true
	}
	if n.kind == scalar {
		d.mistakes.add(n.at, path, "want %v, got %q", k, n.text)
	} else {
		d.mistakes.add(n.at, path, "want %v, got %v", k, n.kind)
	}
	return false
}

func (d *decoder) mapping(path string, n *node, v reflect.Value) {
	if n != nil && !d.want(path, n, mapping) {
		n = nil
	}
	fields := fieldsOf(v.Type())
	for _, f := range fields {
		d.value(join(path, f.key), n.get(f.key), v.FieldByIndex(f.index), f.tag)
	}
	if n == nil {
		return
	}
	for _, e := range n.entries {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.key == e.key }) {
			d.unknown(join(path, e.key), e, fields)
		}
	}
}

// unknown says what a key may have been meant to be.
func (d *decoder) unknown(path string, e entry, fields []field) {
	if IsLater(path) {
		d.mistakes.add(e.at, path, "is not modelled yet")
		return
	}
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	hint := didYouMean(e.key, keys)
	if homes := homesOf(path, e.key); len(homes) > 0 && Nearest(e.key, keys) == "" {
		hint = "it belongs at " + strings.Join(homes, " or ")
	}
	d.mistakes.add(e.at, path, "there is no such field: %s", hint)
}

// homesOf lists the paths of all fields with the key that was found at path. A proxy has many of the others' too: they are
// meant inside of it.
func homesOf(path, key string) []string {
	var out []string
	inside := strings.HasPrefix(path, "proxy.")
	for _, f := range Fields() {
		if f.Path == key || strings.HasSuffix(f.Path, "."+key) && strings.HasPrefix(f.Path, "proxy.") == inside {
			out = append(out, f.Path)
		}
	}
	return out[:min(len(out), 3)]
}

func (d *decoder) list(path string, n *node, v reflect.Value, tag reflect.StructTag) {
	if !d.want(path, n, list) {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if item.kind == null {
			d.mistakes.add(item.at, at, "is empty: write it or leave it out")
			continue
		}
		d.value(at, item, v.Index(i), reflect.StructTag(`min:"`+tag.Get("min")+`"`))
	}
}

// scalar fills a single value.
func (d *decoder) scalar(path string, n *node, v reflect.Value, tag reflect.StructTag) {
	if q := quantities[v.Type()]; q != nil {
		if _, isWindow := v.Interface().(Window); isWindow && n.text == "auto" {
			return
		}
		d.number(path, n, v, tag, q.Parse, most[q])
		return
	}
	switch v.Kind() {
	case reflect.Int:
		d.number(path, n, v, tag, count, "1000000000")
	case reflect.Uint64:
		u, err := strconv.ParseUint(n.text, 10, 64)
		if err != nil {
			d.mistakes.add(n.at, path, "want a whole number from 0 to 18446744073709551615, got %q", n.text)
		}
		v.SetUint(u)
	case reflect.Bool:
		if n.text != "true" && n.text != "false" {
			d.mistakes.add(n.at, path, "want true or false, got %q", n.text)
		}
		v.SetBool(n.text == "true")
	case reflect.String:
		v.SetString(d.word(path, n, tag))
	default:
		panic("scenarios: no way to read a " + v.Type().String())
	}
}

// number reads a number and holds it within the tag's min and max.
func (d *decoder) number(path string, n *node, v reflect.Value, tag reflect.StructTag, parse func(string) (int64, error), largest string) {
	x, err := parse(n.text)
	if err != nil {
		d.mistakes.add(n.at, path, "%v", err)
		return
	}
	least, most := tag.Get("min"), tag.Get("max")
	if least == "" {
		least = "0"
	}
	if most == "" {
		most = largest
	}
	from, _ := parse(least)
	to, _ := parse(most)
	switch {
	case x < from:
		d.mistakes.add(n.at, path, "want at least %s, got %s", least, n.text)
	case x > to:
		d.mistakes.add(n.at, path, "want at most %s, got %s", most, n.text)
	}
	v.SetInt(x)
}

// word is a text, which must be one of the tag's words if it has some.
func (d *decoder) word(path string, n *node, tag reflect.StructTag) string {
	words := wordsOf(tag)
	switch {
	case len(words) == 0:
		d.text(path, n, tag)
	case slices.Contains(words, n.text):
	case slices.Contains(words, n.text+".0"): // 1 is how YAML tools write 1.0
		return n.text + ".0"
	case slices.Contains(strings.Fields(tag.Get("later")), n.text):
		d.mistakes.add(n.at, path, "%s is not modelled yet: want %s", n.text, strings.Join(words, " or "))
	case Nearest(n.text, words) != "":
		d.mistakes.add(n.at, path, "want %s, got %q: did you mean %s?", strings.Join(words, " or "), n.text, Nearest(n.text, words))
	default:
		d.mistakes.add(n.at, path, "want %s, got %q", strings.Join(words, " or "), n.text)
	}
	return n.text
}

// text notes what a name, a path or a host cannot be: they stand in headers, tables and pictures. The tag's text says which it is.
func (d *decoder) text(path string, n *node, tag reflect.StructTag) {
	shape := tag.Get("text")
	unfit := func(r rune) bool { return unicode.IsControl(r) && (r != '\n' || shape != "lines") }
	switch {
	case strings.ContainsFunc(n.text, unfit):
		d.mistakes.add(n.at, path, "want text without control characters, got %q", n.text)
	case shape == "path" && (!strings.HasPrefix(n.text, "/") || strings.ContainsFunc(n.text, unicode.IsSpace)):
		d.mistakes.add(n.at, path, "want a path that begins with / and has no blanks, such as /img, got %q", n.text)
	case shape == "host" && strings.ContainsFunc(n.text, unicode.IsSpace):
		d.mistakes.add(n.at, path, "want a name without blanks, such as static.example, got %q", n.text)
	}
}

// wordsOf lists what may stand at a field; @client and @server stand for the presets.
func wordsOf(tag reflect.StructTag) []string {
	words := tag.Get("words")
	if kind, ok := strings.CutPrefix(words, "@"); ok {
		return presetNames(kind)
	}
	return strings.Fields(words)
}

// span reads 1s, {uniform: 2s} or {exponential: 1s}.
func (d *decoder) span(path string, n *node, to *model.Span) {
	read := func(path string, n *node) {
		d.value(path, n, reflect.ValueOf(&to.To).Elem(), "")
	}
	if n.kind != mapping {
		if d.want(path, n, scalar) {
			read(path, n)
		}
		return
	}
	kinds := map[string]model.SpanKind{"uniform": model.Uniform, "exponential": model.Exponential}
	if len(n.entries) != 1 {
		d.mistakes.add(n.at, path, "want one of uniform or exponential, got %d keys", len(n.entries))
	}
	for _, e := range n.entries {
		k, known := kinds[e.key]
		if !known {
			d.mistakes.add(e.at, join(path, e.key), "want a duration, {uniform: 2s} or {exponential: 1s}")
			continue
		}
		to.Kind = k
		read(join(path, e.key), e.value)
	}
}

// queue reads 100 packets or 64KiB.
func (d *decoder) queue(path string, n *node, to *model.Queue) {
	if !d.want(path, n, scalar) {
		return
	}
	if packets, err := Packets.Parse(n.text); err == nil {
		to.Packets = int(min(packets, 1e9))
		return
	}
	size, err := Sizes.Parse(n.text)
	if err != nil {
		d.mistakes.add(n.at, path, "want a number of packets or a size, such as 100 packets or 64KiB, got %q", n.text)
	}
	to.Bytes = model.Bytes(size)
}

// loss reads 1% or {down: 1%, up: 0%}.
func (d *decoder) loss(path string, n *node, to *Loss) {
	down, up := reflect.ValueOf(&to.Down).Elem(), reflect.ValueOf(&to.Up).Elem()
	if n.kind != mapping {
		if d.want(path, n, scalar) {
			d.value(path, n, down, "")
			to.Up = to.Down
		}
		return
	}
	for _, e := range n.entries {
		switch e.key {
		case "down":
			d.value(join(path, e.key), e.value, down, "")
		case "up":
			d.value(join(path, e.key), e.value, up, "")
		default:
			d.mistakes.add(e.at, join(path, e.key), "there is no such field: want down or up")
		}
	}
}

// patch keeps a variant's part as it is, and checks it as a document of its own.
func (d *decoder) patch(path string, n *node, to *Patch) {
	if n == nil || !d.want(path, n, mapping) {
		return
	}
	to.node = n
	for _, key := range []string{"name", "about", "seed", "variants"} {
		if n.get(key) != nil {
			d.mistakes.add(n.get(key).at, join(path, key), "belongs to the file, not to a variant")
		}
	}
	var whole Document
	d.value(path, n, reflect.ValueOf(&whole).Elem(), "")
}
