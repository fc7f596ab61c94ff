package accuracy

import (
	"context"
	"fmt"
	"math"
	"slices"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/scenarios"
)

// Report is what a run of the measured cases found.
type Report struct {
	Format   int         `json:"format"` // 1
	Families []Summary   `json:"families"`
	Cases    []Case      `json:"cases"`
	LeftOut  []Exclusion `json:"left_out"`
}

// Summary is a family in numbers: errors in per cent.
type Summary struct {
	Family    string  `json:"family"`
	About     string  `json:"about"`
	Cases     int     `json:"cases"`
	Median    float64 `json:"median"`
	P95       float64 `json:"p95"`
	Worst     float64 `json:"worst"`
	WorstCase string  `json:"worst_case"`
	Target    Targets `json:"target"`
}

// Case is one measured case beside the model's answer.
type Case struct {
	ID       string   `json:"id"`
	Family   string   `json:"family"`
	Model    float64  `json:"model_ms"` // the end of the last request; of many clients: the median latency
	Measured Range    `json:"measured_ms"`
	Error    float64  `json:"error_pct"`
	Reached  *float64 `json:"reached_pct"` // the error committed in lab/testdata/accuracy.json; null for a new case
	Wire     Wire     `json:"model_wire"`
	Counted  *Wire    `json:"measured_wire"` // medians over the repeats; null where nobody counted
	Why      string   `json:"why,omitempty"` // Wire and Counted differ, where they should not

	Quantities []Quantity `json:"quantities,omitempty"` // of many clients: all that was compared; Error is the largest of theirs
}

// Range is what the repeats took.
type Range struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// Wire counts whole IP packets and their bytes at the sending host.
type Wire struct {
	PacketsUp   int64 `json:"packets_up"`
	PacketsDown int64 `json:"packets_down"`
	BytesUp     int64 `json:"bytes_up"`
	BytesDown   int64 `json:"bytes_down"`
}

// Minus is how much more w counts than v.
func (w Wire) Minus(v Wire) Wire {
	return Wire{w.PacketsUp - v.PacketsUp, w.PacketsDown - v.PacketsDown, w.BytesUp - v.BytesUp, w.BytesDown - v.BytesDown}
}

// Exclusion is a family, by letter, whose cases the model does not run.
type Exclusion struct {
	Letter string `json:"letter"`
	Cases  int    `json:"cases"`
	Why    string `json:"why"`
}

// Select keeps the cases of one family, by its letter; "" is all.
func Select(all []Measurement, letter string) []Measurement {
	return slices.DeleteFunc(slices.Clone(all), func(m Measurement) bool { return letter != "" && m.Case != letter })
}

// Runnable says why the model cannot run m, or "" when it can.
func (m *Measurement) Runnable() (why string) { return leftOut[m.Case] }

// Run runs every case that the model can express. Progress, unless nil, is told after each.
func Run(ctx context.Context, all []Measurement, progress func(done, of int)) (*Report, error) {
	reached, err := ParseReached(lab.Reached)
	if err != nil {
		return nil, err
	}
	r := &Report{Format: 1, Cases: []Case{}, LeftOut: []Exclusion{}}
	for i := range all {
		m := &all[i]
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if why := m.Runnable(); why != "" {
			r.leaveOut(m.Case, why)
			continue
		}
		c, err := m.run(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.ID, err)
		}
		if e, known := reached[m.ID]; known {
			c.Reached = &e
		}
		r.Cases = append(r.Cases, c)
		if progress != nil {
			progress(i+1, len(all))
		}
	}
	r.Families = summarise(r.Cases, func(c Case) float64 { return c.Error })
	return r, nil
}

func (r *Report) leaveOut(letter, why string) {
	if n := len(r.LeftOut); n == 0 || r.LeftOut[n-1].Letter != letter {
		r.LeftOut = append(r.LeftOut, Exclusion{Letter: letter, Why: why})
	}
	r.LeftOut[len(r.LeftOut)-1].Cases++
}

// run sets the model's answer beside the measured one.
func (m *Measurement) run(ctx context.Context) (Case, error) {
	f, err := scenarios.Parse(m.ID, []byte(m.Scenario()))
	if err != nil {
		return Case{}, err
	}
	compare := m.alone
	if m.crowded() {
		compare = m.many
	}
	c, err := compare(ctx, f.Variants()[0])
	if err != nil {
		return Case{}, err
	}
	c.ID, c.Family = m.ID, familyOf(m).Name
	if m.Up.Packets > 0 {
		c.Counted = &Wire{int64(m.Up.Packets), int64(m.Down.Packets), int64(m.Up.Bytes), int64(m.Down.Bytes)}
		c.Why = explained[m.ID].why
	}
	return c, nil
}

// alone sets the model beside the case of a single client: the end of its last request.
func (m *Measurement) alone(ctx context.Context, cfg model.Config) (Case, error) {
	run, err := lab.Simulate(ctx, cfg, lab.Options{})
	if err != nil {
		return Case{}, err
	}
	v, t := &run.Result, m.Metrics.Total
	if v.Stopped != "" || v.Requests.Failed > 0 {
		return Case{}, fmt.Errorf("want every request to end well, %d failed %s", v.Requests.Failed, v.Stopped)
	}
	end := ms(v.Finished)
	return Case{Model: end, Measured: Range{t.Median, t.Min, t.Max}, Error: thousandths(m.Error(end)), Wire: wireOf(v)}, nil
}

func wireOf(v *lab.VariantResult) Wire {
	return Wire{int64(v.Packets.Up), int64(v.Packets.Down), v.Bytes.Up, v.Bytes.Down}
}

// thousandths is x with three decimals, as errors are committed and shown.
func thousandths(x float64) float64 { return math.Round(x*1000) / 1000 }

// summarise makes families of those cases that have an error.
func summarise(cases []Case, errorOf func(Case) float64) []Summary {
	all := []Summary{}
	for i := range families {
		f := &families[i]
		s := Summary{Family: f.Name, About: f.About, Target: f.Target}
		var errors []float64
		for _, c := range cases {
			e := errorOf(c)
			if c.Family != f.Name || math.IsNaN(e) {
				continue
			}
			errors = append(errors, e)
			if e > s.Worst || s.WorstCase == "" {
				s.Worst, s.WorstCase = e, c.ID
			}
		}
		if s.Cases = len(errors); s.Cases == 0 {
			continue
		}
		s.Median, s.P95 = percentile(errors, 50), percentile(errors, 95)
		all = append(all, s)
	}
	return all
}

// percentile is the nearest rank's value of all, which are not none.
func percentile(all []float64, p int) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)*p+99)/100-1]
}
