package model

// ring is a queue that does not move what it holds; the zero ring is empty.
type ring[T comparable] struct {
	room    []T // length a power of two
	head, n int32
}

func (r *ring[T]) len() int { return int(r.n) }

// at is the i-th, oldest first.
func (r *ring[T]) at(i int) *T { return &r.room[(int(r.head)+i)&(len(r.room)-1)] }

func (r *ring[T]) push(v T) {
	r.grow()
	r.n++
	*r.at(r.len() - 1) = v
}

// pushFront puts v ahead of all others.
func (r *ring[T]) pushFront(v T) {
	r.grow()
	r.head = int32((int(r.head) - 1) & (len(r.room) - 1))
	r.n++
	*r.at(0) = v
}

// pop takes the oldest.
func (r *ring[T]) pop() T {
	v := *r.at(0)
	r.head = int32((int(r.head) + 1) & (len(r.room) - 1))
	r.n--
	return v
}

// remove takes v out, wherever it is.
func (r *ring[T]) remove(v T) {
	for i := range r.len() {
		if *r.at(i) != v {
			continue
		}
		for ; i > 0; i-- {
			*r.at(i) = *r.at(i - 1)
		}
		r.pop()
		return
	}
}

// grow makes sure that one more fits.
func (r *ring[T]) grow() {
	if r.len() < len(r.room) {
		return
	}
	room := make([]T, max(1, 2*len(r.room)))
	for i := range r.len() {
		room[i] = *r.at(i)
	}
	r.room, r.head = room, 0
}
