package sim

// heap is a 4-ary min-heap of events: half as deep as a binary one, and its four children share cache lines.
type heap []event

func (a event) before(b *event) bool {
	return a.at < b.at || a.at == b.at && a.seq < b.seq
}

func (h *heap) push(v event) {
	*h = append(*h, v)
	q := *h
	i := len(q) - 1
	for i > 0 {
		parent := (i - 1) >> 2
		if !v.before(&q[parent]) {
			break
		}
		q[i] = q[parent]
		i = parent
	}
	q[i] = v
}

func (h *heap) pop() event {
	q := *h
	top := q[0]
	n := len(q) - 1
	last := q[n]
	*h = q[:n]
	if n > 0 {
		q[:n].sink(last)
	}
	return top
}

// sink puts v where it belongs, starting from the empty root.
func (h heap) sink(v event) {
	i, n := 0, len(h)
	for {
		child := i<<2 + 1
		if child >= n {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, n); c++ {
			if h[c].before(&h[least]) {
				least = c
			}
		}
		if !h[least].before(&v) {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = v
}
