package model

import (
	"slices"

	"keepalive/model/trace"
	"keepalive/sim"
)

// pump gives waiting requests what they need: an idle connection, or a new one. Unless the client binds early, a request
// is not tied to the connection that was opened for it: the oldest takes the first that is free.
func (o *origin) pump(now sim.Time) {
	cl := o.client
	if cl.leg.client.IdleOnRequest {
		cl.sweep(now)
	}
	if o.waiting.len() == 0 {
		return
	}
	if o.resolved != resolved {
		o.resolve(now)
		return
	}
	for o.waiting.len() > 0 {
		c := o.reusable(now)
		if c == nil {
			break
		}
		o.unidle(c)
		o.fill(now, c)
	}
	most := cl.leg.connections()
	for o.unserved() > 0 && (most == 0 || int(o.total) < most) && o.room(now) {
		o.open(now)
	}
	for o.waiting.len() > 0 {
		c := o.roomiest(now)
		if c == nil {
			return
		}
		o.bind(now, c, o.waiting.pop())
	}
}

// unserved counts the waiting requests for which no connection is being opened.
func (o *origin) unserved() int {
	if o.client.leg.client.Early {
		return o.waiting.len()
	}
	return o.waiting.len() - int(o.opening)
}

// room tells whether another connection is within the limit of all hosts together. An idle one to another host is closed
// to make room (Chromium's CloseOneIdleSocketExceptInGroup); without any, the pool has stalled.
func (o *origin) room(now sim.Time) bool {
	cl, most := o.client, o.client.leg.client.MaxConnections
	o.stalled = false
	if most == 0 || int(cl.conns) < most {
		return true
	}
	if c := cl.longestIdle(o); c != nil {
		c.origin.closeIdle(now, c)
	}
	o.stalled = int(cl.conns) >= most
	return !o.stalled
}

// roomMade has the pools that stalled looked at again, after what goes on now.
func (cl *client) roomMade(now sim.Time) {
	if cl.leg.client.MaxConnections == 0 || cl.roomDue || cl.stalledFirst() == nil {
		return
	}
	cl.roomDue = true
	cl.w.eng.At(now, cl.w.self, evStalled, int64(cl.actor))
}

// onRoom lets the pools that stalled go on, the one with the oldest request first, until one stalls again.
func (cl *client) onRoom(now sim.Time) {
	cl.roomDue = false
	for o := cl.stalledFirst(); o != nil; o = cl.stalledFirst() {
		o.stalled = false
		o.pump(now)
		if o.stalled {
			break
		}
	}
	cl.w.recordPool(now, cl)
}

// stalledFirst is the pool that stalled with the oldest request; nil: none did.
func (cl *client) stalledFirst() *origin {
	var first *origin
	for i := range cl.origins {
		o := &cl.origins[i]
		if o.stalled && o.waiting.len() > 0 && (first == nil || *o.waiting.at(0) < *first.waiting.at(0)) {
			first = o
		}
	}
	return first
}

// connections is how many connections a client opens to a host; HTTP/2 wants one.
func (l *leg) connections() int {
	if l.http.H2 && l.http.Persistent {
		return 1
	}
	return l.client.ConnectionsPerHost
}

// depth is how many requests a connection carries at the same time.
func (l *leg) depth() int {
	switch {
	case !l.http.Persistent:
		return 1
	case l.http.H2:
		return 1 << 30 // the streams that the server allows are counted by package http2
	}
	return max(l.http.Pipelining, 1)
}

// roomiest is the connection in use that carries fewest requests, if it may carry more.
func (o *origin) roomiest(now sim.Time) *conn {
	w, depth := o.client.w, o.client.leg.depth()
	var best *conn
	for _, slot := range o.busy {
		c := w.conns[slot]
		if len(c.carried) < depth && !c.stale && !c.leaving() && !c.aged(now) && (best == nil || len(c.carried) < len(best.carried)) {
			best = c
		}
	}
	return best
}

// fill gives c as many of the waiting requests as it may carry.
func (o *origin) fill(now sim.Time, c *conn) {
	for o.waiting.len() > 0 && len(c.carried) < o.client.leg.depth() && !c.leaving() && !c.aged(now) {
		o.bind(now, c, o.waiting.pop())
	}
}

// resolve looks the host's name up, once.
func (o *origin) resolve(now sim.Time) {
	w, dns := o.client.w, o.client.leg.client.DNS
	if o.resolved == resolving {
		return
	}
	if dns == 0 {
		o.resolved = resolved
		o.pump(now)
		return
	}
	o.resolved, o.lookup = resolving, *o.waiting.at(0)
	w.record(trace.Record{Kind: trace.RequestResolving, Actor: o.client.actor, Req: o.lookup})
	w.eng.At(now+dns, w.self, evResolved, int64(o.client.actor-1)<<16|int64(o.index))
}

// open begins a new connection. Without a free port the oldest waiting request fails (EADDRNOTAVAIL).
func (o *origin) open(now sim.Time) {
	w, cl := o.client.w, o.client
	s := cl.leg.serverFor(o)
	if !o.hasRoom(now) || !cl.portsTo(s).take(now) {
		w.failRequest(now, o.waiting.pop(), nil, trace.NoPort)
		w.recordPool(now, cl)
		return
	}
	c := w.newConn(o, s)
	o.total++
	o.opening++
	cl.conns++
	if cl.leg.client.Early {
		c.owner = o.waiting.pop()
		w.requests.at(c.owner).slot = c.slot + 1
		o.owned++
	}
	w.wake(now, 0, evConnect, c, 0)
}

