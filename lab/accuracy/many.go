package accuracy

import (
	"context"
	"fmt"
	"math"
	"slices"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/sim"
)

// Quantity is one of the numbers of a case with many clients, whose end alone would say little.
type Quantity struct {
	Name     string  `json:"name"` // with its unit
	Model    float64 `json:"model"`
	Measured Range   `json:"measured"`
	Error    float64 `json:"error_pct"`
}

// repeats is how often the model runs a case whose clients begin at random times, with a seed each: as often as the hosts
// did. It answers with the median.
const repeats = 5

// answer is what a run says beside what was measured. An error is a share of whole, or of the measured number if that is 0.
type answer struct {
	model    float64
	measured metric
	whole    float64
}

// question is a quantity and how it is read off a run.
type question struct {
	name string
	ask  func(m *Measurement, r *lab.VariantResult) answer
}

// median is the place of the median latency among the questions; the case is named by it.
const median = 0

var questions = map[string][]question{
	"loop": {
		{"median, ms", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{percentile(m.latencies(r), 50), m.Metrics.P50, 0}
		}},
		{"95 %, ms", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{percentile(m.latencies(r), 95), m.Metrics.P95, 0}
		}},
		{"requests/s", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{float64(len(m.latencies(r))) / m.Client.Seconds, m.Metrics.Throughput, 0}
		}},
		{"clients served", func(m *Measurement, r *lab.VariantResult) answer {
			served := slices.DeleteFunc(m.perClient(r), func(n float64) bool { return n == 0 })
			return answer{float64(len(served)), m.Metrics.Served, float64(m.Client.Clients)}
		}},
		{"fewest for a client", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{m.perClient(r)[0], m.series(servedEach, 0), m.each()}
		}},
		{"most for a client", func(m *Measurement, r *lab.VariantResult) answer {
			last := m.Client.Clients - 1
			return answer{m.perClient(r)[last], m.series(servedEach, last), m.each()}
		}},
		{"waiting at the end", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{m.waiting(r), m.Metrics.Waiting, float64(m.Client.Clients)}
		}},
	},
	"burst": {
		{"median, ms", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{percentile(m.latencies(r), 50), m.Metrics.DoneP50, 0}
		}},
		{"95 %, ms", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{percentile(m.latencies(r), 95), m.Metrics.DoneP95, 0}
		}},
		{"furthest connect, ms", func(m *Measurement, r *lab.VariantResult) answer {
			return m.furthest("connect_sorted_ms", ended(r, sim.Never, func(q *lab.Request) float64 { return ms(q.Connect) }))
		}},
		{"connected after 0.9 s", func(m *Measurement, r *lab.VariantResult) answer {
			late := ended(r, sim.Never, func(q *lab.Request) float64 { return ms(q.Connect) })
			late = slices.DeleteFunc(late, func(t float64) bool { return t <= 900 })
			return answer{float64(len(late)), m.Metrics.Late, float64(m.Client.Clients)}
		}},
		{"failed", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{float64(r.Requests.Failed), m.Metrics.Errors, float64(m.Client.Clients)}
		}},
		{"segments sent again", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{float64(r.Packets.Retransmitted), m.counter("c.RetransSegs"), 0}
		}},
		{"ignored by the socket", func(m *Measurement, r *lab.VariantResult) answer {
			return answer{float64(r.Server.BacklogDrops), m.counter("s.ListenDrops"), 0}
		}},
	},
}

// servedEach is the series of requests per client, fewest first.
const servedEach = "per_client_sorted"

