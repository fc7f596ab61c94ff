// Package tcp is one end of a TCP connection as a pure state machine: told the time and what happened, it changes
// state, puts segments into an Outbox and says when it must be called again. No engine, no clock, no log.
//
//	Connect, Listen ┐                          ┌──▶ Outbox: segments to send, in order
//	Write, Close    ├──▶ Conn ── push ─────────┤
//	OnSegment       │    snd.go ack.go rcv.go  ├──▶ Signal: established, data, end of stream, reset
//	OnTimer         ┘    rto.go timer.go       └──▶ Deadline: call OnTimer then
//
//	snd.go       batch.go: how many leave together; ring.go: what is out and not acknowledged
//	ack.go       sack.go rack.go recovery.go: what is lost, and how it is repaired
//	             congestion.go cubic.go hystart.go: how much may be out
//	rcv.go       delack.go: when to acknowledge; rcvwnd.go: how much may come
//	rto.go       timer.go: one transmit timer, a delayed acknowledgement's, and the kernel's ticks
//	conn.go      state.go: RFC 9293's states; keepalive.go fastopen.go: what their RFCs say
//
// Sequence numbers are 64 bits wide and begin at 0 with the SYN, so that the first byte of data is number 1.
// Where RFC and Linux differ, it does as Linux 6.18 does and says so. testdata/conform holds the rules as scripts that
// can be read one by one.
package tcp
