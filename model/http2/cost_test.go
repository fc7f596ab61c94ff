package http2

import (
	"fmt"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestNoFrameAllocates(t *testing.T) {
	for _, order := range []Order{RoundRobin, FirstCome, ByUrgency} {
		p := newPair(Nghttp(), Config{Order: order})
		p.onEvent = func(end int, e Event) {
			if end == 1 && e.End {
				p.ends[1].Respond(e.Stream, 40000, 300000)
			}
		}
		require.Zero(t, testing.AllocsPerRun(20, func() {
			p.reuse()
			for id := range uint32(120) {
				p.ends[0].OpenStream(Request{ID: id, Header: 400, Upload: 70000})
			}
			for p.write(0, 30000)+p.write(1, 30000) > 0 {
				p.deliver(0, 20000)
				p.deliver(1, 20000)
			}
			for p.arrived != p.written {
				p.deliver(0, unbounded)
				p.deliver(1, unbounded)
			}
		}), fmt.Sprint(order))
	}
}

func BenchmarkFrame(b *testing.B) {
	p := newPair(Nghttp(), Config{})
	p.onEvent = func(end int, e Event) {
		if end == 1 && e.End {
			p.ends[1].Respond(e.Stream, 100, 1<<20)
		}
	}
	frames := int64(0)
	for b.Loop() {
		p.reuse()
		for id := range uint32(50) {
			p.ends[0].OpenStream(get(id))
		}
		for !p.ends[0].Drained() || !p.ends[1].Drained() {
			p.write(0, 30000)
			p.write(1, 30000)
			p.deliver(0, unbounded)
			p.deliver(1, unbounded)
		}
		frames += p.frames[0].Count() + p.frames[1].Count()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(frames), "ns/frame")
}

func TestADescriptorIsSmall(t *testing.T) {
	require.LessOrEqual(t, int(unsafe.Sizeof(Frame{})), 24)
}
