package model

import "fmt"

// Leftovers lists what a run whose connections are all over still counts: nothing.
func (w *World) Leftovers() (out []string) {
	note := func(what string, n int) {
		if n != 0 {
			out = append(out, fmt.Sprintf("%s: %d", what, n))
		}
	}
	for _, s := range w.servers {
		at := fmt.Sprintf("server %d: ", s.at)
		note(at+"half-open", s.half)
		note(at+"young", s.young)
		note(at+"in the accept queue", s.queued())
		note(at+"open", s.open)
		note(at+"dealt", s.dealt)
		note(at+"with requests in work", s.work)
		note(at+"ending", s.ending)
		note(at+"workers", s.workers)
		note(at+"cores", s.busy)
		note(at+"jobs", s.runq.len()+s.pending.len())
		note(at+"sockets", s.sockets)
		note(at+"parked", s.parked.n+int(s.parked.first)+int(s.parked.last))
	}
	clients := make([]*client, 0, len(w.clients)+1)
	for i := range w.clients {
		clients = append(clients, &w.clients[i])
	}
	if w.proxy != nil {
		clients = append(clients, &w.proxy.back)
	}
	for _, cl := range clients {
		at := fmt.Sprintf("client %x: ", cl.actor)
		note(at+"requests", int(cl.open))
		note(at+"connections", int(cl.conns))
		note(at+"idle", int(cl.idle))
		for i := range cl.origins {
			o := &cl.origins[i]
			note(at+"of a pool", int(o.total+o.opening+o.owned+o.inWork)+o.waiting.len()+len(o.busy))
			note(at+"in its idle list", int(o.idle.n+o.idle.first+o.idle.last))
		}
		for i := range cl.ports {
			rest := 0
			if e := cl.ports[i].expiry; e != nil {
				rest = e.len()
			}
			note(at+"ports", cl.leg.client.Ports*max(cl.leg.client.Addresses, 1)-int(cl.ports[i].free)-rest)
		}
	}
	for _, c := range w.conns {
		if c.use != unused || c.flying != 0 || c.awaited != 0 {
			out = append(out, fmt.Sprintf("connection %x: use %d, %d packets under way, %d events awaited, %v and %v", c.id, c.use, c.flying, c.awaited,
				c.ends[clientSide].tcp.State(), c.ends[serverSide].tcp.State()))
		}
	}
	note("slots", len(w.conns)-len(w.freeSlot))
	return out
}
