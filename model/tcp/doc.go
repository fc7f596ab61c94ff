// Package tcp is one end of a TCP connection as a pure state machine: told the time and what happened, it changes
// state, puts segments into an Outbox and says when it must be called again. No engine, no clock, no log.
//
//	Connect, Listen ┐                          ┌──▶ Outbox: segments to send, in order
//	Write, Close    ├──▶ Conn ── push ─────────┤
//	OnSegment       │    snd.go ack.go rcv.go  ├──▶ Signal: established, data, end of stream, reset
//	OnTimer         ┘    rto.go timer.go       └──▶ Deadline: call OnTimer then
//
// Who is who: congestion.go cubic.go hystart.go size the window; sack.go rack.go recovery.go repair losses; delack.go
// times acknowledgements; rcvwnd.go sizes the receive window; keepalive.go and fastopen.go are what their RFCs say.
//
// Sequence numbers are 64 bits wide and begin at 0 with the SYN, so that the first byte of data is number 1.
// Where RFC and Linux differ, it does as Linux 6.18 does and says so. testdata/conform holds the rules as scripts that
// can be read one by one.
package tcp
