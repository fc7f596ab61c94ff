package conf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	crossplane "github.com/nginxinc/nginx-go-crossplane"
)

// readNGINX is the tree of directives of a configuration, includes in their places.
func readNGINX(src Source, file string) (tree []*directive, err error) {
	defer func() { // the parser is not ours: text that it cannot bear is the text's mistake
		if p := recover(); p != nil {
			tree, err = nil, &Error{file, 0, fmt.Sprintf("cannot be read as nginx's: %v", p)}
		}
	}()
	if _, err := src.read(file); err != nil {
		return nil, &Error{file, 0, err.Error()}
	}
	payload, err := crossplane.Parse(file, &crossplane.ParseOptions{
		Open: func(name string) (io.ReadCloser, error) {
			data, err := src.read(name)
			data = withoutLua(data)
			if err == nil {
				err = tooDeep(data)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			return io.NopCloser(bytes.NewReader(data)), nil
		},
		Glob: src.glob,
	})
	if err != nil {
		return nil, placed(file, err)
	}
	var all []error
	for _, e := range payload.Errors {
		all = append(all, placed(e.File, e.Error))
	}
	if len(all) > 0 {
		return nil, errors.Join(all[:min(len(all), 20)]...)
	}
	x := &expansion{payload: payload, left: maxDirectives}
	return x.of(0, payload.Config[0].Parsed, 0)
}

// tooDeep refuses text with more braces open than sections may be: the parser calls itself once for each.
func tooDeep(data []byte) error {
	open := 0
	for _, b := range data {
		switch b {
		case '{':
			if open++; open > maxDepth*10 { // braces in quotes count, since nothing is parsed yet
				return fmt.Errorf("want at most %d sections within one another", maxDepth)
			}
		case '}':
			open--
		}
	}
	return nil
}

// placed is an error of the parser with its place in front.
func placed(file string, err error) error {
	var p *crossplane.ParseError
	if !errors.As(err, &p) {
		return &Error{file, 0, err.Error()}
	}
	e := &Error{File: file, Message: p.What}
	if p.File != nil && *p.File != "lexer" {
		e.File = *p.File
	}
	if p.Line != nil {
		e.Line = *p.Line
	}
	if strings.HasSuffix(p.What, "is not allowed here") && p.BlockCtx == "main" {
		e.Message += ": want the main nginx.conf, which includes the others"
	}
	if strings.HasPrefix(p.Statement, "include") {
		e.Message = p.Statement + ": " + e.Message + ": nginx would not start; name the root of the tree that it lies in with --root, or take the line out"
	}
	return e
}

// expansion puts included files in their places.
type expansion struct {
	payload *crossplane.Payload
	left    int
	chain   int
}

func (x *expansion) of(config int, list crossplane.Directives, depth int) ([]*directive, error) {
	file := x.payload.Config[config].File
	out := []*directive{}
	for _, c := range list {
		d := &directive{name: c.Directive, args: c.Args, file: file, line: c.Line}
		if x.left--; x.left < 0 || depth > maxDepth || x.chain > maxIncludes {
			return nil, d.wrong("want at most %d directives, sections within one another to %d, includes to %d", maxDirectives, maxDepth, maxIncludes)
		}
		if c.IsInclude() {
			inner, err := x.include(c.Includes, depth)
			if err != nil {
				return nil, err
			}
			out = append(out, inner...)
			continue
		}
		if c.Directive == "include" && len(c.Includes) == 0 {
			continue // a pattern without a file: fine, as nginx finds it
		}
		if c.IsBlock() && !opaque[c.Directive] {
			inner, err := x.of(config, c.Block, depth+1)
			if err != nil {
				return nil, err
			}
			d.block = inner
		}
		out = append(out, d)
	}
	return out, nil
}

func (x *expansion) include(configs []int, depth int) ([]*directive, error) {
	x.chain++
	defer func() { x.chain-- }()
	var out []*directive
	for _, i := range configs {
		inner, err := x.of(i, x.payload.Config[i].Parsed, depth)
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	return out, nil
}

// opaque are sections whose insides are data, not directives.
var opaque = map[string]bool{"types": true, "map": true, "geo": true, "split_clients": true, "charset_map": true}

// absolute is a file's path in the tree.
func absolute(name string) string { return path.Clean("/" + name) }
