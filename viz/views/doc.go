// Package views draws a race along its time: what the scene shows at an instant, the views show before and after it. Each
// is a pure function of the runs, the time, the frame and what is chosen, and all mark the same instant and the same choice.
//
//	[]*tell.Run ──> Views.Draw(Frame) ─> []draw.Item ─> stage, paint, svg
//
//	Ladder       time runs down; a packet slants from one side to the other: slope is delay, thickness time on the wire
//	Requests     a row for each request: set-up thin, work thick
//	Connections  a row for each connection, and the requests it carries
//	Window       congestion window and bytes on their way
//	Sequence     bytes sent and acknowledged
//	Server       queue, connections, workers, cores
//
// Drawing again allocates nothing once the buffers have grown.
package views
