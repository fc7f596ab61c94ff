package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"keepalive/lab"
)

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
		if strings.Join(cells[1:], "") != "" {
			t.Row(cells...)
		}
	}
	_, err := fmt.Fprintln(w, trimRight(t.Render()))
	for i := range res.Variants {
		for _, note := range cautions(&res.Variants[i]) {
			if err == nil {
				_, err = fmt.Fprintf(w, "%s: %s\n", res.Variants[i].Name, note)
			}
		}
	}
	return err
}

// resultRow is a line of the table. It is left out where no variant has anything to say.
type resultRow struct {
	label string
	value func(*lab.VariantResult) string
}

// rowsOf are the lines of a result: those of classes, of several servers and of a proxy where there are any.
func rowsOf(res lab.Result) []resultRow {
	rows := append(slices.Clone(resultRows), classRows(res)...)
	if slices.ContainsFunc(res.Variants, func(v lab.VariantResult) bool { return v.Servers != nil }) {
		rows = append(rows, serversRows...)
	}
	if slices.ContainsFunc(res.Variants, func(v lab.VariantResult) bool { return v.Proxy != nil }) {
		rows = append(rows, proxyRows...)
	}
	return rows
}

var resultRows = []resultRow{
	{"finished", func(v *lab.VariantResult) string { return millis(v.Finished) }},
	latencyRow("latency, mean", func(v *lab.VariantResult) string {
		if v.Interval == nil {
			return millis(v.Latency.Mean)
		}
		return give(v.Latency.Mean, &v.Interval.Mean)
	}),
	latencyRow("latency, median", func(v *lab.VariantResult) string {
		if v.Interval == nil {
			return millis(v.Latency.P50)
		}
		return give(v.Latency.P50, &v.Interval.P50)
	}),
	latencyRow("latency, 95 %", func(v *lab.VariantResult) string {
		if v.Interval == nil {
			return millis(v.Latency.P95)
		}
		return give(v.Latency.P95, v.Interval.P95)
	}),
	{"latency, 99 %", func(v *lab.VariantResult) string {
		if v.Requests.OK < 100 {
			return "" // it would be the largest
		}
		if v.Interval == nil {
			return millis(v.Latency.P99)
		}
		return give(v.Latency.P99, v.Interval.P99)
	}},
	{"requests ok / failed", func(v *lab.VariantResult) string {
		return fmt.Sprintf("%d / %d", v.Requests.OK, v.Requests.Failed)
	}},
	{"failed by", func(v *lab.VariantResult) string {
		var said []string
		for _, status := range slices.Sorted(maps.Keys(v.Requests.FailedBy)) {
			said = append(said, status+" "+count(int64(v.Requests.FailedBy[status])))
		}
		return strings.Join(said, ", ")
	}},
	{"not ended", func(v *lab.VariantResult) string {
		if v.Requests.Censored == 0 {
			return ""
		}
		return count(int64(v.Requests.Censored))
	}},
	{"of them warming up", func(v *lab.VariantResult) string {
		if v.Requests.WarmUp == 0 {
			return ""
		}
		return count(int64(v.Requests.WarmUp))
	}},
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
	{"server limits reached", func(v *lab.VariantResult) string { return limits(v.Server.Limits) }},
	{"TIME_WAIT server / clients", func(v *lab.VariantResult) string {
		return count(int64(v.Server.TimeWaitPeak)) + " / " + count(int64(v.Connections.TimeWaitPeak))
	}},
}

// limits says which were reached, and how often.
func limits(all []lab.Limit) string {
	var said []string
	for _, l := range all {
		said = append(said, fmt.Sprintf("%s %s×", l.Limit, count(int64(l.Times))))
	}
	return strings.Join(said, ", ")
}

// none stands for a latency where no request has one.
const none = "–"

// latencyRow is a row of latencies, which only requests that ended well after the warm-up have.
func latencyRow(label string, value func(*lab.VariantResult) string) resultRow {
	return resultRow{label, func(v *lab.VariantResult) string {
		if v.Requests.OK == v.Requests.WarmUp {
			return none
		}
		return value(v)
	}}
}

// give is a value and half the width of its interval, if it has one.
func give(m lab.Millis, i *lab.Interval) string {
	if i == nil {
		return millis(m)
	}
	return millis(m) + " ± " + millis(max(i.High-m, m-i.Low))
}

