package stage

import (
	"image/color"
	"keepalive/viz/draw"
	"testing"

	"github.com/stretchr/testify/require"
)

// paintedBox is the box around what a painter drew, less the transparent border of its masks.
func paintedBox(p *painter) (x0, y0, x1, y1 float32) {
	x0, y0 = 1e9, 1e9
	for _, v := range p.vs {
		x0, y0, x1, y1 = min(x0, v.DstX), min(y0, v.DstY), max(x1, v.DstX), max(y1, v.DstY)
	}
	return x0 + border, y0 + border, x1 - border, y1 - border
}

func painted(scale float32, items ...draw.Item) *painter {
	p := &painter{atlas: newAtlas(), scale: scale}
	for i := range items {
		p.item(&items[i], func(*draw.Item) []byte { return []byte("GET 1 000") })
	}
	return p
}

var ink = color.NRGBA{A: 255}

func TestARectangleCoversItsPlaceAtEveryScale(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2, 3} {
		for _, radius := range []float32{1, 3, 23} {
			x0, y0, x1, y1 := paintedBox(painted(scale, draw.Item{Kind: draw.Rect, X: 10, Y: 20, W: 80, H: 46, Radius: radius, Color: ink}))
			require.Equal(t, [4]float32{10 * scale, 20 * scale, 90 * scale, 66 * scale}, [4]float32{x0, y0, x1, y1})
		}
	}
}

func TestARectangleWithoutRoundCornersIsOneQuadOnWholePixels(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2, 3} {
		p := painted(scale, draw.Item{Kind: draw.Rect, X: 10, Y: 20, W: 80, H: 46, Color: ink})
		require.Len(t, p.vs, 4)
		require.Equal(t, [2]float32{10 * scale, 20 * scale}, [2]float32{p.vs[0].DstX, p.vs[0].DstY})
		require.Equal(t, [2]float32{90 * scale, 66 * scale}, [2]float32{p.vs[3].DstX, p.vs[3].DstY})
		for _, v := range p.vs {
			require.Equal(t, [2]float32{p.vs[0].SrcX, p.vs[0].SrcY}, [2]float32{v.SrcX, v.SrcY}, "all of one texel, which is full")
		}
	}
}

func TestTheThinnestPacketIsStillThere(t *testing.T) {
	x0, y0, x1, y1 := paintedBox(painted(1, draw.Item{Kind: draw.Rect, X: 10.3, Y: 20, W: 0.1, H: 0.1, Smooth: true, Color: ink}))
	require.InDelta(t, 1, x1-x0, 1e-4)
	require.InDelta(t, 1, y1-y0+2*border, 1e-4, "on whole pixels it needs no border")
}

func TestEveryItemIsPartOfOneBatch(t *testing.T) {
	p := painted(1,
		draw.Item{Kind: draw.Arrow, X: 10, Y: 10, W: 38, H: 14, Color: ink},
		draw.Item{Kind: draw.Arrow, X: 10, Y: 10, W: 8, H: 14, Flip: true, Color: ink},
		draw.Item{Kind: draw.Cross, X: 10, Y: 10, W: 14, H: 14, Color: ink},
		draw.Item{Kind: draw.Tri, X: 10, Y: 10, W: 14, H: 14, Color: ink},
		draw.Item{Kind: draw.Slant, X: 10, Y: 10, W: 40, H: -14, Stroke: 3, Color: ink},
		draw.Item{Kind: draw.Rect, X: 10, Y: 10, W: 12, H: 12, Stroke: 1.5, Dashed: true, Color: ink},
		draw.Item{Kind: draw.Words, X: 10, Y: 10, H: 11, W: 60, Color: ink})
	require.Zero(t, len(p.is)%3)
	for _, k := range p.is {
		require.Less(t, int(k), len(p.vs))
	}
	require.False(t, p.atlas.full)
}

// A slant of 40 by 3 has the ink of 120 pixels, however steep it is.
func TestASlantsSidesAreOnWholePixelsAndItsInkIsThatOfItsArea(t *testing.T) {
	for _, i := range []draw.Item{{H: 0, Stroke: 3}, {H: 14.3, Stroke: 3}, {H: -90, Stroke: 3}, {H: 30, Stroke: 0.5}} {
		i.Kind, i.X, i.Y, i.W, i.Smooth, i.Color = draw.Slant, 10.3, 100.6, 40, true, ink
		p := painted(1, i)
		x0, _, x1, _ := paintedBox(p)
		require.Equal(t, [2]float32{10 + border, 50 - border}, [2]float32{x0, x1}, "no border at the sides")
		row, sum := p.vs[0].SrcY, float32(0)
		for k := 2; k < len(p.vs); k += 2 { // between two lines the ink grows or falls evenly
			sum += (p.vs[k].DstY - p.vs[k-2].DstY) * (p.vs[k].SrcY + p.vs[k-2].SrcY - 2*row) / 2
		}
		require.InDelta(t, max(i.Stroke, 1), sum, 1e-3)
	}
}

func BenchmarkPaintingFiveThousandSlants(b *testing.B) {
	p := &painter{atlas: newAtlas(), scale: 2}
	items := make([]draw.Item, 5000)
	for i := range items {
		items[i] = draw.Item{Kind: draw.Slant, X: 100, Y: float32(i) / 10, W: 400, H: 60, Stroke: 2, Smooth: true, Color: ink}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.vs, p.is = p.vs[:0], p.is[:0]
		for i := range items {
			p.item(&items[i], nil)
		}
	}
}

func TestTextIsDrawnFromItsSideItsMiddleOrItsEnd(t *testing.T) {
	var at [3]float32
	for a := range at {
		at[a], _, _, _ = paintedBox(painted(1, draw.Item{Kind: draw.Words, X: 100, Y: 50, H: 20, W: 60, Align: draw.Align(a), Color: ink}))
	}
	require.InDelta(t, 30, at[draw.Left]-at[draw.Center], 1)
	require.InDelta(t, 30, at[draw.Center]-at[draw.Right], 1)
}

func TestAFullAtlasIsNoticedAndEmptied(t *testing.T) {
	a := newAtlas()
	for size := 100; !a.full && size < 4000; size += 8 {
		a.glyph(glyph{face{size: size}, 'M', 0})
	}
	require.True(t, a.full)
	a.reset(2048)
	require.NotZero(t, a.glyph(glyph{face{size: 160}, 'M', 0}).w)
}

// Lines of quantities over time are made of such.
func BenchmarkPaintingFiveThousandColumns(b *testing.B) {
	p := &painter{atlas: newAtlas(), scale: 2}
	items := make([]draw.Item, 5000)
	for i := range items {
		items[i] = draw.Item{Kind: draw.Rect, X: float32(i) / 5, Y: 20, W: 2, H: 14, Color: ink}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.vs, p.is = p.vs[:0], p.is[:0]
		for i := range items {
			p.item(&items[i], nil)
		}
	}
}

func BenchmarkPaintingFiveThousandPackets(b *testing.B) {
	p := &painter{atlas: newAtlas(), scale: 2}
	items := make([]draw.Item, 5000)
	for i := range items {
		items[i] = draw.Item{Kind: draw.Rect, X: float32(i) / 5, Y: 20, W: 2, H: 14, Radius: 1, Smooth: true, Color: ink}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.vs, p.is = p.vs[:0], p.is[:0]
		for i := range items {
			p.item(&items[i], nil)
		}
	}
}
