package scenarios

import (
	_ "embed"
	"sync"
)

//go:embed presets/presets.yaml
var presetsYAML []byte

// presets is the document of all presets: client, server and hosts.
var presets = sync.OnceValue(func() *node {
	var mistakes Mistakes
	doc := (&reader{file: "presets.yaml", mistakes: &mistakes}).read(presetsYAML)
	if err := mistakes.err(); err != nil {
		panic("scenarios: " + err.Error())
	}
	return doc
})

// presetNames lists the presets of client, server or hosts.
func presetNames(kind string) []string {
	var names []string
	for _, e := range presets().get(kind).entries {
		names = append(names, e.key)
	}
	return names
}

// Preset is a known program's settings.
type Preset struct {
	Kind   string // client, server or hosts
	Name   string
	Source string
	Values []string // such as idle_timeout: 90s
}

// Presets lists all presets in the order of their file.
func Presets() []Preset {
	var out []Preset
	for _, kind := range presets().entries {
		for _, e := range kind.value.entries {
			p := Preset{Kind: kind.key, Name: e.key, Source: e.value.get("source").text}
			flatten("", e.value.get("values"), &p.Values)
			out = append(out, p)
		}
	}
	return out
}

func flatten(path string, n *node, out *[]string) {
	for _, e := range n.entries {
		if e.value.kind == mapping {
			flatten(join(path, e.key), e.value, out)
			continue
		}
		*out = append(*out, join(path, e.key)+": "+e.value.text)
	}
}

// filled is doc with what is absent taken from its presets and then from its hosts.
func filled(doc *node) *node {
	doc = doc.clone()
	for _, kind := range []string{"client", "server"} {
		if name := doc.lookup(kind, "preset"); name != nil {
			under(doc.get(kind), presets().lookup(kind, name.text, "values"))
		}
	}
	if hosts := doc.get("hosts"); hosts != nil {
		under(doc, presets().lookup("hosts", hosts.text, "values"))
	}
	return doc
}

// under adds to doc what only base has.
func under(doc, base *node) {
	if doc == nil || doc.kind != mapping || base == nil {
		return
	}
	for _, e := range base.entries {
		switch have := doc.get(e.key); {
		case have == nil || have.kind == null:
			e.value = e.value.clone()
			doc.set(e)
		default:
			under(have, e.value)
		}
	}
}
