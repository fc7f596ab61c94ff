package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"keepalive/model"
)

//go:embed *.yaml
var embedded embed.FS

// File is a scenario that was read and found right.
type File struct {
	Name     string
	About    string
	Warnings []string // fields without effect in any variant, each with its place
	base     []run    // the variants as they are written; one without a name if there are none
	named    bool     // the file has variants
	layers   layers
}

// run is one variant, resolved.
type run struct {
	name    string
	written *node // merged layers, before presets and defaults
	config  model.Config
}

// layers are the parts of a document, the later over the earlier.
type layers struct {
	name   string
	beside *beside
	file   *node
	set    []*node
}

// Load reads a scenario: the name of an embedded one or a path. Each set is a PATH=VALUE laid over it.
// The error is of type Mistakes if the text is wrong.
func Load(arg string, set ...string) (*File, error) {
	if data, err := Source(arg); err == nil {
		return parseIn(".", arg+".yaml", data, set...)
	}
	data, err := ReadFile(arg)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is neither a file nor a scenario that comes with the program: %s", arg, didYouMean(arg, Names()))
	}
	if err != nil {
		return nil, err
	}
	return parseIn(filepath.Dir(arg), arg, data, set...)
}

// ReadFile reads a document from a file, at most a byte more than any may have: enough for its reader to refuse it.
func ReadFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a directory: name a file in it", name)
	}
	return io.ReadAll(io.LimitReader(f, MaxFile+1))
}

// Names lists the embedded scenarios.
func Names() []string {
	files, err := fs.Glob(embedded, "*.yaml")
	if err != nil {
		panic(err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}

// Source is an embedded scenario as it is written.
func Source(name string) ([]byte, error) { return embedded.ReadFile(name + ".yaml") }

// Parse reads a scenario; name is its file's, for mistakes. Each set is a PATH=VALUE laid over the file and every variant.
// It can name no other file: Load reads what lies beside the scenario.
func Parse(name string, data []byte, set ...string) (*File, error) {
	return parseIn("", name, data, set...)
}

// parseIn is Parse for a scenario in a directory; "": it lies in none.
func parseIn(dir, name string, data []byte, set ...string) (*File, error) {
	var mistakes Mistakes
	l := layers{name: name, beside: newBeside(dir), file: (&reader{file: name, mistakes: &mistakes}).read(data)}
	if l.file == nil && len(mistakes) == 0 {
		mistakes.add(place{file: name}, "", "is empty: want at least a workload")
	}
	if l.file != nil && l.file.kind != mapping {
		mistakes.add(l.file.at, "", "want a mapping with a workload, got %v", l.file.kind)
	}
	for _, s := range set {
		l.set = append(l.set, readSet(s, &mistakes))
	}
	if err := mistakes.err(); err != nil {
		return nil, err
	}
	return l.check(&mistakes)
}

// readSet reads PATH=VALUE as a document with that one field.
func readSet(s string, mistakes *Mistakes) *node {
	at := place{file: "--set " + s}
	keys, text, ok := strings.Cut(s, "=")
	parts := strings.Split(keys, ".")
	if !ok || slices.Contains(parts, "") {
		mistakes.add(at, "", "want PATH=VALUE, such as link.rtt=20ms")
		return nil
	}
	if strings.TrimSpace(text) == "" {
		mistakes.add(at, "", "want a value after =; %s=null returns to the default", keys)
		return nil
	}
	r := reader{file: at.file, fixed: true, mistakes: mistakes}
	n := r.read([]byte(text))
	if n == nil {
		n = &node{at: at, kind: null}
	}
	if parts[0] == "variants" {
		mistakes.add(at, "", "variants cannot be set: change their fields, which apply to all, or choose one with --variant")
	}
	for i := len(parts) - 1; i >= 0; i-- {
		n = &node{at: at, kind: mapping, entries: []entry{{parts[i], at, n}}}
	}
	return n
}

// check decodes every layer on its own, so that a mistake in one is told even where another covers it, then every variant.
func (l *layers) check(mistakes *Mistakes) (*File, error) {
	d := decoder{mistakes}
	var doc Document
	d.value("", l.file, reflect.ValueOf(&doc).Elem(), "")
	for _, s := range l.set {
		var alone Document
		d.value("", s, reflect.ValueOf(&alone).Elem(), "")
	}
	l.variantNames(doc.Variants, mistakes)
	f := &File{layers: *l, named: len(doc.Variants) > 0}
	if f.named {
		for _, v := range doc.Variants {
			f.base = append(f.base, l.resolve(v.Name, v.With.node, mistakes))
		}
	} else {
		f.base = append(f.base, l.resolve("", nil, mistakes))
	}
	if err := mistakes.err(); err != nil {
		return nil, err
	}
	f.Name, f.About = f.base[0].config.Scenario, doc.About
	f.Warnings = withoutEffect(f.base)
	return f, nil
}

func (l *layers) variantNames(variants []Variant, mistakes *Mistakes) {
	var seen []string
	list := l.file.get("variants")
	for i, v := range variants {
		at, path := list.items[i].at, fmt.Sprintf("variants[%d].name", i)
		switch {
		case v.Name == "":
			mistakes.add(at, path, "want a name: results are told apart by it")
		case slices.Contains(seen, v.Name):
			mistakes.add(at, path, "%q is the name of another variant", v.Name)
		}
		seen = append(seen, v.Name)
	}
}

// resolve merges the layers of one variant and makes a run of it.
func (l *layers) resolve(name string, with *node, mistakes *Mistakes) run {
	written := layered(append([]*node{l.file, with}, l.set...)...)
	written.drop(func(key string) bool { return key == "variants" })
	doc := Document{Name: strings.TrimSuffix(path.Base(l.name), ".yaml")}
	(&decoder{new(Mistakes)}).value("", filled(written), reflect.ValueOf(&doc).Elem(), "") // each layer was checked alone
	doc.contradictions(written, mistakes)
	if a := doc.Workload.Arrivals; a != nil && a.File != "" {
		a.At = l.beside.times(placeOf(written, "workload.arrivals.file"), a.File, mistakes)
	}
	return run{name, written, doc.config(name)}
}

// Variants are the runs of the file, at least one.
func (f *File) Variants() []model.Config {
	out := make([]model.Config, len(f.base))
	for i, r := range f.base {
		out[i] = r.config
	}
	return out
}

// Pair is what there is to set side by side: the variants or, without any, the file with a connection per request and with
// persistent ones. It fails if the file contradicts one of these.
func (f *File) Pair() ([]model.Config, error) {
	if f.named {
		return f.Variants(), nil
	}
	var mistakes Mistakes
	var out []model.Config
	for _, mode := range []string{"per-request", "persistent"} {
		with := readSet("http.connections="+mode, &mistakes)
		l := f.layers
		l.set = append(slices.Clone(l.set), with)
		out = append(out, l.resolve(mode, nil, &mistakes).config)
	}
	return out, mistakes.err()
}
