package grade

import (
	"fmt"
	"maps"

	"github.com/expr-lang/expr"

	"keepalive/lab"
)

// Outcome is what a run came to, for expressions outside of exercises: the words of a lesson, the goal of a puzzle.
type Outcome struct{ names map[string]any }

// See makes a run's Outcome. More names, or other functions, may be laid over those of an exercise's expressions.
func See(res lab.Result, e lab.Explanation, more map[string]any) (*Outcome, error) {
	o, err := newOutcome(res, e)
	if err != nil {
		return nil, err
	}
	names := o.environment(o)
	delete(names, "drawn") // only an exercise draws
	for name, v := range o.variants {
		names[identifier(name)] = v
	}
	maps.Copy(names, more)
	return &Outcome{names}, nil
}

// identifier is a variant's name as an expression may write it: per_request for per-request.
func identifier(name string) string {
	text := []rune(name)
	for i, r := range text {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			text[i] = '_'
		}
	}
	return string(text)
}

// Names are what an expression may begin with.
func (o *Outcome) Names() map[string]any { return maps.Clone(o.names) }

// Evaluate computes an expression.
func (o *Outcome) Evaluate(expression string) (any, error) {
	program, err := expr.Compile(expression, expr.Env(o.names))
	if err != nil {
		return nil, fmt.Errorf("%s", oneLine(err))
	}
	v, err := expr.Run(program, o.names)
	if err != nil {
		return nil, fmt.Errorf("%s", oneLine(err))
	}
	return v, nil
}

// Number computes an expression that gives a number.
func (o *Outcome) Number(expression string) (float64, error) {
	v, err := o.Evaluate(expression)
	if err != nil {
		return 0, err
	}
	return number(v)
}
