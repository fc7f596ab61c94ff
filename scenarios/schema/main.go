// Command schema writes the JSON Schema of scenario files, for editors.
//
//	scenarios.Document (tags) ──jsonschema──▶ schema.json
package main

import (
	"encoding/json"
	"flag"
	"log"
	"os"
	"reflect"
	"regexp"
	"strings"

	"github.com/invopop/jsonschema"

	"keepalive/model"
	"keepalive/scenarios"
	"keepalive/sim"
)

func main() {
	out := flag.String("o", "schema.json", "file to write")
	flag.Parse()
	if err := os.WriteFile(*out, generate(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// generate is the schema as it is written.
func generate() []byte {
	r := jsonschema.Reflector{Anonymous: true, FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, Mapper: leaf}
	s := r.Reflect(&scenarios.Document{})
	s.Title = "Keepalive scenario"
	describe(s, reflect.TypeFor[scenarios.Document]())
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		log.Fatal(err)
	}
	return append(data, '\n')
}

// leaf is the schema of the types that are written as a word, a number with a unit or one of several shapes.
func leaf(t reflect.Type) *jsonschema.Schema {
	share := quantity(&scenarios.Shares)
	duration := quantity(&scenarios.Durations)
	switch t {
	case reflect.TypeFor[sim.Time]():
		return duration
	case reflect.TypeFor[model.Bytes]():
		return quantity(&scenarios.Sizes)
	case reflect.TypeFor[model.Rate]():
		return quantity(&scenarios.Rates)
	case reflect.TypeFor[scenarios.PerHour]():
		return quantity(&scenarios.Frequencies)
	case reflect.TypeFor[scenarios.Window]():
		return anyOf(&jsonschema.Schema{Const: "auto"}, quantity(&scenarios.Sizes))
	case reflect.TypeFor[model.Queue]():
		return anyOf(quantity(&scenarios.Packets), quantity(&scenarios.Sizes))
	case reflect.TypeFor[scenarios.Loss]():
		return anyOf(share, mapping(2, "down", share, "up", share))
	case reflect.TypeFor[scenarios.Burst]():
		return anyOf(&jsonschema.Schema{Const: "none"}, mapping(3, "enter", share, "leave", share, "loss", share))
	case reflect.TypeFor[scenarios.Shape]():
		return anyOf(&jsonschema.Schema{Enum: []any{"poisson", "constant"}}, mapping(1, "bursts", &jsonschema.Schema{Type: "integer"}))
	case reflect.TypeFor[model.Span]():
		return anyOf(duration, mapping(1, "uniform", duration), mapping(1, "exponential", duration))
	case reflect.TypeFor[scenarios.Patch]():
		return &jsonschema.Schema{Ref: "#/$defs/Document"}
	}
	return nil
}

func anyOf(s ...*jsonschema.Schema) *jsonschema.Schema { return &jsonschema.Schema{AnyOf: s} }

// quantity is a number with one of q's units; a bare 0 is fine.
func quantity(q *scenarios.Quantity) *jsonschema.Schema {
	units := make([]string, len(q.Units))
	for i, u := range q.Units {
		units[i] = regexp.QuoteMeta(u.Name)
	}
	text := &jsonschema.Schema{Type: "string", Pattern: `^[0-9]*\.?[0-9]+ *(` + strings.Join(units, "|") + `)$`, Examples: []any{q.Example}}
	return anyOf(text, &jsonschema.Schema{Const: 0})
}

// mapping has some of these keys: a name, its schema, and so on.
func mapping(most uint64, pairs ...any) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema, MaxProperties: &most}
	for i := 0; i < len(pairs); i += 2 {
		s.Properties.Set(pairs[i].(string), pairs[i+1].(*jsonschema.Schema))
	}
	return s
}

// describe adds what the tags say: the meaning, the default and the words of every field.
func describe(s *jsonschema.Schema, t reflect.Type) {
	of := map[string]map[string]scenarios.Field{}
	for _, f := range scenarios.Fields() {
		parent, key := "", f.Path
		if i := strings.LastIndexByte(f.Path, '.'); i >= 0 {
			parent, key = f.Path[:i], f.Path[i+1:]
		}
		name := definition(t, parent)
		if of[name] == nil {
			of[name] = map[string]scenarios.Field{}
		}
		if _, told := of[name][key]; !told { // a proxy's parts are of the same types
			of[name][key] = f
		}
	}
	for name, def := range s.Definitions {
		for p := def.Properties.Oldest(); p != nil; p = p.Next() {
			f := of[name][p.Key]
			p.Value.Description = sentence(f)
			for _, w := range f.Words {
				p.Value.Enum = append(p.Value.Enum, w)
			}
			if p.Key == "version" { // YAML reads a bare 1.1 as a number
				p.Value.Type, p.Value.Enum = "", append(p.Value.Enum, 1.0, 1.1)
			}
		}
	}
}

// definition is the name of the type at a path.
func definition(t reflect.Type, path string) string {
	for _, key := range strings.Split(path, ".") {
		if key = strings.TrimSuffix(key, "[]"); key == "" {
			break
		}
		for _, f := range reflect.VisibleFields(t) {
			if f.Tag.Get("yaml") == key {
				t = f.Type
				break
			}
		}
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
	}
	return t.Name()
}

func sentence(f scenarios.Field) string {
	text := f.Doc
	if f.Default != "" {
		text += " Default: " + f.Default + "."
	}
	if f.Zero != "" {
		text += " 0: " + f.Zero + "."
	}
	if f.Source != "" {
		text += " Source: " + f.Source + "."
	}
	return text
}
