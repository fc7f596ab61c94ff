package views

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// tag is what a packet, or several one after the other, are called, and where that can be written.
type tag struct {
	bundle
	noted  bool   // it names a mark, not packets
	words  string // of a mark
	server bool   // a mark at the server
	middle bool   // a mark in the middle, which ends with a time
	at     sim.Time
	column pair
	ref    draw.Ref
}

// box is a place that is taken.
type box struct{ x0, y0, x1, y1 float32 }

// tag notes what a bundle is called, and returns the tag; those that follow each other closely have one.
func (v *Views) tag(b *bundle, open int) int {
	d := &v.down
	u := d.g.u
	if b.kind == tell.Ack && b.as != chosen && !b.IsDropped() {
		return -1
	}
	if open >= 0 {
		t := &d.tags[open]
		follows := b.y0-(t.y0+t.thick) < 3*u && b.thick/float32(b.n) < 13*u && t.thick/float32(t.n) < 13*u
		same := b.Req == t.Req || b.kind != tell.Data || d.column.run.H2
		if follows && same && t.kind == b.kind && t.IsDown() == b.IsDown() && t.as == b.as && t.again == b.again && t.as != chosen {
			n := t.n + b.n
			t.join(b)
			t.n, t.thick, t.from, t.to = n, max(t.thick, b.y0+b.thick-t.y0), min(t.from, b.from), max(t.to, b.to)
			return open
		}
	}
	d.tags = append(d.tags, tag{bundle: *b, column: d.column, ref: v.Of})
	return len(d.tags) - 1
}

// mostTags is how many tags find a place: more than can be read.
const mostTags = 160

// name writes the tags, what matters most first.
func (v *Views) name() {
	d := &v.down
	for round := range uint8(5) {
		for i := range d.tags {
			if t := &d.tags[i]; t.rank() == round && len(d.taken) < mostTags {
				v.Of, d.column = t.ref, t.column
				if t.noted {
					v.note(t)
				} else {
					v.write(t)
				}
			}
		}
	}
}

// rank is 0 for what is written first.
func (t *tag) rank() uint8 {
	switch {
	case t.as == chosen:
		return 0
	case t.noted:
		return 2
	case t.as == kin || t.IsDropped():
		return 1
	case t.kind == tell.Data:
		return 4
	default:
		return 3
	}
}

// places are the parts of the way at which a tag may stand: rather near the sender, so that both directions can be read.
var places = [...]float32{0.3, 0.5, 0.16, 0.7, 0.84}

// write writes a tag where there is room: with what explains it if possible, else without.
func (v *Views) write(t *tag) {
	u := v.down.g.u
	small := draw.Font{Size: 9.5 * u, Color: v.Theme.Secondary}
	v.explain(t)
	more := v.Width(small)
	v.Drop()
	if more > 0 {
		more += 6 * u
	}
	bold := draw.Font{Size: 9 * u, Bold: true, Align: draw.Center, Color: v.Theme.Secondary}
	v.call(t)
	w := v.Width(bold) + 8*u
	if t.kind == tell.SYN {
		w += 6 * u
	}
	x, y, ok := v.place(t, w, more)
	if !ok && more > 0 && !t.IsDropped() {
		more = 0
		x, y, ok = v.place(t, w, 0)
	}
	if !ok {
		v.Drop()
		return
	}
	if from := x; more > 0 { // what explains it stands on a plate that reaches below the tag
		if t.IsDown() {
			from = x - w/2 - more
		}
		v.Rect(from, y-6.5*u, more+w/2, 13*u, 2*u, v.Theme.Card)
	}
	v.Write(x+v.plate(t, x, y, w, &bold), y+3.2*u, bold)
	if more == 0 {
		return
	}
	v.explain(t)
	at := x + w/2 + 4*u
	if t.IsDown() {
		at = x - w/2 - more + 2*u
	}
	v.Write(at, y+3.4*u, small)
}

