package film

import (
	"bytes"
	"context"
	"image/png"
	"runtime"
)

// shooter makes frames, one after another. Each of them is used by one goroutine.
type shooter interface {
	shoot(k int) ([]byte, error)
}

// reel is how many frames in a row one goroutine makes.
const reel = 16

// take is a reel, and where its frames go to.
type take struct {
	from, to int
	done     chan outcome
}

type outcome struct {
	frames [][]byte
	err    error
}

// inOrder has every frame made, on all cores, and calls emit with each in its order. A context that ends, and an error, end
// it early; it returns when nothing runs any more.
func (f *Film) inOrder(ctx context.Context, begin func() shooter, emit func(k int, frame []byte) error) error {
	ctx, cancel := context.WithCancel(ctx)
	workers := min(runtime.GOMAXPROCS(0), (f.frames+reel-1)/reel)
	todo := make(chan take)
	ended := make(chan struct{})
	for range workers {
		go func() {
			work(ctx, begin(), todo)
			ended <- struct{}{}
		}()
	}
	defer func() {
		cancel()
		for range workers {
			<-ended
		}
	}()
	for t := range f.takes(ctx, todo, workers) {
		var o outcome
		select {
		case o = <-t.done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		for i := range o.frames {
			if err := emit(t.from+i, o.frames[i]); err != nil {
				return err
			}
		}
		if o.err != nil {
			return o.err
		}
	}
	return context.Cause(ctx)
}

// takes hands out every reel, to whoever works, and in their order to who waits for them. It runs ahead of the latter by
// two reels per worker at most.
func (f *Film) takes(ctx context.Context, todo chan<- take, workers int) <-chan take {
	order := make(chan take, 2*workers)
	go func() {
		defer close(order)
		defer close(todo)
		for from := 0; from < f.frames; from += reel {
			t := take{from, min(from+reel, f.frames), make(chan outcome, 1)}
			select {
			case order <- t:
			case <-ctx.Done():
				return
			}
			select {
			case todo <- t:
			case <-ctx.Done():
				return
			}
		}
	}()
	return order
}

func work(ctx context.Context, s shooter, todo <-chan take) {
	for t := range todo {
		var o outcome
		for k := t.from; k < t.to && o.err == nil; k++ {
			if o.err = context.Cause(ctx); o.err != nil {
				break
			}
			var frame []byte
			if frame, o.err = s.shoot(k); o.err == nil {
				o.frames = append(o.frames, frame)
			}
		}
		t.done <- o
	}
}

// WritePNGs hands out every frame as a PNG picture. told, which may be nil, is called after each with how many are done.
func (f *Film) WritePNGs(ctx context.Context, write func(k int, picture []byte) error, told func(done int)) error {
	return f.inOrder(ctx, func() shooter { return photographer{f.camera()} }, func(k int, picture []byte) error {
		if err := write(k, picture); err != nil {
			return err
		}
		if told != nil {
			told(k + 1)
		}
		return nil
	})
}

// photographer makes frames as PNG pictures.
type photographer struct{ *camera }

func (p photographer) shoot(k int) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, p.take(p.film.At(k)))
	return b.Bytes(), err
}
