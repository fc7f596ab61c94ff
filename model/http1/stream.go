package http1

import "unsafe"

// message is one request or response in a byte stream.
type message struct {
	end   int64 // stream offset after its last byte
	id    uint32
	begun bool
}

// Stream finds the messages in one direction of a connection, in order.
type Stream struct {
	queue []message
	start int64 // stream offset of the oldest one's first byte
}

// Reset empties the stream for another connection.
func (s *Stream) Reset() { s.queue, s.start = s.queue[:0], 0 }

// Push appends a message of n bytes to the stream.
func (s *Stream) Push(id uint32, n int64) {
	end := s.start
	if len(s.queue) > 0 {
		end = s.queue[len(s.queue)-1].end
	}
	s.queue = append(s.queue, message{id: id, end: end + n})
}

// Len counts the messages that are not complete.
func (s *Stream) Len() int { return len(s.queue) }

// Head is the oldest incomplete message; 0 when there is none.
func (s *Stream) Head() uint32 {
	if len(s.queue) == 0 {
		return 0
	}
	return s.queue[0].id
}

// First reports, once per message, that received bytes reach into the oldest one.
func (s *Stream) First(received int64) (id uint32, ok bool) {
	if len(s.queue) == 0 || s.queue[0].begun || received <= s.start {
		return 0, false
	}
	s.queue[0].begun = true
	return s.queue[0].id, true
}

// Complete takes the oldest message off if received bytes cover it.
func (s *Stream) Complete(received int64) (id uint32, ok bool) {
	if len(s.queue) == 0 || received < s.queue[0].end {
		return 0, false
	}
	id, s.start = s.queue[0].id, s.queue[0].end
	s.queue = append(s.queue[:0], s.queue[1:]...)
	return id, true
}

// HeadBytes counts how many of received bytes belong to the oldest message.
func (s *Stream) HeadBytes(received int64) int64 {
	if len(s.queue) == 0 {
		return 0
	}
	return max(0, min(received, s.queue[0].end)-s.start)
}

// End is the stream offset after the oldest incomplete message, or after the last complete one.
func (s *Stream) End() int64 {
	if len(s.queue) == 0 {
		return s.start
	}
	return s.queue[0].end
}

// MessageBytes is how much room a message takes in a Stream's queue.
const MessageBytes = int(unsafe.Sizeof(message{}))
