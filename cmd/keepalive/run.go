package main

import (
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

func runCommand() *cobra.Command {
	var flags scenarioFlags
	var asJSON, noRequests bool
	c := &cobra.Command{
		Use:   "run FILE",
		Short: "Run every variant of a scenario and print what it cost",
		Long: "Run every variant of a scenario and print what it cost.\n\nThe scenarios that come with the program: " +
			strings.Join(scenarios.Names(), ", ") + ".",
		Example: `  keepalive run gallery
  keepalive run gallery --set link.rtt=20ms --variant persistent
  keepalive run my.yaml --json`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			configs, err := flags.configs(c, args[0], false)
			if err != nil {
				return err
			}
			bar := newProgress(c.ErrOrStderr(), asJSON)
			res, _, err := lab.RunConfigs(c.Context(), configs, lab.Options{Requests: asJSON && !noRequests, Progress: bar.update})
			bar.done()
			if err != nil {
				return failed{err}
			}
			if asJSON {
				err = writeJSON(c.OutOrStdout(), res)
			} else {
				err = printResult(c.OutOrStdout(), res)
			}
			if err != nil {
				return failed{err}
			}
			return stopped(res)
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print the Result as JSON")
	c.Flags().BoolVar(&noRequests, "no-requests", false, "leave per_request out of the JSON")
	return c
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// printResult is the table of run: a row per number, a column per variant.
func printResult(w io.Writer, res lab.Result) error {
	headers := []string{res.Scenario}
	for _, v := range res.Variants {
		headers = append(headers, v.Name)
	}
	t := plainTable(1, 0).Headers(headers...)
	for _, row := range rowsOf(res) {
		cells := []string{row.label}
		for i := range res.Variants {
			cells = append(cells, row.value(&res.Variants[i]))
		}
		t.Row(cells...)
	}
	_, err := fmt.Fprintln(w, trimRight(t.Render()))
	return err
}

// resultRow is a line of the table.
type resultRow struct {
	label string
	value func(*lab.VariantResult) string
}

// rowsOf are the lines of a result: those of several servers and of a proxy where there are any.
func rowsOf(res lab.Result) []resultRow {
	rows := slices.Clone(resultRows)
	if slices.ContainsFunc(res.Variants, func(v lab.VariantResult) bool { return v.Servers != nil }) {
		rows = append(rows, serversRows...)
	}
	if slices.ContainsFunc(res.Variants, func(v lab.VariantResult) bool { return v.Proxy != nil }) {
		rows = append(rows, proxyRows...)
	}
	return rows
}

// stopped is the error of variants that a limit ended: their numbers are those until then.
func stopped(res lab.Result) error {
	var lines []string
	for _, v := range res.Variants {
		if v.Stopped != "" {
			lines = append(lines, v.Name+": "+v.Stopped)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return failed{errors.New(strings.Join(lines, "\n"))}
}

// resultRows are the lines of the table.
var resultRows = []resultRow{
	{"finished", func(v *lab.VariantResult) string { return millis(v.Finished) }},
	{"latency, mean", func(v *lab.VariantResult) string { return millis(v.Latency.Mean) }},
	{"latency, median", func(v *lab.VariantResult) string { return millis(v.Latency.P50) }},
	{"latency, 95 %", func(v *lab.VariantResult) string { return millis(v.Latency.P95) }},
	{"requests ok / failed", func(v *lab.VariantResult) string { return fmt.Sprintf("%d / %d", v.Requests.OK, v.Requests.Failed) }},
	{"connections opened", func(v *lab.VariantResult) string { return count(int64(v.Connections.Opened)) }},
	{"requests on a kept one", func(v *lab.VariantResult) string { return count(int64(v.Connections.Reused)) }},
	{"packets up / down", func(v *lab.VariantResult) string {
		return count(int64(v.Packets.Up)) + " / " + count(int64(v.Packets.Down))
	}},
	{"packets dropped", func(v *lab.VariantResult) string { return count(int64(v.Packets.Dropped)) }},
	{"bytes up / down", func(v *lab.VariantResult) string { return count(v.Bytes.Up) + " / " + count(v.Bytes.Down) }},
	{"server CPU", func(v *lab.VariantResult) string { return millis(v.Server.CPU) }},
	{"server memory, peak", func(v *lab.VariantResult) string { return count(v.Server.PeakMemory/1024) + " KiB" }},
	{"server connections, peak", func(v *lab.VariantResult) string { return count(int64(v.Server.PeakConnections)) }},
	{"TIME_WAIT server / clients", func(v *lab.VariantResult) string {
		return count(int64(v.Server.TimeWaitPeak)) + " / " + count(int64(v.Connections.TimeWaitPeak))
	}},
}

// serversRows say how evenly several servers are used.
var serversRows = []resultRow{
	{"requests by server", func(v *lab.VariantResult) string {
		return eachServer(v, func(s *lab.ServerRow) int { return s.Requests })
	}},
	{"connections by server", func(v *lab.VariantResult) string {
		return eachServer(v, func(s *lab.ServerRow) int { return s.Connections })
	}},
	{"busiest over the mean", func(v *lab.VariantResult) string {
		if v.Servers == nil {
			return "–"
		}
		return fmt.Sprintf("%.2f", v.Imbalance)
	}},
}

// mostServers is how many the table names one by one.
const mostServers = 6

func eachServer(v *lab.VariantResult, count func(*lab.ServerRow) int) string {
	var all []string
	for i := range v.Servers {
		if i == mostServers {
			return strings.Join(all, ", ") + " …"
		}
		all = append(all, fmt.Sprint(count(&v.Servers[i])))
	}
	if all == nil {
		return "–"
	}
	return strings.Join(all, ", ")
}

// proxyRows say what a proxy did.
var proxyRows = []resultRow{
	{"proxy: connections opened", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Connections.Opened)) })},
	{"proxy: requests on a kept one", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Connections.Reused)) })},
	{"proxy: sent again", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Retried)) })},
	{"proxy: failed, 502 / 504", ofProxy(func(p *lab.Proxy) string { return fmt.Sprintf("%d / %d", p.Failed["502"], p.Failed["504"]) })},
	{"proxy: TIME_WAIT to servers", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Connections.TimeWaitPeak)) })},
	{"proxy: connections of clients", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Server.PeakConnections)) })},
}

func ofProxy(value func(*lab.Proxy) string) func(*lab.VariantResult) string {
	return func(v *lab.VariantResult) string {
		if v.Proxy == nil {
			return "–"
		}
		return value(v.Proxy)
	}
}
