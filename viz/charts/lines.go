package charts

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"keepalive/viz/figure"
)

// addLines draws a panel of step lines.
func addLines(p *plot.Plot, panel *figure.Panel) {
	ticks := panel.Y.Ticks(5)
	p.Y.Tick.Marker = constant(ticks, panel.Y.Unit)
	p.Add(&grid{at: ticks})
	for _, filled := range []bool{true, false} { // an area must not hide a line
		for _, l := range panel.Lines {
			if filled == (l.Style == figure.Filled) {
				p.Add(line(&l, panel.Crowded))
			}
		}
	}
	p.Add(&overlay{panel: panel})
	p.Y.Min, p.Y.Max = panel.Y.Min, panel.Y.Max
}

// line is one quantity as steps, thin in a crowd.
func line(l *figure.Line, crowded bool) *plotter.Line {
	points := make(plotter.XYs, len(l.Points))
	for i, q := range l.Points {
		points[i] = plotter.XY{X: q.X, Y: q.Y}
	}
	s := &plotter.Line{XYs: points, StepStyle: plotter.PostStep, LineStyle: pen(l.Ink, 2)}
	if l.Style == figure.Filled {
		s.FillColor, s.Width = faded(l.Ink), vg.Points(1)
	}
	if crowded {
		s.Width = vg.Points(1) // two dots of a PNG
	}
	return s
}

// overlay draws what lies over the lines: openings along the bottom, levels, marks.
type overlay struct{ panel *figure.Panel }

// Plot implements plot.Plotter.
func (o *overlay) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, b := range o.panel.Strip {
		fill(c, vg.Rectangle{Min: vg.Point{X: x(b.From), Y: c.Min.Y}, Max: vg.Point{X: max(x(b.To), x(b.From)+1), Y: c.Min.Y + 5}}, b.Ink, figure.Solid)
	}
	for _, g := range o.panel.Guide {
		style := pen(figure.Ack, 1.5)
		style.Dashes = []vg.Length{1.5, 3}
		c.StrokeLine2(style, c.Min.X, y(g.Y), c.Max.X, y(g.Y))
	}
	for _, m := range o.panel.Marks {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: m.Ink.Light(), Radius: 4, Shape: draw.CircleGlyph{}}, vg.Point{X: x(m.X), Y: y(m.Y)})
	}
}
