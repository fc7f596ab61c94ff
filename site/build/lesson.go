package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	texttemplate "text/template"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/scenarios"
)

// lesson is a page of prose whose numbers come from runs.
type lesson struct {
	Title       string   `yaml:"title"`
	Description string   `yaml:"description"`
	Scenario    string   `yaml:"scenario"` // an embedded one; absent: gallery
	Set         []string `yaml:"set"`

	configs []model.Config
	result  lab.Result
}

// lessons renders every Markdown file of a folder, in the order of their names.
func lessons(dir string) ([]*page, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return nil, err
	}
	var all []*page
	for _, f := range files {
		p, err := renderLesson(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		all = append(all, p)
	}
	return all, nil
}

func renderLesson(path string) (*page, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	parts := strings.SplitN(string(source), "---\n", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("want a header between two lines of ---")
	}
	l := &lesson{Scenario: "gallery"}
	if err := yaml.UnmarshalWithOptions([]byte(parts[1]), l, yaml.Strict()); err != nil {
		return nil, err
	}
	if err := l.run(); err != nil {
		return nil, err
	}
	text, err := l.numbers(parts[2])
	if err != nil {
		return nil, err
	}
	md := goldmark.New(goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(l, 100))))
	var b bytes.Buffer
	if err := md.Convert([]byte(text), &b); err != nil {
		return nil, err
	}
	sets, err := json.Marshal(append([]string{}, l.Set...))
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(filepath.Base(path), ".md")
	html := fmt.Sprintf(`<article data-scenario="%s" data-sets="%s">%s</article>`, l.Scenario, template.HTMLEscapeString(string(sets)), b.String())
	return &page{File: "lesson-" + name + ".html", Name: "Lesson: " + l.Title, Title: l.Title, Description: l.Description,
		Script: "lesson.js", Class: "prose", Body: template.HTML(html)}, nil
}

func (l *lesson) run() error {
	f, err := scenarios.Load(l.Scenario, l.Set...)
	if err != nil {
		return err
	}
	if l.configs, err = f.Pair(); err != nil {
		return err
	}
	for i := range l.configs {
		if len(l.configs[i].Workload.Sequence) == 0 {
			return fmt.Errorf("scenario: want a scenario with a sequence, which the words of lessons are about; %s has none", l.Scenario)
		}
	}
	l.result, _, err = lab.RunConfigs(context.Background(), l.configs, lab.Options{Requests: true})
	return err
}

// numbers fills the prose with what the runs say: no number is typed in by hand.
func (l *lesson) numbers(text string) (string, error) {
	c := &l.configs[0]
	item := c.Workload.Sequence[0]
	settings := map[string]string{"link.rtt": c.Link.RTT.String(), "workload.sequence.size": fmt.Sprintf("%d\u00A0kB", item.Size/1000)}
	t, err := texttemplate.New("lesson").Funcs(texttemplate.FuncMap{
		"count": func() int { return len(c.Workload.Sequence) },
		"sub":   func(a, b int) int { return a - b },
		"set": func(path string) (string, error) {
			if v, ok := settings[path]; ok {
				return strings.Replace(v, "ms", "\u00A0ms", 1), nil
			}
			return "", fmt.Errorf("there is no setting %q for lessons", path)
		},
		"finished": func(name string) (string, error) {
			v, err := l.variant(name)
			return inMillis(v.Finished), err
		},
		"saved": func() string { return inMillis(l.result.Variants[0].Finished - l.result.Variants[1].Finished) },
	}).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}

func (l *lesson) variant(name string) (lab.VariantResult, error) {
	for _, v := range l.result.Variants {
		if v.Name == name {
			return v, nil
		}
	}
	return lab.VariantResult{}, fmt.Errorf("there is no variant %q", name)
}

// inMillis is a time with one decimal and thousands set apart; it does not break.
func inMillis(m lab.Millis) string {
	tenths := (int64(m) + 50_000) / 100_000
	whole := fmt.Sprint(tenths / 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u202F" + whole[i:]
	}
	return fmt.Sprintf("%s.%d\u00A0ms", whole, tenths%10)
}

// RegisterFuncs implements renderer.NodeRenderer: fenced blocks are a lesson's live parts.
func (l *lesson) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, l.block)
}

func (l *lesson) block(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	kind := string(n.Language(source))
	render, ok := blocks[kind]
	if !ok {
		return ast.WalkStop, fmt.Errorf("there is no block of kind %q", kind)
	}
	var text strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		text.Write(line.Value(source))
	}
	html, err := render(l, text.String())
	if err != nil {
		return ast.WalkStop, fmt.Errorf("%s: %w", kind, err)
	}
	_, err = w.WriteString(html)
	return ast.WalkSkipChildren, err
}
