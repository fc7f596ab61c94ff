package lab

import (
	"fmt"

	"keepalive/model/trace"
	"keepalive/sim"
)

// Explanation is the document that `keepalive explain --json` prints: the ledgers of a scenario's variants.
type Explanation struct {
	Format     int                `json:"format"` // 1
	Scenario   string             `json:"scenario"`
	Variants   []ExplainedVariant `json:"variants"`
	Difference *Account           `json:"difference,omitempty"` // the second variant's run less the first's; nil unless there are two or more
	Finding    string             `json:"finding,omitempty"`    // the same in a sentence
}

// ExplainedVariant is one variant's ledger.
type ExplainedVariant struct {
	Name     string             `json:"name"`
	Finished Millis             `json:"finished_ms"`
	Run      Account            `json:"run"`
	Requests []ExplainedRequest `json:"requests,omitempty"`
	Ledger   Ledger             `json:"-"`
}

// ExplainedRequest is one request's account: its causes add up to End - Start.
type ExplainedRequest struct {
	Request int     `json:"request"`
	Client  int     `json:"client"`
	Path    string  `json:"path"`
	Start   Millis  `json:"start_ms"`
	End     Millis  `json:"end_ms"`
	Causes  Account `json:"causes"`
}

// ExplainAll explains the logs of a scenario's variants.
func ExplainAll(logs []*trace.Log) (Explanation, error) {
	e := Explanation{Format: 1}
	for _, log := range logs {
		led, err := Explain(log)
		if err != nil {
			return Explanation{}, fmt.Errorf("%s: %w", led.Variant, err)
		}
		e.Scenario = log.Header.Scenario
		v := ExplainedVariant{Name: led.Variant, Finished: Millis(led.Run.End), Run: led.Run, Ledger: led}
		for _, a := range led.Requests {
			name := log.Header.Requests[a.Request-1]
			v.Requests = append(v.Requests, ExplainedRequest{Request: int(a.Request), Client: name.Client, Path: name.Path,
				Start: Millis(a.Start), End: Millis(a.End), Causes: a})
		}
		e.Variants = append(e.Variants, v)
	}
	if len(e.Variants) > 1 {
		a, b := e.Variants[0].Ledger, e.Variants[1].Ledger
		d := Difference(a, b)
		e.Difference, e.Finding = &d, Finding(a, b)
	}
	return e, nil
}

// Difference is b's run less a's, cause by cause: negative where b needs less.
func Difference(a, b Ledger) Account {
	d := Account{Start: a.Run.End, End: b.Run.End, Handshakes: b.Run.Handshakes - a.Run.Handshakes}
	for c := range d.Spent {
		d.Spent[c] = b.Run.Spent[c] - a.Run.Spent[c]
	}
	return d
}

// Row is one line of a table of accounts: a cause, and what each account spent on it, in units. Rows add up to the totals.
type Row struct {
	Cause Cause
	Spent []int64
}

// Rows puts accounts side by side in whole units, without the causes that none of them has, and their totals.
func Rows(unit sim.Time, accounts ...*Account) (rows []Row, totals []int64) {
	rounded := make([][Causes]int64, len(accounts))
	totals = make([]int64, len(accounts))
	for i, a := range accounts {
		rounded[i] = a.Rounded(unit)
		for _, v := range rounded[i] {
			totals[i] += v
		}
	}
	for c := range Causes {
		row, any := Row{Cause: c, Spent: make([]int64, len(accounts))}, false
		for i, a := range accounts {
			row.Spent[i] = rounded[i][c]
			any = any || a.Spent[c] != 0
		}
		if any {
			rows = append(rows, row)
		}
	}
	return rows, totals
}
