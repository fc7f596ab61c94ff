package accuracy

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Slack is by how many points of per cent a case may become worse: host costs are being fitted, and a case at the edge of its
// repeats moves a little with each change.
const Slack = 0.05

// Reached are errors by case, in per cent with three decimals.
type Reached map[string]float64

// ParseReached reads lab/testdata/accuracy.json.
func ParseReached(text string) (Reached, error) {
	var r Reached
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return nil, fmt.Errorf("lab/testdata/accuracy.json: %w", err)
	}
	return r, nil
}

// String is the file's text.
func (r Reached) String() string {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		panic("accuracy: " + err.Error()) // numbers and texts always marshal
	}
	return string(text) + "\n"
}

// Worse lists, a line each, the cases that are further off than committed, and the families beyond a target that the
// committed errors meet.
func (r *Report) Worse() []string {
	var lines []string
	for _, c := range r.Cases {
		if c.Reached == nil || c.Error <= *c.Reached+Slack+1e-9 {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %.3f ms is %.3f %% off; it was %.3f %%; %s\n    repeat it with: keepalive accuracy --case %s | keepalive run -",
			c.ID, c.Model, c.Error, *c.Reached, distance(c), c.ID))
	}
	return append(lines, r.beyond()...)
}

// distance says how far a case is from what its family allows at worst.
func distance(c Case) string {
	for _, f := range families {
		if f.Name != c.Family || f.Target.Worst == 0 {
			continue
		}
		if left := f.Target.Worst - c.Error; left >= 0 {
			return fmt.Sprintf("%.3f points remain to the target, %g %% at worst", left, f.Target.Worst)
		}
		return fmt.Sprintf("%.3f points above the target, %g %% at worst", c.Error-f.Target.Worst, f.Target.Worst)
	}
	return "there is no target"
}

// beyond lists the families that miss a target which the committed errors meet.
func (r *Report) beyond() []string {
	before := map[string]Summary{}
	for _, s := range summarise(r.Cases, func(c Case) float64 {
		if c.Reached == nil {
			return math.NaN()
		}
		return *c.Reached
	}) {
		before[s.Family] = s
	}
	var lines []string
	for _, s := range r.Families {
		b, known := before[s.Family]
		for _, l := range []struct {
			name              string
			now, then, target float64
		}{
			{"median", s.Median, b.Median, s.Target.Median},
			{"95th percentile", s.P95, b.P95, s.Target.P95},
			{"worst case", s.Worst, b.Worst, s.Target.Worst},
		} {
			if known && l.target > 0 && l.then <= l.target && l.now > l.target {
				lines = append(lines, fmt.Sprintf("%s: the %s is %.3f %% off; the target, once met, is the limit: %g %%", s.Family, l.name, l.now, l.target))
			}
		}
	}
	return lines
}

// Lower gives the errors to commit after a run: each the smaller of then and now, and those of new cases. It refuses to
// raise one by more than Slack, and to forget a case.
func (r *Report) Lower(then Reached) (Reached, error) {
	if worse := r.Worse(); len(worse) > 0 {
		return nil, fmt.Errorf("refused: committed errors may only become smaller; mend the model, or say in the commit why the number was wrong and change it by hand:\n%s", lines(worse))
	}
	now := Reached{}
	for _, c := range r.Cases {
		now[c.ID] = c.Error
		if e, known := then[c.ID]; known {
			now[c.ID] = min(e, c.Error)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(then)) {
		if _, ran := now[id]; !ran {
			return nil, fmt.Errorf("refused: %s has an error in lab/testdata/accuracy.json but was not run", id)
		}
	}
	return now, nil
}

func lines(all []string) string {
	text := ""
	for _, l := range all {
		text += "  " + l + "\n"
	}
	return text
}
