package views

import (
	"slices"

	"keepalive/sim"
	"keepalive/viz/draw"
)

// rowSet is a list of rows of which as many are shown as fit: those around the work of the present.
type rowSet struct {
	n     int
	end   sim.Time  // of the focus
	focus []float32 // the middle of the rows in work, at instants that are equally far apart: the knots
}

// work visits the stretches of time in which a row is in work.
type work func(visit func(row float32, from, to sim.Time))

// follow reads where the work is, and smooths it, so that the rows glide.
func (s *rowSet) follow(n int, end sim.Time, each work) {
	knots := min(max(4*n, 256), 1<<16) // a row may be in work for a small part of the time
	s.n, s.end, s.focus = n, end, make([]float32, knots+1)
	sum, count := make([]float64, knots+2), make([]float64, knots+2)
	each(func(row float32, from, to sim.Time) {
		a, b := int(s.knot(from)), int(s.knot(to))
		sum[a] += float64(row)
		sum[b+1] -= float64(row)
		count[a]++
		count[b+1]--
	})
	rows, busy, last := 0.0, 0.0, 0.0
	for k := range s.focus {
		if rows, busy = rows+sum[k], busy+count[k]; busy > 0.5 {
			last = rows / busy
		}
		sum[k] = last
	}
	const wide = 4
	total := 0.0 // of the knots around the one that is smoothed
	for k := -wide; k <= wide; k++ {
		total += sum[max(k, 0)]
	}
	low, high := s.extremes(each)
	for k := range s.focus {
		s.focus[k] = float32(total / (2*wide + 1))
		if low[k] <= high[k] { // where the work jumps, so do the rows
			s.focus[k] = min(max(s.focus[k], low[k]), high[k])
		}
		total += sum[min(k+wide+1, knots)] - sum[max(k-wide, 0)]
	}
}

// span is from which knot to which a row is in work.
type span struct {
	from, to int32
	row      float32
}

// extremes are the first and the last row in work at each knot; the other way round: none is.
func (s *rowSet) extremes(each work) (low, high []float32) {
	var spans []span
	each(func(row float32, from, to sim.Time) {
		spans = append(spans, span{int32(s.knot(from)), int32(s.knot(to)), row})
	})
	slices.SortStableFunc(spans, func(a, b span) int { return int(a.row - b.row) })
	low = painted(spans, len(s.focus), float32(s.n))
	slices.Reverse(spans)
	return low, painted(spans, len(s.focus), -1)
}

// painted is, at each of n knots, the row of the first span that covers it, or none.
func painted(spans []span, n int, none float32) []float32 {
	rows, next := make([]float32, n), make([]int32, n+1) // next: the first knot from here on without a row, or on the way to it
	for k := range next {
		next[k] = int32(k)
	}
	free := func(k int32) int32 {
		for next[k] != k {
			next[k] = next[next[k]]
			k = next[k]
		}
		return k
	}
	for k := range rows {
		rows[k] = none
	}
	for _, p := range spans {
		for k := free(p.from); k <= p.to && int(k) < n; k = free(k) {
			rows[k], next[k] = p.row, k+1
		}
	}
	return rows
}

// knot is where between the knots a time lies.
func (s *rowSet) knot(t sim.Time) float64 {
	return float64(min(max(t, 0), s.end)) / float64(s.end) * float64(len(s.focus)-1)
}

// window is which rows of a set a panel shows.
type window struct {
	top   float32 // the row at the top edge
	fit   float32 // how many fit
	high  float32 // of a row
	panel panel
	n     int
}

// show places the rows: all of them if they fit with at least least each, else those around the work at t, and want among
// them, if it is not negative.
func (s *rowSet) show(p panel, t sim.Time, want int, least, good, most float32) window {
	w := window{panel: p, n: s.n, high: min(p.h/float32(max(s.n, 1)), most)}
	if w.high >= least {
		w.fit = p.h / w.high
		return w
	}
	w.high = min(max(p.h/8, least), good)
	w.fit = p.h / w.high
	at := s.knot(t)
	k := min(int(at), len(s.focus)-2)
	middle := s.focus[k] + (s.focus[k+1]-s.focus[k])*float32(at-float64(k))
	w.top = middle + 0.5 - w.fit/2
	if want >= 0 {
		w.top = min(max(w.top, float32(want+1)-w.fit), float32(want))
	}
	w.top = min(max(w.top, 0), float32(s.n)-w.fit)
	return w
}

