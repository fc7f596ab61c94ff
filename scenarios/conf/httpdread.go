package conf

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// httpdReader reads configurations of Apache httpd: lines, sections, includes, variables, and the conditions that are decided as
// the server starts.
type httpdReader struct {
	src     Source
	root    string            // ServerRoot
	defines map[string]string // Define and --define
	modules map[string]bool   // loaded, by identifier (ssl_module) and by source file (mod_ssl.c)
	left    int
	chain   int
	notes   []string // assumptions about conditions
}

const longestLine = 8192 // bytes with variables put in, beyond which no more are

// builtIn are modules of any httpd 2.4 as distributions build it: what is not loaded and not among them is taken as absent.
var builtIn = []string{"core", "so", "http", "log_config", "logio", "version", "unixd", "watchdog"}

func newHTTPDReader(src Source, opt Options) *httpdReader {
	r := &httpdReader{src: src, root: path.Dir(opt.File), defines: maps.Clone(opt.Defines), modules: map[string]bool{}, left: maxDirectives}
	if r.defines == nil {
		r.defines = map[string]string{}
	}
	for _, m := range builtIn {
		r.modules[m+"_module"], r.modules["mod_"+m+".c"] = true, true
	}
	r.modules["core.c"], r.modules["http_core.c"] = true, true
	return r
}

// scope is a section that is being read.
type scope struct {
	d       *directive
	list    []*directive
	skipped bool // its condition is not met
	bare    bool // a condition: what is in it belongs to the section around it
}

