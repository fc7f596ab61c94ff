package views

import (
	"strconv"

	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// faces are how the phases look.
var faces = [phases]struct {
	name string
	as   look
}{{"waiting for a connection", dashed}, {"looking up the name", dotted}, {"connecting", thin}, {"TLS", thin}, {"sending", thick}, {"waiting", thick}, {"receiving", thick}}

// entry explains a phase.
func (v *Views) phase(p phase) entry {
	t := v.Theme
	e := entry{faces[p].name, faces[p].as, t.SetUp}
	switch p {
	case blocked:
		e.color = t.Idle
	case securing:
		e.color = t.TLS
	case sending:
		e.color = t.Request
	case waiting:
		e.color = t.Wait
	case receiving:
		e.color = t.Data
	default:
	}
	return e
}

// entries are what the legend of the view explains.
func (v *Views) entries(to []entry) []entry {
	switch v.time.f.Kind {
	case Requests:
		if v.time.counts() {
			return v.tallyEntries(to)
		}
		return v.requestEntries(to)
	case Connections:
		if v.time.countsConnections() {
			return v.censusEntries(to)
		}
		return v.connectionEntries(to)
	case Window:
		return v.windowEntries(to)
	case Sequence:
		return v.streamEntries(to)
	default:
		return v.serverEntries(to)
	}
}

func (v *Views) requestEntries(to []entry) []entry {
	failed := false
	for p := range phases {
		used := false
		for _, lane := range v.time.lanes {
			used = used || lane.requests.used[p]
			failed = failed || len(lane.requests.failed) > 0
		}
		if used {
			to = append(to, v.phase(p))
		}
	}
	if failed {
		to = append(to, entry{"failed", cross, v.Theme.Error})
	}
	return to
}

func (v *Views) requestsNow(lane *timed) {
	r := lane.requests
	done, failed := until(r.ends, v.time.plot.at), until(r.failed, v.time.plot.at)
	v.Count(int64(done)).Put(" of ").Count(int64(len(r.all))).Put(" done")
	if failed > 0 {
		v.Put(", ").Count(int64(failed)).Put(" failed")
	}
}

// requestRows draws a row for each request.
func (v *Views) requestRows(p panel, lane *timed) {
	l, u := &v.time, v.time.plot.u
	chosen := -1
	if l.chosen(lane) {
		chosen = int(l.f.Chosen.Request) - 1
	}
	w := lane.rows[0].show(p, l.plot.at, chosen, 5*u, 13*u, 17*u)
	from, to := w.seen()
	for i := from; i < to; i++ {
		if y, seen := w.y(i); seen {
			v.requestBars(lane, i, y, w.high)
		}
	}
	v.ahead(p.y, p.h)
	every, said := l.plot.every(w.high), float32(0)
	for i := from; i < to; i++ {
		y, seen := w.y(i)
		if !seen {
			continue
		}
		v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Request, ID: uint32(i + 1)}
		if i == chosen || i%every == 0 && (chosen < 0 || i-chosen >= every || chosen-i >= every) {
			v.requestLabel(lane, i, y, w.high)
		}
		if a := &lane.requests.all[i]; a.status != trace.OK && a.end <= l.plot.at && y-said >= 11*u && v.status(a, y+w.high/2) {
			said = y
		}
		if i == chosen {
			a := &lane.requests.all[i]
			high := max(w.high, 14*u)
			v.ringed(l.plot.x(a.wanted), l.plot.x(a.end), y+(w.high-high)/2, high)
		}
	}
	v.Of = draw.Ref{}
	v.strip(&w, chosen)
}

// requestBars draws the phases from the last to the first, so that a short one is not hidden.
func (v *Views) requestBars(lane *timed, i int, y, high float32) {
	l := &v.time
	a := &lane.requests.all[i]
	v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Request, ID: uint32(i + 1)}
	tone := l.tone(lane, l.marks(lane, i))
	b := bar{y: y + high/2, h: min(max(high*0.62, 3.5*l.plot.u), 11*l.plot.u)}
	at := a.end
	for p := phases; p > 0; p-- {
		took := a.took[p-1]
		if at -= took; took == 0 {
			continue
		}
		e := v.phase(p - 1)
		b.x0, b.x1 = l.plot.x(at), l.plot.x(at+took)
		v.stretch(b, e.as, draw.Faded(e.color, tone))
	}
	if a.ended && a.status != trace.OK {
		v.mark(l.plot.x(a.end), b.y, cross, draw.Faded(v.Theme.Error, tone))
	}
}

// marks tells whether a request is chosen, or is carried by what is.
func (l *timeline) marks(lane *timed, i int) bool {
	if c := &l.f.Chosen; c.Request == 0 && l.chosen(lane) {
		return lane.requests.all[i].conn == c.Connection && c.Connection != 0
	}
	return l.f.Chosen.Marks(draw.Ref{Lane: lane.ref, Kind: draw.Request, ID: uint32(i + 1)})
}

// requestLabel writes the request's number, its path and, where there is room, its connection.
func (v *Views) requestLabel(lane *timed, i int, y, high float32) {
	p := &v.time.plot
	u, n := p.u, len(lane.requests.all)
	f := v.label(v.time.marks(lane, i), high)
	base, end := y+high/2+f.Size*0.36, p.x0-7*u
	wide := v.Count(int64(n)).Width(f)
	v.Drop()
	x := p.left + wide
	f.Align = draw.Right
	v.Count(int64(i+1)).Write(x, base, f)
	f.Align = draw.Left
	x += 6 * u
	if path := lane.path(i); path != "" && !numbered(path, i+1) {
		if v.Put(path).Width(f) <= end-x || end-x > 64*u { // a part of a short one tells nothing
			x += v.WriteWithin(x, base, end-x, f) + 8*u
		}
		v.Drop()
	}
	f.Align, f.Bold = draw.Right, false
	if c := lane.requests.all[i].conn; c != 0 && v.Number("connection", c).Width(f) <= end-x {
		v.Write(end, base, f)
	}
	v.Drop()
}

// path is that of a request; empty: the log does not name it.
func (lane *timed) path(i int) string {
	if names := lane.run.Header().Requests; i < len(names) {
		return names[i].Path
	}
	return ""
}

// numbered tells whether a path is the number alone.
func numbered(path string, n int) bool {
	var digits [20]byte
	return len(path) > 1 && path[1:] == string(strconv.AppendInt(digits[:0], int64(n), 10))
}

// status writes how a request failed beside its end.
func (v *Views) status(a *request, y float32) bool {
	p := &v.time.plot
	f := draw.Font{Size: 10 * p.u, Color: v.Theme.Text, Bold: true}
	w := v.Put(failures[a.status]).Width(f)
	x, base := p.x(a.end)+8*p.u, y+3.6*p.u
	if x+w > p.x1 {
		if x = p.x(a.wanted) - 4*p.u - w; x < p.x0 {
			v.Drop()
			return false
		}
	}
	v.Write(x, base, f)
	return true
}

// failures say in short how a request ended.
var failures = map[trace.Status]string{
	trace.Reset: "reset", trace.Refused: "refused", trace.Timeout: "time is up", trace.NoPort: "no port is free",
	trace.BadGateway: "502 bad gateway", trace.GatewayTimeout: "504 gateway timeout",
}
