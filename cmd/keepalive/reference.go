package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"keepalive/scenarios"
)

func referenceCommand() *cobra.Command {
	var markdown bool
	c := &cobra.Command{
		Use:   "reference [PATH]",
		Short: "Print every field of a scenario: unit, default, what zero means, source",
		Long:  "Print every field of a scenario file, or those at and under PATH: what is written there, its default, what zero means and where the default comes from. With --markdown the presets follow, which keepalive presets lists.",
		Example: `  keepalive reference
  keepalive reference server
  keepalive reference client.idle_timeout
  keepalive reference --markdown > REFERENCE.md`,
		Args: wants(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			fields := scenarios.Fields()
			if len(args) == 1 {
				if fields = under(fields, args[0]); len(fields) == 0 {
					return noField(args[0])
				}
			}
			show := printFields
			if markdown {
				show = markdownFields
			}
			show(c.OutOrStdout(), fields)
			switch {
			case len(args) == 0 && markdown:
				markdownPresets(c.OutOrStdout())
			case len(args) == 0:
				fmt.Fprintln(c.OutOrStdout(), "\nkeepalive presets lists the presets of clients, servers, proxies and hosts.")
			}
			return nil
		},
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "print tables for a document")
	return c
}

// under are the fields at path and within it.
func under(fields []scenarios.Field, path string) []scenarios.Field {
	var out []scenarios.Field
	for _, f := range fields {
		if f.Path == path || strings.HasPrefix(f.Path, path+".") || strings.HasPrefix(f.Path, path+"[") {
			out = append(out, f)
		}
	}
	return out
}

// noField says what may have been meant.
func noField(path string) error {
	if scenarios.IsLater(path) {
		return fmt.Errorf("%s is not modelled yet", path)
	}
	var paths []string
	for _, f := range scenarios.Fields() {
		paths = append(paths, f.Path)
	}
	if near := scenarios.Nearest(path, paths); near != "" {
		return fmt.Errorf("there is no field %s: did you mean %s?", path, near)
	}
	return fmt.Errorf("there is no field %s: keepalive reference lists all", path)
}

func printFields(w io.Writer, fields []scenarios.Field) {
	for _, f := range fields {
		fmt.Fprintf(w, "%s: %s", f.Path, f.Type)
		if f.Example != "" {
			fmt.Fprintf(w, ", such as %s", f.Example)
		}
		fmt.Fprintf(w, "\n    %s\n", f.Doc)
		for _, note := range notes(f) {
			fmt.Fprintf(w, "    %s\n", note)
		}
	}
}

// notes are what else there is to say of a field.
func notes(f scenarios.Field) []string {
	var out []string
	if r := f.Range(); r != "" {
		out = append(out, r)
	}
	if f.Default != "" {
		out = append(out, "default: "+f.Default)
	}
	if f.Zero != "" {
		out = append(out, "0: "+f.Zero)
	}
	if f.Source != "" {
		out = append(out, "source: "+f.Source)
	}
	return out
}

func markdownFields(w io.Writer, fields []scenarios.Field) {
	fmt.Fprintln(w, "| field | what is written there | meaning | notes |\n|---|---|---|---|")
	for _, f := range fields {
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", f.Path, f.Type, f.Doc, strings.Join(notes(f), "; "))
	}
}
