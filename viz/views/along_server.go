package views

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// gauge is a quantity of a server that has a panel of its own.
type gauge uint8

const (
	connectionsGauge gauge = iota
	workersGauge
	coresGauge
	memoryGauge
	gauges
)

// gaugeNames name them.
var gaugeNames = [gauges]string{"connections", "workers", "cores", "memory"}

// layers are what lies over each other in a panel, from the bottom up: each reaches up to the sum of those below it and
// itself.
const layers = 4

// occupancy is how busy a run's server is.
type occupancy struct {
	records []int32 // that say so
	queued  bool    // connections wait to be accepted, at some time
	other   bool    // some are open and neither in work nor idle
	threads bool    // a connection or a request holds a worker
	memory  bool

	cols  columns
	state trace.State
	stack [gauges][layers]series
	top   [gauges]int64
}

func (lane *timed) readServer() {
	if lane.server != nil {
		return
	}
	log, o := lane.run.Index.Log(), &occupancy{}
	lane.server = o
	o.threads = log.Header.ThreadPerConnection || log.Header.ThreadPerRequest
	for i := range log.Records {
		r := &log.Records[i]
		if r.IsBehind() {
			continue
		}
		switch r.Kind {
		case trace.ServerConns:
			o.queued = o.queued || trace.Hi(r.A) > 0
			o.other = o.other || trace.Lo(r.A) > trace.Hi(r.B)+trace.Lo(r.B)
			o.records = append(o.records, int32(i))
		case trace.ServerMemory:
			o.memory = true
			o.records = append(o.records, int32(i))
		case trace.ServerLoad:
			o.records = append(o.records, int32(i))
		default:
		}
	}
}

// draw cuts the occupancy into columns.
func (o *occupancy) draw(log *trace.Log, cols columns) {
	if o.cols == cols {
		return
	}
	o.cols, o.top = cols, [gauges]int64{}
	empty := trace.State{}
	o.state.Copy(&empty)
	for g := range o.stack {
		for k := range o.stack[g] {
			o.stack[g][k].reset()
			o.stack[g][k].set(0, 0)
		}
	}
	for _, at := range o.records {
		r := &log.Records[at]
		o.state.Apply(r)
		o.add(cols.of(r.At), &log.Header)
	}
	for g := range o.stack {
		for k := range o.stack[g] {
			o.stack[g][k].keep(cols.of(log.Header.Ended))
			o.top[g] = max(o.top[g], o.stack[g][k].high())
		}
	}
}

// add adds what the server is like from a column on.
func (o *occupancy) add(col int, h *trace.Header) {
	s := &o.state.Server
	busy, kept := working(h, s)
	for g, parts := range [gauges][layers]int64{
		connectionsGauge: {int64(s.Working), int64(s.Idle), int64(max(s.Open-s.Working-s.Idle, 0)), int64(s.AcceptQueue)},
		workersGauge:     {int64(busy), int64(kept)},
		coresGauge:       {int64(s.Cores), 0, 0, int64(s.Queue)},
		memoryGauge:      {0, 0, s.Memory},
	} {
		sum := int64(0)
		for k, n := range parts {
			sum += n
			o.stack[g][k].set(col, sum)
		}
	}
}

// working tells apart the workers that work from those that a kept connection holds.
func working(h *trace.Header, s *trace.ServerState) (busy, kept int) {
	if h.ThreadPerConnection {
		all := max(h.Servers, 1) * h.Workers
		busy = min(s.Working, all)
		return busy, min(s.Open, all) - busy
	}
	return s.Workers, 0
}

// limit is the most that a gauge can reach; 0: none is known.
func (g gauge) limit(h *trace.Header) int64 {
	n := 0
	switch g {
	case connectionsGauge:
		n = h.MaxConnections
	case workersGauge:
		n = h.Workers
	case coresGauge:
		n = h.CPUs
	default:
	}
	return int64(n * max(h.Servers, 1))
}

// shareServers gives all runs the same scales.
func (v *Views) shareServers() {
	l, cols := &v.time, v.time.plot.columns()
	for g := range l.most {
		l.most[g] = 0
	}
	for _, lane := range l.lanes {
		lane.server.draw(lane.run.Index.Log(), cols)
	}
	for g := range gauges {
		for _, lane := range l.lanes {
			l.most[g] = max(l.most[g], lane.server.top[g])
		}
		peak := l.most[g]
		for _, lane := range l.lanes { // a limit that is far away would press what there is to the bottom
			if limit := g.limit(lane.run.Header()); limit <= 2*peak {
				l.most[g] = max(l.most[g], limit)
			}
		}
	}
}

