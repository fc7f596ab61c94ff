package lab

import (
	"context"
	"errors"
	"fmt"

	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
)

// Options choose what a run keeps. The zero Options keep the numbers alone.
type Options struct {
	Requests   bool           // a row per request
	Log        bool           // the trace
	MaxRecords int            // of the trace; 0: trace.MaxRecords
	Whole      bool           // a trace that is full ends the run with an error: what it is for needs all of it
	SoFar      bool           // when the context ends the run there is no error, but the numbers so far: VariantResult.Stopped says so
	Progress   func(Progress) // called now and then
}

// Progress is how far a run is.
type Progress struct {
	Variant string
	Now     sim.Time
	Events  uint64
	Done    int // requests that have ended
}

// Run is one variant's outcome. Log is nil unless Options.Log asked for it.
type Run struct {
	Result VariantResult
	Log    *trace.Log
}

// progressEvery is how many events pass between two looks at the context and two calls of Progress.
const progressEvery = 1 << 16

// Simulate runs one variant. A limit that ends the run is no error: VariantResult.Stopped names it. The error is the context's,
// unless Options.SoFar asks for what there is, or says that a log which must be whole is full.
func Simulate(ctx context.Context, cfg model.Config, opt Options) (Run, error) {
	m := newMetrics(cfg, opt.Requests)
	var print trace.Fingerprint
	var log *trace.Log
	sinks := trace.Sinks{m, &print}
	if opt.Log {
		log = &trace.Log{Max: opt.MaxRecords}
		log.Header.Missing = sim.Never
		sinks = append(sinks, log)
	}
	w := model.New(cfg, sinks)
	var watched *trace.Log
	if opt.Whole {
		watched = log
	}
	err := drive(ctx, w, watched, func() {
		if opt.Progress != nil {
			opt.Progress(Progress{cfg.Variant, w.Engine().Now(), w.Engine().Handled(), m.r.Requests.OK + m.r.Requests.Failed})
		}
	})
	stopped, err := stopOf(err, w, ctx.Err() != nil && opt.SoFar)
	if err != nil {
		return Run{}, err
	}
	if log != nil {
		missing := log.Header.Missing
		log.Header = w.Header()
		log.Header.Missing = missing
		log.Header.Finished = m.finished
		if n := len(log.Records); n > 0 {
			log.Header.Ended = log.Records[n-1].At
		}
	}
	r := m.result(w)
	r.Fingerprint = fmt.Sprintf("%016x", print.Sum())
	r.Events = w.Engine().Handled()
	r.Stopped = stopped
	return Run{Result: r, Log: log}, nil
}

// stopOf is why a run that drive left with err ended early, if its numbers are wanted all the same; otherwise the error.
func stopOf(err error, w *model.World, interrupted bool) (string, error) {
	var limit *sim.LimitError
	switch {
	case errors.As(err, &limit):
		return limit.Error(), nil
	case err != nil && interrupted:
		w.Flush()
		tenths := int64(w.Engine().Now()+50*sim.Millisecond) / int64(100*sim.Millisecond)
		return fmt.Sprintf("interrupted at %d.%d s", tenths/10, tenths%10), nil
	}
	return "", err
}

// drive steps w until it is done, with a look at the context now and then, and at a log that must be whole.
func drive(ctx context.Context, w *model.World, log *trace.Log, progress func()) error {
	for {
		for range progressEvery {
			if !w.Step() {
				return w.RunUntil(sim.Never)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if log != nil {
			if err := whole(log); err != nil {
				return fmt.Errorf("%s: %w", w.Header().Variant, err)
			}
		}
		progress()
	}
}

// RunAll runs every variant of f. The logs are nil unless opt.Log asks for them.
func RunAll(ctx context.Context, f *scenarios.File, opt Options) (Result, []*trace.Log, error) {
	return RunConfigs(ctx, f.Variants(), opt)
}

// RunConfigs runs the variants of one scenario. With Options.SoFar the one that the context ends is the last.
func RunConfigs(ctx context.Context, configs []model.Config, opt Options) (Result, []*trace.Log, error) {
	res := Result{Format: 1}
	var logs []*trace.Log
	for _, cfg := range configs {
		res.Scenario, res.Seed = cfg.Scenario, cfg.Seed
		run, err := Simulate(ctx, cfg, opt)
		if err != nil {
			return Result{}, nil, err
		}
		res.Variants = append(res.Variants, run.Result)
		logs = append(logs, run.Log)
		if opt.SoFar && ctx.Err() != nil {
			break
		}
	}
	return res, logs, nil
}
