package views

import (
	"math"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// ladder is the view whose time runs down, and its buffers.
type ladder struct {
	g       rungs
	stories []*story // by run, once they have been needed
	tags    []tag
	taken   []box
	column  pair              // that is being drawn
	flights [2][]trace.Flight // to the server, to the client
	later   []trace.Flight    // that are drawn above the others
}

// mostPairs is how many runs a ladder can show.
const mostPairs = len(tell.Letters)

// rungs is where everything of a ladder stands, for one frame.
//
//	                 A caption              B caption
//	                 client      server     client      server
//	top      ─ 0 ms  │\__              │    │                 │
//	                 │   \_SYN__       │    │                 │
//	         ─ 20    │          \__    │    │                 │
//	now      ═ 31 ═══│═════════════\═══│════│═════════════════│══ what is below is yet to come, and paler
//	bottom           │                 │    │                 │
type rungs struct {
	f           Frame
	u           float32
	top, bottom float32 // of the part where time runs
	lip         float32 // so far a packet may reach beyond it: that is painted over
	axis        float32 // the right end of the times
	now         float32
	from, until sim.Time // at top and bottom
	early, late sim.Time // what is looked at: a little more, so that what comes into sight has its place already
	scale       float64  // pixels per nanosecond
	n           int      // columns
	columns     [mostPairs]pair
}

// pair is where a run goes: its two lines, and what is beside them.
type pair struct {
	lane           uint8
	run            *tell.Run
	left, right    float32
	client, server float32 // where their lines are
}

// y is the height of an instant.
func (g *rungs) y(t sim.Time) float32 { return g.top + float32(float64(t-g.from)*g.scale) }

// timeAt is the time at a place within the columns or beside them, where the times are.
func (g *rungs) timeAt(x, y float32) (sim.Time, bool) {
	if g.n == 0 || x < g.f.X || x > g.f.X+g.f.W || y < g.top || y > g.bottom {
		return 0, false
	}
	t := g.from + sim.Time(float64(y-g.top)/g.scale)
	return min(max(t, 0), g.f.End), true
}

// present is where the present stands on a ladder, from 0 at its top to 1, but at the beginning and the end of a race.
const present = 0.62

// ladder draws what comes first at the top.
func (v *Views) ladder(f Frame) {
	d := &v.down
	if d.stories == nil {
		d.stories = make([]*story, len(v.runs))
	}
	v.layOut(f)
	g := &d.g
	if g.n == 0 {
		return
	}
	if !v.choiceInSight() {
		g.f.Chosen = tell.Choice{} // nothing is to be paler than what is not there
	}
	v.ticks(g)
	d.tags, d.taken = d.tags[:0], d.taken[:0]
	for i := range g.n {
		d.column = g.columns[i]
		if d.stories[i] == nil {
			d.stories[i] = read(v.runs[i])
		}
		v.lines(d.stories[i])
		v.packets()
	}
	v.Of = draw.Ref{}
	if g.now < g.bottom {
		v.Rect(g.columns[0].left, g.now, f.X+f.W-4*g.u-g.columns[0].left, g.bottom-g.now, 0, draw.Faded(v.Theme.Card, 0.6))
	}
	v.Rect(g.axis+4*g.u, g.now-g.u, f.X+f.W-8*g.u-g.axis-4*g.u, 2*g.u, 0, v.Theme.Accent)
	v.name()
	v.Of = draw.Ref{}
	v.frame(g)
}

// choiceInSight tells whether a packet of what is chosen is in the picture.
func (v *Views) choiceInSight() bool {
	d := &v.down
	c := &d.g.f.Chosen
	if c.Kind == draw.Nothing || int(c.Lane) >= d.g.n {
		return false
	}
	d.column = d.g.columns[c.Lane]
	for k := range d.flights {
		d.flights[k] = d.column.run.Index.During(k == 1, d.g.from, d.g.until, d.flights[k][:0])
		for i := range d.flights[k] {
			if v.weigh(&d.flights[k][i]) != other {
				return true
			}
		}
	}
	return false
}

// layOut finds the scale and the places.
func (v *Views) layOut(f Frame) {
	g := rungs{f: f, u: f.Unit}
	g.top, g.bottom, g.lip = f.Y+52*g.u, f.Y+f.H-24*g.u, 14*g.u
	g.axis = f.X + 64*g.u
	room := f.X + f.W - 6*g.u - g.axis - 8*g.u
	g.n = min(len(v.runs), mostPairs, max(1, int(room/(118*g.u))))
	for i := range g.n {
		w := room / float32(g.n)
		c := pair{lane: uint8(i), run: v.runs[i], left: g.axis + 8*g.u + float32(i)*w}
		c.right = c.left + w
		c.client, c.server = round(c.left+14*g.u), round(c.right-28*g.u)
		g.columns[i] = c
	}
	g.f.End = max(f.End, 1)
	span, at := v.span(g.f.End), min(max(f.At, 0), g.f.End)
	edge := span / 40
	g.from = max(min(at-sim.Time(present*float64(span)), g.f.End+edge-span), -edge)
	g.until = g.from + span
	g.early, g.late = g.from-span/6, g.until+span/6
	g.scale = float64(g.bottom-g.top) / float64(span)
	g.now = g.y(at)
	v.down.g = g
}

// span is how much time a ladder shows: three round trips of a full packet, so that one takes a third of the height; without delay, four
// times what a request takes; all of a race that is shorter.
func (v *Views) span(end sim.Time) sim.Time {
	trip, each := sim.Time(0), sim.Time(0)
	for _, r := range v.runs {
		h := r.Header()
		if trip = max(trip, h.RTT); h.RTT > 0 && h.Down > 0 { // a slow link takes longer for a full packet than that
			trip = max(trip, h.RTT+sim.Time(float64(h.MSS+h.SegmentHeader)*8e9/float64(h.Down)))
		}
		each = max(each, h.Finished/sim.Time(max(len(h.Requests), 1)))
	}
	span := 3 * trip
	if trip == 0 {
		span = 4 * each
	}
	if whole := end + end/20 + 1; span == 0 || span > whole {
		return whole
	}
	return span
}

// step is the least of 1, 2, 5, 10 … that takes at least so many pixels.
func (g *rungs) step(pixels float32) sim.Time {
	for unit := sim.Time(1); ; unit *= 10 {
		for _, k := range [...]sim.Time{1, 2, 5} {
			if float64(k*unit)*g.scale >= float64(pixels) || unit > math.MaxInt64/100 {
				return k * unit
			}
		}
	}
}

// ticks draws the times, and a hairline at each. The present takes the place of those that are near.
func (v *Views) ticks(g *rungs) {
	f := draw.Font{Size: 10 * g.u, Color: v.Theme.Secondary, Align: draw.Right}
	step := g.step(36 * g.u)
	for t := max(g.from, 0) / step * step; t <= g.until; t += step {
		y := g.y(t)
		if y < g.top+4*g.u || y > g.bottom-4*g.u || t > g.f.End {
			continue
		}
		v.bar(g.columns[0].left-6*g.u, g.f.X+g.f.W-6*g.u, y, 1, v.Theme.Line)
		if y > g.now-12*g.u && y < g.now+12*g.u {
			continue
		}
		v.instant(t, step).Write(g.axis, y+3.5*g.u, f)
	}
	f.Bold, f.Color = true, v.Theme.Accent
	v.Span(min(max(g.f.At, 0), g.f.End)).Write(g.axis, g.now+3.5*g.u, f)
}

// instant puts a time so exactly that it differs from those a step away.
func (v *Views) instant(t, step sim.Time) *draw.Canvas {
	switch {
	case t == 0, t < 10*sim.Second && step >= 100*sim.Microsecond, step >= 100*sim.Millisecond:
		return v.Span(t)
	case step >= 100*sim.Microsecond:
		return v.Tenths(int64(t / (100 * sim.Microsecond))).Put(" ms")
	case step >= 100:
		return v.Tenths(int64(t / 100)).Put(" µs")
	default:
		return v.Count(int64(t)).Put(" ns")
	}
}

// bar draws a rectangle that moves up and down by parts of a pixel.
func (v *Views) bar(x0, x1, y, h float32, col rgba) {
	v.Add(draw.Item{Kind: draw.Slant, X: x0, Y: y, W: x1 - x0, Stroke: h, Smooth: true, Color: col})
}

// upright draws a bar from one time to another, as far as it is seen.
func (v *Views) upright(x, w, y0, y1 float32, col rgba) {
	g := &v.down.g
	y0, y1 = max(y0, g.top), min(y1, g.bottom)
	if y1 > y0 {
		v.bar(x, x+w, y0, y1-y0, col)
	}
}

// frame paints over what reaches beyond top and bottom, and writes what the columns are.
func (v *Views) frame(g *rungs) {
	x, w := g.columns[0].left-6*g.u, g.f.X+g.f.W-4*g.u-g.columns[0].left+4*g.u
	v.Rect(x, g.top-g.lip, w, g.lip, 0, v.Theme.Card)
	v.Rect(x, g.bottom, w, g.lip, 0, v.Theme.Card)
	behind := false
	for i := range g.n {
		v.head(g, &g.columns[i])
		behind = behind || g.columns[i].run.Header().Behind != nil
	}
	v.foot(g, behind)
	v.WriteWithin(g.f.X+14*g.u, g.f.Y+g.f.H-8*g.u, g.f.W-28*g.u, draw.Font{Size: 10 * g.u, Color: v.Theme.Secondary})
}

// foot puts how to read the picture, or what is not in it.
func (v *Views) foot(g *rungs, behind bool) {
	room := g.f.W/g.u - 28
	if left := len(v.runs) - g.n; left > 0 {
		v.Plural(left, "run").Put(" more: there is no room here.")
		return
	}
	if behind {
		v.Put("What happens behind the proxy is left out. ")
		room -= 210
	}
	if room > 290 {
		v.Put("Slope is delay, thickness time on the wire, at least 2 px.")
	}
	if room > 640 {
		v.Put(" Pale: still to come. Dots wait for the wire; an edge is a FIN that rides along.")
	}
	if room > 900 {
		v.Put(" Green: the server works. Dashed: kept connections rest.")
	}
}

// head writes whose a column is, and whose its lines are.
func (v *Views) head(g *rungs, c *pair) {
	h := c.run.Header()
	x, y := c.left, g.f.Y+21*g.u
	x += v.Put(tell.Letters[c.lane]).Write(x, y, draw.Font{Size: 13 * g.u, Color: v.Theme.Accent, Bold: true}) + 6*g.u
	if v.Put(tell.Caption(h)); h.Missing < g.until {
		v.Drop()
		v.Put("the record ends at ").Span(h.Missing)
	}
	v.WriteWithin(x, y, c.right-8*g.u-x, draw.Font{Size: 13 * g.u, Color: v.Theme.Text, Bold: true})
	f := draw.Font{Size: 10.5 * g.u, Color: v.Theme.Secondary}
	if y = g.f.Y + 41*g.u; h.Clients > 1 {
		v.Count(int64(h.Clients)).Put(" clients")
	} else {
		v.Put("client")
	}
	left := c.client - 3*g.u + v.Write(c.client-3*g.u, y, f)
	f.Align = draw.Right
	switch {
	case h.Behind != nil:
		v.Put("proxy")
	case h.Servers > 1:
		v.Count(int64(h.Servers)).Put(" servers")
	default:
		v.Put("server")
	}
	right := c.server + 3*g.u - v.Write(c.server+3*g.u, y, f)
	f.Align = draw.Center
	if v.Put("finished at ").Span(h.Finished); h.Finished == 0 || h.Finished > g.f.At || v.Width(f) > right-left-20*g.u {
		v.Drop()
	}
	v.Write((left+right)/2, y, f)
}

func round(v float32) float32 { return float32(math.Floor(float64(v) + 0.5)) }
