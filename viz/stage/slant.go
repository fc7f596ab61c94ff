package stage

import (
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

// slant draws a parallelogram with upright sides as three strips: the upper edge grows from nothing to full ink, the lower
// one back. An edge is about as soft as one whose pixels are covered in part, and what is thinner than an edge is paler.
//
//	y0 - soft/2  ─┐ 0      the ramp of a mask's own border, from the middle of its last clear pixel
//	              ├─ full  to the middle of its first full one
//	              ├─ full
//	     + thick ─┘ 0
func (p *painter) slant(x0, x1, y0, y1, thick float32) {
	slope := float64((y1 - y0) / (x1 - x0))
	soft := float32(math.Sqrt(1 + slope*slope))
	m := p.atlas.shape(shape{kind: roundRect})
	none := m.y + border - 0.5
	full, u, k, t := none+min(1, thick/soft), m.x+m.w/2, uint32(len(p.vs)), &p.tint
	below := [4]float32{-soft / 2, min(thick, soft) - soft/2, max(thick, soft) - soft/2, thick + soft/2}
	for i, v := range [4]float32{none, full, full, none} {
		p.vs = append(p.vs,
			ebiten.Vertex{DstX: x0, DstY: y0 + below[i], SrcX: u, SrcY: v, ColorR: t[0], ColorG: t[1], ColorB: t[2], ColorA: t[3]},
			ebiten.Vertex{DstX: x1, DstY: y1 + below[i], SrcX: u, SrcY: v, ColorR: t[0], ColorG: t[1], ColorB: t[2], ColorA: t[3]})
	}
	for i := k; i < k+6; i += 2 {
		p.is = append(p.is, i, i+1, i+2, i+1, i+3, i+2)
	}
}
