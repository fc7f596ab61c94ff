package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// Time is virtual time, or a span of it, in nanoseconds since the run began.
type Time int64

// Spans of virtual time.
const (
	Nanosecond  Time = 1
	Microsecond      = 1000 * Nanosecond
	Millisecond      = 1000 * Microsecond
	Second           = 1000 * Millisecond
	Minute           = 60 * Second
	Hour             = 60 * Minute
)

// Never is later than any event: the deadline of a timer that is not set.
const Never Time = 1<<63 - 1

// Milliseconds writes t as an exact decimal number of milliseconds, such as "1234.567891".
func (t Time) Milliseconds() string {
	sign, v := "", uint64(t)
	if t < 0 {
		sign, v = "-", uint64(-t)
	}
	whole, rest := v/uint64(Millisecond), v%uint64(Millisecond)
	if rest == 0 {
		return sign + strconv.FormatUint(whole, 10)
	}
	return sign + strconv.FormatUint(whole, 10) + "." + strings.TrimRight(fmt.Sprintf("%06d", rest), "0")
}

// String is Milliseconds with its unit.
func (t Time) String() string {
	if t == Never {
		return "never"
	}
	return t.Milliseconds() + "ms"
}
