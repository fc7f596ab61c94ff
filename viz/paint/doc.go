// Package paint paints a scene's items onto an image, without a display and without a graphics library: what the stage
// shows in a window, for pictures and films that a program writes.
//
//	[]draw.Item ─> Painter.Paint ─┬─ rectangles: filled row by row
//	                               ├─ corners, points, crosses: outlines, covered with anti-aliasing by vector
//	                               └─ letters: masks of the Go fonts, kept for the next picture
//	                                        │
//	                                        v
//	                                   *image.RGBA
//
// The items' places on whole pixels, and the pen's way along a line of text, are the scene's, so that this picture and
// the stage's are alike.
package paint
