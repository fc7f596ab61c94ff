//go:build js

package main

import (
	"syscall/js"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/viz/figure"
	"keepalive/viz/svg"
)

// drawings are the figures of a race as SVG text, each for the box of its name in the page.
type drawings struct {
	Totals    string `json:"totals"`
	Waterfall string `json:"waterfall"`
	Window    string `json:"window"`
}

// widths are how wide the boxes of the figures are, CSS pixels.
type widths struct {
	Width       int `json:"width"`        // of the waterfall and the window
	TotalsWidth int `json:"totals_width"` // 0: that of a side column, or Width if that is less
	// Only is the one figure that is wanted, totals; none: all. While a slider is dragged a waterfall of hundreds of rows
	// would be drawn for nothing.
	Only string `json:"only"`
}

// sideColumn is how wide the totals are drawn for a box of unknown width.
const sideColumn = 420

func drawTotals(ledger lab.Explanation, width int) string {
	return svg.Render(figure.Totals(ledger), svg.Options{ID: "totals-figure", Width: width, Legend: true})
}

// draw makes the figures of a race, with ids that the page has not.
func draw(res lab.Result, ledger lab.Explanation, logs []*trace.Log, w widths) drawings {
	if w.TotalsWidth == 0 {
		w.TotalsWidth = min(w.Width, sideColumn)
	}
	if w.Only == "totals" {
		ledger.Mean = nil // of the runs, whose end is what somebody waits for
		return drawings{Totals: drawTotals(ledger, w.TotalsWidth)}
	}
	return drawings{
		Totals:    drawTotals(ledger, w.TotalsWidth),
		Waterfall: svg.Render(figure.Waterfall(res), svg.Options{ID: "waterfall-figure", Width: w.Width, Cursor: true, Legend: true}),
		Window:    svg.Render(figure.Window(logs), svg.Options{ID: "window-figure", Width: w.Width, Cursor: true, Legend: true}),
	}
}

// addFigures puts the figures into out, if they are wanted, and with them what they show as tables.
func addFigures(q request, res lab.Result, ledger lab.Explanation, logs []*trace.Log, out js.Value) error {
	if !q.Figures {
		return nil
	}
	if q.Tables {
		totals, waterfall, window := figure.Totals(ledger), figure.Waterfall(res), figure.Window(logs)
		all := map[string]figure.Table{"totals": totals.Table(), "waterfall": waterfall.Table(), "window": window.Table()}
		if err := set(out, "tables", all); err != nil {
			return err
		}
	}
	return set(out, "figures", draw(res, ledger, logs, q.widths))
}
