package tune

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strconv"

	"keepalive/lab"
	"keepalive/model"
)

// Options say what to look for and how long.
type Options struct {
	Goal     Goal
	Aim      Aim
	Budget   int                  // runs in all; 0: DefaultBudget
	Seeds    int                  // further ones for what is chosen; 0: DefaultSeeds
	Cores    int                  // 0: all
	Progress func(done, most int) // called after each run
}

// What is done unless something else is asked for.
const (
	DefaultBudget = 300
	DefaultSeeds  = 4
	LeastBudget   = 20
)

// Report is what was found: the document that keepalive tune --json prints.
type Report struct {
	Format     int          `json:"format"` // 1
	Scenario   string       `json:"scenario"`
	Variant    string       `json:"variant"`
	Seed       uint64       `json:"seed"`
	Goal       string       `json:"goal"`
	Aim        string       `json:"aim"`
	Free       []lab.Over   `json:"free"`
	Tied       bool         `json:"tied,omitempty"` // server.max_connections goes with server.workers, as in the file
	Runs       int          `json:"runs"`
	Stopped    string       `json:"stopped,omitempty"` // why the search ended before its end
	Met        bool         `json:"met"`               // the goal is kept with every seed
	File       *Point       `json:"file"`              // the settings of the file
	Chosen     *Point       `json:"chosen"`
	Chances    Chances      `json:"chances"`
	Clauses    []ClauseMark `json:"clauses"`
	Binding    Binding      `json:"binding"`
	Axes       [2]Axis      `json:"axes"`  // of the trade-off, across and up
	Front      []*Point     `json:"front"` // what no other point beats on both
	Points     []*Point     `json:"points"`
	Directives []Advice     `json:"directives"`

	Config model.Config `json:"-"` // the chosen run
	goal   Goal
}

// Axis is one metric of the trade-off.
type Axis struct {
	Metric string  `json:"metric"`
	Unit   string  `json:"unit"`
	Limit  float64 `json:"limit,omitempty"` // the goal's
	Bound  bool    `json:"bound"`           // the goal has one

	metric *Metric
}

// Of is the axis's metric.
func (a *Axis) Of() *Metric { return a.metric }

// Chances says with how many seeds the goal was kept.
type Chances struct {
	Seeds int `json:"seeds"`
	Kept  int `json:"kept"`
}

// Value is a number in a metric's base unit; JSON has null for what never ends.
type Value float64

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(v), 0) || math.IsNaN(float64(v)) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(v), 'f', -1, 64), nil
}

// ClauseMark is a clause of the goal at the chosen setting.
type ClauseMark struct {
	Clause string `json:"clause"`
	Unit   string `json:"unit"`   // of the values
	Met    bool   `json:"met"`    // for the mean
	Mean   Value  `json:"mean"`   // over the seeds
	Within Value  `json:"within"` // the mean lies so close with a confidence of 95 %; 0 with one seed
	File   Value  `json:"file"`   // with the file's settings, first seed
	Spare  Value  `json:"spare"`  // share of the limit

	clause *Clause
}

// Of is the clause that is marked.
func (m *ClauseMark) Of() *Clause { return m.clause }

// Search looks for the settings that reach the goal. When ctx ends it says what was best until then; the error is ctx's if that is
// nothing.
func (s *Space) Search(ctx context.Context, o Options) (*Report, error) {
	o.fill()
	r := &runs{space: s, cores: o.Cores, left: o.Budget}
	if o.Progress != nil {
		r.told = func(done int) { o.Progress(done, o.Budget) }
	}
	spare := min(o.Budget/3, 12*o.Seeds+mostProbes(len(s.Free)))
	r.left -= spare
	se := newSearch(s, &o, r)
	se.run(ctx)
	if len(se.points) == 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return nil, errors.New("nothing was run")
	}
	r.left += spare
	ranked := se.ranked()
	if ranked[0].Broken != "" {
		return nil, fmt.Errorf("no setting could be run to its end: %s", ranked[0].Broken)
	}
	c := confirmer{search: se, seeds: o.Seeds}
	best := c.choose(ctx, ranked)
	rep := se.report(best)
	rep.Binding = se.bind(ctx, rep, best)
	rep.Runs = r.done
	if ctx.Err() != nil {
		rep.Stopped = fmt.Sprintf("stopped after %d of at most %d runs: this is the best until then", r.done, o.Budget)
	}
	return rep, nil
}

