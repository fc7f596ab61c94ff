package charts

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"keepalive/viz/figure"
)

// addDots draws a panel of outcomes over two axes, with the border of what can be had and the goal's limits.
func addDots(p *plot.Plot, f *figure.Figure, panel *figure.Panel) {
	ticks := panel.Y.Ticks(8)
	p.Y.Tick.Marker = constant(ticks, panel.Y.Unit)
	p.Y.Scale = scaleOf(panel.Y)
	p.Add(&grid{at: ticks}, &cloud{panel, f.X.Label})
	p.Y.Min, p.Y.Max = panel.Y.Min, panel.Y.Max
}

func scaleOf(a figure.Axis) plot.Normalizer {
	if a.Log {
		return plot.LogScale{}
	}
	return plot.LinearScale{}
}

// cloud draws the dots, and what lies over them.
type cloud struct {
	panel *figure.Panel
	name  string // of X
}

// Plot implements plot.Plotter.
func (o *cloud) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	at := func(q figure.Point) vg.Point { return vg.Point{X: x(q.X), Y: y(q.Y)} }
	for i := range o.panel.Dots {
		if d := &o.panel.Dots[i]; d.Style != figure.Target {
			drawDot(c, d, at(d.Point))
		}
	}
	for i := range o.panel.Lines {
		c.StrokeLines(pen(o.panel.Lines[i].Ink, 2), stairs(o.panel.Lines[i].Points, at))
	}
	w := wall{c: c, panel: o.panel, at: at, area: figure.Box{W: float64(c.Max.X - c.Min.X), H: float64(c.Max.Y - c.Min.Y)}}
	w.limits()
	name := letters(14, true, figure.Text)
	name.XAlign = draw.XRight
	c.FillText(name, vg.Point{X: c.Max.X, Y: c.Min.Y - 24}, plain(o.name))
	var places []figure.Point
	for i := range o.panel.Dots {
		d := &o.panel.Dots[i]
		q := w.down(at(d.Point))
		places = append(places, q)
		if d.Style == figure.Target {
			drawDot(c, d, at(d.Point))
			w.taken = append(w.taken, figure.Box{X: q.X - 9, Y: q.Y - 9, W: 18, H: 18})
		}
	}
	for i := len(o.panel.Dots) - 1; i >= 0; i-- { // the last one chooses its place first
		if len(o.panel.Dots[i].Label) > 0 {
			w.label(&o.panel.Dots[i], places[i], places)
		}
	}
}

// stairs goes from point to point level first.
func stairs(points []figure.Point, at func(figure.Point) vg.Point) (out []vg.Point) {
	for i, q := range points {
		if i > 0 {
			out = append(out, at(figure.Point{X: q.X, Y: points[i-1].Y}))
		}
		out = append(out, at(q))
	}
	return out
}

// drawDot draws one outcome.
func drawDot(c draw.Canvas, d *figure.Dot, at vg.Point) {
	glyph := func(radius vg.Length, shape draw.GlyphDrawer) {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: d.Ink.Light(), Radius: radius, Shape: shape}, at)
	}
	switch d.Style {
	case figure.Ring:
		glyph(3.2, draw.RingGlyph{})
	case figure.Target:
		glyph(5, draw.CircleGlyph{})
		glyph(9, draw.RingGlyph{})
	default:
		glyph(3.6, draw.CircleGlyph{})
	}
}

// wall is the area of the dots as a place for texts: y runs down from its top.
type wall struct {
	c     draw.Canvas
	panel *figure.Panel
	at    func(figure.Point) vg.Point
	area  figure.Box
	taken []figure.Box
}

func (w *wall) down(p vg.Point) figure.Point {
	return figure.Point{X: float64(p.X - w.c.Min.X), Y: float64(w.c.Max.Y - p.Y)}
}

func (w *wall) up(p figure.Point) vg.Point {
	return vg.Point{X: w.c.Min.X + vg.Length(p.X), Y: w.c.Max.Y - vg.Length(p.Y)}
}

// write puts lines into a box, the first one bold, on paper of their own.
func (w *wall) write(b figure.Box, lines []string, heading bool) {
	w.c.FillPolygon(figure.Paper.Light(), []vg.Point{w.up(figure.Point{X: b.X - 2, Y: b.Y}), w.up(figure.Point{X: b.X + b.W + 2, Y: b.Y}),
		w.up(figure.Point{X: b.X + b.W + 2, Y: b.Y + b.H}), w.up(figure.Point{X: b.X - 2, Y: b.Y + b.H})})
	for i, l := range lines {
		style := letters(13, heading && i == 0, figure.Text)
		w.c.FillText(style, w.up(figure.Point{X: b.X, Y: b.Y + 1 + 17*float64(i)}), plain(l))
	}
}

// size is how much room lines need.
func size(lines []string, heading bool) (wide, high float64) {
	for i, l := range lines {
		wide = max(wide, float64(letters(13, heading && i == 0, figure.Text).Width(plain(l))))
	}
	return wide, 17*float64(len(lines)) + 2
}

// limits draws the goal's limits with their names.
func (w *wall) limits() {
	style := pen(figure.Error, 1.8)
	style.Dashes = []vg.Length{5, 3}
	var lines []figure.Box
	for _, l := range w.panel.Limits {
		name := []string{l.Name}
		wide, high := size(name, false)
		q := w.down(w.at(figure.Point{X: l.At, Y: l.At}))
		b := figure.Box{X: w.area.W - wide - 6, Y: q.Y - high - 2, W: wide, H: high}
		if b.Y < 0 {
			b.Y = q.Y + 3
		}
		if l.Upright {
			w.c.StrokeLine2(style, w.up(q).X, w.c.Min.Y, w.up(q).X, w.c.Max.Y)
			lines = append(lines, figure.Box{X: q.X - 2, W: 4, H: w.area.H})
			b.X, b.Y = q.X+6, 2
			if b.X+wide > w.area.W {
				b.X = max(q.X-6-wide, 0)
			}
		} else {
			w.c.StrokeLine2(style, w.c.Min.X, w.up(q).Y, w.c.Max.X, w.up(q).Y)
			lines = append(lines, figure.Box{Y: q.Y - 2, W: w.area.W, H: 4})
		}
		for _, o := range w.taken { // two limits that meet in a corner
			if b.X < o.X+o.W && o.X < b.X+b.W && b.Y < o.Y+o.H && o.Y < b.Y+b.H {
				b.Y = o.Y + o.H + 2
			}
		}
		w.write(b, name, false)
		w.taken = append(w.taken, b)
	}
	w.taken = append(w.taken, lines...)
}

// label writes a dot's lines where there is room, with a line to the dot.
func (w *wall) label(d *figure.Dot, at figure.Point, dots []figure.Point) {
	wide, high := size(d.Label, true)
	b := figure.Beside(w.area, at, min(wide, w.area.W), high, dots, w.taken)
	near := b.Near(at)
	w.write(b, d.Label, true)
	w.c.StrokeLine2(pen(figure.Ack, 1), w.up(at).X, w.up(at).Y, w.up(near).X, w.up(near).Y)
	w.taken = append(w.taken, b)
}
