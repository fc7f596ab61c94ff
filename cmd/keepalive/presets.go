package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"keepalive/scenarios"
)

func presetsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "presets [NAME]",
		Short: "Print the presets: what known clients, servers and proxies do without being told, with sources",
		Long: `Print the presets: what known clients, servers and proxies do without being told, with the version and the source of each number.

With a NAME they are printed as YAML that can be pasted into a scenario and changed there. Some names are both a client's and a
server's: client.node and server.node tell them apart. What a preset says and no field models yet is in a comment.`,
		Example: `  keepalive presets
  keepalive presets nginx
  keepalive presets client.go >> my.yaml
  keepalive presets --json`,
		Args: wants(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			all := scenarios.Presets()
			if len(args) == 1 {
				if all = presetsNamed(args[0]); len(all) == 0 {
					return noPreset(args[0])
				}
			}
			out := c.OutOrStdout()
			switch {
			case asJSON:
				return writeJSON(out, presetsJSON(all))
			case len(args) == 1:
				printPresetsYAML(out, all)
			default:
				printPresets(out, all)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print them as JSON")
	return c
}

// presetsNamed are those of a name, or of a kind and a name.
func presetsNamed(name string) []scenarios.Preset {
	var out []scenarios.Preset
	for _, p := range scenarios.Presets() {
		if p.Name == name || p.Kind+"."+p.Name == name {
			out = append(out, p)
		}
	}
	return out
}

// noPreset says what may have been meant.
func noPreset(name string) error {
	var names []string
	for _, p := range scenarios.Presets() {
		names = append(names, p.Name)
		if strings.Contains(name, ".") {
			names = append(names, p.Kind+"."+p.Name)
		}
	}
	if near := scenarios.Nearest(name, names); near != "" {
		return fmt.Errorf("there is no preset %s: did you mean %s?", name, near)
	}
	return fmt.Errorf("there is no preset %s: keepalive presets lists all", name)
}

// jsonPreset is a preset as programs read it.
type jsonPreset struct {
	Kind   string            `json:"kind"`
	Name   string            `json:"name"`
	Source string            `json:"source"`
	Values map[string]string `json:"values"`
}

func presetsJSON(all []scenarios.Preset) []jsonPreset {
	out := make([]jsonPreset, len(all))
	for i, p := range all {
		out[i] = jsonPreset{p.Kind, p.Name, p.Source, map[string]string{}}
		for _, s := range p.Values {
			out[i].Values[p.In(s)] = s.Value
		}
	}
	return out
}

func printPresetsYAML(w io.Writer, all []scenarios.Preset) {
	for i, p := range all {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprint(w, p.YAML())
	}
}

// printPresets is the table: a row per preset, its values and its source wrapped to the width of the screen.
func printPresets(w io.Writer, all []scenarios.Preset) {
	t := plainTable(4, 0).Headers("kind", "preset", "values", "source").Width(screen(w)).BorderRow(true)
	t.StyleFunc(func(_, col int) lipgloss.Style {
		style := lipgloss.NewStyle().PaddingRight(2)
		if col < 2 { // names stay whole: the other columns share what is left
			style = style.Width([]int{len("server") + 2, len("apache-prefork") + 2}[col])
		}
		return style
	})
	for _, p := range all {
		t.Row(p.Kind, p.Name, presetValues(p), p.Source)
	}
	fmt.Fprintln(w, trimRight(t.Render()))
}

// markdownPresets is the same as a table for a document.
func markdownPresets(w io.Writer) {
	fmt.Fprint(w, "\n| kind | preset | values | source |\n|---|---|---|---|\n")
	for _, p := range scenarios.Presets() {
		fmt.Fprintf(w, "| %s | `%s` | %s | %s |\n", p.Kind, p.Name, presetValues(p), p.Source)
	}
}

// presetValues are the values in a line.
func presetValues(p scenarios.Preset) string {
	if len(p.Values) == 0 {
		return "the defaults"
	}
	var out []string
	for _, s := range p.Values {
		out = append(out, s.Path+": "+s.Value)
	}
	return strings.Join(out, ", ")
}

// screen is how many columns w has; a file has as many as a wide page.
func screen(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width >= 60 {
			return width
		}
	}
	return 140
}
