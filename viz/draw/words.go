package draw

import (
	"strconv"
	"unicode/utf8"

	"keepalive/sim"
)

// thin separates thousands. The font has no glyph for it: it is an advance and nothing else.
const thin = "\u2009"

// Advances of the Go fonts from ' ' to '~', in thousandths of the font's size.
var advances = [2][95]uint16{
	{278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 584, 584, 316, 584, 316, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
		556, 306, 306, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 399, 496, 667, 556, 833, 722, 778, 667, 778,
		722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 247, 253,
		500, 268, 833, 556, 556, 556, 556, 333, 500, 283, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584},
	{278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 558, 584, 278, 584, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
		556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 453, 556, 722, 611, 833, 722, 778, 667, 778,
		722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 289, 288,
		556, 298, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584},
}

// Advance is how far r moves the pen in the embedded fonts, in thousandths of the font's size.
func Advance(r rune, bold bool) int {
	switch {
	case r >= ' ' && r <= '~' && bold:
		return int(advances[1][r-' '])
	case r >= ' ' && r <= '~':
		return int(advances[0][r-' '])
	case r == '\u2009':
		return 180
	case r == '·':
		return 267
	case r == '…' || r == '—':
		return 1000
	default:
		return 556
	}
}

func measure(line []byte, size float32, bold bool) float32 {
	sum := 0
	for len(line) > 0 {
		r, n := utf8.DecodeRune(line)
		sum += Advance(r, bold)
		line = line[n:]
	}
	return float32(sum) * size / 1000
}

// fitting is how many bytes of line, in whole characters, are at most width wide.
func fitting(line []byte, width, size float32, bold bool) int {
	n := 0
	for n < len(line) {
		r, k := utf8.DecodeRune(line[n:])
		if width -= float32(Advance(r, bold)) * size / 1000; width < 0 {
			break
		}
		n += k
	}
	return n
}

// Count puts an integer, thousands apart.
func (c *Canvas) Count(v int64) *Canvas {
	if v < 0 {
		c.Put("−")
		v = -v
	}
	var digits [20]byte
	s := strconv.AppendInt(digits[:0], v, 10)
	for i, d := range s {
		if left := len(s) - i; i > 0 && left%3 == 0 && len(s) > 3 {
			c.Put(thin)
		}
		c.text = append(c.text, d)
	}
	return c
}

// Plural puts "1 object" or "2 objects".
func (c *Canvas) Plural(n int, noun string) *Canvas {
	c.Count(int64(n)).Put(" ").Put(noun)
	if n != 1 {
		c.Put("s")
	}
	return c
}

// Number puts "connection 3".
func (c *Canvas) Number(noun string, n uint32) *Canvas { return c.Put(noun).Put(" ").Count(int64(n)) }

// Tenths puts v/10 with one decimal, unless it is zero.
func (c *Canvas) Tenths(v int64) *Canvas {
	c.Count(v / 10)
	if v%10 != 0 {
		c.text = append(c.text, '.', byte('0'+v%10))
	}
	return c
}

// Span puts a duration: in ms up to 10 s, then in s; below 1 ms in µs.
func (c *Canvas) Span(t sim.Time) *Canvas {
	switch {
	case t < 0:
		return c.Put("−").Span(-t)
	case t == 0:
		return c.Put("0 ms")
	case t < sim.Millisecond:
		return c.Tenths(int64(t / 100)).Put(" µs")
	case t < 10*sim.Second:
		return c.Tenths(int64((t + 50*sim.Microsecond) / (100 * sim.Microsecond))).Put(" ms")
	default:
		return c.Tenths(int64((t + 50*sim.Millisecond) / (100 * sim.Millisecond))).Put(" s")
	}
}

// Instant puts when something is: in ms however late, so that what is close together can be told apart.
func (c *Canvas) Instant(t sim.Time) *Canvas {
	if t < sim.Millisecond {
		return c.Span(t)
	}
	return c.Tenths(int64((t + 50*sim.Microsecond) / (100 * sim.Microsecond))).Put(" ms")
}

// Rate puts a bandwidth in bit/s; zero is unlimited.
func (c *Canvas) Rate(bits int64) *Canvas {
	if bits == 0 {
		return c.Put("unlimited")
	}
	unit, name := largest(bits, rates[:])
	return c.Tenths(bits * 10 / unit).Put(name)
}

// Bytes puts a size in powers of ten.
func (c *Canvas) Bytes(v int64) *Canvas {
	unit, name := largest(v, sizes[:])
	if unit == 1 || v >= 10*unit {
		return c.Count((v + unit/2) / unit).Put(name)
	}
	return c.Tenths((v*10 + unit/2) / unit).Put(name)
}

type unit struct {
	of   int64
	name string
}

var (
	rates = [...]unit{{1e9, " Gbit/s"}, {1e6, " Mbit/s"}, {1e3, " kbit/s"}, {1, " bit/s"}}
	sizes = [...]unit{{1e9, " GB"}, {1e6, " MB"}, {1e3, " kB"}, {1, " B"}}
)

func largest(v int64, units []unit) (int64, string) {
	for _, u := range units {
		if v >= u.of {
			return u.of, u.name
		}
	}
	last := units[len(units)-1]
	return last.of, last.name
}
