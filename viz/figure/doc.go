// Package figure says what a plot shows, as data: panels of bars or lines over one axis, a legend, a title that states the
// finding. Every number comes from a run; how it is painted is the business of viz/svg and viz/charts.
//
//	lab.Explanation ─▶ Totals ────┐             ┌─▶ viz/svg    (pages; follows their theme and width)
//	lab.Result ──────▶ Waterfall ─┼─▶ Figure ───┤
//	[]*trace.Log ────▶ Window ────┤             └─▶ viz/charts (PNG, SVG, PDF for paper and projectors)
//	tune.Report ─────▶ TradeOff ──┘
//
//	Figure ── X Axis
//	   ├── Panels ─┬─ Rows of Bars         a variant each, one over the other
//	   │           ├─ Lines, Marks, Strip  over a Y Axis
//	   │           └─ Dots, Lines, Limits  outcomes over two axes
//	   └── Legend, Notes
package figure
