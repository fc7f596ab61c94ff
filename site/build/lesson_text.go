package main

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	texttemplate "text/template"
)

// fill puts into the text what the runs say: no number is typed in by hand. The text begins with as many lines as the header
// has, so that errors name the file's own.
func (l *lesson) fill(text string) (string, error) {
	written := map[string]func(float64) (string, error){"ms": inMillis, "count": inWhole, "number": inDigits, "bytes": inBytes, "percent": inPercent, "km": inKilometres}
	funcs := texttemplate.FuncMap{"check": l.check, "set": l.set}
	for name, write := range written {
		funcs[name] = func(expression string, set ...string) (string, error) {
			v, err := l.number(expression, set)
			if err != nil {
				return "", err
			}
			return write(v)
		}
	}
	t, err := texttemplate.New(l.path).Funcs(funcs).Parse(text)
	if err != nil {
		return "", fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "template: "))
	}
	var b strings.Builder
	if err := t.Execute(&b, nil); err != nil {
		return "", fmt.Errorf("%s", inTemplate.ReplaceAllString(err.Error(), "$1:$2: {{$3}}: "))
	}
	return b.String(), nil
}

// inTemplate is what text/template writes around an error of a function.
var inTemplate = regexp.MustCompile(`^template: (.*?):(\d+):\d+: executing .* at <(.*?)>: error calling \w+: `)

// about is the run that an expression is about: the lesson's own with more settings over it, or, where one of them is the
// name of a scenario, of that one.
func (l *lesson) about(set []string) (*run, error) {
	scenario, all := l.Scenario, append([]string{}, l.Set...)
	for _, s := range set {
		if strings.Contains(s, "=") {
			all = append(all, s)
		} else {
			scenario, all = s, nil
		}
	}
	return l.course.runs.of(scenario, all)
}

// number computes an expression over a run.
func (l *lesson) number(expression string, set []string) (float64, error) {
	r, err := l.about(set)
	if err != nil {
		return 0, err
	}
	return r.number(expression)
}

func (r *run) number(expression string) (float64, error) {
	if _, err := parse(expression, r); err != nil {
		return 0, err
	}
	v, err := r.outcome.Number(expression)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = fmt.Errorf("%q is %v", expression, v)
	}
	return v, err
}

// check writes nothing; it fails where what the text says is not so.
func (l *lesson) check(claim string, set ...string) (string, error) {
	r, err := l.about(set)
	if err != nil {
		return "", err
	}
	t, err := parse(claim, r)
	if err != nil {
		return "", err
	}
	v, err := r.outcome.Evaluate(claim)
	if err != nil {
		return "", err
	}
	if is, isBool := v.(bool); !isBool {
		return "", fmt.Errorf("want a comparison, got %v", v)
	} else if !is {
		return "", fmt.Errorf("the text claims this, and the run says otherwise: %s. Change the text or the settings", t.told(r))
	}
	return "", nil
}

// set is a setting as people write it: 100 ms.
func (l *lesson) set(path string, set ...string) (string, error) {
	r, err := l.about(set)
	if err != nil {
		return "", err
	}
	text, err := r.written(path)
	return apart(text), err
}

var unitAfter = regexp.MustCompile(`^([\d.]+)\s*([A-Za-z%].*)$`)

// apart sets a number apart from its unit.
func apart(quantity string) string { return unitAfter.ReplaceAllString(quantity, "$1\u00A0$2") }

// inMillis is a time as the whole project writes it: in milliseconds, from 10 s on in seconds. It does not break.
func inMillis(ms float64) (string, error) {
	if math.Abs(ms) >= 10_000 {
		return grouped(ms/1000, 2) + "\u00A0s", nil
	}
	return grouped(ms, 1) + "\u00A0ms", nil
}

func inWhole(v float64) (string, error) {
	if v != math.Trunc(v) {
		return "", fmt.Errorf("%v is no whole number: use {{number …}}", v)
	}
	return grouped(v, 0), nil
}

// inDigits is a number with three digits that matter.
func inDigits(v float64) (string, error) {
	digits := 0
	for v := math.Abs(v); digits < 3 && v < math.Pow10(2-digits) && v != math.Round(v*math.Pow10(digits))/math.Pow10(digits); {
		digits++
	}
	return grouped(v, digits), nil
}

func inBytes(v float64) (string, error) {
	unit := "B"
	switch {
	case v >= 1e6:
		v, unit = v/1e6, "MB"
	case v >= 1e3:
		v, unit = v/1e3, "kB"
	}
	text, err := inDigits(v)
	return text + "\u00A0" + unit, err
}

// inPercent is a share of one as a percentage.
func inPercent(share float64) (string, error) {
	digits := 0
	if math.Abs(share) < .1 {
		digits = 1
	}
	return grouped(share*100, digits) + "\u00A0%", nil
}

func inKilometres(v float64) (string, error) {
	return grouped(v, 0) + "\u00A0km", nil
}

// grouped sets thousands apart by a thin space at which no line breaks.
func grouped(v float64, digits int) string {
	text := fmt.Sprintf("%.*f", digits, math.Abs(v))
	whole, part, has := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u202F" + whole[i:]
	}
	if has {
		whole += "." + part
	}
	if v < 0 {
		whole = "\u2212" + whole
	}
	return whole
}
