package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"keepalive/scenarios"
)

// tree is an expression, for the page to evaluate: site/js/lesson-goal.js is the other side. As JSON it is a number, a text,
// or a list of an operator and what it is applied to:
//
//	persistent.finished_ms / 3 < 500   ["<", ["/", ["get", "variant", "persistent", "finished_ms"], 3], 500]
type tree struct {
	op    string // "" for a value, "get" for a path
	value any
	path  []string
	args  []*tree
	note  *note // of a comparison in a goal
}

// note says what a comparison is about.
type note struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
}

// MarshalJSON writes the list.
func (t *tree) MarshalJSON() ([]byte, error) {
	if t.op == "" {
		return json.Marshal(t.value)
	}
	all := []any{t.op}
	for _, p := range t.path {
		all = append(all, p)
	}
	for _, a := range t.args {
		all = append(all, a)
	}
	if t.note != nil {
		all = append(all, t.note)
	}
	return json.Marshal(all)
}

// operators are what an expression may join values with, as the page calls them.
var operators = map[string]string{"+": "+", "-": "-", "*": "*", "/": "/", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "==", "!=": "!=",
	"and": "and", "&&": "and", "or": "or", "||": "or", "not": "not", "!": "not"}

// compares tells whether an operator compares two values.
func compares(op string) bool { return slices.Contains([]string{"<", "<=", ">", ">=", "==", "!="}, op) }

// parse reads an expression and looks every name up in the run, so that a misspelt one is found.
func parse(expression string, r *run) (*tree, error) {
	parsed, err := parser.Parse(expression)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, fmt.Errorf("%q: %s", expression, first)
	}
	t, err := (&reader{names: r.outcome.Names()}).read(parsed.Node)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", expression, err)
	}
	return t, nil
}

// reader turns the parsed expression into a tree. What the page cannot evaluate has the operator "no".
type reader struct{ names map[string]any }

func (p *reader) read(node ast.Node) (*tree, error) {
	switch n := node.(type) {
	case *ast.IntegerNode:
		return &tree{value: n.Value}, nil
	case *ast.FloatNode:
		return &tree{value: n.Value}, nil
	case *ast.StringNode:
		return &tree{value: n.Value}, nil
	case *ast.BoolNode:
		return &tree{value: n.Value}, nil
	case *ast.UnaryNode:
		return p.join(n.Operator, n.Node)
	case *ast.BinaryNode:
		return p.join(n.Operator, n.Left, n.Right)
	case *ast.ConditionalNode:
		return p.all("?", n.Cond, n.Exp1, n.Exp2)
	case *ast.IdentifierNode, *ast.MemberNode:
		return p.get(node)
	case *ast.CallNode:
		return p.get(node)
	case *ast.ChainNode:
		return p.read(n.Node)
	}
	return &tree{op: "no", path: []string{node.String()}}, nil
}

func (p *reader) join(operator string, nodes ...ast.Node) (*tree, error) {
	op, ok := operators[operator]
	if !ok {
		op = "no"
	}
	return p.all(op, nodes...)
}

func (p *reader) all(op string, nodes ...ast.Node) (*tree, error) {
	t := &tree{op: op}
	for _, n := range nodes {
		a, err := p.read(n)
		if err != nil {
			return nil, err
		}
		t.args = append(t.args, a)
	}
	return t, nil
}

// get reads a path that begins with a variant or a ledger.
func (p *reader) get(node ast.Node) (*tree, error) {
	path, at, err := p.walk(node)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 || slices.Contains(path, "per_request") || !isLeaf(at) {
		return &tree{op: "no", path: []string{node.String()}}, nil
	}
	return &tree{op: "get", path: path}, nil
}

// walk follows a path into the run: where it leads in the page, and what is there.
func (p *reader) walk(node ast.Node) (path []string, at any, err error) {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		v, ok := p.names[n.Value]
		if !ok {
			return nil, nil, fmt.Errorf("there is no %q%s", n.Value, nearest(n.Value, slices.Collect(maps.Keys(p.names))))
		}
		if variant, isMap := v.(map[string]any); isMap {
			name, _ := variant["name"].(string)
			return []string{"variant", name}, v, nil
		}
		return nil, v, nil
	case *ast.CallNode:
		return p.call(n)
	case *ast.MemberNode:
		return p.member(n)
	}
	return nil, nil, nil
}

// call follows variant("persistent") and ledger("persistent").
func (p *reader) call(n *ast.CallNode) ([]string, any, error) {
	callee, isName := n.Callee.(*ast.IdentifierNode)
	if !isName || len(n.Arguments) != 1 {
		return nil, nil, nil
	}
	f, ok := p.names[callee.Value]
	if !ok {
		return nil, nil, fmt.Errorf("there is no %s(…): want variant, ledger or setting", callee.Value)
	}
	of, isText := n.Arguments[0].(*ast.StringNode)
	look, finds := f.(func(string) (any, error))
	if !isText || !finds {
		return nil, nil, nil
	}
	v, err := look(of.Value)
	return []string{callee.Value, of.Value}, v, err
}

func (p *reader) member(n *ast.MemberNode) ([]string, any, error) {
	path, at, err := p.walk(n.Node)
	if err != nil {
		return nil, nil, err
	}
	name, isText := n.Property.(*ast.StringNode)
	in, isMap := at.(map[string]any)
	if !isText || !isMap {
		if i, isIndex := n.Property.(*ast.IntegerNode); isIndex {
			if list, isList := at.([]any); isList && i.Value < len(list) {
				return append(path, fmt.Sprint(i.Value)), list[i.Value], nil
			}
		}
		return nil, nil, nil
	}
	v, ok := in[name.Value]
	if !ok {
		return nil, nil, fmt.Errorf("there is no %q in %s%s", name.Value, n.Node.String(), nearest(name.Value, slices.Collect(maps.Keys(in))))
	}
	return append(slices.Clone(path), name.Value), v, nil
}

func isLeaf(v any) bool {
	switch v.(type) {
	case float64, string, bool, int:
		return true
	}
	return false
}

// nearest offers the known word most like word, if one is close.
func nearest(word string, known []string) string {
	slices.Sort(known)
	if best := scenarios.Nearest(word, known); best != "" {
		return fmt.Sprintf(" (did you mean %s?)", best)
	}
	return ""
}

// live is an error if the page cannot evaluate the expression, which knows nothing but the run that it has just asked for.
func (t *tree) live() error {
	if t.op == "no" {
		return fmt.Errorf("the page knows no %s: a goal is made of numbers, the variants' results, their ledgers, + - * / and comparisons", t.path[0])
	}
	for _, a := range t.args {
		if err := a.live(); err != nil {
			return err
		}
	}
	return nil
}

// told lists the values that an expression is made of.
func (t *tree) told(r *run) string {
	var all []string
	var visit func(t *tree)
	visit = func(t *tree) {
		if t.op == "get" {
			if v, err := r.outcome.Evaluate(t.source()); err == nil {
				if text := fmt.Sprintf("%s is %v", strings.Join(t.path[1:], "."), v); !slices.Contains(all, text) {
					all = append(all, text)
				}
			}
		}
		for _, a := range t.args {
			visit(a)
		}
	}
	visit(t)
	return strings.Join(all, ", ")
}

// source is a path as an expression.
func (t *tree) source() string {
	return fmt.Sprintf("%s(%q).%s", t.path[0], t.path[1], strings.Join(t.path[2:], "."))
}
