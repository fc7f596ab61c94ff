package conf

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"keepalive/scenarios"
)

// Draft is a scenario that a configuration gave.
type Draft struct {
	Title   string
	Ignored int // directives that no field stands for
	from    string
	dir     string   // of the main file: places beneath it are told without it
	notes   []string // what was chosen and what else there is
	fields  []field
	ignored []ignored
	seen    map[*directive]bool    // directives that a comment tells of
	known   func(path string) bool // what the vocabulary has; a field it lacks is written as a comment
}

// field is a field of the scenario, with the reasons for its value.
type field struct {
	path, value string
	why         []string
}

// ignored is a directive without a field, and why if that is not plain.
type ignored struct {
	name, place, why string
}

func newDraft(kind, file string) *Draft {
	return &Draft{from: kind + " " + file, dir: path.Dir(file), seen: map[*directive]bool{}, known: scenarios.IsField}
}

// at names a directive's place in few words.
func (d *Draft) at(x *directive) string {
	file := x.file
	if rest, ok := strings.CutPrefix(file, strings.TrimSuffix(d.dir, "/")+"/"); ok {
		file = rest
	}
	return fmt.Sprintf("%s:%d", oneLine(file), x.line)
}

// told is a directive as a reason tells it. What was told is not listed as ignored.
func (d *Draft) told(x *directive) string {
	d.seen[x] = true
	return fmt.Sprintf("%v (%s)", x, d.at(x))
}

// set gives a field its value. The last one that is set stays.
func (d *Draft) set(path string, value any, why ...string) {
	d.fields = slices.DeleteFunc(d.fields, func(f field) bool { return f.path == path })
	d.fields = append(d.fields, field{path, fmt.Sprint(value), why})
}

// note adds a sentence to the head of the scenario.
func (d *Draft) note(format string, args ...any) {
	d.notes = append(d.notes, oneLine(fmt.Sprintf(format, args...)))
}

// skip notes a directive that no field stands for.
func (d *Draft) skip(x *directive, why string) {
	d.Ignored++
	d.ignored = append(d.ignored, ignored{oneLine(x.label()), d.at(x), why})
}

// placeholder asks for something, as no server's configuration says what its clients want.
func (d *Draft) placeholder() {
	d.set("client.count", 20, "a placeholder: no configuration says who comes. Write your own clients and what they want, or take a page from a HAR")
	d.set("client.start", "{uniform: 1s}")
	d.set("workload.users", "{requests: 10, think: 1s, size: 10kB}")
}

// YAML is the scenario as it is written. It parses, or the configuration says what no scenario can have: then the error tells.
func (d *Draft) YAML() ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# From %s. Each comment names the directive and its place; what follows from none is an assumption and says so.\n", oneLine(d.from))
	for _, n := range d.notes {
		fmt.Fprintf(&b, "# %s\n", n)
	}
	title, _ := json.Marshal(oneLine(d.Title))
	fmt.Fprintf(&b, "name: %s\n", title)
	d.writeFields(&b)
	d.writeIgnored(&b)
	out := []byte(b.String())
	if _, err := scenarios.Parse("import.yaml", out); err != nil {
		return nil, fmt.Errorf("%s gives what no scenario can have: %w", d.from, err)
	}
	return out, nil
}

// sections are the keys of the document in the order in which they are written.
var sections = []string{"hosts", "link", "tcp", "tls", "http", "client", "proxy", "server", "workload"}

func (d *Draft) writeFields(b *strings.Builder) {
	order := func(f field) int {
		key, _, _ := strings.Cut(f.path, ".")
		return slices.Index(sections, key)
	}
	slices.SortStableFunc(d.fields, func(x, y field) int { return order(x) - order(y) })
	var open []string
	for i, f := range d.fields {
		keys := strings.Split(f.path, ".")
		last := len(keys) - 1
		same := 0
		for same < min(last, len(open)) && open[same] == keys[same] {
			same++
		}
		for k := same; k < last; k++ {
			prefix := strings.Join(keys[:k+1], ".")
			fmt.Fprintf(b, "%s%s%s:\n", strings.Repeat("  ", k), d.mark(d.anyKnown(d.fields[i:], prefix)), keys[k])
		}
		open = keys[:last]
		d.writeField(b, f, strings.Repeat("  ", last), keys[last])
	}
}

// anyKnown tells whether a mapping has a field that the vocabulary has.
func (d *Draft) anyKnown(fields []field, prefix string) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return strings.HasPrefix(f.path, prefix+".") && d.known(f.path) })
}

func (d *Draft) mark(known bool) string {
	if known {
		return ""
	}
	return "# "
}

func (d *Draft) writeField(b *strings.Builder, f field, indent, key string) {
	known := d.known(f.path)
	for _, w := range f.why {
		fmt.Fprintf(b, "%s# %s\n", indent, oneLine(w))
	}
	note := ""
	if !known {
		note = " # not modelled yet"
	}
	fmt.Fprintf(b, "%s%s%s: %s%s\n", indent, d.mark(known), key, f.value, note)
}

// writeIgnored lists what was ignored, a line per name.
func (d *Draft) writeIgnored(b *strings.Builder) {
	if len(d.ignored) == 0 {
		return
	}
	fmt.Fprintf(b, "\n# Ignored, since no field stands for it (%d):\n", d.Ignored)
	var names []string
	places := map[string][]string{}
	for _, i := range d.ignored {
		name := i.name
		if i.why != "" {
			name += " (" + i.why + ")"
		}
		if places[name] == nil {
			names = append(names, name)
		}
		places[name] = append(places[name], i.place)
	}
	for _, n := range names {
		at := places[n]
		more := ""
		if len(at) > 5 {
			more = fmt.Sprintf(" and %d more", len(at)-5)
			at = at[:5]
		}
		fmt.Fprintf(b, "#   %s: %s%s\n", oneLine(n), strings.Join(at, ", "), more)
	}
}
