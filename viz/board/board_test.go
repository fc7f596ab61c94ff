package board_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/board"
	"keepalive/viz/draw"
	"keepalive/viz/player"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// head is as long as that of a request that carries cookies.
const head = "GET /4 HTTP/1.1\r\nHost: example.test\r\nAccept: */*\r\nCookie: 07e5c3a18f6d4b2918f6d4b2907e5c3a2907e5c3a18f6d4b3a18f6d4b29\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"

// newBoard is a board of an embedded scenario's first variants.
func newBoard(t testing.TB, scenario string) *board.Board {
	t.Helper()
	f, err := scenarios.Load(scenario)
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(context.Background(), f.Variants()[:2], lab.Options{Log: true})
	require.NoError(t, err)
	var runs []*trace.Index
	for _, l := range logs {
		runs = append(runs, l.Index())
	}
	return board.New(tell.ReadAll(runs), player.New(runs).Duration())
}

// at is a picture of the gallery at 800 ms, with a bar, for a surface.
func at(w, h float32) board.State {
	return board.State{W: w, H: h, Margin: 12, At: 800 * sim.Millisecond, View: views.Ladder, Panel: true, Bar: &scene.Transport{At: 800 * sim.Millisecond, End: 4 * sim.Second}}
}

// surfaces are a phone, a small window, a laptop, a desktop and a projector.
var surfaces = [][2]float32{{380, 900}, {700, 1000}, {1100, 760}, {1392, 940}, {1920, 1080}}

// extent is the box around an item.
func extent(i *draw.Item) (x0, y0, x1, y1 float32) {
	switch i.Kind {
	case draw.Words:
		x := i.X - i.W*float32(i.Align)/2
		return x, i.Y - i.H, x + i.W, i.Y
	case draw.Slant:
		return i.X, min(i.Y, i.Y+i.H), i.X + i.W, max(i.Y, i.Y+i.H) + i.Stroke
	default:
		return i.X, i.Y, i.X + i.W, i.Y + i.H
	}
}

// box is where the panel is: its frame is the last outline of the accent's colour that is large enough for a word.
func box(items []draw.Item, theme *draw.Theme) (x0, y0, x1, y1 float32) {
	for k := range items {
		if i := &items[k]; i.Kind == draw.Rect && i.Stroke == 2 && i.Color == theme.Accent && i.W > 200 && i.Of.Kind == draw.Nothing {
			x0, y0, x1, y1 = extent(i)
		}
	}
	return
}

func TestThePanelLiesOnTheSurfaceAndHoldsItsWords(t *testing.T) {
	b := newBoard(t, "gallery")
	for _, size := range surfaces {
		for _, theme := range []*draw.Theme{&draw.Light, &draw.Projector} {
			s := at(size[0], size[1])
			s.Theme, s.Header = theme, head
			s.Chosen = tell.Choose(b.Runs(), draw.Ref{Kind: draw.Request, ID: 4})
			items := b.Draw(s)
			x0, y0, x1, y1 := box(items, theme)
			require.NotZero(t, x1, "%v: there is no panel", size)
			require.True(t, x0 >= 12 && y0 >= 12 && x1 <= size[0]-12 && y1 <= size[1]-12-64, "%v: the panel from %v,%v to %v,%v hides the bar or leaves the surface", size, x0, y0, x1, y1)
			said := ""
			for k := len(items) - 1; items[k].Color != theme.Card || items[k].X != x0; k-- {
				wx0, wy0, wx1, wy1 := extent(&items[k])
				require.True(t, wx0 >= x0 && wy0 >= y0 && wx1 <= x1 && wy1 <= y1, "%v: %q at %v leaves the panel %v", size, b.Text(&items[k]), [4]float32{wx0, wy0, wx1, wy1}, [4]float32{x0, y0, x1, y1})
				said = string(b.Text(&items[k])) + " " + said
			}
			require.Equal(t, strings.Fields(b.Thing(s.Chosen)), strings.Fields(said)[:len(strings.Fields(b.Thing(s.Chosen)))])
			require.Contains(t, said, "Content-Length: 10000")
		}
	}
}

