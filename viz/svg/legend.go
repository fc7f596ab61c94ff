package svg

import "keepalive/viz/figure"

// legend explains the colours, in as many lines as they need.
func (p *painter) legend() {
	x := 0.0
	p.y += 18
	for _, e := range p.f.Legend {
		w := 20 + width(e.Name, plain) + 16
		if x > 0 && x+w-16 > p.w {
			x, p.y = 0, p.y+19
		}
		p.swatch(x, p.y-10, e)
		p.text(x+20, p.y, "soft", e.Name)
		x += w
	}
	p.y += 6
}

// swatch shows a look in a square of 12 px.
func (p *painter) swatch(x, y float64, e figure.Entry) {
	switch e.Style {
	case figure.Dashed:
		p.add(`<path class="pen-%s dashes" d="M%s %sh13"/>`, e.Ink, num(x), num(y+6))
	case figure.Stroke:
		p.add(`<path class="pen-%s" d="M%s %sh13"/>`, e.Ink, num(x), num(y+6))
	case figure.Level:
		class := "guide"
		if e.Ink != figure.Ack {
			class = "dashes pen-" + e.Ink.String()
		}
		p.add(`<path class="%s" d="M%s %sh13"/>`, class, num(x), num(y+6))
	case figure.Filled:
		p.add(`<path class="tint ink-%s" d="M%s %sh13v10h-13z"/><path class="pen-%[1]s" style="stroke-width:1" d="M%[2]s %[3]sh13"/>`, e.Ink, num(x), num(y+1))
	case figure.Spot:
		p.add(`<circle class="ink-%s" cx="%s" cy="%s" r="4"/>`, e.Ink, num(x+6), num(y+6))
	case figure.Ring:
		p.add(`<circle class="pen-%s" style="stroke-width:1" cx="%s" cy="%s" r="3"/>`, e.Ink, num(x+6), num(y+6))
	case figure.Target:
		p.add(`<circle class="ink-%s" cx="%s" cy="%s" r="3"/><circle class="pen-%[1]s" cx="%[2]s" cy="%[3]s" r="5"/>`, e.Ink, num(x+6), num(y+6))
	case figure.Thin:
		p.add(`<rect class="ink-%s" x="%s" y="%s" width="13" height="5"/>`, e.Ink, num(x), num(y+3.5))
	default:
		p.add(`<rect %s x="%s" y="%s" width="12" height="12"/>`, p.fill(e.Ink, e.Style), num(x), num(y))
	}
}
