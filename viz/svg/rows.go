package svg

import (
	"fmt"
	"strconv"
	"strings"

	"keepalive/viz/figure"
)

// labelHeight is what a row's label needs, px.
const labelHeight = 14.0

// mostDetail is how wide a row's detail may be, px.
const mostDetail = 110

// tall tells whether the panel's bars carry labels of their own.
func tall(panel *figure.Panel) bool {
	for _, r := range panel.Rows {
		for _, b := range r.Bars {
			if b.Label != "" {
				return true
			}
		}
	}
	return false
}

func (p *painter) panel(panel *figure.Panel) {
	if panel.Title != "" {
		p.panelTitle(panel)
	}
	switch {
	case len(panel.Dots) > 0:
		p.dots(panel)
	case len(panel.Lines) > 0:
		p.lines(panel)
	case tall(panel):
		p.tallRows(panel)
	default:
		p.rows(panel)
	}
}

// panelTitle writes the variant's name and, beside it or below, the detail.
func (p *painter) panelTitle(panel *figure.Panel) {
	p.y += 22
	p.text(0, p.y, "name", panel.Title)
	x := width(panel.Title, bold) + 12
	if x+width(panel.Detail, plain) > p.w {
		for _, line := range wrap(panel.Detail, p.w, plain) {
			p.y += 15
			p.text(0, p.y, "soft", line)
		}
	} else if panel.Detail != "" {
		p.text(x, p.y, "soft", panel.Detail)
	}
	p.y += 7
}

// rowHeight gives every row the height that many rows leave it, px.
func (p *painter) rowHeight() float64 {
	n := 0
	for _, panel := range p.f.Panels {
		n += len(panel.Rows)
	}
	switch {
	case n <= 40:
		return 16
	case n <= 80:
		return labelHeight
	case n <= 140:
		return 10
	case n <= 240:
		return 6
	}
	return 4
}

// rows draws a waterfall.
func (p *painter) rows(panel *figure.Panel) {
	h := p.rowHeight()
	top := p.y
	p.gridLines(top, top+h*float64(len(panel.Rows)))
	step, labelled := labelStep(panel, h), -labelHeight
	for i := range panel.Rows {
		r := &panel.Rows[i]
		n, err := strconv.Atoi(r.Label)
		label := p.y-labelled >= labelHeight && (i == 0 || err != nil || n%step == 0)
		if label {
			labelled = p.y
		}
		p.row(r, p.y, h, label)
		p.y += h
	}
	p.y += 2
	p.add(`<path class="base" d="M%s %sV%s"/>`, num(p.x0), num(top), num(p.y))
	p.cursor(top, p.y)
}

// labelStep is how far apart the numbers of labelled rows are.
func labelStep(panel *figure.Panel, h float64) int {
	if len(panel.Rows) == 0 {
		return 1
	}
	last, _ := strconv.Atoi(panel.Rows[len(panel.Rows)-1].Label)
	each := h * float64(len(panel.Rows)) / float64(max(last, 1)) // px from one number to the next
	for power := 1; ; power *= 10 {
		for _, k := range []int{1, 2, 5} {
			if float64(k*power)*each >= labelHeight {
				return k * power
			}
		}
	}
}

func (p *painter) row(r *figure.Row, y, h float64, label bool) {
	if p.o.Touch {
		p.add("<g>")
	} else {
		p.tipped(r, y, h)
	}
	if label {
		p.text(p.numbers, y+h/2+4, "soft end", r.Label)
		if h >= labelHeight && !p.narrow() && r.Detail != "" {
			p.text(p.numbers+8, y+h/2+4, "soft", shorten(r.Detail, mostDetail, plain))
		}
	}
	for _, b := range r.Bars {
		p.bar(&b, y, h)
	}
	if r.End.Text != "" {
		p.rowEnd(r, y, h)
	}
	p.add("</g>\n")
}

// tipped begins a row that tells what it is when pointed at.
func (p *painter) tipped(r *figure.Row, y, h float64) {
	p.add(`<g%s><title>%s</title><rect class="hit" x="0" y="%s" width="%s" height="%s"/>`, p.names(r), escape(p.tip(r)), num(y), num(p.w), num(h))
}

