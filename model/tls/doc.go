// Package tls is TLS 1.2 and 1.3 as far as a connection's cost is concerned: whose turn it is, how many bytes a flight
// has, and what records add to the data. Pure: no clock, no engine, no cryptography.
//
//	client                     1.3 full                     server     client            1.2 full            server
//	ClientHello ────────────────────────────────────────────────▶      ClientHello ───────────────────────────────▶
//	◀──────────────── ServerHello … Certificate … Finished             ◀──────── ServerHello Certificate … Done
//	Finished, first request ────────────────────────────────────▶      ClientKeyExchange … Finished ──────────────▶
//	◀───────────────────────────────── tickets, first response        ◀──────────────── ChangeCipherSpec Finished
//
// A Handshake is where one end stands in that script. Sizes of full handshakes are those of OpenSSL 3.0 and
// Go 1.26 with ECDHE over X25519 and AES-128-GCM, read off their packets, less the certificate; those of resumed ones are
// computed from their fields.
package tls
