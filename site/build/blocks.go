package main

import (
	"fmt"
	"html/template"
	"strings"

	"keepalive/model/trace"
	"keepalive/viz/figure"
	"keepalive/viz/svg"
)

// block is a live part of a lesson, as its author writes it in YAML. prepare makes what the template of the same name in
// site/templates/lesson.html shows before, or without, JavaScript.
type block interface {
	prepare(l *lesson) (any, error)
}

// blocks are the kinds of live parts.
var blocks = map[string]func() block{
	"hook":    func() block { return &hook{} },
	"predict": func() block { return &prediction{} },
	"run":     func() block { return &again{} },
	"figure":  func() block { return &drawing{} },
	"headers": func() block { return &headers{} },
	"puzzle":  func() block { return &puzzle{} },
}

// id names an element of the block that is being rendered.
func (l *lesson) id(what string) string { return fmt.Sprintf("%s-%d", what, l.blocks) }

// again is a button that runs the lesson's scenario, with a table for the outcome.
type again struct {
	Set []string `yaml:"set"`
}

func (b *again) prepare(l *lesson) (any, error) {
	_, err := l.about(b.Set)
	return map[string]any{"Set": append([]string{}, b.Set...), "ID": l.id("run")}, err
}

// headers shows requests and their answers as they go over the wire, side by side.
type headers struct {
	Show []struct {
		Title   string   `yaml:"title"`
		Variant string   `yaml:"variant"`
		Set     []string `yaml:"set"`
		Request int      `yaml:"request"` // which one on its connection; 0: the first
		Note    string   `yaml:"note"`
	} `yaml:"show"`
}

// exchange is a request and its answer.
type exchange struct {
	Title, Note       string
	Request, Response []headerLine
}

// headerLine is a line of a header. The lines that are about the connection are marked.
type headerLine struct {
	Text   string
	Marked bool
}

func (b *headers) prepare(l *lesson) (any, error) {
	if len(b.Show) == 0 {
		return nil, fmt.Errorf("show: want at least one of {title, variant, set, request, note}")
	}
	var all []exchange
	for _, s := range b.Show {
		r, err := l.about(s.Set)
		if err != nil {
			return nil, err
		}
		i, err := r.variant(s.Variant)
		if err != nil {
			return nil, err
		}
		c := &r.configs[i]
		if len(c.Workload.Sequence) == 0 {
			return nil, fmt.Errorf("want a scenario with a sequence, whose first request is shown")
		}
		item := c.Workload.Sequence[0]
		n := trace.Name{Method: item.Method, Path: item.Path, Size: int64(item.Size)}
		all = append(all, exchange{s.Title, s.Note, headerLines(c.RequestText(n)), headerLines(c.ResponseText(n, max(s.Request, 1)))})
	}
	return all, nil
}

// headerLines are the lines of a header without those that only fill it up.
func headerLines(text string) (all []headerLine) {
	for i, line := range strings.Split(strings.TrimSpace(text), "\r\n") {
		if strings.HasPrefix(line, "Cookie:") || strings.HasPrefix(line, "ETag:") {
			continue
		}
		about := strings.HasPrefix(line, "Connection:") || strings.HasPrefix(line, "Keep-Alive:")
		all = append(all, headerLine{line, about || i == 0 && strings.Contains(line, "HTTP/1.0")})
	}
	return all
}

// drawing is a figure of a run, with sliders that change it.
type drawing struct {
	Name    string   `yaml:"name"` // waterfall, totals or window
	Sliders fields   `yaml:"sliders"`
	Set     []string `yaml:"set"`
	Caption string   `yaml:"caption"`
}

// UnmarshalYAML takes the name alone as well.
func (b *drawing) UnmarshalYAML(read func(any) error) error {
	if read(&b.Name) == nil {
		return nil
	}
	type plain drawing
	return read((*plain)(b))
}

func (b *drawing) prepare(l *lesson) (any, error) {
	r, err := l.about(b.Set)
	if err != nil {
		return nil, err
	}
	f, err := r.figure(b.Name)
	if err != nil {
		return nil, err
	}
	if err := b.Sliders.complete(l, r); err != nil {
		return nil, err
	}
	return map[string]any{"ID": l.id("figure"), "Name": b.Name, "Set": append([]string{}, b.Set...), "Sliders": b.Sliders, "Caption": b.Caption,
		"Picture": pictures(f, l.id(b.Name), true), "Finding": f.Title, "Table": f.Table()}, nil
}

// figure is one of the figures of a run.
func (r *run) figure(name string) (figure.Figure, error) {
	switch name {
	case "waterfall":
		return figure.Waterfall(r.result), nil
	case "totals":
		return figure.Totals(r.ledger), nil
	case "window":
		return figure.Window(r.logs), nil
	}
	return figure.Figure{}, fmt.Errorf("name: there is no figure %q: want waterfall, totals or window", name)
}

// pictures are a figure twice, as wide as the text and as wide as a phone, as shrunk words could not be read.
func pictures(f figure.Figure, id string, legend bool) map[string]template.HTML {
	draw := func(id string, width int, touch bool) template.HTML {
		return template.HTML(svg.Render(f, svg.Options{ID: id, Width: width, Legend: legend, Touch: touch, Cursor: true}))
	}
	return map[string]template.HTML{"Wide": draw(id, 680, false), "Narrow": draw(id+"-narrow", 330, true)}
}
