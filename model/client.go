package model

import (
	"slices"

	"keepalive/model/http1"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// request is one thing the workload wants.
type request struct {
	item     *Item
	client   uint32 // actor
	entry    int32  // page: index of its entry
	attempts int32
	stream   uint32   // HTTP/2: its stream
	conn     uint32   // the connection that it was given last
	cpu      sim.Time // that the server spent on it
	pause    sim.Time // that it waited at the server
	stage    stage
	aged     bool // its connection was too old already when it was taken up
	ended    bool
	status   trace.Status // of the answer that the server gives
	parts    uint16       // of a request that comes slowly: written
}

// requests holds those of a run by id, from 1: the clients', and a proxy's own, marked trace.Behind. They live in
// blocks, so that a long run never moves what it has.
type requests struct{ books [2]requestBook }

type requestBook struct {
	blocks []*[requestBlock]request
	n      uint32
}

const requestBlock = 1 << 9

func (t *requests) add(item *Item, client uint32, entry int32) (id uint32) {
	mark := client & trace.Behind
	b := &t.books[mark/trace.Behind]
	if b.n%requestBlock == 0 {
		b.blocks = append(b.blocks, new([requestBlock]request))
	}
	b.n++
	r := t.at(mark | b.n)
	r.item, r.client, r.entry = item, client, entry
	return mark | b.n
}

func (t *requests) at(id uint32) *request {
	k := id&^trace.Behind - 1
	return &t.books[id/trace.Behind].blocks[k/requestBlock][k%requestBlock]
}

// wanted is how many requests the clients have wanted.
func (t *requests) wanted() uint32 { return t.books[0].n }

// client is one user's program: its workload, its pools, its host.
type client struct {
	w       *World
	leg     *leg
	actor   uint32
	origins []origin
	plan    plan
	luck    sim.Rand
	open    int // requests wanted and not ended
	conns   int // connections open
	ports   portBook
	gone    bool
	toldA   int64 // what the trace was told last of the pool
	toldB   int64
}

// origin is the pool of connections to one host.
type origin struct {
	client   *client
	host     string
	server   *server // nil: its connections are dealt to all
	index    int
	resolved resolution
	total    int      // opening, busy and idle connections
	opening  int      // of them opening
	inWork   int      // at a proxy: requests that this server has
	idle     []int32  // slots, most recently used last
	busy     []int32  // slots of connections that carry requests, where more than one may share them
	waiting  []uint32 // requests, oldest first
	ticket   bool     // a TLS handshake has been made
	cookie   bool     // a TCP handshake has been made, and with it a cookie for Fast Open
}

type resolution uint8

const (
	unresolved resolution = iota
	resolving
	resolved
)

func (w *World) initClients() {
	n := w.cfg.Client.Count
	w.clients = make([]client, n)
	starts := make([]sim.Time, n)
	luck := sim.Stream(w.cfg.Seed, "start")
	first := sim.Never
	for i := range starts {
		starts[i] = draw(w.cfg.Client.Start, &luck)
		first = min(first, starts[i])
	}
	w.open = n
	for i := range w.clients {
		cl := &w.clients[i]
		*cl = client{w: w, leg: w.front(), actor: uint32(i + 1), luck: sim.Stream(w.cfg.Seed+uint64(i+1)<<32, "think")}
		cl.ports.init(cl.leg.client.Ports, cl.leg.client.TimeWait)
		cl.plan.init(cl)
		if w.cfg.Workload.Arrivals == nil {
			w.eng.At(starts[i]-first, w.self, evStart, int64(i))
		}
	}
	if a := w.cfg.Workload.Arrivals; a != nil {
		w.arrivals.init(w, a)
	}
}

// client is the one with an actor number, be it the proxy.
func (w *World) client(actor uint32) *client {
	if actor == trace.Proxy {
		return &w.proxy.back
	}
	return &w.clients[actor-1]
}

// clientOf is the client of a request.
func (w *World) clientOf(req uint32) *client { return w.client(w.requests.at(req).client) }

// draw is a span's length.
func draw(s Span, luck *sim.Rand) sim.Time {
	switch s.Kind {
	case Uniform:
		return sim.Time(luck.Below(int64(s.To) + 1))
	case Exponential:
		return luck.Exp(s.To)
	case Constant:
	}
	return s.To
}

// originOf is the client's pool for a host.
func (cl *client) originOf(host string) *origin {
	for i := range cl.origins {
		if cl.origins[i].host == host {
			return &cl.origins[i]
		}
	}
	panic("model: unknown host " + host)
}

// want begins a request. Cause is the request whose end led to it, gap the idle time asked for between.
func (cl *client) want(now sim.Time, item *Item, entry int32, cause uint32, gap sim.Time) {
	w := cl.w
	id := w.requests.add(item, cl.actor, entry)
	cl.open++
	w.record(trace.Record{Kind: trace.RequestWanted, Flags: cl.plan.class(entry), Actor: cl.actor, Req: id, A: int64(cause), B: int64(gap)})
	o := cl.originOf(item.Host)
	o.waiting = append(o.waiting, id)
	o.pump(now)
}

// onResolved goes on when a host's address is known.
func (w *World) onResolved(now sim.Time, cl *client, index int) {
	o := &cl.origins[index]
	o.resolved = resolved
	w.record(trace.Record{Kind: trace.RequestResolved, Actor: cl.actor, Req: o.waiting[0]})
	o.pump(now)
}

// onClientSignal is what the client's program learns from its sockets.
func (w *World) onClientSignal(now sim.Time, c *conn, sig tcp.Signal) {
	if sig == tcp.Data && c.ends[clientSide].tcp.Received() < c.quiet {
		return
	}
	if sig&tcp.Opened != 0 && !c.fast {
		cfg := c.leg().client
		w.wake(now, cfg.Wake+cfg.CPU.Connect, evOpened, c, 0)
	}
	if sig&tcp.Data != 0 {
		w.onClientData(now, c)
	}
	if sig&tcp.EndOfFile != 0 {
		w.onServerClosed(now, c)
	}
	if sig&(tcp.Aborted|tcp.TimedOut) != 0 {
		w.onBroken(now, c, sig)
	}
	if sig&tcp.Done != 0 {
		w.clientDone(now, c)
	}
}

func (w *World) onClientData(now sim.Time, c *conn) {
	if !c.secure[clientSide].Done() {
		w.onFlight(now, c)
	}
	if c.isH2() {
		w.readFrames(now, c)
		return
	}
	if c.untilEOF {
		w.noteFirst(now, c)
		return
	}
	w.checkResponses(now, c)
}

// wake schedules an event of a program that sleeps, or runs it at once if waking costs nothing. It is about request
// req, or about the connection as a whole: 0.
func (w *World) wake(now, delay sim.Time, kind uint32, c *conn, req uint32) {
	c.awaited++
	arg := int64(req)<<32 | int64(c.slot)
	if delay > 0 {
		w.eng.At(now+delay, w.self, kind, arg)
		return
	}
	cause, by := w.cause, w.causeBy
	w.OnEvent(now, kind, arg)
	w.cause, w.causeBy = cause, by
}

// sendRequest writes the request that was bound to c first of those not written yet.
func (w *World) sendRequest(now sim.Time, c *conn) {
	if len(c.toSend) == 0 { // the connection broke meanwhile
		return
	}
	id := c.toSend[0]
	c.toSend = append(c.toSend[:0], c.toSend[1:]...)
	r := w.requests.at(id)
	w.recordRequest(now, trace.RequestSending, id, c)
	if c.isH2() {
		w.openStream(now, c, id)
		return
	}
	l := c.leg()
	n := l.requestBytes(r.item)
	c.up.Push(id, n, n)
	answer := l.responseBytes(r.item)
	c.down.Push(id, l.tls.Wrapped(answer), l.tls.FirstRecord(answer))
	w.noteEarly(c, n)
	c.untilEOF = l.http.Minor == 0 && !l.http.Persistent
	c.marks = append(c.marks, mark{id, c.ends[clientSide].tcp.Written() + n})
	w.writeRequest(now, c, id)
}

// responseBytes is the length of a whole response; one that ends with the connection has it too, only nobody says so.
func (l *leg) responseBytes(item *Item) int64 {
	return max(int64(l.http.ResponseHeaders+item.Size), 1)
}

// answerBytes is the length of the answer to a request, which a proxy may not have.
func (l *leg) answerBytes(r *request) int64 {
	return max(int64(l.http.ResponseHeaders)+r.body(), 1)
}

// body is what the answer to a request brings: what was asked for, or the few words of a proxy without it.
func (r *request) body() int64 {
	if r.status == trace.OK {
		return int64(r.item.Size)
	}
	return errorPage
}

// noteFirst tells the trace of the first byte of a response.
func (w *World) noteFirst(now sim.Time, c *conn) {
	if id, ok := c.down.First(c.ends[clientSide].tcp.Received()); ok {
		w.recordRequest(now, trace.RequestFirstByte, id, c)
		c.quiet = c.down.End()
	}
}

// checkResponses goes on with the responses of c that are complete.
func (w *World) checkResponses(now sim.Time, c *conn) {
	for len(c.carried) > len(c.toRead) {
		w.noteFirst(now, c)
		id, ok := c.down.Complete(c.ends[clientSide].tcp.Received())
		if !ok {
			return
		}
		c.quiet = 0
		w.receivedResponse(now, c, id)
	}
}

// receivedResponse lets the client read a response that is complete.
func (w *World) receivedResponse(now sim.Time, c *conn, id uint32) {
	r := w.begin(now, trace.RequestReceived, c.client.actor, id, c)
	r.Pkt = w.causeBy
	w.hand()
	c.toRead = append(c.toRead, id)
	cfg := c.leg().client
	w.wake(now, cfg.Wake+cfg.CPU.Response, evRead, c, id)
}

// onResponseRead ends a request well and decides what becomes of its connection (RFC 9112, 9.3).
func (w *World) onResponseRead(now sim.Time, c *conn) {
	id := c.toRead[0]
	c.toRead = append(c.toRead[:0], c.toRead[1:]...)
	c.drop(id)
	c.answered++
	r := w.requests.at(id)
	w.endRequest(now, id, c, r.status, c.leg().answerBytes(r))
	w.afterResponse(now, c)
	w.clientOf(id).onEnded(now, id)
	w.recordPool(now, c.client)
}

// afterResponse keeps the connection, or gives it up when its last answer has been read.
func (w *World) afterResponse(now sim.Time, c *conn) {
	l := c.leg()
	keep := l.keeps(c.server, int(c.answered)) && !(c.serverReq.final && c.answered >= c.serverReq.served) && !c.stale && c.use != closing
	switch {
	case keep && len(c.carried) == 0:
		c.origin.release(now, c)
	case keep:
		c.origin.fill(now, c)
	case len(c.carried) > 0 && c.isH2(): // the streams that are open may still end
		c.origin.forget(c)
	default:
		w.abandon(now, c, trace.Reset) // pipelined behind the last answer
		if l.http.ClientCloses || c.stale || l.http.Persistent || c.isH2() {
			w.shut(now, c, clientSide)
		}
		c.origin.pump(now)
	}
}

// drop takes a request that has ended off c.
func (c *conn) drop(id uint32) {
	for i, q := range c.carried {
		if q == id {
			c.carried = append(c.carried[:i], c.carried[i+1:]...)
			break
		}
	}
	c.req = 0
	if len(c.carried) > 0 {
		c.req = c.carried[0]
	}
}

// onServerClosed handles the server's FIN: the end of a response that has no length, a courtesy, or a broken promise.
func (w *World) onServerClosed(now sim.Time, c *conn) {
	c.stale = true
	switch c.use {
	case busy:
		if c.untilEOF {
			w.checkResponses(now, c)
		}
		if len(c.carried) > len(c.toRead) {
			w.abandon(now, c, trace.Reset)
			c.origin.pump(now)
		}
	case idle:
		c.origin.unidle(c)
		c.origin.forget(c)
	case opening: // during its TLS handshake
		c.origin.opening--
		c.origin.failOpening(now, c, trace.Reset)
	case closing:
		if len(c.carried) > len(c.toRead) { // streams of a connection that was leaving
			w.abandon(now, c, trace.Reset)
			c.origin.pump(now)
		}
	case unused:
	}
	w.shut(now, c, clientSide)
}

// onBroken handles a reset, or a peer that never answered.
func (w *World) onBroken(now sim.Time, c *conn, sig tcp.Signal) {
	c.stale = true
	status := trace.Reset
	if sig&tcp.TimedOut != 0 {
		status = trace.Timeout
	}
	switch c.use {
	case opening:
		c.origin.opening--
		c.origin.failOpening(now, c, status)
	case busy, closing:
		if len(c.carried) > len(c.toRead) {
			w.abandon(now, c, status)
			c.origin.pump(now)
		}
	case idle:
		c.origin.unidle(c)
		c.origin.forget(c)
	case unused:
	}
}

// abandon takes c out of the pool, and the requests that it will not answer off it: each gets another connection, once,
// if that is safe (RFC 9110, 9.2.2).
func (w *World) abandon(now sim.Time, c *conn, status trace.Status) {
	c.toSend, c.marks = c.toSend[:0], c.marks[:0]
	c.origin.forget(c)
	if len(c.carried) == 0 {
		return
	}
	left := slices.Clone(c.carried)
	head := true
	var again, failed []uint32
	for _, id := range left {
		if slices.Contains(c.toRead, id) {
			continue
		}
		c.drop(id)
		untouched := !head || c.isH2() || c.down.HeadBytes(c.ends[clientSide].tcp.Received()) <= c.leg().tls.CloseNotify() // an alert is no answer
		head = false
		if r := w.requests.at(id); c.leg().client.RetryIdempotent && http1.Idempotent(r.item.Method) && c.used > 1 && untouched && r.attempts < 2 {
			again = append(again, id)
		} else {
			failed = append(failed, id)
		}
	}
	c.origin.waiting = append(again, c.origin.waiting...)
	for _, id := range failed {
		w.failRequest(now, id, c, status)
	}
}

func (w *World) failRequest(now sim.Time, id uint32, c *conn, status trace.Status) {
	w.endRequest(now, id, c, status, 0)
	w.clientOf(id).onEnded(now, id)
}

func (w *World) endRequest(now sim.Time, id uint32, c *conn, status trace.Status, bytes int64) {
	r := w.requests.at(id)
	r.ended, r.status = true, status
	conn := uint32(0)
	if c != nil {
		conn = c.id
	}
	w.record(trace.Record{Kind: trace.RequestDone, Flags: uint16(status), Actor: r.client, Conn: conn, Req: id,
		Len: uint32(min(bytes, 1<<32-1)), A: int64(r.attempts)})
}

// onEnded lets the workload go on; a client with nothing left to do closes its connections and is gone.
func (cl *client) onEnded(now sim.Time, id uint32) {
	cl.open--
	if cl.actor == trace.Proxy {
		cl.w.proxy.onEnded(now, id)
		return
	}
	cl.plan.onEnded(now, id)
	cl.leaveIfDone(now)
}

func (cl *client) leaveIfDone(now sim.Time) {
	if cl.gone || cl.open > 0 || !cl.plan.done() {
		return
	}
	cl.w.open--
	cl.leave(now)
	if p := cl.w.proxy; p != nil && cl.w.open == 0 {
		p.back.leave(now)
	}
}

// leave closes all idle connections, as a process that exits.
func (cl *client) leave(now sim.Time) {
	cl.gone = true
	for i := range cl.origins {
		o := &cl.origins[i]
		for len(o.idle) > 0 {
			o.closeIdle(now, cl.w.conns[o.idle[0]])
		}
	}
}

// clientDone notes that the client's end of c is over: its port is free, or in TIME_WAIT.
func (w *World) clientDone(now sim.Time, c *conn) {
	if c.use != closing {
		c.origin.forget(c)
	}
	c.client.ports.give(now, c.ends[clientSide].tcp.State() == tcp.TimeWait)
	w.recordPool(now, c.client)
}
