package main

import (
	"fmt"
	"math"

	"github.com/goccy/go-yaml"
)

// prediction is a guess that is locked before its run is shown.
type prediction struct {
	Kind      string        `yaml:"kind"` // number, choice or bar
	Ask       string        `yaml:"ask"`
	Unit      string        `yaml:"unit"`
	Answer    string        `yaml:"answer"` // a number, or for a choice the key of the right option
	Set       []string      `yaml:"set"`
	Within    float64       `yaml:"within"`    // per cent that a number may be off and still be right; absent: 10
	Named     string        `yaml:"named"`     // bar: what is predicted, in a word or two
	Reference *reference    `yaml:"reference"` // bar: what the bar is drawn against
	Most      float64       `yaml:"most"`      // bar: the longest that can be drawn; absent: four times the reference
	Options   yaml.MapSlice `yaml:"options"`   // choice: by key, {text, because}
	Near      []mistake     `yaml:"near"`      // wrong numbers that show what was believed
}

type reference struct {
	Name  string  `yaml:"name" json:"name"`
	Is    string  `yaml:"is" json:"-"`
	Value float64 `yaml:"-" json:"value"`
}

// mistake is a wrong answer and the thought that leads to it.
type mistake struct {
	Is      string `yaml:"is"`
	Because string `yaml:"because"`
}

// option is one of a choice's.
type option struct {
	Key, Text string
	Because   string `json:"because"`
}

func (b *prediction) prepare(l *lesson) (any, error) {
	if b.Ask == "" {
		return nil, fmt.Errorf("ask: want the question")
	}
	if b.Within == 0 {
		b.Within = 10
	}
	r, err := l.about(b.Set)
	if err != nil {
		return nil, err
	}
	data := map[string]any{"kind": b.Kind, "unit": b.Unit, "within": b.Within}
	view := map[string]any{"ID": l.id("predict"), "Kind": b.Kind, "Ask": b.Ask, "Unit": b.Unit, "Named": b.Named, "Data": data}
	switch b.Kind {
	case "number":
		err = b.prepareNumber(l, r, data)
	case "bar":
		if err = b.prepareNumber(l, r, data); err == nil {
			err = b.prepareBar(r, view, data)
		}
	case "choice":
		view["Options"], err = b.prepareChoice(l, r, data)
	default:
		err = fmt.Errorf("kind: want number, choice or bar, got %q", b.Kind)
	}
	return view, err
}

// prepareNumber computes the answer, and the wrong answers that have a reason.
func (b *prediction) prepareNumber(l *lesson, r *run, data map[string]any) error {
	answer, err := r.number(b.Answer)
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if answer <= 0 {
		return fmt.Errorf("answer: want a number above 0, whose error can be told in per cent, got %g", answer)
	}
	near := []map[string]any{}
	for _, m := range b.Near {
		v, err := r.number(m.Is)
		if err != nil {
			return fmt.Errorf("near: %w", err)
		}
		if math.Abs(v-answer)/answer*100 <= b.Within {
			return fmt.Errorf("near: %q is %g, which is as good as the answer, %g", m.Is, v, answer)
		}
		because, err := l.course.prose(m.Because)
		if err != nil {
			return err
		}
		near = append(near, map[string]any{"value": v, "because": because})
	}
	data["answer"], data["near"] = answer, near
	return nil
}

// prepareBar finds the reference and how long a bar can be.
func (b *prediction) prepareBar(r *run, view, data map[string]any) error {
	if b.Reference == nil || b.Named == "" {
		return fmt.Errorf("want named: what the bar is, and reference: {name, is}, the bar that it is drawn against")
	}
	v, err := r.number(b.Reference.Is)
	if err != nil {
		return fmt.Errorf("reference: %w", err)
	}
	b.Reference.Value = v
	if b.Most == 0 {
		b.Most = roundUp(4 * v)
	}
	if answer, _ := data["answer"].(float64); b.Most < answer*1.2 || b.Most < v {
		return fmt.Errorf("most: %g leaves no room for the answer, %g", b.Most, answer)
	}
	data["most"], data["reference"] = b.Most, b.Reference
	view["Most"], view["Step"], view["Reference"] = b.Most, roundUp(b.Most/1000), b.Reference
	return nil
}

// roundUp is the next number that is 1, 2 or 5 times a power of ten.
func roundUp(v float64) float64 {
	power := math.Pow10(int(math.Floor(math.Log10(v))))
	for _, k := range []float64{1, 2, 5} {
		if k*power >= v*(1-1e-9) {
			return k * power
		}
	}
	return 10 * power
}

// prepareChoice reads the options in their order.
func (b *prediction) prepareChoice(l *lesson, r *run, data map[string]any) ([]option, error) {
	right, err := r.outcome.Evaluate(b.Answer)
	if err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	var all []option
	because := map[string]any{}
	known := false
	for _, item := range b.Options {
		key := fmt.Sprint(item.Key)
		var o struct {
			Text    string `yaml:"text"`
			Because string `yaml:"because"`
		}
		text, err := yaml.Marshal(item.Value)
		if err != nil {
			return nil, err
		}
		if err := yaml.UnmarshalWithOptions(text, &o, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("options: %s: want {text, because}", key)
		}
		if because[key], err = l.course.prose(o.Because); err != nil {
			return nil, err
		}
		all = append(all, option{Key: key, Text: o.Text})
		known = known || key == right
	}
	if !known || len(all) < 2 {
		return nil, fmt.Errorf("answer: %v is none of the options: give the key of one", right)
	}
	data["answer"], data["because"] = right, because
	return all, nil
}
