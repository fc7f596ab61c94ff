package conf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Source is a tree of files in which a configuration lies. Paths in configurations are absolute in it: /etc/nginx is
// etc/nginx of Files.
type Source struct {
	Files fs.FS
}

// Bounds of what is read: far more than any configuration has.
const (
	maxFile       = 4 << 20 // bytes
	maxDirectives = 200_000 // of all files, included ones as often as they are included
	maxDepth      = 100     // sections within one another
	maxIncludes   = 20      // files that include one another in a chain
	maxLinks      = 40      // symbolic links to follow, as many as Linux does
)

// Error is a mistake at a place of a configuration.
type Error struct {
	File    string
	Line    int // zero: the file as a whole
	Message string
}

// Error is the mistake in one line.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// inside is a path as fs.FS wants it.
func inside(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if name == "" {
		return "."
	}
	return name
}

// resolve follows symbolic links whose targets are absolute: those lead within the tree, not out of it.
func (s Source) resolve(name string) string {
	name = inside(name)
	for range maxLinks {
		target, err := fs.ReadLink(s.Files, name)
		if err != nil || !path.IsAbs(target) {
			return name
		}
		name = inside(target)
	}
	return name
}

// read is a file's text.
func (s Source) read(name string) ([]byte, error) {
	f, err := s.Files.Open(s.resolve(name))
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.New("is a directory: name a file in it")
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, cause(err)
	case len(data) > maxFile:
		return nil, errors.New("want at most 4 MiB, this is more")
	case bytes.IndexByte(data, 0) >= 0 || !utf8.Valid(data):
		return nil, errors.New("is not text: want a configuration")
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// cause is an error without the operation and the path, which the place tells.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// glob lists the files of a pattern in the order of their names; none is fine.
func (s Source) glob(pattern string) ([]string, error) {
	names, err := fs.Glob(s.Files, inside(pattern))
	if err != nil {
		return nil, fmt.Errorf("%s is no pattern that can be read", pattern)
	}
	slices.Sort(names)
	for i := range names {
		names[i] = "/" + names[i]
	}
	return names, nil
}

// isDir tells whether a path is a directory.
func (s Source) isDir(name string) bool {
	info, err := fs.Stat(s.Files, s.resolve(name))
	return err == nil && info.IsDir()
}

// directive is a line of a configuration, or a section with what is in it.
type directive struct {
	name  string // httpd's in lower case
	shown string // as it is written, if that differs
	args  []string
	file  string
	line  int
	block []*directive // nil unless it is a section
}

// String is the directive as it is written, cut to what fits into a comment.
func (d *directive) String() string {
	text := oneLine(strings.Join(append([]string{d.label()}, d.args...), " "))
	if runes := []rune(text); len(runes) > 80 {
		text = string(runes[:79]) + "…"
	}
	return text
}

// oneLine makes text fit into a comment: what YAML takes for the end of a line, or cannot hold, is a question mark.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == utf8.RuneError {
			return '?'
		}
		return r
	}, text)
}

// label is the name as it is written.
func (d *directive) label() string {
	if d.shown != "" {
		return d.shown
	}
	return d.name
}

// arg is an argument, or "" if there are fewer.
func (d *directive) arg(i int) string {
	if i < len(d.args) {
		return d.args[i]
	}
	return ""
}

// wrong is a mistake at a directive.
func (d *directive) wrong(format string, args ...any) error {
	return &Error{d.file, d.line, d.label() + ": " + fmt.Sprintf(format, args...)}
}
