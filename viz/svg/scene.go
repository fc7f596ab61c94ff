package svg

import (
	"fmt"
	rgb "image/color"
	"keepalive/viz/draw"
	"strings"
)

// SceneOptions choose how a scene's items become a document of their own.
type SceneOptions struct {
	W, H   int     // logical pixels
	Scale  float64 // how much larger the document is shown; 0: 1
	Ground rgb.NRGBA
	Title  string
	About  string // what is seen, in words
}

// sceneFonts have the widths of the stage's font, or nearly so; textLength does the rest.
const sceneFonts = "Go, Arial, Helvetica, 'Liberation Sans', Arimo, sans-serif"

// Scene draws items, of which text returns the words, as an SVG document. Nothing in it runs or loads.
func Scene(items []draw.Item, text func(*draw.Item) []byte, o SceneOptions) string {
	if o.Scale == 0 {
		o.Scale = 1
	}
	p := &scenePainter{}
	p.add(`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title about" width="%s" height="%s" viewBox="0 0 %d %d">`,
		num(float64(o.W)*o.Scale), num(float64(o.H)*o.Scale), o.W, o.H)
	p.add(`<title id="title">%s</title><desc id="about">%s</desc>`+"\n", escape(o.Title), escape(o.About))
	p.add(`<rect width="%d" height="%d" %s/>`+"\n", o.W, o.H, paint("fill", o.Ground))
	p.add(`<g font-family="%s">`+"\n", sceneFonts)
	for i := range items {
		p.item(&items[i], text)
		p.add("\n")
	}
	p.add("</g></svg>\n")
	return p.String()
}

type scenePainter struct{ strings.Builder }

func (p *scenePainter) add(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// item writes one item, on the same whole pixels as the stage.
func (p *scenePainter) item(i *draw.Item, text func(*draw.Item) []byte) {
	if i.Kind == draw.Words {
		p.words(i, string(text(i)))
		return
	}
	if i.Kind == draw.Slant {
		x0, x1, y0, y1, thick := i.PlaceSlant(1)
		p.add(`<path d="M%s %sL%s %sV%sL%s %sZ" %s/>`, px(x0), px(y0), px(x1), px(y1), px(y1+thick), px(x0), px(y0+thick), paint("fill", i.Color))
		return
	}
	x0, y0, x1, y1 := i.Place(1)
	w, h := x1-x0, y1-y0
	switch stroke := i.Thickness(1); {
	case i.Kind == draw.Arrow:
		p.polygon(i.Color, arrow(x0, y0, x1, y1, draw.Tip(w, h), i.Flip))
	case i.Kind == draw.Tri:
		p.polygon(i.Color, arrow(x0, y0, x1, y1, w, i.Flip))
	case i.Kind == draw.Cross:
		t := min(draw.CrossHalf(w, h), w)
		u := t * h / w
		p.add(`<path d="M%s %sL%s %sL%s %sV%sL%s %sL%s %sV%sZM%s %sV%sL%s %sL%s %sV%sL%s %sL%s %sZ" %s/>`,
			px(x0), px(y0), px(x0+t), px(y0), px(x1), px(y1-u), px(y1), px(x1-t), px(y1), px(x0), px(y0+u), px(y0),
			px(x1), px(y0), px(y0+u), px(x0+t), px(y1), px(x0), px(y1), px(y1-u), px(x1-t), px(y0), px(x1), px(y0), paint("fill", i.Color))
	case i.Dashed:
		p.dashes(i.Color, x0, y0, x1, y1, stroke)
	default:
		p.rect(i, x0, y0, w, h, stroke)
	}
}

// rect writes a rectangle; an outline lies inside.
func (p *scenePainter) rect(i *draw.Item, x, y, w, h, stroke float32) {
	round := i.Corner(1, w, h)
	how := paint("fill", i.Color)
	if stroke > 0 {
		x, y, w, h, round = x+stroke/2, y+stroke/2, max(w-stroke, 0), max(h-stroke, 0), max(round-stroke/2, 0)
		how = `fill="none" ` + paint("stroke", i.Color) + ` stroke-width="` + px(stroke) + `"`
	}
	p.add(`<rect x="%s" y="%s" width="%s" height="%s"`, px(x), px(y), px(w), px(h))
	if round > 0 {
		p.add(` rx="%s"`, px(round))
	}
	p.add(` %s/>`, how)
}

// dashes writes the outline of a rectangle as dashes that meet at the corners.
func (p *scenePainter) dashes(c rgb.NRGBA, x0, y0, x1, y1, stroke float32) {
	p.add(`<path d="`)
	draw.Dashes(x0, x1, stroke, func(a, b float32) {
		p.add("M%s %sH%sV%sH%sZM%s %sH%sV%sH%sZ", px(a), px(y0), px(b), px(y0+stroke), px(a), px(a), px(y1-stroke), px(b), px(y1), px(a))
	})
	draw.Dashes(y0, y1, stroke, func(a, b float32) {
		p.add("M%s %sV%sH%sV%sZM%s %sV%sH%sV%sZ", px(x0), px(a), px(b), px(x0+stroke), px(a), px(x1-stroke), px(a), px(b), px(x1), px(a))
	})
	p.add(`" %s/>`, paint("fill", c))
}

// arrow is a rectangle of which the last tip pixels are a point.
func arrow(x0, y0, x1, y1, tip float32, flip bool) [5][2]float32 {
	if flip {
		return [5][2]float32{{x1, y0}, {x0 + tip, y0}, {x0, (y0 + y1) / 2}, {x0 + tip, y1}, {x1, y1}}
	}
	return [5][2]float32{{x0, y0}, {x1 - tip, y0}, {x1, (y0 + y1) / 2}, {x1 - tip, y1}, {x0, y1}}
}

func (p *scenePainter) polygon(c rgb.NRGBA, points [5][2]float32) {
	p.add(`<path d="`)
	for k, at := range points {
		p.add("%c%s %s", "MLLLL"[k], px(at[0]), px(at[1]))
	}
	p.add(`Z" %s/>`, paint("fill", c))
}

// words writes a line of text, as wide as the stage draws it whatever font is there.
func (p *scenePainter) words(i *draw.Item, line string) {
	anchor, bold := "", ""
	switch i.Align {
	case draw.Center:
		anchor = ` text-anchor="middle"`
	case draw.Right:
		anchor = ` text-anchor="end"`
	}
	if i.Bold {
		bold = ` font-weight="bold"`
	}
	if len(line) > 1 {
		bold += ` textLength="` + px(i.W) + `" lengthAdjust="spacingAndGlyphs"`
	}
	p.add(`<text x="%s" y="%s" font-size="%s"%s%s %s>%s</text>`, px(i.X), px(i.Y), px(i.H), anchor, bold, paint("fill", i.Color), escape(line))
}

func paint(what string, c rgb.NRGBA) string {
	s := fmt.Sprintf(`%s="#%02X%02X%02X"`, what, c.R, c.G, c.B)
	if c.A < 255 {
		s += fmt.Sprintf(` %s-opacity="%s"`, what, num(float64(c.A)/255))
	}
	return s
}

func px(v float32) string { return num(float64(v)) }
