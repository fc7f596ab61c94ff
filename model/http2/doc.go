// Package http2 is one end of an HTTP/2 connection (RFC 9113) as a pure state machine over a byte stream of which only
// lengths exist: told what the program wants and how many octets have arrived, it says what happened and how many octets
// the socket gets next. No engine, no clock, no log. HTTP/2 without TCP and TLS: its owner has those.
//
//	OpenStream, Respond ┐                                ┌──▶ Write, Fill: octets for the socket, as late as it likes
//	Reset, GoAway       ├──▶ Conn ── control, ready ─────┤
//	Consume             │    conn.go stream.go write.go  └──▶ Frames: a descriptor of 16 bytes per frame, in order
//	Read: octets arrived┘                                        │ the other end reads the same Frames
//	        ▲                                                    ▼
//	        └──── Event: headers, data, end, settings, window, reset, goaway, refused ◀── read.go
//
// A frame is chosen when the socket takes its first octet, not when the program asks for it: what is urgent may still
// overtake what is waiting. hpack.go says how long header blocks are.
package http2
