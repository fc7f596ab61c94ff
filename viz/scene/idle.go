package scene

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
)

// hollow is a kept connection that carries nothing.
type hollow struct {
	conn  uint32
	left  sim.Time // until one end closes it; sim.Never: neither will
	whole sim.Time // of which it is left
}

// idleRows is how many hollow pipes are drawn at most.
const idleRows = 6

// kept is how long c stays open if nothing comes, by the nearer of the two ends' timeouts.
func (l *lane) kept(c *trace.Conn) hollow {
	h, k := l.run.Header(), hollow{conn: c.ID, left: sim.Never}
	client := h.IdleTimeout
	if h.HintedTimeout > 0 && c.ServerIdle != 0 && (client == 0 || h.HintedTimeout < client) {
		client = h.HintedTimeout
	}
	for _, end := range [...]struct{ since, timeout sim.Time }{{c.ClientIdle, client}, {c.ServerIdle, h.KeepAliveTimeout}} {
		left := end.since + end.timeout - l.now
		if end.since != 0 && end.timeout > 0 && left >= 0 && left < k.left {
			k.left, k.whole = left, end.timeout
		}
	}
	return k
}

// soonest finds the idle connections that close first, in the order in which they do, and counts all that are idle.
func (l *lane) soonest(rows *[idleRows]hollow) (all int) {
	for i := range l.state.Conns {
		if l.phase(i) != idle {
			continue
		}
		k := l.kept(&l.state.Conns[i])
		at := min(all, idleRows)
		for ; at > 0 && rows[at-1].left > k.left; at-- {
			if at < idleRows {
				rows[at] = rows[at-1]
			}
		}
		if at < idleRows {
			rows[at] = k
		}
		all++
	}
	return all
}

// hollows draws idle connections below the pipes as hollow pipes that empty as their time runs out.
func (s *Scene) hollows(l *lane, b box, u float32) {
	const pitch = 12.5
	var rows [idleRows]hollow
	all := l.soonest(&rows)
	room := min(int((b.h-3*u)/(pitch*u)), idleRows)
	if all == 0 || room < 1 {
		return
	}
	n := min(all, room)
	if all > room && room > 1 {
		n = room - 1
	}
	y := b.y + 4*u
	for i := range n {
		s.hollow(l, rows[i], box{b.x, y, b.w, (pitch - 2.5) * u}, u)
		y += pitch * u
	}
	if all > n && room > 1 {
		s.Put("+ ").Count(int64(all-n)).Put(" more kept, idle").WriteWithin(b.x, y+9*u, b.w, draw.Font{Size: 10 * u, Color: s.Theme.Secondary})
	}
}

// hollow draws one: its number, the pipe, and the time that is left.
func (s *Scene) hollow(l *lane, k hollow, b box, u float32) {
	s.Of = l.ref(draw.Connection, k.conn)
	f := draw.Font{Size: 10 * u, Color: s.Theme.Secondary}
	s.Number("connection", k.conn).WriteWithin(b.x, b.y+9*u, 76*u, f)
	f.Align, f.Color = draw.Right, s.Theme.Text
	s.countdown(k.left).Write(b.x+b.w, b.y+9*u, f)
	pipe := box{b.x + 80*u, b.y + 0.5*u, b.w - 146*u, b.h - u}
	s.hollowPipe(k, pipe, u)
	s.mark(s.stands(s.Of, 0, k.conn), pipe, u)
	s.Of = draw.Ref{}
}

// hollowPipe is as long as the whole timeout; what is left of it is dashed.
func (s *Scene) hollowPipe(k hollow, b box, u float32) {
	part := float32(1)
	if k.left != sim.Never {
		part = clamp(float32(k.left)/float32(k.whole), 0, 1)
	}
	s.Panel(b.x, b.y, b.w, b.h, 2*u, s.Theme.Pipe, s.Theme.PipeLine)
	if w := part * b.w; w >= 2*u {
		s.Dashed(b.x, b.y, w, b.h, 2*u, max(1.5, 1.8*u), s.Theme.Idle)
	}
}

// countdown puts the time left, in tenths of seconds from one on.
func (s *Scene) countdown(left sim.Time) *draw.Canvas {
	switch {
	case left == sim.Never:
		return s.Put("no timeout")
	case left >= sim.Second:
		s.Tenths(int64(left / (100 * sim.Millisecond)))
		if left/(100*sim.Millisecond)%10 == 0 {
			s.Put(".0")
		}
		return s.Put(" s left")
	default:
		return s.Count(int64(left / sim.Millisecond)).Put(" ms left")
	}
}

// describeIdle adds how many connections are kept and idle, and when the next of them closes.
func (s *Scene) describeIdle(l *lane) {
	var soonest [idleRows]hollow
	all := l.soonest(&soonest)
	if all == 0 {
		return
	}
	s.Put(", ").Count(int64(all)).Put(" kept and idle, the next of them with ")
	s.countdown(soonest[0].left)
}
