package model

import (
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// serverConn is what the server's program knows of a connection.
type serverConn struct {
	phase   servePhase
	eof     bool  // the client has sent its FIN
	tickets bool  // the TLS tickets have been sent
	inWork  int32 // requests queued, on a core, or waiting
	served  int32 // requests answered
	timer   sim.Timer
}

// servePhase is what the server's program does with a connection.
type servePhase uint8

const (
	unseen    servePhase = iota // not accepted: still in the kernel
	backlog                     // in the accept queue
	accepting                   // its accept waits for a core
	kept                        // accepted
	securing                    // its TLS flight waits for a core
	ending                      // its close waits for a core
	finished
)

// stage is how far the server is with a request.
type stage uint8

const (
	wanted  stage = iota // not taken up
	queued               // waits for a core, or is on one
	pausing              // waits for something that is not the CPU
	ready                // its answer waits for those ahead of it
)

// pins tells whether the program still holds the connection.
func (s *serverConn) pins() bool { return s.phase != unseen && s.phase != finished || s.inWork > 0 }

// server is the program behind the listening socket, and its host.
type server struct {
	w       *World
	backlog []int32 // accept queue: slots
	open    int     // accepted and not closed
	work    int     // of them with requests in work
	workers int     // thread per connection: pinned
	cores   []coreJob
	busy    int
	runq    []job
	cpu     sim.Time
	sockets int // connections the kernel knows, for memory
	waits   portBook
	toldA   int64 // what the trace was told last of the connections
	toldB   int64
}

// firstRequestTimeout is how long a new connection may stay without a request: nginx's client_header_timeout.
const firstRequestTimeout = 60 * sim.Second

// job is work for a core.
type job struct {
	slot int32
	kind jobKind
	req  uint32
}

type jobKind uint8

const (
	acceptJob jobKind = iota
	requestJob
	tlsJob
	closeJob
)

type coreJob struct {
	job
	busy bool
}

func (s *server) init(w *World) {
	s.w = w
	cfg := &w.cfg.Server
	n := max(cfg.CPUs, 1)
	if !cfg.ThreadPerConnection {
		n = max(min(n, cfg.Workers), 1)
	}
	s.cores = make([]coreJob, n)
	s.waits.init(0, 60*sim.Second) // TCP_TIMEWAIT_LEN
}

// crowded tells whether the accept queue is full.
func (s *server) crowded() bool { return len(s.backlog) > s.w.cfg.Server.Backlog }

// admits decides whether the kernel takes a segment at all: with a full accept queue it ignores SYNs and final ACKs.
func (s *server) admits(now sim.Time, c *conn, seg *tcp.Segment) bool {
	switch c.ends[serverSide].tcp.State() {
	case tcp.Listen:
		if !seg.Has(tcp.SYN) {
			return true
		}
		s.w.record(trace.Record{Kind: trace.BacklogDrop, Actor: trace.Server(0), Conn: c.id})
		return false
	case tcp.SynReceived:
		if seg.Has(tcp.RST) || seg.Has(tcp.SYN) {
			return true
		}
		s.w.record(trace.Record{Kind: trace.BacklogDrop, Flags: 1, Actor: trace.Server(0), Conn: c.id})
		return false
	}
	return true
}

// onSignal is what the kernel tells the server.
func (s *server) onSignal(now sim.Time, c *conn, sig tcp.Signal) {
	sc := &c.serverReq
	came := sig&tcp.Data != 0 && s.arrived(now, c)
	if sig&tcp.Opened != 0 {
		sc.phase = backlog
		s.backlog = append(s.backlog, c.slot)
		s.sockets++
		s.accept(now)
	}
	if sig&tcp.Data != 0 && sc.phase == kept && (came || !c.secure[serverSide].Done()) {
		s.next(now, c)
	}
	if sig&tcp.EndOfFile != 0 {
		sc.eof = true
		if sc.phase == kept && sc.inWork == 0 {
			s.close(now, c)
		}
	}
	if sig&(tcp.Aborted|tcp.TimedOut) != 0 {
		sc.eof = true
		if sc.phase == kept && sc.inWork == 0 {
			s.end(now, c)
		}
	}
	if sig&tcp.Done != 0 && sc.phase != unseen {
		s.sockets--
		if c.ends[serverSide].tcp.State() == tcp.TimeWait {
			s.waits.give(now, true)
		}
		s.recordMemory(now)
	}
	s.recordConns()
}

// accept takes connections from the queue while there is a worker, or a slot, for them.
func (s *server) accept(now sim.Time) {
	cfg := &s.w.cfg.Server
	for len(s.backlog) > 0 && (cfg.MaxConnections == 0 || s.open < cfg.MaxConnections) {
		if cfg.ThreadPerConnection {
			if s.workers == cfg.Workers {
				return
			}
			s.workers++
		}
		c := s.w.conns[s.backlog[0]]
		s.backlog = append(s.backlog[:0], s.backlog[1:]...)
		s.open++
		c.serverReq.phase = accepting
		s.w.wake(now, cfg.Wake, evServerWake, c, 0)
	}
}

// onWake goes on with what the delay of a wake-up held back.
func (s *server) onWake(now sim.Time, c *conn, req uint32) {
	switch {
	case req != 0:
		s.submit(now, job{c.slot, requestJob, req})
	case c.serverReq.phase == accepting:
		s.submit(now, job{c.slot, acceptJob, 0})
	case c.serverReq.phase == securing:
		s.submit(now, job{c.slot, tlsJob, 0})
	default:
		panic("model: the server woke up for nothing")
	}
}

// accepted ends an accept: the connection waits for its first request, or has it already.
func (s *server) accepted(now sim.Time, c *conn) {
	c.serverReq.phase = kept
	s.recordMemory(now)
	s.next(now, c)
}

// next looks whether a kept connection has a request, or has ended; else it may idle.
func (s *server) next(now sim.Time, c *conn) {
	sc := &c.serverReq
	if !c.secure[serverSide].Done() && s.handshake(now, c) {
		return
	}
	s.takeUp(now, c)
	if sc.inWork > 0 || sc.phase != kept {
		return
	}
	if sc.eof {
		s.close(now, c)
		return
	}
	d := s.w.cfg.Server.KeepAliveTimeout
	if sc.served == 0 {
		d = firstRequestTimeout
	}
	if d > 0 {
		sc.timer.Arm(s.w.eng, now+d, s.w.self, evServerIdle, int64(c.slot))
	}
	s.recordConns()
}

// takeUp begins the requests that have come: the oldest, or all where the server works on several at the same time.
func (s *server) takeUp(now sim.Time, c *conn) {
	if c.isH2() {
		s.takeUpStreams(now, c)
		return
	}
	received := c.ends[serverSide].tcp.Received()
	for i := 0; i < c.up.Len() && c.serverReq.phase == kept; i++ {
		id, end := c.up.At(i)
		if received < end || c.serverReq.inWork > 0 && !s.parallel() {
			return
		}
		if s.w.requests.at(id).stage == wanted {
			s.begin(now, c, id)
			i = -1 // it may have been answered meanwhile
		}
	}
}

// parallel tells whether the server works on several requests of a connection at the same time.
func (s *server) parallel() bool {
	return (s.w.cfg.HTTP.Parallel || s.w.cfg.HTTP.H2) && !s.w.cfg.Server.ThreadPerConnection
}

// arrived notes the requests that are complete now, and tells whether there may be any.
func (s *server) arrived(now sim.Time, c *conn) (came bool) {
	if c.isH2() {
		s.w.readRequests(now, c)
		return true
	}
	received := c.ends[serverSide].tcp.Received()
	for id, ok := c.up.Whole(received); ok; id, ok = c.up.Whole(received) {
		s.w.recordArrived(now, c, id)
		came = true
	}
	return came
}

// recordArrived tells the trace that the server's host holds all of a request.
func (w *World) recordArrived(now sim.Time, c *conn, id uint32) {
	r := w.begin(now, trace.ServerQueued, trace.Server(0), id, c)
	r.Pkt = w.causeBy
	w.hand()
}

// begin queues a request for a core.
func (s *server) begin(now sim.Time, c *conn, id uint32) {
	sc := &c.serverReq
	sc.timer.Disarm()
	if sc.inWork == 0 {
		s.work++
	}
	sc.inWork++
	s.w.requests.at(id).stage = queued
	s.w.wake(now, s.w.cfg.Server.Wake, evServerWake, c, id)
}

// submit gives a job to a free core, or lets it wait.
func (s *server) submit(now sim.Time, j job) {
	if s.busy == len(s.cores) {
		s.runq = append(s.runq, j)
		s.recordLoad()
		return
	}
	for i := range s.cores {
		if !s.cores[i].busy {
			s.run(now, i, j)
			return
		}
	}
}

// run puts a job on a core.
func (s *server) run(now sim.Time, core int, j job) {
	c := s.w.conns[j.slot]
	cost := s.cost(j.kind, c)
	if j.kind == requestJob {
		s.w.requests.at(j.req).cpu = cost
		s.w.recordServer(now, trace.ServerBegin, j.req, c)
	}
	s.cpu += cost
	if cost == 0 {
		s.done(now, j)
		return
	}
	s.cores[core] = coreJob{job: j, busy: true}
	s.busy++
	s.recordLoad()
	s.w.eng.At(now+cost, s.w.self, evCore, int64(core))
}

func (s *server) cost(k jobKind, c *conn) sim.Time {
	cpu := &s.w.cfg.Server.CPU
	switch k {
	case acceptJob:
		return cpu.Accept
	case tlsJob:
		return s.flightCost(c)
	case requestJob:
		return cpu.Request
	case closeJob:
	}
	return cpu.Close
}

// onCore ends the job of a core and gives it the next.
func (s *server) onCore(now sim.Time, core int) {
	j := s.cores[core].job
	s.cores[core].busy = false
	s.busy--
	s.done(now, j)
	for len(s.runq) > 0 && !s.cores[core].busy {
		next := s.runq[0]
		s.runq = append(s.runq[:0], s.runq[1:]...)
		s.run(now, core, next)
	}
	s.recordLoad()
}

// done carries out what a job was for.
func (s *server) done(now sim.Time, j job) {
	c := s.w.conns[j.slot]
	switch j.kind {
	case acceptJob:
		s.accepted(now, c)
	case tlsJob:
		s.flight(now, c)
	case requestJob:
		s.pause(now, c, j.req)
	case closeJob:
		s.w.shut(now, c, serverSide)
		s.end(now, c)
	}
}

// pause waits for what the request needs besides the CPU.
func (s *server) pause(now sim.Time, c *conn, id uint32) {
	r := s.w.requests.at(id)
	r.stage = pausing
	s.w.recordServer(now, trace.ServerWaiting, id, c)
	s.w.wake(now, s.w.pauseOf(r.item), evAnswer, c, id)
}

// answer is ready: it is written, and those behind it that were ready before, unless it must wait itself.
func (s *server) answer(now sim.Time, c *conn, id uint32) {
	w, sc := s.w, &c.serverReq
	w.requests.at(id).stage = ready
	sc.inWork--
	if sc.inWork == 0 {
		s.work--
	}
	if sc.phase != kept {
		return // nobody waits for it any more
	}
	if c.isH2() {
		s.respond(now, c, id)
	}
	for c.up.Len() > 0 && sc.phase == kept && w.requests.at(c.up.Head()).stage == ready {
		head, _ := c.up.Complete(c.ends[serverSide].tcp.Received())
		s.respond(now, c, head)
	}
	if sc.phase == kept {
		s.next(now, c)
	}
}

// respond writes a response and decides whether the connection is kept.
func (s *server) respond(now sim.Time, c *conn, id uint32) {
	w, sc := s.w, &c.serverReq
	q := w.requests.at(id)
	sc.served++
	closes := !w.cfg.keeps(int(sc.served))
	n := w.cfg.TLS.Wrapped(w.responseBytes(q.item))
	r := w.begin(now, trace.ServerWrote, trace.Server(0), id, c)
	r.Len, r.A, r.B = uint32(min(n, 1<<32-1)), int64(q.cpu), int64(w.pauseOf(q.item))
	w.hand()
	if w.cfg.HTTP.KeepAliveHeader && !closes {
		c.hinted = w.cfg.Server.KeepAliveTimeout > 0
	}
	if c.isH2() {
		w.respondH2(now, c, q, closes)
		return
	}
	shut := closes && !(w.cfg.HTTP.ClientCloses && !w.cfg.HTTP.Persistent)
	if head := int64(w.cfg.HTTP.ResponseHeaders); w.cfg.HTTP.HeaderApart && head < n {
		w.write(now, c, serverSide, head, false)
		n -= head
	}
	if shut {
		n += w.cfg.TLS.CloseNotify()
	}
	w.write(now, c, serverSide, n, shut)
	if shut {
		s.close(now, c)
	}
}

func (w *World) pauseOf(item *Item) sim.Time {
	if item.Time < 0 {
		return w.cfg.Server.Time
	}
	return item.Time
}

// close gives the connection up: after the CPU time it takes its worker is free.
func (s *server) close(now sim.Time, c *conn) {
	c.serverReq.timer.Disarm()
	c.serverReq.phase = ending
	s.submit(now, job{c.slot, closeJob, 0})
}

// end frees what the connection held.
func (s *server) end(now sim.Time, c *conn) {
	c.serverReq.timer.Disarm()
	c.serverReq.phase = finished
	s.open--
	if s.w.cfg.Server.ThreadPerConnection {
		s.workers--
		s.recordLoad()
	}
	s.accept(now)
	s.recordConns()
	s.w.retire(c)
}

// onServerIdle closes a connection on which no request came for the keep-alive timeout.
func (w *World) onServerIdle(now sim.Time, c *conn) {
	sc := &c.serverReq
	if !sc.timer.Fired(w.eng, now, w.self, evServerIdle, int64(c.slot)) || sc.phase != kept || sc.inWork > 0 {
		return
	}
	w.cause = trace.CauseTimer
	w.record(trace.Record{Kind: trace.TimerFired, Flags: trace.TimerServerIdle, Actor: trace.Server(0), Conn: c.id})
	w.server.close(now, c)
}
