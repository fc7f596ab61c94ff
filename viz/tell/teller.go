package tell

import (
	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// Teller puts into words what happens in a race. Its words go to a canvas.
type Teller struct {
	*draw.Canvas
	Runs    []*Run         // at most as many as there are Letters
	moments []trace.Moment // of the present instant
}
