package scenarios

import (
	"reflect"
	"strings"

	"keepalive/model"
)

// burst reads none or {enter: 1%, leave: 25%, loss: 50%}.
func (d *decoder) burst(path string, n *node, v reflect.Value) {
	switch {
	case n.kind == mapping:
		d.mapping(path, n, v)
	case n.kind != scalar || n.text != "none":
		d.mistakes.add(n.at, path, "want none or {enter: 1%%, leave: 25%%, loss: 50%%}, got %s", n.said())
	}
}

// shape reads poisson, constant or {bursts: 20}.
func (d *decoder) shape(path string, n *node, to *Shape) {
	wrong := func() {
		d.mistakes.add(n.at, path, "want poisson, constant or {bursts: 20}, got %s%s", n.said(), nearestOf(n.text, "poisson", "constant"))
	}
	switch {
	case n.kind == mapping:
		for _, e := range n.entries {
			if e.key != "bursts" {
				d.mistakes.add(e.at, join(path, e.key), "there is no such field: want bursts")
				continue
			}
			d.value(join(path, e.key), e.value, reflect.ValueOf(&to.Burst).Elem(), `min:"1" max:"100000"`)
		}
	case n.kind != scalar:
		wrong()
	case n.text == "constant":
		to.Constant = true
	case n.text != "poisson":
		wrong()
	}
}

// said is a value as it was written, or what it is.
func (n *node) said() string {
	if n.kind == scalar {
		return `"` + n.text + `"`
	}
	return n.kind.String()
}

func nearestOf(word string, known ...string) string {
	if n := Nearest(word, known); n != "" {
		return ": did you mean " + n + "?"
	}
	return ""
}

// contradictions notes what is missing, and a bad spell that would never end.
func (b *Burst) contradictions(path string, n *node, note func(path, format string, args ...any)) {
	if n == nil || n.kind != mapping {
		return
	}
	for _, key := range []string{"enter", "leave", "loss"} {
		if n.get(key) == nil {
			note(path, "want enter, leave and loss, such as {enter: 1%%, leave: 25%%, loss: 50%%}: there is no %s", key)
			return
		}
	}
	if b.Leave == 0 {
		note(path+".leave", "want more than 0%%: a bad spell must end")
	}
}

func (u *Users) contradictions(n *node, note func(path, format string, args ...any)) {
	if (u.Requests > 0) == (u.For > 0) {
		note("workload.users", "want requests or for, and not both")
	}
	mixContradictions("workload.users", n, u.Mix, note)
}

func (a *Arrivals) contradictions(n *node, note func(path, format string, args ...any)) {
	const path = "workload.arrivals"
	mixContradictions(path, n, a.Mix, note)
	list := ""
	for _, key := range []string{"at", "file"} {
		if n.get(key) != nil {
			list += " and " + key
		}
	}
	list = strings.TrimPrefix(list, " and ")
	switch {
	case strings.Contains(list, " "):
		note(path, "want at or file, and not both")
		return
	case list == "" && (a.Rate == 0 || a.For == 0):
		note(path, "want a rate and for, such as {rate: 50/s, for: 60s, size: 10kB}, or times: at or file")
		return
	case list == "":
		return
	}
	for _, key := range []string{"rate", "for", "shape"} {
		if n.get(key) != nil {
			note(path+"."+key, "does not go with %s, which says when each request arrives", list)
		}
	}
	if list == "at" && len(a.At) == 0 {
		note(path+".at", "want at least one time")
	}
	for i := 1; i < len(a.At); i++ {
		if a.At[i] < a.At[i-1] {
			note(path+".at", "entry %d: want times in order, %v comes after %v", i+1, a.At[i], a.At[i-1])
			break
		}
	}
}

const maxClasses = 100 // each has a latency of its own

// mixContradictions notes what does not go with a mix. n is the node of the users or the arrivals.
func mixContradictions(path string, n *node, mix []Class, note func(path, format string, args ...any)) {
	if n.get("mix") == nil {
		return
	}
	for _, f := range fieldsOf(reflect.TypeFor[Request]()) {
		if n.get(f.key) != nil {
			note(path+"."+f.key, "does not go with a mix: write it in each class")
		}
	}
	if len(mix) == 0 || len(mix) > maxClasses {
		note(path+".mix", "want from 1 to %d classes, got %d", maxClasses, len(mix))
	}
	seen := map[string]bool{}
	for i := range mix {
		name := className(mix, i)
		if seen[name] {
			note(path+".mix", "class %d: %q is the name of another", i+1, name)
		}
		seen[name] = true
	}
}

// slowSenders notes with what a request that comes in parts does not go.
func (doc *Document) slowSenders(note func(path, format string, args ...any)) {
	config := doc.Workload.config()
	for _, item := range config.Items() {
		if item.Trickle.Parts == 0 {
			continue
		}
		why := ""
		switch {
		case doc.HTTP.Version == "2":
			why = "HTTP/2 has frames: a request that comes in parts is modelled with HTTP/1 alone"
		case doc.HTTP.Pipelining > 1:
			why = "a request that comes in parts is not modelled with pipelining: want http.pipelining: 1"
		case doc.TLS.Resumption == "0-rtt":
			why = "a request that comes in parts is not modelled with early data: want tls.resumption: ticket"
		case model.Bytes(item.Trickle.Parts) > doc.HTTP.RequestHeaders:
			note("workload", "trickle: a head of %d bytes has no %d parts: want fewer, or larger http.request_headers", doc.HTTP.RequestHeaders, item.Trickle.Parts)
			return
		}
		if why != "" {
			note("workload", "trickle: %s", why)
			return
		}
	}
}

// unread notes what cannot be left of a response.
func (doc *Document) unread(note func(path, format string, args ...any)) {
	config := doc.Workload.config()
	for _, item := range config.Items() {
		switch {
		case item.Unread > 0 && item.Method == "HEAD":
			note("workload", "unread: the answer to HEAD has no body: want another method, or no unread")
			return
		case item.Unread > item.Size:
			note("workload", "unread: %d bytes of a body of %d cannot be left: want at most all", item.Unread, item.Size)
			return
		case item.Unread > 0 && doc.HTTP.Version == "2":
			note("workload", "unread: HTTP/2 would end the stream alone, which is not modelled: want http.version: 1.1")
			return
		}
	}
}