// many sets the model beside a case with many clients: all that was asked, of which the furthest off is the error.
func (m *Measurement) many(ctx context.Context, cfg model.Config) (Case, error) {
	asked := questions[m.Client.Kind]
	answers := make([][]answer, len(asked))
	c := Case{}
	for seed := range uint64(m.repeats()) {
		cfg.Seed = seed + 1
		run, err := lab.Simulate(ctx, cfg, lab.Options{Requests: true})
		if err != nil {
			return Case{}, err
		}
		if run.Result.Stopped != "" {
			return Case{}, fmt.Errorf("want a run to its end: %s", run.Result.Stopped)
		}
		for i, q := range asked {
			answers[i] = append(answers[i], q.ask(m, &run.Result))
		}
		if seed == 0 {
			c.Wire = wireOf(&run.Result)
		}
	}
	for i, q := range asked {
		a := middle(answers[i])
		t := a.measured
		c.Quantities = append(c.Quantities, Quantity{q.name, a.model, Range{t.Median, t.Min, t.Max}, thousandths(t.off(a.model, a.whole))})
		c.Error = max(c.Error, c.Quantities[i].Error)
	}
	c.Model, c.Measured = c.Quantities[median].Model, c.Quantities[median].Measured
	return c, nil
}

// repeats is how often the model runs the case.
func (m *Measurement) repeats() int {
	if m.Client.Kind == "loop" {
		return repeats
	}
	return 1
}

// middle is the answer with the median of the model's numbers.
func middle(all []answer) answer {
	slices.SortStableFunc(all, func(a, b answer) int { return int(math.Copysign(1, a.model-b.model)) })
	return all[len(all)/2]
}

func ms(t lab.Millis) float64 { return float64(t) / float64(sim.Millisecond) }

// ended are the numbers of the requests that ended well until then, the smallest first.
func ended(r *lab.VariantResult, until sim.Time, of func(*lab.Request) float64) []float64 {
	var all []float64
	for i := range r.PerRequest {
		if q := &r.PerRequest[i]; q.Status == "ok" && sim.Time(q.End) <= until {
			all = append(all, of(q))
		}
	}
	slices.Sort(all)
	return all
}

// until is when the measured clients stopped: what was outstanding then is not counted.
func (m *Measurement) until() sim.Time {
	if m.Client.Seconds == 0 {
		return sim.Never
	}
	return sim.Time(m.Client.Seconds * float64(sim.Second))
}

func (m *Measurement) latencies(r *lab.VariantResult) []float64 {
	return ended(r, m.until(), func(q *lab.Request) float64 { return ms(q.End - q.Start) })
}

// perClient is how many requests of each client were answered, fewest first.
func (m *Measurement) perClient(r *lab.VariantResult) []float64 {
	n := make([]float64, m.Client.Clients)
	for _, client := range ended(r, m.until(), func(q *lab.Request) float64 { return float64(q.Client) }) {
		n[int(client)-1]++
	}
	slices.Sort(n)
	return n
}

// waiting is how many clients had a request outstanding when all stopped.
func (m *Measurement) waiting(r *lab.VariantResult) float64 {
	n := 0.0
	for _, q := range r.PerRequest {
		if sim.Time(q.Start) < m.until() && sim.Time(q.End) > m.until() {
			n++
		}
	}
	return n
}

// each is how many requests a client would have had answered if all were alike.
func (m *Measurement) each() float64 {
	return m.Metrics.Throughput.Median * m.Client.Seconds / float64(m.Client.Clients)
}

// series is one place of a measured series.
func (m *Measurement) series(name string, i int) metric {
	from, to := m.Least[name][i], m.Most[name][i]
	return metric{Median: m.Series[name][i], Min: from, Max: to, All: []float64{from, to}}
}

// counter is what a kernel counter grew by, of which the median alone is known. Those that did not grow have no record.
func (m *Measurement) counter(name string) metric {
	n := m.Counters[name]
	return metric{Median: n, Min: n, Max: n, All: []float64{n}}
}

// furthest compares sorted times one by one and gives the one that is furthest off.
func (m *Measurement) furthest(name string, times []float64) answer {
	var worst answer
	for i := range min(len(times), len(m.Series[name])) {
		a := answer{model: times[i], measured: m.series(name, i)}
		if i == 0 || a.measured.off(a.model, 0) > worst.measured.off(worst.model, 0) {
			worst = a
		}
	}
	return worst
}
