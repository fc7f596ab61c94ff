package conf

import (
	"fmt"
	"strconv"
	"strings"
)

// unit is a word behind a number and what it counts.
type unit struct {
	name  string
	scale int64
}

// longest is the longest duration that is read, in milliseconds: a scenario's own is a thousand hours.
const longest = 1000 * 365 * 24 * 3600 * 1000

// nginxUnits are those of ngx_parse_time, the longer first; a bare number is seconds.
var nginxUnits = []unit{{"ms", 1}, {"y", 365 * 24 * 3600e3}, {"M", 30 * 24 * 3600e3}, {"w", 7 * 24 * 3600e3}, {"d", 24 * 3600e3}, {"h", 3600e3},
	{"m", 60e3}, {"s", 1000}}

// nginxTime reads 75s, 1h30m, 500ms or 65, in milliseconds.
func nginxTime(text string) (int64, error) {
	total, rest := int64(0), text
	for i := 0; rest != "" || i == 0; i++ {
		digits := leadingDigits(rest)
		n, err := strconv.ParseInt(rest[:digits], 10, 32)
		if err != nil {
			return 0, fmt.Errorf("want a time such as 75s, 1h30m or 65, got %q", text)
		}
		rest = strings.TrimLeft(rest[digits:], " ")
		scale := int64(1000)
		for _, u := range nginxUnits {
			if strings.HasPrefix(rest, u.name) {
				scale, rest = u.scale, strings.TrimLeft(rest[len(u.name):], " ")
				break
			}
		}
		if n > longest/scale || total > longest-n*scale {
			return 0, fmt.Errorf("%q is longer than can be simulated", text)
		}
		total += n * scale
		if rest != "" && leadingDigits(rest) == 0 {
			return 0, fmt.Errorf("want a time such as 75s, 1h30m or 65, got %q", text)
		}
	}
	return total, nil
}

func leadingDigits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}

// httpdTime reads a time of Apache httpd, which a bare number counts in seconds (ap_timeout_parameter_parse), in milliseconds.
func httpdTime(text string) (int64, error) {
	digits := leadingDigits(text)
	n, err := strconv.ParseInt(text[:digits], 10, 32)
	scale, known := map[string]int64{"": 1000, "s": 1000, "ms": 1, "mi": 60e3, "min": 60e3, "h": 3600e3}[strings.ToLower(text[digits:])]
	if err != nil || !known {
		return 0, fmt.Errorf("want a time such as 5, 500ms or 2min, got %q", text)
	}
	return n * scale, nil
}

// duration is a time as a scenario has it, in the longest unit that counts it whole.
func duration(ms int64) string {
	switch {
	case ms == 0:
		return "0s"
	case ms%3600e3 == 0:
		return fmt.Sprintf("%dh", ms/3600e3)
	case ms%1000 == 0:
		return fmt.Sprintf("%ds", ms/1000)
	}
	return fmt.Sprintf("%dms", ms)
}

// number reads a whole number of 0 or more.
func number(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("want a whole number of 0 or more, got %q", text)
	}
	return n, nil
}

const somaxconn = 4096 // Linux since 5.4, ip-sysctl: what a program asks for beyond it is not given
