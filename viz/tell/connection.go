package tell

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// life is what is on record of a connection.
type life struct {
	client                 uint32
	began, opened, secured sim.Time
	isOpen                 bool
	carried                int    // requests
	first, last            uint32 // of them
	working                int    // on it now
	since                  sim.Time
	idle                   sim.Time      // between requests, and until it is closed
	timer                  *trace.Record // the latest timeout that ends a connection
	limit                  *trace.Record // what the server turned it away for
	closes                 *trace.Record // the first end that closes it; nil: it is open when the record ends
	timeWait               *trace.Record // the first end that falls into it
}

// The numbers of tcp.State, which this package does not import.
const (
	tcpListen      = 1
	tcpSynSent     = 2
	tcpEstablished = 4
	tcpTimeWait    = 10
)

// life follows the records about a connection.
func (r *Run) life(conn uint32) life {
	l := life{began: r.began[conn], secured: r.secured[conn]}
	for q := range r.told(r.onFile().conns.of(conn)) {
		l.follow(q)
	}
	return l
}

func (l *life) follow(r *trace.Record) {
	switch r.Kind {
	case trace.ConnState:
		l.state(r)
	case trace.RequestBound:
		l.carry(r)
	case trace.RequestDone:
		if l.working > 0 {
			if l.working--; l.working == 0 {
				l.since = r.At
			}
		}
	case trace.TimerFired:
		if r.Flags == trace.TimerServerIdle || r.Flags == trace.TimerClientIdle || r.Flags == trace.TimerHeader || r.Flags == trace.TimerLinger {
			l.timer = r
		}
	case trace.ServerLimit:
		l.limit = r
	default:
	}
}

func (l *life) carry(r *trace.Record) {
	if l.carried == 0 {
		l.first = r.Req
	}
	l.carried++
	l.last = r.Req
	if l.working == 0 && l.carried > 1 {
		l.idle += r.At - l.since
	}
	l.working++
}

func (l *life) state(r *trace.Record) {
	client := !trace.IsServer(r.Actor)
	if client {
		l.client = r.Actor
	}
	switch {
	case client && r.A == tcpSynSent && r.B == tcpEstablished:
		l.opened, l.isOpen = r.At, true
		l.since = r.At
	case r.B == tcpTimeWait && l.timeWait == nil:
		l.timeWait = r
	}
	if l.closes == nil && r.A > tcpListen && r.A <= tcpEstablished && (r.B > tcpEstablished || r.B == 0) {
		l.closes = r
		if l.isOpen && l.working == 0 && l.carried > 0 {
			l.idle += r.At - l.since
		}
	}
}

// connection is all that is on record of a connection.
func (s *Teller) connection(r *Run, conn uint32) {
	l := r.life(conn)
	s.Number("connection", conn).Put(", opened by ")
	s.host(r, max(l.client, 1))
	s.Put(" at ").Instant(l.began)
	if l.isOpen {
		s.Put(", established ").Span(l.opened - l.began).Put(" later")
	} else {
		s.Put(", never established")
	}
	if l.secured > l.opened && l.isOpen {
		s.Put(" and TLS after ").Span(l.secured - l.began)
	}
	s.Put(".")
	s.carries(&l)
	s.closing(r, &l)
}

func (s *Teller) carries(l *life) {
	switch {
	case l.carried == 0:
		s.Put(" It carries no request.")
		return
	case l.carried == 1:
		s.Put(" It carries ").Number("request", l.first)
	default:
		s.Put(" It carries ").Plural(l.carried, "request").Put(", the first ").Count(int64(l.first)).Put(", the last ").Count(int64(l.last))
	}
	if l.idle > 0 {
		s.Put(", and is idle for ").Span(l.idle).Put(" in all")
	}
	s.Put(".")
}

// closing says who closes a connection, when and why, and who keeps its TIME_WAIT.
func (s *Teller) closing(r *Run, l *life) {
	if l.closes == nil {
		s.Put(" It is open when the record ends.")
		return
	}
	if l.closes.B == 0 {
		s.Put(" It is given up by ")
	} else {
		s.Put(" It is closed by ")
	}
	s.host(r, l.closes.Actor)
	s.Put(" at ").Instant(l.closes.At)
	switch {
	case l.limit != nil:
		s.Put(": ").Put(full[l.limit.Flags])
	case l.timer != nil && l.timer.At <= l.closes.At:
		s.Put(": ").Put(patience[l.timer.Flags])
	}
	if l.timeWait != nil {
		s.Put("; TIME_WAIT is at ")
		s.host(r, l.timeWait.Actor)
	}
	s.Put(".")
}

// patience is what ran out.
var patience = map[uint16]string{
	trace.TimerServerIdle: "its keep-alive timeout runs out", trace.TimerClientIdle: "its idle timeout runs out",
	trace.TimerHeader: "its patience for a request runs out", trace.TimerLinger: "its lingering ends",
}

// full is which of a server's limits is reached.
var full = map[uint16]string{
	trace.FullConnections: "its connections are at their limit", trace.FullDescriptors: "its file descriptors are used up",
	trace.FullMemory: "its memory is full", trace.FullWorkers: "its workers are all held",
}
