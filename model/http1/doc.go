// Package http1 is HTTP/1.0 and 1.1 as far as a connection is concerned: where messages begin and end, and the
// header text that says whether it survives them. Pure: no clock, no engine.
//
//	Request, Response ──▶ Text: the header as it would be on the wire, of exactly the configured size
//	Stream: message lengths in, "first byte of 7", "7 is complete" out
//	Connection: what a side writes that wants the connection kept, or not (RFC 9112, 9.3)
package http1
