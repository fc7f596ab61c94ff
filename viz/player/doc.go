// Package player plays recorded runs like a video: several logs in lockstep with one clock. It has no window and no
// clock of its own; the caller tells it how much wall time has passed.
//
//	           Play, Pause, Step, Seek, SetSpeed
//	                       │
//	Advance(wall) ──> position in virtual time ──> whoever draws
//	                       │
//	           0 ├─────────●───────────────┤ Duration, the end of the longest run
package player
