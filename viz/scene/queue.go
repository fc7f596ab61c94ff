package scene

import (
	"image/color"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// carried counts the kinds of tell.Carried.
const carried = int(tell.RST) + 1

// queueCells is how many cells a queue's box has at most.
const queueCells = 12

// queue is the router's queue at the sending end of a pipe. Its box is as long as its limit, and fills from the mouth.
type queue struct {
	box
	limit   int64 // packets or bytes; 0: none
	bytes   bool
	fullest bool // of the queues of many links
	waiting int64
	cells   int
	part    [queueCells][carried]float32 // of the cell, by what the packets are for
	only    [queueCells]uint32           // the packet in a cell that holds one
}

// queueOf is where the queue of a pipe stands.
func queueOf(l *lane, p *pipe, g grid) queue {
	h := l.run.Header()
	q := queue{limit: int64(h.QueuePackets), fullest: p.clients > 0}
	if h.QueuePackets == 0 {
		q.limit, q.bytes = h.QueueBytes, h.QueueBytes > 0
	}
	q.w, q.h = 44*g.u, max(0.8*p.h, 16*g.u)
	away := 4 * g.u
	if g.narrow {
		q.w, away = 25*g.u, 2*g.u
	}
	q.x, q.y = p.x0-away-q.w, p.y-q.h/2
	if p.down {
		q.x = p.x1 + away
	}
	q.cells = queueCells
	if !q.bytes && q.limit > 0 {
		q.cells = int(min(q.limit, queueCells))
	}
	if g.narrow {
		q.cells = min(q.cells, 10)
	}
	return q
}

// room is what a cell holds, in packets or bytes.
func (q *queue) room() float32 {
	if q.limit == 0 {
		return 5 // packets
	}
	return float32(q.limit) / float32(q.cells)
}

// queued draws the router's queue and what waits in it.
func (s *Scene) queued(l *lane, p *pipe, g grid) {
	q := queueOf(l, p, g)
	of := uint32(0)
	if q.fullest {
		of = s.fullest(l)
	}
	at := float32(0)
	for i := range l.flights {
		f := &l.flights[i]
		if f.IsDropped() || f.Start() <= l.now || of != 0 && f.Actor != of {
			continue
		}
		size := int64(1)
		if q.bytes {
			size = int64(f.Len)
		}
		q.waiting += size
		at = q.fill(l, f, at, float32(size)/q.room())
	}
	s.queueBox(l, &q, p)
	s.queueSize(&q, p, g)
}

// fullest is the client on whose own link most packets wait.
func (s *Scene) fullest(l *lane) (client uint32) {
	s.countNone(l)
	for i := range l.flights {
		f := &l.flights[i]
		if f.IsDropped() || f.Start() <= l.now || int(f.Actor) >= len(s.counts) {
			continue
		}
		if s.counts[f.Actor]++; client == 0 || s.counts[f.Actor] > s.counts[client] {
			client = f.Actor
		}
	}
	return max(client, 1)
}

// countNone makes room for a count for each client, by its number.
func (s *Scene) countNone(l *lane) {
	s.counts = s.counts[:0]
	for range l.run.Header().Clients + 1 {
		s.counts = append(s.counts, 0)
	}
}

// fill puts a packet, so many cells long, behind what is in the queue up to at.
func (q *queue) fill(l *lane, f *trace.Flight, at, long float32) float32 {
	kind := l.run.Carries(f)
	for end := at + long; at < end; {
		k := int(at)
		if k >= q.cells {
			return end
		}
		until := min(end, float32(k+1))
		q.part[k][kind] += until - at
		if q.only[k] = f.Pkt; long < 0.99 {
			q.only[k] = 0
		}
		if until == at { // too little for the numbers to tell
			break
		}
		at = until
	}
	return at
}

func (q *queue) full() bool { return q.limit > 0 && q.waiting >= q.limit-q.least() }

// least is what one more packet needs at least.
func (q *queue) least() int64 {
	if q.bytes {
		return 1500
	}
	return 0
}

// queueBox draws the box and its cells; the first to leave is next to the pipe.
func (s *Scene) queueBox(l *lane, q *queue, p *pipe) {
	stroke, line := float32(1), s.Theme.PipeLine
	if q.full() {
		stroke, line = max(2, 2*p.u), s.Theme.Error
	}
	s.Rect(q.x, q.y, q.w, q.h, 2*p.u, s.Theme.Pipe)
	pitch := (q.w - 4*p.u) / float32(q.cells)
	tall := q.h - 4*p.u
	gap := clamp(pitch/5, 0.4, 1.5*p.u)
	for k := range q.cells {
		x := q.x + q.w - 2*p.u - float32(k+1)*pitch
		if p.down {
			x = q.x + 2*p.u + float32(k)*pitch
		}
		s.Of = draw.Ref{}
		if q.only[k] != 0 {
			s.Of = l.ref(draw.Packet, q.only[k])
		}
		y := q.y + q.h - 2*p.u
		for kind, part := range q.part[k] {
			if part > 0 {
				h := max(part*tall, 1)
				y -= h
				s.slice(tell.Carried(kind), box{x + gap/2, y, pitch - gap, h})
			}
		}
		s.mark(s.stands(s.Of, 0, 0), box{x, y, pitch, q.y + q.h - 2*p.u - y}, p.u)
	}
	s.Of = draw.Ref{}
	s.Outline(q.x, q.y, q.w, q.h, 2*p.u, stroke, line)
}

// queueSize writes how much waits of how much can, below the box or, on a phone, between the pipes.
func (s *Scene) queueSize(q *queue, p *pipe, g grid) {
	if q.waiting == 0 && g.narrow {
		return
	}
	f := draw.Font{Size: 10 * p.u, Color: s.Theme.Secondary, Align: draw.Center}
	x, y := q.x+q.w/2, q.y+q.h+12*p.u
	switch {
	case g.narrow && p.down:
		x, y, f.Align = q.x+q.w, q.y-5*p.u, draw.Right
	case g.narrow:
		x, f.Align = q.x, draw.Left
	}
	if q.full() && g.narrow { // there is no room for a chip beside the number
		f.Bold = true
		s.Put("full, ")
	} else if q.full() {
		f.Bold = true
		s.chip("full", q.x+q.w/2, q.y-3*p.u, p.u)
	} else if !g.narrow {
		if q.fullest {
			s.Put("fullest")
		} else {
			s.Put("queue")
		}
		s.Write(q.x+q.w/2, q.y-5*p.u, f)
	}
	switch {
	case q.bytes && g.narrow:
		s.Bytes(q.waiting)
	case q.bytes:
		s.Bytes(q.waiting).Write(x, y, f)
		s.Put("of ").Bytes(q.limit)
		y += 11 * p.u
	case q.limit > 0:
		s.Count(q.waiting).Put(" / ").Count(q.limit)
	default:
		s.Count(q.waiting)
	}
	s.Write(x, y, f)
}

// chip writes a word on a bright ground, centred at x and with its lower edge at y.
func (s *Scene) chip(word string, x, y, u float32) {
	f := draw.Font{Size: 9.5 * u, Bold: true, Align: draw.Center, Color: s.Theme.OnBright}
	w := s.Put(word).Width(f) + 8*u
	s.Rect(x-w/2, y-12*u, w, 12*u, 2*u, s.Theme.Error)
	s.Write(x, y-3*u, f)
}

// falling draws a dropped packet on its way to the floor: from the end of the queue if that was full, else from the mouth
// of the pipe.
func (s *Scene) falling(l *lane, f *trace.Flight, p *pipe, g grid, linger sim.Time) {
	part := clamp(float32(l.now-f.End())/float32(linger), 0, 1)
	w, y := 14*p.u, p.y-p.fallen/2+part*part*46*p.u
	spread := float32(f.Pkt%5) * 3.5 * p.u // of those that fall together
	q := queueOf(l, p, g)
	x := q.x + spread
	if p.down {
		x = q.x + q.w - w - spread
	}
	if f.Flags&trace.DropQueue == 0 {
		x = p.x0 - 4*p.u - w/2 - spread
		if p.down {
			x = p.x1 - 4*p.u - w - spread
		}
	}
	s.Of = l.ref(draw.Packet, f.Pkt)
	s.fallen(box{x, y, w, p.fallen}, p.u, draw.Faded(s.Theme.Error, 1.15-part))
	s.mark(s.stands(s.Of, f.Req, f.Conn), box{x, y, w, p.fallen}, p.u)
	s.Of = draw.Ref{}
}

// fallen draws a packet that has been dropped.
func (s *Scene) fallen(b box, u float32, col color.NRGBA) {
	s.Rect(b.x, b.y, b.w, b.h, 3*u, draw.Faded(s.Theme.Card, float32(col.A)/255))
	s.Outline(b.x, b.y, b.w, b.h, 3*u, max(1.5, 1.6*u), col)
	size := min(b.w, b.h) * 0.44
	s.Add(draw.Item{Kind: draw.Cross, X: b.x + b.w/2 - size/2, Y: b.y + b.h/2 - size/2, W: size, H: size, Color: col})
}
