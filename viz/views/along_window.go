package views

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
)

// event is something that happens to a congestion window.
type event uint8

const (
	lossNoticed event = iota
	delayGrew
	idleRestart
	events
)

// spots are how the events look.
var spots = [events]struct {
	name string
	as   look
}{{"a loss is noticed", cross}, {"slow start ends: the delay grows (HyStart)", tri}, {"smaller again after idling", ring}}

func (v *Views) spot(e event) color.NRGBA {
	return [events]color.NRGBA{v.Theme.Error, v.Theme.Ack, v.Theme.Idle}[e]
}

// windows is what a log tells of the congestion windows with which a server sends.
type windows struct {
	records []int32  // of kind Window, the server's
	client  []uint32 // by connection - 1
	opening []conn   // began, open, secured and closed: when the server's side is over
	first   int      // connections of client 1
	has     [events]bool
	limited bool // slow start has a threshold

	drawn drawnWindows
}

// drawnWindows are those of a choice, by column.
type drawnWindows struct {
	conn  uint32 // 0: those of client 1
	cols  columns
	flows []flow
	slot  []int32 // by connection - 1: its flow + 1
	spots []spotted
	top   int64
	dense bool // several connections send at the same time
}

// flow is one connection's window.
type flow struct {
	conn             uint32
	cwnd, out, limit series
	records          []int32 // a part of windows.records
	phase            uint16
	steered          bool
}

// spotted is an event at its place.
type spotted struct {
	at    sim.Time
	value int64
	what  event
	conn  uint32
}

// mostFlows is how many connections a panel shows.
const mostFlows = 400

// noThreshold is a slow start threshold that nothing has set yet.
const noThreshold = 1<<31 - 1

func (lane *timed) readWindows() {
	if lane.windows != nil {
		return
	}
	log := lane.run.Index.Log()
	w := &windows{}
	lane.windows = w
	for i := range log.Records {
		r := &log.Records[i]
		if r.IsBehind() || r.Conn == 0 {
			continue
		}
		switch r.Kind {
		case trace.ConnState:
			w.onState(r)
		case trace.ConnSecured:
			w.of(r.Conn).secured = r.At
		case trace.Window:
			if trace.IsServer(r.Actor) {
				w.records = append(w.records, int32(i))
			}
		default:
		}
	}
	for _, client := range w.client {
		if client == 1 {
			w.first++
		}
	}
	w.survey(log)
}

func (w *windows) of(id uint32) *conn {
	for len(w.opening) < int(id) {
		w.opening = append(w.opening, conn{began: sim.Never, open: sim.Never, secured: sim.Never, closed: sim.Never})
		w.client = append(w.client, 0)
	}
	return &w.opening[id-1]
}

func (w *windows) onState(r *trace.Record) {
	c, is := w.of(r.Conn), uint8(r.B)
	if trace.IsServer(r.Actor) {
		const finWait2 = 6
		if is == finWait2 || is == tcpTimeWait || is == tcpClosed && c.began != sim.Never {
			c.closed = min(c.closed, r.At)
		}
		return
	}
	w.client[r.Conn-1] = r.Actor
	switch is {
	case tcpSynSent:
		c.began = r.At
	case tcpEstablished:
		c.open = r.At
	case tcpClosed:
		c.open = min(c.open, r.At)
	}
}

// survey finds which events there are, for the legend.
func (w *windows) survey(log *trace.Log) {
	flows := make([]flow, len(w.opening))
	for _, at := range w.records {
		r := &log.Records[at]
		for len(flows) < int(r.Conn) {
			flows = append(flows, flow{})
		}
		f := &flows[r.Conn-1]
		f.records = append(f.records, at)
		if e, is := f.step(r); is {
			w.has[e] = true
		}
		w.limited = w.limited || f.steered
	}
}

// step follows a record, and tells what it is the event of.
func (f *flow) step(r *trace.Record) (e event, is bool) {
	hurt := func(phase uint16) bool { return phase == trace.Recovery || phase == trace.Loss }
	unset := trace.Lo(r.A) == noThreshold
	switch {
	case r.Flags == trace.Avoidance && f.phase == trace.SlowStart && !f.steered && !unset:
		e, is = delayGrew, true
	case hurt(r.Flags) && !hurt(f.phase):
		e, is = lossNoticed, true
	case r.Flags == trace.RestartIdle && !hurt(f.phase) && len(f.records) > 1:
		e, is = idleRestart, true
	}
	f.phase, f.steered = r.Flags, f.steered || !unset
	return e, is
}

