package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"keepalive/lab/accuracy"
)

// accuracyFlags choose which cases are run and how they are shown.
type accuracyFlags struct {
	family, id       string
	asJSON, markdown bool
}

func accuracyCommand() *cobra.Command {
	var f accuracyFlags
	c := &cobra.Command{
		Use:   "accuracy",
		Short: "Compare the model with measurements of a real Linux host, case by case",
		Long: `Compare the model with measurements of a real Linux host, case by case.

Every measured case that the model can express is run. A case's error is 0 inside the range of its repeats, else the distance to the
nearest repeat in per cent; of many clients (family G) several numbers are compared, and the largest error counts. Packets and bytes are whole IP packets, up/down, beside the medians measured where these differ.

Exit status: 0 no case is worse than the project's record of it; 1 one is, by more than 0.05 points; 2 bad usage.`,
		Example: `  keepalive accuracy
  keepalive accuracy --family A
  keepalive accuracy --case D/rtt50/rate10/conns6/persistent/pool | keepalive run -
  keepalive accuracy --markdown > model/ACCURACY.md`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c) },
	}
	c.Flags().StringVar(&f.family, "family", "", "run this family only, by its letter: "+accuracy.Letters())
	c.Flags().StringVar(&f.id, "case", "", "print the scenario that repeats this case, for keepalive run -")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print the report as JSON")
	c.Flags().BoolVar(&f.markdown, "markdown", false, "print the report as a page in Markdown")
	c.MarkFlagsMutuallyExclusive("json", "markdown", "case")
	c.MarkFlagsMutuallyExclusive("family", "markdown")
	c.MarkFlagsMutuallyExclusive("family", "case")
	return c
}

func (f *accuracyFlags) run(c *cobra.Command) error {
	all, err := accuracy.Measurements()
	if err != nil {
		return err
	}
	if f.id != "" {
		return printCase(c.OutOrStdout(), all, f.id)
	}
	if all = accuracy.Select(all, strings.ToUpper(f.family)); len(all) == 0 {
		return fmt.Errorf("--family: there is no family %q; there are %s", f.family, accuracy.Letters())
	}
	bar := newProgress(c.ErrOrStderr(), false)
	r, err := accuracy.Run(c.Context(), all, func(done, of int) { bar.show(fmt.Sprintf("case %d of %d (Ctrl-C stops)", done, of)) })
	bar.done()
	if err != nil {
		return failed{err}
	}
	if err := f.print(c.OutOrStdout(), r); err != nil {
		return err
	}
	if worse := r.Worse(); len(worse) > 0 {
		return failed{fmt.Errorf("worse than the record in lab/testdata/accuracy.json:\n%s", strings.Join(worse, "\n"))}
	}
	return nil
}

// printCase prints the scenario of the case named id.
func printCase(w io.Writer, all []accuracy.Measurement, id string) error {
	for i := range all {
		m := &all[i]
		if m.ID != id {
			continue
		}
		if why := m.Runnable(); why != "" {
			return fmt.Errorf("--case: %s is left out: %s", id, why)
		}
		_, err := io.WriteString(w, m.Scenario())
		return err
	}
	return fmt.Errorf("--case: there is no case %q; keepalive accuracy lists them", id)
}

func (f *accuracyFlags) print(w io.Writer, r *accuracy.Report) error {
	if f.asJSON {
		return writeJSON(w, r)
	}
	if f.markdown {
		_, err := io.WriteString(w, r.Markdown())
		return err
	}
	if len(r.Cases) > 0 {
		fmt.Fprintf(w, "%s\n\n", caseTable(r))
		for _, s := range r.Families {
			if names := r.Names(s.Family); names != nil {
				fmt.Fprintf(w, "%s\n\n", quantityTable(r, s.Family, names))
			}
		}
		fmt.Fprintf(w, "%s\n\n", familyTable(r))
	}
	for _, x := range r.LeftOut {
		fmt.Fprintf(w, "%s: %d cases are left out: %s\n", x.Letter, x.Cases, x.Why)
	}
	for _, c := range r.Cases {
		if c.Why != "" {
			fmt.Fprintf(w, "%s: %s\n", c.ID, c.Why)
		}
	}
	return nil
}

// caseTable has a row per case: times in ms (of many clients the median latency), then what went over the wire.
func caseTable(r *accuracy.Report) string {
	t := plainTable(1, 0).Headers("ms", "model", "measured", "min", "max", "error %", "packets", "measured", "bytes", "measured")
	for i := range r.Cases {
		c := &r.Cases[i]
		w := c.WireText()
		t.Row(c.ID, decimals(c.Model), decimals(c.Measured.Median), decimals(c.Measured.Min), decimals(c.Measured.Max), decimals(c.Error), w[0], w[1], w[2], w[3])
	}
	return trimRight(t.Render())
}

// quantityTable has a row per case of a family of many clients: the model's numbers and the ranges of those measured.
func quantityTable(r *accuracy.Report, family string, names []string) string {
	t := plainTable(1, 0).Headers(append([]string{family + ": model (measured)"}, names...)...)
	for i := range r.Cases {
		c := &r.Cases[i]
		if c.Family != family {
			continue
		}
		row := []string{c.ID}
		for _, q := range c.Quantities {
			row = append(row, q.Text())
		}
		t.Row(row...)
	}
	return trimRight(t.Render())
}

// familyTable has a row per family: each number of it beside its target.
func familyTable(r *accuracy.Report) string {
	t := plainTable(1, 9).Headers("errors in %", "cases", "median", "target", "95 %", "target", "worst", "target", "", "worst case")
	for _, s := range r.Families {
		t.Row(s.Family, fmt.Sprint(s.Cases), decimals(s.Median), accuracy.Aim(s.Target.Median), decimals(s.P95), accuracy.Aim(s.Target.P95),
			decimals(s.Worst), accuracy.Aim(s.Target.Worst), "", s.WorstCase)
	}
	return trimRight(t.Render())
}

func decimals(x float64) string { return fmt.Sprintf("%.3f", x) }