// place finds room for a tag, and takes it: the middle of what has w, beside which more is written.
func (v *Views) place(t *tag, w, more float32) (x, y float32, ok bool) {
	g, c := &v.down.g, &v.down.column
	half := 6.5 * g.u
	if t.IsDropped() {
		x = c.client + v.stub() + 8*g.u + w/2
		if t.IsDown() {
			x = c.server - v.stub() - 8*g.u - w/2
		}
		y = round(t.y1+g.u) + 0.5
		return x, y, v.take(t, x, y, w, more)
	}
	for k := range places {
		if x, y = v.at(t, places[k], half); v.take(t, x, y, w, more) {
			return x, y, true
		}
	}
	for k := float32(1); k < 50 && t.as == chosen; k++ { // wherever a part of it is seen
		if x, y = v.at(t, k/50, half); v.take(t, x, y, w, more) {
			return x, y, true
		}
	}
	return 0, 0, false
}

// at is the middle of a part of the way. What is thick has its tag where it is seen.
func (v *Views) at(t *tag, part, half float32) (x, y float32) {
	g, c := &v.down.g, &v.down.column
	from := t.y0 + part*(t.y1-t.y0)
	if y = from + t.thick/2; t.thick > 50*g.u {
		y = min(max(from, g.top)+half+2*g.u, from+t.thick-half)
	}
	y = round(y) + 0.5 // plate and letters move together
	if t.IsDown() {
		return c.server - part*(c.server-c.client), y
	}
	return c.client + part*(c.server-c.client), y
}

// take takes a place, if it is free and in sight.
func (v *Views) take(t *tag, x, y, w, more float32) bool {
	g, c, d := &v.down.g, &v.down.column, &v.down
	b := box{x - w/2, y - 6.5*g.u, x + w/2, y + 6.5*g.u}
	if t.IsDown() {
		b.x0 -= more
	} else {
		b.x1 += more
	}
	if b.x0 < c.client+4*g.u || b.x1 > c.server-4*g.u || b.y0 < g.top+g.u || b.y1 > g.bottom-g.u {
		return false
	}
	for _, o := range d.taken {
		if b.x0 < o.x1 && b.x1 > o.x0 && b.y0 < o.y1 && b.y1 > o.y0 {
			return false
		}
	}
	gap := 1.5 * g.u
	d.taken = append(d.taken, box{b.x0 - gap, b.y0 - gap, b.x1 + gap, b.y1 + gap})
	return true
}

// plate draws what a tag is written on, finds the colour of its letters, and how far they stand from the middle: away from
// the point of an arrow. What is to come, and what is not of the chosen, has a plate without colour.
func (v *Views) plate(t *tag, x, y, w float32, f *draw.Font) (aside float32) {
	u, th, h := v.down.g.u, v.Theme, 13*v.down.g.u
	x, y = x-w/2, y-h/2
	col := t.kind.Color(th)
	switch pale := y+h/2 > v.down.g.now || t.as == other; {
	case pale:
		v.Rect(x, y, w, h, 3*u, th.Card)
		v.Outline(x, y, w, h, 3*u, 1, th.Line)
	case t.kind == tell.SYN:
		v.Add(draw.Item{Kind: draw.Arrow, X: x, Y: y, W: w, H: h, Flip: t.IsDown(), Color: col})
		f.Color, aside = th.OnBright, -3*u
		if t.IsDown() {
			aside = 3 * u
		}
	case t.kind == tell.FIN || t.kind == tell.RST || t.kind == tell.Ack:
		v.Rect(x, y, w, h, 3*u, th.Card)
		v.Outline(x, y, w, h, 3*u, 2*u, col)
		f.Color = th.Text
	case t.kind == tell.Data:
		v.Rect(x, y, w, h, 3*u, col)
		f.Color = th.OnBright
	default:
		v.Rect(x, y, w, h, 3*u, col)
		f.Color = th.On(col)
	}
	if t.as == chosen {
		v.Outline(x-2*u, y-2*u, w+4*u, h+4*u, 4*u, 2*u, th.Accent)
	} else if t.again {
		v.Outline(x-2*u, y-2*u, w+4*u, h+4*u, 4*u, 2*u, th.Error)
	}
	return aside
}

