package views

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// weight is how a thing is drawn where something is chosen.
type weight uint8

const (
	plain  weight = iota
	chosen        // it is that
	kin           // it is of the chosen request or connection
	other
)

// bundle is a packet, or several that lie so close that they are seen as one.
type bundle struct {
	trace.Flight // the first
	kind         tell.Carried
	as           weight
	again        bool // it is sent again
	fin          bool // a FIN rides on its data
	gathered     bool // of further packets nothing is known but that they are there
	n            int
	y0, y1       float32 // where the first bit leaves and arrives
	last         float32 // where the first bit of the last packet leaves
	thick        float32 // until the last bit of the last packet
	of           tell.Responses
	from, to     int          // numbers within the response, once it is drawn
	end          trace.Flight // the last
}

// What steers goes above data and acknowledgements, and what is dropped, whatever it is, on top.
const onTop = 2

var layerOf = [...]uint8{tell.Data: 0, tell.TLS: 0, tell.Ack: 0, tell.SYN: 1, tell.Request: 1, tell.FIN: 1, tell.RST: 1}

// packets draws a run's packets.
func (v *Views) packets() {
	d := &v.down
	g, c := &d.g, &d.column
	gap := sim.Time(0)
	if g.f.Chosen.Kind == draw.Nothing { // else one of those left out might be chosen
		gap = sim.Time(0.58 * float64(g.u) / g.scale) // those on either side of one left out are still joined
	}
	for k := range d.flights {
		d.flights[k] = c.run.Index.Sparse(k == 1, g.early, g.late, gap, d.flights[k][:0])
		v.waiting(k == 1)
	}
	v.silence()
	d.later = d.later[:0]
	v.layer(0, d.flights[1]) // acknowledgements to the server cross the data to the client, and are thin
	v.layer(0, d.flights[0])
	for layer := uint8(1); layer <= onTop; layer++ {
		v.layer(layer, d.later)
	}
}

// silence notes when the next packet comes, if much of the picture is empty, or when the last one came, if all of it is.
func (v *Views) silence() {
	d := &v.down
	g, c := &d.g, &d.column
	latest := g.from
	for _, flights := range d.flights {
		for i := range flights {
			if f := &flights[i]; f.At <= g.until {
				latest = max(latest, f.End())
			}
		}
	}
	t := tag{noted: true, middle: true, column: *c, words: "next packet at ", bundle: bundle{Flight: nothing, y0: g.bottom - 12*g.u}}
	at, is := c.run.Index.NextPacket(g.until)
	if !is && latest <= g.from {
		t.words, t.y0 = "last packet at ", g.top+12*g.u
		at, is = c.run.Index.PrevPacket(g.from)
	}
	if t.at = at; is && g.y(latest) < g.bottom-60*g.u {
		d.tags = append(d.tags, t)
	}
}

// waiting draws dots beside the sender's line where packets wait for the wire.
func (v *Views) waiting(down bool) {
	g, c := &v.down.g, &v.down.column
	x, flights := c.client-8*g.u, v.down.flights[0]
	if down {
		x, flights = c.server+20*g.u, v.down.flights[1]
	}
	var first, until sim.Time // of those that wait one after the other
	flush := func() {
		if y0, y1 := g.y(first), g.y(until); y1-y0 > 2*g.u {
			v.pattern(x, 2*g.u, y0, y1, 2*g.u, v.Theme.Secondary)
		}
	}
	for i := range flights {
		f := &flights[i]
		switch {
		case f.IsDropped() || f.Start() <= f.At:
			continue
		case f.At <= until:
			until = max(until, f.Start())
			continue
		}
		flush()
		v.Of = draw.Ref{Lane: c.lane, Kind: draw.Packet, ID: f.Pkt}
		first, until = f.At, f.Start()
	}
	flush()
}

// layer draws the packets of one layer, in one direction: an acknowledgement below the data that leaves just after it. The
// lowest puts aside what the others have to look at.
func (v *Views) layer(layer uint8, flights []trace.Flight) {
	d := &v.down
	var acks, rest, next bundle
	open := -1 // the tag that the next bundle may belong to
	for i := range flights {
		f := &flights[i]
		if f.Start() > d.g.late {
			continue
		}
		kind := d.column.run.Carries(f)
		switch at := above(f, kind); {
		case at != layer && layer == 0:
			d.later = append(d.later, *f)
			continue
		case at != layer:
			continue
		}
		b := &rest
		if kind == tell.Ack {
			b = &acks
		}
		if b.n > 0 && v.follows(b, f, kind) {
			continue
		}
		v.measure(&next, f, kind)
		if b.n > 0 && v.joins(b, &next) {
			b.join(&next)
			continue
		}
		if v.flush(&acks, -1); kind != tell.Ack {
			open = v.flush(&rest, open)
		}
		*b = next
	}
	v.flush(&acks, -1)
	v.flush(&rest, open)
}

// above is the layer of a packet.
func above(f *trace.Flight, kind tell.Carried) uint8 {
	if f.Flags&trace.Dropped != 0 {
		return onTop
	}
	return layerOf[kind]
}

