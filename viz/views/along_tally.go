package views

import (
	"slices"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
)

// tally is how many requests have been wanted, have begun and are done, by column: what is shown of a run that is so long
// that no request's own bar would be seen.
type tally struct {
	cols                columns
	wanted, begun, done series
	started             []sim.Time // when requests were given a connection, or ended without
	typical             sim.Time   // half of the requests take longer
}

// crowd is from how many requests on they may be counted instead of drawn.
const crowd = 60

func (r *requests) tallied() *tally {
	if r.tally == nil {
		r.tally = &tally{}
		took := make([]sim.Time, len(r.all))
		for i := range r.all {
			a := &r.all[i]
			took[i] = a.end - a.wanted
			r.tally.started = append(r.tally.started, a.end-a.took[sending]-a.took[waiting]-a.took[receiving])
		}
		slices.Sort(took)
		slices.Sort(r.tally.started)
		if n := len(took); n > 0 {
			r.tally.typical = took[n/2]
		}
	}
	return r.tally
}

// counts tells whether the requests are counted: in one of the runs most of many would be slivers.
func (l *timeline) counts() bool {
	p := &l.plot
	for _, lane := range l.lanes {
		if r := lane.requests; len(r.all) > crowd && p.x(r.tallied().typical)-p.x0 < 3*p.u {
			return true
		}
	}
	return false
}

// cut makes the tally's columns.
func (r *requests) cut(cols columns) *tally {
	y := r.tallied()
	if y.cols == cols {
		return y
	}
	y.cols = cols
	count := func(s *series, n int, at func(int) sim.Time) {
		s.reset()
		s.set(0, 0)
		for i := 0; i < n && at(i) <= cols.end; i++ {
			s.set(cols.of(at(i)), int64(i+1))
		}
		s.keep(cols.of(r.last))
	}
	count(&y.wanted, len(r.all), func(i int) sim.Time { return r.all[i].wanted })
	count(&y.begun, len(y.started), func(i int) sim.Time { return y.started[i] })
	count(&y.done, len(r.ends), func(i int) sim.Time { return r.ends[i] })
	return y
}

func (v *Views) tallyEntries(to []entry) []entry {
	t := v.Theme
	to = append(to, entry{"requests done", area, t.Data}, entry{"in work", thick, t.Wait}, entry{"waiting for a connection", striped, t.Idle})
	for _, lane := range v.time.lanes {
		if len(lane.requests.failed) > 0 {
			return append(to, entry{"failed", cross, t.Error})
		}
	}
	return to
}

// tallyOf draws how the requests of a run go on: a steeper line is faster, and what lies between asked for and done is
// under way.
func (v *Views) tallyOf(p panel, lane *timed) {
	l, t, r := &v.time, v.Theme, lane.requests
	most := 0
	for _, other := range l.lanes {
		most = max(most, len(other.requests.all))
	}
	y := r.cut(l.plot.columns())
	s := newScale(int64(most), p.y, p.h, l.plot.u)
	v.levels(&s)
	pen := func(e entry, part float32) pen { return pen{&s, y.cols, draw.Faded(e.color, part), 2 * l.plot.u} }
	v.fill(&y.done, pen(entry{color: t.Data}, 0.25))
	v.between(&y.begun, &y.done, pen(entry{color: t.Wait}, 1))
	v.between(&y.wanted, &y.begun, pen(entry{color: t.Idle}, 0.25))
	v.stripes(&y.wanted, &y.begun, pen(entry{color: t.Idle}, 1))
	v.steps(&y.done, pen(entry{color: t.Data}, 1))
	v.failures(&s, lane)
	v.ahead(p.y-3*l.plot.u, p.h+4*l.plot.u)
	if req := l.f.Chosen.Request; l.chosen(lane) && req != 0 && int(req) <= len(r.all) {
		v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Request, ID: req}
		a := &r.all[req-1]
		v.ringed(l.plot.x(a.wanted), l.plot.x(a.end), s.at(int64(req))-5*l.plot.u, 10*l.plot.u)
	}
}

// failures marks the requests that failed, as many as are apart.
func (v *Views) failures(s *scale, lane *timed) {
	p, r := &v.time.plot, lane.requests
	if len(r.failed) == 0 {
		return
	}
	last := float32(-100)
	for i := range r.all {
		a := &r.all[i]
		if a.status == trace.OK || a.end > p.end {
			continue
		}
		if x := p.x(a.end); x-last >= 5*p.u || last-x >= 5*p.u {
			last = x
			v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Request, ID: uint32(i + 1)}
			v.mark(min(x, p.x1-4*p.u), s.at(int64(i+1)), cross, v.Theme.Error)
		}
	}
}
