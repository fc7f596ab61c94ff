package scene

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// packet draws what is on the wire between the places of its last bit and its first. Data is to scale; the packets
// that steer are at least wide enough to be told apart, and their first bit is where it belongs.
func (s *Scene) packet(l *lane, f *trace.Flight, p *pipe, last, first float32) {
	x, w := min(last, first), max(last-first, first-last)
	kind := l.run.Carries(f)
	least := max(2, 2*p.u)
	at := box{y: p.y - p.block/2, h: p.block}
	switch kind {
	case tell.Ack:
		x, w = p.widen(x, w, least)
		at.y, at.h = p.y-p.block*0.29, p.block*0.58
		s.Rect(x, at.y, w, at.h, 1, s.Theme.Ack)
		s.nameAck(l, f, p, x, w)
	case tell.SYN:
		x, w = s.syn(f, p, x, w)
	case tell.TLS:
		x, w = s.secret(p, x, w)
	case tell.RST:
		x, w = s.reset(p, x, w)
	case tell.FIN:
		x, w = s.fin(p, x, w)
	case tell.Request:
		x, w = s.request(l, f, p, x, w)
	case tell.Data:
		x, w = p.widen(x, w, least)
		gap := clamp(w/12, 0, 1.5*p.u)
		s.Rect(x+gap/2, p.y-p.block/2, w-gap, p.block, 3*p.u, s.Theme.Data)
		s.number(l, f, p, x, w)
		s.nameResponse(l, f, p, x, w)
		if f.Segment != nil && f.Segment.Flags&trace.FIN != 0 {
			s.riding(p, x, w)
		}
	}
	at.x, at.w = x, w
	if w > 0 && f.Segment != nil && f.Segment.Flags&trace.Retransmitted != 0 {
		s.again(at, p.u)
	}
	if w > 0 {
		s.mark(s.stands(s.Of, f.Req, f.Conn), at, p.u)
	}
}

// again frames a packet that is sent again; a short one gets the upper and the lower edge alone.
func (s *Scene) again(b box, u float32) {
	gap, stroke := 2*u, max(1.5, 1.5*u)
	if b.w >= 10*u {
		s.Outline(b.x-gap, b.y-gap, b.w+2*gap, b.h+2*gap, 4*u, stroke, s.Theme.Error)
		return
	}
	s.Rect(b.x, b.y-gap-stroke, b.w, max(2, stroke), 0, s.Theme.Error)
	s.Rect(b.x, b.y+b.h+gap, b.w, max(2, stroke), 0, s.Theme.Error)
}

// few is how many packets a pipe has at most for those to be named that are too small for letters.
const few = 3

// nameAck names an acknowledgement that is nearly alone.
func (s *Scene) nameAck(l *lane, f *trace.Flight, p *pipe, x, w float32) {
	if len(l.flights) <= few && p.clients == 0 {
		s.Put("ACK")
		s.label(p, x+w/2)
	}
}

// reset draws a RST: a cross, named if there is room.
func (s *Scene) reset(p *pipe, x, w float32) (float32, float32) {
	x, w = p.widen(x, w, p.block)
	s.Add(draw.Item{Kind: draw.Cross, X: x, Y: p.y - p.block/2, W: w, H: p.block, Color: s.Theme.Error})
	if p.clients == 0 {
		s.Put("RST")
		s.label(p, x+w/2)
	}
	return x, w
}

// widen makes a packet at least as wide as asked; its first bit stays where it is, its tail stays in the pipe.
func (p *pipe) widen(x, w, least float32) (float32, float32) {
	if w >= least {
		return x, w
	}
	if p.down {
		return clamp(x, p.x0, max(p.x0, p.x1-least)), least
	}
	return clamp(x+w-least, p.x0, max(p.x0, p.x1-least)), least
}

// fits widens a packet for its letters, unless the pipe is crowded or the packet behind it would be covered; then it
// is widened to small at most.
func (p *pipe) fits(x, w, least, small float32) (float32, float32, bool) {
	wx, ww := p.widen(x, w, least)
	clear := p.down && wx+ww <= p.behind && wx >= p.rear || !p.down && wx >= p.behind && wx+ww <= p.rear
	if !p.lettered || p.clients > 0 || !clear {
		free := x + w - p.behind // of packets up to the one behind
		if p.down {
			free = p.behind - x
		}
		x, w = p.widen(x, w, clamp(free, 2*p.u, small))
		return x, w, false
	}
	p.rear = wx
	if p.down {
		p.rear = wx + ww
	}
	return wx, ww, true
}

