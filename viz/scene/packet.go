package scene

import (
	"image/color"

	"keepalive/model/trace"
)

// carried sorts packets by what they look like.
type carried uint8

const (
	carriesAck carried = iota
	carriesSYN
	carriesTLS
	carriesRequest
	carriesData
	carriesFIN
	carriesRST
)

// carries tells what a packet is for. A FIN that rides on data is data with a FIN behind it.
func (l *lane) carries(f *trace.Flight) carried {
	g := f.Segment
	switch {
	case g == nil:
		return carriesData
	case g.Flags&trace.RST != 0:
		return carriesRST
	case g.Flags&trace.SYN != 0:
		return carriesSYN
	case g.Len > 0 && l.wires.opensTLS(f.Pkt):
		return carriesTLS
	case g.Len > 0 && f.IsDown():
		return carriesData
	case g.Len > 0:
		return carriesRequest
	case g.Flags&trace.FIN != 0:
		return carriesFIN
	default:
		return carriesAck
	}
}

// steers tells whether a packet is drawn with letters whatever its length.
func (l *lane) steers(f *trace.Flight) bool {
	c := l.carries(f)
	return c != carriesAck && c != carriesData && (c != carriesTLS || !f.IsDown())
}

func (s *Scene) colorOf(l *lane, f *trace.Flight) color.NRGBA {
	switch l.carries(f) {
	case carriesSYN:
		return s.theme.SetUp
	case carriesTLS:
		return s.theme.TLS
	case carriesRequest:
		return s.theme.Request
	case carriesData:
		return s.theme.Data
	case carriesFIN:
		return s.theme.Text
	case carriesRST:
		return s.theme.Error
	default:
		return s.theme.Ack
	}
}

// packet draws what is on the wire between the places of its last bit and its first. Data is to scale; the packets
// that steer are at least wide enough to be told apart, and their first bit is where it belongs.
func (s *Scene) packet(l *lane, f *trace.Flight, p *pipe, last, first float32) {
	x, w := min(last, first), max(last-first, first-last)
	col := s.colorOf(l, f)
	least := max(2, 2*p.u)
	switch l.carries(f) {
	case carriesAck:
		x, w = p.widen(x, w, least)
		s.rect(x, p.y-p.block*0.29, w, p.block*0.58, 1, col)
	case carriesSYN:
		s.syn(f, p, x, w)
	case carriesTLS:
		s.secret(f, p, x, w)
	case carriesRST:
		x, w = p.widen(x, w, p.block)
		s.add(Item{Kind: Cross, X: x, Y: p.y - p.block/2, W: w, H: p.block, Color: col})
	case carriesFIN:
		s.fin(p, x, w)
	case carriesRequest:
		s.request(l, f, p, x, w)
	case carriesData:
		x, w = p.widen(x, w, least)
		gap := clamp(w/12, 0, 1.5*p.u)
		s.rect(x+gap/2, p.y-p.block/2, w-gap, p.block, 3*p.u, col)
		s.number(l, f, p, x, w)
		s.nameResponse(l, f, p, x, w)
		if f.Segment != nil && f.Segment.Flags&trace.FIN != 0 {
			s.riding(p, x, w)
		}
	}
	if f.Segment != nil && f.Segment.Flags&trace.Retransmitted != 0 {
		s.outline(x-2*p.u, p.y-p.block/2-2*p.u, w+4*p.u, p.block+4*p.u, 4*p.u, max(1.5, 1.5*p.u), s.theme.Error)
	}
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
	s.put(word).write(x+w/2, p.y+3.2*p.u, font{size: 9 * p.u, bold: true, align: Center, color: on})
}

func (s *Scene) syn(f *trace.Flight, p *pipe, x, w float32) {
	word, least, shift := "SYN", 37*p.u, -3*p.u
	if f.Segment.Flags&trace.ACK != 0 {
		word, least = "SYN-ACK", 58*p.u
	}
	if p.down {
		shift = -shift // away from the point
	}
	x, w, lettered := p.fits(x, w, least, 8*p.u)
	s.add(Item{Kind: Arrow, X: x, Y: p.y - p.block/2, W: w, H: p.block, Flip: p.down, Color: s.theme.SetUp})
	if !lettered {
		return
	}
	s.letters(word, p, x+shift, w, s.theme.OnBright)
	if s.room(p, x+w/2, 34*p.u) {
		s.put("connection ").count(int64(f.Conn)).write(x+w/2, p.y-p.block/2-4*p.u, s.above(p))
	}
}

