package model

import (
	"unsafe"

	"keepalive/model/http1"
	"keepalive/model/tcp"
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
	req     uint32 // request in work at the client
	client  *client
	origin  *origin
	ends    [2]endpoint
	up      http1.Stream
	down    http1.Stream

	began     sim.Time // the client began to connect
	opened    sim.Time
	idle      sim.Timer
	quiet     int64 // up to this many bytes received the client's program has nothing to do
	used      int32 // requests bound to it
	use       use
	sending   bool
	reading   bool // the response is complete and being read
	untilEOF  bool // the response ends with the connection
	stale     bool // the peer closed or reset it
	hinted    bool // the server has announced its timeout
	serverReq serverConn
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

// newConn makes a connection for an origin's client; the client connects it when it has spent the CPU time.
func (w *World) newConn(o *origin) *conn {
	var c *conn
	if n := len(w.freeSlot); n > 0 {
		c = w.conns[w.freeSlot[n-1]]
		w.freeSlot = w.freeSlot[:n-1]
	} else {
		c = w.moreConn()
	}
	up, down := c.up, c.down
	up.Reset()
	down.Reset()
	w.connIDs++
	slot, ends := c.slot, &c.ends
	kept := [2]endpoint{{tcp: ends[0].tcp, actor: o.client.actor}, {tcp: ends[1].tcp, actor: trace.Server(0)}}
	*c = conn{id: w.connIDs, slot: slot, client: o.client, origin: o, ends: kept, up: up, down: down, use: opening, began: w.eng.Now()}
	if !w.cfg.Link.Shared {
		c.lane = 2 * (int32(c.client.actor) - 1)
	}
	for i := range c.ends {
		c.ends[i].tcp.Init(&w.cfg.TCP, &w.out)
	}
	c.ends[serverSide].tcp.Listen()
	c.ends[serverSide].told = tcp.Listen
	return c
}

// connBlock is the room for connections that is taken at once: what it is rounded up to is little among so many.
const connBlock = 64 << 10

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
	if c.awaited > 0 || c.req != 0 || c.serverReq.pins() {
		return
	}
	if !over(&c.ends[clientSide].tcp) || !over(&c.ends[serverSide].tcp) {
		return
	}
	c.use = unused
	w.freeSlot = append(w.freeSlot, c.slot)
}

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
	if c.sending && at == clientSide && e.tcp.Unsent() == 0 {
		c.sending = false
		w.recordRequest(now, trace.RequestSent, c.req, c)
	}
}

// transmit puts a segment on its way.
func (w *World) transmit(now sim.Time, c *conn, from side, s *tcp.Segment) {
	size := Bytes(w.cfg.TCP.Size(s))
	w.pkts++
	w.pipes[int(c.lane)+int(from)].put(now, s, size, c)
	w.recordSegment(now, c, from, s)
}

func (w *World) onTCPTimer(now sim.Time, c *conn, at side) {
	e := &c.ends[at]
	if !e.alarm.Rang(w.eng, now, e.tcp.Deadline(), w.self, evTCP, int64(c.slot)<<1|int64(at)) {
		return
	}
	w.cause = trace.CauseTimer
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
		w.server.onSignal(now, c, sig)
	}
}

// write, shut and abort call an endpoint and settle what follows.
func (w *World) write(now sim.Time, c *conn, at side, n int64, last bool) {
	c.ends[at].tcp.Write(now, n, last)
	w.settle(now, c, at)
}

func (w *World) shut(now sim.Time, c *conn, at side) {
	c.ends[at].tcp.Close(now)
	w.settle(now, c, at)
}
