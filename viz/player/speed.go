package player

import (
	"math"
	"strconv"

	"keepalive/sim"
)

// notch is the next value of 1, 2, 5 times a power of ten beyond v.
func notch(v sim.Time, dir int) sim.Time {
	last := sim.Time(1)
	for ten := sim.Time(1); ten <= Fastest; ten *= 10 {
		for _, k := range [...]sim.Time{1, 2, 5} {
			switch n := k * ten; {
			case dir > 0 && n > v:
				return n
			case dir < 0 && n >= v:
				return last
			default:
				last = n
			}
		}
	}
	return last
}

// SpeedAt maps a slider's place between 0 and 1 to a speed, on a logarithmic scale; SliderAt is its inverse.
func SpeedAt(part float64) sim.Time {
	part = min(max(part, 0), 1)
	return sim.Time(math.Round(float64(Slowest) * math.Pow(float64(Fastest)/float64(Slowest), part)))
}

// SliderAt is the place of a speed on the slider.
func SliderAt(v sim.Time) float64 {
	return math.Log(float64(v)/float64(Slowest)) / math.Log(float64(Fastest)/float64(Slowest))
}

// SpeedText writes a speed as "1 s shows 20 ms".
func SpeedText(v sim.Time) string {
	switch {
	case v >= 10*sim.Second || v >= sim.Second && v%sim.Second == 0:
		return "1 s shows " + rounded(v, sim.Second) + " s"
	case v >= sim.Millisecond:
		return "1 s shows " + rounded(v, sim.Millisecond) + " ms"
	default:
		return "1 s shows " + rounded(v, sim.Microsecond) + " µs"
	}
}

// PaceText compares a speed with real time: "5 times slower".
func PaceText(v sim.Time) string {
	switch {
	case v < sim.Second:
		return times(sim.Second, v) + " times slower"
	case v > sim.Second:
		return times(v, sim.Second) + " times faster"
	default:
		return "real time"
	}
}

// times is a/b, with a decimal below ten.
func times(a, b sim.Time) string { return rounded(a, max(b, 1)) }

// rounded is v in the given unit, with one decimal if it is below ten units and not whole.
func rounded(v, unit sim.Time) string {
	if tenths := (v*10 + unit/2) / unit; tenths < 100 && tenths%10 != 0 {
		return (tenths * sim.Millisecond / 10).Milliseconds()
	}
	digits := strconv.FormatInt(int64((v+unit/2)/unit), 10)
	for n := len(digits) - 3; n > 0; n -= 3 {
		digits = digits[:n] + "\u2009" + digits[n:]
	}
	return digits
}
