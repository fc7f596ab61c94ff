// Package http1 is HTTP/1.0 and 1.1 as far as a connection is concerned: where messages begin and end, whether the
// connection survives them, and the header text that says so. Pure: no clock, no engine.
//
//	Request, Response ──▶ Text: the header as it would be on the wire, of exactly the configured size
//	Stream: message lengths in, "first byte of 7", "7 is complete" out
//	Persists: RFC 9112, 9.3: may the connection carry another request?
package http1
