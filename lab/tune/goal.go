package tune

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"keepalive/lab"
)

// Goal is what the settings are to reach: every clause of it.
type Goal struct {
	Clauses []Clause
}

// Clause is one comparison, such as p95 < 200ms.
type Clause struct {
	Metric  Metric
	Op      string // <, <=, >, >= or =
	Limit   float64
	Written string // the limit as it was written
	Implied bool   // nobody wrote it: latencies are those of requests that went well, so that none may fail unless the goal says how many
}

// String is the clause as a goal writes it.
func (c *Clause) String() string { return c.Metric.Name + " " + c.Op + " " + c.Written }

// String is the goal as one writes it, without what is implied.
func (g *Goal) String() string {
	var all []string
	for i := range g.Clauses {
		if !g.Clauses[i].Implied {
			all = append(all, g.Clauses[i].String())
		}
	}
	return strings.Join(all, " and ")
}

// GoalMistake is one thing that is wrong with a goal.
type GoalMistake struct {
	Column  int // of the goal's text, in letters from 1
	Message string
}

// Error names the column.
func (m GoalMistake) Error() string { return fmt.Sprintf("goal:1:%d: %s", m.Column, m.Message) }

// GoalMistakes are all that is wrong with a goal.
type GoalMistakes []GoalMistake

// Error has a line per mistake.
func (ms GoalMistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.Error()
	}
	return strings.Join(lines, "\n")
}

// ParseGoal reads comparisons joined by and, such as "p95 < 200ms and peak_memory < 256MiB". The error is GoalMistakes.
func ParseGoal(text string) (Goal, error) {
	p := goalReader{text: text}
	var g Goal
	for {
		if c, ok := p.clause(); ok {
			g.Clauses = append(g.Clauses, c)
		}
		if !p.and() {
			break
		}
	}
	if len(p.mistakes) > 0 {
		return Goal{}, p.mistakes
	}
	g.imply()
	return g, nil
}

// imply adds that no request may fail.
func (g *Goal) imply() {
	for i := range g.Clauses {
		if n := g.Clauses[i].Metric.Name; n == "failed" || n == "ok" {
			return
		}
	}
	failed, err := find("failed")
	if err != nil {
		panic("tune: " + err.Error())
	}
	g.Clauses = append(g.Clauses, Clause{Metric: *failed, Op: "=", Written: "0", Implied: true})
}

// goalReader goes along the text of a goal.
type goalReader struct {
	text     string
	at       int // offset
	mistakes GoalMistakes
}

func (p *goalReader) add(at int, format string, args ...any) {
	p.mistakes = append(p.mistakes, GoalMistake{utf8.RuneCountInString(p.text[:at]) + 1, fmt.Sprintf(format, args...)})
}

func (p *goalReader) blanks() {
	p.at = len(p.text) - len(strings.TrimLeftFunc(p.text[p.at:], unicode.IsSpace))
}

// take reads on while letters are of a kind, after blanks, and says where it began.
func (p *goalReader) take(of func(rune) bool) (word string, at int) {
	p.blanks()
	at = p.at
	rest := strings.TrimLeftFunc(p.text[at:], of)
	p.at = len(p.text) - len(rest)
	return p.text[at:p.at], at
}

