package charts

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"keepalive/viz/figure"
)

// addRows draws rows of bars, each of height h, the first at the top, named along the Y axis.
func addRows(p *plot.Plot, panel *figure.Panel, h vg.Length) {
	n := len(panel.Rows)
	p.Y.Min, p.Y.Max = 0, float64(max(n, 1))
	var names plot.ConstantTicks
	step := labelStep(panel, h)
	for i, r := range panel.Rows {
		number, err := strconv.Atoi(r.Label)
		if i > 0 && err == nil && number%step != 0 {
			continue
		}
		label := r.Label
		if r.Detail != "" && step == 1 {
			label += "  " + last(r.Detail, 24)
		}
		names = append(names, plot.Tick{Value: float64(n-i) - .5, Label: plain(label)})
	}
	p.Y.Tick.Marker = names
	if labelled(panel) {
		p.Y.Tick.Label.Font, p.Y.Tick.Label.Color = face(15, true), figure.Text.Light()
	}
	p.Add(&bars{panel: panel, stacked: labelled(panel)})
}

// labelLine is the room that a row's name needs.
const labelLine = vg.Length(13)

// labelStep is how far apart the numbers of labelled rows are, so that no two names touch.
func labelStep(panel *figure.Panel, h vg.Length) int {
	if len(panel.Rows) == 0 || labelled(panel) {
		return 1
	}
	last, _ := strconv.Atoi(panel.Rows[len(panel.Rows)-1].Label)
	each := h * vg.Length(len(panel.Rows)) / vg.Length(max(last, 1)) // from one number to the next
	for power := 1; ; power *= 10 {
		for _, k := range []int{1, 2, 5} {
			if vg.Length(k*power)*each >= labelLine {
				return k * power
			}
		}
	}
}

// last keeps the end of a path, which tells paths apart.
func last(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return "…" + string(r[len(r)-most+1:])
}

// bars paints the rows of a panel.
type bars struct {
	panel   *figure.Panel
	stacked bool // thick bars with labels: totals
}

// Plot implements plot.Plotter.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	n := len(b.panel.Rows)
	for i := range b.panel.Rows {
		row := &b.panel.Rows[i]
		r := vg.Rectangle{Min: vg.Point{Y: y(float64(n - i - 1))}, Max: vg.Point{Y: y(float64(n - i))}}
		h := r.Max.Y - r.Min.Y
		r.Min.Y, r.Max.Y = r.Min.Y+h*.1, r.Max.Y-h*.1
		if b.stacked {
			r.Min.Y, r.Max.Y = r.Min.Y+h*.2, r.Max.Y-h*.2
		}
		for k := range row.Bars {
			bar := &row.Bars[k]
			r.Min.X, r.Max.X = x(bar.From), x(bar.To)
			if !b.stacked {
				r.Max.X = max(r.Max.X, r.Min.X+.75)
			}
			paint(c, r, bar)
		}
		if b.stacked {
			b.names(c, r, row, x)
		}
		b.end(c, r, row, x)
	}
}

// GlyphBoxes implements plot.GlyphBoxer: the total after the longest bar needs room.
func (b *bars) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	var all []plot.GlyphBox
	for i, row := range b.panel.Rows {
		if row.End.Text == "" || len(row.Bars) == 0 {
			continue
		}
		w := letters(15, true, figure.Text).Width(plain(row.End.Text)) + 12
		all = append(all, plot.GlyphBox{X: p.X.Norm(row.Bars[len(row.Bars)-1].To), Y: (float64(len(b.panel.Rows)-i) - .5) / float64(len(b.panel.Rows)),
			Rectangle: vg.Rectangle{Min: vg.Point{Y: -2}, Max: vg.Point{X: w, Y: 2}}})
	}
	return all
}

