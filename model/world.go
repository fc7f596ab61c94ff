package model

import (
	"keepalive/model/http2"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// World is one run.
type World struct {
	cfg  Config
	eng  *sim.Engine
	sink trace.Sink

	chrome, nginx http2.Config // the ends of HTTP/2

	self sim.ID

	pipes    []*pipe // up, down; or such a pair per client; leg by leg
	legs     []*leg  // from the clients on
	clients  []client
	proxy    *proxy // nil: there is none
	servers  []*server
	conns    []*conn // by slot
	noLoad   load    // that of idle connections
	loads    []*load // not in use
	spare    []conn  // for slots to come
	freeSlot []int32
	requests requests

	out     tcp.Outbox
	cause   trace.Cause // what is being handled
	causeBy uint32      // the packet, if cause is a packet
	pkts    uint32
	label   uint32 // request that the packet under way to a pipe belongs to
	open    int    // clients that have something to do

	arrivals arrivals
	jitter   sim.Rand // of the times before a request is sent again

	batch    trace.Batch // the sink, if it can take many records at once
	recorded uint        // records in recs, which the sink has not had yet
	recs     [32]trace.Record
}

// The kinds of events that the World itself receives.
const (
	evTCP uint32 = iota // arg: slot<<1 | side
	evServerIdle
	evClientTimer
	evStart    // arg: client
	evLeave    // arg: client: it has stayed long enough
	evNext     // arg: client: its next step is due
	evResolved // arg: client<<16 | origin
	evConnect  // arg: slot
	evOpened
	evSecure // arg: slot: the client has worked on TLS
	evSend
	evTrickle
	evRead
	evArrival
	evDeadline   // arg: leg
	evRetry      // arg: request
	evStalled    // arg: actor: its pools that stalled may go on
	evCore       // arg: server<<32 | core
	evAnswer     // arg: request<<32 | slot
	evServerWake // arg: request<<32 | slot; request 0: the connection itself
	evRoom       // the proxy has room for connections again
	evAccept     // arg: server: accept is tried again
)

// socketLow is how many unsent bytes HTTP/2 keeps in a socket: few, so that what is urgent need not wait (a socket's
// TCP_NOTSENT_LOWAT as servers set it).
const socketLow = 64 << 10

// New makes a run ready to start. A nil sink is fine.
func New(cfg Config, sink trace.Sink) *World {
	if cfg.Timer < 1 {
		cfg.Timer = 1
	}
	cfg.TCP.Tick = cfg.Timer
	w := &World{cfg: cfg, eng: sim.New(cfg.Limits), sink: sink}
	if sink == nil {
		w.sink = trace.Sinks{}
	}
	w.batch, _ = w.sink.(trace.Batch)
	w.self = w.eng.Add(w)
	w.jitter = sim.Stream(cfg.Seed, "backoff")
	w.chrome, w.nginx = http2.Chrome(), http2.Nginx()
	w.chrome.LowWater, w.nginx.LowWater = socketLow, socketLow
	if cfg.Proxy != nil {
		w.cfg.Proxy = cfg.Proxy.alone()
	}
	c := &w.cfg
	front := &leg{link: &c.Link, tls: &c.TLS, http: &c.HTTP, client: &c.Client}
	if c.Proxy == nil {
		w.addLeg(front, &c.Server)
	} else {
		w.addLeg(front, &c.Proxy.Server)
		w.addProxy(c.Proxy, &c.Server)
	}
	w.initClients()
	return w
}

func (w *World) newPipe(g *leg, interrupt sim.Time, down bool, actor uint32) *pipe {
	l := g.link
	p := &pipe{w: w, to: serverSide, queue: l.Queue}
	name := "loss/up"
	p.wire, p.delay, p.loss, p.drops, p.interrupt = newWire(l.Up), l.RTT/2, l.LossUp, l.DropUp, interrupt
	if down {
		name = "loss/down"
		p.to, p.flags = clientSide, trace.Down
		p.wire, p.delay, p.loss, p.drops, p.interrupt = newWire(l.Down), l.RTT-l.RTT/2, l.LossDown, l.DropDown, g.client.Interrupt
	}
	p.disturb(g, w.cfg.Seed+uint64(actor)<<32, down)
	p.risky = p.loss > 0 || len(p.drops) > 0 || p.burst.enter > 0
	if g.mark != 0 {
		name = "behind/" + name
	}
	if actor > 1 {
		name += string(rune('0' + actor%10)) // each client's own luck
	}
	p.luck = sim.Stream(w.cfg.Seed+uint64(actor)<<32, name)
	p.id = w.eng.Add(p)
	return p
}

// Engine is the engine that runs w.
func (w *World) Engine() *sim.Engine { return w.eng }

// Run goes on until nothing is left to do, or until a limit stops it.
func (w *World) Run() error { return w.RunUntil(sim.Never) }

// RunUntil handles everything up to and including t.
func (w *World) RunUntil(t sim.Time) error {
	err := w.eng.Run(t)
	if w.over() {
		err = nil // the rest of the queue are timers that were disarmed
	}
	if err != nil {
		w.record(trace.Record{Kind: trace.Stopped, Flags: stopOf(err)})
	}
	w.Flush()
	return err
}

// over tells whether all clients have gone and no connection is left.
func (w *World) over() bool { return w.open == 0 && len(w.freeSlot) == len(w.conns) }

// Step handles one event and reports whether there was one. The Sink has its records some Steps later, or after Flush.
func (w *World) Step() bool {
	if w.eng.Step() {
		return true
	}
	w.Flush()
	return false
}

// OnEvent implements sim.Receiver.
func (w *World) OnEvent(now sim.Time, kind uint32, arg int64) {
	w.cause, w.causeBy = trace.CauseApp, 0
	switch kind {
	case evTCP:
		w.onTCPTimer(now, w.conns[arg>>1], side(arg&1))
	case evServerIdle:
		w.onServerIdle(now, w.conns[arg])
	case evClientTimer:
		w.onClientTimer(now, w.conns[arg])
	case evLeave:
		w.clients[arg].depart(now)
	case evStart, evNext:
		w.clients[arg].advance(now)
	case evResolved:
		w.onResolved(now, w.client(uint32(arg>>16)+1), int(arg&0xffff))
	case evArrival:
		w.onArrival(now)
	case evDeadline:
		w.onDeadline(now, w.legs[arg])
	case evRetry:
		w.onRetry(now, uint32(arg))
	case evStalled:
		w.client(uint32(arg)).onRoom(now)
	case evCore:
		w.servers[arg>>32].onCore(now, int(uint32(arg)))
	case evRoom:
		w.proxy.front.accept(now)
	case evAccept:
		w.servers[arg].acceptAgain(now)
	default:
		w.onProgram(now, kind, w.conns[uint32(arg)], uint32(arg>>32))
	}
}

// onProgram handles what a client's or the server's program does with a connection, or with a request on it, after a delay.
func (w *World) onProgram(now sim.Time, kind uint32, c *conn, req uint32) {
	c.awaited--
	switch kind {
	case evConnect:
		w.connect(now, c)
	case evOpened:
		w.onConnOpen(now, c)
	case evSecure:
		w.sendFlight(now, c)
	case evSend:
		w.sendRequest(now, c)
	case evTrickle:
		w.writePart(now, c, req)
	case evRead:
		w.onResponseRead(now, c)
	case evServerWake:
		c.server.onWake(now, c, req)
	case evAnswer:
		c.server.answer(now, c, req)
	default:
		panic("model: unknown event")
	}
	w.retire(c)
}

// deliver hands a packet that arrived to the endpoint it is for.
func (w *World) deliver(now sim.Time, to side, f *flight) {
	c := w.conns[f.slot]
	c.flying--
	w.cause, w.causeBy = trace.CausePacket, f.pkt
	if to == serverSide && c.ends[to].tcp.State() <= tcp.SynReceived && !c.server.admits(now, c, &f.seg) {
		w.retire(c)
		return
	}
	e := &c.ends[to]
	sig := e.tcp.OnSegment(now, &f.seg)
	w.settle(now, c, to)
	if sig != tcp.Data || to == serverSide || e.tcp.Received() >= c.quiet { // else the client's program has nothing to do yet
		w.signal(now, c, to, sig)
	}
	if c.isH2() && c.use != opening {
		w.pumpH2(now, c, to)
	}
	w.retire(c)
}
