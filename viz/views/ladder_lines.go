package views

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/viz/draw"
)

type rgba = color.NRGBA

// lines draws the two ends of a run: their lines, dashed where they keep connections that nobody uses, the server's work, and
// marks at what happens without a packet.
func (v *Views) lines(s *story) {
	g, c := &v.down.g, &v.down.column
	for side, x := range [2]float32{c.client, c.server} {
		v.Rect(x-g.u, g.top, 2*g.u, g.bottom-g.top, 0, v.Theme.Secondary)
		for _, r := range s.resting(side, g.from, g.until) {
			y0, y1 := g.y(r.from), g.y(r.to)
			if y1-y0 < 8*g.u {
				continue
			}
			v.upright(x-g.u, 2*g.u, y0, y1, v.Theme.Card)
			v.pattern(x-g.u, 2*g.u, y0, y1, 4*g.u, v.Theme.Idle)
		}
	}
	v.works(s)
	v.marks(s)
}

// pattern draws dashes from y0 to y1, and gaps as long. They move with what they are part of.
func (v *Views) pattern(x, w, y0, y1, dash float32, col rgba) {
	g := &v.down.g
	skip := max(0, float32(int((g.top-y0)/(2*dash))))
	for y := y0 + skip*2*dash; y < min(y1, g.bottom); y += 2 * dash {
		v.upright(x, w, y, min(y+dash, y1), col)
	}
}

// works draws what the server does: dotted while a request waits for a worker or a core, solid while it is worked at, pale
// with an edge while the server itself waits.
func (v *Views) works(s *story) {
	g, c := &v.down.g, &v.down.column
	var drawn [rows]float32 // how far down a row is full
	for i := range drawn {
		drawn[i] = g.top - 1
	}
	for _, w := range s.working(g.from, g.until) {
		y0, y1, y2, y3 := g.y(w.queued), g.y(w.begin), g.y(w.waiting), g.y(w.end)
		y3 = max(y3, y1+3*g.u)
		if y2 >= y3-0.5 || w.waiting == w.end {
			y2 = y3
		}
		full := &drawn[w.row]
		if y3 <= *full+0.5 {
			continue
		}
		y0, y1, y2 = max(y0, *full), max(y1, *full), max(y2, *full)
		*full = y3
		v.Of = draw.Ref{Lane: c.lane, Kind: draw.Request, ID: w.req}
		x := c.server - 3*g.u + float32(w.row)*7*g.u
		if y1-y0 > 4*g.u {
			v.pattern(x+2*g.u, 2*g.u, y0, y1, 2*g.u, v.Theme.Wait)
		}
		v.upright(x, 6*g.u, y1, y2, v.Theme.Wait)
		if y3 > y2 {
			v.upright(x, 6*g.u, y2, y3, v.Theme.Card)
			v.upright(x, 6*g.u, y2, y3, draw.Faded(v.Theme.Wait, 0.35))
			v.upright(x, 2*g.u, y2, y3, v.Theme.Wait)
			v.upright(x+4*g.u, 2*g.u, y2, y3, v.Theme.Wait)
		}
	}
	v.Of = draw.Ref{}
}

// marks draws points at the lines, and notes what is written beside them.
func (v *Views) marks(s *story) {
	g, c := &v.down.g, &v.down.column
	last := [2]float32{-1e9, -1e9}
	for _, m := range s.marked(g.early, g.late) {
		y, side, x, col := g.y(m.at), 0, c.client, v.Theme.Text
		if m.server {
			side, x = 1, c.server
		}
		if m.bad {
			col = v.Theme.Error
		}
		if y-last[side] < 3*g.u {
			continue
		}
		last[side] = y
		v.Of = draw.Ref{Lane: c.lane, Kind: draw.Connection, ID: m.conn}
		i := draw.Item{Kind: draw.Tri, X: x - 9*g.u, Y: y - 4*g.u, W: 8 * g.u, H: 8 * g.u, Color: col}
		if m.server {
			i.X, i.Flip = x+g.u, true
		}
		if y > g.top+5*g.u && y < g.bottom-5*g.u {
			v.Add(i)
		}
		v.down.tags = append(v.down.tags, tag{noted: true, words: m.words, server: m.server, column: *c, ref: v.Of, bundle: bundle{Flight: nothing, y0: y}})
	}
	v.Of = draw.Ref{}
}

// nothing stands for the packet of a tag that has none.
var nothing = trace.Flight{Record: &trace.Record{}}
