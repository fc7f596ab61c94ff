package tcp

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"keepalive/sim"
)

func TestASegmentInFlightTakes24Bytes(t *testing.T) {
	require.Equal(t, 24, int(unsafe.Sizeof(sent{})))
}

func TestAnIdleConnectionHasNoRing(t *testing.T) {
	n := opened(linux())
	server := n.ends[1]
	n.do(1, func(c *Conn) { c.Write(n.now, 100*1448, false) })
	require.NotEmpty(t, server.snd.ring.buf)
	n.run(sim.Never)
	require.Nil(t, server.snd.ring.buf)
	require.Nil(t, n.ends[0].snd.ring.buf)
}

// After losses too: what a receiver and a sender keep of segments out of order goes back with the ring.
func TestAConnectionThatHasRecoveredHoldsNoMoreThanBefore(t *testing.T) {
	n := opened(linux())
	n.drop = []int{n.count + 3, n.count + 7}
	n.do(1, func(c *Conn) { c.Write(n.now, 100*1448, false) })
	n.run(n.now + 110*sim.Millisecond)
	require.NotNil(t, n.ends[0].rcv.runs)
	require.NotNil(t, n.ends[1].snd.known)
	n.run(sim.Never)
	for _, c := range n.ends {
		require.Nil(t, c.rcv.runs)
		require.Nil(t, c.snd.known)
		require.Nil(t, c.snd.ring.buf)
	}
	require.Len(t, n.box.runs, 1)
	require.Len(t, n.box.known, 1)
}
