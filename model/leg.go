package model

import (
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// leg is a stretch of the way from clients to servers: who stands at its ends, the path between them, and how they talk
// over it. Clients that reach their servers directly make one leg; a proxy makes two.
type leg struct {
	w       *World
	link    *LinkConfig
	tls     *tls.Config
	http    *HTTPConfig
	client  *ClientConfig
	servers []*server
	lane    int32  // index of its first pipe
	mark    uint32 // trace.Behind behind a proxy: a bit of the numbers of all that is there
	connIDs uint32
	deal    dealer

	deadlines deadlines
}

// front is the leg on which the workload's clients stand.
func (w *World) front() *leg { return w.legs[0] }

// addLeg makes the path of a leg and the servers at its end.
func (w *World) addLeg(l *leg, cfg *ServerConfig) {
	l.w, l.lane = w, int32(len(w.pipes))
	w.legs = append(w.legs, l)
	n := 1
	if !l.link.Shared {
		n = l.client.Count
	}
	for i := range n {
		actor := uint32(0)
		if !l.link.Shared {
			actor = uint32(i + 1)
		}
		w.pipes = append(w.pipes, w.newPipe(l, cfg.Interrupt, false, actor), w.newPipe(l, cfg.Interrupt, true, actor))
	}
	for k := range max(cfg.Count, 1) {
		s := &server{at: uint32(len(w.servers))}
		s.init(l, cfg, l.mark|trace.Server(k))
		l.servers = append(l.servers, s)
		w.servers = append(w.servers, s)
	}
	l.deal = dealer{how: cfg.Balance, luck: sim.Stream(w.cfg.Seed, "balance")}
}

// laneOf is the index of the pipe from a client to its server; the next is the pipe back.
func (l *leg) laneOf(cl *client) int32 {
	if l.link.Shared {
		return l.lane
	}
	return l.lane + 2*(int32(cl.actor)-1)
}

// serverFor is where a new connection of a pool goes: to the server that the pool is for, or, as a balancer of
// connections deals them, at the SYN.
func (l *leg) serverFor(o *origin) *server {
	if o.server != nil {
		return o.server
	}
	return l.servers[l.deal.next(len(l.servers), func(k int) int { return l.servers[k].dealt })]
}

// dealer chooses among servers that are alike.
type dealer struct {
	how  Balance
	turn int
	luck sim.Rand
}

// next is the number of one of n servers. Load is what one has already; of equals the next in turn is taken.
func (d *dealer) next(n int, load func(k int) int) int {
	if n == 1 {
		return 0
	}
	k := d.turn
	switch d.how {
	case Random:
		return int(d.luck.Below(int64(n)))
	case LeastConnections:
		for i := 1; i < n; i++ {
			if other := (d.turn + i) % n; load(other) < load(k) {
				k = other
			}
		}
	case RoundRobin:
	}
	d.turn = (k + 1) % n
	return k
}

// keeps tells whether a server keeps a connection after its served-th answer.
func (l *leg) keeps(s *server, served int) bool { return keeps(l.http, s.cfg, served) }

func keeps(h *HTTPConfig, s *ServerConfig, served int) bool {
	limit := s.KeepAliveRequests
	return h.Persistent && s.KeepAliveTimeout > 0 && (limit == 0 || served < limit)
}
