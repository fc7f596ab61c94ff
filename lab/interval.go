package lab

import (
	"math"
	"slices"

	"keepalive/sim"
)

// Intervals say within what the long-run values lie, with a confidence of 95 %, judged by one run: its requests, in the order
// in which they ended, are cut into batches that are long enough to be nearly independent, and the batches' spread tells
// (batch means: Law and Kelton, Simulation Modeling and Analysis, 9.5.3; Schmeiser 1982 finds 10 to 30 batches enough).
// Percentiles by sectioning: the batches' percentiles about that of all (Asmussen and Glynn, Stochastic Simulation, III.5a).
type Intervals struct {
	Method  string    `json:"method"`  // batch means
	Percent int       `json:"percent"` // 95
	Batches int       `json:"batches"`
	Mean    Interval  `json:"mean"`
	P50     Interval  `json:"p50"`
	P95     *Interval `json:"p95,omitempty"` // nil: too few requests
	P99     *Interval `json:"p99,omitempty"`
	// Correlation of neighbouring batches' means: far above 0, the batches are too short and the intervals too narrow.
	Correlation float64 `json:"correlation"`
}

// Interval is from Low to High.
type Interval struct {
	Low  Millis `json:"low"`
	High Millis `json:"high"`
}

// TooNarrow tells whether neighbouring batches are so alike that their spread says too little: by chance so in one of twenty
// runs. Where all batches are within a per cent of each other it does not matter.
func (i *Intervals) TooNarrow() bool {
	root := math.Sqrt(float64(i.Batches))
	half, centre := float64(i.Mean.High-i.Mean.Low)/2, float64(i.Mean.High+i.Mean.Low)/2
	return i.Correlation > 1.645/root && half*root > centre/100
}

// leastPerBatch is how many requests a batch needs for the mean and each percentile: five beyond it, and twenty.
var leastPerBatch = [len(percents)]int{20, 100, 500}

// section is what a batch says.
type section struct {
	mean float64
	q    quantiles
}

// intervals are nil for runs of too few requests.
func (l *latencies) intervals() *Intervals {
	sections, size := l.sections()
	if len(sections) < minBatches || size < leastPerBatch[0] {
		return nil
	}
	total := l.latency()
	means := make([]float64, len(sections))
	for i := range sections {
		means[i] = sections[i].mean
	}
	out := &Intervals{Method: "batch means", Percent: 95, Batches: len(sections), Correlation: math.Round(100*lagOne(means)) / 100}
	out.Mean = within(means, meanOf(means))
	quantile := func(k int, of Millis) Interval {
		values := make([]float64, len(sections))
		for i := range sections {
			values[i] = float64(sections[i].q[k])
		}
		return within(values, float64(of))
	}
	out.P50 = quantile(0, total.P50)
	if size >= leastPerBatch[1] {
		i := quantile(1, total.P95)
		out.P95 = &i
	}
	if size >= leastPerBatch[2] {
		i := quantile(2, total.P99)
		out.P99 = &i
	}
	return out
}

// sections are the whole batches. What is left at the end belongs to none.
func (l *latencies) sections() (out []section, size int) {
	if l.batches == nil {
		size = len(l.exact) / minBatches
		for i := 0; i < minBatches && size > 0; i++ {
			sorted := slices.Sorted(slices.Values(l.exact[i*size : (i+1)*size]))
			sum := sim.Time(0)
			for _, v := range sorted {
				sum += v
			}
			out = append(out, section{float64(sum) / float64(size), sortedQuantiles(sorted)})
		}
		return out, size
	}
	for i := range l.batches {
		if b := &l.batches[i]; b.n == l.size {
			out = append(out, section{float64(b.sum) / float64(b.n), histogramQuantiles(b.hist, l.most)})
		}
	}
	return out, l.size
}

// within is the 95 % interval about a centre, of values that are nearly independent and nearly normal.
func within(values []float64, centre float64) Interval {
	sum := 0.0
	for _, v := range values {
		sum += (v - centre) * (v - centre)
	}
	n := float64(len(values))
	half := Student95(len(values)-1) * math.Sqrt(sum/(n-1)/n)
	return Interval{Millis(math.Round(max(centre-half, 0))), Millis(math.Round(centre + half))}
}

func meanOf(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// lagOne is the correlation of neighbours.
func lagOne(values []float64) float64 {
	mean := meanOf(values)
	var along, all float64
	for i, v := range values {
		all += (v - mean) * (v - mean)
		if i > 0 {
			along += (v - mean) * (values[i-1] - mean)
		}
	}
	if all == 0 {
		return 0
	}
	return along / all
}

// Student95 is the 97.5 % point of Student's t, so that 95 % lie within it and its negative.
func Student95(degrees int) float64 {
	if degrees < 1 {
		return math.Inf(1)
	}
	if degrees <= len(tTable) {
		return tTable[degrees-1]
	}
	// Cornish and Fisher's expansion about the normal (Abramowitz and Stegun, 26.7.5): right to 1e-5 from here on.
	const z = 1.959963984540054
	n := float64(degrees)
	return z + (z*z*z+z)/(4*n) + (5*math.Pow(z, 5)+16*z*z*z+3*z)/(96*n*n) +
		(3*math.Pow(z, 7)+19*math.Pow(z, 5)+17*z*z*z-15*z)/(384*n*n*n)
}

// tTable holds it for 1 to 30 degrees of freedom.
var tTable = [...]float64{12.7062, 4.30265, 3.18245, 2.77645, 2.57058, 2.44691, 2.36462, 2.306, 2.26216, 2.22814,
	2.20099, 2.17881, 2.16037, 2.14479, 2.13145, 2.11991, 2.10982, 2.10092, 2.09302, 2.08596,
	2.07961, 2.07387, 2.06866, 2.0639, 2.05954, 2.05553, 2.05183, 2.04841, 2.04523, 2.04227}
