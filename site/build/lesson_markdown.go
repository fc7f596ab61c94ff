package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// blockRenderer renders fenced blocks, which are a lesson's live parts.
type blockRenderer struct{ l *lesson }

// RegisterFuncs implements renderer.NodeRenderer.
func (r *blockRenderer) RegisterFuncs(to renderer.NodeRendererFuncRegisterer) {
	to.Register(ast.KindFencedCodeBlock, r.render)
}

func (r *blockRenderer) render(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	var text strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		text.Write(line.Value(source))
	}
	at := 0
	if n.Info != nil {
		at = strings.Count(string(source[:n.Info.Segment.Start]), "\n") + 1
	}
	html, err := r.l.block(string(n.Language(source)), text.String(), at)
	if err != nil {
		return ast.WalkStop, err
	}
	_, err = w.WriteString(html)
	return ast.WalkSkipChildren, err
}

// block renders a block that begins on a line of the file.
func (l *lesson) block(kind, text string, line int) (string, error) {
	make, ok := blocks[kind]
	if !ok {
		return "", fmt.Errorf("%s:%d: there is no block of kind %q", l.path, line, kind)
	}
	b := make()
	if err := yaml.UnmarshalWithOptions([]byte(text), b, yaml.Strict()); err != nil {
		return "", inYAML(l.path, line, err)
	}
	l.blocks++
	data, err := b.prepare(l)
	if err != nil {
		return "", fmt.Errorf("%s:%d: %s: %w", l.path, line, kind, err)
	}
	html, err := l.course.render(kind, data)
	if err != nil {
		return "", fmt.Errorf("%s:%d: %s: %w", l.path, line, kind, err)
	}
	return string(html) + "\n", nil
}

// inYAML is an error of a YAML text within a file, whose first line comes after so many.
func inYAML(path string, after int, err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", path, after+at.GetToken().Position.Line, at.GetMessage())
	}
	return fmt.Errorf("%s:%d: %w", path, after+1, err)
}
