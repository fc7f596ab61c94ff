package http1

// message is one request or response in a byte stream.
type message struct {
	start int64 // stream offset of its first byte
	open  int64 // stream offset from which on its first byte can be read
	end   int64 // stream offset after its last byte
	id    uint32
	begun bool
	whole bool
}

// Stream finds the messages in one direction of a connection, in order.
type Stream struct {
	queue []message
	end   int64
}

// Reset empties the stream for another connection.
func (s *Stream) Reset() { s.queue, s.end = s.queue[:0], 0 }

// Room is where a Stream keeps its messages; one without any can do without.
type Room []message

// Leave gives the room of a Stream away.
func (s *Stream) Leave() Room {
	r := s.queue[:0]
	s.queue = nil
	return r
}

// Use gives it one.
func (s *Stream) Use(r Room) { s.queue = append(r[:0], s.queue...) }

// Push appends a message of n bytes to the stream, the first of which can be read when opening bytes of it have come.
func (s *Stream) Push(id uint32, n, opening int64) {
	s.queue = append(s.queue, message{id: id, start: s.end, open: s.end + opening, end: s.end + n})
	s.end += n
}

// Resize gives a message, of which nothing has been sent yet, another length: those behind it move.
func (s *Stream) Resize(id uint32, n, opening int64) {
	for i := range s.queue {
		q := &s.queue[i]
		if q.id != id {
			continue
		}
		by := q.start + n - q.end
		q.open, q.end = q.start+opening, q.end+by
		for k := i + 1; k < len(s.queue); k++ {
			b := &s.queue[k]
			b.start, b.open, b.end = b.start+by, b.open+by, b.end+by
		}
		s.end += by
		return
	}
}

// Skip leaves n bytes that belong to no message.
func (s *Stream) Skip(n int64) { s.end += n }

// Len counts the messages that are not complete.
func (s *Stream) Len() int { return len(s.queue) }

// At is the i-th message that is not complete, oldest first.
func (s *Stream) At(i int) (id uint32, end int64) { return s.queue[i].id, s.queue[i].end }

// Holds is the message that offset lies in; 0: none.
func (s *Stream) Holds(offset int64) uint32 {
	for i := range s.queue {
		if q := &s.queue[i]; q.start <= offset && offset < q.end {
			return q.id
		}
	}
	return 0
}

// Head is the oldest incomplete message; 0 when there is none.
func (s *Stream) Head() uint32 {
	if len(s.queue) == 0 {
		return 0
	}
	return s.queue[0].id
}

// First reports, once per message, that the first byte of the oldest one can be read.
func (s *Stream) First(received int64) (id uint32, ok bool) {
	if len(s.queue) == 0 || s.queue[0].begun || received < s.queue[0].open {
		return 0, false
	}
	s.queue[0].begun = true
	return s.queue[0].id, true
}

// Whole reports, once per message, the oldest that received bytes cover and that was not reported yet. It stays where it is.
func (s *Stream) Whole(received int64) (id uint32, ok bool) {
	for i := range s.queue {
		q := &s.queue[i]
		if received < q.end {
			break
		}
		if !q.whole {
			q.whole = true
			return q.id, true
		}
	}
	return 0, false
}

// Complete takes the oldest message off if received bytes cover it.
func (s *Stream) Complete(received int64) (id uint32, ok bool) {
	if len(s.queue) == 0 || received < s.queue[0].end {
		return 0, false
	}
	id = s.queue[0].id
	s.queue = append(s.queue[:0], s.queue[1:]...)
	return id, true
}

// HeadBytes counts how many of received bytes belong to the oldest message.
func (s *Stream) HeadBytes(received int64) int64 {
	if len(s.queue) == 0 {
		return 0
	}
	return max(0, min(received, s.queue[0].end)-s.queue[0].start)
}

// Beyond tells whether received bytes hold any behind the last complete message.
func (s *Stream) Beyond(received int64) bool {
	if len(s.queue) > 0 {
		return received > s.queue[0].start
	}
	return received > s.end
}

// End is the stream offset after the oldest incomplete message, or after the last complete one.
func (s *Stream) End() int64 {
	if len(s.queue) == 0 {
		return s.end
	}
	return s.queue[0].end
}
