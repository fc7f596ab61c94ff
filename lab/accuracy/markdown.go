package accuracy

import (
	"fmt"
	"strings"
)

const preface = `# Accuracy

How far the model is from real hosts, case by case. This page is printed by ` + "`keepalive accuracy --markdown`" + `, and a test says when it is
out of date. Run ` + "`keepalive accuracy`" + ` to see the same numbers made before your eyes, and ` + "`keepalive accuracy --case ID | keepalive run -`" + `
to repeat one case.

## What was measured, and how

Two Linux hosts (kernel 6.18, CUBIC and Reno; nginx 1.22, Apache 2.4 or a Go server; a Go client, or one that writes bare HTTP) were joined
by an emulated link that carries every IP packet with an exact propagation delay, rate, drop-tail queue and loss: just what the
model's ` + "`link`" + ` says. All else was real. Each case was repeated five times or more, and every packet counted. The model runs the same
case with ` + "`hosts: linux`" + `: its calibrated costs of system calls and wake-ups are the same in all cases. Where packets were lost by chance,
the model loses the very same ones.

The **error** of a case is 0 when the model's total time lies within the range of the repeats: the real hosts do not agree better
among themselves. Otherwise it is the distance to the nearest repeat, in per cent of it. **Median**, **95 %** (95th percentile, nearest
rank) and **worst** are over the cases of a family, each beside its target. A target that has been met is a limit from then on.

Of a case with many clients (family G) several numbers are compared, and its error is the largest of theirs. Counts of clients are in per
cent of all clients. Where clients begin at random times the model runs five seeds, as the hosts ran five times, and its median counts.

`

// Markdown is the report as a page for a teacher.
func (r *Report) Markdown() string {
	var b strings.Builder
	b.WriteString(preface)
	b.WriteString(r.Sentence() + "\n\n## By family\n\nErrors in per cent.\n\n")
	r.familyTable(&b)
	if len(r.LeftOut) > 0 {
		b.WriteString("\nLeft out:\n\n")
	}
	for _, x := range r.LeftOut {
		fmt.Fprintf(&b, "- %s, %d cases: %s.\n", x.Letter, x.Cases, x.Why)
	}
	r.counts(&b)
	b.WriteString("\n## Case by case\n\nTimes in milliseconds from the start of the first request to the end of the last. Packets and bytes are whole IP packets as their\nsender counts them, up (client to server) / down; those measured are medians, shown where they differ from the model's.\n")
	for _, s := range r.Families {
		fmt.Fprintf(&b, "\n### %s\n\n%s.\n\n", s.Family, sentence(s.About))
		if r.Names(s.Family) == nil {
			r.caseTable(&b, s.Family)
		} else {
			r.quantityTable(&b, s.Family)
		}
	}
	return b.String()
}

func (r *Report) familyTable(b *strings.Builder) {
	b.WriteString("| family | cases | median | target | 95 % | target | worst | target | worst case |\n|---|--:|--:|--:|--:|--:|--:|--:|---|\n")
	for _, s := range r.Families {
		fmt.Fprintf(b, "| %s | %d | %.3f | %s | %.3f | %s | %.3f | %s | `%s` |\n", s.Family, s.Cases,
			s.Median, Aim(s.Target.Median), s.P95, Aim(s.Target.P95), s.Worst, Aim(s.Target.Worst), s.WorstCase)
	}
}

// Aim is a target as tables show it.
func Aim(target float64) string {
	if target == 0 {
		return "–"
	}
	return fmt.Sprintf("%g", target)
}

func (r *Report) counts(b *strings.Builder) {
	same, all := 0, 0
	why := ""
	for i := range r.Cases {
		c := &r.Cases[i]
		if !exact(c.ID[:1]) || c.Counted == nil {
			continue
		}
		all++
		if c.Wire == *c.Counted {
			same++
		}
		if c.Why != "" {
			why += fmt.Sprintf("- `%s`: %s.\n", c.ID, c.Why)
		}
	}
	fmt.Fprintf(b, "\n## Packets and bytes\n\nIn families A, D and H nothing is lost, and the model sends exactly the packets and bytes of the real hosts in %d of %d cases.", same, all)
	if why != "" {
		b.WriteString(" The\nothers:\n\n" + why)
	}
	b.WriteString(`
In the large downloads of B, C and F the client acknowledges a little more or less often than the median of the repeats. Each growth of
its receive window asks for acknowledgements at once, and Linux sizes that window by a round trip in whole milliseconds: where the ticks
fall decides, and downloads of family C in which the client sees no difference were measured with 100 and with 104 packets up. Without
loss that changes no total, as the sender's window grows by what is acknowledged and not by how often. Where two requests of one case have
URLs of different lengths, the model sends their mean, a byte more or less.
`)
}

