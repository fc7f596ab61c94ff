package grade

import (
	"encoding/json"
	"fmt"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"keepalive/lab"
)

// outcome is a run in the form in which expressions see it.
type outcome struct {
	result   map[string]any
	variants map[string]any
	ledgers  map[string]any
}

func newOutcome(res lab.Result, e lab.Explanation) (*outcome, error) {
	o := &outcome{variants: map[string]any{}, ledgers: map[string]any{}}
	if err := throughJSON(res, &o.result); err != nil {
		return nil, err
	}
	all, _ := o.result["variants"].([]any)
	for i := range res.Variants {
		if i < len(all) {
			o.variants[res.Variants[i].Name] = all[i]
		}
	}
	for i := range e.Variants {
		var ledger map[string]any
		if err := throughJSON(e.Variants[i].Run, &ledger); err != nil {
			return nil, err
		}
		o.ledgers[e.Variants[i].Name] = ledger
	}
	return o, nil
}

func throughJSON(from any, to any) error {
	data, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, to)
}

// environment is what an expression over o sees; drawn is the outcome without the student's settings.
func (o *outcome) environment(drawn *outcome) map[string]any {
	env := map[string]any{"variant": pick("variant", o.variants), "ledger": pick("ledger", o.ledgers), "drawn": pick("drawn", drawn.variants)}
	for k, v := range o.result {
		env[k] = v
	}
	return env
}

// pick is a function that finds a variant's part by name.
func pick(function string, from map[string]any) func(name string) (any, error) {
	return func(name string) (any, error) {
		if v, ok := from[name]; ok {
			return v, nil
		}
		return nil, fmt.Errorf("%s(%q): there is no such variant", function, name)
	}
}

// shape types the environment for the compiler, so that a misspelt name is found before a run.
var shape = map[string]any{"format": 0.0, "scenario": "", "seed": 0.0, "variants": []any{},
	"variant": pick("variant", nil), "ledger": pick("ledger", nil), "drawn": pick("drawn", nil)}

// compile checks a question's expression.
func compile(q *lab.Question) (*vm.Program, error) {
	options := []expr.Option{expr.Env(shape)}
	if q.Kind == lab.GoalQuestion {
		options = append(options, expr.AsBool())
	}
	return expr.Compile(q.Answer, options...)
}

// evaluate computes a question's right answer, or whether its goal is reached.
func evaluate(q *lab.Question, env map[string]any) (any, error) {
	program, err := compile(q)
	if err != nil {
		return nil, err
	}
	return expr.Run(program, env)
}

// number turns what an expression gave into a number.
func number(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case int:
		return float64(v), nil
	}
	return 0, fmt.Errorf("the expression gives %T, not a number", v)
}
