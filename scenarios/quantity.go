package scenarios

import (
	"fmt"
	"math/big"
	"strings"
)

// Unit is a word behind a number and how many of the smallest unit of its kind it is.
type Unit struct {
	Name  string
	Scale int64
}

// Quantity is a kind of number with units. Values are counted in the smallest unit.
type Quantity struct {
	Name    string // "a duration"
	Example string // "100ms"
	Units   []Unit
	alike   map[string]string // words that people write, and what they may mean
}

// The quantities of the vocabulary.
var (
	Durations = Quantity{"a duration", "100ms", []Unit{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}},
		map[string]string{"m": "min (minutes) or ms (milliseconds)", "sec": "s", "µs": "us", "msec": "ms", "d": "h"}}
	Sizes = Quantity{"a size", "10kB", []Unit{{"B", 1}, {"kB", 1e3}, {"MB", 1e6}, {"KiB", 1 << 10}, {"MiB", 1 << 20}},
		map[string]string{"KB": "kB (1000 bytes) or KiB (1024 bytes)", "k": "kB (1000 bytes) or KiB (1024 bytes)", "K": "kB (1000 bytes) or KiB (1024 bytes)",
			"b": "B", "M": "MB (1000000 bytes) or MiB (1048576 bytes)", "mb": "MB (1000000 bytes) or MiB (1048576 bytes)", "GB": "MB", "kb": "kB (1000 bytes) or KiB (1024 bytes)"}}
	Rates = Quantity{"a rate", "10Mbit/s", []Unit{{"bit/s", 1}, {"kbit/s", 1e3}, {"Mbit/s", 1e6}, {"Gbit/s", 1e9}},
		map[string]string{"Mbps": "Mbit/s", "mbps": "Mbit/s", "kbps": "kbit/s", "Kbps": "kbit/s", "Gbps": "Gbit/s", "Mb/s": "Mbit/s", "MB/s": "Mbit/s (eight times as many)",
			"Mbit": "Mbit/s", "kbit": "kbit/s", "M": "Mbit/s", "bps": "bit/s"}}
	Frequencies = Quantity{"a frequency", "50/s", []Unit{{"/s", 3600}, {"/min", 60}}, map[string]string{"/h": "/min", "rps": "/s", "Hz": "/s"}}
	Shares      = Quantity{"a share", "1%", []Unit{{"%", 1e7}}, nil}
	Counts      = Quantity{"a whole number", "4", []Unit{{"", 1}}, nil}
	Packets     = Quantity{"a number of packets", "100 packets", []Unit{{"packets", 1}, {"packet", 1}}, nil}
)

// Parse reads a number with one of q's units; a bare 0 is fine. The error says what was wanted and what was found.
func (q *Quantity) Parse(text string) (int64, error) {
	digits, unit := split(text)
	n, ok := decimal(digits)
	if !ok {
		return 0, fmt.Errorf("want %s such as %s, got %q", q.Name, q.Example, text)
	}
	if n.Sign() < 0 {
		return 0, fmt.Errorf("want %s of 0 or more, got %q", q.Name, text)
	}
	if n.Sign() == 0 && unit == "" {
		return 0, nil
	}
	for _, u := range q.Units {
		if u.Name == unit {
			return q.whole(n.Mul(n, new(big.Rat).SetInt64(u.Scale)), text)
		}
	}
	if unit == "" {
		return 0, fmt.Errorf("want a unit behind %s (%s), as in %s", digits, q.unitNames(), q.Example)
	}
	if meant := q.alike[unit]; meant != "" {
		return 0, fmt.Errorf("there is no unit %q: did you mean %s?", unit, meant)
	}
	return 0, fmt.Errorf("want %s such as %s, got %q: the units are %s", q.Name, q.Example, text, q.unitNames())
}

// whole is n, which must be a whole number of the smallest unit and fit.
func (q *Quantity) whole(n *big.Rat, text string) (int64, error) {
	if !n.IsInt() {
		return 0, fmt.Errorf("want a whole number of %s, got %q", q.smallest(), text)
	}
	if !n.Num().IsInt64() || n.Num().Int64() > 1<<62 {
		return 0, fmt.Errorf("%q is more than can be simulated", text)
	}
	return n.Num().Int64(), nil
}

func (q *Quantity) smallest() string {
	switch q.Units[0].Name {
	case "%":
		return "ten millionths of a percent"
	case "/s":
		return "events per hour"
	}
	return q.Units[0].Name
}

func (q *Quantity) unitNames() string {
	names := make([]string, len(q.Units))
	for i, u := range q.Units {
		names[i] = u.Name
	}
	return strings.Join(names, ", ")
}

// split parts a number from the unit behind it.
func split(text string) (digits, unit string) {
	text = strings.TrimSpace(text)
	end := 0
	for end < len(text) && strings.IndexByte("+-.0123456789", text[end]) >= 0 {
		end++
	}
	return text[:end], strings.TrimSpace(text[end:])
}

// decimal reads digits with at most one point and a sign, exactly. What else big.Rat reads (4/2, 0x10, 1e9) is no number here.
func decimal(digits string) (*big.Rat, bool) {
	if len(digits) > 40 || strings.Trim(digits, "+-.0123456789") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(digits)
}

// count reads a plain whole number.
func count(text string) (int64, error) {
	n, ok := decimal(strings.TrimSpace(text))
	if !ok || !n.IsInt() || !n.Num().IsInt64() {
		return 0, fmt.Errorf("want a whole number, got %q", text)
	}
	return n.Num().Int64(), nil
}