func isName(r rune) bool { return r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func isOperator(r rune) bool { return strings.ContainsRune("<>=!≤≥~", r) }

// isLimit tells letters of a number and its unit; a blank between them is part of it.
func isLimit(r rune) bool {
	return !unicode.IsSpace(r) && !isOperator(r) && r != '&' && r != '|' && r != ',' && r != ';'
}

const goalExample = "p95 < 200ms and peak_memory < 256MiB"

// clause reads one comparison. After a mistake it goes on behind the next "and".
func (p *goalReader) clause() (Clause, bool) {
	name, at := p.take(isName)
	if name == "" || name == "and" {
		p.add(at, "want a metric, as in %s, got %s", goalExample, p.found(at))
		if name == "and" {
			p.at = at
		}
		return Clause{}, p.skip()
	}
	metric, err := find(name)
	if err != nil {
		p.add(at, "%v", err)
	}
	op, opAt := p.take(isOperator)
	known := map[string]string{"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "=", "==": "=", "≤": "<=", "≥": ">="}[op]
	if known == "" {
		p.add(opAt, "want <, <=, >, >= or = behind %s, got %s", name, p.found(opAt))
		return Clause{}, p.skip()
	}
	if metric == nil {
		return Clause{}, p.skip()
	}
	c, limitAt := Clause{Metric: *metric, Op: known}, 0
	c.Written, limitAt = p.limit()
	if err := c.setLimit(); err != nil {
		p.add(limitAt, "%s: %v", name, err)
		return Clause{}, false
	}
	return c, true
}

// found is what stands at a place, for mistakes.
func (p *goalReader) found(at int) string {
	word, _, _ := strings.Cut(p.text[at:], " ")
	if word == "" {
		return "the end"
	}
	return fmt.Sprintf("%q", word)
}

// limit reads a number and its unit, which may stand apart.
func (p *goalReader) limit() (text string, at int) {
	text, at = p.take(isLimit)
	if strings.Trim(text, "+-.0123456789") != "" || text == "" {
		return text, at
	}
	before := p.at
	unit, _ := p.take(isLimit)
	if unit == "and" || unit == "" || unit == "or" {
		p.at = before
		return text, at
	}
	return text + unit, at
}

// skip goes to the next "and", or to the end.
func (p *goalReader) skip() bool {
	for p.at < len(p.text) {
		p.blanks()
		if rest := p.text[p.at:]; strings.HasPrefix(rest, "and") && (len(rest) == 3 || rest[3] == ' ') {
			return false
		}
		if word, _ := p.take(func(r rune) bool { return !unicode.IsSpace(r) }); word == "" {
			break
		}
	}
	return false
}

// and tells whether another comparison follows.
func (p *goalReader) and() bool {
	word, at := p.take(func(r rune) bool { return !unicode.IsSpace(r) })
	switch word {
	case "":
		return false
	case "and":
		return true
	case "or", "||":
		p.add(at, "comparisons are joined by and: for one or the other, tune for each")
	default:
		p.add(at, "want and between two comparisons, got %q", word)
	}
	p.skip()
	return p.at < len(p.text) && p.and()
}

// setLimit reads the limit in the metric's unit, or in per cent.
func (c *Clause) setLimit() error {
	if strings.HasSuffix(c.Written, "%") && c.Metric.Kind != Share {
		share, err := c.Metric.inPercent()
		if err != nil {
			return err
		}
		c.Metric = share
	}
	q := c.Metric.Kind.quantity()
	v, err := q.Parse(c.Written)
	if err != nil {
		return err
	}
	c.Limit = float64(v)
	switch c.Metric.Kind {
	case Share:
		c.Limit /= 1e9
	case Frequency:
		c.Limit /= 3600
	}
	return nil
}

// Met tells whether the clause holds for a value.
func (c *Clause) Met(v float64) bool {
	switch c.Op {
	case "<":
		return v < c.Limit
	case "<=":
		return v <= c.Limit
	case ">":
		return v > c.Limit
	case ">=":
		return v >= c.Limit
	}
	return v == c.Limit
}

// Spare is how far a value is from the limit: 0 at it, 1 as far as can be, below 0 beyond it; -1 at twice an upper limit or half a lower one.
func (c *Clause) Spare(v float64) float64 {
	const least = -1e9
	limit, over := c.Limit, v-c.Limit
	switch c.Op {
	case "<", "<=":
		if limit == 0 { // nothing to measure by: each one too many counts
			limit = 1
		}
	case ">", ">=":
		over, limit = -over, v
		if v <= 0 {
			limit = 1
		}
	default:
		over, limit = math.Abs(over), max(limit, 1)
	}
	return max(-over/limit, least)
}

// Met tells whether every clause holds.
func (g *Goal) Met(r *lab.VariantResult) bool {
	for i := range g.Clauses {
		if c := &g.Clauses[i]; !c.Met(c.Metric.Of(r)) {
			return false
		}
	}
	return true
}

// Missed is how far a run is from the goal: the sum of what it is beyond its limits, 0 if it keeps them all.
func (g *Goal) Missed(r *lab.VariantResult) (sum float64) {
	for i := range g.Clauses {
		c := &g.Clauses[i]
		sum += max(0, -c.Spare(c.Metric.Of(r)))
	}
	return sum
}

// Spare is the least that any written clause has to spare; a clause with = has none to spare.
func (g *Goal) Spare(r *lab.VariantResult) float64 {
	least := 1.0
	for i := range g.Clauses {
		if c := &g.Clauses[i]; c.Op != "=" {
			least = min(least, c.Spare(c.Metric.Of(r)))
		}
	}
	return least
}

// Aim is what is best among settings that reach the goal.
type Aim struct {
	Metric *Metric // nil: what has most to spare
	Path   string  // or a free setting
	More   bool    // maximise
}

// ParseAim reads what --minimise or --maximise names: a metric, or one of the free settings.
func ParseAim(name string, more bool, free []lab.Over) (Aim, error) {
	for _, o := range free {
		if o.Path == name || strings.HasSuffix(o.Path, "."+name) {
			return Aim{Path: o.Path, More: more}, nil
		}
	}
	m, err := find(name)
	if err != nil {
		return Aim{}, err
	}
	return Aim{Metric: m, More: more}, nil
}

// String says the aim in words.
func (a Aim) String() string {
	verb := "the least "
	if a.More {
		verb = "the most "
	}
	switch {
	case a.Metric != nil:
		return verb + a.Metric.Name
	case a.Path != "":
		return verb + a.Path
	}
	return "the most to spare"
}
