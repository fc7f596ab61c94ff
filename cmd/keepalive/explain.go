package main

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
	"github.com/spf13/cobra"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/sim"
)

func explainCommand() *cobra.Command {
	var flags scenarioFlags
	var asJSON, requests bool
	var pair string
	var records int
	c := &cobra.Command{
		Use:   "explain FILE",
		Short: "Say where each millisecond went, and what makes the difference between two variants",
		Long: `Say where each millisecond of a run went, and what makes the difference between two variants.

The ledger walks back from the last byte delivered and follows at each step the event that could not have happened
earlier. Each nanosecond goes to one cause, so that the rows add up to the time the run took. Where requests come by
themselves, or from several clients, a second table has the mean of them all.`,
		Example: `  keepalive explain gallery
  keepalive explain gallery --requests
  keepalive explain my.yaml --pair cold,warm --json`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
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
			bar := newProgress(c.ErrOrStderr(), asJSON)
			res, logs, err := lab.RunConfigs(c.Context(), configs, lab.Options{Log: true, Whole: true, MaxRecords: records, Progress: bar.update})
			bar.done()
			if err != nil {
				return failed{err}
			}
			e, err := lab.ExplainAll(logs)
			if err != nil {
				return failed{err}
			}
			if asJSON {
				err = writeJSON(c.OutOrStdout(), e)
			} else {
				err = printExplanation(c.OutOrStdout(), &e, requests)
			}
			if err != nil {
				return failed{err}
			}
			return stopped(res)
		},
	}
	flags.add(c)
	c.Flags().BoolVar(&requests, "requests", false, "a row per request too")
	c.Flags().BoolVar(&asJSON, "json", false, "print the ledgers as JSON")
	c.Flags().IntVar(&records, "records", trace.MaxRecords, "facts to keep of each run, 48 bytes each; a longer run cannot be explained")
	c.Flags().StringVar(&pair, "pair", "", "the two variants to set against each other, as in --pair cold,warm (default: the first two)")
	return c
}

// choosePair keeps the two variants that pair names, in that order; without a name, all.
func choosePair(configs []model.Config, pair string) ([]model.Config, error) {
	if pair == "" {
		return configs, nil
	}
	a, b, two := strings.Cut(pair, ",")
	if !two {
		return nil, fmt.Errorf("--pair: want two variants, as in --pair cold,warm, got %q", pair)
	}
	var chosen []model.Config
	for _, want := range []string{a, b} {
		var names []string
		for _, cfg := range configs {
			names = append(names, cfg.Variant)
			if cfg.Variant == want {
				chosen = append(chosen, cfg)
			}
		}
		if len(chosen) == 0 || chosen[len(chosen)-1].Variant != want {
			return nil, fmt.Errorf("--pair: there is no variant %q; the scenario has %s", want, strings.Join(names, ", "))
		}
	}
	return chosen, nil
}

func printExplanation(w io.Writer, e *lab.Explanation, requests bool) error {
	if _, err := fmt.Fprintln(w, ledgerTable(&e.Table, "finished")); err != nil {
		return err
	}
	if e.Finding != "" {
		fmt.Fprintf(w, "\n%s\n", e.Finding)
	}
	for i := 1; i < len(e.Variants)-1; i++ {
		a, b := &e.Variants[i], &e.Variants[i+1]
		fmt.Fprintf(w, "%s\n", lab.Because(a.Ledger, b.Ledger, a.Name, b.Name))
	}
	if e.Mean != nil {
		fmt.Fprintf(w, "\nThat is the way to the last request. The mean of all that ended well, from the moment each is wanted to its end:\n%s\n",
			ledgerTable(e.Mean, "latency"))
	}
	if e.MeanFinding != "" {
		fmt.Fprintf(w, "\n%s\n", e.MeanFinding)
	}
	if !requests {
		return nil
	}
	for i := range e.Variants {
		fmt.Fprintf(w, "\n%s, from the moment each request is wanted to its end\n%s\n", e.Variants[i].Name, requestTable(&e.Variants[i]))
	}
	return nil
}

// ledgerTable sets the variants side by side, with the difference of the first two.
func ledgerTable(table *lab.Table, total string) string {
	headers := append([]string{"ms"}, table.Columns...)
	t := plainTable(1, len(headers)).Headers(append(headers, "")...)
	line := func(label string, cells []string, note string) {
		t.Row(append(append([]string{label}, cells...), note)...)
	}
	for _, r := range table.Rows {
		line(r.Words, r.Cells, r.Meaning)
	}
	line(total, table.Total, "")
	return trimRight(t.Render())
}

// requestTable has a row per request and a column per cause.
func requestTable(v *lab.ExplainedVariant) string {
	accounts := make([]*lab.Account, len(v.Requests))
	longest := sim.Time(0)
	for i := range v.Requests {
		accounts[i] = &v.Requests[i].Causes
		longest = max(longest, accounts[i].Total())
	}
	unit := lab.UnitFor(longest)
	columns, totals := lab.Rows(unit, accounts...)
	headers := []string{"", "path"}
	for _, c := range columns {
		headers = append(headers, c.Cause.Words())
	}
	t := plainTable(2, 0).Headers(append(headers, "total")...)
	for i := range v.Requests {
		cells := []string{fmt.Sprint(v.Requests[i].Request), v.Requests[i].Path}
		for _, c := range columns {
			cells = append(cells, lab.InUnits(c.Spent[i], unit))
		}
		t.Row(append(cells, lab.InUnits(totals[i], unit))...)
	}
	return trimRight(t.Render())
}

// plainTable has no lines; its first columns are text, and so is column note unless it is 0; the others are numbers.
func plainTable(text, note int) *table.Table {
	return table.New().Border(lipgloss.HiddenBorder()).BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).
		BorderHeader(false).BorderColumn(false).StyleFunc(func(_, col int) lipgloss.Style {
		switch {
		case col < text:
			return lipgloss.NewStyle().PaddingRight(2)
		case note > 0 && col == note:
			return lipgloss.NewStyle().PaddingLeft(3)
		}
		return lipgloss.NewStyle().Align(lipgloss.Right).PaddingLeft(2)
	})
}

// trimRight takes the blanks off the ends of lines.
func trimRight(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
