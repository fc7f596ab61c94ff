package http2

// Role is which end of the connection a Conn is.
type Role uint8

// The roles.
const (
	Client Role = iota
	Server
)

// phase is whether an end still takes new streams.
type phase uint8

const (
	serving phase = iota
	leaving       // GOAWAY was sent or read: the streams that are open end, no new one begins (RFC 9113, 6.8)
)

// Conn is one end of a connection.
type Conn struct {
	cfg     *Config
	own     Settings // what this end told its peer, with defaults filled in
	peer    Settings // what the peer allows: defaults until its SETTINGS arrive
	role    Role
	phase   phase
	acked   bool // the peer has acknowledged this end's SETTINGS
	in, out *Frames

	streams table
	waiting []Request // client: requests for which the peer's limit leaves no stream, oldest first
	nextID  uint32    // client: id of the next stream
	last    uint32    // server: highest stream read
	limit   uint32    // streams above are not processed: the last stream of a GOAWAY
	refused bool      // client: streams above limit are still to be reported

	control ring    // frames to write before any DATA
	ready   []int32 // slots of streams with body to write, next in turn first
	rest    int64   // octets of chosen frames that the socket has not taken
	send    int64   // the connection's windows, as a stream's
	recv    int64
	eaten   int64
	took    int64 // octets read of the DATA frame at the head of in
	block   Frame // HEADERS whose CONTINUATION is being read
}

// Request is what a client asks for.
type Request struct {
	ID          uint32 // the owner's; comes back in events
	Header      int64  // octets of the header block, as HeaderBytes gives them
	Upload      int64  // octets of the body
	Urgency     uint8  // RFC 9218, 4.1: 0 (first) to 7 (last); 3 is what a request without a priority has
	Incremental bool   // RFC 9218, 4.2: of use before it is complete
}

// DefaultUrgency is that of a request which names none (RFC 9218, 4.1).
const DefaultUrgency = 3

// Init makes c a new end that reads from in and writes to out, and queues what it must write first: a client its preface,
// SETTINGS and a larger connection window, a server the latter two (RFC 9113, 3.4). It keeps c's memory. The peer is
// another Conn with in and out exchanged; the owner resets both Frames before.
func (c *Conn) Init(role Role, cfg *Config, in, out *Frames) {
	cfg.check()
	old := *c
	old.streams.reset()
	old.control.reset()
	*c = Conn{
		cfg: cfg, own: cfg.Settings.effective(), role: role, in: in, out: out, nextID: 1, limit: MaxWindow,
		streams: old.streams, waiting: old.waiting[:0], control: old.control, ready: old.ready[:0],
		peer: Settings{MaxStreams: streamsAtFirst}.effective(), send: DefaultWindow, recv: max(cfg.ConnWindow, DefaultWindow),
	}
	if role == Client {
		c.control.push(Frame{Type: Preface})
	}
	out.settings = c.own
	c.control.push(Frame{Type: SettingsType, Len: uint32(settingLength * cfg.parameters())})
	if more := c.recv - DefaultWindow; more > 0 {
		c.control.push(windowUpdate(0, more))
	}
}

func windowUpdate(stream uint32, n int64) Frame {
	return Frame{Type: WindowUpdate, Stream: stream, Len: windowUpdateLength, Value: uint32(n)}
}

// OpenStream asks for a stream. When the server's limit is reached the request waits; the order is kept. False: the
// connection is going away, the request must go elsewhere.
func (c *Conn) OpenStream(r Request) bool {
	if c.role != Client {
		panic("http2: a server opens no streams")
	}
	if c.phase == leaving {
		return false
	}
	if !c.CanOpen() {
		c.waiting = append(c.waiting, r)
		return true
	}
	c.open(r)
	return true
}

// CanOpen tells whether a request would get its stream at once.
func (c *Conn) CanOpen() bool {
	if c.phase == leaving || c.nextID > MaxWindow { // RFC 9113, 5.1.1: then a new connection is due
		return false
	}
	n := int64(len(c.streams.live))
	return n < c.peer.MaxStreams && (c.cfg.MaxOpen == 0 || n < c.cfg.MaxOpen)
}

// open gives a request a stream and queues its HEADERS.
func (c *Conn) open(r Request) {
	slot := c.streams.add(c.nextID)
	s := &c.streams.slots[slot]
	c.nextID += 2
	s.req, s.urgency, s.incremental = r.ID, r.Urgency, r.Incremental
	c.begin(s)
	f := Frame{Stream: s.id, Value: r.ID, Urgency: r.Urgency, Incremental: r.Incremental}
	n := r.Header
	if c.cfg.Weights {
		f.Flags, n = Priority, n+weightLength
	}
	c.message(slot, f, n, r.Upload)
}

// begin opens a stream and its windows. Until the peer has acknowledged this end's SETTINGS it may go by the default.
func (c *Conn) begin(s *stream) {
	s.become(Open)
	s.send, s.recv = c.peer.InitialWindow, c.own.InitialWindow
	if !c.acked {
		s.recv = max(s.recv, DefaultWindow)
	}
}

// message queues a header block and makes the stream ready to write its body.
func (c *Conn) message(slot int32, f Frame, header, body int64) {
	s := &c.streams.slots[slot]
	if header < 0 || body < 0 {
		panic("http2: negative length")
	}
	if body == 0 {
		f.Flags |= EndStream
	}
	c.headers(f, header)
	if body > 0 {
		s.body = body
		c.ready = append(c.ready, slot)
		return
	}
	c.endLocal(s)
}

