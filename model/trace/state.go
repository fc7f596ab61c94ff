package trace

import (
	"slices"

	"keepalive/sim"
)

// State is what a run looks like at one instant, folded from its records alone. It holds what is alive (connections
// that are not closed, requests that are wanted and not done) and counts the rest, so that it stays small however
// long the run is. The zero State is the beginning.
type State struct {
	At       sim.Time // of the last record applied
	Applied  int      // records applied
	Conns    []Conn   // not closed, by ID
	Requests []Request
	Pools    []Pool // by client - 1
	Counters Counters
	Server   ServerState   // of all servers together
	Servers  []ServerState // each, where there are more than one
	Behind   BehindState
	ended    []uint64 // a bit per request that ended, by Req - 1
	failed   []uint64 // a bit per request that ended badly
}

// Conn is a connection that is not closed at both ends.
type Conn struct {
	ID     uint32
	Client uint32 // its client, from 1
	Req    uint32 // the request it carries; 0: none
	Served uint32 // requests it was given, the one in work included
	// ClientTCP and ServerTCP number the two ends' states as tcp.State does.
	ClientTCP, ServerTCP uint8
	Since                sim.Time // the first record about it
	Carries              uint32   // requests that it was given and that are not done
	// ClientIdle is since when it carries nothing, and ServerIdle since when its server has answered all it has read; 0: not so.
	ClientIdle, ServerIdle sim.Time
}

// The numbers of tcp.State that a fold needs.
const (
	tcpClosed      = 0
	tcpListen      = 1
	tcpSynSent     = 2
	tcpSynReceived = 3
	tcpEstablished = 4
	tcpTimeWait    = 10
)

// ConnPhase is what a connection is good for, as a client sees it.
type ConnPhase uint8

// The phases of a connection.
const (
	ConnOpening ConnPhase = iota
	ConnBusy
	ConnIdle
	ConnClosing
)

// String is the phase in one word.
func (p ConnPhase) String() string { return [...]string{"opening", "busy", "idle", "closing"}[p] }

// Phase derives the connection's phase.
func (c *Conn) Phase() ConnPhase {
	switch {
	case c.ClientTCP == tcpSynSent:
		return ConnOpening
	case c.ClientTCP != tcpEstablished:
		return ConnClosing
	case c.Req != 0:
		return ConnBusy
	default:
		return ConnIdle
	}
}

func (c *Conn) gone() bool { return dead(c.ClientTCP) && dead(c.ServerTCP) }

func dead(tcp uint8) bool { return tcp == tcpClosed || tcp == tcpListen || tcp == tcpTimeWait }

// Request is a request that is wanted and not done.
type Request struct {
	ID     uint32
	Client uint32
	Conn   uint32 // 0: not bound yet
	Phase  RequestPhase
	Wanted sim.Time
	Since  sim.Time // the beginning of Phase
}

// RequestPhase is how far a request has come.
type RequestPhase uint8

// The phases of a request, in order.
const (
	Waiting   RequestPhase = iota // for a connection
	Resolving                     // its host's name
	Bound                         // to an open connection
	Sending                       // its first byte is written
	Sent                          // its last byte is on its way
	Queued                        // at the server, for a worker and a core
	Working                       // on a core
	Pausing                       // the server waits, for a database say
	Answered                      // the response is in the server's socket
	Receiving                     // the client has read the first byte
)

// Pool is a client's pool of connections.
type Pool struct{ Busy, Idle, Waiting, TimeWait int }

// Counters add up over a run.
type Counters struct {
	PacketsUp, PacketsDown int
	BytesUp, BytesDown     int64 // whole IP packets
	Dropped, Retransmitted int
	Opened                 int // connections: first SYNs
	Wanted, Done, Failed   int // requests; Done counts the failed ones too
	Busy, Idle             int // pools of all clients, now
	TimeWait               int // sockets of all clients in TIME_WAIT, now
	BacklogDrops           int
}

// ServerState is how busy the server is.
type ServerState struct {
	AcceptQueue int
	Open        int // connections accepted and open
	Working     int // connections with a request in work
	Idle        int // kept connections without one
	Workers     int // in use
	Cores       int // busy
	Queue       int // requests that wait for a worker or a core
	CPU         sim.Time
	Memory      int64 // bytes
	TimeWait    int
}

// Apply folds one record. Records come in the order of time; none may be left out.
func (s *State) Apply(r *Record) {
	s.At = r.At
	s.Applied++
	if r.IsBehind() {
		s.Behind.apply(r)
		return
	}
	switch r.Kind {
	case Packet:
		s.packet(r)
	case Segment:
		if r.Flags&Retransmitted != 0 {
			s.Counters.Retransmitted++
		}
	case ConnState:
		s.connState(r)
	case PoolSize:
		s.pool(r)
	case ServerConns, ServerLoad, ServerMemory:
		s.server(r)
	case BacklogDrop:
		s.Counters.BacklogDrops++
	default:
		if r.Req != 0 {
			s.request(r)
		}
	}
}

