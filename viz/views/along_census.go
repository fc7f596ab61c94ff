package views

import (
	"cmp"
	"slices"

	"keepalive/sim"
	"keepalive/viz/draw"
)

// census is how many connections there are of each kind, by column: what is shown of a run that is so long that no
// connection's own bar would be seen.
type census struct {
	cols    columns
	stack   [layers]series // in use, idle, opening, closing: each reaches up to the sum of those below it and itself
	changes []change
	most    int64
	typical sim.Time // half of the connections live longer, TIME_WAIT left out
}

// change is that there is one connection more, or less, in a layer.
type change struct {
	at    sim.Time
	layer uint8
	by    int8
}

// The layers of a census.
const (
	inUse uint8 = iota
	inIdleness
	inOpening
	inClosing
)

// counted reads the census.
func (r *requests) counted() *census {
	if r.census != nil {
		return r.census
	}
	c := &census{}
	r.census = c
	lives := make([]sim.Time, len(r.conns))
	for i := range r.conns {
		lives[i] = min(r.conns[i].closed, r.last) - r.conns[i].began
		r.stages(&r.conns[i], func(layer uint8, from, to sim.Time) {
			if from < to {
				c.changes = append(c.changes, change{from, layer, 1}, change{to, layer, -1})
			}
		})
	}
	slices.Sort(lives)
	if n := len(lives); n > 0 {
		c.typical = lives[n/2]
	}
	slices.SortFunc(c.changes, func(a, b change) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by)) })
	var now [layers]int64
	for _, e := range c.changes {
		now[e.layer] += int64(e.by)
		c.most = max(c.most, now[0]+now[1]+now[2]+now[3])
	}
	return c
}

// stages visits the stretches of a connection's life.
func (r *requests) stages(c *conn, visit func(layer uint8, from, to sim.Time)) {
	ready := c.open
	if c.secured != sim.Never {
		ready = c.secured
	}
	ready = min(ready, c.closed, r.last)
	visit(inOpening, c.began, ready)
	end := min(max(min(c.closing, c.closed), ready), r.last)
	at := ready
	for k := c.from; k < c.until; k++ {
		a := &r.attempts[k]
		from, to := min(max(a.from, at), end), min(max(a.end, at), end)
		visit(inIdleness, at, from)
		visit(inUse, from, to)
		at = max(at, to)
	}
	visit(inIdleness, at, end)
	visit(inClosing, end, min(c.closed, r.last))
}

// cut makes the census's columns.
func (c *census) cut(cols columns, last sim.Time) {
	if c.cols == cols {
		return
	}
	c.cols = cols
	for k := range c.stack {
		c.stack[k].reset()
		c.stack[k].set(0, 0)
	}
	var now [layers]int64
	for i, e := range c.changes {
		if e.at > cols.end {
			break
		}
		if now[e.layer] += int64(e.by); i+1 < len(c.changes) && c.changes[i+1].at == e.at {
			continue // only what an instant leads to is seen
		}
		sum := int64(0)
		for k := range c.stack {
			sum += now[k]
			c.stack[k].set(cols.of(e.at), sum)
		}
	}
	for k := range c.stack {
		c.stack[k].keep(cols.of(last))
	}
}

// countsConnections tells whether the connections are counted: in one of the runs most of many would be slivers.
func (l *timeline) countsConnections() bool {
	p := &l.plot
	for _, lane := range l.lanes {
		if r := lane.requests; len(r.conns) > crowd && p.x(r.counted().typical)-p.x0 < 3*p.u {
			return true
		}
	}
	return false
}

func (v *Views) censusEntries(to []entry) []entry {
	t := v.Theme
	return append(to, entry{"in use", thick, t.Wait}, entry{"idle", striped, t.Idle}, entry{"opening", area, t.SetUp}, entry{"closing", ruled, t.Ack})
}

// censusOf draws how many connections a run has.
func (v *Views) censusOf(p panel, lane *timed) {
	l, t, c := &v.time, v.Theme, lane.requests.counted()
	most := int64(0)
	for _, other := range l.lanes {
		most = max(most, other.requests.counted().most)
	}
	c.cut(l.plot.columns(), lane.requests.last)
	s := newScale(most, p.y, p.h, l.plot.u)
	v.levels(&s)
	k := &c.stack
	b := pen{&s, c.cols, t.Wait, 2 * l.plot.u}
	v.fill(&k[inUse], b)
	b.color = draw.Faded(t.Idle, 0.25)
	v.between(&k[inIdleness], &k[inUse], b)
	b.color = t.Idle
	v.stripes(&k[inIdleness], &k[inUse], b)
	b.color = draw.Faded(t.SetUp, 0.25)
	v.between(&k[inOpening], &k[inIdleness], b)
	b.color = t.SetUp
	v.edge(&k[inOpening], &k[inIdleness], b)
	b.color = t.Ack
	v.ruled(&k[inClosing], &k[inOpening], b)
	v.ahead(p.y-3*l.plot.u, p.h+4*l.plot.u)
	if id := l.connection(lane); id != 0 && int(id) <= len(lane.requests.conns) {
		q := &lane.requests.conns[id-1]
		v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Connection, ID: id}
		v.ringed(l.plot.x(q.began), l.plot.x(min(q.closed, lane.requests.last)), p.y+p.h-10*l.plot.u, 10*l.plot.u)
	}
}
