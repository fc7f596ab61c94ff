package lab

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"keepalive/model"
)

// Repeated is what several runs that differ in their seeds say together: independent replications, each a whole run (Law and
// Kelton, Simulation Modeling and Analysis, 9.5.2). Unlike Intervals it takes no batch for independent of the next.
type Repeated struct {
	Runs     int               `json:"runs"` // asked for
	Percent  int               `json:"percent"`
	First    uint64            `json:"first_seed"` // the others follow
	Variants []RepeatedVariant `json:"variants"`
}

// RepeatedVariant is one variant's numbers over its runs.
type RepeatedVariant struct {
	Name     string          `json:"name"`
	Runs     int             `json:"runs"` // that came to their end
	Finished Spread          `json:"finished_ms"`
	Latency  RepeatedLatency `json:"latency_ms"`
	Failed   int             `json:"failed"` // requests, of all runs
	OK       int             `json:"ok"`
}

// RepeatedLatency is Latency over several runs.
type RepeatedLatency struct {
	Mean Spread `json:"mean"`
	P50  Spread `json:"p50"`
	P95  Spread `json:"p95"`
	P99  Spread `json:"p99"`
}

// Spread is the mean over runs and its 95 % interval by Student's t; of one run alone there is none.
type Spread struct {
	Mean     Millis    `json:"mean"`
	Interval *Interval `json:"interval,omitempty"`
}

// Half is half the interval's width.
func (s Spread) Half() Millis {
	if s.Interval == nil {
		return 0
	}
	return s.Interval.High - s.Mean
}

// job is one variant with one seed.
type job struct {
	variant, turn int
	cfg           model.Config
}

// Repeat runs each variant with n seeds, its own and those that follow it, as many at a time as there are processors. The Result
// is that of the first seed. Progress, unless nil, is told how many runs have ended; it is never called twice at a time. The error is the context's, with what
// had ended; or it says which runs a limit stopped.
func Repeat(ctx context.Context, configs []model.Config, n int, progress func(done, total int)) (Result, Repeated, error) {
	runs := make([][]*VariantResult, len(configs))
	var jobs []job
	for v, cfg := range configs {
		runs[v] = make([]*VariantResult, n)
		for k := range n {
			c := cfg
			c.Seed += uint64(k)
			jobs = append(jobs, job{v, k, c})
		}
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return a.turn - b.turn })
	err := inParallel(ctx, jobs, func(j job, r *VariantResult, done int) {
		runs[j.variant][j.turn] = r
		if progress != nil {
			progress(done, len(jobs))
		}
	})
	res := Result{Format: 1}
	rep := Repeated{Runs: n, Percent: 95}
	for v, cfg := range configs {
		res.Scenario, res.Seed, rep.First = cfg.Scenario, cfg.Seed, cfg.Seed
		if runs[v][0] != nil {
			res.Variants = append(res.Variants, *runs[v][0])
		}
		rep.Variants = append(rep.Variants, overRuns(cfg.Variant, runs[v]))
	}
	if err == nil {
		err = stoppedRuns(configs, runs)
	}
	return res, rep, err
}

// inParallel simulates jobs, in their order as far as processors go, and hands each outcome on, one at a time.
func inParallel(ctx context.Context, jobs []job, ended func(j job, r *VariantResult, done int)) error {
	var mu sync.Mutex
	var first error
	next, done := 0, 0
	take := func() (job, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(jobs) || first != nil {
			return job{}, false
		}
		next++
		return jobs[next-1], true
	}
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		group.Go(func() {
			for j, ok := take(); ok; j, ok = take() {
				run, err := Simulate(ctx, j.cfg, Options{})
				mu.Lock()
				if err != nil {
					first = errors.Join(first, err)
				} else {
					done++
					ended(j, &run.Result, done)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return first
}

// ErrStopped is the error of runs that a limit ended.
var ErrStopped = errors.New("stopped at a limit")

// stoppedRuns names the runs that a limit ended.
func stoppedRuns(configs []model.Config, runs [][]*VariantResult) error {
	var all []error
	for v, cfg := range configs {
		for k, r := range runs[v] {
			if r.Stopped != "" {
				all = append(all, fmt.Errorf("%s, seed %d: %s (%w)", cfg.Variant, cfg.Seed+uint64(k), r.Stopped, ErrStopped))
			}
		}
	}
	return errors.Join(all...)
}

// overRuns sums one variant's runs up; those that did not end are nil.
func overRuns(name string, runs []*VariantResult) RepeatedVariant {
	out := RepeatedVariant{Name: name}
	var ended []*VariantResult
	for _, r := range runs {
		if r != nil {
			ended = append(ended, r)
			out.OK += r.Requests.OK
			out.Failed += r.Requests.Failed
		}
	}
	out.Runs = len(ended)
	if out.Runs == 0 {
		return out
	}
	over := func(value func(*VariantResult) Millis) Spread {
		values := make([]float64, len(ended))
		for i, r := range ended {
			values[i] = float64(value(r))
		}
		s := Spread{Mean: Millis(math.Round(meanOf(values)))}
		if len(values) > 1 {
			i := within(values, meanOf(values))
			s.Interval = &i
		}
		return s
	}
	out.Finished = over(func(r *VariantResult) Millis { return r.Finished })
	out.Latency = RepeatedLatency{
		Mean: over(func(r *VariantResult) Millis { return r.Latency.Mean }),
		P50:  over(func(r *VariantResult) Millis { return r.Latency.P50 }),
		P95:  over(func(r *VariantResult) Millis { return r.Latency.P95 }),
		P99:  over(func(r *VariantResult) Millis { return r.Latency.P99 }),
	}
	return out
}