// letters are drawn white or black on col.
func (s *Scene) letters(word string, p *pipe, x, w float32, on color.NRGBA) {
	s.Put(word).Write(x+w/2, p.y+3.2*p.u, draw.Font{Size: 9 * p.u, Bold: true, Align: draw.Center, Color: on})
}

// syn draws a SYN as an arrow; one that answers has a notch at its tail, where it acknowledges.
func (s *Scene) syn(f *trace.Flight, p *pipe, x, w float32) (float32, float32) {
	word, least, shift, answers := "SYN", 37*p.u, -3*p.u, f.Segment.Flags&trace.ACK != 0
	if answers {
		word, least, shift = "SYN-ACK", 64*p.u, 0
	}
	if p.down {
		shift = -shift // away from the point
	}
	x, w, lettered := p.fits(x, w, least, 8*p.u)
	s.arrow(box{x, p.y - p.block/2, w, p.block}, p.down, answers, p.u)
	if !lettered {
		return x, w
	}
	s.letters(word, p, x+shift, w, s.Theme.OnBright)
	s.Number("connection", f.Conn)
	s.label(p, x+w/2)
	return x, w
}

// arrow draws a SYN, or the SYN-ACK that answers it: with a tick, as acknowledgements are, behind a gap.
func (s *Scene) arrow(b box, flip, answers bool, u float32) {
	if answers && b.w >= 6*u {
		tick, gap := max(2, 2*u), max(1.5, 1.5*u)
		x := b.x
		if flip {
			x += b.w - tick
		} else {
			b.x += tick + gap
		}
		b.w -= tick + gap
		s.Rect(x, b.y, tick, b.h, 0, s.Theme.SetUp)
	}
	s.Add(draw.Item{Kind: draw.Arrow, X: b.x, Y: b.y, W: b.w, H: b.h, Flip: flip, Color: s.Theme.SetUp})
}

// fin draws a FIN, behind the packet in front of it if that one needs the place: a client that closes and connects
// again does both at once.
func (s *Scene) fin(p *pipe, x, w float32) (float32, float32) {
	own, room := x, float32(0) // room up to the sender
	if p.down {
		x = max(x, p.rear+2*p.u)
		room = p.x1 - x
	} else {
		x = min(x, p.rear-2*p.u-w)
		room = x + w - p.x0
	}
	if x != own && room < 26*p.u {
		return x, 0 // it is still under the packet in front
	}
	x, w, lettered := p.fits(x, w, 26*p.u, 6*p.u)
	s.Outline(x, p.y-p.block/2, w, p.block, 3*p.u, max(1.5, 1.6*p.u), s.Theme.Text)
	if lettered {
		s.letters("FIN", p, x, w, s.Theme.Text)
	}
	return x, w
}

// riding draws the FIN of a data segment: behind it if there is room, else as its outline.
func (s *Scene) riding(p *pipe, x, w float32) {
	size, stroke := 26*p.u, max(1.5, 1.6*p.u)
	left := x + w + 2*p.u
	free := left+size <= p.behind
	if !p.down {
		left = x - 2*p.u - size
		free = left >= p.behind
	}
	if !free || !p.lettered || p.clients > 0 {
		s.Outline(x, p.y-p.block/2, w, p.block, 3*p.u, stroke, s.Theme.Text)
		return
	}
	s.Outline(left, p.y-p.block/2, size, p.block, 3*p.u, stroke, s.Theme.Text)
	s.letters("FIN", p, left, size, s.Theme.Text)
}

func (s *Scene) request(l *lane, f *trace.Flight, p *pipe, x, w float32) (float32, float32) {
	method := "GET"
	if names := l.run.Header().Requests; f.Req > 0 && int(f.Req) <= len(names) && names[f.Req-1].Method != "" {
		method = names[f.Req-1].Method
	}
	if l.run.Controls(f.Pkt) {
		method = "H2"
	}
	s.Put(method)
	least := s.Width(draw.Font{Size: 9 * p.u, Bold: true}) + 9*p.u
	s.Drop()
	x, w, lettered := p.fits(x, w, least, 6*p.u)
	s.Rect(x, p.y-p.block/2, w, p.block, 3*p.u, s.Theme.Request)
	if !lettered {
		return x, w
	}
	s.letters(method, p, x, w, s.Theme.On(s.Theme.Request))
	if !l.run.H2 {
		s.Number("request", f.Req)
		s.label(p, x+w/2)
	}
	return x, w
}

