package http2

import "fmt"

// State is a stream's state (RFC 9113, 5.1). Nobody pushes, so nothing is ever reserved.
type State uint8

// The states.
const (
	Idle State = iota
	Open
	HalfClosedLocal  // this end has written END_STREAM
	HalfClosedRemote // this end has read END_STREAM
	Closed
)

func (s State) String() string {
	return [...]string{"idle", "open", "half-closed (local)", "half-closed (remote)", "closed"}[s]
}

// legal are the transitions of RFC 9113, figure 2.
var legal = [Closed + 1][Closed + 1]bool{
	Idle:             {Open: true},
	Open:             {HalfClosedLocal: true, HalfClosedRemote: true, Closed: true},
	HalfClosedLocal:  {Closed: true},
	HalfClosedRemote: {Closed: true},
}

// stream is what an end knows of a stream.
type stream struct {
	id, req     uint32
	state       State
	urgency     uint8
	incremental bool
	body        int64 // octets to write that are in no frame yet
	send        int64 // window: octets that may be written; negative after SETTINGS that lowered it (6.9.2)
	recv        int64 // window: octets that the peer may write
	unread      int64 // octets that arrived and the program has not consumed
	eaten       int64 // octets consumed and not given back with a WINDOW_UPDATE
}

func (s *stream) become(to State) {
	if !legal[s.state][to] {
		panic(fmt.Sprintf("http2: stream %d: %v -> %v", s.id, s.state, to))
	}
	s.state = to // the only assignment
}

// table holds the streams that are not closed: slots by value, reused, and their order by id.
type table struct {
	slots []stream
	free  []int32
	live  []int32 // slots, ascending stream id
}

func (t *table) reset() {
	t.slots, t.free, t.live = t.slots[:0], t.free[:0], t.live[:0]
}

// add makes a stream in state idle. Its id must be above all others.
func (t *table) add(id uint32) (slot int32) {
	if n := len(t.free); n > 0 {
		slot, t.free = t.free[n-1], t.free[:n-1]
	} else {
		slot = int32(len(t.slots))
		t.slots = append(t.slots, stream{})
	}
	t.slots[slot] = stream{id: id}
	t.live = append(t.live, slot)
	return slot
}

// index is the place in live of the first stream whose id is at least id.
func (t *table) index(id uint32) int {
	lo, hi := 0, len(t.live)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if t.slots[t.live[mid]].id < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// find is a stream that is not closed, or nil.
func (t *table) find(id uint32) *stream {
	if i := t.index(id); i < len(t.live) && t.slots[t.live[i]].id == id {
		return &t.slots[t.live[i]]
	}
	return nil
}

func (t *table) remove(id uint32) {
	i := t.index(id)
	t.free = append(t.free, t.live[i])
	t.live = append(t.live[:i], t.live[i+1:]...)
}
