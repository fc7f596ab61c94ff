package figure

import (
	"fmt"
	"math"
	"strings"

	"keepalive/lab/tune"
)

// TradeOff shows what a search for settings tried: a dot for each, by the two metrics of the goal, with the goal's limits, the
// front that no dot beats on both, and the chosen one with its settings.
func TradeOff(r *tune.Report) Figure {
	x, y := scale(&r.Axes[0], r.Points), scale(&r.Axes[1], r.Points)
	f := Figure{Name: "tradeoff", Title: unbroken(found(r)), X: x,
		Subtitle: fmt.Sprintf("%s, %s: each dot is a run with other settings, all with the same seed", r.Scenario, r.Variant)}
	p := Panel{Title: y.Label, Y: y, Lines: []Line{frontLine(r, x, y)}}
	for _, q := range r.Points {
		if d, ok := dot(r, q); ok {
			p.Dots = append(p.Dots, d)
		}
	}
	p.Dots = append(p.Dots, own(r)...)
	for i := range r.Axes {
		if a := &r.Axes[i]; a.Bound {
			p.Limits = append(p.Limits, Limit{Name: "goal: " + limit(r, a), At: a.Limit, Upright: i == 0})
		}
	}
	f.Panels = []Panel{p}
	f.Legend = []Entry{{"keeps the goal", Data, Spot}, {"misses it", Ack, Ring}, {"front: nothing is better on both", Text, Stroke},
		{"chosen", Request, Target}, {"as the file has it", SetUp, Target}, {"limit of the goal", Error, Level}}
	f.Notes = []string{unbroken(fmt.Sprintf("What binds (mean of %d seeds): %s", r.Chances.Seeds, r.Binding.Sentence))}
	f.About = fmt.Sprintf("%d settings, %s across and %s up. %s: %s, %s. %s", len(p.Dots)-2, x.Label, y.Label,
		strings.Join(settings(r, r.Chosen), ", "), told(&r.Axes[0], r.Chosen), told(&r.Axes[1], r.Chosen), unbroken(r.Binding.Sentence))
	return f
}

// value is where a point lies on an axis.
func value(a *tune.Axis, p *tune.Point) float64 { return a.Of().Of(&p.Result) }

// told is a point's value with its metric's name.
func told(a *tune.Axis, p *tune.Point) string {
	return a.Metric + " " + unbroken(a.Of().Kind.Write(value(a, p)))
}

// limit is the goal's clause over an axis.
func limit(r *tune.Report, a *tune.Axis) string {
	for i := range r.Clauses {
		if c := r.Clauses[i].Of(); c.Metric.Name == a.Metric {
			return unbroken(fmt.Sprintf("%s %s %s", words(c.Metric.Name), c.Op, c.Metric.Kind.Write(c.Limit)))
		}
	}
	return ""
}

func words(metric string) string { return strings.ReplaceAll(metric, "_", " ") }

// found says whether the goal is reached, and where.
func found(r *tune.Report) string {
	at := fmt.Sprintf("%s with %s", told(&r.Axes[1], r.Chosen), told(&r.Axes[0], r.Chosen))
	from := ""
	if was, is := value(&r.Axes[1], r.File), value(&r.Axes[1], r.Chosen); was != is {
		from = fmt.Sprintf("; the file's settings have %s", r.Axes[1].Of().Kind.Write(was))
	}
	at = words(at)
	switch {
	case r.Met:
		return "The goal can be kept: " + at + from
	case r.Chances.Kept > 0:
		return fmt.Sprintf("The goal is kept with %d of %d seeds: %s%s", r.Chances.Kept, r.Chances.Seeds, at, from)
	}
	return "No setting keeps the goal: the nearest has " + at + from
}

// settings are the free settings of a point, by the last part of their path.
func settings(r *tune.Report, p *tune.Point) (all []string) {
	for d, v := range p.Values {
		path := r.Free[d].Path
		if v != "" {
			all = append(all, path[strings.LastIndexByte(path, '.')+1:]+" "+v)
		}
	}
	return all
}

