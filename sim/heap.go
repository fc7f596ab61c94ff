package sim

import "math/bits"

// heap is a 4-ary min-heap of events: half as deep as a binary one, and its four children share cache lines. A pop
// leaves a hole at the root, which the push that mostly follows fills, so that the pair costs one walk and not two.
type heap struct {
	q    []event
	hole bool // q[0] is void
}

// less is 1 if a comes before b, else 0: a 128-bit subtraction, because a branch here would be guessed wrong half the time.
func less(a, b *event) uint64 {
	_, c := bits.Sub64(a.seq, b.seq, 0)
	_, c = bits.Sub64(uint64(a.at), uint64(b.at), c)
	return c
}

func (h *heap) len() int {
	if h.hole {
		return len(h.q) - 1
	}
	return len(h.q)
}

// head is the earliest event; there must be one.
func (h *heap) head() *event {
	if h.hole {
		h.fill()
	}
	return &h.q[0]
}

func (h *heap) push(v event) {
	if h.hole {
		h.hole = false
		sink(h.q, v)
		return
	}
	h.q = append(h.q, v)
	q := h.q
	i := len(q) - 1
	for i > 0 {
		parent := (i - 1) >> 2
		if less(&v, &q[parent]) == 0 {
			break
		}
		q[i] = q[parent]
		i = parent
	}
	q[i] = v
}

// drop removes the head, which must have been read.
func (h *heap) drop() { h.hole = true }

// fill closes the hole with the last event.
func (h *heap) fill() {
	h.hole = false
	n := len(h.q) - 1
	last := h.q[n]
	h.q = h.q[:n]
	if n > 0 {
		sink(h.q, last)
	}
}

// sink puts v where it belongs, starting from the void root.
func sink(q []event, v event) {
	i := 0
	for {
		child := i<<2 + 1
		if child+3 >= len(q) {
			break
		}
		c := (*[4]event)(q[child : child+4])
		a := less(&c[1], &c[0])
		b := 2 + less(&c[3], &c[2])
		least := a + (b-a)&-less(&c[b&3], &c[a&3])
		w := &c[least&3]
		if less(w, &v) == 0 {
			q[i] = v
			return
		}
		q[i] = *w
		i = child + int(least)
	}
	sinkLast(q, i, v)
}

// sinkLast ends a sink among the last events, where a node has fewer than four children.
func sinkLast(q []event, i int, v event) {
	child := i<<2 + 1
	if child < len(q) {
		least := child
		for c := child + 1; c < len(q); c++ {
			if less(&q[c], &q[least]) != 0 {
				least = c
			}
		}
		if less(&q[least], &v) != 0 {
			q[i] = q[least]
			i = least
		}
	}
	q[i] = v
}
