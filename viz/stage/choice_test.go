package stage

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// gallery is a stage of a desktop's size that shows the gallery at 800 ms, drawn once.
func gallery(t *testing.T, opt Options) *Stage {
	t.Helper()
	f, err := scenarios.Load("gallery")
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(context.Background(), f.Variants(), lab.Options{Log: true})
	require.NoError(t, err)
	var runs []*trace.Index
	for _, l := range logs {
		runs = append(runs, l.Index())
	}
	s := New(runs, opt)
	s.w, s.h = 1392, 940
	s.player.Seek(800 * sim.Millisecond)
	s.board.Draw(s.state())
	return s
}

// place is the middle of the first picture of a thing of a kind.
func place(t *testing.T, s *Stage, kind draw.Thing) (x, y float32, ref draw.Ref) {
	t.Helper()
	for _, i := range s.board.Items() {
		if i.Of.Kind == kind && i.Kind == draw.Rect && i.W > 8 {
			return i.X + i.W/2, i.Y + i.H/2, i.Of
		}
	}
	require.Fail(t, "there is none in the picture")
	return
}

func TestWhatIsPointedAtIsChosenAndToldOnce(t *testing.T) {
	var told []string
	s := gallery(t, Options{Controls: true, View: views.Ladder, Chose: func(s *Stage) { told = append(told, s.Thing()) },
		Header: func(m tell.Message) string { return "the head of " + m.Name.Path }})
	x, y, ref := place(t, s, draw.Packet)
	require.True(t, s.Point(x, y, MouseReach))
	require.Equal(t, ref, s.Chosen().Ref)
	require.Equal(t, "the head of /4", s.state().Header, "its response is in the pipe")
	for range 3 {
		s.chose()
	}
	require.Equal(t, []string{s.Thing()}, told)
	require.NotEmpty(t, told[0])

	require.True(t, s.escape())
	require.Empty(t, s.Thing())
	require.Zero(t, s.Chosen())
	s.chose()
	require.Equal(t, "", told[1])
}

func TestAPlaceWhereTimeRunsIsATime(t *testing.T) {
	s := gallery(t, Options{Controls: true, View: views.Window})
	s.player.Play()
	require.False(t, s.Point(1, 1, MouseReach))
	require.True(t, s.player.Playing())
	require.True(t, s.Point(1200, 800, MouseReach))
	require.Greater(t, s.player.At(), 2*sim.Second)
	require.False(t, s.player.Playing())
}

func TestAConnectionsPacketsAreFollowedThereAndBack(t *testing.T) {
	s := gallery(t, Options{})
	s.Follow(1)
	require.Zero(t, s.Chosen(), "nothing is chosen that could be followed")
	s.Choose(draw.Ref{Lane: 1, Kind: draw.Connection, ID: 1})
	var seen []uint32
	for last := uint32(0); ; last = s.Chosen().Packet {
		if s.Follow(1); s.Chosen().Packet == last {
			break
		}
		require.Equal(t, s.Chosen().At, s.player.At())
		require.EqualValues(t, 1, s.Chosen().Connection)
		require.EqualValues(t, 1, s.Chosen().Lane)
		seen = append(seen, s.Chosen().Packet)
	}
	c := s.board.Runs()[1].Index.Final().Counters
	require.Len(t, seen, c.PacketsUp+c.PacketsDown, "the kept connection carries every packet of its run")
	for k := len(seen) - 2; k >= 0; k-- {
		s.Follow(-1)
		require.Equal(t, seen[k], s.Chosen().Packet)
	}
}

func TestOtherRunsForgetWhatWasChosenAndKeepTheView(t *testing.T) {
	s := gallery(t, Options{View: views.Server})
	s.Choose(draw.Ref{Kind: draw.Request, ID: 4})
	s.Load(twoSeconds())
	require.Zero(t, s.Chosen())
	require.Equal(t, views.Server, s.View())
	require.Empty(t, s.Messages())
}

func TestEveryDigitUpToTheLastViewIsAView(t *testing.T) {
	s := gallery(t, Options{})
	for k, r := range "0123456" {
		command(r)(s)
		require.Equal(t, views.Kind(k), s.View())
	}
	require.Nil(t, command('7'))
	require.Nil(t, command('/'))
	require.NotNil(t, command('N'))
}