// call puts what a packet is, in a few letters.
func (v *Views) call(t *tag) {
	r := v.down.column.run
	switch t.kind {
	case tell.SYN:
		if v.Put("SYN"); t.Segment.Flags&trace.ACK != 0 {
			v.Put("-ACK")
		}
	case tell.Request:
		v.Put(method(r, &t.Flight))
	case tell.TLS:
		v.Put("TLS")
	case tell.FIN:
		v.Put("FIN")
	case tell.RST:
		v.Put("RST")
	case tell.Ack:
		v.Put("ACK")
	default:
		if t.from > 0 && t.of.Low == t.of.High {
			v.Count(int64(t.from))
			if t.to > t.from {
				v.Put("–").Count(int64(t.to))
			}
			return
		}
		v.Put("data")
	}
	if t.n > 1 {
		v.Put(" ×").Count(int64(t.n))
	}
}

// method is that of a request; H2: the packet has frames of HTTP/2, but no request.
func method(r *tell.Run, f *trace.Flight) string {
	if r.Controls(f.Pkt) {
		return "H2"
	}
	if names := r.Header().Requests; f.Req > 0 && int(f.Req) <= len(names) && names[f.Req-1].Method != "" {
		return names[f.Req-1].Method
	}
	return "GET"
}

// explain puts what a packet belongs to, and what befell it.
func (v *Views) explain(t *tag) {
	u, c := v.down.g.u, &v.down.column
	switch {
	case t.Flags&trace.DropQueue != 0:
		v.Put("the queue is full")
	case t.Flags&trace.DropListed != 0:
		v.Put("dropped")
	case t.IsDropped():
		v.Put("lost")
	case c.server-c.client < 200*u && t.as != chosen:
		if t.again {
			v.Put("again")
		}
		return
	case t.kind == tell.Data && t.of.Low != 0:
		v.several("response", t.of)
	case t.n > 1:
	case t.kind == tell.SYN || t.kind == tell.FIN || t.kind == tell.RST || t.kind == tell.TLS || t.kind == tell.Ack:
		v.Number("connection", t.Conn)
	case t.kind == tell.Request && t.Req != 0 && !c.run.H2:
		v.Number("request", t.Req)
	}
	if t.fin {
		v.Put(", FIN")
	}
	if t.again {
		if v.Begun() {
			v.Put(", ")
		}
		v.Put("again")
	}
}

// several puts "response 3" or "responses 3–9".
func (v *Views) several(noun string, of tell.Responses) {
	if of.Low == of.High {
		v.Number(noun, of.Low)
		return
	}
	v.Put(noun).Put("s ").Count(int64(of.Low)).Put("–").Count(int64(of.High))
}

// note writes what a mark means, inside the lines.
func (v *Views) note(t *tag) {
	u, c := v.down.g.u, &v.down.column
	f := draw.Font{Size: 9.5 * u, Color: v.Theme.Text}
	if v.Put(t.words); t.middle {
		v.Span(t.at)
	}
	w := v.Width(f)
	x := c.client + 8*u
	if t.server {
		x = c.server - 8*u - w
	} else if t.middle {
		x = (c.client + c.server - w) / 2
	}
	if t.server && c.server-c.client < 100*u || !v.take(t, x+w/2, t.y0, w+4*u, 0) {
		v.Drop()
		return
	}
	v.Rect(x-2*u, t.y0-6.5*u, w+4*u, 13*u, 2*u, v.Theme.Card)
	v.Write(x, t.y0+3.4*u, f)
}
