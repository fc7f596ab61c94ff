package svg

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"keepalive/viz/figure"
)

// style is the figure's style sheet; every rule stays within figures.
var style = sync.OnceValue(func() string {
	var b strings.Builder
	b.WriteString("<style>.kf text{font:12px system-ui,sans-serif;font-variant-numeric:tabular-nums;" +
		"fill:" + color(figure.Text) + "}" +
		".kf .title{font-size:15px;font-weight:600}.kf .name,.kf .total{font-weight:600}" +
		".kf .soft{fill:" + color(figure.Soft) + "}.kf .wrong{fill:" + color(figure.Text) + ";font-weight:600}" +
		".kf .middle{text-anchor:middle}.kf .end{text-anchor:end}" +
		".kf .over{paint-order:stroke;stroke:" + color(figure.Paper) + ";stroke-width:4px;stroke-linejoin:round}" +
		".kf .grid{stroke:" + color(figure.Grid) + ";fill:none}.kf .base{stroke:" + color(figure.Ack) + ";fill:none}" +
		".kf .guide{stroke:" + color(figure.Ack) + ";stroke-dasharray:2 4;fill:none}" +
		".kf .tint{fill-opacity:.28}.kf .hit{fill:none;pointer-events:all}" +
		".kf .cursor{stroke:var(--accent," + hex(figure.Request) + ");stroke-width:2}")
	for _, i := range figure.Inks() {
		fmt.Fprintf(&b, ".kf .ink-%s{fill:%s}.kf .pen-%[1]s{stroke:%[2]s;stroke-width:2;fill:none}", i, color(i))
	}
	b.WriteString(".kf .dashes{stroke-dasharray:5 3}.kf .faint{opacity:.5}</style>")
	return b.String()
})

// color is the page's colour for i, or the light theme's where the page has none.
func color(i figure.Ink) string { return fmt.Sprintf("var(--%s,%s)", i, hex(i)) }

func hex(i figure.Ink) string {
	c := i.Light()
	return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B)
}

// fill is what paints an area: a class for a plain one, a reference for a pattern.
func (p *painter) fill(i figure.Ink, s figure.Style) string {
	if s != figure.Hatched && s != figure.Dotted {
		return fmt.Sprintf(`class="ink-%s"`, i)
	}
	if p.patterns == nil {
		p.patterns = map[pattern]bool{}
	}
	k := pattern{i, s}
	p.patterns[k] = true
	return fmt.Sprintf(`fill="url(#%s)"`, p.patternID(k))
}

func (p *painter) patternID(k pattern) string {
	kind := "hatch"
	if k.style == figure.Dotted {
		kind = "dots"
	}
	return p.o.ID + "-" + kind + "-" + k.ink.String()
}

// definitions writes the patterns that were used.
func (p *painter) definitions(b *strings.Builder) {
	if len(p.patterns) == 0 {
		return
	}
	var all []string
	for k := range p.patterns {
		mark := `width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="tint ink-%[1]s" width="6" height="6"/><rect class="ink-%[1]s" width="3" height="6"/>`
		if k.style == figure.Dotted {
			mark = `width="5" height="5" patternUnits="userSpaceOnUse"><rect class="tint ink-%[1]s" width="5" height="5"/><circle class="ink-%[1]s" cx="2.5" cy="2.5" r="1.5"/>`
		}
		all = append(all, fmt.Sprintf(`<pattern id="%s" `, p.patternID(k))+fmt.Sprintf(mark, k.ink)+`</pattern>`)
	}
	sort.Strings(all)
	b.WriteString("<defs>" + strings.Join(all, "") + "</defs>")
}
