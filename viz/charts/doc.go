// Package charts renders figures with gonum/plot, as PNG, SVG or PDF, for papers and projectors. It opens no window and
// needs no graphics library.
//
//	figure.Figure ─▶ Write(format) ─▶ page: title
//	                                        plot of each panel, data areas aligned   (plot.Plot with rows, step lines or dots)
//	                                        legend, notes
package charts
