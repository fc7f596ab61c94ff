// Package glossary holds the words of the field, each explained in two or three sentences.
//
//	en.yaml ──▶ Terms ──▶ the glossary's page, and what a lesson's [word](glossary:id) leads to
//
// An id is the same in every language.
package glossary

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed en.yaml
var english []byte

// Term is one word.
type Term struct {
	ID     string   `yaml:"id"`
	Term   string   `yaml:"term"`
	Also   string   `yaml:"also"`   // what it is called too
	Text   string   `yaml:"text"`   // Markdown
	Source string   `yaml:"source"` // where it is defined
	See    []string `yaml:"see"`    // ids of terms
	Fields []string `yaml:"fields"` // paths of scenario fields
}

// Gist is the first sentence, without its marks: what a tip may say.
func (t *Term) Gist() string {
	text, _, _ := strings.Cut(t.Text, ". ")
	var b strings.Builder
	for text != "" {
		before, rest, is := strings.Cut(text, "](")
		b.WriteString(strings.NewReplacer("[", "", "`", "", "*", "").Replace(before))
		if !is {
			break
		}
		_, text, _ = strings.Cut(rest, ")")
	}
	return strings.TrimSuffix(strings.TrimSpace(b.String()), ".") + "."
}

// Terms are all terms in the order of the alphabet.
func Terms() ([]Term, error) {
	var all []Term
	if err := yaml.UnmarshalWithOptions(english, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("site/glossary/en.yaml: %w", err)
	}
	slices.SortFunc(all, func(a, b Term) int { return strings.Compare(strings.ToLower(a.Term), strings.ToLower(b.Term)) })
	known := map[string]bool{}
	var wrong error
	for _, t := range all {
		if t.ID == "" || known[t.ID] || t.Term == "" || t.Text == "" || t.Source == "" {
			wrong = errors.Join(wrong, fmt.Errorf("site/glossary/en.yaml: %q: want an id of its own, a term, a text and a source", t.ID))
		}
		known[t.ID] = true
	}
	for _, t := range all {
		for _, id := range t.See {
			if !known[id] || id == t.ID {
				wrong = errors.Join(wrong, fmt.Errorf("site/glossary/en.yaml: %s: see: there is no other term %q", t.ID, id))
			}
		}
	}
	return all, wrong
}
