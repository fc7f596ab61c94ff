package model

import (
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// serverConn is what the server's program knows of a connection.
type serverConn struct {
	phase   servePhase
	eof     bool   // the client has sent its FIN
	tickets bool   // the TLS tickets have been sent
	reading bool   // a request has begun to come, and its head is not whole
	final   bool   // the answer that came last said that it is the last, though its number does not tell
	half    half   // its place in the SYN queue
	inWork  int16  // requests queued, on a core, or waiting
	served  int32  // requests answered
	since   uint32 // when it was accepted, ms
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
	lingering                   // its last answer is written and the stream ended; what still comes is read and thrown away
	ending                      // its close waits for a core
	finished
)

// stage is how far the server is with a request.
type stage uint8

const (
	wanted  stage = iota // not taken up
	queued               // waits for a worker or a core, or is on one
	pausing              // waits for something that is not the CPU
	ready                // its answer waits for those ahead of it
)

// pins tells whether the program still holds the connection.
func (s *serverConn) pins() bool { return s.phase != unseen && s.phase != finished || s.inWork > 0 }

// server is the program behind the listening socket, and its host.
type server struct {
	w         *World
	leg       *leg
	cfg       *ServerConfig
	at        uint32 // its place in World.servers
	actor     uint32
	half      int         // SYN queue: half-open connections
	young     int         // of them those whose SYN-ACK was sent once
	proxy     *proxy      // whose front it is; nil: it answers itself
	dealt     int         // connections that clients hold to it
	backlog   ring[int32] // accept queue: slots that the program has not looked at
	open      int         // taken out of the backlog and not closed
	accepting int         // of them, those whose accept waits for a core
	work      int         // of them with requests in work
	ending    int         // of them, those whose close waits for a core
	workers   int         // held: by connections, or by requests
	pending   ring[job]   // requests that wait for a worker
	handing   bool        // freed workers are being handed out
	cores     []coreJob
	busy      int
	runq      ring[job] // work that waits for a core
	cpu       sim.Time
	sockets   int // connections the kernel knows, for memory
	waits     portBook
	limits    [limits]LimitReached
	resting   bool      // accept has failed: it is not tried before evAccept
	due       bool      // which is scheduled
	tried     sim.Time  // when it was tried last, or will be next
	parked    idleConns // connections that may be closed to make room
	toldA     int64     // what the trace was told last of the connections
	toldB     int64
}

// timeWait is TCP_TIMEWAIT_LEN.
const timeWait = 60 * sim.Second

func (s *server) init(l *leg, cfg *ServerConfig, actor uint32) {
	s.w, s.leg, s.cfg, s.actor = l.w, l, cfg, actor
	s.cores = make([]coreJob, cfg.Cores())
	if cfg.MemoryPerWorker > 0 {
		s.recordMemory(0)
	}
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
		s.backlog.push(c.slot)
		s.sockets++
		if why := s.accept(now); sc.phase == backlog {
			s.recordMemory(now)
			if why != noLimit {
				s.reach(now, why)
			}
		}
	}
	if sig&tcp.Data != 0 && sc.phase == kept {
		if came || !c.secure[serverSide].Done() {
			s.next(now, c)
		} else {
			s.partCame(now, c)
		}
	}
	if sig&tcp.EndOfFile != 0 {
		sc.eof = true
		if s.rests(sc) {
			s.close(now, c)
		}
	}
	if sig&(tcp.Aborted|tcp.TimedOut) != 0 {
		sc.eof = true
		if s.rests(sc) {
			s.end(now, c)
		}
	}
	if sig&tcp.Done != 0 && sc.phase != unseen {
		s.sockets--
		if c.ends[serverSide].tcp.State() == tcp.TimeWait {
			s.waits.rest(now + timeWait)
		}
		s.recordMemory(now)
	}
	s.recordConns()
}

