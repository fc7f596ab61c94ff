package scenarios

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed presets/presets.yaml
var presetsYAML []byte

// presets is the document of all presets: client, server, proxy and hosts.
var presets = sync.OnceValue(func() *node {
	var mistakes Mistakes
	doc := (&reader{file: "presets.yaml", mistakes: &mistakes}).read(presetsYAML)
	if err := mistakes.err(); err != nil {
		panic("scenarios: " + err.Error())
	}
	return doc
})

// presetNames lists the presets of client, server, proxy or hosts.
func presetNames(kind string) []string {
	var names []string
	known := presets().get(kind)
	if known == nil {
		return nil
	}
	for _, e := range known.entries {
		names = append(names, e.key)
	}
	return names
}

// Preset is a known program's settings.
type Preset struct {
	Kind   string // client, server, proxy or hosts
	Name   string
	Source string
	Values []Setting
}

// Setting is a field and its value, such as idle_timeout and 90s. The path is that within the preset's kind.
type Setting struct{ Path, Value string }

// In is the setting's path in a document.
func (p Preset) In(s Setting) string {
	if p.Kind == "hosts" {
		return s.Path
	}
	return join(p.Kind, s.Path)
}

// YAML is the preset written out, to be pasted into a scenario. What the document does not have yet is in comments.
func (p Preset) YAML() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n", p.Name, p.Source)
	var open []string // the mappings that the line before lies in
	for _, s := range p.Values {
		mark, note := "", ""
		if !IsField(p.In(s)) {
			mark, note = "# ", " # not modelled yet"
		}
		keys := strings.Split(p.In(s), ".")
		last := len(keys) - 1
		same := 0
		for same < min(last, len(open)) && open[same] == keys[same] {
			same++
		}
		for i := same; i < last; i++ {
			header := mark
			if IsField(strings.Join(keys[:i+1], ".")) {
				header = ""
			}
			fmt.Fprintf(&b, "%s%s%s:\n", strings.Repeat("  ", i), header, keys[i])
		}
		open = keys[:last]
		fmt.Fprintf(&b, "%s%s%s: %s%s\n", strings.Repeat("  ", last), mark, keys[last], s.Value, note)
	}
	return b.String()
}

// IsField tells whether a path is that of a field.
func IsField(path string) bool {
	return slices.ContainsFunc(Fields(), func(f Field) bool { return f.Path == path })
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

func flatten(path string, n *node, out *[]Setting) {
	for _, e := range n.entries {
		if e.value.kind == mapping {
			flatten(join(path, e.key), e.value, out)
			continue
		}
		*out = append(*out, Setting{join(path, e.key), e.value.text})
	}
}

// proxyDefaults are those of a proxy's fields that the same fields elsewhere do not have: a proxy stands near its servers.
var proxyDefaults = sync.OnceValue(func() *node {
	return (&reader{mistakes: new(Mistakes)}).read([]byte(`
link: {rtt: 1ms, down: 1Gbit/s, up: 1Gbit/s, queue: 1000 packets}
client: {connections_per_host: 0, max_idle: 32, idle_timeout: 60s}
`))
})

// filled is doc with what is absent taken from its presets and then from its hosts.
func filled(doc *node) *node {
	doc = doc.clone()
	proxy := doc.get("proxy")
	preset(proxy, "proxy")
	for _, kind := range []string{"client", "server"} {
		preset(doc.get(kind), kind)
		preset(proxy.get(kind), kind)
	}
	if hosts := doc.get("hosts"); hosts != nil {
		values := presets().lookup("hosts", hosts.text, "values")
		under(doc, values)
		under(proxy, asProxy(values))
	}
	under(proxy, proxyDefaults())
	return doc
}

// preset adds to part what its preset says and it does not.
func preset(part *node, kind string) {
	if name := part.get("preset"); name != nil {
		under(part, presets().lookup(kind, name.text, "values"))
	}
}

// asProxy is what a host costs a proxy: a server's program on both its sides, whose work is that of its requests.
func asProxy(hosts *node) *node {
	server := hosts.get("server")
	if server == nil {
		return nil
	}
	out, client := &node{kind: mapping}, &node{kind: mapping}
	for _, e := range server.entries {
		if e.key == "wake" || e.key == "interrupt" {
			client.set(e)
		}
	}
	out.set(entry{key: "server", value: server})
	out.set(entry{key: "client", value: client})
	return out
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
