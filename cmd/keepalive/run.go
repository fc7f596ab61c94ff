package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/scenarios"
)

// scenarioFlags are the flags of every command that runs a scenario.
type scenarioFlags struct {
	sets    []string
	variant string
	seed    string
}

func (f *scenarioFlags) add(c *cobra.Command) {
	c.Flags().StringArrayVar(&f.sets, "set", nil, "change a field, as in --set link.rtt=20ms (may be repeated)")
	c.Flags().StringVar(&f.variant, "variant", "", "run this variant only")
	c.Flags().StringVar(&f.seed, "seed", "", "seed of the random streams, a whole number")
}

// configs loads the scenario and resolves the variants asked for. With pair, a file without variants stands for
// per-request and persistent.
func (f *scenarioFlags) configs(c *cobra.Command, arg string, pair bool) ([]model.Config, error) {
	sets := f.sets
	if f.seed != "" {
		sets = append(slices.Clone(sets), "seed="+f.seed)
	}
	file, err := loadScenario(c, arg, sets...)
	if err != nil {
		return nil, err
	}
	for _, w := range file.Warnings {
		fmt.Fprintln(c.ErrOrStderr(), "warning:", w)
	}
	all := file.Variants()
	if pair {
		all, err = file.Pair()
	}
	if err != nil || f.variant == "" {
		return all, err
	}
	var names []string
	for _, cfg := range all {
		if cfg.Variant == f.variant {
			return []model.Config{cfg}, nil
		}
		names = append(names, cfg.Variant)
	}
	return nil, fmt.Errorf("%s: there is no variant %q; it has %s", arg, f.variant, strings.Join(names, ", "))
}

// runFlags are those of run alone.
type runFlags struct {
	scenarioFlags
	asJSON, noRequests bool
	repeat             int
}

// mostRepeats is how many seeds one command may run.
const mostRepeats = 10_000

func runCommand() *cobra.Command {
	var flags runFlags
	c := &cobra.Command{
		Use:   "run FILE",
		Short: "Run every variant of a scenario and print what it cost",
		Long: `Run every variant of a scenario and print what it cost.

A latency runs from the moment the workload wants a request to its end. In an open loop (arrivals) that is the scheduled arrival: what
waits while the server is slow counts, and nothing is omitted. In a closed loop (users) a user whose request is slow sends no other
meanwhile; where that hides much, a line below the table says what users who keep to their pace would meet.

± is a 95 % interval: over one run by batch means, if it has 400 requests or more (2 000 and 10 000 for 95 % and 99 %); with --repeat over
the runs. Ctrl-C ends a run and prints the results so far.

The scenarios that come with the program: ` + strings.Join(scenarios.Names(), ", ") + ".",
		Example: `  keepalive run gallery
  keepalive run gallery --set link.rtt=20ms --variant persistent
  keepalive run mobile --repeat 20
  keepalive run my.yaml --json`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if flags.repeat < 1 || flags.repeat > mostRepeats {
				return fmt.Errorf("--repeat: want from 1 to %d runs, got %d", mostRepeats, flags.repeat)
			}
			configs, err := flags.configs(c, args[0], false)
			if err != nil {
				return err
			}
			if flags.repeat > 1 {
				return flags.runAgain(c, configs)
			}
			return flags.runOnce(c, configs)
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&flags.asJSON, "json", false, "print the Result as JSON")
	c.Flags().BoolVar(&flags.noRequests, "no-requests", false, "leave per_request out of the JSON")
	c.Flags().IntVar(&flags.repeat, "repeat", 1, "run so many seeds, from the scenario's on, and print means with their 95 % intervals")
	return c
}

// runOnce runs each variant with the scenario's seed.
func (f *runFlags) runOnce(c *cobra.Command, configs []model.Config) error {
	bar := newProgress(c.ErrOrStderr(), false)
	res, _, err := lab.RunConfigs(c.Context(), configs, lab.Options{Requests: f.asJSON && !f.noRequests, SoFar: true, Progress: bar.update})
	bar.done()
	if err != nil {
		return failed{err}
	}
	if f.asJSON {
		err = writeJSON(c.OutOrStdout(), res)
	} else {
		err = printResult(c.OutOrStdout(), res)
	}
	if err != nil {
		return failed{err}
	}
	var rest []string
	for i := range configs[len(res.Variants):] {
		rest = append(rest, configs[len(res.Variants)+i].Variant)
	}
	return stopped(res, rest...)
}

// runAgain runs each variant with several seeds.
func (f *runFlags) runAgain(c *cobra.Command, configs []model.Config) error {
	bar := newProgress(c.ErrOrStderr(), false)
	res, rep, ended := lab.Repeat(c.Context(), configs, f.repeat, func(done, total int) {
		bar.show(fmt.Sprintf("%d of %d runs done (Ctrl-C stops)", done, total))
	})
	bar.done()
	var err error
	if f.asJSON {
		err = writeJSON(c.OutOrStdout(), struct {
			lab.Result
			Repeated lab.Repeated `json:"repeated"`
		}{res, rep})
	} else {
		err = printRepeated(c.OutOrStdout(), res.Scenario, rep)
	}
	switch {
	case err != nil:
		return failed{err}
	case errors.Is(ended, context.Canceled):
		return failed{errors.New("interrupted: the numbers are those of the runs that had ended")}
	case ended != nil:
		return failed{ended}
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// stopped is the error of variants that a limit or the user ended: their numbers are those until then.
func stopped(res lab.Result, notBegun ...string) error {
	var lines []string
	for _, v := range res.Variants {
		if v.Stopped != "" {
			lines = append(lines, v.Name+": "+v.Stopped)
		}
	}
	for _, name := range notBegun {
		lines = append(lines, name+": interrupted before it began")
	}
	if len(lines) == 0 {
		return nil
	}
	return failed{errors.New(strings.Join(lines, "\n"))}
}
