package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"keepalive/scenarios"
)

// puzzle lets free fields be chosen within ranges until the goal is reached, which the page's own run decides.
type puzzle struct {
	Ask      string            `yaml:"ask"`
	Free     fields            `yaml:"free"`
	Set      []string          `yaml:"set"`
	Values   yaml.MapSlice     `yaml:"values"` // named values, by identifier: {is, name, unit}
	Goal     string            `yaml:"goal"`
	Solution map[string]string `yaml:"solution"` // one of those that there are
	After    string            `yaml:"after"`    // what is said once it is solved
}

// named is a value that the goal is about.
type named struct {
	Is   string `yaml:"is"`
	Name string `yaml:"name"`
	Unit string `yaml:"unit"`
}

func (b *puzzle) prepare(l *lesson) (any, error) {
	r, err := l.about(b.Set)
	if err != nil {
		return nil, err
	}
	if len(b.Free) == 0 {
		return nil, fmt.Errorf("free: want at least one field that can be chosen, such as link.rtt: 1..200 ms")
	}
	if err := b.Free.complete(l, r); err != nil {
		return nil, err
	}
	goal, err := b.tree(r)
	if err != nil {
		return nil, err
	}
	if err := b.judge(l, goal); err != nil {
		return nil, err
	}
	text, err := json.Marshal(goal)
	return map[string]any{"ID": l.id("puzzle"), "Ask": b.Ask, "After": b.After, "Free": b.Free, "Set": append([]string{}, b.Set...), "Goal": json.RawMessage(text)}, err
}

var identifier = regexp.MustCompile(`\b[A-Za-z_]\w*\b`)

// tree is the goal with its named values put in.
func (b *puzzle) tree(r *run) (*tree, error) {
	values := map[string]named{}
	goal := b.Goal
	for _, item := range b.Values {
		text, err := yaml.Marshal(item.Value)
		if err != nil {
			return nil, err
		}
		var v named
		if err := yaml.UnmarshalWithOptions(text, &v, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("values: %v: want {is, name, unit}", item.Key)
		}
		values[fmt.Sprint(item.Key)] = v
	}
	written := identifier.ReplaceAllStringFunc(goal, func(name string) string {
		if v, ok := values[name]; ok {
			return "(" + v.Is + ")"
		}
		return name
	})
	t, err := parse(written, r)
	if err != nil {
		return nil, fmt.Errorf("goal: %w", err)
	}
	if err := t.live(); err != nil {
		return nil, fmt.Errorf("goal: %w", err)
	}
	b.Goal = written
	return t, annotate(t, values, r)
}

// annotate gives each comparison the name of what it compares.
func annotate(t *tree, values map[string]named, r *run) error {
	if !compares(t.op) {
		for _, a := range t.args {
			if err := annotate(a, values, r); err != nil {
				return err
			}
		}
		return nil
	}
	left, err := json.Marshal(t.args[0])
	if err != nil {
		return err
	}
	for _, v := range values {
		is, err := parse(v.Is, r)
		if err != nil {
			return fmt.Errorf("values: %w", err)
		}
		if text, err := json.Marshal(is); err == nil && string(text) == string(left) {
			t.note = &note{v.Name, v.Unit}
			return nil
		}
	}
	return fmt.Errorf("goal: the left side of each comparison wants a name: put it among values, as {is, name, unit}")
}

// judge sees to it that the puzzle is one: what it begins with does not solve it, and its solution does.
func (b *puzzle) judge(l *lesson, goal *tree) error {
	solved := func(set []string) (bool, string, error) {
		r, err := l.about(append(append([]string{}, b.Set...), set...))
		if err != nil {
			return false, "", err
		}
		v, err := r.outcome.Evaluate(b.Goal)
		if err != nil {
			return false, "", fmt.Errorf("goal: %w", err)
		}
		is, isBool := v.(bool)
		if !isBool {
			return false, "", fmt.Errorf("goal: want a condition, got %v", v)
		}
		return is, goal.told(r), nil
	}
	if is, told, err := solved(nil); err != nil {
		return err
	} else if is {
		return fmt.Errorf("goal: what the puzzle begins with reaches it already: %s", told)
	}
	set, err := b.Free.settings(b.Solution)
	if err != nil {
		return fmt.Errorf("solution: %w", err)
	}
	if is, told, err := solved(set); err != nil {
		return err
	} else if !is {
		return fmt.Errorf("solution: it does not reach the goal: %s", told)
	}
	return nil
}