// onWake goes on with what the delay of a wake-up held back.
func (s *server) onWake(now sim.Time, c *conn, req uint32) {
	switch {
	case req != 0:
		s.dispatch(now, job{c.slot, requestJob, req})
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
	s.await(now, c)
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
	sc.reading = false
	if sc.inWork == 0 {
		s.work++
		s.unpark(c)
	}
	sc.inWork++
	r := s.w.requests.at(id)
	r.stage, r.aged = queued, s.cfg.MaxAge > 0 && now-sim.Time(sc.since)*sim.Millisecond > s.cfg.MaxAge
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
		s.ending--
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
	r.pause = s.drawPause(id, r.item)
	s.w.wake(now, r.pause, evAnswer, c, id)
}

// drawPause is how long request id waits. It depends on the seed and on the client's request alone, so that variants of a
// scenario wait alike, whatever the order in which they serve and with a proxy or without.
func (s *server) drawPause(id uint32, item *Item) sim.Time {
	span := Span{item.TimeKind, item.Time}
	if item.Time < 0 {
		span = Span{s.cfg.TimeKind, s.cfg.Time}
	}
	if span.Kind == Constant {
		return span.To
	}
	if trace.IsBehind(id) {
		id = s.w.proxy.jobs[id&^trace.Behind-1].req
	}
	luck := sim.Stream(s.w.cfg.Seed+uint64(id)<<32, "service")
	return draw(span, &luck)
}

// answer is ready: it is written, and those behind it that were ready before, unless it must wait itself.
func (s *server) answer(now sim.Time, c *conn, id uint32) {
	sc := &c.serverReq
	if r := s.w.requests.at(id); r.conn == c.id { // else its client has sent it again elsewhere
		r.stage = ready
	}
	sc.inWork--
	if sc.inWork == 0 {
		s.work--
	}
	s.writeReady(now, c, id)
	s.freeWorker(now)
	if sc.phase == kept {
		s.next(now, c)
	}
}

// answers tells whether the answer to a request can be written to c.
func (w *World) answers(c *conn, id uint32) bool {
	r := w.requests.at(id)
	return r.stage == ready && r.conn == c.id
}

// writeReady writes the answers of c that are ready, in order; where nobody waits for them any more, none.
func (s *server) writeReady(now sim.Time, c *conn, id uint32) {
	w, sc := s.w, &c.serverReq
	if c.isH2() && sc.phase == kept && w.requests.at(id).conn == c.id {
		s.respond(now, c, id)
	}
	for sc.phase == kept && c.up.Len() > 0 && w.answers(c, c.up.Head()) {
		head, _ := c.up.Complete(c.ends[serverSide].tcp.Received())
		s.respond(now, c, head)
	}
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
	if q.aged && !closes {
		closes, sc.final = true, true
	}
	n := l.tls.Wrapped(l.answerBytes(q))
	r := w.begin(now, trace.ServerWrote, s.actor, id, c)
	r.Len, r.A, r.B = uint32(min(n, 1<<32-1)), int64(q.cpu), int64(q.pause)
	if q.aged {
		r.Flags = trace.Aged
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
	switch {
	case !shut:
		w.write(now, c, serverSide, n, false)
	case s.cfg.Linger > 0 && (s.cfg.LingerAlways || s.headCame(c) > 0):
		s.linger(now, c, n+l.tls.CloseNotify())
	default:
		w.write(now, c, serverSide, n+l.tls.CloseNotify(), true)
		s.close(now, c)
	}
}

// close gives the connection up: after the CPU time it takes its worker is free.
func (s *server) close(now sim.Time, c *conn) {
	c.serverReq.timer.Disarm()
	s.unpark(c)
	c.serverReq.phase = ending
	s.ending++
	s.submit(now, job{c.slot, closeJob, 0})
}

// end frees what the connection held.
func (s *server) end(now sim.Time, c *conn) {
	c.serverReq.timer.Disarm()
	s.unpark(c)
	c.serverReq.phase = finished
	s.open--
	if s.cfg.MemoryPerTLS > 0 {
		s.recordMemory(now)
	}
	if s.cfg.ThreadPerConnection {
		s.workers--
		s.recordLoad()
	}
	s.freed(now)
	s.accept(now)
	s.recordConns()
	s.w.retire(c)
}
