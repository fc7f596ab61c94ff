// Package tell says in words what the things of a run are and what happens to them: what a packet is for, what befalls a
// connection, what happens at an instant. Pictures and texts about a run take their names from it.
//
//	trace.Index ──> Run ──> what a packet carries, which responses it is of
//	[]*Run ──────> Teller ──> "At 1 046.2 ms, A: the server closes connection 3 after 5 000 ms idle"
package tell
