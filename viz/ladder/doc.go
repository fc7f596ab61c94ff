// Package ladder draws a run as the diagram every textbook has, in plain text: the client on the left, the server on
// the right, a line per packet in the order of sending.
//
//	trace.Log ──▶ Write ──▶      0.000 ms  |─ SYN ──────────────────▶|   50.048 ms
//	                            50.048 ms  |◀────────────── SYN-ACK ─|  100.096 ms
package ladder