// measure makes b of a packet alone.
func (v *Views) measure(b *bundle, f *trace.Flight, kind tell.Carried) {
	g, r := &v.down.g, v.down.column.run
	rate, down := r.Header().Up, f.Flags&trace.Down != 0
	if down {
		rate = r.Header().Down
	}
	wire := sim.Time(0)
	if rate > 0 && f.Flags&trace.Dropped == 0 {
		wire = min(sim.Time(float64(f.Len)*(8e9/float64(rate))), f.End()-f.Start())
	}
	b.Flight, b.end, b.kind, b.n, b.as, b.again, b.fin, b.gathered = *f, *f, kind, 1+f.More, plain, false, false, f.More > 0
	b.y0, b.y1, b.of = g.y(f.Start()), g.y(f.End()-wire), tell.Responses{}
	b.last, b.thick = b.y0, max(float32(float64(wire)*g.scale), 2*g.u)
	if g.f.Chosen.Kind != draw.Nothing {
		b.as = v.weigh(f)
	}
	if f.Segment != nil {
		b.again = f.Segment.Flags&trace.Retransmitted != 0
		b.fin = kind == tell.Data && f.Segment.Flags&trace.FIN != 0
	}
	if kind == tell.Data && down {
		b.of = r.Responses(f)
	}
}

// follows adds a packet of which nothing is seen, as it lies on the last one of the bundle, and tells whether that is so: of
// tens of thousands most are such, and need not be measured.
func (v *Views) follows(b *bundle, f *trace.Flight, kind tell.Carried) bool {
	g := &v.down.g
	if kind != b.kind || kind != tell.Ack && kind != tell.Data || b.again || b.Flags != f.Flags || b.as != plain || g.f.Chosen.Kind != draw.Nothing {
		return false
	}
	if f.Segment == nil || f.Segment.Flags&(trace.Retransmitted|trace.FIN) != 0 || f.Req != b.end.Req || f.Len != b.end.Len {
		return false
	}
	y0 := g.y(f.Start())
	if y0 < b.last || y0-b.last > 0.3*g.u || kind == tell.Ack && y0-b.y0 >= 3*g.u {
		return false
	}
	if later := float64(f.End()-f.Start()-b.End()+b.Start()) * g.scale; later > 1 || later < -1 {
		return false
	}
	if kind == tell.Data {
		b.thick += y0 - b.last
	}
	b.n, b.last, b.end, b.gathered = b.n+1+f.More, y0, *f, b.gathered || f.More > 0
	return true
}

// weigh compares a packet with what is chosen.
func (v *Views) weigh(f *trace.Flight) weight {
	c := &v.down.g.f.Chosen
	switch {
	case c.Lane != v.down.column.lane:
		return other
	case c.Packet != 0 && c.Packet == f.Pkt:
		return chosen
	case c.Request != 0 && c.Request == f.Req, c.Request == 0 && c.Connection == f.Conn:
		return kin
	default:
		return other
	}
}

// joins tells whether a packet lies so close to those before that it is drawn with them. Responses are told apart as long as
// one is thick enough to be seen. Of acknowledgements only as many are drawn as can be told apart.
func (v *Views) joins(b, next *bundle) bool {
	u := v.down.g.u
	apart := 1.2 * u
	if b.kind == tell.Ack {
		apart = 3 * u
	}
	if b.kind != next.kind || b.as != next.as || b.as == chosen || b.again != next.again || b.IsDown() != next.IsDown() {
		return false
	}
	if b.kind == tell.Ack || b.IsDropped() {
		return next.y0-b.y0 < 3*u && next.y0 >= b.y0
	}
	if steeper := (next.y1 - next.y0) - (b.y1 - b.y0); next.y0-b.last >= apart || next.y0 < b.last || steeper > 1.5*u || steeper < -1.5*u {
		return false
	}
	return b.Req == next.Req || b.of.Low != b.of.High || b.thick < 8*u
}

func (b *bundle) join(next *bundle) {
	b.n += next.n
	b.gathered = b.gathered || next.gathered
	if b.kind != tell.Ack && !b.IsDropped() {
		b.thick = max(b.thick, next.y0+next.thick-b.y0)
	}
	b.last, b.end, b.fin, b.of = next.y0, next.end, b.fin || next.fin, merged(b.of, next.of)
}

// number finds which packets of a response these are.
func (b *bundle) number(r *tell.Run) {
	if b.gathered {
		b.of = tell.Responses{}
	}
	if b.from, b.to = 0, 0; b.kind == tell.Data && !r.H2 && !b.gathered {
		first, last := r.Index.Number(b.Flight), r.Index.Number(b.end)
		b.from, b.to = min(first, last), max(first, last)
	}
}

// merged are the responses of both.
func merged(a, b tell.Responses) tell.Responses {
	if a.Low == 0 || b.Low == 0 {
		return tell.Responses{Low: max(a.Low, b.Low), High: max(a.High, b.High)}
	}
	return tell.Responses{Low: min(a.Low, b.Low), High: max(a.High, b.High)}
}

