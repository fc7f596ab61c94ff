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
	"keepalive/lab/tune"
	"keepalive/scenarios"
	"keepalive/viz/charts"
	"keepalive/viz/figure"
)

// tuneFlags are the flags of tune.
type tuneFlags struct {
	scenarioFlags
	goal, minimise, maximise string
	over, products           []string
	budget, seeds, jobs      int
	dir                      string
	formats                  []string
	asJSON                   bool
}

func tuneCommand() *cobra.Command {
	var flags tuneFlags
	c := &cobra.Command{
		Use:   "tune FILE --goal GOAL",
		Short: "Find settings that reach a goal, and what stands in the way of more",
		Long: `Find settings that reach a goal, and what stands in the way of more.

A goal is made of comparisons joined by and. It speaks of ` + metricNames() + `.
Some may be a share: failed < 1%. No request may fail unless the goal says how many.

Without --over the server's timeout, workers and requests per connection and the client's pool are free, each where it can change
something. A RANGE is A..B/n (n values with both ends), A..B/nlog (geometric), A..B, or a list a,b,c.`,
		Example: `  keepalive tune busy-server --variant "processes persistent" --goal "p95 < 200ms and peak_memory < 2MiB"
  keepalive tune my.yaml --goal "p99 < 1s" --minimise cpu --over server.keep_alive_timeout=1s..60s --over server.workers=16,32,64 -o out
  keepalive tune my.yaml --goal "failed < 1%" --maximise throughput --for nginx,go --json`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error { return flags.run(c, args[0]) },
	}
	flags.add(c)
	f := c.Flags()
	f.StringVar(&flags.goal, "goal", "", `what to reach, as in --goal "p95 < 200ms and peak_memory < 256MiB"`)
	f.StringVar(&flags.minimise, "minimise", "", "of settings that reach the goal choose the one with least of this: a metric, or a free setting (default: most to spare)")
	f.StringVar(&flags.maximise, "maximise", "", "the same with the most of it")
	f.StringArrayVar(&flags.over, "over", nil, "a setting that is free, as in --over server.keep_alive_timeout=1s..60s (may be repeated)")
	f.IntVar(&flags.budget, "budget", tune.DefaultBudget, "runs at most")
	f.IntVar(&flags.seeds, "seeds", tune.DefaultSeeds, "further seeds to confirm what was found with")
	f.IntVar(&flags.jobs, "jobs", 0, "runs at the same time (default: one per core)")
	f.StringSliceVar(&flags.products, "for", nil, "products to print directives for: "+strings.Join(tune.Products(), ", ")+" (default: the one of server.preset, or all)")
	f.StringVarP(&flags.dir, "output", "o", "", "folder for the trade-off curve; made if it is not there")
	f.StringSliceVar(&flags.formats, "format", []string{"png", "svg"}, "formats of the curve: "+strings.Join(charts.Formats(), ", "))
	f.BoolVar(&flags.asJSON, "json", false, "print everything that was tried and found as JSON")
	return c
}

// metricNames lists what a goal may speak of, in lines as long as those around it.
func metricNames() string {
	var b strings.Builder
	line := len("A goal is made of comparisons joined by and. It speaks of ")
	for i, m := range tune.Metrics {
		switch {
		case i == 0:
		case line > 110:
			b.WriteString(",\n")
			line = 0
		default:
			b.WriteString(", ")
		}
		b.WriteString(m.Name)
		line += len(m.Name) + 2
	}
	return b.String()
}

// run is the command.
func (f *tuneFlags) run(c *cobra.Command, file string) error {
	goal, err := f.check()
	if err != nil {
		return err
	}
	space, err := f.space(c, file)
	if err != nil {
		return err
	}
	aim, err := f.aim(space)
	if err != nil {
		return err
	}
	for _, w := range space.Warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	bar := newProgress(c.ErrOrStderr(), false)
	r, err := space.Search(c.Context(), tune.Options{Goal: goal, Aim: aim, Budget: f.budget, Seeds: f.seeds, Cores: f.jobs, Progress: func(done, most int) {
		bar.show(fmt.Sprintf("run %d of at most %d (Ctrl-C gives the best so far)", done, most))
	}})
	bar.done()
	if err != nil {
		return failed{err}
	}
	r.Directives = f.directives(r)
	if f.asJSON {
		err = writeJSON(c.OutOrStdout(), r)
	} else {
		err = printTuned(c.OutOrStdout(), r)
	}
	if err == nil && f.dir != "" {
		err = writeTradeOff(c.ErrOrStderr(), f.dir, f.formats, r)
	}
	switch {
	case err != nil:
		return failed{err}
	case r.Stopped != "":
		return failed{errors.New(r.Stopped)}
	case !r.Met:
		return failed{fmt.Errorf("the goal is not reached: %s", r.Goal)}
	}
	return nil
}

