package model

import (
	"errors"

	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// record stamps r with the time and hands it on.
func (w *World) record(r trace.Record) {
	r.At = w.eng.Now()
	*w.next() = r
	w.hand()
}

// begin starts a record about c, which hand passes on. Field by field, because zeroing or moving a whole one is a call in WebAssembly.
func (w *World) begin(now sim.Time, k trace.Kind, actor, req uint32, c *conn) *trace.Record {
	r := w.next()
	r.At, r.Kind, r.Flags, r.Actor = now, k, 0, actor
	r.Conn, r.Req, r.Pkt, r.Len, r.A, r.B = c.id, req, 0, 0, 0, 0
	return r
}

// next is where the next record goes, which hand passes on.
func (w *World) next() *trace.Record { return &w.recs[w.recorded%uint(len(w.recs))] }

// hand passes the record on that was begun last.
func (w *World) hand() {
	w.recorded++
	if w.recorded == uint(len(w.recs)) {
		w.Flush()
	}
}

// Flush hands the records to the Sink that it has not had yet. RunUntil, and a Step that finds nothing left to do, end with it.
func (w *World) Flush() {
	rs := w.recs[:w.recorded]
	w.recorded = 0
	if w.batch != nil {
		w.batch.RecordAll(rs)
		return
	}
	for i := range rs {
		w.sink.Record(&rs[i])
	}
}

func (w *World) recordPacket(p *pipe, c *conn, size Bytes, drop uint16, now, start, arrive sim.Time) {
	r := w.next()
	r.At, r.Kind, r.Flags, r.Actor = now, trace.Packet, drop|p.flags, c.ends[clientSide].actor
	r.Conn, r.Req, r.Pkt, r.Len = c.id, w.label, w.pkts, uint32(size)
	r.A, r.B = int64(start), int64(arrive)
	w.hand()
}

func (w *World) recordSegment(now sim.Time, c *conn, from side, s *tcp.Segment) {
	flags := uint16(s.Flags)
	if s.Retransmitted {
		flags |= trace.Retransmitted
	}
	window := s.Window
	if !s.Has(tcp.SYN) {
		window >>= 7
	}
	r := w.next()
	r.At, r.Kind, r.Flags, r.Actor = now, trace.Segment, flags, c.ends[from].actor
	r.Conn, r.Req, r.Pkt, r.Len = c.id, w.label, w.pkts, uint32(s.Len)
	r.A = int64(uint64(uint32(s.Seq))<<32 | uint64(uint32(s.Ack)))
	r.B = trace.PackSegment(w.cause, trace.Limit(s.Limit), uint16(min(window, 1<<16-1)), w.causeBy)
	w.hand()
}

// noteState tells the trace of a changed TCP state.
func (w *World) noteState(now sim.Time, c *conn, at side) {
	e := &c.ends[at]
	r := w.begin(now, trace.ConnState, e.actor, c.req, c)
	r.A, r.B = int64(e.told), int64(e.tcp.State())
	w.hand()
	e.told = e.tcp.State()
}

// windowMoved tells whether the trace is to hear of the window: of the congestion window, and on the server's side of
// outstanding data too. Without a branch, because it is asked after every packet.
func (e *endpoint) windowMoved(at side) bool {
	cwnd, _, outstanding, _ := e.tcp.Window()
	return uint32(cwnd)^uint32(e.cwnd)|(uint32(outstanding)^e.out)*uint32(at) != 0
}

// noteWindow tells the trace of them.
func (w *World) noteWindow(now sim.Time, c *conn, at side) {
	e := &c.ends[at]
	cwnd, ssthresh, outstanding, peer := e.tcp.Window()
	switch e.tcp.State() {
	case tcp.Listen, tcp.SynSent, tcp.SynReceived:
		return
	}
	phase := trace.Avoidance
	fast, loss := e.tcp.InRecovery()
	switch {
	case fast:
		phase = trace.Recovery
	case loss:
		phase = trace.Loss
	case e.tcp.Rested():
		phase = trace.RestartIdle
	case e.tcp.SlowStart():
		phase = trace.SlowStart
	}
	e.cwnd, e.out = int32(cwnd), uint32(outstanding)
	r := w.begin(now, trace.Window, e.actor, c.req, c)
	r.Flags, r.A, r.B = phase, trace.Pack(cwnd, ssthresh), trace.Pack(int(outstanding), int(peer))
	w.hand()
}

func (w *World) recordRequest(now sim.Time, k trace.Kind, req uint32, c *conn) {
	w.begin(now, k, c.client.actor, req, c)
	w.hand()
}

func (w *World) recordServer(now sim.Time, k trace.Kind, req uint32, c *conn) {
	w.begin(now, k, c.server.actor, req, c)
	w.hand()
}

func (w *World) recordPool(now sim.Time, cl *client) {
	waiting, resting := 0, 0
	for i := range cl.origins {
		waiting += cl.origins[i].waiting.len() + int(cl.origins[i].owned)
	}
	for i := range cl.ports {
		resting += cl.ports[i].waiting(now)
	}
	a, b := trace.Pack(int(cl.conns-cl.idle), int(cl.idle)), trace.Pack(waiting, resting)
	if a == cl.toldA && b == cl.toldB {
		return
	}
	cl.toldA, cl.toldB = a, b
	w.record(trace.Record{Kind: trace.PoolSize, Actor: cl.actor, A: a, B: b})
}

func (s *server) recordConns() {
	open := s.open - s.accepting
	a, b := trace.Pack(s.queued(), open), trace.Pack(s.work, open-s.work)
	if a == s.toldA && b == s.toldB {
		return
	}
	s.toldA, s.toldB = a, b
	s.w.record(trace.Record{Kind: trace.ServerConns, Actor: s.actor, A: a, B: b})
}

func (s *server) recordLoad() {
	s.w.record(trace.Record{Kind: trace.ServerLoad, Actor: s.actor, Len: uint32(s.runq.len() + s.pending.len()),
		A: trace.Pack(s.workers, s.busy), B: int64(s.cpu)})
}

func (s *server) recordMemory(now sim.Time) {
	s.w.record(trace.Record{Kind: trace.ServerMemory, Actor: s.actor,
		A: int64(s.memory()), B: int64(s.waits.waiting(now))})
}

func stopOf(err error) uint16 {
	var l *sim.LimitError
	if errors.As(err, &l) {
		switch l.Limit {
		case "events":
			return trace.StopEvents
		case "pending events":
			return trace.StopPending
		}
	}
	return trace.StopTime
}

// Header describes the run for a trace.Log.
func (w *World) Header() trace.Header {
	c := &w.cfg
	s := c.FrontServer()
	h := trace.Header{Format: 1, Scenario: c.Scenario, Variant: c.Variant, Ended: w.eng.Now(), Missing: sim.Never,
		RTT: c.Link.RTT, Down: int64(c.Link.Down), Up: int64(c.Link.Up), QueuePackets: c.Link.Queue.Packets,
		QueueBytes: int64(c.Link.Queue.Bytes), Shared: c.Link.Shared, Minor: c.HTTP.Minor, Persistent: c.HTTP.Persistent,
		MSS: c.TCP.MSS, SegmentHeader: c.TCP.Header, Clients: c.Client.Count, ConnectionsPerHost: c.Client.ConnectionsPerHost,
		ServerPreset: s.Preset, ThreadPerConnection: s.ThreadPerConnection, ThreadPerRequest: s.ThreadPerRequest, Workers: s.Workers,
		CPUs: s.CPUs, Backlog: s.Backlog, MaxConnections: s.MaxConnections,
		KeepAliveTimeout: s.KeepAliveTimeout, IdleTimeout: c.Client.IdleTimeout, HintedTimeout: w.front().hintedTimeout(),
		Memory: int64(s.Memory), FileDescriptors: s.FileDescriptors, ServerWake: s.Wake, Servers: len(w.front().servers)}
	if p := c.Proxy; p != nil {
		h.Behind = &trace.BehindHeader{RTT: p.Link.RTT, Down: int64(p.Link.Down), Up: int64(p.Link.Up), Servers: len(w.proxy.back.origins),
			ServerPreset: c.Server.Preset, ServerWake: c.Server.Wake}
		h.ServerPreset = c.serverName()
	}
	for id := range w.requests.wanted() {
		h.Requests = append(h.Requests, w.RequestName(id+1))
	}
	return h
}

func (w *World) nameOf(r *request) trace.Name {
	return trace.Name{Client: int(r.client), Method: r.item.Method, Path: r.item.Path, Host: r.item.Host, Size: int64(r.item.Size)}
}

// RequestName labels request id.
func (w *World) RequestName(id uint32) trace.Name { return w.nameOf(w.requests.at(id)) }
