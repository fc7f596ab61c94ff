package tcp

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/sim"
)

// google/packetdrill, slow_start tests: however the receiver groups its acknowledgements, ten segments become twenty.
func TestSlowStartCountsSegmentsAndNotAcknowledgements(t *testing.T) {
	for _, group := range []int64{1, 2, 5, 10} {
		t.Run(fmt.Sprint(group), func(t *testing.T) {
			n := opened(linux())
			server := n.ends[1]
			server.Write(n.now, 100*1448, false)
			for done := group; done <= 10; done += group {
				n.now += sim.Millisecond
				server.OnSegment(n.now, &Segment{Seq: 1, Ack: 1 + done*1448, Flags: ACK, Window: 1 << 20})
			}
			cwnd, _, _, _ := server.Window()
			require.Equal(t, 20, cwnd)
		})
	}
}

// google/packetdrill, slow_start after idle: a window of 36, a round trip of 100 ms, 2 s of silence.
func TestTheWindowShrinksAfterIdleToTheInitialOne(t *testing.T) {
	for _, restart := range []bool{true, false} {
		cfg := linux()
		cfg.SlowStartAfterIdle = restart
		n := opened(cfg)
		server := n.ends[1]
		n.do(1, func(c *Conn) { c.Write(n.now, 40*1448, false) })
		n.run(sim.Never)
		before, _, _, _ := server.Window()
		require.Greater(t, before, 30)
		server.Write(n.now+2*sim.Second, 1448, false)
		after, ssthresh, _, _ := server.Window()
		if restart {
			require.Equal(t, 10, after)
			require.Equal(t, neverLimited, ssthresh)
		} else {
			require.Equal(t, before, after)
		}
	}
}

// RFC 5681, 3.1: a window that the application does not fill tells nothing about the path, so it does not grow.
func TestTheWindowGrowsOnlyWhileItLimitsTheSender(t *testing.T) {
	n := opened(linux())
	for range 50 {
		n.do(1, func(c *Conn) { c.Write(n.now, 2*1448, false) })
		n.run(n.now + 100*sim.Millisecond)
	}
	cwnd, _, _, _ := n.ends[1].Window()
	require.Equal(t, 10, cwnd)
}

// RFC 6298 with Linux's floor: on a steady path the timer stands 200 ms above the round trip.
func TestTheTimeoutIsTheRoundTripPlusTheFloor(t *testing.T) {
	var e estimator
	e.init()
	require.Equal(t, sim.Second, e.rto)
	for range 100 {
		e.sample(100*sim.Millisecond, 0, 0)
	}
	require.InDelta(t, int64(300*sim.Millisecond), int64(e.rto), float64(sim.Millisecond))
}

// A receive window that never moves holds the sender to its size per round trip.
func TestAFixedReceiveWindowIsTheCeiling(t *testing.T) {
	cfg := linux()
	cfg.ReceiveWindow, cfg.InitialWindow = 16384, 100
	n := opened(cfg)
	n.do(1, func(c *Conn) { c.Write(n.now, 1<<20, false) })
	for range 20 {
		n.run(n.now + 10*sim.Millisecond)
		require.LessOrEqual(t, n.ends[1].Unacked(), int64(16384))
	}
}