func (s *State) packet(r *Record) {
	c := &s.Counters
	if r.IsDown() {
		c.PacketsDown++
		c.BytesDown += int64(r.Len)
	} else {
		c.PacketsUp++
		c.BytesUp += int64(r.Len)
	}
	if r.IsDropped() {
		c.Dropped++
	}
}

func (s *State) connState(r *Record) {
	if r.Conn == 0 {
		return
	}
	c, at := s.conn(r)
	state := uint8(r.B)
	if IsServer(r.Actor) {
		c.ServerTCP = state
	} else {
		c.Client = r.Actor
		c.ClientTCP = state
		switch {
		case state == tcpSynSent:
			s.Counters.Opened++
		case state == tcpEstablished && c.Carries == 0:
			c.ClientIdle = r.At
		}
	}
	if c.gone() {
		s.Conns = slices.Delete(s.Conns, at, at+1)
	}
}

// conn finds the connection of r, or begins it.
func (s *State) conn(r *Record) (*Conn, int) {
	at, ok := s.findConn(r.Conn)
	if !ok {
		s.Conns = slices.Insert(s.Conns, at, Conn{ID: r.Conn, Since: r.At})
	}
	return &s.Conns[at], at
}

func (s *State) findConn(id uint32) (int, bool) {
	if n := len(s.Conns); n == 0 || s.Conns[n-1].ID < id {
		return n, false
	}
	return slices.BinarySearchFunc(s.Conns, id, func(c Conn, id uint32) int { return int(int64(c.ID) - int64(id)) })
}

func (s *State) findRequest(id uint32) (int, bool) {
	if n := len(s.Requests); n == 0 || s.Requests[n-1].ID < id {
		return n, false
	}
	return slices.BinarySearchFunc(s.Requests, id, func(q Request, id uint32) int { return int(int64(q.ID) - int64(id)) })
}

// Conn is the connection numbered id, or nil if it is closed or not begun.
func (s *State) Conn(id uint32) *Conn {
	if at, ok := s.findConn(id); ok {
		return &s.Conns[at]
	}
	return nil
}

// Request is the request numbered id, or nil if it is done or not wanted yet.
func (s *State) Request(id uint32) *Request {
	if at, ok := s.findRequest(id); ok {
		return &s.Requests[at]
	}
	return nil
}

func (s *State) request(r *Record) {
	switch r.Kind {
	case RequestWanted:
		if at, ok := s.findRequest(r.Req); !ok {
			s.Requests = slices.Insert(s.Requests, at, Request{ID: r.Req, Client: r.Actor, Wanted: r.At, Since: r.At})
			s.Counters.Wanted++
		}
	case RequestDone:
		s.done(r)
	case RequestResolved: // it waits for a connection again
		s.advance(r, Waiting)
	case RequestBound:
		s.advance(r, Bound)
		s.bind(r)
	default:
		if p := phaseOf[r.Kind]; p != 0 {
			s.advance(r, p)
		}
		s.served(r)
	}
}

// served notes since when a server has nothing to do for a connection.
func (s *State) served(r *Record) {
	switch r.Kind {
	case ServerWrote:
		if c := s.Conn(r.Conn); c != nil {
			c.ServerIdle = r.At
		}
	case ServerQueued, ServerBegin:
		if c := s.Conn(r.Conn); c != nil {
			c.ServerIdle = 0
		}
	}
}

var phaseOf = [kinds]RequestPhase{
	RequestResolving: Resolving, RequestSending: Sending, RequestSent: Sent, RequestFirstByte: Receiving,
	ServerQueued: Queued, ServerBegin: Working, ServerWaiting: Pausing, ServerWrote: Answered,
}

func (s *State) advance(r *Record, p RequestPhase) {
	if q := s.Request(r.Req); q != nil {
		q.Phase, q.Since = p, r.At
	}
}

func (s *State) bind(r *Record) {
	q := s.Request(r.Req)
	if q == nil {
		return
	}
	s.unbind(q, r.At)
	q.Conn = r.Conn
	if c := s.Conn(r.Conn); c != nil {
		c.Req, c.ClientIdle = r.Req, 0
		c.Served++
		c.Carries++
	}
}

// unbind frees the connection that q holds, as far as it still carries q.
func (s *State) unbind(q *Request, now sim.Time) {
	c := s.Conn(q.Conn)
	if c == nil {
		return
	}
	if c.Req == q.ID {
		c.Req = 0
	}
	if c.Carries > 0 {
		c.Carries--
	}
	if c.Carries == 0 {
		c.ClientIdle = now
	}
}

func (s *State) done(r *Record) {
	at, ok := s.findRequest(r.Req)
	if !ok {
		return
	}
	s.unbind(&s.Requests[at], r.At)
	s.Requests = slices.Delete(s.Requests, at, at+1)
	s.ended = set(s.ended, r.Req)
	s.Counters.Done++
	if Status(r.Flags) != OK {
		s.failed = set(s.failed, r.Req)
		s.Counters.Failed++
	}
}

