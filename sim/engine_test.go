package sim

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// journal notes the events that it receives.
type journal struct {
	args []int64
	at   []Time
}

func (j *journal) OnEvent(now Time, _ uint32, arg int64) {
	j.args, j.at = append(j.args, arg), append(j.at, now)
}

func TestEventsComeInOrderOfTimeAndTiesInOrderOfScheduling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOf(rapid.Int64Range(0, 20)).Draw(t, "times")
		e := New(Limits{})
		j := &journal{}
		id := e.Add(j)
		type entry struct{ at, arg int64 }
		var want []entry
		for i, at := range times {
			e.At(Time(at), id, 0, int64(i))
			want = append(want, entry{at, int64(i)})
		}
		require.NoError(t, e.Run(Never))
		slices.SortStableFunc(want, func(a, b entry) int { return int(a.at - b.at) })
		for i, w := range want {
			require.Equal(t, w, entry{int64(j.at[i]), j.args[i]})
		}
		require.Equal(t, uint64(len(times)), e.Handled())
	})
}

func TestRunningInTwoPartsIsRunningOnce(t *testing.T) {
	part, whole := &journal{}, &journal{}
	a, b := New(Limits{}), New(Limits{})
	ia, ib := a.Add(part), b.Add(whole)
	for i := range int64(100) {
		at := Time(i * 7919 % 101)
		a.At(at, ia, 0, i)
		b.At(at, ib, 0, i)
	}
	require.NoError(t, a.Run(50))
	require.Equal(t, Time(50), a.Now())
	require.NoError(t, a.Run(Never))
	require.NoError(t, b.Run(Never))
	require.Equal(t, whole, part)
}

func TestThePastCannotBeChanged(t *testing.T) {
	e := New(Limits{})
	id := e.Add(&journal{})
	e.At(5, id, 0, 0)
	require.NoError(t, e.Run(Never))
	require.PanicsWithValue(t, "sim: event at 0.000004ms, but it is 0.000005ms already", func() { e.At(4, id, 0, 0) })
}

// again schedules itself for ever.
type again struct {
	e    *Engine
	id   ID
	step Time
}

func (a *again) OnEvent(now Time, _ uint32, _ int64) { a.e.At(now+a.step, a.id, 0, 0) }

func TestEachLimitStopsARunAndNamesItself(t *testing.T) {
	for name, l := range map[string]Limits{"events": {Events: 10}, "virtual time": {Time: 10}, "pending events": {Pending: 3}} {
		e := New(l)
		a := &again{e: e, step: 1}
		a.id = e.Add(a)
		for range 4 {
			e.At(0, a.id, 0, 0)
		}
		var limit *LimitError
		require.True(t, errors.As(e.Run(Never), &limit), name)
		require.Equal(t, name, limit.Limit)
	}
}

// alarm keeps a Timer and counts how often it goes off.
type alarm struct {
	e     *Engine
	id    ID
	timer Timer
	rang  []Time
}

func (a *alarm) OnEvent(now Time, kind uint32, arg int64) {
	if a.timer.Fired(a.e, now, a.id, kind, arg) {
		a.rang = append(a.rang, now)
	}
}

func TestATimerRingsOnceAtItsLastDeadlineHoweverOftenItMoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := New(Limits{})
		a := &alarm{e: e}
		a.id = e.Add(a)
		target := Time(0)
		for _, at := range rapid.SliceOfN(rapid.Int64Range(1, 50), 1, 20).Draw(t, "deadlines") {
			target = Time(at)
			a.timer.Arm(e, target, a.id, 0, 0)
		}
		disarm := rapid.Bool().Draw(t, "disarm")
		if disarm {
			a.timer.Disarm()
		}
		require.NoError(t, e.Run(Never))
		if disarm {
			require.Empty(t, a.rang)
		} else {
			require.Equal(t, []Time{target}, a.rang)
		}
	})
}

func TestStreamsDependOnTheirNameAndSeedAlone(t *testing.T) {
	a, b, c := Stream(1, "loss/down"), Stream(1, "loss/down"), Stream(1, "loss/up")
	require.Equal(t, a.Uint64(), b.Uint64())
	require.NotEqual(t, a.Uint64(), c.Uint64())
}

func TestChanceAndExpHaveTheirMeans(t *testing.T) {
	r := Stream(7, "test")
	const n = 200_000
	hits, sum, square := 0, 0.0, 0.0
	for range n {
		if r.Chance(250_000_000) {
			hits++
		}
		v := float64(r.Exp(1_000_000))
		sum += v
		square += v * v
	}
	mean := sum / n
	require.InDelta(t, 0.25, float64(hits)/n, 0.005)
	require.InDelta(t, 1e6, mean, 1e4)
	require.InDelta(t, 1e6, math.Sqrt(square/n-mean*mean), 2e4) // an exponential's deviation is its mean
}

func TestTheTableOfLogarithmsIsRight(t *testing.T) {
	for _, m := range []uint64{1 << 63, 1<<63 + 1<<55, 3 << 62, math.MaxUint64, 0xb504f333f9de6484} {
		want := -math.Log(float64(m)/math.Exp2(64)) * math.Exp2(32)
		require.InDelta(t, want, float64(negLn(m)), 20_000)
	}
}

func TestMillisecondsAreExact(t *testing.T) {
	require.Equal(t, "1234.567891", Time(1_234_567_891).Milliseconds())
	require.Equal(t, "-0.5", Time(-500_000).Milliseconds())
	require.Equal(t, "7", Time(7*Millisecond).Milliseconds())
}
