package views

import (
	"image/color"

	"keepalive/sim"
	"keepalive/viz/draw"
)

func (v *Views) connectionEntries(to []entry) []entry {
	t := v.Theme
	var tls, shut, waits, torn bool
	for _, lane := range v.time.lanes {
		s := &lane.requests.seen
		tls, shut, waits, torn = tls || s.tls, shut || s.closing, waits || s.waits, torn || s.torn
	}
	to = append(to, entry{"opening", thin, t.SetUp})
	if tls {
		to = append(to, entry{"TLS", thin, t.TLS})
	}
	to = append(to, v.phase(sending), v.phase(waiting), v.phase(receiving), entry{"idle", dashed, t.Idle})
	if shut {
		to = append(to, entry{"closing", closing, t.Text})
	}
	if waits {
		to = append(to, entry{"TIME_WAIT", tail, t.Ack})
	}
	if torn {
		to = append(to, entry{"reset or given up", cross, t.Error})
	}
	return to
}

func (v *Views) connectionsNow(lane *timed) {
	r, at := lane.requests, v.time.plot.at
	opened := until(r.opened, at)
	v.Count(int64(opened - until(r.closed, at))).Put(" open of ").Count(int64(opened)).Put(" so far")
	lane.run.Index.Seek(&lane.state, at)
	if n := lane.state.Counters.TimeWait + lane.state.Server.TimeWait; n > 0 {
		v.Put(", ").Count(int64(n)).Put(" in TIME_WAIT")
	}
}

// connectionRows draws a row for each connection: as many lines as it carries requests at once.
func (v *Views) connectionRows(p panel, lane *timed) {
	l, u := &v.time, v.time.plot.u
	r, chosen := lane.requests, -1
	if id := l.connection(lane); id != 0 && int(id) <= len(r.conns) {
		chosen = int(r.lineOf(id, l.f.Chosen.Request))
	}
	least, good := 5*u, 15*u
	if int(r.lines) > len(r.conns) {
		least, good = 3.2*u, 7*u
	}
	w := lane.rows[1].show(p, l.plot.at, chosen, least, good, 20*u)
	from, to := w.seen()
	first, last := r.connsIn(int32(from), int32(to))
	for i := first; i < last; i++ {
		v.connection(&w, lane, i)
	}
	v.ahead(p.y, p.h)
	free := float32(0)
	for i := first; i < last; i++ {
		free = v.connectionLabel(&w, lane, i, free)
	}
	v.Of = draw.Ref{}
	v.strip(&w, chosen)
}

// lineOf is the line of a request on a connection, or the connection's first if it carries no such request.
func (r *requests) lineOf(id, req uint32) int32 {
	c := &r.conns[id-1]
	for k := c.from; k < c.until; k++ {
		if a := &r.attempts[k]; a.req == req {
			return c.line + a.lane
		}
	}
	return c.line
}

// connsIn is which connections have lines between two, from the first to before the last.
func (r *requests) connsIn(from, to int32) (first, last int) {
	first = r.connAt(from)
	return first, min(r.connAt(max(to-1, from))+1, len(r.conns))
}