// file reads a file into the section that includes it.
func (r *httpdReader) file(name string) ([]*directive, error) {
	data, err := r.src.read(name)
	if err != nil {
		return nil, &Error{name, 0, err.Error()}
	}
	if r.chain++; r.chain > maxIncludes {
		return nil, &Error{name, 0, fmt.Sprintf("want at most %d files that include one another", maxIncludes)}
	}
	defer func() { r.chain-- }()
	stack := []*scope{{d: &directive{file: name}}}
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines); i++ {
		at := i + 1
		text := strings.TrimSuffix(lines[i], "\r")
		for strings.HasSuffix(text, `\`) && i+1 < len(lines) { // a line goes on after a backslash (ap_cfg_getline)
			i++
			text = text[:len(text)-1] + strings.TrimSuffix(lines[i], "\r")
		}
		if text = strings.TrimSpace(text); text == "" || text[0] == '#' {
			continue
		}
		if stack, err = r.line(stack, &directive{file: name, line: at}, text); err != nil {
			return nil, err
		}
	}
	if len(stack) > 1 {
		open := stack[len(stack)-1].d
		return nil, open.wrong("is not closed: want </%s> before the file ends", open.label())
	}
	return stack[0].list, nil
}

// line reads one directive, the beginning of a section or its end.
func (r *httpdReader) line(stack []*scope, d *directive, text string) ([]*scope, error) {
	top := stack[len(stack)-1]
	if r.left--; r.left < 0 {
		return nil, d.wrong("want at most %d directives", maxDirectives)
	}
	if rest, ok := strings.CutPrefix(text, "</"); ok {
		name := strings.ToLower(strings.TrimSpace(strings.TrimSuffix(rest, ">")))
		d.name = "</" + name + ">"
		if len(stack) == 1 || top.d.name != name {
			return nil, d.wrong("closes what is not open here")
		}
		return r.close(stack), nil
	}
	section := text[0] == '<'
	if section {
		if !strings.HasSuffix(text, ">") {
			d.name = text
			return nil, (&Error{d.file, d.line, "a section is not closed: want > at the end of the line"})
		}
		text = text[1 : len(text)-1]
	}
	text = r.expand(text)
	r.left -= len(text) / longestLine // variables made of variables grow fast
	words := httpdWords(text)
	if len(words) == 0 {
		return nil, &Error{d.file, d.line, "a section without a name"}
	}
	d.name, d.shown, d.args = strings.ToLower(words[0]), words[0], words[1:]
	if section {
		if len(stack) > maxDepth {
			return nil, d.wrong("want at most %d sections within one another", maxDepth)
		}
		return append(stack, r.open(d, top)), nil
	}
	if top.skipped {
		return stack, nil
	}
	more, err := r.plain(d)
	top.list = append(top.list, more...)
	return stack, err
}

// close ends a section: a condition's directives go to the section around it.
func (r *httpdReader) close(stack []*scope) []*scope {
	top := stack[len(stack)-1]
	stack = stack[:len(stack)-1]
	around := stack[len(stack)-1]
	switch {
	case top.skipped:
	case top.bare:
		around.list = append(around.list, top.list...)
	default:
		top.d.block = append([]*directive{}, top.list...)
		around.list = append(around.list, top.d)
	}
	return stack
}

// open begins a section. Conditions that httpd decides as it starts are decided here.
func (r *httpdReader) open(d *directive, around *scope) *scope {
	s := &scope{d: d, skipped: around.skipped}
	word, negated := strings.CutPrefix(d.arg(0), "!")
	var met bool
	switch d.name {
	case "ifmodule":
		met = r.modules[word]
	case "ifdefine":
		_, met = r.defines[word]
	case "iffile":
		_, err := r.src.read(r.path(word))
		met = err == nil || r.src.isDir(r.path(word))
	case "ifdirective", "ifsection":
		met = true
		r.notes = append(r.notes, fmt.Sprintf("an assumption: %v (%s:%d) holds", d, d.file, d.line))
	case "ifversion":
		met = ifVersion(d.args)
		negated = strings.HasPrefix(d.arg(0), "!")
		r.notes = append(r.notes, fmt.Sprintf("an assumption: %v (%s:%d) is decided for httpd 2.4.60", d, d.file, d.line))
	default:
		return s
	}
	s.bare, s.skipped = true, around.skipped || met == negated
	return s
}

// ifVersion compares httpd 2.4.60 with a version.
func ifVersion(args []string) bool {
	operator, version := "=", ""
	switch len(args) {
	case 1:
		version = args[0]
	case 2:
		operator, version = args[0], args[1]
	}
	operator = strings.TrimPrefix(operator, "!")
	want := []int{0, 0, 0}
	parts := strings.SplitN(version, ".", 3)
	for i, p := range parts {
		n, _ := number(p)
		want[i] = int(n)
	}
	have := []int{2, 4, 60}
	switch c := slices.Compare(have, want); operator {
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	default:
		return slices.Equal(have[:len(parts)], want[:len(parts)])
	}
}

// plain is a directive as it stands, or what it stands for.
func (r *httpdReader) plain(d *directive) ([]*directive, error) {
	switch d.name {
	case "define":
		r.defines[d.arg(0)] = d.arg(1)
	case "undefine":
		delete(r.defines, d.arg(0))
	case "loadmodule":
		r.modules[d.arg(0)] = true
		r.modules[strings.TrimSuffix(path.Base(d.arg(1)), ".so")+".c"] = true
	case "serverroot":
		if r.root = absolute(d.arg(0)); !r.src.isDir(r.root) {
			return nil, d.wrong("there is no directory %s: name the root of the tree that it lies in with --root", d.arg(0))
		}
	case "include", "includeoptional":
		return r.include(d)
	}
	return []*directive{d}, nil
}

// path is a path as httpd takes it: from ServerRoot unless it is absolute.
func (r *httpdReader) path(name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(r.root, name)
}

// include reads the files of a path, a pattern or a directory. Include wants at least one, IncludeOptional does not.
func (r *httpdReader) include(d *directive) ([]*directive, error) {
	if d.arg(0) == "" {
		return nil, d.wrong("want a path")
	}
	files, err := r.files(r.path(d.arg(0)), 0)
	if err != nil {
		return nil, d.wrong("%v", err)
	}
	if len(files) == 0 && d.name == "include" {
		return nil, d.wrong("there is no file %s: httpd would not start; name the root of the tree that it lies in with --root, or take the line out", d.arg(0))
	}
	var out []*directive
	for _, f := range files {
		more, err := r.file(f)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// files are those of a pattern, directories read whole, as httpd does.
func (r *httpdReader) files(pattern string, depth int) ([]string, error) {
	names, err := r.src.glob(pattern)
	if err != nil || depth > maxIncludes {
		return nil, err
	}
	var out []string
	for _, n := range names {
		if !r.src.isDir(n) {
			out = append(out, n)
			continue
		}
		inner, err := r.files(path.Join(n, "*"), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	return out, nil
}

// expand puts in the variables that are defined; the others stay as they are, as in httpd (ap_resolve_env).
func (r *httpdReader) expand(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "${")
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			b.WriteString(text[len(before):])
			return b.String()
		}
		if value, known := r.defines[name]; known {
			b.WriteString(value)
		} else {
			b.WriteString("${" + name + "}")
		}
		if text = after; b.Len() > longestLine {
			return b.String() + text
		}
	}
}

// httpdWords parts a line into words; quotes hold blanks together, and a backslash takes a quote as it is (ap_getword_conf).
func httpdWords(text string) []string {
	var out []string
	for text = strings.TrimLeft(text, " \t"); text != ""; text = strings.TrimLeft(text, " \t") {
		quote := text[0]
		if quote != '"' && quote != '\'' {
			end := strings.IndexAny(text, " \t")
			if end < 0 {
				end = len(text)
			}
			out, text = append(out, text[:end]), text[end:]
			continue
		}
		var word []byte
		i := 1
		for ; i < len(text) && text[i] != quote; i++ {
			if text[i] == '\\' && i+1 < len(text) && (text[i+1] == quote || text[i+1] == '\\') {
				i++
			}
			word = append(word, text[i])
		}
		out, text = append(out, string(word)), text[min(i+1, len(text)):]
	}
	return out
}