// disown lets the request that c was opened for wait like the others, ahead of them.
func (o *origin) disown(c *conn) {
	if c.owner == 0 {
		return
	}
	o.client.w.requests.at(c.owner).slot = 0
	o.waiting.pushFront(c.owner)
	o.owned--
	c.owner = 0
}

// connect sends the SYN.
func (w *World) connect(now sim.Time, c *conn) {
	if c.use != opening {
		return // given up meanwhile
	}
	if d := c.leg().client.ConnectTimeout; d > 0 {
		c.timer.Arm(w.eng, now+d, w.self, evClientTimer, int64(c.slot))
	}
	if w.cfg.TCP.FastOpen && c.origin.cookie { // the SYN waits for data, as TCP_FASTOPEN_CONNECT has it
		c.fast, c.deferred = true, true
		w.wake(now, c.leg().client.CPU.Connect, evOpened, c, 0)
		return
	}
	c.ends[clientSide].tcp.Connect(now)
	w.settle(now, c, clientSide)
	w.recordPool(now, c.client)
}

// onConnOpen goes on with a connection whose TCP handshake is complete.
func (w *World) onConnOpen(now sim.Time, c *conn) {
	c.opened, c.origin.cookie = now, true
	if c.leg().tls.On() && c.use == opening && !c.stale {
		w.beginTLS(now, c)
		return
	}
	w.onConnReady(now, c)
}

// onConnReady puts a connection that can carry a request to use.
func (w *World) onConnReady(now sim.Time, c *conn) {
	if c.use != opening {
		return
	}
	c.origin.opening--
	c.timer.Disarm()
	if c.stale { // closed again before it was of use
		c.origin.disown(c)
		c.origin.forget(c)
		c.origin.pump(now)
		return
	}
	w.beginH2(now, c)
	c.origin.release(now, c)
	w.recordPool(now, c.client)
}

// release gives a free connection to the request that it was opened for or to the oldest one that waits, or keeps it idle.
func (o *origin) release(now sim.Time, c *conn) {
	w := o.client.w
	o.disown(c)
	if c.leaving() || c.aged(now) {
		o.forget(c)
		w.shut(now, c, clientSide)
		o.pump(now)
		return
	}
	if o.waiting.len() > 0 {
		o.fill(now, c)
		return
	}
	if c.deferred { // nothing to send: it was never opened
		o.forget(c)
		w.shut(now, c, clientSide)
		return
	}
	o.keep(now, c)
}

// bind ties a request to c and sends it.
func (o *origin) bind(now sim.Time, c *conn, id uint32) {
	w := o.client.w
	flags := uint16(0)
	if c.used > 0 {
		flags = trace.Reused
	}
	c.timer.Disarm()
	if c.use != busy || len(c.carried) == 0 {
		c.use = busy
		o.occupy(c)
	}
	w.takeLoad(c)
	c.carried = append(c.carried, id)
	c.toSend = append(c.toSend, id)
	c.req = c.carried[0]
	c.used++
	r := w.requests.at(id)
	r.attempts++
	r.stage, r.status, r.conn, r.slot = wanted, trace.OK, c.id, c.slot+1
	w.record(trace.Record{Kind: trace.RequestBound, Flags: flags, Actor: o.client.actor, Conn: c.id, Req: id,
		A: int64(c.began), B: int64(c.opened)})
	w.recordPool(now, o.client)
	w.wake(now, o.client.leg.client.CPU.Request, evSend, c, id)
}

// occupy and vacate keep the list of connections that more requests may share.
func (o *origin) occupy(c *conn) {
	if o.client.leg.depth() > 1 && !slices.Contains(o.busy, c.slot) {
		o.busy = append(o.busy, c.slot)
	}
}

func (o *origin) vacate(c *conn) {
	if i := slices.Index(o.busy, c.slot); i >= 0 {
		o.busy = slices.Delete(o.busy, i, i+1)
	}
}

// forget takes c out of the pool: it carries no more requests.
func (o *origin) forget(c *conn) {
	if c.use == closing || c.use == unused {
		return
	}
	o.vacate(c)
	c.use = closing
	c.timer.Disarm()
	o.total--
	o.client.conns--
	c.server.dealt--
	o.freed()
	o.client.roomMade(o.client.w.eng.Now())
}

// failOpening gives up a connection that could not be opened. The request that it was opened for, or the oldest for which
// no other connection is under way, has failed with it. Nothing of it was sent, so its method is of no concern; yet browsers
// and Go give up, and only who tries always tries again.
func (o *origin) failOpening(now sim.Time, c *conn, status trace.Status) {
	w := o.client.w
	o.opening--
	owned := c.owner != 0
	o.disown(c)
	o.forget(c)
	if owned || o.unserved() > 0 {
		id := o.waiting.pop()
		w.requests.at(id).attempts++
		if w.mayRetry(id, false) {
			w.retry(now, id)
		} else {
			w.failRequest(now, id, c, status)
		}
	}
	o.pump(now)
	w.recordPool(now, o.client)
}

// onClientTimer gives up a connection that took too long to open, or was idle for too long.
func (w *World) onClientTimer(now sim.Time, c *conn) {
	if !c.timer.Fired(w.eng, now, w.self, evClientTimer, int64(c.slot)) {
		return
	}
	switch c.use {
	case opening:
		w.recordTimer(trace.TimerConnect, c.client.actor, c.id, 0)
		c.stale = true
		w.shut(now, c, clientSide)
		c.origin.failOpening(now, c, trace.Timeout)
		w.retire(c)
	case idle:
		w.recordTimer(trace.TimerClientIdle, c.client.actor, c.id, 0)
		c.origin.closeIdle(now, c)
	case unused, busy, closing:
	}
}
