// Package stage is the Ebitengine game that shows a race: it paints a scene at the player's position.
//
//	keys, pointer ─┐                 ┌─> scene.Draw(t) ─> painter ─> one batch of triangles
//	commands ──────┴─> player ── t ──┤                      │
//	wall clock ────────^             └─> Status, a few      atlas: shapes and letters as masks
//	                                     times a second
//
// Natively it draws its own transport bar and takes keys; in the browser the page's controls send commands.
package stage
