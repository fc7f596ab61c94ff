package main

import (
	"fmt"
	"html/template"
	"path/filepath"
	"strings"

	"keepalive/lab"
	"keepalive/sim"
)

// answerBody renders the page. site/js/answer.js says the same in the same words when a slider moves; a browser test holds
// the two together.
func answerBody(a *answer) (template.HTML, error) {
	t, err := template.New("answer.html").Funcs(template.FuncMap{"micros": micros, "rows": answerRows,
		"memory": memory, "verdict": verdict, "timeout": timeout, "reason": reason,
		"connections": func(n int) string { return idleConnections(int64(n)) },
		// With so many visitors a second and so long a wait, the product of both are waiting (Little's law).
		"idle":          func(a *answer) string { return idleConnections(waiting(a)) },
		"full":          func(a *answer) bool { return waiting(a) > int64(a.Costs.MaxConnections) },
		"idleMemory":    func(a *answer) int64 { return visitors * timeout(a) * a.Own.Kept.Server.PeakMemory },
		"perConnection": func(a *answer) string { return memory(int64(a.Costs.MemoryPerConnection)) }}).ParseFiles(filepath.Join("site/templates", "answer.html"))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, a)
	return template.HTML(b.String()), err
}

// visitors is how many come in a second, in the example of what idle connections cost.
const visitors = 10

// timeout is how long the server keeps an idle connection, in seconds.
func timeout(a *answer) int64 { return int64(a.Costs.KeepAliveTimeout / sim.Second) }

// waiting is how many connections are idle at a server with that many visitors.
func waiting(a *answer) int64 { return visitors * timeout(a) * int64(a.Own.Kept.Connections.Peak) }

func idleConnections(n int64) string {
	if n == 1 {
		return "1\u00A0idle connection"
	}
	return inThousands(n) + "\u00A0idle connections"
}

// reason is a finding without its last sentence, which the verdict says already.
func reason(finding string) string {
	before, _, _ := strings.Cut(finding, " It finishes in ")
	return before
}

// answerRow is a quantity both ways, and what is saved of it.
type answerRow struct{ ID, Label, Fresh, Kept, Saved string }

// answerRows are what a run cost, with a connection for each request and with kept ones.
func answerRows(o Outcome) []answerRow {
	a, b := o.Fresh, o.Kept
	rows := []answerRow{
		{"time", "until the last byte", millis(a.Finished), millis(b.Finished), less(int64(a.Finished), int64(b.Finished))},
		{"mean", "mean of a request", millis(a.Latency.Mean), millis(b.Latency.Mean), less(int64(a.Latency.Mean), int64(b.Latency.Mean))},
	}
	count := func(id, label string, fresh, kept int64) {
		rows = append(rows, answerRow{id, label, inThousands(fresh), inThousands(kept), less(fresh, kept)})
	}
	count("packets", "packets", int64(a.Packets.Up+a.Packets.Down), int64(b.Packets.Up+b.Packets.Down))
	count("bytes", "bytes on the wire", a.Bytes.Up+a.Bytes.Down, b.Bytes.Up+b.Bytes.Down)
	rows = append(rows, answerRow{"cpu", "server CPU", millis(a.Server.CPU), millis(b.Server.CPU), less(int64(a.Server.CPU), int64(b.Server.CPU))})
	count("opened", "connections opened", int64(a.Connections.Opened), int64(b.Connections.Opened))
	return rows
}

// less says how much less b is than a, in whole per cent.
func less(a, b int64) string {
	if a == 0 {
		return "–"
	}
	share := float64(a-b) / float64(a) * 100
	if share > -0.5 && share < 0.5 {
		return "0\u00A0%"
	}
	return strings.Replace(fmt.Sprintf("%.0f\u00A0%%", share), "-", "\u2212", 1)
}

// verdict is the answer in a line.
func verdict(o Outcome) string {
	a, b := o.Fresh.Finished, o.Kept.Finished
	switch share := less(int64(a), int64(b)); {
	case o.Kept.Connections.Reused == 0:
		return "It saves nothing here: no connection is used twice."
	case share == "0\u00A0%":
		return "It saves no time here that anybody could notice."
	case b > a:
		return fmt.Sprintf("It costs time here: %s more.", millis(b-a))
	default:
		return fmt.Sprintf("It saves %s of the time: %s instead of %s.", share, millis(b), millis(a))
	}
}

// millis is a time as the page writes it: in ms until 10 s.
func millis(m lab.Millis) string {
	if m >= lab.Millis(10*sim.Second) {
		hundredths := int64(m) / 10_000_000
		return fmt.Sprintf("%s.%02d\u00A0s", inThousands(hundredths/100), hundredths%100)
	}
	tenths := (int64(m) + 50_000) / 100_000
	return fmt.Sprintf("%s.%d\u00A0ms", inThousands(tenths/10), tenths%10)
}

// inThousands is a whole number with its thousands set apart.
func inThousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202F" + s[i:]
	}
	return s
}

// memory is a size as programs count it.
func memory(n int64) string {
	if n < 10<<20 {
		return inThousands((n+512)>>10) + "\u00A0KiB"
	}
	return inThousands((n+1<<19)>>20) + "\u00A0MiB"
}
