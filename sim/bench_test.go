package sim

import (
	"fmt"
	"testing"
)

// holder is the hold model: each event schedules one more, at a random time ahead, so that the queue's size stays.
type holder struct {
	e    *Engine
	id   ID
	luck Rand
	left int
}

func (h *holder) OnEvent(now Time, _ uint32, _ int64) {
	if h.left > 0 {
		h.left--
		h.e.At(now+1+Time(h.luck.Below(1_000_000)), h.id, 0, 0)
	}
}

func BenchmarkHold(b *testing.B) {
	for _, pending := range []int{16, 128, 1 << 10, 16 << 10, 256 << 10} {
		b.Run(fmt.Sprint(pending), func(b *testing.B) {
			e := New(Limits{Events: 1 << 62})
			h := &holder{e: e, luck: Stream(1, "hold"), left: 1 << 62}
			h.id = e.Add(h)
			for range pending {
				e.At(Time(h.luck.Below(1_000_000)), h.id, 0, 0)
			}
			for range 4 * pending {
				e.Step()
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				e.Step()
			}
		})
	}
}
