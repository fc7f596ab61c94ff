// Package model is the network and its inhabitants, driven by the engine of package sim and told to a trace.Sink.
//
//	workload ─▶ client ─▶ pool ─▶ conn ═ tcp.Conn ─▶ pipe up ──▶ tcp.Conn ═ server: accept queue, workers, cores
//	              ▲                      tcp.Conn ◀── pipe down ◀─ tcp.Conn      │
//	              └──── http1.Stream, or http2.Conn, over tls.Handshake ◀───────┘
//
// The packages below are pure: told what happened, they say what follows. Here is what joins them: plan.go wants requests,
// client.go and pool.go find them a connection, conn.go carries it, secure.go and h2.go add TLS and frames, server.go
// answers, pipe.go takes the time.
//
// A World is one run of one Config. It holds no float, no wall clock, no goroutine and no global random numbers: equal
// Configs give equal traces on every machine. What is modelled and what is not is told in MODEL.md.
package model
