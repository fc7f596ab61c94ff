package trace_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model/trace"
	"keepalive/sim"
)

func TestMomentsAreTheSameForwardsAndBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		x := l.Index()
		kinds := trace.Moments(rapid.IntRange(1, int(trace.AnyMoment)).Draw(t, "kinds"))
		var there, back []sim.Time
		for at, ok := x.NextMoment(-1, kinds); ok; at, ok = x.NextMoment(at, kinds) {
			there = append(there, at)
		}
		for at, ok := x.PrevMoment(sim.Never, kinds); ok; at, ok = x.PrevMoment(at, kinds) {
			back = append([]sim.Time{at}, back...)
		}
		require.Equal(t, there, back)
		for _, at := range there {
			all, n := x.MomentsAt(at, kinds, len(l.Records), nil)
			require.Len(t, all, n)
			require.Positive(t, n)
			for _, m := range all {
				require.Equal(t, at, m.At)
				require.NotZero(t, m.What&kinds)
				require.GreaterOrEqual(t, m.Idle, sim.Time(0))
			}
			few, also := x.MomentsAt(at, kinds, 1, nil)
			require.Equal(t, n, also)
			require.Equal(t, all[:1], few)
		}
	})
}

func TestAPageHasAFirstByteForEachRequestAndALossForEachPacketThatFell(t *testing.T) {
	x := page(t).Index()
	count := func(kinds trace.Moments) (n int) {
		for at, ok := x.NextMoment(-1, kinds); ok; at, ok = x.NextMoment(at, kinds) {
			_, k := x.MomentsAt(at, kinds, 1, nil)
			n += k
		}
		return n
	}
	require.Equal(t, 120, count(trace.MomentFirstByte))
	require.Equal(t, x.Final().Counters.Opened, count(trace.MomentHandshake))
	require.Equal(t, x.Final().Counters.Opened, count(trace.MomentClosed))
	require.GreaterOrEqual(t, count(trace.MomentLoss), x.Final().Counters.Dropped)
	require.Zero(t, count(trace.MomentFailed))
}

func TestKeyframesOfManyClientsTakeRoomInProportionToTheLog(t *testing.T) {
	l := &trace.Log{Header: trace.Header{Format: 1, Missing: sim.Never}}
	const clients = 100_000
	for i := range 4 * clients {
		l.Records = append(l.Records, trace.Record{At: sim.Time(i), Kind: trace.PoolSize, Actor: uint32(i%clients + 1), A: int64(i)})
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	x, s := l.Index(), &trace.State{}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2*48*len(l.Records)), "the state itself has grown meanwhile")
	for _, at := range []sim.Time{0, 399_999, 4095, 4096, 250_000, 100_001, 17} {
		x.Seek(s, at)
		require.Equal(t, fresh(l, at), s, "at %d", at)
	}
}
