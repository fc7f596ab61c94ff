package tcp

import (
	"slices"

	"keepalive/sim"
)

// network joins two endpoints by a path of 50 ms one way.
type network struct {
	cfg    Config
	ends   [2]*Conn // client, server
	box    Outbox
	now    sim.Time
	flying []flying
	drop   []int // packets to drop, by number, from 1
	count  int
}

type flying struct {
	at  sim.Time
	to  int
	seg Segment
}

const oneWay = 50 * sim.Millisecond

// opened is a network whose handshake is done.
func opened(cfg Config) *network {
	n := &network{cfg: cfg}
	n.ends[0], n.ends[1] = New(&n.cfg, &n.box), New(&n.cfg, &n.box)
	n.ends[1].Listen()
	n.do(0, func(c *Conn) { c.Connect(0) })
	n.run(sim.Second - 1)
	return n
}

// linux is the configuration of a test's network unless it changes it.
func linux() Config {
	return Config{InitialWindow: 10, MSS: 1448, Header: 52, SYNHeader: 60, SlowStartAfterIdle: true}
}

// do lets an endpoint act and sends what it puts into its outbox.
func (n *network) do(end int, act func(c *Conn)) {
	act(n.ends[end])
	for _, s := range n.box.Segments {
		n.count++
		if !slices.Contains(n.drop, n.count) {
			n.flying = append(n.flying, flying{n.now + oneWay, 1 - end, s})
		}
	}
	n.box.Reset()
}

// run lets time pass until t, or until nothing more happens.
func (n *network) run(t sim.Time) {
	for {
		at, end, timer := n.next()
		if at > t || at == sim.Never {
			return
		}
		n.now = at
		if timer {
			n.do(end, func(c *Conn) { c.OnTimer(at) })
			continue
		}
		f := n.flying[0]
		n.flying = n.flying[1:]
		n.do(f.to, func(c *Conn) { c.OnSegment(at, &f.seg) })
	}
}

func (n *network) next() (at sim.Time, end int, timer bool) {
	at = sim.Never
	if len(n.flying) > 0 {
		at = n.flying[0].at
	}
	for i, c := range n.ends {
		if d := c.Deadline(); d < at {
			at, end, timer = d, i, true
		}
	}
	return at, end, timer
}
