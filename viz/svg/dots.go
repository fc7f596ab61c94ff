package svg

import (
	"keepalive/viz/figure"
)

// dots draws a panel of outcomes over two axes, with the border of what can be had and the goal's limits.
func (p *painter) dots(panel *figure.Panel) {
	h := 300.0
	if p.narrow() {
		h = 240
	}
	area := figure.Box{X: p.x0, Y: p.y + 4, W: p.x1 - p.x0, H: h}
	at := func(q figure.Point) figure.Point {
		return figure.Point{X: p.x(q.X), Y: area.Y + h - panel.Y.At(q.Y)*h}
	}
	p.gridLines(area.Y, area.Y+h)
	for _, t := range yTicks(panel) {
		y := at(figure.Point{X: p.f.X.Min, Y: t.At}).Y
		p.add(`<path class="grid" d="M%s %sH%s"/>`, num(p.x0), num(y), num(p.x1))
		p.text(p.x0-6, y+4, "soft end", t.Label)
	}
	var places []figure.Point
	for i := range panel.Dots {
		d := &panel.Dots[i]
		places = append(places, at(d.Point))
		if d.Style != figure.Target {
			p.dot(d, places[i])
		}
	}
	for i := range panel.Lines {
		if len(panel.Lines[i].Points) > 0 {
			p.line(&panel.Lines[i], false, func(v float64) float64 { return at(figure.Point{X: p.f.X.Min, Y: v}).Y })
		}
	}
	taken := p.limits(panel, area, at)
	for i := range panel.Dots {
		if d := &panel.Dots[i]; d.Style == figure.Target {
			p.dot(d, places[i])
			taken = append(taken, figure.Box{X: places[i].X - 8, Y: places[i].Y - 8, W: 16, H: 16})
		}
	}
	for i := len(panel.Dots) - 1; i >= 0; i-- { // the last one chooses its place first
		if len(panel.Dots[i].Label) > 0 {
			taken = append(taken, p.beside(&panel.Dots[i], area, places[i], places, taken))
		}
	}
	p.add(`<path class="base" d="M%s %sH%s"/>`+"\n", num(p.x0), num(area.Y+h), num(p.x1))
	p.y = area.Y + h + 6
}

// dot draws one outcome, and says what it is to those who point at it.
func (p *painter) dot(d *figure.Dot, at figure.Point) {
	switch d.Style {
	case figure.Ring:
		p.add(`<circle class="pen-%s" style="stroke-width:1" cx="%s" cy="%s" r="3"><title>%s</title></circle>`, d.Ink, num(at.X), num(at.Y), escape(d.Name))
	case figure.Target:
		p.add(`<circle class="ink-%s" cx="%s" cy="%s" r="4.5"/><circle class="pen-%[1]s" cx="%[2]s" cy="%[3]s" r="8"><title>%[4]s</title></circle>`,
			d.Ink, num(at.X), num(at.Y), escape(d.Name))
	default:
		p.add(`<circle class="ink-%s" cx="%s" cy="%s" r="3"><title>%s</title></circle>`, d.Ink, num(at.X), num(at.Y), escape(d.Name))
	}
}

// limits draws the goal's limits with their names, and says where those stand.
func (p *painter) limits(panel *figure.Panel, area figure.Box, at func(figure.Point) figure.Point) (taken []figure.Box) {
	var lines []figure.Box
	for _, l := range panel.Limits {
		w := width(l.Name, plain)
		q := at(figure.Point{X: l.At, Y: l.At})
		b := figure.Box{X: area.X + area.W - w - 4, Y: q.Y - 17, W: w, H: 14}
		if b.Y < area.Y {
			b.Y = q.Y + 3
		}
		if l.Upright {
			p.add(`<path class="pen-error dashes" d="M%s %sV%s"/>`, num(q.X), num(area.Y), num(area.Y+area.H))
			lines = append(lines, figure.Box{X: q.X - 2, Y: area.Y, W: 4, H: area.H})
			b.X, b.Y = q.X+6, area.Y+2
			if b.X+w > area.X+area.W {
				b.X = max(q.X-6-w, area.X)
			}
		} else {
			p.add(`<path class="pen-error dashes" d="M%s %sH%s"/>`, num(area.X), num(q.Y), num(area.X+area.W))
			lines = append(lines, figure.Box{X: area.X, Y: q.Y - 2, W: area.W, H: 4})
		}
		for _, o := range taken { // two limits that meet in a corner
			if b.X < o.X+o.W && o.X < b.X+b.W && b.Y < o.Y+o.H && o.Y < b.Y+b.H {
				b.Y = o.Y + o.H + 2
			}
		}
		p.text(b.X, b.Y+11, "soft over", l.Name)
		taken = append(taken, b)
	}
	return append(taken, lines...)
}

// beside writes a dot's label where there is room, with a line to the dot.
func (p *painter) beside(d *figure.Dot, area figure.Box, at figure.Point, dots []figure.Point, taken []figure.Box) figure.Box {
	w := 0.0
	for _, l := range d.Label {
		w = max(w, width(l, bold))
	}
	b := figure.Beside(area, at, min(w, area.W), 15*float64(len(d.Label))+2, dots, taken)
	near := b.Near(at)
	p.add(`<path class="base" d="M%s %sL%s %s"/>`, num(at.X), num(at.Y), num(near.X), num(near.Y))
	for i, l := range d.Label {
		class := "soft over"
		if i == 0 {
			class = "name over"
		}
		p.text(b.X, b.Y+12+15*float64(i), class, l)
	}
	return b
}
