package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"keepalive/scenarios"
)

// Mistakes is everything that is wrong with a document, each with its place.
type Mistakes []string

// Error lists the mistakes, one a line.
func (m Mistakes) Error() string { return strings.Join(m, "\n") }

// document is a JSON file while it is read: it knows where things are, and collects what is wrong.
type document struct {
	name     string
	data     []byte
	where    map[string]int64 // path -> offset
	mistakes Mistakes
}

func newDocument(name string, data []byte) *document { return &document{name: name, data: data} }

// add notes a mistake at a path such as questions[1].kind.
func (d *document) add(path, format string, args ...any) {
	if d.where == nil {
		d.where = map[string]int64{}
		d.locate()
	}
	at, known := d.where[path]
	if parent, _, ok := cutLast(path); !known && ok {
		at = d.where[parent]
	}
	d.addAt(at, path+": "+fmt.Sprintf(format, args...))
}

// want is add unless ok.
func (d *document) want(ok bool, path, format string, args ...any) {
	if !ok {
		d.add(path, format, args...)
	}
}

func (d *document) addAt(offset int64, text string) {
	before := d.data[:min(max(offset, 0), int64(len(d.data)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	d.mistakes = append(d.mistakes, fmt.Sprintf("%s:%d:%d: %s", d.name, line, column, text))
}

func cutLast(path string) (parent, key string, ok bool) {
	i := strings.LastIndexAny(path, ".[")
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

var unknownField = regexp.MustCompile(`^json: unknown field "(.*)"$`)

// decode fills v, which must be a pointer to a struct. It reports whether that went well.
func (d *document) decode(v any) bool {
	if len(d.data) > scenarios.MaxFile {
		d.addAt(0, "want at most 1 MiB, this is more")
		return false
	}
	dec := json.NewDecoder(bytes.NewReader(d.data))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			d.addAt(dec.InputOffset(), "want the end of the file after the closing brace")
			return false
		}
		if first := bytes.TrimSpace(d.data); len(first) == 0 || first[0] != '{' {
			d.addAt(0, "want an object in braces")
			return false
		}
		return true
	case errors.As(err, &syntax):
		d.addAt(syntax.Offset-1, "this is not JSON: "+syntax.Error())
	case errors.As(err, &kind):
		d.addAt(kind.Offset-1, fmt.Sprintf("%s: want %s, got a JSON %s", kind.Field, inPlainWords(kind.Type.Kind().String()), kind.Value))
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		d.addAt(int64(len(d.data)), "the file is empty, or cut off")
	default:
		if m := unknownField.FindStringSubmatch(err.Error()); m != nil {
			at := bytes.Index(d.data, []byte(`"`+m[1]+`"`))
			d.addAt(int64(at), fmt.Sprintf("unknown field %q%s", m[1], nearest(m[1], fieldNames(v)...)))
			break
		}
		d.addAt(dec.InputOffset(), err.Error())
	}
	return false
}

func inPlainWords(kind string) string {
	switch kind {
	case "string":
		return "a text"
	case "int", "uint64", "float64":
		return "a number"
	case "slice":
		return "a list"
	case "map", "struct":
		return "an object"
	}
	return kind
}

// hash is the FNV-1a hash of the document in compact form with sorted keys, in 16 hexadecimal digits.
func (d *document) hash() string {
	var v any
	dec := json.NewDecoder(bytes.NewReader(d.data))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return ""
	}
	canonical, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%016x", fnv1a(string(canonical)))
}

// locate notes where each value of the document begins.
func (d *document) locate() {
	dec := json.NewDecoder(bytes.NewReader(d.data))
	dec.UseNumber()
	d.locateValue(dec, "")
}

func (d *document) locateValue(dec *json.Decoder, path string) bool {
	t, err := dec.Token()
	if err != nil {
		return false
	}
	if _, known := d.where[path]; !known {
		d.where[path] = dec.InputOffset() - 1
	}
	switch t {
	case json.Delim('{'):
		for dec.More() {
			key, err := dec.Token()
			name, isText := key.(string)
			if err != nil || !isText {
				return false
			}
			child := strings.TrimPrefix(path+"."+name, ".")
			d.where[child] = dec.InputOffset() - int64(len(name)) - 2
			if !d.locateValue(dec, child) {
				return false
			}
		}
	case json.Delim('['):
		for i := 0; dec.More(); i++ {
			if !d.locateValue(dec, fmt.Sprintf("%s[%d]", path, i)) {
				return false
			}
		}
	default:
		return true
	}
	_, err = dec.Token()
	return err == nil
}
