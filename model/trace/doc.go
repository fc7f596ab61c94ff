// Package trace is the record of what happened in a run: flat records, written in the order of time to a Sink.
//
//	model ── Record ──> Sink ─┬─> Fingerprint: one number
//	                          ├─> metrics, elsewhere
//	                          └─> Log ── Encode ──> bytes ── Decode ──> Log
//	                               │
//	                               └─ Index ─┬─ Seek(t) ──────> State: connections, requests, counters
//	                                         └─ InFlight(t) ──> packets that wait, fly, or fell
//
// A State is folded from records alone. The Index keeps one every 4096 records, so that a seek to any time folds at
// most that many; fewer where states are large, of thousands of clients say. It also lists the moments worth stopping at.
package trace