// y is the top of a row; false: the panel does not show all of it.
func (w *window) y(row int) (float32, bool) {
	y := w.panel.y + (float32(row)-w.top)*w.high
	return y, y > w.panel.y-0.6 && y+w.high < w.panel.y+w.panel.h+0.6
}

// range_ is the rows that may be seen, from the first to before the last.
func (w *window) seen() (from, to int) {
	return max(int(w.top), 0), min(int(w.top+w.fit)+1, w.n)
}

// scrolls tells whether there are more rows than can be seen.
func (w *window) scrolls() bool { return float32(w.n) > w.fit+0.01 }

// strip draws at the right edge which part of all rows is seen, and where the chosen one is.
func (v *Views) strip(w *window, chosen int) {
	if !w.scrolls() {
		return
	}
	p := &v.time.plot
	u, h := p.u, w.panel.h
	x, wide := p.x1+9*u, 6*u
	v.Rect(x, w.panel.y, wide, h, 3*u, v.Theme.Pipe)
	n := float32(w.n)
	high := max(h*w.fit/n, 8*u)
	v.Rect(x, w.panel.y+(h-high)*w.top/max(n-w.fit, 1), wide, high, 3*u, v.Theme.Secondary)
	if chosen >= 0 {
		v.Rect(x-2*u, w.panel.y+(h-3*u)*(float32(chosen)+0.5)/n, wide+4*u, 3*u, 0, v.Theme.Accent)
	}
}

// ringed marks what is chosen: an outline around a part of a row.
func (v *Views) ringed(x0, x1, y, h float32) {
	p := &v.time.plot
	u := p.u
	x0, x1 = max(x0-3*u, p.x0-3*u), min(x1+3*u, p.x1+4*u)
	w := max(x1-x0, 8*u)
	v.Outline(x0-u, y-u, w+2*u, h+2*u, 4*u, 4*u, v.Theme.Card) // so that it stands out from what it is drawn on
	v.Outline(x0, y, w, h, 3*u, 2*u, v.Theme.Accent)
}

// rowsOf draws the rows of a run.
func (v *Views) rowsOf(i int, lane *timed) {
	p := v.time.plot.panels[i]
	v.uprights(p.y, p.h)
	switch {
	case v.time.f.Kind == Connections && v.time.countsConnections():
		v.censusOf(p, lane)
	case v.time.f.Kind == Connections:
		v.connectionRows(p, lane)
	case v.time.counts():
		v.tallyOf(p, lane)
	default:
		v.requestRows(p, lane)
	}
}

// readRequests reads the rows, and again where the work is if the end of time is another.
func (lane *timed) readRequests(f Frame) {
	if lane.requests == nil {
		lane.requests = readRequests(lane.run.Index.Log())
	}
	r, end := lane.requests, max(f.End, 1)
	if s := &lane.rows[0]; f.Kind == Requests && s.end != end {
		s.follow(len(r.all), end, func(visit func(float32, sim.Time, sim.Time)) {
			for i := range r.all {
				a := &r.all[i]
				visit(float32(i), a.wanted+a.took[blocked]+a.took[lookup], a.end)
			}
		})
	}
	if s := &lane.rows[1]; f.Kind == Connections && s.end != end {
		s.follow(int(r.lines), end, func(visit func(float32, sim.Time, sim.Time)) {
			for i := range r.attempts {
				a := &r.attempts[i]
				c := &r.conns[a.conn-1]
				from := a.from
				if int32(i) == c.from {
					from = min(c.began, from)
				}
				visit(float32(c.line+a.lane), from, min(a.end, r.last))
			}
		})
	}
}

// tone is a colour of a thing: faded if another thing of its run is chosen.
func (l *timeline) tone(lane *timed, marked bool) float32 {
	if l.chosen(lane) && !marked {
		return 0.5
	}
	return 1
}

// label is the font of a row's label.
func (v *Views) label(marked bool, high float32) draw.Font {
	f := draw.Font{Size: min(10.5*v.time.plot.u, high*0.95), Color: v.Theme.Secondary}
	f.Size = max(f.Size, 9*v.time.plot.u)
	if marked {
		f.Color, f.Bold = v.Theme.Text, true
	}
	return f
}

// every is of how many rows one has a label, so that labels do not touch.
func (p *plot) every(high float32) int {
	n := 1
	for float32(n)*high < 11*p.u {
		n++
	}
	return n
}
