package svg

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// letters are a size in px and the width of a letter as a part of it: a guess that suits the wide ones among interface fonts.
type letters struct{ size, part float64 }

var (
	plain   = letters{12, .62}
	bold    = letters{12, .7}
	heading = letters{15, .66}
)

func width(s string, l letters) float64 {
	thin := strings.Count(s, "\u202F") + strings.Count(s, "\u00A0")
	return (float64(utf8.RuneCountInString(s)) - .5*float64(thin)) * l.size * l.part
}

// wrap breaks s at blanks so that each line fits into most px.
func wrap(s string, most float64, l letters) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(s, " ") {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && width(longer, l) > most {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// shorten keeps the end of s, which tells paths apart, within most px.
func shorten(s string, most float64, l letters) string {
	if width(s, l) <= most {
		return s
	}
	r := []rune(s)
	for len(r) > 1 && width("…"+string(r), l) > most {
		r = r[1:]
	}
	return "…" + string(r)
}

func (p *painter) text(x, y float64, class, s string) {
	p.add(`<text class="%s" x="%s" y="%s">%s</text>`, class, num(x), num(y), escape(s))
}

// num writes v with at most two digits after the point.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// escape makes s fit for XML: markup is written out, and what XML has no character for is left out.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
