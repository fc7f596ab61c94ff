package model

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// request is one thing the workload wants.
type request struct {
	item     *Item
	client   uint32 // actor
	entry    int32  // page: index of its entry
	stream   uint32 // HTTP/2: its stream
	conn     uint32 // the connection that it was given last
	slot     int32  // slot + 1 of the connection that has it; 0: none
	attempts int32
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
	origins []origin
	ports   []portBook // by server of the leg
	plan    plan
	luck    sim.Rand
	actor   uint32
	open    int32 // requests wanted and not ended
	conns   int32 // connections open
	idle    int32 // of them idle
	done    bool  // it has had all that it wanted
	gone    bool  // and has closed its connections
	roomDue bool  // a look at the pools that wait for room is scheduled
	toldA   int64 // what the trace was told last of the pool
	toldB   int64
}

// origin is the pool of connections to one host.
type origin struct {
	client   *client
	host     string
	server   *server      // nil: its connections are dealt to all
	waiting  ring[uint32] // requests, oldest first
	busy     []int32      // slots of connections that carry requests, where more than one may share them
	idle     idleList
	index    int32
	total    int32  // opening, busy and idle connections
	opening  int32  // of them opening
	owned    int32  // requests that wait for a connection of their own
	inWork   int32  // at a proxy: requests that this server has
	lookup   uint32 // the request for which the host's name is looked up
	resolved resolution
	stalled  bool // it waits for room among the connections to all hosts
	ticket   bool // a TLS handshake has been made
	cookie   bool // a TCP handshake has been made, and with it a cookie for Fast Open
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
	l := w.front()
	books := make([]portBook, n*len(l.servers))
	for i := range w.clients {
		cl := &w.clients[i]
		*cl = client{w: w, leg: l, actor: uint32(i + 1), luck: sim.Stream(w.cfg.Seed+uint64(i+1)<<32, "think")}
		cl.ports, books = books[:len(l.servers)], books[len(l.servers):]
		cl.fillPorts()
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

// originOf is the pool that a request belongs to.
func (w *World) originOf(req uint32) *origin {
	if trace.IsBehind(req) {
		return w.proxy.originOf(req)
	}
	return w.clientOf(req).originOf(w.requests.at(req).item.Host)
}

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

// fillPorts makes all ports of all source addresses free.
func (cl *client) fillPorts() {
	cfg := cl.leg.client
	for i := range cl.ports {
		cl.ports[i].free = int32(cfg.Ports * max(cfg.Addresses, 1))
	}
}

// portsTo are the client's ports towards a server.
func (cl *client) portsTo(s *server) *portBook { return &cl.ports[s.at-cl.leg.servers[0].at] }

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
	cl.leg.limit(now, id)
	o := cl.originOf(item.Host)
	o.waiting.push(id)
	o.pump(now)
}

// onResolved goes on when a host's address is known.
func (w *World) onResolved(now sim.Time, cl *client, index int) {
	o := &cl.origins[index]
	o.resolved = resolved
	w.record(trace.Record{Kind: trace.RequestResolved, Actor: cl.actor, Req: o.lookup})
	o.pump(now)
}

// onEnded lets the workload go on; a client with nothing left to do stays for a while, closes its connections and is gone.
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
	if cl.done || cl.open > 0 || !cl.plan.done() {
		return
	}
	cl.done = true
	if stays := cl.leg.client.Stays; stays > 0 {
		cl.w.eng.At(now+stays, cl.w.self, evLeave, int64(cl.actor-1))
		return
	}
	cl.depart(now)
}

// depart closes a client's connections, and with those of the last client a proxy's.
func (cl *client) depart(now sim.Time) {
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
		for o.idle.n > 0 {
			o.closeIdle(now, cl.w.conns[o.idle.first-1])
		}
	}
}
