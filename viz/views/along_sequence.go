package views

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// stream is what a log tells of the bytes that a server sends.
type stream struct {
	down    []int32 // its segments with payload
	up      []int32 // the client's acknowledgements that arrive
	conns   int
	busiest uint32
	has     struct{ again, fell bool }

	drawn drawnStream
}

// drawnStream are the bytes of one connection, or of all, by column.
type drawnStream struct {
	conn       uint32 // 0: all
	cols       columns
	sent       []sentBytes
	lost       []sentBytes // what fell
	again      []sentBytes // what was sent again
	all, acked series      // sent, acknowledged
	edge       series      // of the receive window
	arrived    []int64     // by column: bytes acknowledged in it
	at         []sim.Time  // when new bytes were sent
	total      []int64     // and how many there were then
	talks      []talk      // by connection - 1
	top        int64
}

// sentBytes are bytes that were sent in one column.
type sentBytes struct {
	col       int
	low, high int64
	pkt       uint32
}

// talk is where one connection stands.
type talk struct{ sent, acked int64 }

func (lane *timed) readStream() {
	if lane.stream != nil {
		return
	}
	log := lane.run.Index.Log()
	s := &stream{}
	lane.stream = s
	var bytes []int64
	for i := 1; i < len(log.Records); i++ {
		r, packet := &log.Records[i], &log.Records[i-1]
		if r.Kind != trace.Segment || r.IsBehind() || r.Conn == 0 || packet.Kind != trace.Packet || packet.Pkt != r.Pkt {
			continue
		}
		for len(bytes) < int(r.Conn) {
			bytes = append(bytes, 0)
		}
		switch {
		case trace.IsServer(r.Actor) && r.Len > 0:
			s.down = append(s.down, int32(i))
			bytes[r.Conn-1] += int64(r.Len)
			s.has.again = s.has.again || r.Flags&trace.Retransmitted != 0
			s.has.fell = s.has.fell || packet.IsDropped()
		case !trace.IsServer(r.Actor) && r.Flags&trace.ACK != 0 && !packet.IsDropped():
			s.up = append(s.up, int32(i))
		}
	}
	s.conns = len(bytes)
	most := int64(0)
	for c, n := range bytes {
		if n > most {
			most, s.busiest = n, uint32(c+1)
		}
	}
}

// shown is the connection of a run that a view of connections shows: the chosen one, or, in another run than that of the
// choice, the one that carries the request of the same number. 0: none is chosen.
func (l *timeline) shown(runs []*tell.Run, lane *timed) uint32 {
	c := l.f.Chosen
	if c.Kind == draw.Nothing || c.Connection == 0 || c.Lane == lane.ref || c.Request == 0 {
		return l.connection(lane)
	}
	return tell.Choose(runs, draw.Ref{Lane: lane.ref, Kind: draw.Request, ID: c.Request}).Connection
}

// draw cuts the bytes of a connection, or of all, into columns.
func (s *stream) draw(log *trace.Log, conn uint32, cols columns) {
	d := &s.drawn
	if d.cols == cols && d.conn == conn {
		return
	}
	d.conn, d.cols, d.top = conn, cols, 0
	d.sent, d.lost, d.again, d.at, d.total, d.talks, d.arrived = d.sent[:0], d.lost[:0], d.again[:0], d.at[:0], d.total[:0], d.talks[:0], d.arrived[:0]
	d.all.reset()
	d.all.set(0, 0)
	d.acked.reset()
	d.acked.set(0, 0)
	d.edge.reset()
	for range s.conns {
		d.talks = append(d.talks, talk{})
	}
	for range cols.n {
		d.arrived = append(d.arrived, 0)
	}
	for _, i := range s.down {
		if r := &log.Records[i]; r.At <= cols.end && (conn == 0 || r.Conn == conn) {
			d.send(r, &log.Records[i-1])
		}
	}
	for _, i := range s.up {
		r, arrives := &log.Records[i], log.Records[i-1].End()
		if arrives <= cols.end && (conn == 0 || r.Conn == conn) {
			d.acknowledge(r, cols.of(arrives))
		}
	}
	sum := int64(0)
	for col, n := range d.arrived {
		if sum += n; n > 0 {
			d.acked.set(col, sum)
		}
	}
	last := cols.of(log.Header.Ended)
	d.all.keep(last)
	d.acked.keep(last)
}

