package views

import (
	"keepalive/sim"
	"keepalive/viz/draw"
)

// nice is the least of 1, 2 and 5 times a power of ten that makes at most so many steps of span.
func nice(span int64, most int) int64 {
	least := (span + int64(most) - 1) / int64(max(most, 1))
	for power := int64(1); ; power *= 10 {
		for _, k := range [...]int64{1, 2, 5} {
			if k*power >= least || power > 1e17 {
				return k * power
			}
		}
	}
}

// timeUnit is what the ticks of an axis that is so long are written in.
func timeUnit(end sim.Time) (sim.Time, string) {
	switch {
	case end >= 10*sim.Second:
		return sim.Second, " s"
	case end >= sim.Millisecond:
		return sim.Millisecond, " ms"
	default:
		return sim.Microsecond, " µs"
	}
}

// timeStep is the time between two ticks.
func (p *plot) timeStep() sim.Time {
	return sim.Time(nice(int64(p.end), min(max(int((p.x1-p.x0)/(84*p.u)), 1), 10)))
}

// uprights draws a hairline at each tick of a part of the plot.
func (v *Views) uprights(y, h float32) {
	p := &v.time.plot
	step := p.timeStep()
	for t := sim.Time(0); t <= p.end; t += step {
		v.Rect(p.x(t), y, 1, h, 0, v.Theme.Line)
	}
}

// timeAxis writes the present, and the ticks' numbers where they leave room for the present's.
func (v *Views) timeAxis() {
	p := &v.time.plot
	u, y := p.u, p.y1+13*p.u
	bold := draw.Font{Size: 10.5 * u, Bold: true, Align: draw.Center, Color: v.Theme.On(v.Theme.Accent)}
	w := v.Span(p.at).Width(bold) + 12*u
	x := min(max(p.now, p.left+w/2), v.time.f.X+v.time.f.W-8*u-w/2)
	v.Rect(p.now-u, p.y1-4*u, 2*u, 6*u, 0, v.Theme.Accent)
	v.Rect(x-w/2, y-11*u, w, 16*u, 4*u, v.Theme.Accent)
	v.Write(x, y+u, bold)

	unit, name := timeUnit(p.end)
	font := draw.Font{Size: 10.5 * u, Color: v.Theme.Secondary, Align: draw.Center}
	step := p.timeStep()
	for t := sim.Time(0); t <= p.end; t += step {
		tick := p.x(t)
		v.Tenths(int64(t * 10 / unit)).Put(name)
		half := v.Width(font) / 2
		if tick+half > v.time.f.X+v.time.f.W-4*u || tick-half < x+w/2+4*u && tick+half > x-w/2-4*u {
			v.Drop()
			continue
		}
		v.Write(tick, y+u, font)
	}
}

// scale maps quantities to heights of a panel, from its bottom up.
type scale struct {
	most, step int64 // the top, and between ticks
	y, h       float32
	bytes      bool
}

// newScale ends a little above the most there is to show.
func newScale(most int64, y, h, u float32) scale {
	s := scale{y: y, h: h, most: max(most+most/25, 1)}
	s.step = nice(s.most, min(max(int(h/(26*u)), 1), 5))
	for ticks := 2; s.step > s.most; ticks++ { // 0 alone tells no scale
		s.step = nice(s.most, ticks)
	}
	return s
}

func (s *scale) at(n int64) float32 {
	n = min(max(n, 0), s.most)
	return s.y + s.h - float32(float64(s.h)*float64(n)/float64(s.most))
}

// levels draws the ticks of a scale: a hairline across the plot and a number in the margin. The number at the top leaves
// out what would touch it.
func (v *Views) levels(s *scale) {
	p := &v.time.plot
	u := p.u
	f := draw.Font{Size: 10 * u, Color: v.Theme.Secondary, Align: draw.Right}
	free := float32(1 << 30)
	for n := int64(0); n <= s.most; n += s.step {
		y := s.at(n)
		v.Rect(p.x0, y, p.x1-p.x0, 1, 0, v.Theme.Line)
		if y+3*u+2*u > free {
			continue
		}
		if s.bytes {
			v.Bytes(n)
		} else {
			v.Count(n)
		}
		v.WriteWithin(p.x0-6*u, y+3.5*u, p.x0-6*u-p.left, f)
		free = y + 3.5*u - 8*u
	}
}
