package stage

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/viz/draw"
	"keepalive/viz/paint"
)

const (
	specimenW = 240
	specimenH = 112
)

var specimenScales = []float32{1, 1.5}

func specimenFile(scale float32) string { return fmt.Sprintf("testdata/specimen-%g.png", scale) }

// specimen has every shape, on whole pixels and between them, and words.
func specimen() ([]draw.Item, func(*draw.Item) []byte) {
	data, setUp, text, lost := draw.Light.Data, draw.Light.SetUp, draw.Light.Text, draw.Light.Error
	lost.A = 150
	items := []draw.Item{
		{Kind: draw.Rect, X: 4, Y: 4, W: 232, H: 104, Radius: 12, Color: draw.Light.Card},
		{Kind: draw.Rect, X: 4, Y: 4, W: 232, H: 104, Radius: 12, Stroke: 1, Color: draw.Light.Line},
		{Kind: draw.Rect, X: 14, Y: 12, W: 90, H: 30, Radius: 15, Color: draw.Light.Pipe},
		{Kind: draw.Rect, X: 20.3, Y: 20, W: 17.4, H: 14, Radius: 3, Smooth: true, Color: data},
		{Kind: draw.Rect, X: 40.6, Y: 20, W: 2, H: 14, Radius: 1, Smooth: true, Color: data},
		{Kind: draw.Rect, X: 46.5, Y: 20, W: 26, H: 14, Radius: 3, Stroke: 1.6, Smooth: true, Color: text},
		{Kind: draw.Rect, X: 80, Y: 20, W: 14, H: 14, Radius: 3, Stroke: 1.5, Color: lost},
		{Kind: draw.Cross, X: 83, Y: 23, W: 8, H: 8, Color: lost},
		{Kind: draw.Arrow, X: 112.25, Y: 20, W: 37, H: 14, Smooth: true, Color: setUp},
		{Kind: draw.Arrow, X: 156, Y: 20, W: 37, H: 14, Flip: true, Color: setUp},
		{Kind: draw.Cross, X: 202, Y: 20, W: 20, H: 14, Color: lost},
		{Kind: draw.Rect, X: 14, Y: 52, W: 12, H: 12, Radius: 2, Stroke: 2, Dashed: true, Color: draw.Light.Idle},
		{Kind: draw.Tri, X: 36, Y: 50, W: 15, H: 18, Color: text},
		{Kind: draw.Tri, X: 60, Y: 50, W: 15, H: 18, Flip: true, Color: text},
		{Kind: draw.Rect, X: 86, Y: 53, W: 10, H: 10, Radius: 5, Stroke: 2, Color: data},
		{Kind: draw.Slant, X: 12, Y: 74.4, W: 46, H: 14, Stroke: 6.3, Smooth: true, Color: data},
		{Kind: draw.Slant, X: 12, Y: 100.3, W: 46, H: 3.2, Stroke: 2, Color: text},
		{Kind: draw.Slant, X: 180, Y: 102.2, W: 48, H: -26, Stroke: 2, Smooth: true, Color: setUp},
		{Kind: draw.Slant, X: 186, Y: 70, W: 9, H: 30, Stroke: 5, Smooth: true, Color: lost},
		{Kind: draw.Words, X: 106, Y: 62, W: 60, H: 11, Color: text},
		{Kind: draw.Words, X: 226, Y: 62, W: 60, H: 11, Align: draw.Right, Color: text},
		{Kind: draw.Words, X: 120.4, Y: 92, W: 105, H: 20, Align: draw.Center, Bold: true, Smooth: true, Color: draw.Light.Accent},
	}
	return items, func(*draw.Item) []byte { return []byte("GET 1\u2009046 ms") }
}

func TestAPictureWithoutADisplayLooksLikeTheStages(t *testing.T) {
	items, text := specimen()
	for _, scale := range specimenScales {
		img := image.NewRGBA(image.Rect(0, 0, int(specimenW*scale), int(specimenH*scale)))
		paint.New().Paint(img, scale, draw.Light.Background, items, text)
		f, err := os.Open(specimenFile(scale))
		require.NoError(t, err)
		stages, err := png.Decode(f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		require.Equal(t, stages.Bounds(), img.Rect)
		mean, far := difference(stages, img)
		require.Less(t, mean, 0.5, "of 255, at scale %g", scale)
		require.Less(t, far, 0.002, "the part of the pixels that differ by more than 40, at scale %g", scale)
	}
}

// difference is the mean difference of the colours, and the part of the pixels that differ much.
func difference(a, b image.Image) (mean, far float64) {
	r := a.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p, q := color.RGBAModel.Convert(a.At(x, y)).(color.RGBA), color.RGBAModel.Convert(b.At(x, y)).(color.RGBA)
			most := 0
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				d = max(d, -d)
				mean += float64(d) / 3
				most = max(most, d)
			}
			if most > 40 {
				far++
			}
		}
	}
	n := float64(r.Dx() * r.Dy())
	return mean / n, far / n
}
