package http2

import "fmt"

// EventKind is what an end learns from its peer.
type EventKind uint8

// The kinds. Frames for streams that this end has closed or refused are not reported.
const (
	GotHeaders     EventKind = iota + 1 // a header block is complete; N: its octets on the wire. At a server: a new request
	GotData                             // N octets of a stream's body, as they arrive: one frame may be several events
	GotSettings                         // the peer's SETTINGS; the acknowledgement is queued
	GotSettingsAck                      // the peer goes by this end's SETTINGS
	GotWindow                           // WINDOW_UPDATE; N: increment
	GotReset                            // RST_STREAM; N: ErrorCode
	GotGoAway                           // N: the last stream that the peer processes
	GotPing                             // the acknowledgement is queued
	GotPong                             // a PING was acknowledged
	Refused                             // after GotGoAway: a request that the peer will not process; Stream 0 when it had none
)

func (k EventKind) String() string {
	return [...]string{"", "headers", "data", "settings", "settings acknowledged", "window", "reset", "goaway", "ping", "pong", "refused"}[k]
}

// Event is something that was read.
type Event struct {
	Kind   EventKind
	End    bool   // GotHeaders, GotData: the peer's half of the stream ends with it
	Stream uint32 // 0: the connection
	Req    uint32 // the stream's request
	N      int64
}

func (e Event) String() string {
	s := e.Kind.String()
	switch e.Kind {
	case GotHeaders, GotData, GotWindow:
		s = fmt.Sprintf("%s %d: %d", s, e.Stream, e.N)
	case GotReset:
		s = fmt.Sprintf("%s %d: %v", s, e.Stream, ErrorCode(e.N))
	case GotGoAway:
		s = fmt.Sprintf("%s %d", s, e.N)
	case Refused:
		s = fmt.Sprintf("%s request %d", s, e.Req)
	case GotSettings, GotSettingsAck, GotPing, GotPong:
	}
	if e.End {
		s += " end"
	}
	return s
}

// Read reports the next event in the first received octets of the stream, one per call until there is none.
func (c *Conn) Read(received int64) (e Event, ok bool) {
	if c.refused {
		if e, ok = c.refuse(); ok {
			return e, true
		}
	}
	for c.in.ring.n > 0 && received > c.in.start {
		f := *c.in.ring.at(0)
		whole := received >= c.in.start+f.Size()
		if f.Type == Data {
			if e, ok = c.readData(f, received, whole); ok {
				return e, true
			}
		}
		if !whole {
			return Event{}, false
		}
		if f.Type == Data {
			continue
		}
		c.in.pop()
		if e, ok = c.take(f); ok {
			return e, true
		}
	}
	return Event{}, false
}

// take acts on a whole frame other than DATA.
func (c *Conn) take(f Frame) (e Event, ok bool) {
	switch f.Type {
	case Headers, Continuation:
		return c.readHeaders(f)
	case SettingsType:
		return c.readSettings(f), true
	case WindowUpdate:
		return c.readWindow(f)
	case RstStream:
		return c.readReset(f)
	case GoAway:
		return c.readGoAway(f), true
	case Ping:
		if f.Has(Ack) {
			return Event{Kind: GotPong}, true
		}
		c.control.push(Frame{Type: Ping, Flags: Ack, Len: pingLength})
		return Event{Kind: GotPing}, true
	case Preface:
		return Event{}, false
	case Data:
	}
	panic("http2: cannot read " + f.String())
}

// readData counts what has arrived of the DATA frame at the head of in, and takes it off when it is whole.
func (c *Conn) readData(f Frame, received int64, whole bool) (e Event, ok bool) {
	n := max(0, min(received-c.in.start-FrameHeader, int64(f.Len))) - c.took
	if n == 0 && !whole {
		return Event{}, false
	}
	c.took += n
	if whole {
		c.in.pop()
		c.took = 0
	}
	c.recv -= n
	s := c.streams.find(f.Stream)
	if s == nil { // RFC 9113, 5.1: a stream that was reset or refused; only the connection's window counts
		c.restore(n)
		return Event{}, false
	}
	s.recv -= n
	if c.recv < 0 || s.recv < 0 {
		panic(fmt.Sprintf("http2: the peer overran a window with %v", f))
	}
	s.unread += n
	e = Event{Kind: GotData, End: whole && f.Has(EndStream), Stream: s.id, Req: s.req, N: n}
	if !c.cfg.Manual {
		c.eat(s, n, e.End)
	}
	if e.End {
		c.endRemote(s)
	}
	return e, true
}

// Consume says that the program has read n octets of a stream's body: their room in the windows is given back. Only
// with Config.Manual, and not after a reset of the stream, which gives the room back by itself.
func (c *Conn) Consume(stream uint32, n int64) {
	s := c.streams.find(stream)
	if s == nil {
		c.restore(n)
		return
	}
	c.eat(s, n, s.state == HalfClosedRemote)
}

