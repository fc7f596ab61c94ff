package scenarios

import "slices"

// exclusive are keys of which a mapping has one at most: naming one in a patch removes the others. The last part of a
// mapping's path chooses; a distribution is chosen wherever one may stand.
var exclusive = map[string][]string{
	"workload": {"sequence", "page", "users", "arrivals"},
	"start":    {"uniform", "exponential"},
	"think":    {"uniform", "exponential"},
}

// merge applies patch to target as a JSON merge patch (RFC 7396) and returns what target becomes. Two rules are added: of
// exclusive keys the patch's stays, and a preset drops what stood beside it. name is the key that both stand under.
func merge(name string, target, patch *node) *node {
	if patch == nil || patch.kind != mapping {
		return patch
	}
	if target == nil || target.kind != mapping {
		target = &node{at: patch.at, kind: mapping}
	}
	if p := patch.get("preset"); p != nil && p.kind != null && (name == "client" || name == "server" || name == "proxy") {
		target.entries = nil
	}
	rivals := exclusive[name]
	for _, e := range patch.entries {
		if e.value.kind != null && slices.Contains(rivals, e.key) {
			target.drop(func(k string) bool { return k != e.key && slices.Contains(rivals, k) })
		}
	}
	for _, e := range patch.entries {
		if e.value.kind == null {
			target.drop(func(k string) bool { return k == e.key })
			continue
		}
		e.value = merge(e.key, target.get(e.key), e.value)
		target.set(e)
	}
	return target
}

// layered merges layers, the later over the earlier, into a new document.
func layered(layers ...*node) *node {
	out := &node{kind: mapping}
	for _, l := range layers {
		if l == nil {
			continue
		}
		if out.at == (place{}) {
			out.at = l.at
		}
		out = merge("", out, l.clone())
	}
	return out
}