// check reads what needs no scenario.
func (f *tuneFlags) check() (tune.Goal, error) {
	if strings.TrimSpace(f.goal) == "" {
		return tune.Goal{}, errors.New(`tune: want a goal, as in --goal "p95 < 200ms and peak_memory < 256MiB"`)
	}
	goal, err := tune.ParseGoal(f.goal)
	switch {
	case err != nil:
		return goal, err
	case f.minimise != "" && f.maximise != "":
		return goal, errors.New("want --minimise or --maximise, not both: write the other into the goal")
	case f.budget < tune.LeastBudget:
		return goal, fmt.Errorf("--budget: want at least %d runs, got %d", tune.LeastBudget, f.budget)
	case f.seeds < 1 || f.seeds > 100:
		return goal, fmt.Errorf("--seeds: want 1 to 100, got %d", f.seeds)
	case f.jobs < 0:
		return goal, fmt.Errorf("--jobs: want at least 1, got %d", f.jobs)
	}
	for _, p := range f.products {
		if err := tune.CheckProduct(p); err != nil {
			return goal, fmt.Errorf("--for: %w", err)
		}
	}
	if f.dir != "" {
		if err := checkFormats(f.formats); err != nil {
			return goal, err
		}
		return goal, checkFolder(f.dir)
	}
	return goal, nil
}

// space reads the scenario and what is free.
func (f *tuneFlags) space(c *cobra.Command, file string) (*tune.Space, error) {
	var over []lab.Over
	for _, text := range f.over {
		o, err := lab.ParseOver(text)
		if err != nil {
			return nil, fmt.Errorf("--over %s: %w", text, err)
		}
		over = append(over, o)
	}
	always := slices.Clone(f.sets)
	if f.seed != "" {
		always = append(always, "seed="+f.seed)
	}
	load := func(sets ...string) (*scenarios.File, error) {
		return scenarios.Load(file, slices.Concat(always, sets)...)
	}
	if file == stdin {
		data, err := readInput(c)
		if err != nil {
			return nil, err
		}
		load = func(sets ...string) (*scenarios.File, error) {
			return scenarios.Parse(inputName, data, slices.Concat(always, sets)...)
		}
	}
	return tune.NewSpace(load, f.variant, over)
}

func (f *tuneFlags) aim(space *tune.Space) (tune.Aim, error) {
	flag, name := "--minimise", f.minimise
	if f.maximise != "" {
		flag, name = "--maximise", f.maximise
	}
	if name == "" {
		return tune.Aim{}, nil
	}
	aim, err := tune.ParseAim(name, f.maximise != "", space.Free)
	if err != nil {
		return aim, fmt.Errorf("%s: %w", flag, err)
	}
	return aim, nil
}

// directives are those of the products asked for.
func (f *tuneFlags) directives(r *tune.Report) []tune.Advice {
	products := f.products
	if p := tune.ProductOf(r.Config.Server.Preset); len(products) == 0 && p != "" {
		products = []string{p}
	}
	if len(products) == 0 {
		return r.Directives
	}
	return slices.DeleteFunc(slices.Clone(r.Directives), func(a tune.Advice) bool { return !slices.Contains(products, a.Product) })
}

// writeTradeOff draws what was tried.
func writeTradeOff(w io.Writer, dir string, formats []string, r *tune.Report) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f := figure.TradeOff(r)
	var written []string
	for _, format := range formats {
		var b bytes.Buffer
		if err := charts.Write(&b, f, format); err != nil {
			return err
		}
		name := f.Name + "." + format
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			return err
		}
		written = append(written, name)
	}
	fmt.Fprintf(w, "wrote to %s: %s\n", dir, strings.Join(written, ", "))
	return nil
}

// printTuned prints what was found: settings, the goal's clauses, what binds, and directives.
func printTuned(w io.Writer, r *tune.Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s: %s\n%s, by %s; %d runs\n\n", r.Scenario, r.Variant, r.Goal, reached(r), r.Aim, r.Runs)
	t := plainTable(1, 3).Headers("", "in the file", "chosen", "")
	for d, o := range r.Free {
		note := ""
		if r.Tied && o.Path == "server.workers" {
			note = "and max_connections, which is alike in the file"
		}
		t.Row(o.Path, r.File.Values[d], r.Chosen.Values[d], note)
	}
	for i := range r.Clauses {
		m := &r.Clauses[i]
		c := m.Of()
		kind, within, kept := c.Metric.Kind, "", "kept"
		if m.Within > 0 {
			within = " ± " + kind.Write(float64(m.Within))
		}
		if !m.Met {
			kept = "missed"
		}
		wanted := c.Op + " " + kind.Write(c.Limit)
		if c.Implied {
			kept += " (the goal says nothing of failures)"
		}
		t.Row(c.Metric.Name, kind.Write(float64(m.File)), kind.Write(float64(m.Mean))+within, wanted+": "+kept)
	}
	b.WriteString(trimRight(t.Render()) + "\n\n" + r.Binding.Sentence + "\n")
	for _, a := range r.Directives {
		fmt.Fprintf(&b, "\n--- %s\n%s\n", a.Product, strings.Join(a.Lines, "\n"))
		for _, m := range a.Missing {
			fmt.Fprintf(&b, "no directive for %s\n", m)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// reached says whether the goal is reached.
func reached(r *tune.Report) string {
	switch {
	case r.Met && r.Chances.Seeds > 1:
		return fmt.Sprintf("reached, with each of %d seeds", r.Chances.Seeds)
	case r.Met:
		return "reached, with one seed"
	case r.Chances.Kept > 0:
		return fmt.Sprintf("reached with %d of %d seeds only", r.Chances.Kept, r.Chances.Seeds)
	}
	return "not reached; this is the nearest that was found"
}