// secret draws a packet of TLS, with a slit: the client's wide enough to read, the server's to scale.
func (s *Scene) secret(p *pipe, x, w float32) (float32, float32) {
	word := ""
	if p.down {
		x, w = p.widen(x, w, max(2, 2*p.u))
		switch roomy := p.lettered && p.clients == 0; {
		case roomy && w > 24*p.u:
			word = "TLS"
		case roomy && w > 10*p.u:
			word = "T"
		}
	} else {
		lettered := false
		if x, w, lettered = p.fits(x, w, 27*p.u, 6*p.u); lettered {
			word = "TLS"
		}
	}
	gap := clamp(w/12, 0, 1.5*p.u)
	s.sealed(box{x + gap/2, p.y - p.block/2, w - gap, p.block}, p.u, word != "")
	if word != "" {
		s.letters(word, p, x, w, s.Theme.On(s.Theme.TLS))
	}
	return x, w
}

// sealed is a packet of TLS: a slit runs along it, or two around its letters, so that it is told from data without its colour.
func (s *Scene) sealed(b box, u float32, lettered bool) {
	s.Rect(b.x, b.y, b.w, b.h, 1, s.Theme.TLS)
	if slit := max(1, 1.2*u); lettered {
		s.Rect(b.x, b.y+1.3*slit, b.w, slit, 0, s.Theme.Pipe)
		s.Rect(b.x, b.y+b.h-2.3*slit, b.w, slit, 0, s.Theme.Pipe)
	} else {
		slit = max(2, 0.2*b.h)
		s.Rect(b.x, b.y+(b.h-slit)/2, b.w, slit, 0, s.Theme.Pipe)
	}
}

// number writes a data packet's number within its response, if it fits; where responses share a connection, that of the
// response that it is of or completes, if it is known.
func (s *Scene) number(l *lane, f *trace.Flight, p *pipe, x, w float32) {
	k := 0
	if !l.run.H2 {
		k = l.run.Index.Number(*f)
	} else if of := l.run.Responses(f); of.Low == of.High {
		k = int(of.Low)
	} else {
		k = int(of.Ends)
	}
	if k == 0 || p.clients > 0 {
		return
	}
	s.Count(int64(k))
	style := draw.Font{Size: 9 * p.u, Bold: true, Align: draw.Center, Color: s.Theme.OnBright}
	if s.Width(style)+3*p.u > w {
		s.Drop()
		return
	}
	s.Write(x+w/2, p.y+3.2*p.u, style)
}

// nameResponse labels the first packet on the wire of each response.
func (s *Scene) nameResponse(l *lane, f *trace.Flight, p *pipe, x, w float32) {
	of := l.run.Responses(f)
	of.Ends = 0
	if of.Low == 0 || of == p.named || p.clients > 0 {
		return
	}
	if of.Low == of.High {
		s.Number("response", of.Low)
	} else {
		s.Number("responses", of.Low).Put("–").Count(int64(of.High))
	}
	if s.label(p, x+w/2) {
		p.named = of
	}
}

// label writes the line that has been put together above a packet in the middle of which x is, if there is room.
func (s *Scene) label(p *pipe, x float32) bool {
	f := draw.Font{Size: 10 * p.u, Color: s.Theme.Text, Align: draw.Center}
	if !p.room(x, s.Width(f)/2+2*p.u) {
		s.Drop()
		return false
	}
	s.Write(x, p.y-p.block/2-4*p.u, f)
	return true
}

// room tells whether a label of the given half width fits at x among the others, and takes the place if so.
func (p *pipe) room(x, half float32) bool {
	if x-half < p.x0 || x+half > p.x1 || p.h < 36*p.u || p.labelled == len(p.labels) {
		return false
	}
	for _, l := range p.labels[:p.labelled] {
		if x-half < l[1] && x+half > l[0] {
			return false
		}
	}
	p.labels[p.labelled] = [2]float32{x - half - 2*p.u, x + half + 2*p.u}
	p.labelled++
	return true
}