// field is a setting that learners may choose, within a range or from a list.
type field struct {
	Path, Name, Unit string
	Min, Max, Value  float64
	Step             string
	Options          []string
	Chosen           string // of the options
	Steps            []float64
}

// fields are settings in the order of the author.
type fields []*field

// UnmarshalYAML reads "link.rtt: 1..200 ms", "link.down: 1..100 Mbit/s log" or "http.connections: [per-request, persistent]".
func (all *fields) UnmarshalYAML(read func(any) error) error {
	var m yaml.MapSlice
	if err := read(&m); err != nil {
		return err
	}
	for _, item := range m {
		f := &field{Path: fmt.Sprint(item.Key)}
		switch v := item.Value.(type) {
		case []any:
			for _, o := range v {
				f.Options = append(f.Options, fmt.Sprint(o))
			}
		default:
			if err := f.span(fmt.Sprint(v)); err != nil {
				return err
			}
		}
		*all = append(*all, f)
	}
	return nil
}

var span = regexp.MustCompile(`^([\d.]+?)\.\.([\d.]+)(?: ([A-Za-z%/]+?))?( log)?$`)

func (f *field) span(text string) error {
	m := span.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("%s: want a range such as 1..200 ms, 1..100 Mbit/s log, or a list, got %q", f.Path, text)
	}
	var err error
	if f.Min, err = strconv.ParseFloat(m[1], 64); err != nil {
		return fmt.Errorf("%s: %q is no number", f.Path, m[1])
	}
	if f.Max, err = strconv.ParseFloat(m[2], 64); err != nil || f.Max <= f.Min {
		return fmt.Errorf("%s: want a range from less to more, got %q", f.Path, text)
	}
	if f.Unit = m[3]; f.Unit == "log" {
		f.Unit, m[4] = "", " log"
	}
	f.Step = "1"
	if f.Min != float64(int(f.Min)) || f.Max < 5 {
		f.Step = "any"
	}
	if m[4] != "" {
		for power := 1e-3; power <= f.Max; power *= 10 {
			for _, k := range []float64{1, 2, 5} {
				if v, _ := strconv.ParseFloat(fmt.Sprintf("%.3g", k*power), 64); v >= f.Min && v <= f.Max {
					f.Steps = append(f.Steps, v)
				}
			}
		}
	}
	return nil
}

// complete gives the fields their names and the values that the run has.
func (all fields) complete(l *lesson, r *run) (err error) {
	for _, f := range all {
		if f.Name, err = l.course.words.say("field." + f.Path); err != nil {
			return err
		}
		text, err := r.written(f.Path)
		if err != nil {
			return err
		}
		if f.Options != nil {
			f.Chosen = text
			continue
		}
		if f.Value, err = in(f.Unit, text); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		if f.Value < f.Min || f.Value > f.Max {
			return fmt.Errorf("%s: the scenario has %s, which is outside of %g..%g %s", f.Path, text, f.Min, f.Max, f.Unit)
		}
	}
	return nil
}

// in is a quantity as a number of a unit.
func in(unit, text string) (float64, error) {
	if unit == "" {
		return strconv.ParseFloat(text, 64)
	}
	for _, q := range []*scenarios.Quantity{&scenarios.Durations, &scenarios.Sizes, &scenarios.Rates, &scenarios.Shares, &scenarios.Packets, &scenarios.Frequencies} {
		one, err := q.Parse("1" + unit)
		if err != nil {
			continue
		}
		v, err := q.Parse(text)
		return float64(v) / float64(one), err
	}
	return 0, fmt.Errorf("there is no unit %q", unit)
}

// settings are chosen values as a scenario takes them, each within its range.
func (all fields) settings(chosen map[string]string) (set []string, err error) {
	for _, f := range all {
		text, ok := chosen[f.Path]
		if !ok {
			return nil, fmt.Errorf("it lacks %s", f.Path)
		}
		if f.Options == nil {
			v, err := in(f.Unit, strings.ReplaceAll(text, " ", ""))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.Path, err)
			}
			if v < f.Min || v > f.Max {
				return nil, fmt.Errorf("%s: %s is outside of %g..%g %s", f.Path, text, f.Min, f.Max, f.Unit)
			}
		}
		set = append(set, f.Path+"="+strings.ReplaceAll(text, " ", ""))
	}
	if len(chosen) > len(all) {
		return nil, fmt.Errorf("it sets a field that is not free")
	}
	return set, nil
}
