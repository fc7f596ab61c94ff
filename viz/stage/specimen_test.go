//go:build display

// The pictures that the likeness test compares with are the stage's own. They are made where there is a display:
//
//	xvfb-run -a go test -tags display ./viz/stage

package stage

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"keepalive/viz/draw"
	"os"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
)

// TestMain writes the pictures and runs no test: Ebitengine makes no image once its game has ended.
func TestMain(*testing.M) {
	game := &photographer{}
	ebiten.SetWindowSize(400, 300)
	if err := errors.Join(ebiten.RunGame(game), game.err); err != nil {
		panic(err)
	}
	fmt.Println("written; now run go test ./viz/stage without the tag")
}

// photographer writes the specimens with its first frame.
type photographer struct {
	err  error
	done bool
}

func (p *photographer) Update() error {
	if p.done {
		return ebiten.Termination
	}
	return nil
}

func (p *photographer) Layout(w, h int) (int, int) { return w, h }

func (p *photographer) Draw(*ebiten.Image) {
	if p.done {
		return
	}
	p.done = true
	for _, scale := range specimenScales {
		p.err = errors.Join(p.err, p.take(scale))
	}
}

func (p *photographer) take(scale float32) error {
	items, text := specimen()
	img := image.NewRGBA(image.Rect(0, 0, int(specimenW*scale), int(specimenH*scale)))
	screen := ebiten.NewImage(img.Rect.Dx(), img.Rect.Dy())
	screen.Fill(draw.Light.Background)
	(&painter{}).paint(screen, scale, items, text)
	screen.ReadPixels(img.Pix)
	f, err := os.Create(specimenFile(scale))
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, img), f.Close())
}
