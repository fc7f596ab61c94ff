package charts

import (
	"fmt"
	"image/color"
	"io"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"

	"keepalive/viz/figure"
)

// Formats are the file formats that Write knows, as file names end.
func Formats() []string { return []string{"png", "svg", "pdf"} }

// The page of a chart: 16:9, as a projector is, and longer only for many rows.
const (
	pageWidth  = 12.8 * vg.Inch
	pageHeight = 7.2 * vg.Inch
	margin     = 0.3 * vg.Inch
	dpi        = 150 // a PNG is 1920 dots wide
	rowHeight  = 5 * vg.Millimeter
	leastRow   = 1.2 * vg.Millimeter
	mostHeight = 16 * vg.Inch

	aroundRows  = 1.9 * vg.Inch // title, axis and legend
	panelGap    = vg.Length(34)
	curveHeight = 1.3 * vg.Inch
)

// Write draws f on light paper and writes it to w. The error names a format that is unknown, or is w's.
func Write(w io.Writer, f figure.Figure, format string) error {
	height := heightOf(f)
	var c interface {
		vg.CanvasSizer
		io.WriterTo
	}
	switch format {
	case "png":
		c = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(pageWidth, height), vgimg.UseDPI(dpi))}
	case "svg":
		c = vgsvg.New(pageWidth, height)
	case "pdf":
		c = paper{vgpdf.New(pageWidth, height)}
	default:
		return fmt.Errorf("there is no format %q: want %s", format, strings.Join(Formats(), ", "))
	}
	drawPage(draw.New(c), f)
	if format == "svg" {
		return writeSVG(w, c)
	}
	_, err := c.WriteTo(w)
	return err
}

// heightOf is the projector's, or more if the rows need it.
func heightOf(f figure.Figure) vg.Length {
	rows, curves := rowsOf(f), 0
	for _, p := range f.Panels {
		if len(p.Lines) > 0 {
			curves++
		}
	}
	around := aroundRows + vg.Length(len(f.Panels))*panelGap
	need := vg.Length(rows)*rowHeight + around
	if need > mostHeight {
		need = max(mostHeight, vg.Length(rows)*leastRow+around)
	}
	return max(pageHeight, need, vg.Length(curves)*curveHeight+around)
}

// rowsOf counts the rows of a waterfall.
func rowsOf(f figure.Figure) (n int) {
	for _, p := range f.Panels {
		if !labelled(&p) {
			n += len(p.Rows)
		}
	}
	return n
}

// rowRoom is how high each row of a waterfall is.
func rowRoom(f *figure.Figure) vg.Length {
	return (heightOf(*f) - aroundRows - vg.Length(len(f.Panels))*panelGap) / vg.Length(max(rowsOf(*f), 1))
}

// drawPage divides the page: title above, legend and notes below, the panels between them.
func drawPage(page draw.Canvas, f figure.Figure) {
	page.SetColor(color.White)
	page.Fill(page.Rectangle.Path())
	c := draw.Crop(page, margin, -margin, margin, -margin)
	top := drawHeading(c, f)
	bottom := drawFoot(c, f)
	if len(f.Panels[0].Dots) > 0 {
		bottom += 20 // for the name of X
	}
	c = draw.Crop(c, 0, 0, bottom-c.Min.Y, top-c.Max.Y)

	ticks := f.X.Ticks(8)
	rows := make([][]*plot.Plot, len(f.Panels))
	for i := range f.Panels {
		rows[i] = []*plot.Plot{panelPlot(&f, &f.Panels[i], ticks, i == len(f.Panels)-1)}
	}
	tiles := draw.Tiles{Rows: len(rows), Cols: 1, PadY: panelGap, PadTop: panelGap}
	if len(f.Panels) == 1 && f.Panels[0].Title == "" {
		tiles.PadTop = vg.Points(6)
	}
	for i, line := range plot.Align(rows, tiles, c) {
		rows[i][0].Draw(line[0])
		area := rows[i][0].DataCanvas(line[0])
		drawPanelTitle(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: area.Max.Y}, Max: c.Max}}, &f.Panels[i])
	}
}

// panelPlot sets up one panel; the last one carries the axis of all.
func panelPlot(f *figure.Figure, panel *figure.Panel, ticks []figure.Tick, last bool) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.Transparent
	p.X.Min, p.X.Max = f.X.Min, f.X.Max
	p.X.Padding, p.Y.Padding = 0, 0
	p.X.Tick.Marker = constant(ticks, f.X.Unit)
	p.X.Scale = scaleOf(f.X)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Tick.Label.Font, a.Tick.Label.Color = face(13, false), figure.Soft.Light()
		a.Tick.Label.Handler = handler
		a.Color, a.Tick.Color = figure.Ack.Light(), figure.Ack.Light()
		a.Tick.Length, a.Tick.Width = 4, 0 // a gap before the labels
	}
	p.Y.LineStyle.Width = 0
	p.Add(&grid{at: ticks, vertical: true})
	switch {
	case len(panel.Dots) > 0:
		addDots(p, f, panel)
	case len(panel.Lines) > 0:
		addLines(p, panel)
	default:
		addRows(p, panel, rowRoom(f))
	}
	p.X.Min, p.X.Max = f.X.Min, f.X.Max
	if !last {
		p.X.Tick.Marker = plot.ConstantTicks(nil)
	}
	return p
}

// constant are ticks as gonum/plot wants them; the last one carries the unit.
func constant(ticks []figure.Tick, unit string) plot.ConstantTicks {
	var all plot.ConstantTicks
	for i, t := range ticks {
		label := t.Label
		if i == len(ticks)-1 {
			label += " " + unit
		}
		all = append(all, plot.Tick{Value: t.At, Label: plain(label)})
	}
	return all
}

// grid draws a thin line at each tick.
type grid struct {
	at       []figure.Tick
	vertical bool // lines: at ticks of X
}

// Plot implements plot.Plotter.
func (g *grid) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, t := range g.at {
		if g.vertical {
			c.StrokeLine2(pen(figure.Grid, 0.8), x(t.At), c.Min.Y, x(t.At), c.Max.Y)
		} else {
			c.StrokeLine2(pen(figure.Grid, 0.8), c.Min.X, y(t.At), c.Max.X, y(t.At))
		}
	}
}

func pen(i figure.Ink, points float64) draw.LineStyle {
	return draw.LineStyle{Color: i.Light(), Width: vg.Points(points)}
}

// labelled tells whether the panel's bars carry labels of their own.
func labelled(panel *figure.Panel) bool {
	return slices.ContainsFunc(panel.Rows, func(r figure.Row) bool {
		return slices.ContainsFunc(r.Bars, func(b figure.Bar) bool { return b.Label != "" })
	})
}
