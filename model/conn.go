package model

import (
	"unsafe"

	"keepalive/model/http1"
	"keepalive/model/tcp"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// side is one of the two ends of a connection.
type side uint8

const (
	clientSide side = iota
	serverSide
)

// endpoint is a side of a connection: its TCP, the alarm that drives it, and what the trace was told last.
type endpoint struct {
	tcp   tcp.Conn
	alarm sim.Alarm
	actor uint32 // its host
	cwnd  int32
	out   uint32
	told  tcp.State
}

// conn is a connection, seen from outside: both ends, and what HTTP makes of it.
type conn struct {
	id      uint32
	slot    int32
	flying  int32  // packets between the hosts
	awaited int32  // events of its programs still to come
	lane    int32  // index of the pipe to the server; the next is the pipe back
	req     uint32 // oldest request that it carries, by which its packets are labelled
	client  *client
	origin  *origin
	server  *server
	ends    [2]endpoint
	secure  [2]tls.Handshake
	up      http1.Stream
	down    http1.Stream

	began     sim.Time // the client began to connect
	opened    sim.Time
	timer     sim.Timer // of the client: until it must be open, or while it is idle
	*load               // what it carries; never nil
	h2        *h2conn   // nil: HTTP/1
	quiet     int64     // up to this many bytes received the client's program has nothing to do
	used      int32     // requests bound to it
	answered  int32     // responses read
	early     int32     // bytes of the request that went along with the TLS hello
	owner     uint32    // the request that it was opened for, if the client binds early
	use       use
	untilEOF  bool // the response ends with the connection
	fast      bool // its SYN carries the first data (TCP Fast Open)
	deferred  bool // and waits for it
	resumed   bool // TLS with a ticket
	stale     bool // the peer closed or reset it
	hinted    bool // the server has announced its timeout
	serverReq serverConn

	idleSince sim.Time
	before    int32 // links of the pool's idle list
	after     int32
}

// load is what a connection carries. Idle ones share one with nothing in it; the World keeps those not in use.
type load struct {
	carried  []uint32 // requests bound to it and not ended, oldest first
	toSend   []uint32 // of them those that the client has not written yet
	toRead   []uint32 // and those whose response is complete and being read
	marks    []mark   // requests whose last byte is not on the wire yet
	up, down http1.Room
}

// takeLoad lets c carry requests.
func (w *World) takeLoad(c *conn) {
	if c.load != &w.noLoad {
		return
	}
	if n := len(w.loads); n > 0 {
		c.load = w.loads[n-1]
		w.loads = w.loads[:n-1]
	} else {
		c.load = &load{}
	}
	c.up.Use(c.load.up)
	c.down.Use(c.load.down)
}

// giveLoad takes it from an idle connection again.
func (w *World) giveLoad(c *conn) {
	l := c.load
	if l == &w.noLoad || len(l.carried)+len(l.toSend)+len(l.toRead)+len(l.marks)+c.up.Len()+c.down.Len() > 0 {
		return
	}
	l.up, l.down = c.up.Leave(), c.down.Leave()
	w.loads = append(w.loads, l)
	c.load = &w.noLoad
}

// mark is where in the client's stream a request ends.
type mark struct {
	req uint32
	end int64
}

// use is what the client does with a connection.
type use uint8

const (
	unused use = iota
	opening
	busy
	idle
	closing
)

// newConn makes a connection from an origin's client to a server; the client connects it when it has spent the CPU time.
func (w *World) newConn(o *origin, s *server) *conn {
	var c *conn
	if n := len(w.freeSlot); n > 0 {
		c = w.conns[w.freeSlot[n-1]]
		w.freeSlot = w.freeSlot[:n-1]
	} else {
		c = w.moreConn()
	}
	old := *c
	if l := old.load; l != nil && l != &w.noLoad {
		*l = load{carried: l.carried[:0], toSend: l.toSend[:0], toRead: l.toRead[:0], marks: l.marks[:0], up: old.up.Leave(), down: old.down.Leave()}
		w.loads = append(w.loads, l)
	}
	old.up.Reset()
	old.down.Reset()
	leg := o.client.leg
	leg.connIDs++
	s.dealt++
	kept := [2]endpoint{{tcp: old.ends[0].tcp, actor: o.client.actor}, {tcp: old.ends[1].tcp, actor: s.actor}}
	*c = conn{id: leg.mark | leg.connIDs, slot: old.slot, client: o.client, origin: o, server: s, ends: kept, up: old.up, down: old.down, h2: old.h2,
		load: &w.noLoad, use: opening, began: w.eng.Now()}
	if c.h2 != nil {
		c.h2.on = false
	}
	c.lane = leg.laneOf(o.client)
	for i := range c.ends {
		c.ends[i].tcp.Init(&w.cfg.TCP, &w.out)
	}
	c.ends[serverSide].tcp.Listen()
	c.ends[serverSide].told = tcp.Listen
	return c
}

// connBlock is the room for connections that is taken at once: what it is rounded up to is little among so many.
const connBlock = 128 << 10

// moreConn makes a slot.
func (w *World) moreConn() *conn {
	if len(w.spare) == 0 {
		w.spare = make([]conn, min(max(len(w.conns), 1), connBlock/int(unsafe.Sizeof(conn{}))))
	}
	c := &w.spare[0]
	w.spare = w.spare[1:]
	c.slot = int32(len(w.conns))
	w.conns = append(w.conns, c)
	return c
}

// retire gives the slot back once both ends are done and nothing of the connection is under way. It is called after
// every packet, and small enough to be inlined.
func (w *World) retire(c *conn) {
	if c.use == closing && c.flying == 0 {
		w.release(c)
	}
}

func (w *World) release(c *conn) {
	if c.awaited > 0 || len(c.carried) > 0 || c.serverReq.pins() {
		return
	}
	if !over(&c.ends[clientSide].tcp) || !over(&c.ends[serverSide].tcp) {
		return
	}
	c.use = unused
	w.freeSlot = append(w.freeSlot, c.slot)
}

// leg is the stretch of the way that c spans.
func (c *conn) leg() *leg { return c.client.leg }

func over(t *tcp.Conn) bool {
	s := t.State()
	return s == tcp.Closed || s == tcp.TimeWait || s == tcp.Listen
}

// settle carries out what a call on an endpoint asked for: its segments go to the pipe, its timer is set, the trace is told.
func (w *World) settle(now sim.Time, c *conn, at side) {
	e := &c.ends[at]
	if e.tcp.State() != e.told {
		w.noteState(now, c, at)
	}
	if len(w.out.Segments) > 0 {
		for i := range w.out.Segments {
			w.transmit(now, c, at, &w.out.Segments[i])
		}
		w.out.Reset()
	}
	if e.windowMoved(at) {
		w.noteWindow(now, c, at)
	}
	if d := e.tcp.Deadline(); e.alarm.Late(d) {
		e.alarm.Set(w.eng, d, w.self, evTCP, int64(c.slot)<<1|int64(at))
	}
	if at == clientSide && len(c.marks) > 0 {
		w.noteSent(now, c)
	}
}

// noteSent tells the trace of requests that have left the client.
func (w *World) noteSent(now sim.Time, c *conn) {
	t := &c.ends[clientSide].tcp
	sent := t.Written() - t.Unsent()
	n := 0
	for n < len(c.marks) && c.marks[n].end <= sent {
		w.recordRequest(now, trace.RequestSent, c.marks[n].req, c)
		n++
	}
	c.marks = append(c.marks[:0], c.marks[n:]...)
}

// label is the request that a packet with that first byte belongs to, of several that an HTTP/1 connection carries.
func (c *conn) label(from side, seq int64) uint32 {
	stream := &c.up
	if from == serverSide {
		stream = &c.down
	}
	if id := stream.Holds(seq - 1); id != 0 {
		return id
	}
	return c.req
}

// transmit puts a segment on its way. It stays a function of its own for WebAssembly's sake: see tcp/predict.go.
//
//go:noinline
func (w *World) transmit(now sim.Time, c *conn, from side, s *tcp.Segment) {
	size := Bytes(w.cfg.TCP.Size(s))
	w.pkts++
	w.label = c.req
	if len(c.carried) > 1 && c.h2 == nil {
		w.label = c.label(from, s.Seq)
	}
	w.pipes[int(c.lane)+int(from)].put(now, s, size, c)
	w.recordSegment(now, c, from, s)
}

func (w *World) onTCPTimer(now sim.Time, c *conn, at side) {
	e := &c.ends[at]
	if !e.alarm.Rang(w.eng, now, e.tcp.Deadline(), w.self, evTCP, int64(c.slot)<<1|int64(at)) {
		return
	}
	w.cause = trace.CauseTimer
	if at == serverSide && c.serverReq.half != notHalf {
		c.server.onSYNAckTimer(now, c)
		return
	}
	sig := e.tcp.OnTimer(now)
	w.settle(now, c, at)
	w.signal(now, c, at, sig)
	w.retire(c)
}

// signal tells the programs on top what an endpoint reported.
func (w *World) signal(now sim.Time, c *conn, at side, sig tcp.Signal) {
	if sig == 0 {
		return
	}
	if at == clientSide {
		w.onClientSignal(now, c, sig)
	} else {
		c.server.onSignal(now, c, sig)
	}
}

// write, shut and abort call an endpoint and settle what follows.
func (w *World) write(now sim.Time, c *conn, at side, n int64, last bool) {
	if at == clientSide && c.deferred {
		c.deferred = false
		c.ends[at].tcp.ConnectWrite(now, n)
	} else {
		c.ends[at].tcp.Write(now, n, last)
	}
	w.settle(now, c, at)
}

// shut closes a side, over TLS with an alert before; a server whose client has gone sends none. A client's socket whose peer
// has not answered is over at once, and with it its port.
func (w *World) shut(now sim.Time, c *conn, at side) {
	unheard := at == clientSide && (c.deferred || c.ends[at].tcp.State() == tcp.SynSent)
	if n := c.leg().tls.CloseNotify(); n > 0 && c.secure[at].Done() && !c.ends[at].tcp.Ended() && !(at == serverSide && c.serverReq.eof) {
		c.ends[at].tcp.Write(now, n, false)
	}
	c.ends[at].tcp.Close(now)
	w.settle(now, c, at)
	if unheard {
		c.deferred = false
		w.freePort(now, c)
	}
}
