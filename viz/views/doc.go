// Package views draws a race along its time: what the scene shows at an instant, the views show before and after it. Each
// is a pure function of the runs, the time, the frame and what is chosen, and all mark the same instant and the same choice.
//
//	[]*tell.Run ──> Views.Draw(Frame) ─> []draw.Item ─> stage, paint, svg
//
//	Ladder       time runs down; a packet slants from one side to the other: slope is delay, thickness time on the wire
//	Requests     a row for each request: set-up thin, work thick; of a run too long for bars, how many are done and under way
//	Connections  a row for each connection, and the requests it carries, beside each other if at once; or how many there are
//	Window       congestion window and bytes in flight
//	Sequence     bytes sent and acknowledged
//	Server       connections, workers, cores, memory, and their limits
//
// All but the ladder share one axis of time, from 0 to where the race ends; what has not happened yet is faint.
//
// Drawing again allocates nothing once the buffers have grown.
package views
