package scene_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model/trace"
	"keepalive/viz/draw"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
)

// picked is what of a kind can be picked at the middle of what is drawn of it.
func picked(items []draw.Item, kind draw.Thing) map[draw.Ref]bool {
	all := map[draw.Ref]bool{}
	for i := range items {
		if it := &items[i]; it.Kind != draw.Words && it.Of.Kind == kind {
			if of := draw.Pick(items, it.X+it.W/2, it.Y+it.H/2, 6); of.Kind == kind {
				all[of] = true
			}
		}
	}
	return all
}

func TestPacketsObjectsAndConnectionsCanBePickedWhereTheyAreDrawn(t *testing.T) {
	runs := race(t, "gallery")
	s := scene.New(tell.ReadAll(runs))
	items := s.Draw(1040*ms, surfaces[0])
	for lane, x := range runs {
		for _, down := range []bool{false, true} {
			for _, f := range x.InFlight(down, 1040*ms, 0, nil) {
				if f.Start() <= 1040*ms {
					require.Contains(t, picked(items, draw.Packet), draw.Ref{Lane: uint8(lane), Kind: draw.Packet, ID: f.Pkt})
				}
			}
		}
		for req := range uint32(20) {
			require.Contains(t, picked(items, draw.Request), draw.Ref{Lane: uint8(lane), Kind: draw.Request, ID: req + 1})
		}
		for _, c := range x.StateAt(1040 * ms).Conns {
			require.Contains(t, picked(items, draw.Connection), draw.Ref{Lane: uint8(lane), Kind: draw.Connection, ID: c.ID})
		}
	}
}

// marks counts the frames and the lines under things.
func marks(items []draw.Item, kind draw.Thing) (frames, lines int) {
	for i := range items {
		it := &items[i]
		switch {
		case it.Of.Kind != kind || it.Kind != draw.Rect || it.Color != draw.Light.Accent:
		case it.Stroke >= 2:
			frames++
		case it.Stroke == 0 && it.H <= 3:
			lines++
		}
	}
	return frames, lines
}

func TestWhatIsChosenIsFramedAndWhatBelongsToItIsUnderlined(t *testing.T) {
	runs := tell.ReadAll(race(t, "gallery"))
	s := scene.New(runs)
	v := surfaces[0]
	at := 1040 * ms
	flying := len(runs[1].Index.InFlight(true, at, 0, nil))
	require.Greater(t, flying, 3)
	frames, lines := marks(s.Draw(at, v), draw.Packet)
	require.Zero(t, frames+lines, "nothing is chosen")

	v.Chosen = tell.Choose(runs, draw.Ref{Lane: 1, Kind: draw.Request, ID: 9})
	items := s.Draw(at, v)
	frames, lines = marks(items, draw.Packet)
	require.Equal(t, []int{0, flying}, []int{frames, lines}, "all packets on the wire are of the response")
	frames, lines = marks(items, draw.Request)
	require.Equal(t, []int{1, 0}, []int{frames, lines})
	frames, lines = marks(items, draw.Connection)
	require.Equal(t, []int{0, 1}, []int{frames, lines}, "the connection that carries it")

	v.Chosen = tell.Choose(runs, draw.Ref{Lane: 1, Kind: draw.Packet, ID: runs[1].Index.InFlight(true, at, 0, nil)[2].Pkt})
	frames, lines = marks(s.Draw(at, v), draw.Packet)
	require.Equal(t, []int{1, flying - 1}, []int{frames, lines})

	v.Chosen = tell.Choose(runs, draw.Ref{Lane: 1, Kind: draw.Connection, ID: 1})
	items = s.Draw(at, v)
	frames, lines = marks(items, draw.Request)
	require.Equal(t, []int{0, 9}, []int{frames, lines}, "the eight that it has brought, and the one it brings")
	frames, _ = marks(items, draw.Connection)
	require.Equal(t, 1, frames)
}

func TestTheChosenPacketIsSeenAmongThousands(t *testing.T) {
	x := logged(t, fat)
	at, _ := crowded(x, 5000)
	runs := tell.ReadAll([]*trace.Index{x})
	s := scene.New(runs)
	v := surfaces[0]
	frames, _ := marks(s.Draw(at, v), draw.Packet)
	require.Zero(t, frames)
	for _, f := range x.InFlight(true, at, 0, nil) {
		if f.Start() <= at {
			v.Chosen = tell.Choose(runs, draw.Ref{Kind: draw.Packet, ID: f.Pkt})
			break
		}
	}
	frames, _ = marks(s.Draw(at, v), draw.Packet)
	require.Equal(t, 1, frames)
}
