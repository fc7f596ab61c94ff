package svg

import (
	"fmt"
	"strconv"
	"strings"

	"keepalive/viz/figure"
)

// Options choose what a figure carries with it. The zero Options leave heading and legend to the page around it.
type Options struct {
	Width   int    // CSS pixels; 0: 720, less than 240: 240
	ID      string // begins every id in the figure; "": the figure's name
	Heading bool   // write the title and the subtitle
	Legend  bool   // explain the colours
	Touch   bool   // for a screen where nothing hovers: rows have no tips, which the figure's table has as well
	Cursor  bool   // add the cursor, if time runs along the figure
}

// Render draws f.
func Render(f figure.Figure, o Options) string {
	if o.Width == 0 {
		o.Width = 720
	}
	if o.ID == "" {
		o.ID = f.Name
	}
	p := &painter{f: &f, o: o, w: float64(max(o.Width, 240))}
	p.margins()
	if o.Heading {
		p.heading()
	}
	for i := range f.Panels {
		p.lane = i
		p.panel(&f.Panels[i])
	}
	p.timeAxis()
	if o.Legend {
		p.legend()
	}
	p.notes()
	return p.document()
}

// mostBlown is how far a page may blow a figure up: a wider box deserves a wider figure.
const mostBlown = 1.25

// painter goes down the figure and writes what it passes.
type painter struct {
	f        *figure.Figure
	o        Options
	w        float64
	x0, x1   float64 // where X begins and ends
	numbers  float64 // where the rows' numbers end
	y        float64 // everything above is drawn
	lane     int     // the panel's number, from 0
	body     strings.Builder
	patterns map[pattern]bool
}

// pattern is a filling that needs a definition.
type pattern struct {
	ink   figure.Ink
	style figure.Style
}

// narrow tells whether the figure is as wide as a phone.
func (p *painter) narrow() bool { return p.w < 560 }

// margins leaves room for the labels of rows, or of the Y axis.
func (p *painter) margins() {
	p.x0, p.x1 = 8, p.w-12
	details := 0.0
	for _, panel := range p.f.Panels {
		stacked := tall(&panel)
		for _, r := range panel.Rows {
			if stacked {
				p.x1 = min(p.x1, p.w-width(r.End.Text, bold)-10)
				continue
			}
			p.numbers = max(p.numbers, width(r.Label, plain))
			if r.Detail != "" && !p.narrow() && p.rowHeight() >= labelHeight {
				details = max(details, 8+min(width(r.Detail, plain), mostDetail))
			}
		}
		for _, t := range yTicks(&panel) {
			p.x0 = max(p.x0, width(t.Label, plain)+10)
		}
	}
	p.x0 = max(p.x0, p.numbers+details+8)
}

func (p *painter) x(v float64) float64 { return p.x0 + p.f.X.At(v)*(p.x1-p.x0) }

func (p *painter) add(format string, args ...any) { fmt.Fprintf(&p.body, format, args...) }

// heading writes the title and the subtitle.
func (p *painter) heading() {
	p.y += 4
	for _, line := range wrap(p.f.Title, p.w, heading) {
		p.y += 19
		p.text(0, p.y, "title", line)
	}
	for _, line := range wrap(p.f.Subtitle, p.w, plain) {
		p.y += 17
		p.text(0, p.y, "soft", line)
	}
	p.y += 8
}

// timeAxis writes the ticks of X below the last panel.
func (p *painter) timeAxis() {
	ticks := p.xTicks()
	for i, t := range ticks {
		label := t.Label
		if i == len(ticks)-1 {
			label += "\u00A0" + p.f.X.Unit
		}
		anchor, x := "middle", p.x(t.At)
		if half := width(label, plain) / 2; x+half > p.w {
			anchor, x = "end", p.w
		}
		p.text(x, p.y+15, "soft "+anchor, label)
	}
	p.y += 22
	for _, panel := range p.f.Panels {
		if len(panel.Dots) > 0 {
			p.y += 14
			p.text(p.x1, p.y, "name end", p.f.X.Label)
			p.y += 4
			return
		}
	}
}

// xTicks leaves each tick some 75 px.
func (p *painter) xTicks() []figure.Tick {
	return p.f.X.Ticks(min(max(int((p.x1-p.x0)/75), 2), 10))
}

// gridLines draws the ticks of X over the height of a panel.
func (p *painter) gridLines(top, bottom float64) {
	p.add(`<path class="grid" d="`)
	for _, t := range p.xTicks() {
		p.add("M%s %sV%s", num(p.x(t.At)), num(top), num(bottom))
	}
	p.add(`"/>`)
}

// cursor writes the line that the page moves, over a panel. It stands at the beginning.
func (p *painter) cursor(top, bottom float64) {
	if !p.o.Cursor || !p.f.Cursor {
		return
	}
	p.add(`<line class="cursor" x1="%[1]s" x2="%[1]s" y1="%[3]s" y2="%[4]s" data-x0="%[1]s" data-x1="%[2]s" data-t0="0" data-t1="%[5]s"/>`+"\n",
		num(p.x0), num(p.x1), num(top), num(bottom), strconv.FormatFloat(p.f.X.Max/1e6, 'f', -1, 64))
}

// notes writes what is left out.
func (p *painter) notes() {
	for _, n := range p.f.Notes {
		for _, line := range wrap(n, p.w, plain) {
			p.y += 16
			p.text(0, p.y, "soft", line)
		}
	}
	p.y += 6
}

// document wraps what was drawn.
func (p *painter) document() string {
	var b strings.Builder
	id := p.o.ID
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="kf" role="img" aria-labelledby="%[1]s-title %[1]s-about" `+
		`width="%[2]s" height="%[3]s" viewBox="0 0 %[2]s %[3]s" style="max-width:%[4]spx">`, id, num(p.w), num(p.y), num(mostBlown*p.w))
	fmt.Fprintf(&b, `<title id="%[1]s-title">%[2]s</title><desc id="%[1]s-about">%[3]s</desc>`, id, escape(p.f.Title), escape(p.f.About))
	b.WriteString(style())
	p.definitions(&b)
	b.WriteString(p.body.String())
	b.WriteString("</svg>\n")
	return b.String()
}
