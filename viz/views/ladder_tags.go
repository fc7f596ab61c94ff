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
const mostTags = 240

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

// spot is where a tag goes: its middle, its width, and that of what explains it beside it.
type spot struct{ x, y, w, more float32 }

// tagHeight is how high a tag is, in units.
const tagHeight = 13

// write writes a tag where there is room: with what explains it if possible, else without. One that has its place out of
// sight is not seen, but it keeps the place, so that those in sight do not change theirs when it comes or goes.
func (v *Views) write(t *tag) {
	g, u := &v.down.g, v.down.g.u
	s, ok := v.settle(t)
	if !ok || !g.sees(&s) {
		return
	}
	small := draw.Font{Size: 9.5 * u, Color: v.Theme.Secondary}
	bold := draw.Font{Size: 9 * u, Bold: true, Align: draw.Center, Color: v.Theme.Secondary}
	left := s.x // of the plate on which the explanation stands, and which reaches below the tag
	at := s.x + s.w/2 + 4*u
	if t.IsDown() {
		left, at = s.x-s.w/2-s.more, s.x-s.w/2-s.more+2*u
	}
	if s.more > 0 {
		v.Rect(left, s.y-tagHeight*u/2, s.more+s.w/2, tagHeight*u, 2*u, v.Theme.Card)
	}
	aside := v.plate(t, &s, &bold)
	v.call(t)
	v.Write(s.x+aside, s.y+3.2*u, bold)
	if s.more > 0 {
		v.explain(t)
		v.Write(at, s.y+3.4*u, small)
	}
}

// sees tells whether a tag in this place is all in sight.
func (g *rungs) sees(s *spot) bool {
	return s.y-tagHeight*g.u/2 >= g.top+g.u && s.y+tagHeight*g.u/2 <= g.bottom-g.u
}

// settle finds room for a tag, and takes it.
func (v *Views) settle(t *tag) (spot, bool) {
	u := v.down.g.u
	s := spot{}
	v.explain(t)
	if s.more = v.Width(draw.Font{Size: 9.5 * u}); s.more > 0 {
		s.more += 6 * u
	}
	v.Drop()
	v.call(t)
	s.w = v.Width(draw.Font{Size: 9 * u, Bold: true}) + 8*u
	v.Drop()
	if t.kind == tell.SYN {
		s.w += 6 * u // for the point
	}
	if v.place(t, &s) {
		return s, true
	}
	if s.more == 0 || t.IsDropped() {
		return s, false
	}
	s.more = 0
	return s, v.place(t, &s)
}

// place takes the best of the places that are free.
func (v *Views) place(t *tag, s *spot) bool {
	g, c := &v.down.g, &v.down.column
	if t.IsDropped() { // beside the cross
		s.x, s.y = c.client+v.stub()+8*g.u+s.w/2, round(t.y1+g.u-0.5)+0.5
		if t.IsDown() {
			s.x = c.server - v.stub() - 8*g.u - s.w/2
		}
		return v.take(t, s)
	}
	for k := range places {
		if s.x, s.y = v.at(t, places[k]); (t.as != chosen || g.sees(s)) && v.take(t, s) {
			return true
		}
	}
	for k := float32(1); k < 50 && t.as == chosen; k++ { // wherever a part of it is seen
		if s.x, s.y = v.at(t, k/50); g.sees(s) && v.take(t, s) {
			return true
		}
	}
	return false
}

// at is the middle of a part of the way. What is thick has its tag where it is seen.
func (v *Views) at(t *tag, part float32) (x, y float32) {
	g, c := &v.down.g, &v.down.column
	half, from := tagHeight*g.u/2, t.y0+part*(t.y1-t.y0)
	if y = from + t.thick/2; t.thick > 50*g.u {
		y = min(max(from, g.top)+half+2*g.u, from+t.thick-half)
	}
	y = round(y-0.5) + 0.5 // plate and letters move together
	if t.IsDown() {
		return c.server - part*(c.server-c.client), y
	}
	return c.client + part*(c.server-c.client), y
}

// take takes a place, if it is free and between the lines.
func (v *Views) take(t *tag, s *spot) bool {
	g, c, d := &v.down.g, &v.down.column, &v.down
	b := box{s.x - s.w/2, s.y - tagHeight*g.u/2, s.x + s.w/2, s.y + tagHeight*g.u/2}
	if t.IsDown() {
		b.x0 -= s.more
	} else {
		b.x1 += s.more
	}
	if b.x0 < c.client+4*g.u || b.x1 > c.server-4*g.u {
		return false
	}
	for i := range d.taken {
		if o := &d.taken[i]; b.x0 < o.x1 && b.x1 > o.x0 && b.y0 < o.y1 && b.y1 > o.y0 {
			return false
		}
	}
	gap := 1.5 * g.u
	d.taken = append(d.taken, box{b.x0 - gap, b.y0 - gap, b.x1 + gap, b.y1 + gap})
	return true
}

// plate draws what a tag is written on, finds the colour of its letters, and how far they stand from the middle: away from
// the point of an arrow. What is to come, and what is not of the chosen, has a plate without colour.
func (v *Views) plate(t *tag, s *spot, f *draw.Font) (aside float32) {
	u, th, w, h := v.down.g.u, v.Theme, s.w, tagHeight*v.down.g.u
	x, y := s.x-w/2, s.y-h/2
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
	s := spot{x: x + w/2, y: t.y0, w: w + 4*u}
	if t.server && c.server-c.client < 100*u || !v.take(t, &s) || !v.down.g.sees(&s) {
		v.Drop()
		return
	}
	v.Rect(x-2*u, t.y0-6.5*u, w+4*u, 13*u, 2*u, v.Theme.Card)
	v.Write(x, t.y0+3.4*u, f)
}
