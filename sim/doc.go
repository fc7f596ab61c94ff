// Package sim is a discrete-event engine: a clock, a queue of events, lazy timers and named random streams. It knows
// no network.
//
//	        At(t, to, kind, arg)
//	receiver ───────────────────▶ heap of 32-byte events, 4-ary
//	   ▲                            │ earliest first, ties in scheduling order
//	   │  OnEvent(now, kind, arg)   ▼
//	   └──────────────────────── Engine.Run ── the clock jumps to the event's time
//
// Everything is integer: the same seed tells the same story on every machine.
package sim
