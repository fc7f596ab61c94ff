package main

import (
	"strings"

	"keepalive/scenarios"
)

// fieldReference is every field of a scenario and every preset, as the tagged types tell them.
type fieldReference struct {
	Groups  []fieldGroup
	Units   []unitRow
	Presets []presetGroup
	Count   int // fields and presets: what a search looks through
}

// fieldGroup is a part of the file: link, tcp, server and so on.
type fieldGroup struct {
	ID, Name, Doc string
	Fields        []referenceField
	Same          []referenceField // that mean what another field means
}

// referenceField is a field with what the page says of it besides.
type referenceField struct {
	scenarios.Field
	As    string      // the field it is like; "" if it is told on its own
	SetBy []presetUse // the presets that set it
	Part  bool        // it only holds other fields
}

// presetUse is a preset's value for a field.
type presetUse struct{ ID, Name, Value string }

// unitRow is one kind of number: what it is called, its units, an example.
type unitRow struct{ Name, Units, Example string }

// presetGroup is a part of a scenario and its presets.
type presetGroup struct {
	Kind    string
	Presets []preset
}

type preset struct {
	scenarios.Preset
	ID string
}

func referencePage() (*page, error) {
	b, err := body("reference.html", newReference())
	return &page{File: "reference.html", Name: "Reference", Title: "Reference", Script: "reference.js", Style: "reference.css", Class: "reference", Lean: true, Body: b,
		Description: "Every field of a scenario: unit, default, what zero means, where the default comes from. And every preset."}, err
}

func newReference() *fieldReference {
	r := &fieldReference{Units: unitRows()}
	uses := r.presets()
	told := map[string]string{} // what was said of a field already, and where
	for _, f := range scenarios.Fields() {
		first, _, _ := strings.Cut(f.Path, ".")
		first = strings.TrimSuffix(first, "[]")
		if f.Line() == "" && f.Path == first {
			r.Groups = append(r.Groups, fieldGroup{ID: f.Path, Name: f.Path, Doc: f.Doc})
			continue
		}
		g := r.group(first)
		r.Count++
		rf := referenceField{Field: f, SetBy: uses[f.Path], Part: f.Line() == ""}
		key := f.Type + "\x00" + f.Doc
		if at, is := told[key]; is && lastWord(at) == lastWord(f.Path) {
			rf.As = at
			g.Same = append(g.Same, rf)
			continue
		}
		told[key] = f.Path
		g.Fields = append(g.Fields, rf)
	}
	r.defaultsOfSame()
	return r
}

// group is the part that a field belongs to; the file's own for what lies in none.
func (r *fieldReference) group(name string) *fieldGroup {
	for i := range r.Groups {
		if r.Groups[i].ID == name {
			return &r.Groups[i]
		}
	}
	if len(r.Groups) == 0 || r.Groups[0].ID != "file" {
		r.Groups = append([]fieldGroup{{ID: "file", Name: "the file", Doc: "What stands at its top level."}}, r.Groups...)
	}
	return &r.Groups[0]
}

// defaultsOfSame leaves a like field's default only where it is another than that of the field it is like.
func (r *fieldReference) defaultsOfSame() {
	defaults := map[string]string{}
	for _, g := range r.Groups {
		for _, f := range g.Fields {
			defaults[f.Path] = f.Default
		}
	}
	for i := range r.Groups {
		for j := range r.Groups[i].Same {
			if f := &r.Groups[i].Same[j]; f.Default == defaults[f.As] {
				f.Default = ""
			}
		}
	}
}

func lastWord(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// presets fills in the presets and returns which of them set a field.
func (r *fieldReference) presets() map[string][]presetUse {
	uses := map[string][]presetUse{}
	for _, p := range scenarios.Presets() {
		if len(r.Presets) == 0 || r.Presets[len(r.Presets)-1].Kind != p.Kind {
			r.Presets = append(r.Presets, presetGroup{Kind: p.Kind})
		}
		g := &r.Presets[len(r.Presets)-1]
		id := "preset-" + p.Kind + "-" + p.Name
		g.Presets = append(g.Presets, preset{p, id})
		r.Count++
		for _, s := range p.Values {
			uses[p.In(s)] = append(uses[p.In(s)], presetUse{id, p.Name, s.Value})
		}
	}
	return uses
}

func unitRows() []unitRow {
	var out []unitRow
	for _, q := range []scenarios.Quantity{scenarios.Durations, scenarios.Sizes, scenarios.Rates, scenarios.Frequencies, scenarios.Shares} {
		var names []string
		for _, u := range q.Units {
			names = append(names, u.Name)
		}
		out = append(out, unitRow{q.Name, strings.Join(names, ", "), q.Example})
	}
	return out
}