// headers queues HEADERS and the CONTINUATION that a block longer than a frame needs (RFC 9113, 6.10).
func (c *Conn) headers(f Frame, n int64) {
	f.Type = Headers
	for {
		part := min(n, c.peer.MaxFrame)
		n -= part
		f.Len = uint32(part)
		if n == 0 {
			f.Flags |= EndHeaders
			c.control.push(f)
			return
		}
		c.control.push(f)
		f.Type, f.Flags = Continuation, 0
	}
}

// Respond answers on a stream, once: header octets of header block and body octets of DATA. It may come before the upload is
// complete. False: the client has reset the stream.
func (c *Conn) Respond(stream uint32, header, body int64) bool {
	if c.role != Server || stream > c.last {
		panic("http2: nobody asked for this response")
	}
	i := c.streams.index(stream)
	if i == len(c.streams.live) || c.streams.slots[c.streams.live[i]].id != stream {
		return false
	}
	slot := c.streams.live[i]
	c.message(slot, Frame{Stream: stream, Value: c.streams.slots[slot].req}, header, body)
	return true
}

// Reset ends a stream at once, for both ends (RFC 9113, 6.4). What is under way on it still counts against the
// connection's window.
func (c *Conn) Reset(stream uint32, why ErrorCode) {
	s := c.streams.find(stream)
	if s == nil {
		return
	}
	if unknown := c.abandon(s) && c.role == Client; !unknown {
		c.control.push(Frame{Type: RstStream, Stream: stream, Len: rstStreamLength, Value: uint32(why)})
	}
}

// Cancel is Reset for a request that its client does not want any more, with or without a stream (RFC 9113, 8.1).
func (c *Conn) Cancel(req uint32) {
	for i := range c.waiting {
		if c.waiting[i].ID == req {
			c.waiting = append(c.waiting[:i], c.waiting[i+1:]...)
			return
		}
	}
	for _, slot := range c.streams.live {
		if s := &c.streams.slots[slot]; s.req == req {
			c.Reset(s.id, Cancel)
			return
		}
	}
}

// GoAway begins a graceful close (RFC 9113, 6.8). A server finishes what it has read and refuses what is still on its
// way: nginx does so when its keepalive_requests are used up. A client finishes its streams and refuses its waiting
// requests.
func (c *Conn) GoAway() {
	c.limit = min(c.limit, c.last)
	if c.role == Client {
		c.limit, c.refused = MaxWindow, true
	}
	c.leave(c.last)
}

// Shutdown announces a close before GoAway, so that nothing needs to be refused: the client opens no new stream, and
// those on their way are served (RFC 9113, 6.8). GoAway should follow a round trip later.
func (c *Conn) Shutdown() { c.leave(MaxWindow) }

func (c *Conn) leave(last uint32) {
	c.phase = leaving
	c.control.push(Frame{Type: GoAway, Len: goAwayLength, Value: last})
}

// Ping asks the peer for an acknowledgement (RFC 9113, 6.7).
func (c *Conn) Ping() { c.control.push(Frame{Type: Ping, Len: pingLength}) }

// Streams counts the streams that are not closed at this end.
func (c *Conn) Streams() int { return len(c.streams.live) }

// Waiting counts the requests without a stream.
func (c *Conn) Waiting() int { return len(c.waiting) }

// StreamState is a stream's state at this end.
func (c *Conn) StreamState(stream uint32) State {
	if s := c.streams.find(stream); s != nil {
		return s.state
	}
	if c.role == Client && stream < c.nextID || c.role == Server && stream <= c.last {
		return Closed
	}
	return Idle
}

// Leaving tells whether a GOAWAY was sent or read. When Drained as well, the TCP connection may be closed.
func (c *Conn) Leaving() bool { return c.phase == leaving }

// Drained tells whether no stream is open, no request waits and all frames are with the socket.
func (c *Conn) Drained() bool {
	return len(c.streams.live) == 0 && len(c.waiting) == 0 && c.control.n == 0 && c.rest == 0
}

// endLocal notes that END_STREAM is written.
func (c *Conn) endLocal(s *stream) {
	if s.state == HalfClosedRemote {
		c.close(s)
		return
	}
	s.become(HalfClosedLocal)
}

// endRemote notes that END_STREAM is read.
func (c *Conn) endRemote(s *stream) {
	if s.state == HalfClosedLocal {
		c.close(s)
		return
	}
	s.become(HalfClosedRemote)
}

// close forgets a stream, and lets the oldest waiting request have its place.
func (c *Conn) close(s *stream) {
	s.become(Closed)
	c.streams.remove(s.id)
	c.admit()
}

// abandon closes a stream before its end: what it had to write is dropped, what nobody will consume is given back. It tells
// whether the HEADERS had not left yet.
func (c *Conn) abandon(s *stream) (unsent bool) {
	unsent = c.control.drop(s.id)
	for i, slot := range c.ready {
		if &c.streams.slots[slot] == s {
			c.ready = append(c.ready[:i], c.ready[i+1:]...)
			break
		}
	}
	unread := s.unread
	c.close(s)
	c.restore(unread)
	return unsent
}

// admit gives waiting requests the streams that are free.
func (c *Conn) admit() {
	for len(c.waiting) > 0 && c.CanOpen() {
		r := c.waiting[0]
		c.waiting = append(c.waiting[:0], c.waiting[1:]...)
		c.open(r)
	}
}
