package http2

// Write chooses frames until room octets are filled or nothing may be written, and returns the octets that the socket
// gets now: at most room. A frame that does not fit is chosen whole; its rest goes first next time.
func (c *Conn) Write(room int64) (n int64) {
	for n < room {
		if c.rest == 0 && !c.choose() {
			break
		}
		part := min(c.rest, room-n)
		c.rest -= part
		n += part
	}
	return n
}

// unbounded is more room than any socket has.
const unbounded = 1 << 62

// Fill is Write for a socket that holds unsent octets, up to Config.LowWater, as a server does that sleeps until less than
// TCP_NOTSENT_LOWAT is unsent: little is committed, so that a late, urgent stream is served soon.
func (c *Conn) Fill(unsent int64) (n int64) {
	if c.cfg.LowWater == 0 {
		return c.Write(unbounded)
	}
	return c.Write(c.cfg.LowWater - unsent)
}

// choose puts the next frame into the stream: control first, then DATA in the configured order.
func (c *Conn) choose() bool {
	if c.control.n > 0 {
		c.emit(c.control.pop())
		return true
	}
	i := c.pick()
	if i < 0 {
		return false
	}
	c.data(i)
	return true
}

func (c *Conn) emit(f Frame) {
	c.out.push(f)
	c.rest += f.Size()
}

// pick is the place in ready of the stream whose turn it is and whose windows are open (RFC 9113, 5.2); -1: none.
func (c *Conn) pick() int {
	if c.send <= 0 {
		return -1
	}
	best := -1
	for i, slot := range c.ready {
		s := &c.streams.slots[slot]
		if s.send <= 0 {
			continue
		}
		if c.cfg.Order != ByUrgency {
			return i
		}
		if best < 0 || precedes(s, &c.streams.slots[c.ready[best]]) {
			best = i
		}
	}
	return best
}

// precedes tells whether a goes before b, which has waited longer (RFC 9218, 10).
func precedes(a, b *stream) bool {
	switch {
	case a.urgency != b.urgency:
		return a.urgency < b.urgency
	case a.incremental != b.incremental:
		return b.incremental
	}
	return !a.incremental && a.id < b.id
}

// data writes a frame of the stream at place i of ready, and gives it its next place.
func (c *Conn) data(i int) {
	slot := c.ready[i]
	s := &c.streams.slots[slot]
	n := min(s.body, s.send, c.send, c.peer.MaxFrame, c.chunk())
	s.body -= n
	s.send -= n
	c.send -= n
	f := Frame{Type: Data, Stream: s.id, Len: uint32(n), Value: s.req}
	turns := c.cfg.Order == RoundRobin || c.cfg.Order == ByUrgency && s.incremental
	if s.body == 0 || turns {
		c.ready = append(c.ready[:i], c.ready[i+1:]...)
	}
	if s.body == 0 {
		f.Flags = EndStream
		c.emit(f)
		c.endLocal(s)
		return
	}
	if turns {
		c.ready = append(c.ready, slot)
	}
	c.emit(f)
}

func (c *Conn) chunk() int64 {
	if c.cfg.Chunk == 0 {
		return DefaultMaxFrame
	}
	return c.cfg.Chunk
}

// Stalled tells what keeps bodies from being written: the connection's window, or those of all streams that have
// something. Nothing does when there is nothing to write.
func (c *Conn) Stalled() (connection, streams bool) {
	if len(c.ready) == 0 {
		return false, false
	}
	for _, slot := range c.ready {
		if c.streams.slots[slot].send > 0 {
			return c.send <= 0, false
		}
	}
	return c.send <= 0, true
}

// Windows reports how many octets may still be written, on the connection and on a stream; 0 for a stream that is closed.
func (c *Conn) Windows(stream uint32) (connection, own int64) {
	if s := c.streams.find(stream); s != nil {
		own = s.send
	}
	return c.send, own
}
