package model

import (
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// crowded tells whether the accept queue is full.
func (s *server) crowded() bool { return len(s.backlog) > s.cfg.Backlog }

// admits decides whether the kernel takes a segment at all: with a full accept queue it ignores SYNs and final ACKs.
func (s *server) admits(now sim.Time, c *conn, seg *tcp.Segment) bool {
	switch c.ends[serverSide].tcp.State() {
	case tcp.Listen:
		if !seg.Has(tcp.SYN) {
			return true
		}
		s.w.record(trace.Record{Kind: trace.BacklogDrop, Actor: s.actor, Conn: c.id})
		return false
	case tcp.SynReceived:
		if seg.Has(tcp.RST) || seg.Has(tcp.SYN) {
			return true
		}
		s.w.record(trace.Record{Kind: trace.BacklogDrop, Flags: 1, Actor: s.actor, Conn: c.id})
		return false
	}
	return true
}

// accept takes connections from the queue while there is a worker, or a slot, for them.
func (s *server) accept(now sim.Time) {
	cfg := s.cfg
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

// accepted ends an accept: the connection waits for its first request, or has it already.
func (s *server) accepted(now sim.Time, c *conn) {
	c.serverReq.phase = kept
	s.recordMemory(now)
	s.next(now, c)
}
