package scene

import (
	"slices"

	"keepalive/model/trace"
)

// load is what a connection carries at an instant.
type load struct {
	requests int
	oldest   uint32
}

// weigh counts what each connection carries.
func (l *lane) weigh() {
	l.loads = l.loads[:0]
	for range l.state.Conns {
		l.loads = append(l.loads, load{})
	}
	for i := range l.state.Requests {
		q := &l.state.Requests[i]
		if q.Conn == 0 || q.Phase < trace.Bound {
			continue
		}
		at, ok := slices.BinarySearchFunc(l.state.Conns, q.Conn, func(c trace.Conn, id uint32) int { return int(int64(c.ID) - int64(id)) })
		if !ok {
			continue
		}
		if w := &l.loads[at]; w.requests == 0 {
			w.oldest = q.ID
		}
		l.loads[at].requests++
	}
}

// phase is what a connection is good for.
type phase uint8

// accepted is trace.Conn's number of an established end.
const accepted = 4

// securing is how many connections that the server has accepted open TLS.
func (l *lane) securing() (n int) {
	for i := range l.state.Conns {
		if l.state.Conns[i].ServerTCP == accepted && l.phase(i) == securing {
			n++
		}
	}
	return min(n, l.state.Server.Idle)
}

const (
	opening phase = iota
	securing
	busy
	idle
	closing
	phases
)

func (p phase) String() string {
	return [...]string{"opening", "opening TLS", "busy", "idle", "closing"}[p]
}

// phase is that of the i-th connection: one that carries several requests is busy until the last of them.
func (l *lane) phase(i int) phase {
	c := &l.state.Conns[i]
	switch c.Phase() {
	case trace.ConnOpening:
		return opening
	case trace.ConnClosing:
		return closing
	default:
	}
	at, is := l.run.Secured(c.ID)
	switch {
	case l.run.TLS && (!is || at > l.now):
		return securing
	case l.loads[i].requests > 0:
		return busy
	default:
		return idle
	}
}
