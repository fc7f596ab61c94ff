package model

import (
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// limit is one of the server's limits.
type limit uint8

const (
	noLimit          limit = 0
	limitConnections       = limit(trace.FullConnections)
	limitDescriptors       = limit(trace.FullDescriptors)
	limitMemory            = limit(trace.FullMemory)
	limitWorkers           = limit(trace.FullWorkers)
	limits                 = limitWorkers + 1
)

// String is the field of a scenario that sets the limit.
func (l limit) String() string {
	return [...]string{"", "max_connections", "file_descriptors", "memory", "workers"}[l]
}

// LimitReached says that a limit of a server was met.
type LimitReached struct {
	Limit string // the field that sets it
	First sim.Time
	// Times counts the connections that had to wait, were turned away, or were closed to make room, and those for which a
	// proxy had none to a server; the requests that had to wait for a worker; the accepts that failed for want of a descriptor.
	Times int
}

// reach notes that a limit was met.
func (s *server) reach(now sim.Time, l limit) {
	r := &s.limits[l]
	if r.Times == 0 {
		r.Limit, r.First = l.String(), now
	}
	r.Times++
}

// LimitsReached lists the limits that the servers have met, in a fixed order, added up over all.
func (w *World) LimitsReached() []LimitReached { return limitsOf(w.legs[len(w.legs)-1].servers) }

// ProxyLimitsReached lists those that a proxy has met.
func (w *World) ProxyLimitsReached() []LimitReached { return limitsOf([]*server{w.proxy.front}) }

func limitsOf(servers []*server) []LimitReached {
	var out []LimitReached
	for l := noLimit + 1; l < limits; l++ {
		var sum LimitReached
		for _, s := range servers {
			switch r := s.limits[l]; {
			case r.Times == 0:
			case sum.Times == 0:
				sum = r
			default:
				sum.First = min(sum.First, r.First)
				sum.Times += r.Times
			}
		}
		if sum.Times > 0 {
			out = append(out, sum)
		}
	}
	return out
}

// acceptPause is how long a program leaves the listening socket alone after accept has failed for want of a descriptor:
// nginx's accept_mutex_delay (ngx_event_accept). Go waits from 5 ms on, twice as long each time, up to 1 s.
const acceptPause = 500 * sim.Millisecond

// descriptors counts those that the program holds: of the listening socket, and of each connection, a proxy's to its
// servers too.
func (s *server) descriptors() int { return 1 + s.held() }

// holdsBack tells whether the oldest connection must stay in the accept queue, and for which limit if that is news.
func (s *server) holdsBack(now sim.Time) (why limit, wait bool) {
	cfg := s.cfg
	full := cfg.MaxConnections > 0 && s.held() >= cfg.MaxConnections
	switch {
	case cfg.ThreadPerConnection && s.workers == cfg.Workers:
		return limitWorkers, true
	case full && cfg.AtLimit == Wait:
		return limitConnections, true
	case s.resting:
		return noLimit, true
	case cfg.FileDescriptors > 0 && s.descriptors() >= cfg.FileDescriptors:
		s.reach(now, limitDescriptors)
		s.resting, s.tried = true, now
		return noLimit, true
	case cfg.MaxConnections > 0 && cfg.AtLimit == CloseIdle:
		s.makeRoom(now)
		return noLimit, s.held() >= cfg.MaxConnections && s.ending > 0
	}
	return noLimit, false
}

// freed lets a server that lacked a descriptor try again when a pause is over. The tries in between have failed, one after
// each pause: they are counted now, because a server that never gets one would try for ever.
func (s *server) freed(now sim.Time) {
	if !s.resting || s.due {
		return
	}
	for s.tried += acceptPause; s.tried < now; s.tried += acceptPause {
		s.reach(now, limitDescriptors)
	}
	s.due = true
	s.w.eng.At(s.tried, s.w.self, evAccept, int64(s.at))
}

// acceptAgain tries once more after a pause.
func (s *server) acceptAgain(now sim.Time) {
	s.resting, s.due = false, false
	s.accept(now)
	s.recordConns()
}

// turnsAway tells whether a connection is closed as soon as it is accepted.
func (s *server) turnsAway(c *conn) limit {
	cfg := s.cfg
	switch {
	case cfg.MaxConnections > 0 && s.held() >= cfg.MaxConnections:
		return limitConnections
	case cfg.Memory > 0 && s.memory()+s.tlsMemory(1) > cfg.Memory && c.ends[serverSide].tcp.State() != tcp.Closed:
		return limitMemory
	}
	return noLimit
}

// refuse accepts a connection and closes it at once. As with any close, the kernel sends a FIN, or a RST if data has come
// that nobody has read (tcp_close; RFC 2525, 2.17); data that comes later is answered with a RST. Without memory it is
// always a RST, which frees everything.
func (s *server) refuse(now sim.Time, c *conn, why limit) {
	s.reach(now, why)
	s.w.record(trace.Record{Kind: trace.ServerLimit, Flags: uint16(why), Actor: s.actor, Conn: c.id})
	c.serverReq.phase = finished
	t := &c.ends[serverSide].tcp
	switch {
	case t.State() == tcp.Closed: // the client has gone meanwhile
	case why == limitMemory || t.Received() > 0:
		t.Abort(now)
		s.sockets--
	default:
		t.Close(now)
	}
	s.w.settle(now, c, serverSide)
	s.w.retire(c)
}

// memory is what the server's host holds: for the connections that its kernel knows, for the TLS sessions of those that
// its program holds, and for all workers.
func (s *server) memory() Bytes {
	return Bytes(s.sockets)*s.cfg.MemoryPerConnection + s.tlsMemory(s.open) + Bytes(s.cfg.Workers)*s.cfg.MemoryPerWorker
}

func (s *server) tlsMemory(sessions int) Bytes {
	if !s.leg.tls.On() {
		return 0
	}
	return Bytes(sessions) * s.cfg.MemoryPerTLS
}

// idleConns lists the connections that may be closed to make room: those without a request, and those that linger
// (nginx's reusable_connections_queue). Only a server that does so keeps the list.
type idleConns struct {
	links       []idleLink // by slot
	first, last int32      // slot + 1; 0: none. The first has been idle longest
	n           int
	draining    bool // idle connections are being closed: what comes of it waits
}

// idleLink joins a slot to its neighbours; slots + 1, 0: none.
type idleLink struct {
	before, after int32
	in            bool
}

// park puts an idle connection at the end of the list.
func (s *server) park(c *conn) {
	if s.cfg.AtLimit != CloseIdle {
		return
	}
	s.unpark(c)
	p := &s.parked
	for len(p.links) <= int(c.slot) {
		p.links = append(p.links, idleLink{})
	}
	p.links[c.slot] = idleLink{before: p.last, in: true}
	if p.last > 0 {
		p.links[p.last-1].after = c.slot + 1
	} else {
		p.first = c.slot + 1
	}
	p.last = c.slot + 1
	p.n++
}

// unpark takes a connection off the list, if it is there.
func (s *server) unpark(c *conn) {
	p := &s.parked
	if int(c.slot) >= len(p.links) || !p.links[c.slot].in {
		return
	}
	l := p.links[c.slot]
	p.links[c.slot] = idleLink{}
	p.n--
	if l.before > 0 {
		p.links[l.before-1].after = l.after
	} else {
		p.first = l.after
	}
	if l.after > 0 {
		p.links[l.after-1].before = l.before
	} else {
		p.last = l.before
	}
}

// makeRoom closes idle connections when at most a sixteenth of the slots is free: an eighth of them, at least one and at
// most 32, those idle longest first (ngx_drain_connections).
func (s *server) makeRoom(now sim.Time) {
	p, most := &s.parked, s.cfg.MaxConnections
	if most-s.held()+s.ending > most/16 {
		return
	}
	p.draining = true
	for range min(max(min(32, p.n/8), 1), p.n) {
		c := s.w.conns[p.first-1]
		s.reach(now, limitConnections)
		s.w.record(trace.Record{Kind: trace.ServerLimit, Flags: uint16(limitConnections), Actor: s.actor, Conn: c.id, A: 1})
		s.close(now, c)
	}
	p.draining = false
}