// eat gives room back once half of a window is consumed, as nghttp2 does (nghttp2_should_send_window_update); on a
// stream only while the peer has more to write.
func (c *Conn) eat(s *stream, n int64, ended bool) {
	if s.unread -= n; s.unread < 0 {
		panic("http2: more was consumed than had arrived")
	}
	s.eaten += n
	if !ended && s.eaten > 0 && s.eaten >= c.own.InitialWindow/2 {
		c.control.push(windowUpdate(s.id, s.eaten))
		s.recv += s.eaten
		s.eaten = 0
	}
	c.restore(n)
}

// restore is eat for the connection.
func (c *Conn) restore(n int64) {
	c.eaten += n
	if c.eaten > 0 && c.eaten >= max(c.cfg.ConnWindow, DefaultWindow)/2 {
		c.control.push(windowUpdate(0, c.eaten))
		c.recv += c.eaten
		c.eaten = 0
	}
}

// readHeaders joins HEADERS and their CONTINUATION, which follow each other (RFC 9113, 6.10).
func (c *Conn) readHeaders(f Frame) (e Event, ok bool) {
	if f.Type == Continuation {
		c.block.Len += f.Len
		c.block.Flags |= f.Flags
	} else {
		c.block = f
	}
	if !c.block.Has(EndHeaders) {
		return Event{}, false
	}
	f = c.block
	s := c.streams.find(f.Stream)
	if c.role == Server {
		s = c.newStream(f)
	}
	if s == nil {
		return Event{}, false
	}
	e = Event{Kind: GotHeaders, End: f.Has(EndStream), Stream: s.id, Req: s.req, N: int64(f.Len)}
	if e.End {
		c.endRemote(s)
	}
	return e, true
}

// newStream opens a stream for a client's request, unless too many are open (RFC 9113, 5.1.2) or the server is leaving.
func (c *Conn) newStream(f Frame) *stream {
	if f.Stream <= c.last {
		panic("http2: stream ids must rise") // RFC 9113, 5.1.1
	}
	if f.Stream > c.limit {
		return nil
	}
	c.last = f.Stream
	if c.own.MaxStreams > 0 && int64(len(c.streams.live)) >= c.own.MaxStreams {
		c.control.push(Frame{Type: RstStream, Stream: f.Stream, Len: rstStreamLength, Value: uint32(RefusedStream)})
		return nil
	}
	s := &c.streams.slots[c.streams.add(f.Stream)]
	s.req, s.urgency, s.incremental = f.Value, f.Urgency, f.Incremental
	c.begin(s)
	return s
}

// readSettings goes by the peer's SETTINGS from now on, and says so (RFC 9113, 6.5.3).
func (c *Conn) readSettings(f Frame) Event {
	if f.Has(Ack) {
		c.acked = true
		if less := DefaultWindow - c.own.InitialWindow; less > 0 {
			for _, slot := range c.streams.live {
				c.streams.slots[slot].recv -= less
			}
		}
		return Event{Kind: GotSettingsAck}
	}
	was := c.peer.InitialWindow
	c.peer = c.in.settings
	if c.peer.MaxStreams == 0 {
		c.peer.MaxStreams = streamsAtFirst
	}
	for _, slot := range c.streams.live { // RFC 9113, 6.9.2
		c.streams.slots[slot].send += c.peer.InitialWindow - was
	}
	c.control.push(Frame{Type: SettingsType, Flags: Ack})
	c.admit()
	return Event{Kind: GotSettings}
}

func (c *Conn) readWindow(f Frame) (e Event, ok bool) {
	e = Event{Kind: GotWindow, Stream: f.Stream, N: int64(f.Value)}
	window := &c.send
	if f.Stream != 0 {
		s := c.streams.find(f.Stream)
		if s == nil {
			return Event{}, false
		}
		e.Req, window = s.req, &s.send
	}
	*window += e.N
	if *window > MaxWindow {
		panic("http2: window above 2^31-1") // RFC 9113, 6.9.1
	}
	return e, true
}

func (c *Conn) readReset(f Frame) (e Event, ok bool) {
	s := c.streams.find(f.Stream)
	if s == nil {
		return Event{}, false
	}
	e = Event{Kind: GotReset, Stream: s.id, Req: s.req, N: int64(f.Value)}
	c.abandon(s)
	return e, true
}

func (c *Conn) readGoAway(f Frame) Event {
	c.phase = leaving
	if c.role == Client {
		c.limit, c.refused = min(c.limit, f.Value), true
	}
	return Event{Kind: GotGoAway, N: int64(f.Value)}
}

// refuse takes back, one by one, the requests that the server will not process: they may be sent again elsewhere (RFC
// 9113, 8.7).
func (c *Conn) refuse() (e Event, ok bool) {
	if i := c.streams.index(c.limit + 1); i < len(c.streams.live) {
		s := &c.streams.slots[c.streams.live[i]]
		e = Event{Kind: Refused, Stream: s.id, Req: s.req}
		c.abandon(s)
		return e, true
	}
	if len(c.waiting) > 0 {
		e = Event{Kind: Refused, Req: c.waiting[0].ID}
		c.waiting = append(c.waiting[:0], c.waiting[1:]...)
		return e, true
	}
	c.refused = false
	return Event{}, false
}