// draw cuts the windows of a connection, or of client 1, into columns.
func (w *windows) draw(log *trace.Log, conn uint32, cols columns) {
	d := &w.drawn
	if d.cols == cols && d.conn == conn {
		return
	}
	*d = drawnWindows{conn: conn, cols: cols, flows: d.flows[:0], slot: d.slot[:0], spots: d.spots[:0]}
	for _, at := range w.records {
		r := &log.Records[at]
		if r.At > cols.end {
			break
		}
		if w.opening[r.Conn-1].closed < r.At || conn != 0 && r.Conn != conn || conn == 0 && w.client[r.Conn-1] != 1 {
			continue
		}
		if f := d.flow(r.Conn); f != nil {
			d.add(f, at, r, int64(log.Header.MSS))
		}
	}
	busy := 0
	for i := range d.flows {
		f := &d.flows[i]
		d.dense = d.dense || i > 0 && f.out.first < busy
		busy = max(busy, f.out.first+len(f.out.cols))
		end := cols.of(min(w.opening[f.conn-1].closed, log.Header.Ended))
		f.cwnd.keep(end)
		f.out.keep(end)
		f.limit.keep(end)
		d.top = max(d.top, f.cwnd.high(), f.out.high(), f.limit.high())
	}
}

// flow finds a connection's flow, or begins it; nil: there are too many.
func (d *drawnWindows) flow(conn uint32) *flow {
	for len(d.slot) < int(conn) {
		d.slot = append(d.slot, 0)
	}
	if at := d.slot[conn-1]; at != 0 {
		return &d.flows[at-1]
	}
	n := len(d.flows)
	if n == mostFlows {
		return nil
	}
	if n < cap(d.flows) {
		d.flows = d.flows[:n+1]
	} else {
		d.flows = append(d.flows, flow{})
	}
	f := &d.flows[n]
	f.cwnd.reset()
	f.out.reset()
	f.limit.reset()
	f.conn, f.records, f.phase, f.steered = conn, f.records[:0], 0, false
	d.slot[conn-1] = int32(n + 1)
	return f
}

func (d *drawnWindows) add(f *flow, at int32, r *trace.Record, mss int64) {
	col, cwnd := d.cols.of(r.At), int64(trace.Hi(r.A))*mss
	f.records = append(f.records, at)
	f.cwnd.set(col, cwnd)
	f.out.set(col, int64(trace.Hi(r.B)))
	if limit := trace.Lo(r.A); limit != noThreshold {
		f.limit.set(col, int64(limit)*mss)
	}
	if e, is := f.step(r); is {
		d.spots = append(d.spots, spotted{r.At, cwnd, e, r.Conn})
	}
}

// shareWindows gives all runs the same scale.
func (v *Views) shareWindows() {
	l, cols := &v.time, v.time.plot.columns()
	l.most[0] = 0
	for _, lane := range l.lanes {
		lane.windows.draw(lane.run.Index.Log(), l.shown(v.runs, lane), cols)
		l.most[0] = max(l.most[0], lane.windows.drawn.top)
	}
}

func (v *Views) windowEntries(to []entry) []entry {
	t := v.Theme
	to = append(to, entry{"window", line, t.Text}, entry{"sent, not acknowledged yet", area, t.Data}, entry{"opening", thin, t.SetUp})
	limited, tls, has := false, false, [events]bool{}
	for _, lane := range v.time.lanes {
		tls = tls || lane.run.TLS
		limited = limited || lane.windows.limited
		for e, is := range lane.windows.has {
			has[e] = has[e] || is
		}
	}
	if tls {
		to = append(to, entry{"TLS", thin, t.TLS})
	}
	if limited {
		to = append(to, entry{"slow start threshold", level, t.Ack})
	}
	for e, is := range has {
		if is {
			to = append(to, entry{spots[e].name, spots[e].as, v.spot(event(e))})
		}
	}
	return to
}