func (o *Options) fill() {
	if o.Budget == 0 {
		o.Budget = DefaultBudget
	}
	o.Budget = max(o.Budget, LeastBudget)
	if o.Seeds == 0 {
		o.Seeds = DefaultSeeds
	}
	if o.Cores == 0 {
		o.Cores = runtime.GOMAXPROCS(0)
	}
}

// confirmer runs candidates with further seeds.
type confirmer struct {
	*search
	seeds int
}

// confirmed is a candidate with its runs: the first seed's and the further ones'.
type confirmed struct {
	*Point
	results []lab.VariantResult
	kept    int
}

// choose goes down the ranking until a candidate keeps the goal with every seed. If none does it is the one that keeps it
// with most.
func (c *confirmer) choose(ctx context.Context, ranked []*Point) confirmed {
	var best confirmed
	enough := mostProbes(len(c.space.Free))
	for i, p := range ranked {
		if i > 0 && (c.left < c.seeds+enough || rung(p) != rung(ranked[0]) || rung(p) > 0 || ctx.Err() != nil) {
			break
		}
		now := c.confirm(ctx, p)
		if i == 0 || now.kept*len(best.results) > best.kept*len(now.results) {
			best = now
		}
		if now.kept == len(now.results) {
			break
		}
	}
	return best
}

func (c *confirmer) confirm(ctx context.Context, p *Point) confirmed {
	var jobs []job
	for k := range c.seeds {
		jobs = append(jobs, job{values: p.Values, seed: c.space.Seed + uint64(k) + 1})
	}
	out := confirmed{Point: p, results: []lab.VariantResult{p.Result}}
	if p.Met {
		out.kept++
	}
	for _, o := range c.all(ctx, jobs) {
		if o == nil {
			continue
		}
		out.results = append(out.results, o.result)
		if o.broken == "" && c.goal.Met(&o.result) {
			out.kept++
		}
	}
	return out
}

// report writes down what was chosen.
func (s *search) report(best confirmed) *Report {
	sp := s.space
	r := &Report{Format: 1, Scenario: sp.Scenario, Variant: sp.Variant, Seed: sp.Seed, Goal: s.goal.String(), Aim: s.aim.String(), Free: sp.Free, Tied: sp.Tied(),
		File: s.points[0], Chosen: best.Point, Chances: Chances{len(best.results), best.kept}, Points: s.points, Front: s.front(), goal: *s.goal}
	r.Met = best.kept == len(best.results)
	for i, m := range s.axes {
		r.Axes[i] = Axis{Metric: m.Name, Unit: m.Kind.base(), metric: m}
		for k := range s.goal.Clauses {
			if c := &s.goal.Clauses[k]; c.Metric.Name == m.Name && !c.Implied {
				r.Axes[i].Limit, r.Axes[i].Bound = c.Limit, true
			}
		}
	}
	for i := range s.goal.Clauses {
		c := &s.goal.Clauses[i]
		mean, within := interval(best.results, &c.Metric)
		m := ClauseMark{Clause: c.String(), Unit: c.Metric.Kind.base(), Met: c.Met(mean), Mean: Value(mean), Within: Value(within),
			File: Value(c.Metric.Of(&s.points[0].Result)), Spare: Value(c.Spare(mean)), clause: c}
		r.Clauses = append(r.Clauses, m)
	}
	cfg, err := sp.resolve(best.Values)
	if err != nil { // it was run
		panic("tune: " + err.Error())
	}
	r.Config = cfg
	r.Directives = Directives(&cfg, best.Result.Server.PeakConnections)
	return r
}

// interval is a metric's mean over runs, and how far the true one may be with a confidence of 95 %: Student's t.
func interval(results []lab.VariantResult, m *Metric) (mean, within float64) {
	n := float64(len(results))
	for i := range results {
		mean += m.Of(&results[i]) / n
	}
	if len(results) < 2 || math.IsInf(mean, 0) {
		return mean, 0
	}
	square := 0.0
	for i := range results {
		d := m.Of(&results[i]) - mean
		square += d * d
	}
	return mean, lab.Student95(len(results)-1) * math.Sqrt(square/(n-1)/n)
}

// worst is the clause with least to spare: a written one, unless only an implied one is missed.
func (r *Report) worst() *ClauseMark {
	best := &r.Clauses[0]
	for i := range r.Clauses {
		m := &r.Clauses[i]
		if m.clause.Op == "=" && m.Met {
			continue
		}
		if m.Spare < best.Spare || best.clause.Op == "=" && best.Met {
			best = m
		}
	}
	return best
}
