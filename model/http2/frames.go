package http2

// ring is a queue of frames that doubles when it is full and never shrinks.
type ring struct {
	buf  []Frame // length 0, or a power of two
	head int
	n    int
}

const ringMin = 8

func (r *ring) at(i int) *Frame { return &r.buf[(r.head+i)&(len(r.buf)-1)] }

func (r *ring) push(f Frame) {
	if r.n == len(r.buf) {
		grown := make([]Frame, max(ringMin, 2*len(r.buf)))
		for i := range r.n {
			grown[i] = *r.at(i)
		}
		r.buf, r.head = grown, 0
	}
	r.n++
	*r.at(r.n - 1) = f
}

func (r *ring) pop() Frame {
	f := r.buf[r.head]
	r.head = (r.head + 1) & (len(r.buf) - 1)
	r.n--
	return f
}

// drop takes out what is queued for a stream, and tells whether its HEADERS were among it. CONTINUATION stays if its
// HEADERS have left already.
func (r *ring) drop(stream uint32) (headers bool) {
	n := 0
	for i := range r.n {
		f := *r.at(i)
		if f.Stream == stream && (f.Type == Headers || f.Type == WindowUpdate || f.Type == Continuation && headers) {
			headers = headers || f.Type == Headers
			continue
		}
		*r.at(n) = f
		n++
	}
	r.n = n
	return headers
}

func (r *ring) reset() { r.head, r.n = 0, 0 }

// Frames is one direction of a connection: the frames that one end has chosen to write and the other has not read
// whole, in order. Both ends share it; the octets in between are TCP's. The zero value is empty.
type Frames struct {
	ring     ring
	popped   int64    // frames read whole
	start    int64    // octets before the oldest frame
	end      int64    // octets of all frames ever
	settings Settings // what the SETTINGS frame says, sent once per connection
}

// Reset empties it for another connection, and keeps its memory.
func (q *Frames) Reset() {
	q.ring.reset()
	*q = Frames{ring: q.ring}
}

// Count is the number of frames ever written, read ones included. After a Write the frames from the Count before it are new.
func (q *Frames) Count() int64 { return q.popped + int64(q.ring.n) }

// Frame is the frame number i, counted from 0 since the connection began. It must not have been read whole yet.
func (q *Frames) Frame(i int64) Frame {
	if i < q.popped || i >= q.Count() {
		panic("http2: no such frame")
	}
	return *q.ring.at(int(i - q.popped))
}

// Len counts the frames that are not read whole.
func (q *Frames) Len() int { return q.ring.n }

// Octets is the length of all frames ever written: the stream offset at which the next will begin.
func (q *Frames) Octets() int64 { return q.end }

func (q *Frames) push(f Frame) {
	q.ring.push(f)
	q.end += f.Size()
}

func (q *Frames) pop() {
	q.start += q.ring.pop().Size()
	q.popped++
}
