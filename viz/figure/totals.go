package figure

import (
	"fmt"
	"strings"

	"keepalive/lab"
	"keepalive/sim"
)

// Totals shows how long each variant took, in one bar each, stacked by the causes of its run's ledger: the parts add up to
// the end of its last request, to the nanosecond. Where requests come by themselves or from several clients that end says
// little, and the bars are those of the mean request.
func Totals(e lab.Explanation) Figure {
	account := func(v *lab.ExplainedVariant) *lab.Account { return &v.Run }
	f := Figure{Name: "totals", Title: unbroken(e.Finding), Subtitle: "What the time until the last byte went to"}
	if e.Mean != nil {
		account = func(v *lab.ExplainedVariant) *lab.Account { return &v.Mean }
		f.Title, f.Subtitle = unbroken(e.MeanFinding), "What the time of a request went to, in the mean of all that ended well"
	}
	f.X = TimeAxis("time", longest(e, account))
	switch {
	case len(e.Variants) > 2 && e.Mean != nil: // the finding is of the first two
		f.Title = extremes(e.Variants)
	case len(e.Variants) > 2:
		f.Title = order(e.Variants, func(v *lab.ExplainedVariant) (string, lab.Millis) { return v.Name, v.Finished })
	case f.Title == "":
		f.Title = f.Subtitle
	}
	panel := Panel{}
	used := [lab.Causes]bool{}
	for i := range e.Variants {
		v := &e.Variants[i]
		row := Row{Label: letter(i) + v.Name, End: End{Text: millis(account(v).Total()), Ink: Text}}
		at := sim.Time(0)
		for c, spent := range account(v).Spent {
			if spent == 0 {
				continue
			}
			used[c] = true
			look := looks[c]
			row.Bars = append(row.Bars, Bar{Name: lab.Cause(c).Words(), From: float64(at), To: float64(at + spent), Ink: look.ink, Style: look.style,
				Label: lab.Cause(c).Words() + " " + millis(spent)})
			at += spent
		}
		panel.Rows = append(panel.Rows, row)
		f.About += row.Label + ": " + row.End.Text + " = " + strings.Join(labels(row.Bars), " + ") + ". "
	}
	f.Panels = []Panel{panel}
	for c, is := range used {
		if is {
			f.Legend = append(f.Legend, Entry{lab.Cause(c).Words(), looks[c].ink, looks[c].style})
		}
	}
	return f
}

func longest(e lab.Explanation, account func(*lab.ExplainedVariant) *lab.Account) float64 {
	end := sim.Time(0)
	for i := range e.Variants {
		end = max(end, account(&e.Variants[i]).Total())
	}
	return float64(end)
}

// extremes says which variant has the quickest mean request and which the slowest.
func extremes(all []lab.ExplainedVariant) string {
	best, worst := &all[0], &all[0]
	for i := range all {
		v := &all[i]
		if v.Mean.Total() < best.Mean.Total() {
			best = v
		}
		if v.Mean.Total() > worst.Mean.Total() {
			worst = v
		}
	}
	if best.Mean.Total() == worst.Mean.Total() {
		return "On average a request takes " + millis(best.Mean.Total()) + ", whatever the variant"
	}
	return fmt.Sprintf("On average a request takes %s with %s, %s with %s", millis(best.Mean.Total()), best.Name, millis(worst.Mean.Total()), worst.Name)
}

func labels(bars []Bar) []string {
	var all []string
	for _, b := range bars {
		all = append(all, b.Label)
	}
	return all
}

// looks are the causes' colours and patterns.
var looks = [lab.Causes]struct {
	ink   Ink
	style Style
}{
	lab.Gap: {Idle, Dashed}, lab.Blocked: {Idle, Dashed},
	lab.DNS: {SetUp, Hatched}, lab.Handshake: {SetUp, Solid}, lab.TLS: {TLS, Solid},
	lab.SendRequest: {Request, Solid}, lab.Propagation: {Ack, Solid},
	lab.ServerQueue: {Wait, Hatched}, lab.ServerCPU: {Wait, Solid}, lab.ServerTime: {Wait, Dotted},
	lab.SlowStart: {Data, Hatched}, lab.PeerWindow: {Data, Dotted}, lab.Serialisation: {Data, Solid},
	lab.Queueing: {Ack, Hatched}, lab.AckDelay: {Ack, Dotted}, lab.Recovery: {Error, Solid}, lab.Host: {Soft, Dotted},
}
