package figure

// Figure is one plot. Its panels stand one over the other and share X.
type Figure struct {
	Name     string // totals, waterfall, window, latency or tradeoff: names files and elements
	Title    string // what it shows, as a sentence
	Subtitle string // what it plots
	About    string // the picture in words, for those who do not see it
	X        Axis
	Panels   []Panel
	Legend   []Entry
	Notes    []string // what is left out, and why
	Cursor   bool     // X is the run's own time, so that a cursor can follow it
}

// Panel is what a figure shows of one variant: Rows, or Lines with their Marks and Strip, or Dots with their Lines and Limits.
type Panel struct {
	Title  string
	Detail string // more about it, in small
	Rows   []Row
	Y      Axis // of Lines
	Lines  []Line
	// Crowded says that lines of one name lie over each other: they are to be thin.
	Crowded bool
	Marks   []Mark
	Strip   []Bar   // along the bottom of Lines
	Guide   []Guide // levels to compare Lines with
	Dots    []Dot   // outcomes, each a place in X and Y; X has its label then
	Limits  []Limit // that Dots are to keep
}

// Row is a line of bars: a request, or a variant's total.
type Row struct {
	Label  string
	Detail string // shown where there is room
	Bars   []Bar
	End    End
}

// Bar is a stretch of X, in X's base unit.
type Bar struct {
	Name     string
	From, To float64
	Ink      Ink
	Style    Style
	Label    string // written at the bar where there is room
}

// Length is how much of X the bar covers.
func (b Bar) Length() float64 { return b.To - b.From }

// End is a text right after the last bar of a row.
type End struct {
	Text string
	Ink  Ink
}

// Line is a quantity that keeps its value until the next point.
type Line struct {
	Name   string
	Ink    Ink
	Style  Style // Solid or Filled
	Points []Point
}

// Point is a place in base units of both axes.
type Point struct{ X, Y float64 }

// Mark is a single event on a line.
type Mark struct {
	Name string
	Point
	Ink Ink
}

// Guide is a level across a panel, with its name.
type Guide struct {
	Name string
	Y    float64
}

// Dot is one outcome among many.
type Dot struct {
	Name string // what it is, for those who point at it
	Point
	Ink   Ink
	Style Style    // Spot, Ring or Target
	Label []string // lines written beside it; most have none
}

// Limit is a line that outcomes are to stay on one side of, with its name.
type Limit struct {
	Name    string
	At      float64
	Upright bool // a value of X; else of Y
}

// Entry explains one look: what is drawn with Ink in Style.
type Entry struct {
	Name  string
	Ink   Ink
	Style Style
}

// Style is how a bar, a line or an entry is drawn, so that no two meanings differ by their colour alone.
type Style uint8

// The styles.
const (
	Solid   Style = iota // a bar of full height, a solid line
	Thin                 // a bar of half height: setting up, as browser tools draw it
	Dashed               // a dashed line instead of a bar: nothing happens
	Hatched              // a bar with slanting lines: a sender that may not send
	Dotted               // a bar of dots
	Filled               // a line with the area below it filled
	Stroke               // a line, in a legend
	Spot                 // a mark, in a legend
	Level                // a guide or a limit, in a legend
	Ring                 // an open mark
	Target               // a mark with a ring around it: the one to look at
)
