package model

import (
	"keepalive/model/tls"
	"keepalive/model/trace"
)

// leg is a stretch of the way from clients to servers: who stands at its ends, the path between them, and how they talk
// over it. Clients that reach their servers directly make one leg.
type leg struct {
	w       *World
	link    *LinkConfig
	tls     *tls.Config
	http    *HTTPConfig
	client  *ClientConfig
	servers []*server
	lane    int32 // index of its first pipe
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
	s := &server{}
	s.init(l, cfg, trace.Server(len(w.servers)))
	l.servers = append(l.servers, s)
	w.servers = append(w.servers, s)
}

// laneOf is the index of the pipe from a client to its server; the next is the pipe back.
func (l *leg) laneOf(cl *client) int32 {
	if l.link.Shared {
		return l.lane
	}
	return l.lane + 2*(int32(cl.actor)-1)
}

// serverFor is where a new connection of a pool goes.
func (l *leg) serverFor(*origin) *server { return l.servers[0] }

// keeps tells whether a server keeps a connection after its served-th answer.
func (l *leg) keeps(s *server, served int) bool { return keeps(l.http, s.cfg, served) }

func keeps(h *HTTPConfig, s *ServerConfig, served int) bool {
	limit := s.KeepAliveRequests
	return h.Persistent && s.KeepAliveTimeout > 0 && (limit == 0 || served < limit)
}