// send adds a segment of the server.
func (d *drawnStream) send(r, packet *trace.Record) {
	t, n, col := &d.talks[r.Conn-1], int64(r.Len), d.cols.of(r.At)
	low := unwrap(t.sent, r.Seq())
	fresh := low + n - t.sent
	if d.conn == 0 { // bytes of all connections, in the order in which they are sent
		low = d.top - max(n-max(fresh, 0), 0)
	}
	if fresh > 0 {
		t.sent += fresh
		d.top = max(d.top, low+n)
		d.at, d.total = append(d.at, r.At), append(d.total, d.top)
		d.all.set(col, d.top)
	}
	b := sentBytes{col, max(low, 0), max(low, 0) + n, r.Pkt}
	if packet.IsDropped() {
		d.lost = join(d.lost, b)
	}
	if r.Flags&trace.Retransmitted != 0 {
		d.again = join(d.again, b)
		return
	}
	d.sent = join(d.sent, b)
}

// join adds bytes to a list, together with the last ones if they are of the same column and touch.
func join(list []sentBytes, b sentBytes) []sentBytes {
	if n := len(list); n > 0 {
		if last := &list[n-1]; last.col == b.col && last.low <= b.high && b.low <= last.high {
			last.low, last.high, last.pkt = min(last.low, b.low), max(last.high, b.high), b.pkt
			return list
		}
	}
	return append(list, b)
}

// acknowledge follows an acknowledgement that arrives at the server in a column.
func (d *drawnStream) acknowledge(r *trace.Record, col int) {
	t := &d.talks[r.Conn-1]
	ack := min(unwrap(t.acked, r.Ack()), t.sent) // a FIN has a number too, and is no byte
	if ack > t.acked {
		d.arrived[col] += ack - t.acked
		t.acked = ack
	}
	if d.conn != 0 {
		window := int64(r.SegmentWindow())
		if r.Flags&trace.SYN == 0 {
			window <<= 7
		}
		d.edge.set(col, t.acked+window)
	}
}

// unwrap is the place in the stream, from 0, of a sequence number, from 1 and modulo 2^32: that which is nearest to about.
func unwrap(about int64, seq uint32) int64 {
	return about + int64(int32(seq-1-uint32(about)))
}

// shareStreams gives all runs the same scale, unless single connections of them are shown.
func (v *Views) shareStreams() {
	l, cols := &v.time, v.time.plot.columns()
	for i := range l.most {
		l.most[i] = 0
	}
	detail := l.f.Chosen.Kind != draw.Nothing && l.f.Chosen.Connection != 0
	for i, lane := range l.lanes {
		conn := l.shown(v.runs, lane)
		if detail && conn == 0 {
			conn = lane.stream.busiest
		}
		lane.stream.draw(lane.run.Index.Log(), conn, cols)
		l.most[i] = lane.stream.drawn.top
	}
	if !detail {
		for i := range l.lanes {
			l.most[0] = max(l.most[0], l.most[i])
		}
		for i := range l.lanes {
			l.most[i] = l.most[0]
		}
	}
}

func (v *Views) streamEntries(to []entry) []entry {
	t := v.Theme
	to = append(to, entry{"sent by the server", area, t.Data}, entry{"acknowledged", line, t.Ack})
	var again, fell bool
	for _, lane := range v.time.lanes {
		again, fell = again || lane.stream.has.again, fell || lane.stream.has.fell
	}
	if v.time.f.Chosen.Kind != draw.Nothing && v.time.f.Chosen.Connection != 0 {
		to = append(to, entry{"receive window’s edge", level, t.Secondary})
	}
	if fell {
		to = append(to, entry{"lost", cross, t.Error})
	}
	if again {
		to = append(to, entry{"sent again", tri, t.Error})
	}
	return to
}

