package svg

import (
	"strings"

	"keepalive/viz/figure"
)

// yTicks are the ticks of a panel of lines or dots; the last one carries the unit.
func yTicks(panel *figure.Panel) []figure.Tick {
	if len(panel.Lines) == 0 && len(panel.Dots) == 0 {
		return nil
	}
	ticks := panel.Y.Ticks(5)
	ticks[len(ticks)-1].Label += "\u00A0" + panel.Y.Unit
	return ticks
}

// lines draws a panel of step lines.
func (p *painter) lines(panel *figure.Panel) {
	h := 150.0
	if p.narrow() {
		h = 120
	}
	top, bottom := p.y+4, p.y+4+h
	y := func(v float64) float64 { return bottom - panel.Y.At(v)*h }
	p.gridLines(top, bottom)
	for _, t := range yTicks(panel) {
		p.add(`<path class="grid" d="M%s %sH%s"/>`, num(p.x0), num(y(t.At)), num(p.x1))
		p.text(p.x0-6, y(t.At)+4, "soft end", t.Label)
	}
	for _, filled := range []bool{true, false} { // an area must not dim a line
		for i := range panel.Lines {
			if filled == (panel.Lines[i].Style == figure.Filled) {
				p.line(&panel.Lines[i], panel.Crowded, y)
			}
		}
	}
	for _, b := range panel.Strip {
		p.add(`<rect class="ink-%s" x="%s" y="%s" width="%s" height="5"/>`, b.Ink, num(p.x(b.From)), num(bottom-5), num(max(p.x(b.To)-p.x(b.From), 2)))
	}
	for _, g := range panel.Guide {
		p.add(`<path class="guide" d="M%s %sH%s"/>`, num(p.x0), num(y(g.Y)), num(p.x1))
	}
	for _, m := range panel.Marks {
		p.add(`<circle class="ink-%s" cx="%s" cy="%s" r="4"><title>%s</title></circle>`, m.Ink, num(p.x(m.X)), num(y(m.Y)), escape(m.Name+", "+p.f.X.Write(m.X, 1)))
	}
	p.add(`<path class="base" d="M%s %sH%s"/>`+"\n", num(p.x0), num(bottom), num(p.x1))
	p.cursor(top, bottom)
	p.y = bottom + 6
}

// line draws one quantity as steps, faintly in a crowd.
func (p *painter) line(l *figure.Line, crowded bool, y func(float64) float64) {
	class := ""
	if crowded {
		class = " faint"
	}
	var d strings.Builder
	first, last := l.Points[0], l.Points[len(l.Points)-1]
	d.WriteString("M" + num(p.x(first.X)) + " " + num(y(first.Y)))
	for i := 1; i < len(l.Points); i++ {
		d.WriteString("H" + num(p.x(l.Points[i].X)))
		if l.Points[i].Y != l.Points[i-1].Y {
			d.WriteString("V" + num(y(l.Points[i].Y)))
		}
	}
	if l.Style == figure.Filled {
		p.add(`<path class="tint ink-%s" d="%sH%sV%sH%sz"/>`, l.Ink, d.String(), num(p.x(last.X)), num(y(0)), num(p.x(first.X)))
		if !crowded {
			p.add(`<path class="pen-%s" d="%s"/>`, l.Ink, d.String())
		}
		return
	}
	p.add(`<path class="pen-%s%s" d="%s"/>`, l.Ink, class, d.String())
}
