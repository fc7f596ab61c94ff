package lab

import (
	"slices"

	"github.com/HdrHistogram/hdrhistogram-go"

	"keepalive/sim"
)

// latencies are those of a run's requests. While they are few each is kept, in the order in which the requests ended; when
// they are many there is a histogram for each of some batches, so that memory does not grow any more.
//
//	latency ─▶ exact … exact          up to exactMost
//	        └▶ batch batch … batch    beyond: 20 to 39 whole ones and one that fills; 40 become 20 of twice the size
type latencies struct {
	whole   bool // no intervals are asked for: one batch is enough
	exact   []sim.Time
	sum     sim.Time
	most    sim.Time
	n       int
	batches []batch
	size    int // requests in a whole batch
}

// batch is a part of a run's requests, one after the other.
type batch struct {
	n    int
	sum  sim.Time
	hist *hdrhistogram.Histogram
}

// exactMost is how many latencies are kept each for itself.
const exactMost = 100_000

// The batches of a run: half as many once there are maxBatches.
const (
	minBatches = 20
	maxBatches = 2 * minBatches
)

// newHistogram counts times of up to two days with three significant figures: an error of 0.1 % at most.
func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(1, int64(48*sim.Hour), 3) }

// record counts n values; what is out of range counts as the largest.
func record(h *hdrhistogram.Histogram, d sim.Time, n int64) {
	_ = h.RecordValues(min(int64(d), h.HighestTrackableValue()), n)
}

func (l *latencies) add(d sim.Time) {
	l.n++
	l.sum += d
	l.most = max(l.most, d)
	switch {
	case l.batches != nil:
		l.put(d)
	case l.n <= exactMost:
		l.exact = append(l.exact, d)
	default:
		l.size = exactMost / minBatches
		for _, e := range l.exact {
			l.put(e)
		}
		l.exact = nil
		l.put(d)
	}
}

// put adds a latency to the batch that fills.
func (l *latencies) put(d sim.Time) {
	last := len(l.batches) - 1
	if last < 0 || !l.whole && l.batches[last].n == l.size {
		if len(l.batches) == maxBatches {
			l.halve()
		}
		l.batches = append(l.batches, batch{hist: newHistogram()})
		last = len(l.batches) - 1
	}
	b := &l.batches[last]
	b.n++
	b.sum += d
	record(b.hist, d, 1)
}

// halve makes one batch of every two.
func (l *latencies) halve() {
	for i := range minBatches {
		a, b := l.batches[2*i], l.batches[2*i+1]
		a.n += b.n
		a.sum += b.sum
		a.hist.Merge(b.hist)
		l.batches[i] = a
	}
	clear(l.batches[minBatches:])
	l.batches = l.batches[:minBatches]
	l.size *= 2
}

// all is one histogram of all batches.
func (l *latencies) all() *hdrhistogram.Histogram {
	h := newHistogram()
	for i := range l.batches {
		h.Merge(l.batches[i].hist)
	}
	return h
}

// latency is the summary: the mean rounded down to the nanosecond, percentiles by nearest rank, exact up to exactMost
// requests, and at most 0.1 % too large beyond.
func (l *latencies) latency() Latency {
	if l.n == 0 {
		return Latency{}
	}
	var q quantiles
	if l.batches == nil {
		q = sortedQuantiles(slices.Sorted(slices.Values(l.exact)))
	} else {
		q = histogramQuantiles(l.all(), l.most)
	}
	return Latency{Mean: Millis(l.sum / sim.Time(l.n)), P50: Millis(q[0]), P95: Millis(q[1]), P99: Millis(q[2]), Max: Millis(l.most)}
}

// percents are the quantiles that are reported.
var percents = [3]int{50, 95, 99}

type quantiles [len(percents)]sim.Time

// sortedQuantiles are those of a sorted list, by nearest rank.
func sortedQuantiles(sorted []sim.Time) (q quantiles) {
	for i, p := range percents {
		q[i] = sorted[(len(sorted)*p+99)/100-1]
	}
	return q
}

// histogramQuantiles are those of a histogram: the upper ends of their buckets, or the largest value.
func histogramQuantiles(h *hdrhistogram.Histogram, most sim.Time) (q quantiles) {
	for i, p := range percents {
		q[i] = min(sim.Time(h.ValueAtPercentile(float64(p))), most)
	}
	return q
}

// Corrected are percentiles of a closed loop as they would be had its users kept to their pace. While a request is slow its
// user sends no other: what those would have met is missing from the plain percentiles (coordinated omission).
type Corrected struct {
	Every Millis `json:"every"` // a user's pace: mean thinking and the median latency
	P50   Millis `json:"p50"`
	P95   Millis `json:"p95"`
	P99   Millis `json:"p99"`
}

// mostMissing is how many requests a correction may add.
const mostMissing = 20_000_000

// corrected adds to each latency above a pace the requests that were due meanwhile, as HdrHistogram's
// copyCorrectedForCoordinatedOmission does: v - pace, v - 2 pace and so on down to the pace itself. nil: there is no pace.
func (l *latencies) corrected(every sim.Time) *Corrected {
	if l.n == 0 || every <= 0 || l.sum/every > mostMissing {
		return nil
	}
	h, missing := newHistogram(), false
	add := func(v sim.Time, n int64) {
		record(h, v, n)
		for v -= every; v >= every; v -= every {
			record(h, v, n)
			missing = true
		}
	}
	if l.batches == nil {
		for _, v := range l.exact {
			add(v, 1)
		}
	} else {
		for _, bar := range l.all().Distribution() {
			if bar.Count > 0 {
				add(min(sim.Time(bar.To), l.most), bar.Count)
			}
		}
	}
	q := histogramQuantiles(h, l.most)
	if !missing {
		s := l.latency()
		q = quantiles{sim.Time(s.P50), sim.Time(s.P95), sim.Time(s.P99)}
	}
	return &Corrected{Every: Millis(every), P50: Millis(q[0]), P95: Millis(q[1]), P99: Millis(q[2])}
}