// streamNow puts whose bytes are shown, and how many were sent until the present.
func (v *Views) streamNow(lane *timed) {
	d := &lane.stream.drawn
	switch {
	case d.conn != 0:
		v.Number("connection", d.conn)
	case lane.stream.conns == 1:
		v.Put("its only connection")
	default:
		v.Put("all ").Plural(lane.stream.conns, "connection")
	}
	sent := int64(0)
	if n := until(d.at, v.time.plot.at); n > 0 {
		sent = d.total[n-1]
	}
	v.Put(" · ").Bytes(sent).Put(" of ").Bytes(d.top).Put(" sent")
}

// streamOf draws the bytes of a run.
func (v *Views) streamOf(i int, lane *timed) {
	l := &v.time
	p, d, t := l.plot.panels[i], &lane.stream.drawn, v.Theme
	u := l.plot.u
	s := newScale(l.most[i], p.y, p.h, u)
	s.bytes = true
	v.uprights(p.y, p.h)
	v.levels(&s)
	v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Connection, ID: d.conn}
	if d.conn == 0 {
		v.Of = draw.Ref{}
	}
	v.between(&d.all, &d.acked, pen{&s, d.cols, draw.Faded(t.Data, 0.3), 0})
	v.dashes(&d.edge, pen{&s, d.cols, t.Secondary, 2 * u})
	v.steps(&d.acked, pen{&s, d.cols, t.Ack, 2 * u})
	v.steps(&d.all, pen{&s, d.cols, t.Data, 2 * u})
	for k := range d.sent {
		v.segment(&d.sent[k], &s, lane, bit, t.Data)
	}
	for k := range d.again {
		v.segment(&d.again[k], &s, lane, tri, t.Error)
	}
	for k := range d.lost {
		v.segment(&d.lost[k], &s, lane, cross, t.Error)
	}
	v.ahead(p.y-5*u, p.h+6*u)
	v.segmentChosen(&s, lane)
}

// segment draws bytes that were sent.
func (v *Views) segment(b *sentBytes, s *scale, lane *timed, as look, c color.NRGBA) {
	l := &v.time
	v.Of = draw.Ref{Lane: lane.ref, Kind: draw.Packet, ID: b.pkt}
	x, top, bottom := l.plot.x0+float32(b.col)*lane.stream.drawn.cols.width, s.at(b.high), s.at(b.low)
	if as == bit {
		h := max(bottom-top, 2*l.plot.u)
		v.Rect(x, bottom-h, max(lane.stream.drawn.cols.width, 2*l.plot.u), h, 0, c)
		return
	}
	v.mark(min(x+l.plot.u, l.plot.x1-4*l.plot.u), (top+bottom)/2, as, c)
}

// segmentChosen marks the packet that is chosen, if it is one that is shown.
func (v *Views) segmentChosen(s *scale, lane *timed) {
	l, d := &v.time, &lane.stream.drawn
	if !l.chosen(lane) || l.f.Chosen.Packet == 0 {
		return
	}
	r := lane.run.Segment(l.f.Chosen.Packet)
	if r == nil || !trace.IsServer(r.Actor) || r.Len == 0 || r.Conn != d.conn {
		return
	}
	u := l.plot.u
	v.Of = l.f.Chosen.Ref
	low := unwrap(int64(r.Seq()), r.Seq())
	top, bottom := s.at(low+int64(r.Len)), s.at(low)
	x := l.plot.x(r.At) + u
	v.Outline(max(x-6*u, l.plot.x0-6*u), top-4*u, 12*u, bottom-top+8*u, 3*u, 2*u, v.Theme.Accent)
}
