package scene

import (
	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// doing is what a client is at: the furthest of its requests.
type doing uint8

const (
	resting    doing = iota
	keeping          // it has idle connections and wants nothing
	connecting       // it waits for a connection
	asking
	awaiting // the server
	receiving
	doings
)

func (d doing) String() string {
	return [...]string{"rest", "keep idle", "connect", "ask", "wait", "receive"}[d]
}

// doingOf is what a request in a phase makes its client do.
func doingOf(p trace.RequestPhase) doing {
	switch {
	case p >= trace.Receiving:
		return receiving
	case p >= trace.Queued:
		return awaiting
	case p >= trace.Bound:
		return asking
	default:
		return connecting
	}
}

// group is some clients next to each other: how many of them do what.
type group struct {
	by   [doings]int
	size int
}

// gather finds what each client does, for n cells at most: a client each, or some.
func (s *Scene) gather(l *lane, n int) {
	clients := max(l.run.Header().Clients, 1)
	each := (clients + n - 1) / n
	s.groups = s.groups[:0]
	for at := 0; at < clients; at += each {
		s.groups = append(s.groups, group{size: min(each, clients-at)})
	}
	for i := range l.state.Requests {
		q := &l.state.Requests[i]
		if c := int(q.Client) - 1; c >= 0 && c < clients {
			s.groups[c/each].by[doingOf(q.Phase)]++
		}
	}
	for c := range l.state.Pools {
		if p := &l.state.Pools[c]; c < clients && p.Idle > 0 && p.Busy == 0 && p.Waiting == 0 {
			s.groups[c/each].by[keeping]++
		}
	}
}

// clientsWords says how many requests are at what.
func (s *Scene) clientsWords(l *lane) *draw.Canvas {
	s.gather(l, 1)
	for d := connecting; d < doings; d++ {
		if n := s.groups[0].by[d]; n > 0 {
			if s.Begun() {
				s.Put(", ")
			}
			s.Count(int64(n)).Put(" ").Put(d.String())
		}
	}
	return &s.Canvas
}

// clients draws a cell for each client, or for some of them together, and in it what they do.
func (s *Scene) clients(l *lane, b box, u float32) {
	pitch := 12 * u
	columns, lines := max(int((b.w+2*u)/pitch), 1), max(int((b.h+2*u)/pitch), 1)
	s.gather(l, max(columns*lines, 1))
	for k := range s.groups {
		s.clientCell(&s.groups[k], box{b.x + float32(k%columns)*pitch, b.y + float32(k/columns)*pitch, pitch - 2*u, pitch - 2*u}, u)
	}
}

// clientCell fills a cell from below: what arrives lies lowest, then what is awaited, asked for, and connections.
func (s *Scene) clientCell(of *group, b box, u float32) {
	stroke := max(1.5, 1.6*u)
	if 2*of.by[keeping] >= of.size {
		s.Dashed(b.x, b.y, b.w, b.h, 1, stroke, s.Theme.Idle)
	} else {
		s.Outline(b.x, b.y, b.w, b.h, 2*u, 1, s.Theme.PipeLine)
	}
	works := 0
	for d := connecting; d < doings; d++ {
		works += of.by[d]
	}
	if works == 0 {
		return
	}
	whole := float32(max(works, of.size)) // a client may want several things
	y := b.y + b.h
	for d := doings - 1; d >= connecting; d-- {
		if of.by[d] == 0 {
			continue
		}
		h := min(max(float32(of.by[d])/whole*b.h, 2), y-b.y)
		y -= h
		switch d {
		case receiving:
			s.Rect(b.x, y, b.w, h, 0, s.Theme.Data)
		case awaiting:
			s.Rect(b.x, y, b.w*0.72, h, 0, s.Theme.Wait) // not as wide: it is not told by its colour alone
		case asking:
			s.Rect(b.x+b.w*0.28, y, b.w*0.72, h, 0, s.Theme.Request)
		default:
			s.Outline(b.x, y, b.w, h, 0, min(stroke, h/2), s.Theme.SetUp)
		}
	}
}
