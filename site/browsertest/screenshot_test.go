//go:build browser

package browsertest

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var screenshot = flag.String("screenshot", "", "write the picture of the race to this file, for the README")

func TestAPictureOfTheRaceShowsTheStageAndItsFinding(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	prefer(t, ctx, "prefers-color-scheme", "light")
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1440, 1500), chromedp.Navigate(shared.url+"#t=800")))
	eventually(t, ctx, `document.getElementById('finished-B') && document.getElementById('live').textContent.startsWith('At 800 ms')`)
	data, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	picture, err := png.Decode(bytes.NewReader(data))
	require.NoError(t, err)
	require.Equal(t, 1440, picture.Bounds().Dx())
	colours := map[[3]uint32]int{}
	for x := range picture.Bounds().Dx() {
		for y := range picture.Bounds().Dy() {
			r, g, b, _ := picture.At(x, y).RGBA()
			colours[[3]uint32{r >> 8, g >> 8, b >> 8}]++
		}
	}
	require.Greater(t, len(colours), 200, "a page without its stage is almost plain")
	if *screenshot != "" {
		require.NoError(t, os.WriteFile(*screenshot, data, 0o644))
	}
}
