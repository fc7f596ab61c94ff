package views

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// mostLanes is how many runs can stand one over the other.
const mostLanes = len(tell.Letters)

// timeline is what the views whose time runs to the right keep from one picture to the next.
type timeline struct {
	lanes  []*timed
	plot   plot
	f      Frame
	legend []entry
	most   [mostLanes]int64 // the ends of scales: by gauge, by lane, or one for all
}

// timed is one run as these views see it. Each part is read when a view first needs it.
type timed struct {
	run      *tell.Run
	ref      uint8
	state    trace.State
	requests *requests
	rows     [2]rowSet // of the requests, of the connections
	windows  *windows
	stream   *stream
	server   *occupancy
}

// plot is where time lies: from x0 to x1, in panels between y0 and y1.
type plot struct {
	u              float32
	x0, x1, y0, y1 float32
	now            float32 // where the present is
	at, end        sim.Time
	left           float32 // where labels begin
	panels         [mostLanes]panel
}

// panel is the part of the plot that shows one run, below its caption.
type panel struct{ y, h float32 }

// x is where a time lies; what lies beyond the ends lies at them.
func (p *plot) x(t sim.Time) float32 {
	t = min(max(t, 0), p.end)
	return p.x0 + float32(float64(p.x1-p.x0)*(float64(t)/float64(p.end)))
}

// along draws a view whose time runs to the right.
func (v *Views) along(f Frame) {
	l := &v.time
	l.f = f
	l.f.Unit = max(f.Unit, 0.5)
	for i := len(l.lanes); i < min(len(v.runs), mostLanes); i++ {
		l.lanes = append(l.lanes, &timed{run: v.runs[i], ref: uint8(i)})
	}
	for _, lane := range l.lanes {
		v.read(lane)
	}
	v.layout()
	if l.plot.x1-l.plot.x0 < 20 || len(l.lanes) == 0 {
		return
	}
	v.share()
	for i, lane := range l.lanes {
		v.Of = draw.Ref{}
		v.caption(i)
		if l.plot.panels[i].h < 8 {
			continue
		}
		switch f.Kind {
		case Requests, Connections:
			v.rowsOf(i, lane)
		case Window:
			v.windowsOf(i, lane)
		case Sequence:
			v.streamOf(i, lane)
		default:
			v.serverOf(i, lane)
		}
	}
	v.Of = draw.Ref{}
	v.timeAxis()
}

// read makes sure that what the view shows of a run is there.
func (v *Views) read(lane *timed) {
	switch v.time.f.Kind {
	case Requests, Connections:
		lane.readRequests(v.time.f)
	case Window:
		lane.readWindows()
	case Sequence:
		lane.readStream()
	default:
		lane.readServer()
	}
}

// share makes the scales that the runs share, once their widths are known.
func (v *Views) share() {
	switch l := &v.time; l.f.Kind {
	case Requests, Connections:
	case Window:
		v.shareWindows()
	case Sequence:
		v.shareStreams()
	default:
		v.shareServers()
	}
}

// layout fits title, legend, panels and axis into the frame.
func (v *Views) layout() {
	l := &v.time
	f, u := l.f, l.f.Unit
	p := &l.plot
	pad := 14 * u
	*p = plot{u: u, at: min(max(f.At, 0), max(f.End, 1)), end: max(f.End, 1), left: f.X + pad}
	p.x0 = p.left + min(max(f.W*0.12, 52*u), 176*u)
	p.x1 = f.X + f.W - 26*u
	p.now = p.x(p.at)
	p.y1 = f.Y + f.H - 26*u
	p.y0 = v.key(f.X+pad, f.Y+8*u, f.X+f.W-pad)
	n := len(l.lanes)
	if n == 0 {
		return
	}
	each := (p.y1 - p.y0) / float32(n)
	head := 19 * u
	if f.Kind == Window || f.Kind == Sequence {
		head += 3 * u // the topmost number of a scale
	}
	for i := range n {
		p.panels[i] = panel{p.y0 + float32(i)*each + head, max(each-head-4*u, 0)}
	}
}

// caption names a run at the top left of its panel, and says at the right what it is like at present.
func (v *Views) caption(i int) {
	l := &v.time
	p, lane := &l.plot, l.lanes[i]
	u := p.u
	y := p.y0 + (p.y1-p.y0)*float32(i)/float32(len(l.lanes)) + 13*u
	f := draw.Font{Size: 11.5 * u, Color: v.Theme.Accent, Bold: true}
	x := p.left + v.Put(tell.Letters[i]).Write(p.left, y, f) + 6*u
	f.Color = v.Theme.Text
	room := p.x1 - x
	x += v.Put(tell.Caption(lane.run.Header())).WriteWithin(x, y, room*0.6, f)
	if room = p.x1 - x - 12*u; room < 70*u {
		return
	}
	v.now(lane)
	v.WriteWithin(p.x1, y, room, draw.Font{Size: 10.5 * u, Color: v.Theme.Secondary, Align: draw.Right})
}

// now puts what a run is like at present.
func (v *Views) now(lane *timed) {
	if missing := lane.run.Header().Missing; missing <= v.time.plot.at {
		v.Put("the record of this run ends at ").Span(missing)
		return
	}
	switch v.time.f.Kind {
	case Requests:
		v.requestsNow(lane)
	case Connections:
		v.connectionsNow(lane)
	case Window:
		v.windowsNow(lane)
	case Sequence:
		v.streamNow(lane)
	default:
		v.serverNow(lane)
	}
}

// ahead draws the present across a part of the plot, and makes faint what has not happened yet.
func (v *Views) ahead(y, h float32) {
	p := &v.time.plot
	v.Of = draw.Ref{}
	if p.now < p.x1 {
		v.Rect(p.now, y, p.x1-p.now+6*p.u, h, 0, draw.Faded(v.Theme.Card, 0.66))
	}
	v.Rect(p.now-p.u, y, 2*p.u, h, 0, v.Theme.Accent)
}

// chosen tells whether something of a run is chosen, so that the rest of it steps back.
func (l *timeline) chosen(lane *timed) bool {
	return l.f.Chosen.Kind != draw.Nothing && l.f.Chosen.Lane == lane.ref
}

// connection is the one that is chosen, or to which the choice belongs; 0: none of this run.
func (l *timeline) connection(lane *timed) uint32 {
	if l.chosen(lane) {
		return l.f.Chosen.Connection
	}
	return 0
}

// timeAt is the time at a place of the last view drawn.
func (l *timeline) timeAt(x, y float32) (sim.Time, bool) {
	p := &l.plot
	if p.x1 <= p.x0 || x < p.x0-4*p.u || x > p.x1+4*p.u || y < p.y0 || y > p.y1+24*p.u {
		return 0, false
	}
	part := min(max((x-p.x0)/(p.x1-p.x0), 0), 1)
	return sim.Time(float64(p.end) * float64(part)), true
}

// alongHeight is the height that suits a view of n runs.
func alongHeight(k Kind, w float32, n int) float32 {
	each, keys := float32(150), float32(70)
	switch k {
	case Requests, Connections:
		each = 182
	case Server:
		each = 200
	default:
	}
	if w < 640 { // the legend takes more lines, and a phone has less height
		each, keys = each*0.8, keys+32
	}
	return keys + each*float32(max(min(n, mostLanes), 1))
}
