package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// lesson is a page of prose whose numbers come from runs. site/lessons/README.md says how one is written.
//
//	NN-name.md ── header ──▶ scenario ── lab ──▶ run ─┐
//	     └────── text ── {{…}} ◀── numbers ───────────┤
//	                └──── blocks ◀── figures, answers ┴──▶ lesson-name.html
type lesson struct {
	Title       string   `yaml:"title"`
	Description string   `yaml:"description"`
	Idea        string   `yaml:"idea"`
	Scenario    string   `yaml:"scenario"` // an embedded one, or a scenario's text; absent: gallery
	Set         []string `yaml:"set"`
	Teacher     teacher  `yaml:"teacher"`

	Number int    `yaml:"-"`
	File   string `yaml:"-"` // its page

	course *course
	path   string
	first  int // line of the file on which the text begins, from 0
	run    *run
	blocks int // of those rendered so far, for their ids
}

// teacher is what a teacher should know before the lesson.
type teacher struct {
	Goal           string   `yaml:"goal"`
	Minutes        int      `yaml:"minutes"`
	Misconceptions []string `yaml:"misconceptions"`
}

// course is all lessons in one language.
type course struct {
	language  string
	words     words
	templates *template.Template
	runs      runs
	lessons   []*lesson
}

// openCourse reads what the lessons of a language share; root is the folder of the site.
func openCourse(root, language string) (*course, error) {
	w, err := readWords(filepath.Join(root, "strings", language+".yaml"))
	if err != nil {
		return nil, err
	}
	c := &course{language: language, words: w, runs: runs{}}
	c.templates, err = template.New("").Funcs(template.FuncMap{"say": w.say, "prose": c.prose, "paragraphs": paragraphs, "json": asJSON}).ParseFiles(filepath.Join(root, "templates", "lesson.html"))
	return c, err
}

// lessons renders every lesson of a language, in the order of their names, and the page that lists them.
func lessons(root, language string) ([]*page, error) {
	c, err := openCourse(root, language)
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(root, "lessons", language, "*.md"))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := c.read(f); err != nil {
			return nil, err
		}
	}
	list, err := c.list()
	if err != nil {
		return nil, err
	}
	all := []*page{list}
	for i := range c.lessons {
		p, err := c.page(i)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// fileName is a number for the order, and a name for the address, which stays when lessons change places.
var fileName = regexp.MustCompile(`^(\d\d)-([a-z0-9-]+)\.md$`)

// read adds a lesson: its header, and the run that it is about.
func (c *course) read(path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	name := fileName.FindStringSubmatch(filepath.Base(path))
	if name == nil {
		return fmt.Errorf("%s: want a name such as 04-dont-hang-up.md", path)
	}
	l := &lesson{Scenario: "gallery", course: c, path: path, Number: len(c.lessons) + 1, File: "lesson-" + name[2] + ".html"}
	if fmt.Sprintf("%02d", l.Number) != name[1] {
		return fmt.Errorf("%s: this is lesson %d: begin its name with %02d-", path, l.Number, l.Number)
	}
	header, _, ok := cutHeader(string(source))
	if !ok {
		return fmt.Errorf("%s:1: want a header between two lines of ---", path)
	}
	if err := yaml.UnmarshalWithOptions([]byte(header), l, yaml.Strict()); err != nil {
		return inYAML(path, 1, err)
	}
	if err := l.complete(); err != nil {
		return fmt.Errorf("%s:1: %w", path, err)
	}
	l.first = strings.Count(header, "\n") + 2
	if l.run, err = c.runs.of(l.Scenario, l.Set); err != nil {
		return fmt.Errorf("%s:1: %w", path, err)
	}
	c.lessons = append(c.lessons, l)
	return nil
}

func cutHeader(source string) (header, text string, ok bool) {
	parts := strings.SplitN(source, "---\n", 3)
	if len(parts) != 3 || parts[0] != "" {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// complete tells what a header lacks.
func (l *lesson) complete() error {
	for name, text := range map[string]string{"title": l.Title, "description": l.Description, "idea": l.Idea, "teacher.goal": l.Teacher.Goal} {
		if strings.TrimSpace(text) == "" {
			return fmt.Errorf("the header lacks %s", name)
		}
	}
	if l.Teacher.Minutes < 1 {
		return fmt.Errorf("the header lacks teacher.minutes, how long the lesson takes")
	}
	return nil
}

// page renders the i-th lesson.
func (c *course) page(i int) (*page, error) {
	l := c.lessons[i]
	source, err := os.ReadFile(l.path)
	if err != nil {
		return nil, err
	}
	_, text, _ := cutHeader(string(source))
	text, err = l.fill(strings.Repeat("\n", l.first) + text)
	if err != nil {
		return nil, err
	}
	body, err := markdown(text, &blockRenderer{l: l})
	if err != nil {
		return nil, err
	}
	sets, err := json.Marshal(append([]string{}, l.Set...))
	if err != nil {
		return nil, err
	}
	view := map[string]any{"Lesson": l, "Of": len(c.lessons), "Sets": string(sets), "Body": body, "Strings": c.words}
	if i > 0 {
		view["Previous"] = c.lessons[i-1]
	}
	if i+1 < len(c.lessons) {
		view["Next"] = c.lessons[i+1]
	}
	html, err := c.render("lesson", view)
	return &page{File: l.File, Title: l.Title, Description: l.Description, Section: listFile, Script: "lesson.js", Class: "prose", Body: html}, err
}

// listFile is the page that lists the lessons.
const listFile = "lessons.html"

// list is the page that lists the lessons, the one that the navigation names.
func (c *course) list() (*page, error) {
	html, err := c.render("list", c.lessons)
	return &page{File: listFile, Name: c.words["list.title"], Title: c.words["list.title"], Description: c.words["list.about"], Class: "prose", Body: html}, err
}

func (c *course) render(name string, data any) (template.HTML, error) {
	var b bytes.Buffer
	err := c.templates.ExecuteTemplate(&b, name, data)
	return template.HTML(b.String()), err
}

// prose renders a line or two of Markdown, such as an explanation within a block, without a paragraph around it.
func (c *course) prose(text string) (template.HTML, error) {
	rendered, err := paragraphs(text)
	html := strings.TrimSpace(string(rendered))
	if strings.Count(html, "<p>") == 1 {
		html = strings.TrimSuffix(strings.TrimPrefix(html, "<p>"), "</p>")
	}
	return template.HTML(html), err
}

// paragraphs renders Markdown without blocks.
func paragraphs(text string) (template.HTML, error) { return markdown(text) }

// markdown renders Markdown with links to the glossary and the reference, and with what renders some of its nodes.
func markdown(text string, with ...renderer.NodeRenderer) (template.HTML, error) {
	links, err := newTermLinks()
	if err != nil {
		return "", err
	}
	all := []util.PrioritizedValue{util.Prioritized(links, 100)}
	for _, r := range with {
		all = append(all, util.Prioritized(r, 100))
	}
	var b bytes.Buffer
	err = goldmark.New(goldmark.WithRendererOptions(renderer.WithNodeRenderers(all...))).Convert([]byte(text), &b)
	return template.HTML(b.String()), err
}

// asJSON is a value for a data attribute.
func asJSON(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}
