// Package scene says what to draw for a race at an instant: a pure function of the logs, the time, the size and the
// theme, without a graphics library.
//
//	trace.Index ─┐
//	trace.Index ─┼─> Scene.Draw(t, View) ─> []draw.Item: rectangles, arrows, crosses, words
//	             │
//	lane         │  client        path: two pipes                         server, or proxy   servers
//	A            │  objects, pool  [queue]═══ SYN> ═══ ▮▮ ═══>[queue]    slots, bars,       behind it,
//	             │                 connection 3 ┅┅┅┅┅┅┅   4.2 s left       limits             each
//	   headline  │  who is ahead, and by how much
//	B            │  …
//
// The length of a pipe is its delay, its height the bandwidth, and the length of a packet its time on the wire. A queue's
// box is its limit. A kept connection that carries nothing is a hollow pipe that empties until a timeout closes it.
//
// What is too much to be told apart is gathered: clients in cells that fill with what they do, connections in a bar of
// shares, packets in columns as full as the wire is, servers in thin lines. What has been chosen is framed, what belongs
// to it underlined. A lane that is behind shows, as a ghost, where the other one is.
//
// Drawing again into the same Scene allocates nothing once its buffers have grown.
package scene
