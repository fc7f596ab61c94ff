package figure

import (
	"fmt"
	"math"

	"keepalive/lab"
	"keepalive/sim"
)

// fewRequests is up to how many a waterfall shows each of them, and their distribution would say nothing more.
const fewRequests = 100

// latencyBins is how many equal steps of ratio a distribution of latencies is cut into.
const latencyBins = 96

// Latency shows how the latencies of each variant's requests are spread, from the first to the slowest on a logarithmic
// axis: what waits for a timer stands apart. ok is false where there are too few requests, or all take the same time.
func Latency(res lab.Result) (f Figure, ok bool) {
	low, high, most := math.Inf(1), 0.0, 0
	for i := range res.Variants {
		all := took(&res.Variants[i])
		most = max(most, len(all))
		for _, t := range all {
			low, high = min(low, t), max(high, t)
		}
	}
	if most <= fewRequests || low <= 0 || low == high {
		return Figure{}, false
	}
	f = Figure{Name: "latency", Subtitle: "How long requests take, from when they are wanted to their last byte: the share of them in each step",
		X: TimeAxis("latency", high), Legend: []Entry{{"share of requests", Request, Filled}}}
	f.X.Log, f.X.Min, f.X.Max = true, roundDown(low/f.X.PerUnit)*f.X.PerUnit, roundUp(high/f.X.PerUnit)*f.X.PerUnit
	y := Axis{Unit: "%", PerUnit: 1}
	for i := range res.Variants {
		v := &res.Variants[i]
		p := Panel{Title: letter(i) + v.Name, Detail: middleAndTail(v)}
		if l := f.X.spread(took(v)); len(l.Points) > 0 {
			p.Lines = []Line{l}
			for _, q := range l.Points {
				y.Max = max(y.Max, q.Y)
			}
		}
		f.Panels = append(f.Panels, p)
		f.About += v.Name + ": " + p.Detail + ". "
	}
	y.Max = roundUp(y.Max)
	for i := range f.Panels {
		f.Panels[i].Y = y
	}
	f.Title = slowest(res.Variants)
	return f, true
}

// took are the latencies of the requests that ended well, ns.
func took(v *lab.VariantResult) (all []float64) {
	for i := range v.PerRequest {
		if r := &v.PerRequest[i]; r.Status == "ok" {
			all = append(all, float64(r.End-r.Start))
		}
	}
	return all
}

// spread is a histogram over a logarithmic axis, in per cent.
func (a Axis) spread(all []float64) Line {
	l := Line{Name: "share of requests", Ink: Request, Style: Filled}
	if len(all) == 0 {
		return l
	}
	var bins [latencyBins]float64
	for _, t := range all {
		bins[min(int(a.At(t)*latencyBins), latencyBins-1)] += 100 / float64(len(all))
	}
	for i, share := range bins {
		l.Points = append(l.Points, Point{a.Min * math.Pow(a.Max/a.Min, float64(i)/latencyBins), share})
	}
	l.Points = append(l.Points, Point{a.Max, 0})
	return l
}

// middleAndTail are a variant's percentiles in words, and how many requests have none.
func middleAndTail(v *lab.VariantResult) string {
	if v.Requests.OK == 0 {
		return "no request ended well"
	}
	text := fmt.Sprintf("median %s, 95 %% %s, 99 %% %s", millis(sim.Time(v.Latency.P50)), millis(sim.Time(v.Latency.P95)), millis(sim.Time(v.Latency.P99)))
	if n := v.Requests.Failed; n > 0 {
		text += ", " + number(float64(n), 0) + " failed"
	}
	return unbroken(text)
}

// slowest says which variants have the best and the worst 95th percentile.
func slowest(all []lab.VariantResult) string {
	var best, worst *lab.VariantResult
	for i := range all {
		v := &all[i]
		if v.Requests.OK == 0 {
			continue
		}
		if best == nil || v.Latency.P95 < best.Latency.P95 {
			best = v
		}
		if worst == nil || v.Latency.P95 > worst.Latency.P95 {
			worst = v
		}
	}
	if best.Latency.P95 == worst.Latency.P95 {
		return fmt.Sprintf("Nineteen of twenty requests take at most %s, whatever the variant", millis(sim.Time(best.Latency.P95)))
	}
	return fmt.Sprintf("Nineteen of twenty requests take at most %s with %s, %s with %s",
		millis(sim.Time(best.Latency.P95)), best.Name, millis(sim.Time(worst.Latency.P95)), worst.Name)
}
