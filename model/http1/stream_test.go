package http1

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAStreamTellsWhereMessagesBeginAndEnd(t *testing.T) {
	var s Stream
	s.Skip(5) // a handshake
	s.Push(1, 10, 1)
	s.Push(2, 20, 4)
	type told struct{ head, first, whole, complete uint32 }
	at := func(received int64) (is told) {
		is.head = s.Head()
		is.first, _ = s.First(received)
		is.whole, _ = s.Whole(received)
		is.complete, _ = s.Complete(received)
		return is
	}
	assert.Equal(t, told{head: 1}, at(5))
	assert.Equal(t, told{head: 1, first: 1}, at(6))
	assert.Equal(t, told{head: 1}, at(14), "the first byte is told once, and the end has not come")
	assert.Equal(t, told{head: 1, whole: 1, complete: 1}, at(18))
	assert.Equal(t, told{head: 2}, at(18), "3 of the 4 bytes without which nothing can be read")
	assert.Equal(t, told{head: 2, first: 2}, at(19))
	assert.EqualValues(t, 4, s.HeadBytes(19))
	assert.EqualValues(t, 35, s.End())
	assert.Equal(t, told{head: 2, whole: 2, complete: 2}, at(35))
	assert.Equal(t, told{}, at(100))
}

func TestPipelinedMessagesAreWholeWhileTheOldestStays(t *testing.T) {
	var s Stream
	for id := uint32(1); id <= 3; id++ {
		s.Push(id, 10, 1)
	}
	var whole []uint32
	for id, ok := s.Whole(25); ok; id, ok = s.Whole(25) {
		whole = append(whole, id)
	}
	assert.Equal(t, []uint32{1, 2}, whole)
	assert.Equal(t, 3, s.Len(), "none is taken off before it is complete in turn")
	assert.EqualValues(t, 3, s.Holds(20))
	assert.Zero(t, s.Holds(30))
}

func TestAnAnswerThatTurnsOutShorterMovesThoseBehindIt(t *testing.T) {
	var s, want Stream
	for _, m := range []struct{ id, n uint32 }{{1, 10}, {2, 1000}, {3, 30}} {
		s.Push(m.id, int64(m.n), 4)
		if m.id == 2 {
			s.Skip(7)
			want.Push(2, 50, 2)
			want.Skip(7)
			continue
		}
		want.Push(m.id, int64(m.n), 4)
	}
	s.Resize(2, 50, 2)
	s.Resize(9, 1, 1) // of which the stream knows nothing
	assert.Equal(t, want, s)
}
