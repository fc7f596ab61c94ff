package tcp

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/sim"
)

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