// names are the attributes by which a page finds the row of a request.
func (p *painter) names(r *figure.Row) string {
	if n, err := strconv.Atoi(r.Label); err != nil || n < 1 {
		return ""
	}
	return fmt.Sprintf(` data-lane="%d" data-request="%s"`, p.lane, r.Label)
}

// bar draws one phase: work thick, setting up thin, idling as a dashed line.
func (p *painter) bar(b *figure.Bar, y, h float64) {
	from, to := p.x(b.From), p.x(b.To)
	switch b.Style {
	case figure.Dashed:
		class := "dashes"
		if h < labelHeight {
			class = "faint"
		}
		p.add(`<path class="pen-%s %s" d="M%s %sH%s"/>`, b.Ink, class, num(from), num(y+h/2), num(max(to, from+1)))
		return
	case figure.Thin, figure.Dotted:
		y, h = y+h*.28, h*.44
	default:
		y, h = y+h*.1, h*.8
	}
	p.add(`<rect %s x="%s" y="%s" width="%s" height="%s"/>`, p.fill(b.Ink, b.Style), num(from), num(y), num(max(to-from, 2)), num(h))
}

// rowEnd says how a request failed.
func (p *painter) rowEnd(r *figure.Row, y, h float64) {
	last := p.x0
	if n := len(r.Bars); n > 0 {
		last = p.x(r.Bars[n-1].To)
	}
	s := min(h*.35, 4)
	p.add(`<path class="pen-%s" d="M%s %sl%[4]s %[4]sm0 -%[4]sl-%[4]s %[4]s"/>`, r.End.Ink, num(last+2), num(y+h/2-s), num(2*s))
	if h < 10 {
		return
	}
	x, class := last+2*s+6, "wrong over"
	if x+width(r.End.Text, bold) > p.w {
		x, class = p.x(r.Bars[0].From)-6, "wrong over end"
	}
	p.text(x, y+h/2+4, class, r.End.Text)
}

// tip is what a row says when it is pointed at.
func (p *painter) tip(r *figure.Row) string {
	parts := []string{strings.TrimSpace(r.Label + " " + r.Detail)}
	if len(r.Bars) > 0 {
		parts = append(parts, "from "+p.f.X.Write(r.Bars[0].From, 1))
	}
	for _, b := range r.Bars {
		parts = append(parts, b.Name+" "+p.f.X.Write(b.Length(), 1))
	}
	if r.End.Text != "" {
		parts = append(parts, r.End.Text)
	}
	return strings.Join(parts, ", ")
}

// tallRows draws stacked totals: the name above each bar, the total after it, the larger parts named below.
func (p *painter) tallRows(panel *figure.Panel) {
	const h = 26
	for i := range panel.Rows {
		r := &panel.Rows[i]
		p.y += 18
		p.text(p.x0, p.y, "name", r.Label)
		p.y += 6
		p.gridLines(p.y-4, p.y+h+4)
		p.add(`<g><title>%s</title>`, escape(p.tip(r)))
		for k := range r.Bars {
			b := &r.Bars[k]
			from, to := p.x(b.From), p.x(b.To)
			if b.Style == figure.Dashed {
				p.add(`<rect class="pen-%s dashes" x="%s" y="%s" width="%s" height="%d"/>`, b.Ink, num(from+1), num(p.y+1), num(max(to-from-2, 1)), h-2)
				continue
			}
			p.add(`<rect %s x="%s" y="%s" width="%s" height="%d"/>`, p.fill(b.Ink, b.Style), num(from), num(p.y), num(to-from), h)
		}
		p.add("</g>")
		last := p.x0
		if n := len(r.Bars); n > 0 {
			last = p.x(r.Bars[n-1].To)
		}
		p.text(last+8, p.y+h/2+4, "total", r.End.Text)
		p.y += h
		p.partNames(r)
	}
	p.y += 6
}

// partNames writes below a stacked bar the names of its parts, as far as there is room.
func (p *painter) partNames(r *figure.Row) {
	any := false
	for _, b := range r.Bars {
		room := p.x(b.To) - p.x(b.From) - 4
		label := b.Label
		if width(label, plain) > room {
			label = b.Name
		}
		if width(label, plain) <= room {
			p.text(p.x(b.From), p.y+15, "soft", label)
			any = true
		}
	}
	if any {
		p.y += 18
	}
}
