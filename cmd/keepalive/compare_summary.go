package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	texttemplate "text/template"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/viz/figure"
	"keepalive/viz/svg"
)

//go:embed compare_summary.html
var summaryHTML string

//go:embed compare_summary.md
var summaryMarkdown string

// comparison is what the summaries say.
type comparison struct {
	Command  string // that makes it again
	Scenario string
	Seed     uint64
	Names    []string   // of the variants
	Numbers  []lineOf   // the main numbers
	Stopped  []string   // variants that a limit ended
	Prints   [][]string // variant and fingerprint
	Heads    []string   // the same with the letters of the figures
	Finding  string
	Pair     string // the finding about the first two of more than two, or about mean requests; "" otherwise
	Ledger   lab.Table
	Mean     *lab.Table // of the requests, where the way to the last one says little of the others
	Figures  []drawn
}

// lineOf is a row of a table: its name, and a cell per variant.
type lineOf struct {
	Name  string
	Cells []string
}

// drawn is a figure and the files that it was written to.
type drawn struct {
	figure.Figure
	Files []string
}

func newComparison(res lab.Result, logs []*trace.Log) (*comparison, error) {
	e, err := lab.ExplainAll(logs)
	if err != nil {
		return nil, err
	}
	c := &comparison{Scenario: res.Scenario, Seed: res.Seed, Ledger: inSummary(e.Table)}
	if e.Mean != nil {
		t := inSummary(*e.Mean)
		c.Mean = &t
	}
	for i := range res.Variants {
		v := &res.Variants[i]
		c.Names = append(c.Names, v.Name)
		c.Heads = append(c.Heads, string(rune('A'+i))+"\u00A0"+v.Name)
		c.Prints = append(c.Prints, []string{v.Name, v.Fingerprint})
		if v.Stopped != "" {
			c.Stopped = append(c.Stopped, v.Name+": "+v.Stopped)
		}
	}
	for _, row := range rowsOf(res) {
		line := lineOf{Name: row.label}
		for i := range res.Variants {
			line.Cells = append(line.Cells, row.value(&res.Variants[i]))
		}
		if strings.Join(line.Cells, "") != "" {
			c.Numbers = append(c.Numbers, line)
		}
	}
	for _, f := range figures(res, e, logs) {
		c.Figures = append(c.Figures, drawn{Figure: f})
	}
	pair := e.Finding
	if e.MeanFinding != "" {
		pair = e.MeanFinding
	}
	switch {
	case len(res.Variants) > 2: // what the explanation found is about the first two
		c.Finding, c.Pair = c.Figures[0].Title+".", unbroken("A and B: "+pair)
	case e.Finding != "":
		c.Finding, c.Pair = c.Figures[0].Title, unbroken(e.MeanFinding)
	}
	return c, nil
}

// inSummary is the table with letters and a difference that says whose it is.
func inSummary(t lab.Table) lab.Table {
	for i, name := range t.Columns {
		if name == "difference" && i == len(t.Columns)-1 {
			t.Columns[i] = "B \u2212 A"
			continue
		}
		t.Columns[i] = string(rune('A'+i)) + "\u00A0" + name
	}
	return t
}

// unbroken keeps numbers and their units on one line.
func unbroken(s string) string {
	return strings.NewReplacer("\u2009", "\u202F", " ms", "\u00A0ms").Replace(s)
}

// Widths of the figures in the page, CSS pixels: one suits a desk, one a phone.
const (
	wideFigure   = 960
	narrowFigure = 340
)

// Wide is the figure for a desk, Narrow for a phone; the page's heading says the title.
func (d drawn) Wide() template.HTML { return inline(d.Figure, "wide", wideFigure) }

// Narrow is the figure for a phone.
func (d drawn) Narrow() template.HTML { return inline(d.Figure, "narrow", narrowFigure) }

func inline(f figure.Figure, kind string, width int) template.HTML {
	return template.HTML(svg.Render(f, svg.Options{Width: width, ID: f.Name + "-" + kind, Legend: true})) //nolint:gosec // Render escapes every text
}

// Image is the file that a Markdown page can show, or "".
func (d drawn) Image() string {
	for _, f := range d.Files {
		if !strings.HasSuffix(f, ".pdf") {
			return f
		}
	}
	return ""
}

// Colors are the custom properties of the light or the dark theme.
func (c *comparison) Colors(dark bool) template.CSS {
	var b strings.Builder
	for _, i := range figure.Inks() {
		rgb := i.Light()
		if dark {
			rgb = i.Dark()
		}
		fmt.Fprintf(&b, "--%s:#%02X%02X%02X;", i, rgb.R, rgb.G, rgb.B)
	}
	return template.CSS(b.String()) //nolint:gosec // names and numbers of the palette
}

// Title names the scenario and what is compared.
func (c *comparison) Title() string {
	if len(c.Names) > 2 {
		return fmt.Sprintf("%s: %d ways", c.Scenario, len(c.Names))
	}
	return c.Scenario + ": " + strings.Join(c.Names, " and ")
}

// Told tells whether the page has said a figure's title as its finding.
func (c *comparison) Told(title string) bool {
	return strings.TrimSuffix(c.Finding, ".") == strings.TrimSuffix(title, ".")
}

func (c *comparison) html(w io.Writer) error {
	t, err := template.New("summary").Parse(summaryHTML)
	if err != nil {
		return err
	}
	return t.Execute(w, c)
}

func (c *comparison) markdown(w io.Writer) error {
	cell := func(s string) string { return strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(s) }
	t, err := texttemplate.New("summary").Funcs(texttemplate.FuncMap{"cell": cell}).Parse(summaryMarkdown)
	if err != nil {
		return err
	}
	return t.Execute(w, c)
}
