// Package scene says what to draw for a race at an instant: a pure function of the logs, the time, the size and the
// theme, without a graphics library.
//
//	trace.Index ─┐
//	trace.Index ─┼─> Scene.Draw(t, View) ─> []draw.Item: rectangles, arrows, crosses, words
//	             │
//	lane         │  client        path: two pipes                 server
//	A            │  objects, pool  ▭ queue ═══ SYN> ═══ ▮▮ ═══>    accept queue, slots, CPU, memory
//	   headline  │  who is ahead, and by how much
//	B            │  …
//
// The length of a pipe is its delay, its height the bandwidth, and the length of a packet its time on the wire.
// Drawing again into the same Scene allocates nothing once its buffers have grown.
package scene
