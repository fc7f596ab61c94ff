package paint_test

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/viz/draw"
	"keepalive/viz/paint"
)

var (
	paper = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	ink   = color.NRGBA{A: 255}
)

func painted(scale float32, items ...draw.Item) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 100, 60))
	paint.New().Paint(img, scale, paper, items, func(*draw.Item) []byte { return []byte("GET") })
	return img
}

// inked is the box around what is not paper, and the sum of the ink in pixels.
func inked(img *image.RGBA) (box image.Rectangle, sum float64) {
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if c := img.RGBAAt(x, y); c.R != 255 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
				sum += 1 - float64(c.R)/255
			}
		}
	}
	return box, sum
}

func TestARectangleCoversItsPlace(t *testing.T) {
	box, sum := inked(painted(1, draw.Item{X: 10, Y: 20, W: 40, H: 30, Color: ink}))
	require.Equal(t, image.Rect(10, 20, 50, 50), box)
	require.InDelta(t, 1200, sum, 0.01)
	box, _ = inked(painted(1.5, draw.Item{X: 10, Y: 20, W: 40, H: 20, Radius: 4, Color: ink}))
	require.Equal(t, image.Rect(15, 30, 75, 60), box)
}

func TestRoundCornersAndOutlinesLeaveOutWhatTheyShould(t *testing.T) {
	_, circle := inked(painted(1, draw.Item{X: 10, Y: 10, W: 40, H: 40, Radius: 20, Color: ink}))
	require.InDelta(t, 1256.6, circle, 5)
	_, ring := inked(painted(1, draw.Item{X: 10, Y: 10, W: 40, H: 40, Radius: 20, Stroke: 2, Color: ink}))
	require.InDelta(t, 1256.6-1017.9, ring, 4)
	_, frame := inked(painted(1, draw.Item{X: 10, Y: 10, W: 40, H: 40, Stroke: 1.5, Color: ink}))
	require.InDelta(t, 1600-37*37, frame, 1)
}

// A packet that moves by parts of a pixel keeps its weight, so that it does not flicker.
func TestWhatMovesKeepsItsWeight(t *testing.T) {
	for _, i := range []draw.Item{{W: 2, H: 8}, {W: 17.4, H: 14, Radius: 3}, {Kind: draw.Arrow, W: 37, H: 14}, {Kind: draw.Cross, W: 14, H: 14}} {
		i.X, i.Y, i.Smooth, i.Color = 10, 10, true, ink
		_, want := inked(painted(1, i))
		for _, part := range []float32{0.1, 0.25, 0.5, 0.9} {
			i.X = 10 + part
			_, sum := inked(painted(1, i))
			require.InDelta(t, want, sum, want*0.02, "%+v", i)
		}
	}
}

func TestTheThinnestPacketIsStillThere(t *testing.T) {
	_, sum := inked(painted(1, draw.Item{X: 10.3, Y: 20, W: 0.1, H: 0.1, Smooth: true, Color: ink}))
	require.InDelta(t, 1, sum, 0.02)
}

func TestASlantCoversItsAreaWhereverItMovesAndHoweverSteepItIs(t *testing.T) {
	for _, i := range []draw.Item{{H: 0, Stroke: 3}, {H: 14.3, Stroke: 3}, {H: -20, Stroke: 5.5}, {H: 30, Stroke: 1}} {
		i.Kind, i.X, i.W, i.Smooth, i.Color = draw.Slant, 10, 40, true, ink
		for _, part := range []float32{0, 0.1, 0.5, 0.9} {
			i.Y = 22 + part
			box, sum := inked(painted(1, i))
			require.InDelta(t, 40*i.Stroke, sum, 1, "%+v", i)
			require.Equal(t, [2]int{10, 50}, [2]int{box.Min.X, box.Max.X})
			require.GreaterOrEqual(t, float32(box.Min.Y), 21+min(i.H, 0))
			require.LessOrEqual(t, float32(box.Max.Y), 24+max(i.H, 0)+i.Stroke)
		}
	}
	still := draw.Item{Kind: draw.Slant, X: 10.4, Y: 20.4, W: 40, Stroke: 2.4, Color: ink}
	box, sum := inked(painted(1, still))
	require.Equal(t, image.Rect(10, 20, 50, 22), box, "what does not move is on whole pixels")
	require.InDelta(t, 80, sum, 0.01)
}

func TestTranslucentInkLetsTheGroundThrough(t *testing.T) {
	img := painted(1, draw.Item{X: 10, Y: 10, W: 20, H: 20, Color: color.NRGBA{A: 51}})
	require.Equal(t, color.RGBA{R: 204, G: 204, B: 204, A: 255}, img.RGBAAt(15, 15))
	require.Equal(t, color.RGBA{R: 255, G: 255, B: 255, A: 255}, img.RGBAAt(40, 15))
}

func TestWhatLiesOutsideIsLeftOut(t *testing.T) {
	for _, at := range [][2]float32{{-20, -20}, {90, 50}, {-500, 10}, {10, 500}, {90, -8}} {
		for _, i := range []draw.Item{{W: 40, H: 30, Radius: 5}, {W: 40, H: 30, Radius: 5, Stroke: 1}, {W: 40, H: 30, Stroke: 2, Dashed: true},
			{Kind: draw.Arrow, W: 40, H: 14}, {Kind: draw.Tri, W: 15, H: 18, Flip: true}, {Kind: draw.Cross, W: 30, H: 30}, {Kind: draw.Slant, W: 70, H: -30, Stroke: 9}, {Kind: draw.Words, W: 40, H: 20}} {
			i.X, i.Y, i.Color = at[0], at[1], ink
			require.NotPanics(t, func() { painted(1, i) })
		}
	}
}

func TestAPictureDoesNotDependOnThoseBefore(t *testing.T) {
	p, img := paint.New(), image.NewRGBA(image.Rect(0, 0, 100, 60))
	words := draw.Item{Kind: draw.Words, X: 10.3, Y: 30, W: 40, H: 14, Smooth: true, Color: ink}
	say := func(*draw.Item) []byte { return []byte("SYN-ACK 1\u2009") }
	p.Paint(img, 1, paper, []draw.Item{words}, say)
	first := bytes.Clone(img.Pix)
	p.Paint(img, 2, ink, []draw.Item{{Kind: draw.Cross, W: 30, H: 30, Color: paper}, words}, say)
	p.Paint(img, 1, paper, []draw.Item{words}, say)
	require.True(t, bytes.Equal(first, img.Pix))
	box, _ := inked(img)
	require.Greater(t, box.Dx(), 40)
	require.InDelta(t, 10, box.Dy(), 2, "capitals and a descender at most")
}
