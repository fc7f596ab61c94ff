// Package svg renders figures, and moments of the stage's scene, as SVG text, natively and in the browser.
//
//	figure.Figure ─▶ Render(width) ─▶ <svg role="img"> title, description
//	                                    heading
//	                                    panel: rows of bars │ panel: lines     as wide as asked for
//	                                    panel …             │ panel of dots    line.cursor over all
//	                                    ticks, legend, notes
//
// Colours are the page's custom properties with the light theme's as a fall-back, so a figure in a page follows its theme.
// Nothing in a figure runs: what moves the cursor finds in its data attributes which x stands for which time.
//
// Scene writes a scene's items as a document of its own, in the theme's colours, each where the stage paints it.
package svg
