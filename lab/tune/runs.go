package tune

import (
	"context"
	"strings"
	"sync"

	"keepalive/lab"
)

// Point is a setting of everything that is free, and what its run gave.
type Point struct {
	Values []string          `json:"values"` // of the free settings, in their order; "" is the file's
	Result lab.VariantResult `json:"result"`
	Met    bool              `json:"met"`
	Broken string            `json:"broken,omitempty"` // why the run says nothing: a setting that contradicts another, or a limit that ended it

	at []int // places of the values; nil: not of the grid
}

// job is one run.
type job struct {
	values  []string
	further []string // settings besides
	seed    uint64
}

// outcome is what a job gave. It is nil if it was not run.
type outcome struct {
	result lab.VariantResult
	broken string
}

// runs carries out jobs on several cores, within a budget.
type runs struct {
	space *Space
	cores int
	left  int
	done  int
	told  func(done int)
}

// all carries out jobs and gives their outcomes in the same order, whatever the cores. Jobs beyond the budget are not run, nor are
// those that ctx ends.
func (r *runs) all(ctx context.Context, jobs []job) []*outcome {
	jobs = jobs[:min(len(jobs), max(r.left, 0))]
	r.left -= len(jobs)
	out := make([]*outcome, len(jobs))
	var wait sync.WaitGroup
	var lock sync.Mutex
	next := 0
	take := func(ended bool) int {
		lock.Lock()
		defer lock.Unlock()
		if ended {
			r.done++
			if r.told != nil {
				r.told(r.done)
			}
		}
		next++
		return next - 1
	}
	for range min(r.cores, len(jobs)) {
		wait.Go(func() {
			for i := take(false); i < len(jobs) && ctx.Err() == nil; i = take(out[i] != nil) {
				out[i] = r.one(ctx, &jobs[i])
			}
		})
	}
	wait.Wait()
	return out
}

func (r *runs) one(ctx context.Context, j *job) *outcome {
	cfg, err := r.space.resolve(j.values, j.further...)
	if err != nil {
		return &outcome{broken: err.Error()}
	}
	cfg.Seed = j.seed
	run, err := lab.Simulate(ctx, cfg, lab.Options{})
	if err != nil {
		return nil
	}
	o := &outcome{result: run.Result, broken: run.Result.Stopped}
	if o.broken == "" && run.Result.Requests.Censored > 0 {
		o.broken = "some requests did not end"
	}
	return o
}

// key tells settings apart.
func key(values []string) string { return strings.Join(values, "\x00") }
