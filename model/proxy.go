package model

import (
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// proxy is a server to the clients, its front, and a client to the servers, its back, with a pool for each of them.
// Whole messages pass: it asks once it has a request, and answers once it has the answer (nginx's proxy_request_buffering
// and proxy_buffering, which are on).
//
//	clients ── leg ──▶ front ─ forward ─▶ back ── leg ──▶ servers
//	                         ◀─ onEnded ─
type proxy struct {
	w     *World
	front *server
	back  client
	jobs  []proxied // by its own requests, from 1
}

// proxied is what a request of the proxy's is for.
type proxied struct {
	req    uint32
	slot   int32 // the client's connection
	server int32
}

// errorPage is the size of the body of nginx's own answers, such as 502 Bad Gateway, with server_tokens on.
const errorPage = 157

// alone is the proxy as one that there is once, with a path of its own, which knows its servers' addresses from the
// start: nginx resolves them as it reads its configuration.
func (c *ProxyConfig) alone() *ProxyConfig {
	p := *c
	p.Server.Count, p.Client.Count = 1, 1
	p.Link.Shared, p.Client.DNS = true, 0
	return &p
}

// addProxy puts a proxy at the end of the first leg, and the servers behind it.
func (w *World) addProxy(cfg *ProxyConfig, servers *ServerConfig) {
	l := &leg{link: &cfg.Link, tls: &tls.Config{}, http: &cfg.HTTP, client: &cfg.Client, mark: trace.Behind}
	w.addLeg(l, servers)
	p := &proxy{w: w, front: w.front().servers[0]}
	p.front.proxy = p
	p.back = client{w: w, leg: l, actor: trace.Proxy, luck: sim.Stream(w.cfg.Seed, "proxy")}
	p.back.ports = make([]portBook, len(l.servers))
	p.back.fillPorts()
	for k, s := range l.servers {
		p.back.origins = append(p.back.origins, origin{client: &p.back, server: s, index: int32(k), resolved: resolved})
	}
	w.proxy = p
}

// forward asks one of the servers for what a client's request wants.
func (p *proxy) forward(now sim.Time, c *conn, id uint32) {
	back := &p.back
	k := back.leg.deal.next(len(back.origins), func(k int) int { return int(back.origins[k].inWork) })
	o := &back.origins[k]
	own := p.w.requests.add(p.w.requests.at(id).item, back.actor, 0)
	p.jobs = append(p.jobs, proxied{req: id, slot: c.slot, server: int32(k)})
	o.inWork++
	back.open++
	p.w.record(trace.Record{Kind: trace.RequestWanted, Actor: back.actor, Req: own, A: int64(id)})
	back.leg.limit(now, own)
	o.waiting.push(own)
	o.pump(now)
}

// onEnded lets the front answer a client when the proxy's own request has ended.
func (p *proxy) onEnded(now sim.Time, own uint32) {
	job := p.jobs[own&^trace.Behind-1]
	p.originOf(own).inWork--
	c := p.w.conns[job.slot] // the work that the front has with it pins it
	if r := p.w.requests.at(job.req); r.conn == c.id {
		r.status = gateway(p.w.requests.at(own).status)
	}
	p.w.wake(now, 0, evAnswer, c, job.req)
}

// originOf is the pool of the server that one of the proxy's requests goes to.
func (p *proxy) originOf(own uint32) *origin {
	return &p.back.origins[p.jobs[own&^trace.Behind-1].server]
}

// gateway is what a proxy answers when its own request ended so (RFC 9110, 15.6.3 and 15.6.5).
func gateway(s trace.Status) trace.Status {
	switch s {
	case trace.OK:
		return trace.OK
	case trace.Timeout:
		return trace.GatewayTimeout
	}
	return trace.BadGateway
}

// held is how many connections count against the server's limit. A proxy's, to its servers too, as nginx's
// worker_connections has it.
func (s *server) held() int {
	if s.proxy != nil {
		return s.open + int(s.proxy.back.conns)
	}
	return s.open
}

// hasRoom tells whether a proxy may open another connection to its servers. At its limit an idle one to a server is
// closed for it (ngx_drain_connections).
func (o *origin) hasRoom(now sim.Time) bool {
	if o.client.actor != trace.Proxy {
		return true
	}
	p := o.client.w.proxy
	if most := p.front.cfg.MaxConnections; most == 0 || p.front.held() < most {
		return true
	}
	p.front.reach(now, limitConnections)
	if c := p.back.longestIdle(nil); c != nil {
		c.origin.closeIdle(now, c)
		return true
	}
	return false
}

// freed lets a proxy that was at its limit accept again.
func (o *origin) freed() {
	if o.client.actor != trace.Proxy {
		return
	}
	w := o.client.w
	w.proxy.front.freed(w.eng.Now())
	if f := w.proxy.front; f.cfg.MaxConnections > 0 && f.backlog.len() > 0 {
		w.eng.At(w.eng.Now(), w.self, evRoom, 0)
	}
}