func TestThePanelKeepsOffWhatIsChosenAndStaysWhereItIs(t *testing.T) {
	b := newBoard(t, "gallery")
	s := at(1392, 940)
	for _, id := range []uint32{60, 70, 75} {
		s.Chosen = tell.Choose(b.Runs(), draw.Ref{Kind: draw.Packet, ID: id})
		s.At = s.Chosen.At + 20*sim.Millisecond
		items := b.Draw(s)
		x0, y0, x1, y1 := box(items, &draw.Light)
		for k := range items {
			if ix0, iy0, ix1, iy1 := extent(&items[k]); items[k].Of == s.Chosen.Ref && items[k].Kind != draw.Words {
				require.False(t, ix0 < x1 && x0 < ix1 && iy0 < y1 && y0 < iy1, "packet %d is hidden", id)
			}
		}
		s.At += 100 * sim.Millisecond
		items = b.Draw(s)
		again, _, _, _ := box(items, &draw.Light)
		require.Equal(t, x0, again, "it does not jump about while the race plays")
	}
}

func TestWhatIsDrawnIsPickedUnlessThePanelLiesOverIt(t *testing.T) {
	b := newBoard(t, "gallery")
	s := at(1392, 940)
	s.Panel = false
	items := b.Draw(s)
	picked := map[draw.Thing]int{}
	for k := range items {
		if x0, y0, x1, y1 := extent(&items[k]); items[k].Of.Kind != draw.Nothing {
			got := b.Pick((x0+x1)/2, (y0+y1)/2, 6)
			require.NotEqual(t, draw.Nothing, got.Kind)
			picked[got.Kind]++
		}
	}
	require.NotZero(t, picked[draw.Packet])
	s.Panel, s.Chosen = true, tell.Choose(b.Runs(), draw.Ref{Kind: draw.Request, ID: 4})
	items = b.Draw(s)
	x0, y0, x1, y1 := box(items, &draw.Light)
	require.Zero(t, b.Pick((x0+x1)/2, (y0+y1)/2, 6))
	_, isTime := b.TimeAt((x0+x1)/2, (y0+y1)/2)
	require.False(t, isTime)
	require.True(t, b.OnClose(x1-18, y0+18))
	require.False(t, b.OnClose(x0+18, y1-18))
	require.True(t, b.OnPanel(x0+18, y1-18))
}

func TestAViewIsLeftOutWhereTheLanesNeedTheRoom(t *testing.T) {
	b := newBoard(t, "gallery")
	small := at(900, 420)
	require.False(t, board.Fits(small, 2))
	none := small
	none.View = views.None
	without := len(b.Draw(none))
	require.Len(t, b.Draw(small), without)
	for _, size := range surfaces {
		require.True(t, board.Fits(at(size[0], size[1]), 2), "%v", size)
	}
}

func TestThePageGivesThePictureTheHeightThatItAsksFor(t *testing.T) {
	for _, w := range []float32{330, 720, 1392, 1700} {
		for _, k := range append(views.Kinds[:], views.None) {
			s := board.State{W: w, H: board.Height(w, 2, k), View: k}
			require.True(t, board.Fits(s, 2), "%v at %v px", k, w)
		}
	}
}

func TestDrawingABoardAgainAllocatesNothing(t *testing.T) {
	b := newBoard(t, "page")
	s := at(1392, 940)
	s.Chosen, s.Header = tell.Choose(b.Runs(), draw.Ref{Kind: draw.Request, ID: 4}), head
	frame := func() {
		s.At = (s.At + 7*sim.Millisecond) % sim.Second
		b.Draw(s)
	}
	for range 300 {
		frame()
	}
	require.Zero(t, testing.AllocsPerRun(200, frame))
}

func BenchmarkDrawingABoard(b *testing.B) {
	board := newBoard(b, "page")
	s := at(1392, 940)
	s.Chosen = tell.Choose(board.Runs(), draw.Ref{Kind: draw.Request, ID: 4})
	for b.Loop() {
		s.At = (s.At + 7*sim.Millisecond) % (2 * sim.Second)
		board.Draw(s)
	}
}
