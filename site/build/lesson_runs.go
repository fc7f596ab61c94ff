package main

import (
	"context"
	"fmt"
	"strings"

	"keepalive/lab"
	"keepalive/lab/grade"
	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/scenarios"
)

// run is a scenario's variants, run.
type run struct {
	file    *scenarios.File
	configs []model.Config
	result  lab.Result
	ledger  lab.Explanation
	logs    []*trace.Log
	outcome *grade.Outcome
}

// runs remembers what has been run: lessons ask for the same again and again.
type runs map[string]*run

// of runs a scenario, by its name or its text, with settings over it. The variants are those that the page races as well.
func (all runs) of(scenario string, set []string) (*run, error) {
	key := scenario + "\x00" + strings.Join(set, "\x00")
	if r, ok := all[key]; ok {
		return r, nil
	}
	var f *scenarios.File
	var err error
	if strings.Contains(scenario, "\n") {
		f, err = scenarios.Parse("scenario", []byte(scenario), set...)
	} else {
		f, err = scenarios.Load(scenario, set...)
	}
	if err != nil {
		return nil, err
	}
	r := &run{file: f, configs: f.Variants()}
	if len(r.configs) < 2 {
		if r.configs, err = f.Pair(); err != nil {
			return nil, err
		}
	}
	if err := r.simulate(); err != nil {
		return nil, err
	}
	all[key] = r
	return r, nil
}

func (r *run) simulate() (err error) {
	if r.result, r.logs, err = lab.RunConfigs(context.Background(), r.configs, lab.Options{Requests: true, Log: true}); err != nil {
		return err
	}
	if r.ledger, err = lab.ExplainAll(r.logs); err != nil {
		return err
	}
	r.outcome, err = grade.See(r.result, r.ledger, map[string]any{"setting": r.setting})
	return err
}

// variant is a variant's place among the run's.
func (r *run) variant(name string) (int, error) {
	var known []string
	for i := range r.configs {
		if r.configs[i].Variant == name {
			return i, nil
		}
		known = append(known, r.configs[i].Variant)
	}
	return 0, fmt.Errorf("there is no variant %q: want one of %s", name, strings.Join(known, ", "))
}

// written is a setting as a scenario writes it: 100ms.
func (r *run) written(path string) (string, error) {
	text := r.file.Value(r.configs[0].Variant, path)
	if text == "" {
		return "", fmt.Errorf("there is no setting %q with a single value", path)
	}
	return text, nil
}

// setting is a setting as a number: in milliseconds, bytes, bits per second, per cent, or as it is.
func (r *run) setting(path string) (float64, error) {
	text, err := r.written(path)
	if err != nil {
		return 0, err
	}
	for _, q := range []struct {
		kind *scenarios.Quantity
		per  float64
	}{{&scenarios.Counts, 1}, {&scenarios.Durations, 1e6}, {&scenarios.Sizes, 1}, {&scenarios.Rates, 1}, {&scenarios.Shares, 1e7}, {&scenarios.Packets, 1}, {&scenarios.Frequencies, 3600}} {
		if v, err := q.kind.Parse(text); err == nil {
			return float64(v) / q.per, nil
		}
	}
	return 0, fmt.Errorf("setting %q is %s, which is no number", path, text)
}