// windowsNow puts whose windows are shown, and what they are at present.
func (v *Views) windowsNow(lane *timed) {
	w, at := lane.windows, v.time.plot.at
	log, d := lane.run.Index.Log(), &w.drawn
	var latest *trace.Record
	alive, out := 0, int64(0)
	for i := range d.flows {
		f := &d.flows[i]
		if r := f.latest(log, at); r != nil && at < w.opening[f.conn-1].closed {
			latest, alive, out = r, alive+1, out+int64(trace.Hi(r.B))
		}
	}
	switch {
	case d.conn != 0:
		v.Number("connection", d.conn)
	case lane.run.Header().Clients > 1:
		v.Put("client 1: ").Plural(w.first, "connection")
	default:
		v.Plural(w.first, "connection")
	}
	if alive == 1 {
		v.Put(" · window ").Bytes(int64(trace.Hi(latest.A)) * int64(log.Header.MSS))
	}
	if alive > 0 {
		v.Put(" · ").Bytes(out).Put(" in flight")
	}
}

// latest is the last record of a flow until t; nil: there is none.
func (f *flow) latest(log *trace.Log, t sim.Time) *trace.Record {
	low, high := 0, len(f.records)
	for low < high {
		if mid := (low + high) / 2; log.Records[f.records[mid]].At <= t {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == 0 {
		return nil
	}
	return &log.Records[f.records[low-1]]
}

// windowsOf draws the windows of a run.
func (v *Views) windowsOf(i int, lane *timed) {
	l := &v.time
	p, w := l.plot.panels[i], lane.windows
	u := l.plot.u
	s := newScale(l.most[0], p.y, p.h, u)
	s.bytes = true
	v.uprights(p.y, p.h)
	v.levels(&s)
	d, t := &w.drawn, v.Theme
	pen := func(c color.NRGBA) pen { return pen{&s, d.cols, c, 2 * u} }
	for k := range d.flows {
		f := &d.flows[k]
		v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Connection, ID: f.conn}
		if d.dense {
			v.fill(&f.out, pen(mixed(t.Card, t.Data, 0.6)))
			continue
		}
		v.fill(&f.out, pen(mixed(t.Card, t.Data, 0.35)))
		v.steps(&f.out, pen(t.Data))
	}
	for k := range d.flows {
		f := &d.flows[k]
		v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Connection, ID: f.conn}
		if len(d.flows) < 3 {
			v.dashes(&f.limit, pen(t.Ack))
		}
		v.steps(&f.cwnd, pen(t.Text))
		v.openingOf(&w.opening[f.conn-1], p)
	}
	v.spotsOf(d, &s, lane)
	v.ahead(p.y-5*u, p.h+6*u)
}

// openingOf draws, along the bottom, when a connection opens.
func (v *Views) openingOf(c *conn, p panel) {
	l := &v.time
	b := bar{x0: l.plot.x(c.began), x1: l.plot.x(c.open), y: p.y + p.h - 2*l.plot.u, h: 9 * l.plot.u}
	if c.open != sim.Never && c.began < l.plot.end {
		v.stretch(b, thin, v.Theme.SetUp)
	}
	if c.secured != sim.Never && c.secured > c.open {
		b.x0, b.x1 = b.x1, l.plot.x(c.secured)
		v.stretch(b, thin, v.Theme.TLS)
	}
}

// spotsOf draws the events, as many as are apart.
func (v *Views) spotsOf(d *drawnWindows, s *scale, lane *timed) {
	p := &v.time.plot
	var last [events]float32
	for _, e := range d.spots {
		x := p.x(e.at)
		if x-last[e.what] < 5*p.u && last[e.what] > 0 {
			continue
		}
		last[e.what] = x
		v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Connection, ID: e.conn}
		v.mark(min(x, p.x1-4*p.u), s.at(e.value), spots[e.what].as, v.spot(e.what))
	}
}

// mixed is a colour between two, opaque, so that what lies over each other does not add up.
func mixed(a, b color.NRGBA, part float32) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8(float32(a)*(1-part) + float32(b)*part) }
	return color.NRGBA{R: mix(a.R, b.R), G: mix(a.G, b.G), B: mix(a.B, b.B), A: 255}
}
