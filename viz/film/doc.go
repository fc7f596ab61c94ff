// Package film makes pictures and animations of a race without a display.
//
//	runs, Options ─> Film ─┬─ Picture(t), SVG(t)
//	                       └─ frame k shows From + k·Speed/FPS; the last one shows To
//	                             │ in parallel: scene ─> paint ─> what has changed, in the palette's colours
//	                             └─> in order: WriteGIF, or a PNG picture each
//
// What is written depends on the runs and the Options alone, not on the machine's cores.
package film
