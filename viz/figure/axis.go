package figure

import (
	"math"
	"strconv"
	"strings"
)

// Axis is a direction of a plot. Min and Max are in base units: nanoseconds, bytes.
type Axis struct {
	Label    string
	Unit     string  // that the ticks are written in
	PerUnit  float64 // base units in one Unit
	Min, Max float64
	Log      bool // Min must be above 0
}

// Tick is a place on an axis with its number, in units.
type Tick struct {
	At    float64
	Label string
}

// TimeAxis runs from 0 to end nanoseconds.
func TimeAxis(label string, end float64) Axis {
	end = max(end, 1)
	a := Axis{Label: label, Max: end, Unit: "ms", PerUnit: 1e6}
	switch {
	case end >= 10e9:
		a.Unit, a.PerUnit = "s", 1e9
	case end < 1e6:
		a.Unit, a.PerUnit = "µs", 1e3
	}
	return a
}

// ByteAxis runs from 0 to at least most bytes, and ends at a round number.
func ByteAxis(label string, most float64) Axis {
	most = max(most, 1)
	a := Axis{Label: label, Unit: "kB", PerUnit: 1e3}
	switch {
	case most >= 10e6:
		a.Unit, a.PerUnit = "MB", 1e6
	case most < 1e3:
		a.Unit, a.PerUnit = "B", 1
	}
	step := niceStep(most, 5)
	a.Max = math.Ceil(most/step-1e-9) * step
	return a
}

// At is where v lies on the axis: 0 at Min, 1 at Max.
func (a Axis) At(v float64) float64 {
	if a.Log {
		return math.Log(v/a.Min) / math.Log(a.Max/a.Min)
	}
	return (v - a.Min) / (a.Max - a.Min)
}

// Ticks are at most so many round places: 1, 2 or 5 times a power of ten apart, or, on a logarithmic axis, those
// numbers themselves.
func (a Axis) Ticks(most int) []Tick {
	if a.Log {
		return a.logTicks(most)
	}
	span := (a.Max - a.Min) / a.PerUnit
	step := niceStep(span, most)
	if step > span { // one tick tells no scale
		step = niceStep(span*.4, 1)
	}
	digits := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	var ticks []Tick
	for k := math.Ceil(a.Min/a.PerUnit/step - 1e-9); k*step <= a.Max/a.PerUnit*(1+1e-12); k++ {
		ticks = append(ticks, Tick{k * step * a.PerUnit, number(k*step, digits)})
	}
	return ticks
}

// logTicks takes 1, 2 and 5 of each decade if there is room, and the decades alone, or each second one, if not.
func (a Axis) logTicks(most int) []Tick {
	for _, choice := range [][]float64{{1, 2, 5}, {1}} {
		for every := 1; every < 20; every++ {
			var ticks []Tick
			for d := int(math.Floor(math.Log10(a.Min / a.PerUnit))); math.Pow10(d)*a.PerUnit <= a.Max; d++ {
				for _, c := range choice {
					v := c * math.Pow10(d)
					if d%every == 0 && v*a.PerUnit >= a.Min*(1-1e-12) && v*a.PerUnit <= a.Max*(1+1e-12) {
						ticks = append(ticks, Tick{v * a.PerUnit, number(v, max(0, -d))})
					}
				}
			}
			if len(ticks) <= most {
				return ticks
			}
			if len(choice) > 1 {
				break
			}
		}
	}
	return nil
}

// niceStep is the least of 1, 2 and 5 times a power of ten that makes at most so many steps from 0 to span.
func niceStep(span float64, most int) float64 {
	raw := span / float64(max(most, 1))
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, k := range []float64{1, 2, 5} {
		if k*power >= raw*(1-1e-9) {
			return k * power
		}
	}
	return 10 * power
}

// Write is v, in base units, in the axis's unit and with it, rounded to so many digits after the point.
func (a Axis) Write(v float64, digits int) string {
	return number(v/a.PerUnit, digits) + "\u00A0" + a.Unit
}

// number sets thousands apart by a thin space at which no line breaks.
func number(v float64, digits int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	whole, part, has := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u202F" + whole[i:]
	}
	if has {
		whole += "." + part
	}
	if v < 0 {
		whole = "-" + whole
	}
	return whole
}
