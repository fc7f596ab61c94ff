// Package board puts the whole picture of a race together: the lanes, a view of the time around the present beneath them,
// a player's bar at the bottom, and over all what the chosen thing is.
//
//	scene ─> lanes ┐
//	views ─> view  ├─ one list of items, one text ─> stage, film
//	tell ──> words ┘             └─ what lies at a place: a thing, a time, the panel's button
//
// It draws the same for a window, a page and a file. Drawing again allocates nothing once the buffers have grown, unless
// something else has been chosen.
package board