// flush draws a bundle, and returns the tag that it belongs to.
func (v *Views) flush(b *bundle, open int) int {
	if b.n == 0 {
		return open
	}
	defer func() { b.n = 0 }()
	b.number(v.down.column.run)
	v.Of = draw.Ref{Lane: v.down.column.lane, Kind: draw.Packet, ID: b.Pkt}
	col := b.kind.Color(v.Theme)
	if b.as == other {
		col = draw.Faded(col, 0.4)
	}
	if b.IsDropped() {
		return v.fall(b, col)
	}
	u := v.down.g.u
	gap := min(b.thick/12, 1.5*u) // between packets one after the other
	thick := max(b.thick-gap, 2*u)
	v.slant(b, 0, thick, col)
	if b.fin {
		v.slant(b, max(thick-2*u, 2*u), 2*u, draw.Faded(v.Theme.Text, float32(col.A)/255))
	}
	off := 3.5 * u
	if thick > 10*u { // the next packet may follow at once
		off = 0
	}
	if b.again {
		off += v.rails(b, off, thick, v.Theme.Error)
	}
	if b.as == chosen {
		v.rails(b, off, thick, v.Theme.Accent)
	}
	return v.tag(b, open)
}

// rails draws two lines along a bundle, so far outside it, or inside if it is thick; it returns what they take of the room.
func (v *Views) rails(b *bundle, off, thick float32, col rgba) float32 {
	u := v.down.g.u
	if thick > 10*u {
		off = -off - 2*u
	}
	v.slant(b, -off, 2*u, col)
	v.slant(b, thick+off-2*u, 2*u, col)
	return 3.5 * u
}

// slant draws a part of a bundle, so far below its upper edge and so thick.
func (v *Views) slant(b *bundle, below, thick float32, col rgba) {
	c := &v.down.column
	i := draw.Item{Kind: draw.Slant, X: c.client, W: c.server - c.client, Y: b.y0 + below, H: b.y1 - b.y0, Stroke: thick, Smooth: true, Color: col}
	if b.IsDown() {
		i.Y, i.H = b.y1+below, b.y0-b.y1
	}
	v.clipped(i)
}

// clipped draws the part of a slant that is seen, and no more beyond than is painted over. What crosses an end is cut into
// pieces of which the upper edge falls by no more than that.
func (v *Views) clipped(i draw.Item) {
	g := &v.down.g
	high, low := g.top-g.lip, g.bottom+g.lip
	if min(i.Y, i.Y+i.H) >= high && max(i.Y, i.Y+i.H)+i.Stroke <= low {
		v.Add(i)
		return
	}
	if max(i.Y, i.Y+i.H)+i.Stroke <= g.top || min(i.Y, i.Y+i.H) >= g.bottom {
		return
	}
	n := max(1, 1+int(max(i.H, -i.H)/g.lip))
	x, w, slope := i.X, i.W, i.H/i.W
	for k := range n {
		p := i
		p.X, p.W = round(x+w*float32(k)/float32(n)), 0
		p.W = round(x+w*float32(k+1)/float32(n)) - p.X
		p.Y, p.H = i.Y+(p.X-x)*slope, p.W*slope
		if cut := high - min(p.Y, p.Y+p.H); cut > 0 {
			p.Y, p.Stroke = p.Y+cut, p.Stroke-cut
		}
		if over := max(p.Y, p.Y+p.H) + p.Stroke - low; over > 0 {
			p.Stroke -= over
		}
		if p.W > 0 && p.Stroke > 0.5 && max(p.Y, p.Y+p.H)+p.Stroke > g.top && min(p.Y, p.Y+p.H) < g.bottom {
			v.Add(p)
		}
	}
}

// fall draws a packet that is dropped: it sets out, and ends in a cross. A link decides at once which packets it drops, so
// the cross is near the sender.
func (v *Views) fall(b *bundle, col rgba) int {
	g, c := &v.down.g, &v.down.column
	w := v.stub()
	drop := w / (c.server - c.client) * float32(float64(c.run.Header().RTT)/2*g.scale)
	size := 9 * g.u
	i := draw.Item{Kind: draw.Slant, X: c.client, Y: b.y0, W: w, H: drop, Stroke: 2 * g.u, Smooth: true, Color: col}
	x := c.client + w
	if b.IsDown() {
		i.X, i.Y, i.H = c.server-w, b.y0+drop, -drop
		x = c.server - w
	}
	v.clipped(i)
	if y := b.y0 + drop + g.u; y-size/2 > g.top-g.lip && y+size/2 < g.bottom+g.lip {
		v.Add(draw.Item{Kind: draw.Cross, X: x - size/2, Y: y - size/2, W: size, H: size, Color: v.Theme.Error})
		if b.as == chosen {
			v.Outline(x-size, y-size, 2*size, 2*size, 3*g.u, 2*g.u, v.Theme.Accent)
		}
	}
	b.y1, b.thick = b.y0+drop, 2*g.u
	v.tag(b, -1)
	return -1
}

// stub is how far a packet that is dropped is drawn.
func (v *Views) stub() float32 {
	c, u := &v.down.column, v.down.g.u
	return round(min(max((c.server-c.client)*0.14, 18*u), 64*u))
}
