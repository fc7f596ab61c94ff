package main

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"keepalive/scenarios"
	"keepalive/site/glossary"
)

// termLinks renders the links of a text in Markdown. One that leads nowhere fails the build.
//
//	[slow start](glossary:slow-start) ──▶ glossary.html#slow-start, with the first sentence as its tip
//	[round trip](field:link.rtt)      ──▶ reference.html#link.rtt
//	anything else                     ──▶ as it is
//
// It is a goldmark renderer of links: renderer.WithNodeRenderers(util.Prioritized(links, 100)).
type termLinks struct{ terms map[string]*glossary.Term }

func newTermLinks() (*termLinks, error) {
	all, err := glossary.Terms()
	l := &termLinks{terms: map[string]*glossary.Term{}}
	for i := range all {
		l.terms[all[i].ID] = &all[i]
	}
	return l, err
}

// RegisterFuncs implements renderer.NodeRenderer.
func (l *termLinks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLink, l.link)
}

func (l *termLinks) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, err := w.WriteString("</a>")
		return ast.WalkContinue, err
	}
	n := node.(*ast.Link)
	to, class, tip, err := l.resolve(string(n.Destination))
	if err != nil {
		return ast.WalkStop, err
	}
	if len(n.Title) > 0 {
		tip = string(n.Title)
	}
	attributes := fmt.Sprintf(`href="%s"`, util.EscapeHTML(util.URLEscape([]byte(to), true)))
	if class != "" {
		attributes = fmt.Sprintf(`class="%s" `, class) + attributes
	}
	if tip != "" {
		attributes += fmt.Sprintf(` title="%s"`, util.EscapeHTML([]byte(tip)))
	}
	_, err = fmt.Fprintf(w, "<a %s>", attributes)
	return ast.WalkContinue, err
}

// resolve turns a link's target into an address, with the class of the link and its tip.
func (l *termLinks) resolve(target string) (to, class, tip string, err error) {
	if id, is := strings.CutPrefix(target, "glossary:"); is {
		t := l.terms[id]
		if t == nil {
			var ids []string
			for id := range l.terms {
				ids = append(ids, id)
			}
			return "", "", "", fmt.Errorf("glossary: there is no term %q%s", id, didYouMean(id, ids))
		}
		return "glossary.html#" + id, "term", t.Gist(), nil
	}
	if path, is := strings.CutPrefix(target, "field:"); is {
		return "reference.html#" + path, "", "", fieldExists(path)
	}
	if strings.HasPrefix(target, "javascript:") || strings.HasPrefix(target, "data:") {
		return "", "", "", fmt.Errorf("a link to %q would run something", target)
	}
	return target, "", "", nil
}

// fieldExists fails if a scenario has no such field.
func fieldExists(path string) error {
	if scenarios.IsField(path) {
		return nil
	}
	var all []string
	for _, f := range scenarios.Fields() {
		all = append(all, f.Path)
	}
	return fmt.Errorf("there is no field %q%s", path, didYouMean(path, all))
}

func didYouMean(word string, known []string) string {
	if near := scenarios.Nearest(word, known); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}
