package views

import (
	"image/color"

	"keepalive/sim"
)

// columns are how a panel is cut for lines: a column is about as wide as a line is thick.
type columns struct {
	n     int
	width float32
	end   sim.Time
}

func (p *plot) columns() columns {
	n := max(int((p.x1-p.x0)/(2*p.u)), 1)
	return columns{n, (p.x1 - p.x0) / float32(n), p.end}
}

// of is the column of a time; what lies beyond the end lies in the last one.
func (c columns) of(t sim.Time) int {
	return min(int(float64(min(max(t, 0), c.end))/float64(c.end)*float64(c.n)), c.n-1)
}

// column is what a quantity does in one column.
type column struct{ low, high int64 }

// series is a quantity that keeps its value until the next one, by column.
type series struct {
	first int
	cols  []column
	last  int64
}

func (s *series) reset() { s.first, s.cols, s.last = 0, s.cols[:0], 0 }

// set gives the quantity a value from a column on, which is not before the last one.
func (s *series) set(col int, value int64) {
	if len(s.cols) == 0 {
		s.first = col
		s.cols = append(s.cols, column{value, value})
		s.last = value
		return
	}
	s.keep(col)
	c := &s.cols[len(s.cols)-1]
	c.low, c.high, s.last = min(c.low, value), max(c.high, value), value
}

// keep keeps the last value up to a column.
func (s *series) keep(col int) {
	for len(s.cols) > 0 && s.first+len(s.cols) <= col {
		s.cols = append(s.cols, column{s.last, s.last})
	}
}

// high is the largest value.
func (s *series) high() (most int64) {
	for i := range s.cols {
		most = max(most, s.cols[i].high)
	}
	return most
}

// pen draws a series.
type pen struct {
	scale *scale
	cols  columns
	color color.NRGBA
	thick float32
}

// stretches calls visit with each stretch of columns of which lowest and highest lie at about the same places. What lies
// beyond the scale is left out.
func (v *Views) stretches(s *series, p pen, visit func(x0, x1, top, bottom float32)) {
	x := v.time.plot.x0
	for i := 0; i < len(s.cols); {
		top, bottom := p.scale.at(s.cols[i].high), p.scale.at(s.cols[i].low)
		k := i + 1
		for k < len(s.cols) && near(p.scale.at(s.cols[k].high), top) && near(p.scale.at(s.cols[k].low), bottom) {
			k++
		}
		x0, x1 := x+float32(s.first+i)*p.cols.width, x+float32(s.first+k)*p.cols.width
		if s.cols[i].low <= p.scale.most {
			visit(x0, x1, top, bottom)
		}
		i = k
	}
}

func near(a, b float32) bool { return a-b < 0.4 && b-a < 0.4 }

// steps draws a series as a line.
func (v *Views) steps(s *series, p pen) {
	half := p.thick / 2
	v.stretches(s, p, func(x0, x1, top, bottom float32) {
		v.Rect(x0, top-half, x1-x0, bottom-top+p.thick, 0, p.color)
	})
}

// dashes draws a series as a line of dashes.
func (v *Views) dashes(s *series, p pen) {
	half, u := p.thick/2, v.time.plot.u
	v.stretches(s, p, func(x0, x1, top, bottom float32) {
		if bottom-top > p.thick {
			v.Rect(x0, top-half, x1-x0, bottom-top+p.thick, 0, p.color)
			return
		}
		v.pieces(bar{x0: x0, x1: x1, y: (top + bottom) / 2}, 6*u, 4*u, p.thick, p.color)
	})
}

// fill draws the area below a series.
func (v *Views) fill(s *series, p pen) {
	base := p.scale.y + p.scale.h
	v.stretches(s, p, func(x0, x1, top, _ float32) {
		if base-top > 0.5 {
			v.Rect(x0, top, x1-x0, base-top, 0, p.color)
		}
	})
}

// stripes draws every fourth column of the area between two series, which begin together, and the first one of each part.
func (v *Views) stripes(above, below *series, p pen) {
	began := false
	for i := range min(len(above.cols), len(below.cols)) {
		k, top, bottom := above.first+i, p.scale.at(above.cols[i].high), p.scale.at(below.cols[i].high)
		is := bottom-top > 0.5
		if is && (k%4 == 0 || !began) {
			v.Rect(v.time.plot.x0+float32(k)*p.cols.width, top, p.cols.width, bottom-top, 0, p.color)
		}
		began = is
	}
}

// between draws the area between two series, which begin together.
func (v *Views) between(above, below *series, p pen) {
	v.gaps(above, below, p, func(x0, x1, top, bottom float32) { v.Rect(x0, top, x1-x0, bottom-top, 0, p.color) })
}

// ruled draws level lines between two series, which begin together.
func (v *Views) ruled(above, below *series, p pen) {
	step := 2.5 * p.thick
	v.gaps(above, below, p, func(x0, x1, top, bottom float32) {
		for y := bottom - p.thick; y >= top; y -= step {
			v.Rect(x0, y, x1-x0, p.thick, 0, p.color)
		}
	})
}

// edge draws the upper edge of the area between two series, which begin together.
func (v *Views) edge(above, below *series, p pen) {
	v.gaps(above, below, p, func(x0, x1, top, _ float32) { v.Rect(x0, top-p.thick/2, x1-x0, p.thick, 0, p.color) })
}

// gaps calls visit with each stretch of columns in which the area between two series is about as high.
func (v *Views) gaps(above, below *series, p pen, visit func(x0, x1, top, bottom float32)) {
	x, n := v.time.plot.x0, min(len(above.cols), len(below.cols))
	for i := 0; i < n; {
		top, bottom := p.scale.at(above.cols[i].high), p.scale.at(below.cols[i].high)
		k := i + 1
		for k < n && near(p.scale.at(above.cols[k].high), top) && near(p.scale.at(below.cols[k].high), bottom) {
			k++
		}
		if bottom-top > 0.5 {
			visit(x+float32(above.first+i)*p.cols.width, x+float32(above.first+k)*p.cols.width, top, bottom)
		}
		i = k
	}
}
