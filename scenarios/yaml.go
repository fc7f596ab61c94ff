package scenarios

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxFile is how many bytes a document may have: more than anybody writes by hand, little enough to refuse at once.
const MaxFile = 1 << 20

const (
	maxDepth = 32   // of mappings and lists within one another
	maxKeys  = 1000 // of one mapping, far more than there are fields
)

// reader turns YAML into nodes.
type reader struct {
	file     string
	fixed    bool // positions mean nothing: the text comes from a command line
	mistakes *Mistakes
}

// read is the document in data, or nil if it cannot be read; the mistakes say why.
func (r *reader) read(data []byte) (doc *node) {
	start := place{file: r.file}
	if len(data) > MaxFile {
		r.mistakes.add(start, "", "want at most 1 MiB, this is more")
		return nil
	}
	if !utf8.Valid(data) {
		r.mistakes.add(start, "", "is not text: want YAML in UTF-8")
		return nil
	}
	defer func() { // the parser is not ours: text that it cannot bear is the text's mistake
		if p := recover(); p != nil {
			r.mistakes.add(start, "", "cannot be read as YAML: %v", p)
			doc = nil
		}
	}()
	tokens := lexer.Tokenize(string(data))
	if at := r.tooDeep(tokens); at != nil {
		r.mistakes.add(r.place(at), "", "want at most %d mappings and lists within one another", maxDepth)
		return nil
	}
	if at := tooMany(tokens); at != nil {
		r.mistakes.add(r.place(at), "", "want at most %d keys in one mapping", maxKeys)
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil
	}
	return r.single(file)
}

// single is the only document of a file.
func (r *reader) single(file *ast.File) *node {
	var doc *node
	for _, d := range file.Docs {
		switch {
		case d.Body == nil:
		case doc != nil:
			r.mistakes.add(r.place(d.Body.GetToken()), "", "want one document, got another after ---")
		default:
			doc = r.node("", d.Body, 1)
		}
	}
	return doc
}

// tooDeep is a token at which more is open than may be. The parser calls itself once per level, so it must not see it.
func (r *reader) tooDeep(tokens token.Tokens) *token.Token {
	open, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position != nil && t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			open++
		case token.MappingEndType, token.SequenceEndType:
			open--
		case token.SequenceEntryType, token.MappingKeyType:
			dashes++
		}
		if open > maxDepth || dashes > maxDepth {
			return t
		}
	}
	return nil
}

// tooMany is a token at which a mapping has more keys than may be. The parser's time grows with the square of their number, so
// that it must not see them.
func tooMany(tokens token.Tokens) *token.Token {
	type open struct{ column, keys int } // a mapping or a list; column 0 is one in brackets
	var stack []open
	within := func(column int) { // closes what was open farther right
		for len(stack) > 0 && stack[len(stack)-1].column > column {
			stack = stack[:len(stack)-1]
		}
	}
	last := 0 // column of the token before
	for _, t := range tokens {
		if t.Position == nil {
			continue
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			stack = append(stack, open{})
		case token.MappingEndType, token.SequenceEndType:
			within(0)
			stack = stack[:max(len(stack)-1, 0)]
		case token.SequenceEntryType:
			within(t.Position.Column)
		case token.MappingValueType:
			within(last)
			top := len(stack) - 1
			if top < 0 || stack[top].column > 0 && stack[top].column < last {
				stack = append(stack, open{column: last})
				top++
			}
			if stack[top].keys++; stack[top].keys > maxKeys {
				return t
			}
		}
		last = t.Position.Column
	}
	return nil
}

// syntax notes what the parser said.
func (r *reader) syntax(err error) {
	if e, ok := err.(yaml.Error); ok {
		r.mistakes.add(r.place(e.GetToken()), "", "%s", e.GetMessage())
		return
	}
	r.mistakes.add(place{file: r.file}, "", "%v", err)
}

func (r *reader) place(t *token.Token) place {
	if r.fixed || t == nil || t.Position == nil {
		return place{file: r.file}
	}
	return place{r.file, t.Position.Line, t.Position.Column}
}

// node is a part of the syntax tree. path is for mistakes.
func (r *reader) node(path string, n ast.Node, depth int) *node {
	if n == nil {
		return &node{at: place{file: r.file}, kind: null}
	}
	at := r.place(n.GetToken())
	refuse := func(what string) *node {
		r.mistakes.add(at, path, "%s is not used in scenarios: write the value itself", what)
		return &node{at: at, kind: null}
	}
	if depth > maxDepth {
		r.mistakes.add(at, "", "want at most %d mappings and lists within one another", maxDepth)
		return &node{at: at, kind: null}
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.mapping(path, at, n.Values, depth)
	case *ast.MappingValueNode:
		return r.mapping(path, r.place(n.Key.GetToken()), []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out := &node{at: at, kind: list}
		for i, v := range n.Values {
			out.items = append(out.items, r.node(fmt.Sprintf("%s[%d]", path, i), v, depth+1))
		}
		return out
	case *ast.NullNode:
		return &node{at: at, kind: null}
	case *ast.LiteralNode:
		return &node{at: at, kind: scalar, text: n.Value.Value}
	case *ast.StringNode:
		return &node{at: at, kind: scalar, text: n.Value}
	case *ast.AnchorNode:
		return refuse("an anchor (&)")
	case *ast.AliasNode:
		return refuse("an alias (*)")
	case *ast.TagNode:
		return refuse("a tag (!)")
	case *ast.MergeKeyNode:
		return refuse("a merge key (<<)")
	case ast.ScalarNode:
		return &node{at: at, kind: scalar, text: n.GetToken().Value}
	}
	return refuse(n.Type().String())
}

func (r *reader) mapping(path string, at place, values []*ast.MappingValueNode, depth int) *node {
	out := &node{at: at, kind: mapping}
	for _, v := range values {
		t := v.Key.GetToken()
		key := t.Value
		switch v.Key.(type) {
		case *ast.MergeKeyNode, *ast.MappingKeyNode, *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
			r.mistakes.add(r.place(t), path, "want a plain key, got %s", strings.TrimSpace(t.Origin))
			continue
		}
		e := entry{key: key, at: r.place(t), value: r.node(join(path, key), v.Value, depth+1)}
		if out.get(key) != nil {
			r.mistakes.add(e.at, join(path, key), "is written twice: keep one")
			continue
		}
		out.entries = append(out.entries, e)
	}
	return out
}

// join is the path of a key within path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