// classRows are three rows for each class of a mix. Variants may have others.
func classRows(res lab.Result) (rows []resultRow) {
	seen := map[string]bool{}
	for _, v := range res.Variants {
		for _, c := range v.Classes {
			if !seen[c.Name] {
				seen[c.Name] = true
				rows = append(rows, rowsOfClass(c.Name)...)
			}
		}
	}
	return rows
}

func rowsOfClass(class string) []resultRow {
	row := func(label string, value func(c *lab.ClassResult) string) resultRow {
		return resultRow{class + label, func(v *lab.VariantResult) string {
			for i := range v.Classes {
				if v.Classes[i].Name == class {
					return value(&v.Classes[i])
				}
			}
			return ""
		}}
	}
	return []resultRow{
		row(": ok / failed", func(c *lab.ClassResult) string { return fmt.Sprintf("%d / %d", c.OK, c.Failed) }),
		row(": latency, median", func(c *lab.ClassResult) string { return ofClass(c, c.Latency.P50) }),
		row(": latency, 95 %", func(c *lab.ClassResult) string { return ofClass(c, c.Latency.P95) }),
	}
}

// ofClass is a latency of a class, which one of failed requests, or of a warm-up alone, has none of.
func ofClass(c *lab.ClassResult, m lab.Millis) string {
	if c.Latency.Max == 0 {
		return none
	}
	return millis(m)
}

// cautions are what a reader of a variant's latencies must know.
func cautions(v *lab.VariantResult) (out []string) {
	if c := v.Corrected; c != nil && (hides(v.Latency.P95, c.P95) || hides(v.Latency.P99, c.P99)) {
		out = append(out, fmt.Sprintf("a closed loop: while a request is slow its user sends no other, and slow times are met too seldom. "+
			"Had each user kept to one request in %s, 95 %% would be %s and 99 %% %s.", millis(c.Every), millis(c.P95), millis(c.P99)))
	}
	if i := v.Interval; i != nil && i.TooNarrow() {
		out = append(out, fmt.Sprintf("the intervals (±) are too narrow: neighbouring batches of the run are alike (correlation %.2f). "+
			"Run longer, or several seeds with --repeat.", i.Correlation))
	}
	if v.Requests.Censored > 0 && v.Stopped == "" {
		out = append(out, "what has not ended never will: the server's kernel has given up sending, and a client without a timeout waits for ever. "+
			"Set client.timeout.")
	}
	if v.Requests.OK > 0 && v.Requests.WarmUp == v.Requests.OK {
		out = append(out, "all requests were wanted during the warm-up: there is no latency to tell")
	}
	return out
}

// hides tells whether a percentile would be larger by more than a tenth.
func hides(plain, corrected lab.Millis) bool { return corrected > plain+plain/10 }

// printRepeated is the table of run --repeat.
func printRepeated(w io.Writer, scenario string, rep lab.Repeated) error {
	headers := []string{scenario}
	for _, v := range rep.Variants {
		headers = append(headers, v.Name)
	}
	t := plainTable(1, 0).Headers(headers...)
	for _, row := range []struct {
		label string
		value func(*lab.RepeatedVariant) string
	}{
		{"runs", func(v *lab.RepeatedVariant) string { return count(int64(v.Runs)) }},
		{"finished", func(v *lab.RepeatedVariant) string { return spread(v.Finished) }},
		{"latency, mean", func(v *lab.RepeatedVariant) string { return spread(v.Latency.Mean) }},
		{"latency, median", func(v *lab.RepeatedVariant) string { return spread(v.Latency.P50) }},
		{"latency, 95 %", func(v *lab.RepeatedVariant) string { return spread(v.Latency.P95) }},
		{"latency, 99 %", func(v *lab.RepeatedVariant) string { return spread(v.Latency.P99) }},
		{"requests ok / failed, in all", func(v *lab.RepeatedVariant) string { return fmt.Sprintf("%d / %d", v.OK, v.Failed) }},
	} {
		cells := []string{row.label}
		for i := range rep.Variants {
			cell := none
			if rep.Variants[i].Runs > 0 || row.label == "runs" {
				cell = row.value(&rep.Variants[i])
			}
			cells = append(cells, cell)
		}
		t.Row(cells...)
	}
	_, err := fmt.Fprintf(w, "%s\nMeans over runs with seeds from %d on, each with its %d %% interval by Student's t.\n", trimRight(t.Render()), rep.First, rep.Percent)
	return err
}

func spread(s lab.Spread) string { return give(s.Mean, s.Interval) }
