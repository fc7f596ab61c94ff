package main

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	"keepalive/site/glossary"
)

// glossaryTerm is a term as the page shows it.
type glossaryTerm struct {
	glossary.Term
	HTML    template.HTML
	Related []glossary.Term
}

func glossaryPage() (*page, error) {
	terms, err := renderTerms()
	if err != nil {
		return nil, fmt.Errorf("glossary: %w", err)
	}
	b, err := body("glossary.html", terms)
	return &page{File: "glossary.html", Name: "Glossary", Title: "Glossary", Style: "glossary.css", Class: "prose glossary", Body: b,
		Description: "The words of connections, from accept queue to 0-RTT, each in two or three sentences with its source."}, err
}

func renderTerms() ([]glossaryTerm, error) {
	terms, err := glossary.Terms()
	if err != nil {
		return nil, err
	}
	links, err := newTermLinks()
	if err != nil {
		return nil, err
	}
	md := goldmark.New(goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(links, 100))))
	var all []glossaryTerm
	for _, t := range terms {
		var b bytes.Buffer
		if err := md.Convert([]byte(t.Text), &b); err != nil {
			return nil, fmt.Errorf("%s: %w", t.ID, err)
		}
		out := glossaryTerm{Term: t, HTML: template.HTML(b.String())}
		for _, id := range t.See {
			out.Related = append(out.Related, *links.terms[id])
		}
		for _, path := range t.Fields {
			if err := fieldExists(path); err != nil {
				return nil, fmt.Errorf("%s: fields: %w", t.ID, err)
			}
		}
		all = append(all, out)
	}
	return all, nil
}
