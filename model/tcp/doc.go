// Package tcp is one end of a TCP connection as a pure state machine: told the time and what happened, it changes
// state, puts segments into an Outbox and says when it must be called again. No engine, no clock, no log.
//
//	Connect, Listen ┐                        ┌──▶ Outbox: segments to send, in order
//	Write, Close    ├──▶ Conn ── push ───────┤
//	OnSegment       │    snd.go rcv.go       ├──▶ Signal: established, data, end of stream, reset
//	OnTimer         ┘    rto.go reno.go      └──▶ Deadline: call OnTimer then
//	                     rcvwnd.go
//
// Sequence numbers are 64 bits wide and begin at 0 with the SYN, so that the first byte of data is number 1.
// Where RFC and Linux differ, it does as Linux 6.18 does and says so.
package tcp
