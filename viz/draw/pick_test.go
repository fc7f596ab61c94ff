package draw_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/viz/draw"
)

func TestWhatIsDrawnLastIsPickedAndWhatIsNearIfNothingIsThere(t *testing.T) {
	var c draw.Canvas
	c.Reset(&draw.Light)
	ref := func(id uint32) draw.Ref { return draw.Ref{Kind: draw.Packet, ID: id} }
	c.Rect(0, 0, 300, 300, 0, c.Theme.Card) // is a picture of nothing
	c.Of = ref(1)
	c.Rect(10, 10, 40, 10, 0, c.Theme.Data)
	c.Of = ref(2)
	c.Rect(40, 10, 40, 10, 0, c.Theme.Data)
	c.Of = ref(3)
	c.Add(draw.Item{Kind: draw.Slant, X: 100, Y: 100, W: 100, H: -50, Stroke: 4})
	c.Of = ref(4)
	c.Put("to the left of its place").Write(200, 250, draw.Font{Size: 10, Align: draw.Right})
	for _, at := range []struct {
		x, y float32
		id   uint32
	}{{15, 15, 1}, {45, 15, 2}, {70, 15, 2}, {6, 15, 1}, {2, 15, 0}, {150, 76, 3}, {150, 50, 0}, {100, 102, 3}, {190, 245, 4}, {203, 245, 4}, {210, 245, 0}} {
		require.Equal(t, at.id, draw.Pick(c.Items(), at.x, at.y, 6).ID, "%v", at)
	}
}