func (r *Report) caseTable(b *strings.Builder, family string) {
	b.WriteString("| case | model | measured | min | max | error, % | packets | measured | bytes | measured |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for i := range r.Cases {
		c := &r.Cases[i]
		if c.Family != family {
			continue
		}
		w := c.WireText()
		fmt.Fprintf(b, "| `%s` | %.3f | %.3f | %.3f | %.3f | %.3f | %s | %s | %s | %s |\n",
			c.ID, c.Model, c.Measured.Median, c.Measured.Min, c.Measured.Max, c.Error, w[0], w[1], w[2], w[3])
	}
}

func (r *Report) quantityTable(b *strings.Builder, family string) {
	names := r.Names(family)
	fmt.Fprintf(b, "Each number is the model's, then the range of those measured.\n\n| case | error, %% | %s |\n|---|--:%s|\n",
		strings.Join(names, " | "), strings.Repeat("|--:", len(names)))
	for i := range r.Cases {
		c := &r.Cases[i]
		if c.Family != family {
			continue
		}
		fmt.Fprintf(b, "| `%s` | %.3f |", c.ID, c.Error)
		for _, q := range c.Quantities {
			fmt.Fprintf(b, " %s |", q.Text())
		}
		b.WriteString("\n")
	}
	if more := remarks[family]; more != "" {
		b.WriteString("\n" + more + "\n")
	}
}

// remarks follow the tables of families.
var remarks = map[string]string{
	"G closed loops": `When clients begin is luck. The 95th percentile of apache-ka5-max10 is the longest wait for the second turn at a worker: from 10.37 to
10.52 s over sixteen seeds.`,
	"G bursts": `The furthest connect is the one, of all sorted by time, that is furthest off. With cookies off the SYNs that come back at 1, 2, 3, 4, 5, 7, 11,
19, 36 and 69 s find five places each (backlog 4), and nine of 64 clients give up. The real servers send their FIN in a segment of its own,
64 packets down and up to 8 up more than the model's; that changes no time.`,
}

// Names are the quantities that were compared in a family of many clients, or none.
func (r *Report) Names(family string) []string {
	var names []string
	for _, c := range r.Cases {
		if c.Family != family {
			continue
		}
		for _, q := range c.Quantities {
			names = append(names, q.Name)
		}
		break
	}
	return names
}

// Text is the model's number and the range of those measured.
func (q *Quantity) Text() string {
	number := func(x float64) string {
		return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", x), "0"), ".")
	}
	if q.Measured.Min == q.Measured.Max {
		return fmt.Sprintf("%s (%s)", number(q.Model), number(q.Measured.Min))
	}
	return fmt.Sprintf("%s (%s to %s)", number(q.Model), number(q.Measured.Min), number(q.Measured.Max))
}

// WireText are the packets of the model and of the measurement, then the bytes, up/down; what was measured is "" where it agrees.
func (c *Case) WireText() [4]string {
	pair := func(up, down int64) string { return fmt.Sprintf("%d/%d", up, down) }
	t := [4]string{pair(c.Wire.PacketsUp, c.Wire.PacketsDown), "", pair(c.Wire.BytesUp, c.Wire.BytesDown), ""}
	if c.Counted == nil {
		t[1], t[3] = "–", "–"
		return t
	}
	if p := pair(c.Counted.PacketsUp, c.Counted.PacketsDown); p != t[0] {
		t[1] = p
	}
	if p := pair(c.Counted.BytesUp, c.Counted.BytesDown); p != t[2] {
		t[3] = p
	}
	return t
}

// Sentence sums up all cases that are not calibration.
func (r *Report) Sentence() string {
	var alone, crowds []float64
	for _, c := range r.Cases {
		switch {
		case len(c.Quantities) > 0:
			crowds = append(crowds, c.Error)
		case c.ID[0] != 'Z':
			alone = append(alone, c.Error)
		}
	}
	var sentences []string
	if len(alone) > 0 {
		sentences = append(sentences, fmt.Sprintf("Over %d measured cases its totals are %.2f %% off in the median, %.1f %% at the 95th percentile and %.1f %% at worst.",
			len(alone), percentile(alone, 50), percentile(alone, 95), percentile(alone, 100)))
	}
	if len(crowds) > 0 {
		sentences = append(sentences, fmt.Sprintf("Of %d cases with many clients, no throughput, latency or count is more than %.1f %% off.",
			len(crowds), percentile(crowds, 100)))
	}
	return strings.Join(sentences, " ")
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
