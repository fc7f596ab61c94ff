package model

import (
	"slices"

	"keepalive/model/trace"
	"keepalive/sim"
)

// pump gives waiting requests what they need: an idle connection, or a new one. A request is not tied to the
// connection that was opened for it: the oldest takes the first that is free.
func (o *origin) pump(now sim.Time) {
	w, l := o.client.w, o.client.leg
	if len(o.waiting) == 0 {
		return
	}
	if o.resolved != resolved {
		o.resolve(now)
		return
	}
	for len(o.waiting) > 0 && len(o.idle) > 0 {
		c := w.conns[o.idle[len(o.idle)-1]]
		o.unidle(c)
		o.fill(now, c)
	}
	most := l.connections()
	for o.opening < len(o.waiting) && (most == 0 || o.total < most) {
		if !o.open(now) {
			return
		}
	}
	for len(o.waiting) > 0 {
		c := o.roomiest()
		if c == nil {
			return
		}
		o.bind(now, c)
	}
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
func (o *origin) roomiest() *conn {
	w, depth := o.client.w, o.client.leg.depth()
	var best *conn
	for _, slot := range o.busy {
		c := w.conns[slot]
		if len(c.carried) < depth && !c.stale && !c.leaving() && (best == nil || len(c.carried) < len(best.carried)) {
			best = c
		}
	}
	return best
}

// fill gives c as many of the waiting requests as it may carry.
func (o *origin) fill(now sim.Time, c *conn) {
	for len(o.waiting) > 0 && len(c.carried) < o.client.leg.depth() && !c.leaving() {
		o.bind(now, c)
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
	o.resolved = resolving
	w.record(trace.Record{Kind: trace.RequestResolving, Actor: o.client.actor, Req: o.waiting[0]})
	w.eng.At(now+dns, w.self, evResolved, int64(o.client.actor-1)<<16|int64(o.index))
}

// open begins a new connection. Without a free port the oldest waiting request fails.
func (o *origin) open(now sim.Time) bool {
	w := o.client.w
	if !o.hasRoom(now) || !o.client.ports.take(now) {
		id := o.waiting[0]
		o.waiting = append(o.waiting[:0], o.waiting[1:]...)
		w.failRequest(now, id, nil, trace.NoPort)
		return false
	}
	c := w.newConn(o)
	o.total++
	o.opening++
	o.client.conns++
	w.wake(now, 0, evConnect, c, 0)
	return true
}

// connect sends the SYN.
func (w *World) connect(now sim.Time, c *conn) {
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
	if c.stale { // closed again before it was of use
		c.origin.forget(c)
		c.origin.pump(now)
		return
	}
	w.beginH2(now, c)
	c.origin.release(now, c)
	w.recordPool(now, c.client)
}

// release gives a free connection to the oldest waiting request, or keeps it idle.
func (o *origin) release(now sim.Time, c *conn) {
	w := o.client.w
	if c.leaving() {
		o.forget(c)
		w.shut(now, c, clientSide)
		o.pump(now)
		return
	}
	if len(o.waiting) > 0 {
		o.fill(now, c)
		return
	}
	if c.deferred { // nothing to send: it was never opened
		o.forget(c)
		o.client.ports.give(now, false)
		return
	}
	o.vacate(c)
	c.use = idle
	w.giveLoad(c)
	o.idle = append(o.idle, c.slot)
	if len(o.idle) > o.client.leg.client.MaxIdle || o.client.gone {
		o.closeIdle(now, w.conns[o.idle[0]])
		return
	}
	if d := c.idleLimit(); d > 0 {
		c.idle.Arm(w.eng, now+d, w.self, evClientIdle, int64(c.slot))
	}
}

// idleLimit is how long the client keeps c idle; 0: for ever.
func (c *conn) idleLimit() sim.Time {
	cfg := c.leg().client
	d := cfg.IdleTimeout
	if cfg.HonourHint && c.hinted && c.used > 0 {
		h := max(c.server.cfg.KeepAliveTimeout-cfg.HintMargin, 1)
		if d == 0 || h < d {
			d = h
		}
	}
	return d
}

// bind ties the oldest waiting request to c and sends it.
func (o *origin) bind(now sim.Time, c *conn) {
	w := o.client.w
	id := o.waiting[0]
	o.waiting = append(o.waiting[:0], o.waiting[1:]...)
	flags := uint16(0)
	if c.used > 0 {
		flags = trace.Reused
	}
	c.idle.Disarm()
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
	r.stage, r.status, r.conn = wanted, trace.OK, c.id
	w.record(trace.Record{Kind: trace.RequestBound, Flags: flags, Actor: o.client.actor, Conn: c.id, Req: id,
		A: int64(c.began), B: int64(c.opened)})
	w.recordPool(now, o.client)
	w.wake(now, o.client.leg.client.CPU.Request, evSend, c, id)
}

// unidle takes c out of the idle list.
func (o *origin) unidle(c *conn) {
	for i, s := range o.idle {
		if s == c.slot {
			o.idle = append(o.idle[:i], o.idle[i+1:]...)
			break
		}
	}
	c.idle.Disarm()
	c.use = busy
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
	c.idle.Disarm()
	o.total--
	o.client.conns--
	c.server.dealt--
	o.freed()
}

// failOpening ends the oldest waiting request for which no other connection is under way.
func (o *origin) failOpening(now sim.Time, c *conn, status trace.Status) {
	o.forget(c)
	if len(o.waiting) > o.opening && o.total == o.opening {
		id := o.waiting[0]
		o.waiting = append(o.waiting[:0], o.waiting[1:]...)
		o.client.w.requests.at(id).attempts++
		o.client.w.failRequest(now, id, c, status)
	}
	o.pump(now)
}

func (o *origin) closeIdle(now sim.Time, c *conn) {
	o.unidle(c)
	o.forget(c)
	o.client.w.shut(now, c, clientSide)
	o.client.w.recordPool(now, o.client)
}

func (w *World) onClientIdle(now sim.Time, c *conn) {
	if !c.idle.Fired(w.eng, now, w.self, evClientIdle, int64(c.slot)) || c.use != idle {
		return
	}
	w.record(trace.Record{Kind: trace.TimerFired, Flags: trace.TimerClientIdle, Actor: c.client.actor, Conn: c.id})
	c.origin.closeIdle(now, c)
}

// portBook counts a client's ephemeral ports: one per connection, and one per socket in TIME_WAIT until it expires.
type portBook struct {
	free     int
	timeWait sim.Time
	expiry   []sim.Time // of sockets in TIME_WAIT, in order
}

func (b *portBook) init(ports int, timeWait sim.Time) { b.free, b.timeWait = ports, timeWait }

func (b *portBook) take(now sim.Time) bool {
	b.expire(now)
	if b.free == 0 {
		return false
	}
	b.free--
	return true
}

func (b *portBook) give(now sim.Time, timeWait bool) {
	if !timeWait {
		b.free++
		return
	}
	b.expiry = append(b.expiry, now+b.timeWait)
}

func (b *portBook) expire(now sim.Time) {
	n := 0
	for n < len(b.expiry) && b.expiry[n] <= now {
		n++
	}
	if n > 0 {
		b.expiry = append(b.expiry[:0], b.expiry[n:]...)
		b.free += n
	}
}

func (b *portBook) waiting(now sim.Time) int {
	b.expire(now)
	return len(b.expiry)
}
