package tcp

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/sim"
)

// copyOf is an endpoint in the same state that shares nothing with c and sends to box.
func copyOf(c *Conn, box *Outbox) *Conn {
	d := *c
	d.out = box
	d.snd.ring.buf = append([]sent(nil), c.snd.ring.buf...)
	if c.snd.known != nil {
		k := *c.snd.known
		d.snd.known = &k
	}
	if c.rcv.runs != nil {
		r := *c.rcv.runs
		r.early = append([]span(nil), r.early...)
		d.rcv.runs = &r
	}
	return &d
}

// essence is an endpoint without what is left of older segments in its ring.
func essence(c *Conn) *Conn {
	d := copyOf(c, nil)
	r := &d.snd.ring
	r.buf, r.head = nil, 0
	for i := range r.n {
		r.buf = append(r.buf, *c.snd.ring.at(i))
	}
	return d
}

// plainly is what a box holds, without what is left of older segments in it.
func plainly(box *Outbox) []Segment {
	var all []Segment
	for _, s := range box.Segments {
		clear(s.Sack[s.Sacks:])
		all = append(all, s)
	}
	return all
}

// Header prediction saves time and changes nothing: whatever arrives, the short way ends in the state, and with the
// segments, of the long one.
func TestTheShortWayEndsWhereTheLongOneDoes(t *testing.T) {
	for _, loss := range []int64{0, 50, 300} { // per thousand
		for _, congestion := range []Congestion{Reno, Cubic} {
			t.Run(fmt.Sprintf("%v loss %d", congestion, loss), func(t *testing.T) {
				cfg := linux()
				cfg.Congestion, cfg.TSO, cfg.Tick = congestion, congestion == Cubic, 4*sim.Millisecond
				n := opened(cfg)
				luck := sim.Stream(uint64(loss), "drop")
				short := 0
				for range 15 {
					n.do(0, func(c *Conn) { c.Write(n.now, 1+luck.Below(3000), false) })
					n.do(1, func(c *Conn) { c.Write(n.now, 1+luck.Below(400_000), false) })
					short += n.runBothWays(t, n.now+sim.Time(luck.Below(int64(2*sim.Second))), loss, &luck)
				}
				require.Positive(t, short)
			})
		}
	}
}

// runBothWays is run, with every segment taken by a copy of its receiver the long way too. It counts the short ones.
func (n *network) runBothWays(t *testing.T, until sim.Time, loss int64, luck *sim.Rand) (short int) {
	for {
		at, end, timer := n.next()
		if at > until || at == sim.Never {
			n.now = until
			return short
		}
		n.now = at
		if timer {
			n.do(end, func(c *Conn) { c.OnTimer(at) })
			continue
		}
		f := n.flying[0]
		n.flying = n.flying[1:]
		if luck.Below(1000) < loss {
			continue
		}
		n.do(f.to, func(c *Conn) {
			if c.predicted(&f.seg) {
				short++
			}
			var box Outbox
			long := copyOf(c, &box)
			want := long.onSegmentOpen(at, &f.seg)
			require.Equal(t, want, c.OnSegment(at, &f.seg))
			require.Equal(t, plainly(&box), plainly(&n.box))
			require.Equal(t, essence(long), essence(c))
		})
	}
}
