package lab

import (
	"fmt"
	"slices"

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
	Why        []Why              `json:"why,omitempty"`        // each variant against the next
	Table      Table              `json:"table"`                // the runs side by side, for the screen

	// Where requests come by themselves, or from several clients, the way to the last one says little of the others: then
	// the mean of all that ended well.
	Mean        *Table `json:"mean,omitempty"`
	MeanFinding string `json:"mean_finding,omitempty"`
}

// ExplainedVariant is one variant's ledger.
type ExplainedVariant struct {
	Name     string             `json:"name"`
	Finished Millis             `json:"finished_ms"`
	Run      Account            `json:"run"`
	Mean     Account            `json:"mean"` // over its requests that ended well
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
		v := ExplainedVariant{Name: led.Variant, Finished: Millis(led.Run.End), Run: led.Run, Mean: led.Mean, Ledger: led}
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
	e.Table = e.table(func(v *ExplainedVariant) *Account { return &v.Run })
	several := slices.ContainsFunc(e.Variants, func(v ExplainedVariant) bool { return v.Ledger.Chains > 1 })
	e.Why = whys(e.Variants, several)
	if several {
		t := e.table(func(v *ExplainedVariant) *Account { return &v.Mean })
		e.Mean = &t
		if len(e.Variants) > 1 {
			e.MeanFinding = meanFinding(e.Variants[0].Ledger, e.Variants[1].Ledger)
		}
	}
	return e, nil
}

// Table is the runs of the variants as people read them: rounded so that each column adds up to its last line.
type Table struct {
	Columns []string   `json:"columns"`
	Rows    []TableRow `json:"rows"`
	Total   []string   `json:"total"`
}

// TableRow is what one cause took, in milliseconds, per column.
type TableRow struct {
	Cause   string   `json:"cause"`
	Words   string   `json:"words"` // what people call it
	Meaning string   `json:"meaning"`
	Cells   []string `json:"cells"`
}

// table leaves out causes that cost nothing. With a difference, that is the last column.
func (e *Explanation) table(of func(*ExplainedVariant) *Account) Table {
	var t Table
	var accounts []*Account
	longest := sim.Time(0)
	for i := range e.Variants {
		v := &e.Variants[i]
		t.Columns = append(t.Columns, v.Name)
		accounts = append(accounts, of(v))
		longest = max(longest, of(v).End)
	}
	if e.Difference != nil {
		t.Columns = append(t.Columns, "difference")
	}
	unit := UnitFor(longest)
	cells := func(values []int64) (texts []string) {
		if e.Difference != nil {
			values = append(values, values[1]-values[0])
		}
		for _, v := range values {
			texts = append(texts, InUnits(v, unit))
		}
		return texts
	}
	rows, totals := Rows(unit, accounts...)
	for _, r := range rows {
		t.Rows = append(t.Rows, TableRow{r.Cause.String(), r.Cause.Words(), r.Cause.Meaning(), cells(r.Spent)})
	}
	t.Total = cells(totals)
	return t
}

// UnitFor is the precision that suits a run: a tenth of a millisecond, or a microsecond if it is over soon.
func UnitFor(t sim.Time) sim.Time {
	if t < 20*sim.Millisecond {
		return sim.Microsecond
	}
	return 100 * sim.Microsecond
}

// InUnits writes n units, a microsecond or a tenth of a millisecond each, as milliseconds.
func InUnits(n int64, unit sim.Time) string {
	sign, digits := "", 1
	if n < 0 {
		sign, n = "-", -n
	}
	if unit == sim.Microsecond {
		digits = 3
	}
	per := int64(sim.Millisecond / unit)
	return fmt.Sprintf("%s%s.%0*d", sign, grouped(n/per), digits, n%per)
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
