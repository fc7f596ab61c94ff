// Package tell says in words what the things of a run are and what happens to them: what a packet is for, what befalls a
// connection, what happens at an instant. Pictures and texts about a run take their names from it.
//
//	trace.Index ──> Run ──> what a packet carries, which responses it is of, the story of a request
//	[]*Run ──────> Teller ─┬─> Moments: "At 1 046.2 ms, A: the server closes connection 3 after 5 000 ms idle"
//	   │                   ├─> Events: what is seen around an instant, in order, each with a Ref
//	   └── Choose(Ref) ──> Choice ─┬─> Thing: "A: SYN-ACK, connection 3, leaves the server at 468.2 ms, arrives at …"
//	                               └─> Messages, whose header text is made from the scenario
package tell
