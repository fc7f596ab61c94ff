// Package model is the network and its inhabitants, driven by the engine of package sim and told to a trace.Sink.
//
//	workload ─▶ client ─▶ pool ─▶ conn ═ tcp.Conn ─▶ pipe up ──▶ tcp.Conn ═ server: accept queue, workers, cores
//	              ▲                      tcp.Conn ◀── pipe down ◀─ tcp.Conn      │
//	              └──── http1.Stream, or http2.Conn, over tls.Handshake ◀───────┘
//
//	a leg:  clients ═ pipes ═ servers         with a proxy two:  clients ═ pipes ═ front │ back ═ pipes ═ servers
//
// The packages below are pure: told what happened, they say what follows. Here is what joins them. plan.go, arrivals.go and
// trickle.go want requests; client.go, pool.go, idle.go and ports.go find them a connection; exchange.go and retry.go see
// them to their end; conn.go carries them, secure.go and h2.go add TLS and frames. At the other end listen.go admits
// connections, limits.go and life.go bound them, server.go and cores.go answer. leg.go and proxy.go say who talks to whom;
// pipe.go and disturbance.go take the time.
//
// A World is one run of one Config. It holds no float, no wall clock, no goroutine and no global random numbers: equal
// Configs give equal traces on every machine. What is modelled and what is not is told in MODEL.md.
package model
