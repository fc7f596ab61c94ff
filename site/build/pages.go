package main

import (
	"bytes"
	"fmt"
	"html/template"
	"os"
	"path/filepath"

	"keepalive/lab"
)

// page is one page within the layout.
type page struct {
	File        string
	Name        string // in the navigation; "": it is not there
	Title       string
	Description string
	Section     string // the page of the navigation that it belongs to, if it is not there itself
	Script      string // module in site/js
	Style       string // style sheet in site/css of its own
	Lean        bool   // it needs no styles of the race and of prose
	Class       string
	Body        template.HTML
	Pages       []*page
}

// pages renders every page of the site.
func pages(dist string) error {
	race, err := body("race.html", nil)
	if err != nil {
		return err
	}
	all := []*page{{File: "index.html", Name: "Race", Title: "Race", Script: "race.js", Class: "race", Body: race,
		Description: "A new connection for every request against one that is kept, simulated packet by packet."}}
	lessons, err := lessons("site", "en")
	if err != nil {
		return err
	}
	all = append(all, lessons...)
	for _, more := range []func() (*page, error){answerPage, referencePage, glossaryPage} {
		p, err := more()
		if err != nil {
			return err
		}
		all = append(all, p)
	}
	for _, name := range lab.ExerciseNames() {
		p, err := exercisePage(name)
		if err != nil {
			return err
		}
		all = append(all, p)
	}
	layout, err := template.ParseFiles("site/templates/layout.html")
	if err != nil {
		return err
	}
	for _, p := range all {
		p.Pages = all
		var b bytes.Buffer
		if err := layout.Execute(&b, p); err != nil {
			return fmt.Errorf("%s: %w", p.File, err)
		}
		if err := os.WriteFile(filepath.Join(dist, p.File), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func exercisePage(name string) (*page, error) {
	ex, err := lab.LoadExercise(name)
	if err != nil {
		return nil, err
	}
	b, err := body("exercise.html", ex)
	label := "Exercise"
	if len(lab.ExerciseNames()) > 1 {
		label += ": " + ex.Title
	}
	return &page{File: "exercise-" + ex.ID + ".html", Name: label, Title: ex.Title, Script: "exercise.js", Class: "prose",
		Description: "An exercise with numbers of your own, marked by running it again.", Body: b}, err
}

// body renders a template of site/templates.
func body(name string, data any) (template.HTML, error) {
	t, err := template.ParseFiles(filepath.Join("site/templates", name))
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = t.Execute(&b, data)
	return template.HTML(b.String()), err
}