// Ended tells whether a request is over, and Failed whether it ended badly.
func (s *State) Ended(req uint32) bool { return has(s.ended, req) }

// Failed tells whether a request ended badly.
func (s *State) Failed(req uint32) bool { return has(s.failed, req) }

func set(bits []uint64, id uint32) []uint64 {
	word := int((id - 1) / 64)
	for len(bits) <= word {
		bits = append(bits, 0)
	}
	bits[word] |= 1 << ((id - 1) % 64)
	return bits
}

func has(bits []uint64, id uint32) bool {
	word := int((id - 1) / 64)
	return id != 0 && word < len(bits) && bits[word]&(1<<((id-1)%64)) != 0
}

func (s *State) pool(r *Record) {
	if r.Actor == 0 || IsServer(r.Actor) {
		return
	}
	for len(s.Pools) < int(r.Actor) {
		s.Pools = append(s.Pools, Pool{})
	}
	p, c := &s.Pools[r.Actor-1], &s.Counters
	old := *p
	*p = Pool{Busy: Hi(r.A), Idle: Lo(r.A), Waiting: Hi(r.B), TimeWait: Lo(r.B)}
	c.Busy += p.Busy - old.Busy
	c.Idle += p.Idle - old.Idle
	c.TimeWait += p.TimeWait - old.TimeWait
}

func (s *State) server(r *Record) {
	k := ServerIndex(r.Actor)
	if k == 0 && len(s.Servers) == 0 {
		s.Server.apply(r)
		return
	}
	if len(s.Servers) == 0 {
		s.Servers = append(s.Servers, s.Server)
	}
	for len(s.Servers) <= k {
		s.Servers = append(s.Servers, ServerState{})
	}
	s.Servers[k].apply(r)
	s.Server = ServerState{}
	for i := range s.Servers {
		s.Server.add(&s.Servers[i])
	}
}

func (v *ServerState) apply(r *Record) {
	switch r.Kind {
	case ServerConns:
		v.AcceptQueue, v.Open = Hi(r.A), Lo(r.A)
		v.Working, v.Idle = Hi(r.B), Lo(r.B)
	case ServerLoad:
		v.Workers, v.Cores = Hi(r.A), Lo(r.A)
		v.CPU, v.Queue = sim.Time(r.B), int(r.Len)
	case ServerMemory:
		v.Memory, v.TimeWait = r.A, int(r.B)
	}
}

func (v *ServerState) add(o *ServerState) {
	v.AcceptQueue += o.AcceptQueue
	v.Open += o.Open
	v.Working += o.Working
	v.Idle += o.Idle
	v.Workers += o.Workers
	v.Cores += o.Cores
	v.Queue += o.Queue
	v.CPU += o.CPU
	v.Memory += o.Memory
	v.TimeWait += o.TimeWait
}

// BehindState is what a proxy has to do with the servers behind it.
type BehindState struct {
	Pool
	Opened         int // connections
	Wanted, Failed int // the proxy's own requests
	Done           int
	Packets        int
	Servers        []ServerState // each of those that have told something
}

func (b *BehindState) apply(r *Record) {
	switch r.Kind {
	case Packet:
		b.Packets++
	case PoolSize:
		b.Pool = Pool{Busy: Hi(r.A), Idle: Lo(r.A), Waiting: Hi(r.B), TimeWait: Lo(r.B)}
	case ConnState:
		if !IsServer(r.Actor) && uint8(r.B) == tcpSynSent {
			b.Opened++
		}
	case RequestWanted:
		b.Wanted++
	case RequestDone:
		b.Done++
		if Status(r.Flags) != OK {
			b.Failed++
		}
	case ServerConns, ServerLoad, ServerMemory:
		for k := ServerIndex(r.Actor); len(b.Servers) <= k; {
			b.Servers = append(b.Servers, ServerState{})
		}
		b.Servers[ServerIndex(r.Actor)].apply(r)
	default:
	}
}

// size is about how many bytes a copy of s takes.
func (s *State) size() int {
	return 56*len(s.Conns) + 32*len(s.Pools) + 48*len(s.Requests) + 80*(len(s.Servers)+len(s.Behind.Servers)) + 8*(len(s.ended)+len(s.failed))
}

// Copy makes s equal to from, keeping s's memory.
func (s *State) Copy(from *State) {
	keep := *s
	*s = *from
	s.Conns = append(keep.Conns[:0], from.Conns...)
	s.Requests = append(keep.Requests[:0], from.Requests...)
	s.Pools = append(keep.Pools[:0], from.Pools...)
	s.Servers = append(keep.Servers[:0], from.Servers...)
	s.Behind.Servers = append(keep.Behind.Servers[:0], from.Behind.Servers...)
	s.ended = append(keep.ended[:0], from.ended...)
	s.failed = append(keep.failed[:0], from.failed...)
}
