package scene

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

// count puts an integer, thousands apart.
func (c *canvas) count(v int64) *canvas {
	if v < 0 {
		c.put("−")
		v = -v
	}
	var digits [20]byte
	s := strconv.AppendInt(digits[:0], v, 10)
	for i, d := range s {
		if left := len(s) - i; i > 0 && left%3 == 0 && len(s) > 3 {
			c.put(thin)
		}
		c.text = append(c.text, d)
	}
	return c
}

// plural puts "1 object" or "2 objects".
func (c *canvas) plural(n int, noun string) *canvas {
	c.count(int64(n)).put(" ").put(noun)
	if n != 1 {
		c.put("s")
	}
	return c
}

// tenths puts v/10 with one decimal, unless it is zero.
func (c *canvas) tenths(v int64) *canvas {
	c.count(v / 10)
	if v%10 != 0 {
		c.text = append(c.text, '.', byte('0'+v%10))
	}
	return c
}

// span puts a duration: in ms up to 10 s, then in s; below 1 ms in µs.
func (c *canvas) span(t sim.Time) *canvas {
	switch {
	case t < 0:
		return c.put("−").span(-t)
	case t == 0:
		return c.put("0 ms")
	case t < sim.Millisecond:
		return c.tenths(int64(t / 100)).put(" µs")
	case t < 10*sim.Second:
		return c.tenths(int64((t + 50*sim.Microsecond) / (100 * sim.Microsecond))).put(" ms")
	default:
		return c.tenths(int64((t + 50*sim.Millisecond) / (100 * sim.Millisecond))).put(" s")
	}
}

// rate puts a bandwidth in bit/s; zero is unlimited.
func (c *canvas) rate(bits int64) *canvas {
	if bits == 0 {
		return c.put("unlimited")
	}
	unit, name := largest(bits, rates[:])
	return c.tenths(bits * 10 / unit).put(name)
}

// bytes puts a size in powers of ten.
func (c *canvas) bytes(v int64) *canvas {
	unit, name := largest(v, sizes[:])
	if unit == 1 || v >= 10*unit {
		return c.count((v + unit/2) / unit).put(name)
	}
	return c.tenths((v*10 + unit/2) / unit).put(name)
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
