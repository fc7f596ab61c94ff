package charts

import (
	"bytes"
	"io"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"keepalive/viz/figure"
)

// handler lays words out; every style needs one.
var handler = text.Plain{Fonts: faces()}

// boldVariant names the bold face as a variant of normal weight: gonum/plot's PDF canvas registers a face of bold weight
// under one name and asks for it under another.
const boldVariant = "SansBold"

func faces() *font.Cache {
	all := liberation.Collection()
	for _, f := range all {
		if f.Font.Variant == "Sans" && f.Font.Weight == xfont.WeightBold && f.Font.Style == xfont.StyleNormal {
			f.Font.Variant, f.Font.Weight = boldVariant, xfont.WeightNormal
			return font.NewCache(append(all, f))
		}
	}
	panic("charts: the Liberation fonts have no bold Sans")
}

func face(points float64, bold bool) font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(points)}
	if bold {
		f.Variant = boldVariant
	}
	return f
}

func letters(points float64, bold bool, ink figure.Ink) text.Style {
	return text.Style{Color: ink.Light(), Font: face(points, bold), XAlign: draw.XLeft, YAlign: draw.YTop, Handler: handler}
}

// plain keeps to the characters that a PDF's fonts have: blanks of one width.
func plain(s string) string {
	return strings.NewReplacer("\u202F", "\u00A0", "\u2002", "\u00A0\u00A0").Replace(s)
}

// wrap breaks s at blanks so that each line is at most wide.
func wrap(s string, style text.Style, wide vg.Length) []string {
	var lines []string
	line := ""
	for word := range strings.SplitSeq(plain(s), " ") {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && style.Width(longer) > wide {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	return append(lines, line)
}

// drawHeading writes title and subtitle and returns where the rest begins.
func drawHeading(c draw.Canvas, f figure.Figure) vg.Length {
	y := c.Max.Y
	for _, part := range []struct {
		text  string
		style text.Style
		line  vg.Length
	}{{f.Title, letters(20, true, figure.Text), 25}, {f.Subtitle, letters(14, false, figure.Soft), 19}} {
		for _, line := range wrap(part.text, part.style, c.Max.X-c.Min.X) {
			c.FillText(part.style, vg.Point{X: c.Min.X, Y: y}, line)
			y -= part.line
		}
	}
	return y - 4
}

// drawPanelTitle writes the variant's name and detail at the bottom of c.
func drawPanelTitle(c draw.Canvas, panel *figure.Panel) {
	if panel.Title == "" {
		return
	}
	name, detail := letters(14, true, figure.Text), letters(13, false, figure.Soft)
	name.YAlign, detail.YAlign = draw.YBottom, draw.YBottom
	at := vg.Point{X: c.Min.X, Y: c.Min.Y + 9}
	c.FillText(name, at, plain(panel.Title))
	at.X += name.Width(plain(panel.Title)) + 14
	c.FillText(detail, at, plain(panel.Detail))
}

// drawFoot writes the legend and the notes and returns where the rest ends.
func drawFoot(c draw.Canvas, f figure.Figure) vg.Length {
	style := letters(13, false, figure.Soft)
	y := c.Min.Y
	for i := len(f.Notes) - 1; i >= 0; i-- {
		lines := wrap(f.Notes[i], style, c.Max.X-c.Min.X)
		for k := len(lines) - 1; k >= 0; k-- {
			y += 17
			c.FillText(style, vg.Point{X: c.Min.X, Y: y}, lines[k])
		}
	}
	lines := [][]figure.Entry{nil}
	x := vg.Length(0)
	for _, e := range f.Legend {
		w := 44 + style.Width(plain(e.Name))
		if x > 0 && x+w > c.Max.X-c.Min.X {
			lines, x = append(lines, nil), 0
		}
		x += w
		lines[len(lines)-1] = append(lines[len(lines)-1], e)
	}
	for i := len(lines) - 1; i >= 0; i-- {
		y += 20
		x := c.Min.X
		for _, e := range lines[i] {
			swatch(c, x, y-13, e)
			c.FillText(style, vg.Point{X: x + 20, Y: y}, plain(e.Name))
			x += 44 + style.Width(plain(e.Name))
		}
	}
	return y + 14
}

// swatch shows a look in a square of 13 points.
func swatch(c draw.Canvas, x, y vg.Length, e figure.Entry) {
	const s = 13
	r := vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + s, Y: y + s}}
	line := pen(e.Ink, 2)
	switch e.Style {
	case figure.Stroke, figure.Level, figure.Dashed:
		if e.Style == figure.Level {
			line.Dashes = []vg.Length{1.5, 3}
		}
		if e.Style == figure.Dashed || e.Style == figure.Level && e.Ink != figure.Ack {
			line.Dashes = []vg.Length{5, 3}
		}
		c.StrokeLine2(line, x, y+s/2, x+s, y+s/2)
	case figure.Filled:
		tint(c, r, e.Ink)
		c.StrokeLine2(pen(e.Ink, 1), x, y+s, x+s, y+s)
	case figure.Spot:
		c.DrawGlyph(draw.GlyphStyle{Color: e.Ink.Light(), Radius: 4, Shape: draw.CircleGlyph{}}, vg.Point{X: x + s/2, Y: y + s/2})
	case figure.Ring:
		c.DrawGlyph(draw.GlyphStyle{Color: e.Ink.Light(), Radius: 3.2, Shape: draw.RingGlyph{}}, vg.Point{X: x + s/2, Y: y + s/2})
	case figure.Target:
		c.DrawGlyph(draw.GlyphStyle{Color: e.Ink.Light(), Radius: 3.5, Shape: draw.CircleGlyph{}}, vg.Point{X: x + s/2, Y: y + s/2})
		c.DrawGlyph(draw.GlyphStyle{Color: e.Ink.Light(), Radius: 6.5, Shape: draw.RingGlyph{}}, vg.Point{X: x + s/2, Y: y + s/2})
	case figure.Thin:
		r.Min.Y, r.Max.Y = y+4, y+9
		fill(c, r, e.Ink, figure.Solid)
	default:
		fill(c, r, e.Ink, e.Style)
	}
}

// writeSVG says the bold face in CSS's words, and lets viewers without the Liberation fonts take another sans-serif one.
func writeSVG(w io.Writer, c io.WriterTo) error {
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	_, err := strings.NewReplacer("font-variant:sansbold;font-weight:normal", "font-variant:normal;font-weight:bold",
		"font-family:Liberation Sans", "font-family:Liberation Sans,Arial,Helvetica,sans-serif").WriteString(w, b.String())
	return err
}
