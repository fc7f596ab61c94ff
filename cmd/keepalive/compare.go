package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/viz/charts"
	"keepalive/viz/figure"
)

func compareCommand() *cobra.Command {
	var flags scenarioFlags
	var dir, pair string
	var formats []string
	var records int
	c := &cobra.Command{
		Use:   "compare FILE -o DIR",
		Short: "Write plots and a summary of the variants side by side",
		Long: `Write plots and a summary of the variants side by side into a folder:

  totals     where the time until the last byte went
  waterfall  each request over time
  window     the server's congestion window and what it has on the way
  summary.html, summary.md   the same with the numbers; the HTML page works by itself, offline`,
		Example: `  keepalive compare gallery -o out
  keepalive compare gallery -o out --set link.rtt=20ms --format pdf
  keepalive compare my.yaml -o out --pair cold,warm --format png,svg,pdf`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkFormats(formats); err != nil {
				return err
			}
			if err := checkFolder(dir); err != nil {
				return err
			}
			if records < 1 {
				return fmt.Errorf("--records: want at least 1, got %d", records)
			}
			configs, err := flags.configs(c, args[0], true)
			if err != nil {
				return err
			}
			if configs, err = choosePair(configs, pair); err != nil {
				return err
			}
			bar := newProgress(c.ErrOrStderr(), false)
			res, logs, err := lab.RunConfigs(c.Context(), configs, lab.Options{Requests: true, Log: true, Whole: true, MaxRecords: records, Progress: bar.update})
			bar.done()
			if err != nil {
				return failed{err}
			}
			cmp, err := newComparison(res, logs)
			if err != nil {
				return failed{err}
			}
			cmp.Command = commandLine(args[0], &flags, pair)
			written, err := cmp.write(dir, formats)
			if len(written) > 0 {
				fmt.Fprintf(c.ErrOrStderr(), "wrote to %s: %s\n", dir, strings.Join(written, ", "))
			}
			if err != nil {
				return failed{err}
			}
			return stopped(res)
		},
	}
	flags.add(c)
	c.Flags().StringVarP(&dir, "output", "o", "", "folder for the files; made if it is not there")
	c.Flags().StringSliceVar(&formats, "format", []string{"png", "svg"}, "formats of the plots: "+strings.Join(charts.Formats(), ", "))
	c.Flags().StringVar(&pair, "pair", "", "the two variants to set against each other, as in --pair cold,warm (default: all)")
	c.Flags().IntVar(&records, "records", trace.MaxRecords, "facts to keep of each run, 48 bytes each; a longer run cannot be explained")
	return c
}

// checkFormats refuses what cannot be written before anything is run.
func checkFormats(formats []string) error {
	for _, f := range formats {
		if !slices.Contains(charts.Formats(), f) {
			return fmt.Errorf("--format: there is no format %q; want one or more of %s", f, strings.Join(charts.Formats(), ", "))
		}
	}
	if len(formats) == 0 {
		return fmt.Errorf("--format: want one or more of %s", strings.Join(charts.Formats(), ", "))
	}
	return nil
}

// checkFolder refuses a place that is no folder.
func checkFolder(dir string) error {
	if dir == "" {
		return errors.New("compare: want a folder for the files, as in: keepalive compare gallery -o out")
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("-o %s: this is a file; name a folder", dir)
	}
	return nil
}

// commandLine is what makes the same comparison again.
func commandLine(file string, flags *scenarioFlags, pair string) string {
	words := []string{"keepalive", "compare", file, "-o", "DIR"}
	for _, s := range flags.sets {
		words = append(words, "--set", s)
	}
	for _, f := range [][2]string{{"--seed", flags.seed}, {"--variant", flags.variant}, {"--pair", pair}} {
		if f[1] != "" {
			words = append(words, f[0], f[1])
		}
	}
	for i, w := range words {
		if strings.ContainsAny(w, " '\"{}[]$&|;<>()*?#\\") {
			words[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// write puts every file into dir and names those that it wrote.
func (c *comparison) write(dir string, formats []string) (written []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	put := func(name string, render func(io.Writer) error) error {
		var b bytes.Buffer
		if err := render(&b); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			return err
		}
		written = append(written, name)
		return nil
	}
	for i := range c.Figures {
		f := &c.Figures[i]
		for _, format := range formats {
			name := f.Name + "." + format
			if err := put(name, func(w io.Writer) error { return charts.Write(w, f.Figure, format) }); err != nil {
				return written, err
			}
			f.Files = append(f.Files, name)
		}
	}
	if err := put("summary.html", c.html); err != nil {
		return written, err
	}
	return written, put("summary.md", c.markdown)
}

// figures are the plots of a comparison.
func figures(res lab.Result, e lab.Explanation, logs []*trace.Log) []figure.Figure {
	all := []figure.Figure{figure.Totals(e), figure.Waterfall(res), figure.Window(logs)}
	if f, many := figure.Latency(res); many {
		all = append(all, f)
	}
	return all
}