// connAt is the connection that has a line, from 0.
func (r *requests) connAt(line int32) int {
	low, high := 0, len(r.conns)
	for low+1 < high {
		if mid := (low + high) / 2; r.conns[mid].line <= line {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// connection draws one connection's life.
func (v *Views) connection(w *window, lane *timed, i int) {
	l := &v.time
	p, c := &l.plot, &lane.requests.conns[i]
	v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Connection, ID: uint32(i + 1)}
	tone := l.tone(lane, l.f.Chosen.Marks(v.Of))
	if y, seen := w.y(int(c.line)); seen {
		b := bar{y: y + w.high/2, h: min(max(w.high*0.66, 2.5*p.u), 12*p.u)}
		v.life(lane, c, b, tone)
	}
	var drawn [8]float32 // where the last bar ends that was drawn, by the attempts' lanes: those below it are not seen
	for k := c.from; k < c.until; k++ {
		a := &lane.requests.attempts[k]
		last := &drawn[a.lane%8]
		if x1 := p.x(min(a.end, lane.requests.last)); c.lanes > 8 || x1 > *last+0.5*p.u || l.f.Chosen.Request == a.req {
			v.carried(w, lane, k, tone)
			*last = max(x1, p.x(a.from)+2*p.u)
		}
	}
}

// life draws what is not a request.
func (v *Views) life(lane *timed, c *conn, b bar, tone float32) {
	p, t := &v.time.plot, v.Theme
	piece := func(from, to sim.Time, as look, e entry) {
		if from < to && from < p.end {
			b.x0, b.x1 = p.x(from), p.x(to)
			v.stretch(b, as, draw.Faded(e.color, tone))
		}
	}
	last := lane.requests.last
	piece(c.began, min(c.open, c.closed, last), thin, entry{color: t.SetUp})
	ready := c.open
	if c.secured != sim.Never {
		piece(c.open, c.secured, thin, entry{color: t.TLS})
		ready = c.secured
	}
	end, idle := min(c.closing, c.closed, last), ready
	for k := c.from; k < c.until; k++ {
		a := &lane.requests.attempts[k]
		if until := min(a.from, end); p.x(until)-p.x(idle) > p.u {
			piece(idle, until, dashed, entry{color: t.Idle})
		}
		idle = max(idle, a.end)
	}
	piece(idle, end, dashed, entry{color: t.Idle})
	piece(c.closing, min(c.closed, last), closing, entry{color: t.Text})
	if c.waits != sim.Never {
		piece(max(c.waits, min(c.closed, last)), p.end, tail, entry{color: t.Ack})
	}
	if c.torn && c.closed <= p.end {
		v.mark(p.x(c.closed), b.y, cross, draw.Faded(t.Error, tone))
	}
}

// carried draws a request on a connection, from its end to its beginning, and its number where there is room.
func (v *Views) carried(w *window, lane *timed, k int32, tone float32) {
	l := &v.time
	p, a := &l.plot, &lane.requests.attempts[k]
	y, seen := w.y(int(lane.requests.conns[a.conn-1].line + a.lane))
	if !seen {
		return
	}
	of := v.Of
	v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Request, ID: a.req}
	if l.f.Chosen.Request != 0 && !l.f.Chosen.Marks(v.Of) {
		tone = min(tone, 0.5)
		if !l.chosen(lane) {
			tone = 1
		}
	}
	ends := [...]sim.Time{a.from, min(a.sent, a.end), min(a.first, a.end), min(a.end, lane.requests.last)}
	b := bar{y: y + w.high/2, h: min(max(w.high*0.66, 2.5*p.u), 12*p.u)}
	widest, room := bar{}, float32(0)
	var on entry
	if p.x(ends[3])-p.x(ends[0]) < 2*p.u { // a sliver has no parts
		ends[1], ends[2] = ends[0], ends[3]
	}
	for n := 2; n >= 0; n-- {
		if ends[n] >= ends[n+1] {
			continue
		}
		e := v.phase(sending + phase(n))
		b.x0, b.x1 = p.x(ends[n]), p.x(ends[n+1])
		v.stretch(b, thick, draw.Faded(e.color, tone))
		if wide := min(b.x1, p.now) - b.x0; wide > room {
			widest, room, on = b, wide, e
		}
	}
	if widest.x1 = widest.x0 + room; tone == 1 {
		v.number(widest, a.req, on.color)
	}
	v.Of = of
}

// number writes a request's number at the beginning of a bar of a colour, if there is room.
func (v *Views) number(b bar, req uint32, c color.NRGBA) {
	u := v.time.plot.u
	f := draw.Font{Size: 9 * u, Color: v.Theme.On(c), Bold: true}
	if wide := v.Count(int64(req)).Width(f); b.h >= 8.5*u && wide+7*u < b.x1-b.x0 {
		if f.Color == v.Theme.OnDark { // white letters need a little more than the green of waiting
			v.Rect(b.x0+2*u, whole(b.y-b.h/2), wide+3*u, whole(b.h), 0, mixed(c, v.Theme.OnBright, 0.15))
		}
		v.Write(b.x0+3.5*u, b.y+3.2*u, f)
	}
	v.Drop()
}

// connectionLabel names a connection in the margin, below free, and marks what is chosen. It returns what is free then.
func (v *Views) connectionLabel(w *window, lane *timed, i int, free float32) float32 {
	l := &v.time
	p, c := &l.plot, &lane.requests.conns[i]
	v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Connection, ID: uint32(i + 1)}
	marked := l.f.Chosen.Marks(v.Of)
	v.ringedOn(w, lane, c)
	top, seen := w.y(int(c.line))
	if !seen && c.lanes > 1 { // the first of its lines that is seen
		top, seen = max(top, w.panel.y), true
	}
	if last := w.panel.y + w.panel.h - w.high + 0.6; !seen || top > last || top < w.panel.y-0.6 {
		return free
	}
	f := v.label(marked, w.high)
	base := max(top+w.high/2+f.Size*0.36, w.panel.y+f.Size*0.7)
	if !marked && base-f.Size < free {
		return free
	}
	f.Align = draw.Right
	if v.Number("connection", uint32(i+1)).Width(f) > p.x0-7*p.u-p.left {
		v.Drop()
		v.Count(int64(i + 1))
	}
	if base-f.Size >= free {
		v.Write(p.x0-7*p.u, base, f)
		free = base + 1
	}
	v.Drop()
	return free
}

// ringedOn marks the connection that is chosen, or the request.
func (v *Views) ringedOn(w *window, lane *timed, c *conn) {
	l := &v.time
	p, end := &l.plot, lane.requests.last
	if !l.f.Chosen.Marks(v.Of) {
		return
	}
	if l.f.Chosen.Kind == draw.Connection || l.f.Chosen.Request == 0 {
		y, h := w.y0(int(c.line), int(c.lanes))
		if h > 0 {
			v.ringed(p.x(c.began), p.x(min(c.closed, end)), y, h)
		}
		return
	}
	for k := c.from; k < c.until; k++ {
		if a := &lane.requests.attempts[k]; a.req == l.f.Chosen.Request {
			if y, seen := w.y(int(c.line + a.lane)); seen {
				high := max(w.high+2, 14*p.u)
				v.ringed(p.x(a.from), p.x(min(a.end, end)), y+(w.high-high)/2, high)
			}
		}
	}
}

// y0 is where the part of some rows that is seen begins, and how high it is.
func (w *window) y0(row, n int) (y, h float32) {
	y = w.panel.y + (float32(row)-w.top)*w.high
	bottom := min(y+float32(n)*w.high, w.panel.y+w.panel.h)
	y = max(y, w.panel.y)
	return y, bottom - y
}