func (v *Views) serverEntries(to []entry) []entry {
	t := v.Theme
	to = append(to, entry{"in work", area, t.Wait}, entry{"kept, idle", striped, t.Idle})
	var queued, other bool
	for _, lane := range v.time.lanes {
		queued, other = queued || lane.server.queued, other || lane.server.other
	}
	if other {
		to = append(to, entry{"open otherwise", area, t.Ack})
	}
	if queued {
		to = append(to, entry{"waiting, not accepted yet", striped, t.SetUp})
	}
	return append(to, entry{"limit", level, t.Text})
}

// serverNow puts what the server is like at present.
func (v *Views) serverNow(lane *timed) {
	lane.run.Index.Seek(&lane.state, v.time.plot.at)
	s := &lane.state.Server
	v.Count(int64(s.Open)).Put(" open: ").Count(int64(s.Working)).Put(" in work, ").Count(int64(s.Idle)).Put(" idle")
	if s.AcceptQueue > 0 {
		v.Put(" · ").Count(int64(s.AcceptQueue)).Put(" not accepted yet")
	}
	if s.Queue > 0 {
		v.Put(" · ").Plural(s.Queue, "request").Put(" waiting")
	}
}

// serverOf draws the gauges of a run for which there is room.
func (v *Views) serverOf(i int, lane *timed) {
	l := &v.time
	p, u := l.plot.panels[i], l.plot.u
	shown := [gauges]bool{connectionsGauge: true, coresGauge: l.most[coresGauge] > 0}
	for _, other := range l.lanes {
		shown[workersGauge] = shown[workersGauge] || other.server.threads
		shown[memoryGauge] = shown[memoryGauge] || other.server.memory
	}
	room, n := max(int(p.h/(54*u)), 1), 0
	for g := range shown {
		if shown[g] = shown[g] && n < room; shown[g] {
			n++
		}
	}
	each := p.h / float32(n)
	for g := range gauges {
		if shown[g] {
			v.gauge(g, panel{p.y, each - 4*u}, lane)
			p.y += each
		}
	}
}

// gauge draws one of them: its name, its limit, and its layers.
func (v *Views) gauge(g gauge, p panel, lane *timed) {
	l, t := &v.time, v.Theme
	u, o, h := l.plot.u, lane.server, lane.run.Header()
	head := 14 * u
	s := newScale(l.most[g], p.y+head, p.h-head, u)
	s.bytes = g == memoryGauge
	limit := g.limit(h)
	v.gaugeName(g, limit, l.plot.x0, p.y+head-4*u, limit > 0 && limit <= s.most)
	v.uprights(s.y, s.h)
	v.levels(&s)
	pen := func(c color.NRGBA) pen { return pen{&s, o.cols, c, 2 * u} }
	k := &o.stack[g]
	v.fill(&k[0], pen(t.Wait))
	v.between(&k[1], &k[0], pen(draw.Faded(t.Idle, 0.25)))
	v.stripes(&k[1], &k[0], pen(t.Idle))
	rest := t.Ack
	if g == memoryGauge {
		rest = t.Accent
	}
	v.between(&k[2], &k[1], pen(draw.Faded(rest, 0.35)))
	if g == memoryGauge || o.other && g == connectionsGauge {
		v.edge(&k[2], &k[1], pen(rest))
	}
	v.between(&k[3], &k[2], pen(draw.Faded(t.SetUp, 0.25)))
	v.stripes(&k[3], &k[2], pen(t.SetUp))
	if limit > 0 && limit <= s.most {
		v.stretch(bar{l.plot.x0, l.plot.x1, s.at(limit), 2 * u}, level, t.Text)
	}
	v.ahead(s.y-2*u, s.h+3*u)
}

// edge draws the upper edge of a layer where there is one.
func (v *Views) edge(above, below *series, p pen) {
	n, x := min(len(above.cols), len(below.cols)), v.time.plot.x0
	for i := 0; i < n; {
		high, low := above.cols[i].high, below.cols[i].high
		k := i + 1
		for k < n && above.cols[k].high == high && (below.cols[k].high < high) == (low < high) {
			k++
		}
		if low < high {
			v.Rect(x+float32(above.first+i)*p.cols.width, p.scale.at(high)-p.thick/2, float32(k-i)*p.cols.width, p.thick, 0, p.color)
		}
		i = k
	}
}

// gaugeName writes what a panel shows, and its limit.
func (v *Views) gaugeName(g gauge, limit int64, x, y float32, drawn bool) {
	p := &v.time.plot
	f := draw.Font{Size: 10 * p.u, Color: v.Theme.Secondary, Bold: true}
	x += v.Put(gaugeNames[g]).Write(x, y, f) + 10*p.u
	if limit == 0 {
		return
	}
	f.Bold = false
	if v.Put("limit ").Count(limit); !drawn {
		v.Put(", above this scale")
	}
	v.WriteWithin(x, y, p.x1-x, f)
}
