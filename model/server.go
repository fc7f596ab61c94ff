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
	half    half  // its place in the SYN queue
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
	leg     *leg
	cfg     *ServerConfig
	at      uint32 // its place in World.servers
	actor   uint32
	half    int     // SYN queue: half-open connections
	young   int     // of them those whose SYN-ACK was sent once
	proxy   *proxy  // whose front it is; nil: it answers itself
	dealt   int     // connections that clients hold to it
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

func (s *server) init(l *leg, cfg *ServerConfig, actor uint32) {
	s.w, s.leg, s.cfg, s.actor = l.w, l, cfg, actor
	n := max(cfg.CPUs, 1)
	if !cfg.ThreadPerConnection {
		n = max(min(n, cfg.Workers), 1)
	}
	s.cores = make([]coreJob, n)
	s.waits.init(0, 60*sim.Second) // TCP_TIMEWAIT_LEN
}

// onSignal is what the kernel tells the server.
func (s *server) onSignal(now sim.Time, c *conn, sig tcp.Signal) {
	sc := &c.serverReq
	came := sig&tcp.Data != 0 && s.arrived(now, c)
	if sig&(tcp.Opened|tcp.Done) != 0 {
		s.leaveSYNQueue(sc)
	}
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
	d := s.cfg.KeepAliveTimeout
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
		if r := s.w.requests.at(id); r.stage == wanted && r.conn == c.id {
			s.begin(now, c, id)
			i = -1 // it may have been answered meanwhile
		}
	}
}

// parallel tells whether the server works on several requests of a connection at the same time.
func (s *server) parallel() bool {
	return (s.leg.http.Parallel || s.leg.http.H2) && !s.cfg.ThreadPerConnection
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
	r := w.begin(now, trace.ServerQueued, c.server.actor, id, c)
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
	s.w.wake(now, s.cfg.Wake, evServerWake, c, id)
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
	if r.conn != c.id {
		s.answer(now, c, id)
		return
	}
	r.stage = pausing
	s.w.recordServer(now, trace.ServerWaiting, id, c)
	if s.proxy != nil {
		s.proxy.forward(now, c, id)
		return
	}
	s.w.wake(now, s.pauseOf(r.item), evAnswer, c, id)
}

// answer is ready: it is written, and those behind it that were ready before, unless it must wait itself.
func (s *server) answer(now sim.Time, c *conn, id uint32) {
	w, sc := s.w, &c.serverReq
	if r := w.requests.at(id); r.conn == c.id { // else its client has sent it again elsewhere
		r.stage = ready
	}
	sc.inWork--
	if sc.inWork == 0 {
		s.work--
	}
	if sc.phase != kept {
		return // nobody waits for it any more
	}
	if c.isH2() && w.requests.at(id).conn == c.id {
		s.respond(now, c, id)
	}
	for c.up.Len() > 0 && sc.phase == kept && w.answers(c, c.up.Head()) {
		head, _ := c.up.Complete(c.ends[serverSide].tcp.Received())
		s.respond(now, c, head)
	}
	if sc.phase == kept {
		s.next(now, c)
	}
}

// answers tells whether the answer to a request can be written to c.
func (w *World) answers(c *conn, id uint32) bool {
	r := w.requests.at(id)
	return r.stage == ready && r.conn == c.id
}

// respond writes a response and decides whether the connection is kept.
func (s *server) respond(now sim.Time, c *conn, id uint32) {
	w, l, sc := s.w, s.leg, &c.serverReq
	q := w.requests.at(id)
	sc.served++
	if q.status != trace.OK && !c.isH2() { // the client was promised another answer
		n := l.answerBytes(q)
		c.down.Resize(id, l.tls.Wrapped(n), l.tls.FirstRecord(n))
	}
	closes := !l.keeps(s, int(sc.served))
	n := l.tls.Wrapped(l.answerBytes(q))
	r := w.begin(now, trace.ServerWrote, s.actor, id, c)
	r.Len, r.A, r.B = uint32(min(n, 1<<32-1)), int64(q.cpu), int64(s.pauseOf(q.item))
	if s.proxy != nil {
		r.B = 0
	}
	w.hand()
	if l.http.KeepAliveHeader && !closes {
		c.hinted = s.cfg.KeepAliveTimeout > 0
	}
	if c.isH2() {
		w.respondH2(now, c, q, closes)
		return
	}
	shut := closes && !(l.http.ClientCloses && !l.http.Persistent)
	if head := int64(l.http.ResponseHeaders); l.http.HeaderApart && head < n {
		w.write(now, c, serverSide, head, false)
		n -= head
	}
	if shut {
		n += l.tls.CloseNotify()
	}
	w.write(now, c, serverSide, n, shut)
	if shut {
		s.close(now, c)
	}
}

func (s *server) pauseOf(item *Item) sim.Time {
	if item.Time < 0 {
		return s.cfg.Time
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
	if s.cfg.ThreadPerConnection {
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
	w.record(trace.Record{Kind: trace.TimerFired, Flags: trace.TimerServerIdle, Actor: c.server.actor, Conn: c.id})
	c.server.close(now, c)
}
