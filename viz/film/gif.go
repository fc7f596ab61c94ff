package film

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"io"
)

// hold is how long the last frame is shown before a GIF begins again, in hundredths of a second.
const hold = 200

// Delay is how long a GIF shows frame k, in hundredths of a second. Delays add up to the film's length, whatever FPS is.
func (f *Film) Delay(k int) int {
	if k == f.frames-1 {
		return hold
	}
	return (k+1)*100/f.o.FPS - k*100/f.o.FPS
}

// A GIF is a head (signature, size, the 256 colours), blocks, and a trailer of one byte.
const (
	headSize = 6 + 7 + 3*256
	trailer  = ';'
)

// repeat is the block by which a GIF begins again at its end, for ever.
const repeat = "\x21\xFF\x0BNETSCAPE2.0\x03\x01\x00\x00\x00"

// WriteGIF writes the film as an animated GIF that repeats. told, which may be nil, is called after each frame with how
// many are done.
func (f *Film) WriteGIF(ctx context.Context, w io.Writer, told func(done int)) error {
	colors := palette(f.o.Theme.OrLight())
	for len(colors) < 256 {
		colors = append(colors, color.NRGBA{A: 255})
	}
	begin := func() shooter { return &inker{camera: f.camera(), colors: colors, matcher: newMatcher(colors)} }
	err := f.inOrder(ctx, begin, func(k int, frame []byte) error {
		if told != nil {
			defer told(k + 1)
		}
		if k == 0 {
			frame = append([]byte(string(frame[:headSize])+repeat), frame[headSize:]...)
		} else {
			frame = frame[headSize:]
		}
		_, err := w.Write(frame[:len(frame)-1])
		return err
	})
	if err != nil {
		return err
	}
	_, err = w.Write([]byte{trailer})
	return err
}

// inker makes frames in the palette's colours.
type inker struct {
	*camera
	colors  color.Palette
	matcher *matcher
	shown   *image.Paletted
	last    int // the frame that is shown
	spare   *image.Paletted
}

// shoot is frame k as a GIF of its own that holds what differs from the frame before.
func (p *inker) shoot(k int) ([]byte, error) {
	if k == 0 {
		p.index(0)
		return p.encode(p.shown, 0)
	}
	if p.shown == nil || p.last != k-1 {
		p.index(k - 1)
	}
	before := p.shown
	p.shown, p.spare = p.spare, before
	p.index(k)
	return p.encode(p.changed(before), k)
}

// changed is the part of what is shown that differs from before; within it, what does not is transparent: long runs of
// one colour take few bytes.
func (p *inker) changed(before *image.Paletted) *image.Paletted {
	part := image.NewPaletted(differing(before, p.shown), p.colors)
	for y := range part.Rect.Dy() {
		from := p.shown.PixOffset(part.Rect.Min.X, part.Rect.Min.Y+y)
		now, old := p.shown.Pix[from:], before.Pix[from:]
		for x := range part.Rect.Dx() {
			if now[x] != old[x] {
				part.Pix[y*part.Stride+x] = now[x]
			}
		}
	}
	return part
}

// encode writes one frame as a GIF.
func (p *inker) encode(part *image.Paletted, k int) ([]byte, error) {
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{
		Image: []*image.Paletted{part}, Delay: []int{p.film.Delay(k)}, Disposal: []byte{gif.DisposalNone},
		Config: image.Config{ColorModel: p.colors, Width: p.image.Rect.Dx(), Height: p.image.Rect.Dy()},
	})
	if err != nil {
		return nil, fmt.Errorf("film: frame %d: %w", k, err)
	}
	return b.Bytes(), nil
}

// index takes frame k and shows it in the palette's colours.
func (p *inker) index(k int) {
	img := p.take(p.film.At(k))
	if p.shown == nil {
		p.shown = image.NewPaletted(img.Rect, p.colors)
	}
	p.last = k
	r, g, b, i := -1, 0, 0, uint8(0)
	for at := range p.shown.Pix {
		pix := img.Pix[4*at : 4*at+3 : 4*at+3]
		if int(pix[0]) != r || int(pix[1]) != g || int(pix[2]) != b { // mostly a pixel is like the one before
			r, g, b = int(pix[0]), int(pix[1]), int(pix[2])
			i = p.matcher.index(pix[0], pix[1], pix[2])
		}
		p.shown.Pix[at] = i
	}
}

// differing is the smallest rectangle that holds every pixel that differs; one pixel, if none does.
func differing(a, b *image.Paletted) image.Rectangle {
	all := image.Rectangle{}
	for y := a.Rect.Min.Y; y < a.Rect.Max.Y; y++ {
		old, now := a.Pix[a.PixOffset(0, y):a.PixOffset(0, y)+a.Stride], b.Pix[b.PixOffset(0, y):b.PixOffset(0, y)+b.Stride]
		if bytes.Equal(old, now) {
			continue
		}
		from, to := 0, len(old)
		for old[from] == now[from] {
			from++
		}
		for old[to-1] == now[to-1] {
			to--
		}
		all = all.Union(image.Rect(from, y, to, y+1))
	}
	if all.Empty() {
		return image.Rect(0, 0, 1, 1)
	}
	return all
}
