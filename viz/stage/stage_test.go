package stage

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"keepalive/model/trace"
	"keepalive/sim"
)

// twoSeconds is a run of two seconds with nothing but an end.
func twoSeconds() []*trace.Index {
	l := &trace.Log{Header: trace.Header{Format: 1, RTT: sim.Second, Finished: 2 * sim.Second, Missing: sim.Never}}
	l.Records = []trace.Record{{At: 2 * sim.Second, Kind: trace.ServerLoad, Actor: trace.Server(0)}}
	return []*trace.Index{l.Index()}
}

func TestACommandIsObeyedBeforeTheNextFrameAndTheChangeIsTold(t *testing.T) {
	var told []Status
	s := New(twoSeconds(), Options{Status: func(v Status) { told = append(told, v) }})
	require.NoError(t, s.Update())
	require.Len(t, told, 1, "the end is news")
	require.NoError(t, s.Update())
	require.Len(t, told, 1, "nothing has changed")
	s.Do(func(s *Stage) { s.Player().Seek(sim.Second) })
	require.NoError(t, s.Update())
	require.Len(t, told, 2)
	require.Equal(t, sim.Second, told[1].At)
	require.Contains(t, told[1].Text(), "At 1")
}

func TestWhilePlayingItTellsAtMostTenTimesASecondAndTheEndAtOnce(t *testing.T) {
	var told []Status
	s := New(twoSeconds(), Options{Status: func(v Status) { told = append(told, v) }})
	s.Do(func(s *Stage) {
		s.Player().SetSpeed(10 * sim.Second)
		s.Player().Play()
	})
	begin := time.Now()
	for s.Update() == nil && (len(told) == 0 || !told[len(told)-1].Done) {
		require.Less(t, time.Since(begin), 5*time.Second, "two seconds at tenfold speed")
		time.Sleep(2 * time.Millisecond)
	}
	require.LessOrEqual(t, len(told), 2+int(time.Since(begin)/(100*time.Millisecond)))
	require.Equal(t, 2*sim.Second, told[len(told)-1].At)
	require.False(t, told[len(told)-1].Playing)
}

func TestAWindowThatWasHiddenGoesOnWhereItWas(t *testing.T) {
	s := New(twoSeconds(), Options{})
	s.Player().SetSpeed(sim.Second)
	s.Player().Play()
	s.last = time.Now().Add(-time.Hour)
	require.NoError(t, s.Update())
	require.LessOrEqual(t, s.Player().At(), sim.Time(longestFrame))
}

func TestAskedForItsStateItTellsItAgain(t *testing.T) {
	n := 0
	s := New(twoSeconds(), Options{Status: func(Status) { n++ }})
	require.NoError(t, s.Update())
	s.Do((*Stage).Tell)
	require.NoError(t, s.Update())
	require.Equal(t, 2, n)
}
