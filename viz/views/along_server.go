package views

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/sim"
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

// layers are what lies over each other in a panel, from the bottom up.
const layers = 4

// parts are how much of each gauge there is in each layer.
type parts struct {
	at sim.Time
	of [gauges][layers]int64
}

// occupancy is how busy a run's server is.
type occupancy struct {
	steps   []parts
	has     [layers]bool // of the connections, the workers and the cores
	threads bool         // a connection or a request holds a worker
	most    [gauges]int64

	cols  columns
	stack [gauges][layers]series // each layer reaches up to the sum of those below it and itself
}

// gaugeLayers are the layers that a gauge has.
var gaugeLayers = [gauges][layers]bool{{true, true, true, true}, {true, true}, {0: true, 3: true}, {2: true}}

func (lane *timed) readServer() {
	if lane.server != nil {
		return
	}
	log, o := lane.run.Index.Log(), &occupancy{}
	lane.server = o
	o.threads = log.Header.ThreadPerConnection || log.Header.ThreadPerRequest
	var s trace.State
	var last parts
	for i := range log.Records {
		r := &log.Records[i]
		if r.IsBehind() || r.Kind != trace.ServerConns && r.Kind != trace.ServerLoad && r.Kind != trace.ServerMemory {
			continue
		}
		s.Apply(r)
		if p := partsOf(&s.Server, &log.Header); p.of != last.of {
			p.at, last = r.At, p
			o.steps = append(o.steps, p)
			o.note(&p)
		}
	}
}

// note keeps what there is, and how much at most.
func (o *occupancy) note(p *parts) {
	for g := range gauges {
		sum := int64(0)
		for k, n := range p.of[g] {
			sum += n
			o.has[k] = o.has[k] || n > 0 && g != memoryGauge
		}
		o.most[g] = max(o.most[g], sum)
	}
}

func partsOf(s *trace.ServerState, h *trace.Header) parts {
	busy, kept := working(h, s)
	return parts{of: [gauges][layers]int64{
		connectionsGauge: {int64(s.Working), int64(s.Idle), int64(max(s.Open-s.Working-s.Idle, 0)), int64(s.AcceptQueue)},
		workersGauge:     {int64(busy), int64(kept)},
		coresGauge:       {0: int64(s.Cores), 3: int64(s.Queue)},
		memoryGauge:      {2: s.Memory},
	}}
}

// draw cuts the occupancy into columns.
func (o *occupancy) draw(log *trace.Log, cols columns) {
	if o.cols == cols {
		return
	}
	o.cols = cols
	for g := range gauges {
		for k := range layers {
			o.stack[g][k].reset()
			o.stack[g][k].set(0, 0)
		}
		for i := range o.steps {
			p := &o.steps[i]
			if p.at > cols.end {
				break
			}
			col, sum := cols.of(p.at), int64(0)
			for k, n := range p.of[g] {
				if sum += n; gaugeLayers[g][k] {
					o.stack[g][k].set(col, sum)
				}
			}
		}
		for k := range layers {
			if gaugeLayers[g][k] {
				o.stack[g][k].keep(cols.of(log.Header.Ended))
			}
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
func (lane *timed) limit(g gauge) int64 {
	h, n := lane.run.Header(), 0
	switch g {
	case connectionsGauge:
		n = h.MaxConnections
	case workersGauge:
		if lane.server.threads {
			n = h.Workers
		}
	case coresGauge:
		n = h.CPUs
	default:
	}
	return int64(n * max(h.Servers, 1))
}

// shareServers gives all runs the same scales.
func (v *Views) shareServers() {
	l, cols := &v.time, v.time.plot.columns()
	for _, lane := range l.lanes {
		lane.server.draw(lane.run.Index.Log(), cols)
	}
	for g := range gauges {
		l.most[g] = l.peak(g)
		for _, lane := range l.lanes {
			if limit := lane.limit(g); limit <= 2*l.peak(g) { // one that is far away would press what there is to the bottom
				l.most[g] = max(l.most[g], limit)
			}
		}
	}
}

// peak is the most of a gauge in any run.
func (l *timeline) peak(g gauge) (most int64) {
	for _, lane := range l.lanes {
		most = max(most, lane.server.most[g])
	}
	return most
}

func (v *Views) serverEntries(to []entry) []entry {
	t := v.Theme
	var has [layers]bool
	limited := false
	for _, lane := range v.time.lanes {
		for k, is := range lane.server.has {
			has[k] = has[k] || is
		}
		for g := range gauges {
			limit := lane.limit(g)
			limited = limited || limit > 0 && limit <= 2*v.time.peak(g)
		}
	}
	for k, e := range [...]entry{{"in work", thick, t.Wait}, {"kept, idle", striped, t.Idle}, {"open otherwise", ruled, t.Ack}, {"waiting", area, t.SetUp}} {
		if has[k] {
			to = append(to, e)
		}
	}
	if limited {
		to = append(to, entry{"limit", level, t.Text})
	}
	return to
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
		shown[memoryGauge] = shown[memoryGauge] || other.server.most[memoryGauge] > 0
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
	u, o := l.plot.u, lane.server
	head := 16 * u
	s := newScale(l.most[g], p.y+head, p.h-head, u)
	s.bytes = g == memoryGauge
	limit := lane.limit(g)
	if g == workersGauge && !o.threads {
		v.Put("workers, of which an event loop holds none")
	}
	v.gaugeName(g, limit, p.y+head-6*u, limit <= s.most)
	v.uprights(s.y, s.h)
	v.levels(&s)
	v.layersOf(g, o, &s)
	if limit > 0 && limit <= s.most {
		v.stretch(bar{l.plot.x0, l.plot.x1, s.at(limit), 2 * u}, level, t.Text)
	}
	v.ahead(s.y-2*u, s.h+3*u)
}

// layersOf draws the layers of a gauge, each in its pattern.
func (v *Views) layersOf(g gauge, o *occupancy, s *scale) {
	t := v.Theme
	pen := func(c color.NRGBA) pen { return pen{s, o.cols, c, 2 * v.time.plot.u} }
	k, has := &o.stack[g], &gaugeLayers[g]
	if has[0] {
		v.fill(&k[0], pen(t.Wait))
	}
	if has[1] {
		v.between(&k[1], &k[0], pen(draw.Faded(t.Idle, 0.25)))
		v.stripes(&k[1], &k[0], pen(t.Idle))
	}
	if g == memoryGauge {
		v.fill(&k[2], pen(draw.Faded(t.Accent, 0.35)))
		v.steps(&k[2], pen(t.Accent))
	} else if has[2] && o.has[2] {
		v.ruled(&k[2], &k[1], pen(t.Ack))
	}
	if has[3] {
		below := &k[2]
		if !has[2] {
			below = &k[0]
		}
		v.between(&k[3], below, pen(draw.Faded(t.SetUp, 0.25)))
		v.edge(&k[3], below, pen(t.SetUp))
	}
}

// gaugeName writes what a panel shows, and its limit.
func (v *Views) gaugeName(g gauge, limit int64, y float32, drawn bool) {
	p := &v.time.plot
	f := draw.Font{Size: 10 * p.u, Color: v.Theme.Secondary, Bold: true}
	if !v.Begun() {
		v.Put(gaugeNames[g])
	}
	x := p.x0
	x += v.WriteWithin(x, y, p.x1-x, f) + 10*p.u
	if limit == 0 {
		return
	}
	f.Bold = false
	if v.Put("limit ").Count(limit); !drawn {
		v.Put(", above this scale")
	}
	v.WriteWithin(x, y, p.x1-x, f)
}