// fin draws a FIN, behind the packet in front of it if that one needs the place: a client that closes and connects
// again does both at once.
func (s *Scene) fin(p *pipe, x, w float32) {
	own, room := x, float32(0) // room up to the sender
	if p.down {
		x = max(x, p.rear+2*p.u)
		room = p.x1 - x
	} else {
		x = min(x, p.rear-2*p.u-w)
		room = x + w - p.x0
	}
	if x != own && room < 26*p.u {
		return // it is still under the packet in front
	}
	x, w, lettered := p.fits(x, w, 26*p.u, 6*p.u)
	s.outline(x, p.y-p.block/2, w, p.block, 3*p.u, max(1.5, 1.6*p.u), s.theme.Text)
	if lettered {
		s.letters("FIN", p, x, w, s.theme.Text)
	}
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
		s.outline(x, p.y-p.block/2, w, p.block, 3*p.u, stroke, s.theme.Text)
		return
	}
	s.outline(left, p.y-p.block/2, size, p.block, 3*p.u, stroke, s.theme.Text)
	s.letters("FIN", p, left, size, s.theme.Text)
}

func (s *Scene) request(l *lane, f *trace.Flight, p *pipe, x, w float32) {
	method := "GET"
	if names := l.index.Log().Header.Requests; f.Req > 0 && int(f.Req) <= len(names) && names[f.Req-1].Method != "" {
		method = names[f.Req-1].Method
	}
	if l.wires.controls(f.Pkt) {
		method = "H2"
	}
	s.put(method)
	least := s.width(font{size: 9 * p.u, bold: true}) + 9*p.u
	s.drop()
	x, w, lettered := p.fits(x, w, least, 6*p.u)
	s.rect(x, p.y-p.block/2, w, p.block, 3*p.u, s.theme.Request)
	if !lettered {
		return
	}
	s.letters(method, p, x, w, s.theme.on(s.theme.Request))
	if !l.wires.h2 && s.room(p, x+w/2, 28*p.u) {
		s.put("request ").count(int64(f.Req)).write(x+w/2, p.y-p.block/2-4*p.u, s.above(p))
	}
}

// secret draws a packet of TLS: the client's wide enough to read, the server's to scale.
func (s *Scene) secret(f *trace.Flight, p *pipe, x, w float32) {
	lettered, ink := false, s.theme.on(s.theme.TLS)
	if p.down {
		x, w = p.widen(x, w, max(2, 2*p.u))
		gap := clamp(w/12, 0, 1.5*p.u)
		s.rect(x+gap/2, p.y-p.block/2, w-gap, p.block, 3*p.u, s.theme.TLS)
		if p.lettered && p.clients == 0 && w > 24*p.u {
			s.letters("TLS", p, x, w, ink)
		} else if p.lettered && p.clients == 0 && w > 10*p.u {
			s.letters("T", p, x, w, ink)
		}
		return
	}
	x, w, lettered = p.fits(x, w, 27*p.u, 6*p.u)
	s.rect(x, p.y-p.block/2, w, p.block, 3*p.u, s.theme.TLS)
	if lettered {
		s.letters("TLS", p, x, w, ink)
	}
}

// number writes a data packet's number within its response, if it fits; where responses share a connection, that of the
// response that it is of or completes, if it is known.
func (s *Scene) number(l *lane, f *trace.Flight, p *pipe, x, w float32) {
	k := 0
	if !l.wires.h2 {
		k = l.index.Number(*f)
	} else if of := l.wires.responsesOf(f); of.low == of.high {
		k = int(of.low)
	} else {
		k = int(of.ends)
	}
	if k == 0 || p.clients > 0 {
		return
	}
	s.count(int64(k))
	style := font{size: 9 * p.u, bold: true, align: Center, color: s.theme.OnBright}
	if s.width(style)+3*p.u > w {
		s.drop()
		return
	}
	s.write(x+w/2, p.y+3.2*p.u, style)
}

// nameResponse labels the first packet on the wire of each response.
func (s *Scene) nameResponse(l *lane, f *trace.Flight, p *pipe, x, w float32) {
	of := l.wires.responsesOf(f)
	of.ends = 0
	half := 30 * p.u
	if of.low != of.high {
		half = 44 * p.u
	}
	if of.low == 0 || of == p.named || p.clients > 0 || !s.room(p, x+w/2, half) {
		return
	}
	p.named = of
	if of.low == of.high {
		s.put("response ").count(int64(of.low))
	} else {
		s.put("responses ").count(int64(of.low)).put("–").count(int64(of.high))
	}
	s.write(x+w/2, p.y-p.block/2-4*p.u, s.above(p))
}

func (s *Scene) above(p *pipe) font {
	return font{size: 10 * p.u, color: s.theme.Text, align: Center}
}

// room tells whether a label of the given half width fits at x among the others, and takes the place if so.
func (s *Scene) room(p *pipe, x, half float32) bool {
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
