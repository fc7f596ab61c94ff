// Package draw is what pictures are made of: items such as rectangles, arrows and words, a canvas that collects them, the
// colours of the two themes, and how wide words are. It knows no network and no graphics library.
//
//	viz/scene ─┐                                   ┌─> viz/stage: triangles, in a window
//	viz/views ─┼─> Canvas ─> []Item ───────────────┼─> viz/paint: pixels, without a display
//	viz/tell ──┘             where they lie: place ┴─> viz/svg: a document
package draw