// names writes the larger parts' names below a stacked bar.
func (b *bars) names(c draw.Canvas, r vg.Rectangle, row *figure.Row, x func(float64) vg.Length) {
	style := letters(13, false, figure.Soft)
	for _, bar := range row.Bars {
		room := x(bar.To) - x(bar.From) - 6
		for _, text := range []string{bar.Label, bar.Name} {
			if style.Width(plain(text)) <= room {
				c.FillText(style, vg.Point{X: x(bar.From), Y: r.Min.Y - 5}, plain(text))
				break
			}
		}
	}
}

// end writes the total after a bar, or how a request failed.
func (b *bars) end(c draw.Canvas, r vg.Rectangle, row *figure.Row, x func(float64) vg.Length) {
	if row.End.Text == "" || len(row.Bars) == 0 {
		return
	}
	at := vg.Point{X: x(row.Bars[len(row.Bars)-1].To) + 7, Y: (r.Min.Y + r.Max.Y) / 2}
	size := 15.0
	if !b.stacked {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: row.End.Ink.Light(), Radius: min(4, (r.Max.Y-r.Min.Y)/2), Shape: draw.CrossGlyph{}}, at)
		if r.Max.Y-r.Min.Y < 9 {
			return
		}
		at.X += 8
		size = 12
	}
	style := letters(size, true, figure.Text)
	style.YAlign = draw.YCenter
	c.FillText(style, at, plain(row.End.Text))
}

// paint draws one bar into r: work thick, setting up thin, idling as a dashed line.
func paint(c draw.Canvas, r vg.Rectangle, b *figure.Bar) {
	h := r.Max.Y - r.Min.Y
	switch {
	case b.Style == figure.Dashed && b.Label != "":
		style := pen(b.Ink, 1.5)
		style.Dashes = []vg.Length{5, 3}
		c.StrokeLines(style, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min})
		return
	case b.Style == figure.Dashed:
		style := pen(b.Ink, min(1.5, h.Points()/3))
		if h > 8 {
			style.Dashes = []vg.Length{5, 3}
		}
		c.StrokeLine2(style, r.Min.X, (r.Min.Y+r.Max.Y)/2, r.Max.X, (r.Min.Y+r.Max.Y)/2)
		return
	case b.Label == "" && (b.Style == figure.Thin || b.Style == figure.Dotted):
		r.Min.Y, r.Max.Y = r.Min.Y+h*.22, r.Max.Y-h*.22
	}
	fill(c, r, b.Ink, b.Style)
}

// fill paints an area in one colour, or in slanting lines or dots on a tint of it.
func fill(c draw.Canvas, r vg.Rectangle, ink figure.Ink, style figure.Style) {
	if style != figure.Hatched && style != figure.Dotted {
		c.SetColor(ink.Light())
		c.Fill(r.Path())
		return
	}
	tint(c, r, ink)
	inner := draw.Canvas{Canvas: c.Canvas, Rectangle: r}
	if style == figure.Dotted {
		line := draw.LineStyle{Color: ink.Light(), Width: 2.2, Dashes: []vg.Length{2.2, 2.8}}
		for y := r.Min.Y + 2.5; y < r.Max.Y; y += 5 {
			inner.StrokeLine2(line, r.Min.X, y, r.Max.X, y)
		}
		return
	}
	h := r.Max.Y - r.Min.Y
	first := vg.Length(math.Floor(float64((r.Min.X-h)/6))) * 6
	for x := first; x < r.Max.X; x += 6 {
		inner.StrokeLines(draw.LineStyle{Color: ink.Light(), Width: 2}, inner.ClipLinesXY([]vg.Point{{X: x, Y: r.Min.Y}, {X: x + h, Y: r.Max.Y}})...)
	}
}

func tint(c draw.Canvas, r vg.Rectangle, ink figure.Ink) {
	c.SetColor(faded(ink))
	c.Fill(r.Path())
}

// faded is the ink at 28 %, mixed with white paper: gonum/plot's PDF canvas spoils colours that one sees through.
func faded(i figure.Ink) color.RGBA {
	full := i.Light()
	mix := func(v uint8) uint8 { return uint8(255 - (255-int(v))*28/100) }
	return color.RGBA{mix(full.R), mix(full.G), mix(full.B), 255}
}
