package figure

import "slices"

// Table is a figure's data, for those who would rather read it: each cell with its unit.
type Table struct {
	Head []string   `json:"head"`
	Rows [][]string `json:"rows"`
}

// TableRows is how many rows a table has at most.
const TableRows = 200

// Table writes the figure's data down: a row for each row of bars, or for each point of the lines.
func (f *Figure) Table() Table {
	var t Table
	for i := range f.Panels {
		if p := &f.Panels[i]; len(p.Rows) > 0 {
			f.addBars(&t, p)
		} else {
			f.addPoints(&t, p)
		}
	}
	if len(t.Rows) > TableRows {
		t.Rows = t.Rows[:TableRows]
	}
	return t
}

// addBars adds a panel of bars: a column for each entry of the legend.
func (f *Figure) addBars(t *Table, p *Panel) {
	if t.Head == nil {
		t.Head = []string{"", "from"}
		for _, e := range f.Legend {
			t.Head = append(t.Head, e.Name)
		}
		t.Head = append(t.Head, "until")
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		if len(r.Bars) == 0 {
			continue
		}
		name := r.Label
		if p.Title != "" {
			name = p.Title + ", " + name
		}
		cells := make([]string, len(t.Head))
		cells[0], cells[1] = name, f.X.Write(r.Bars[0].From, 1)
		cells[len(cells)-1] = f.X.Write(r.Bars[len(r.Bars)-1].To, 1)
		for _, b := range r.Bars {
			if k := slices.Index(t.Head, b.Name); k > 0 {
				cells[k] = f.X.Write(b.Length(), 1)
			}
		}
		t.Rows = append(t.Rows, cells)
	}
}

// addPoints adds a panel of lines.
func (f *Figure) addPoints(t *Table, p *Panel) {
	t.Head = []string{"", f.X.Label, p.Y.Label}
	for _, l := range p.Lines {
		name := l.Name
		if p.Title != "" {
			name = p.Title + ", " + name
		}
		for _, at := range l.Points {
			t.Rows = append(t.Rows, []string{name, f.X.Write(at.X, 1), p.Y.Write(at.Y, 1)})
		}
	}
}