// dot is one setting; one whose run says nothing has none.
func dot(r *tune.Report, q *tune.Point) (Dot, bool) {
	x, y := value(&r.Axes[0], q), value(&r.Axes[1], q)
	if q.Broken != "" || math.IsInf(x, 0) || math.IsInf(y, 0) {
		return Dot{}, false
	}
	d := Dot{Name: strings.Join(settings(r, q), ", ") + ": " + told(&r.Axes[1], q) + ", " + told(&r.Axes[0], q), Point: Point{x, y}, Ink: Ack, Style: Ring}
	if q.Met {
		d.Ink, d.Style = Data, Spot
	}
	return d, true
}

// own are the two dots to look at, which lie over the others.
func own(r *tune.Report) (all []Dot) {
	if d, ok := dot(r, r.File); ok {
		d.Ink, d.Style = SetUp, Target
		d.Label = append([]string{"as the file has it"}, settings(r, r.File)...)
		all = append(all, d)
	}
	if d, ok := dot(r, r.Chosen); ok {
		d.Ink, d.Style = Request, Target
		d.Label = append([]string{"chosen"}, settings(r, r.Chosen)...)
		if r.Chosen == r.File {
			all, d.Label[0] = nil, "chosen: what the file has"
		}
		all = append(all, d)
	}
	return all
}

// frontLine is the border of what can be had, on to the edges behind which everything is worse.
func frontLine(r *tune.Report, x, y Axis) Line {
	l := Line{Name: "front", Ink: Text, Style: Solid}
	for _, q := range r.Front {
		if x, y := value(&r.Axes[0], q), value(&r.Axes[1], q); !math.IsInf(x, 0) && !math.IsInf(y, 0) {
			l.Points = append(l.Points, Point{x, y})
		}
	}
	if len(l.Points) == 0 {
		return l
	}
	first, last := l.Points[0], l.Points[len(l.Points)-1]
	first.Y, last.X = y.Max, x.Max
	if r.Axes[1].Of().More {
		first.Y = y.Min
	}
	if r.Axes[0].Of().More {
		last.X = x.Min
	}
	l.Points = append(append([]Point{first}, l.Points...), last)
	return l
}

// steep is from which ratio on an axis is logarithmic.
const steep = 25

// scale is an axis that has room for all points and for the goal's limit.
func scale(a *tune.Axis, points []*tune.Point) Axis {
	low, high := math.Inf(1), 0.0
	see := func(v float64) {
		if !math.IsInf(v, 0) {
			low, high = min(low, v), max(high, v)
		}
	}
	for _, p := range points {
		if p.Broken == "" {
			see(value(a, p))
		}
	}
	if a.Bound {
		see(a.Limit)
	}
	m := a.Of()
	out := Axis{Label: words(m.Name) + " (" + m.Doc + ")"}
	out.Unit, out.PerUnit = unitOf(m.Kind, high)
	high = max(high, out.PerUnit*1e-3)
	if low > 0 && high/low > steep {
		out.Log, out.Min, out.Max = true, roundDown(low*.9/out.PerUnit)*out.PerUnit, roundUp(high*1.1/out.PerUnit)*out.PerUnit
		return out
	}
	step := niceStep(high*1.05/out.PerUnit, 8) * out.PerUnit
	out.Max = math.Ceil(high*1.05/step-1e-9) * step
	return out
}

// unitOf is the unit that suits values up to high, and how many base units it has.
func unitOf(k tune.Kind, high float64) (string, float64) {
	switch k {
	case tune.Duration:
		a := TimeAxis("", high)
		return a.Unit, a.PerUnit
	case tune.Memory:
		if high >= 4<<20 {
			return "MiB", 1 << 20
		}
		return "KiB", 1 << 10
	case tune.Amount:
		a := ByteAxis("", high)
		return a.Unit, a.PerUnit
	case tune.Frequency:
		return "/s", 1
	case tune.Share:
		return "%", .01
	}
	return "", 1
}

// roundDown and roundUp go to 1, 2 or 5 times a power of ten.
func roundDown(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{5, 2} {
		if k*power <= v*(1+1e-9) {
			return k * power
		}
	}
	return power
}

func roundUp(v float64) float64 {
	if d := roundDown(v); d >= v*(1-1e-9) {
		return d
	}
	return niceStep(v, 1)
}
