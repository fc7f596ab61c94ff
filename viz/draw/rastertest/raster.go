// Package rastertest draws items in characters, so that tests can keep pictures that a person reads and compares. Only
// tests import it. Contrast is here for all of them.
//
//	items ──> Picture ──>  |            SYN>>>          |  .##.##.##  [FIN]
package rastertest

import (
	"image/color"
	"strings"

	"keepalive/viz/draw"
)

// Options say how coarse a picture is.
type Options struct {
	W, H          float32     // of the surface, in logical pixels
	Columns, Rows int         // 0: as many as letters of 11 pixels need, 7 by 14 pixels each
	Theme         *draw.Theme // of the items; nil: light
}

// Picture is the items in characters, a line for each row, without blanks at their ends. What is filled is drawn by what
// its colour means, what is outlined as a frame, words in their letters, as far as they have room.
//
//	# data  @ request  ' acknowledgement  % TLS  o set-up  * at the server  ! error  ~ accent  . other
//	> < arrows  x cross  / slant  [ ] or a frame: outline  { } or : dashed, kept and idle
func Picture(items []draw.Item, text func(*draw.Item) []byte, o Options) string {
	if o.Columns == 0 {
		o.Columns = int(o.W / 7)
	}
	if o.Rows == 0 {
		o.Rows = int(o.H / 14)
	}
	g := &grid{Options: o}
	g.Theme = o.Theme.OrLight()
	for range o.Rows {
		g.rows = append(g.rows, []rune(strings.Repeat(" ", o.Columns)))
	}
	for i := range items {
		if items[i].Kind != draw.Words {
			g.shape(&items[i])
		}
	}
	g.taken = make([][]bool, o.Rows)
	for i := range g.taken {
		g.taken[i] = make([]bool, o.Columns)
	}
	for i := range items {
		if items[i].Kind == draw.Words {
			g.words(&items[i], []rune(string(text(&items[i]))))
		}
	}
	var b strings.Builder
	for _, row := range g.rows {
		b.WriteString(strings.TrimRight(string(row), " ") + "\n")
	}
	return b.String()
}

type grid struct {
	Options
	rows  [][]rune
	taken [][]bool // by words
}

// cells are those that an item covers, at least one, and none outside.
func (g *grid) cells(x, y, w, h float32) (x0, y0, x1, y1 int) {
	cw, ch := g.W/float32(g.Columns), g.H/float32(g.Rows)
	x0, x1 = span(x/cw, (x+w)/cw, g.Columns)
	y0, y1 = span(y/ch, (y+h)/ch, g.Rows)
	return x0, y0, x1, y1
}

// span is the cells of which at least half lies between from and to, or the one in the middle.
func span(from, to float32, n int) (int, int) {
	a, b := int(from+0.5), int(to+0.5)
	if b <= a {
		a = int((from + to) / 2)
		b = a + 1
	}
	return min(max(a, 0), n-1), min(max(b, 1), n)
}

func (g *grid) shape(i *draw.Item) {
	x0, y0, x1, y1 := g.cells(i.X, i.Y, i.W, i.H)
	switch {
	case i.Kind == draw.Arrow || i.Kind == draw.Tri:
		g.fill(x0, y0, x1, y1, map[bool]rune{false: '>', true: '<'}[i.Flip])
	case i.Kind == draw.Cross:
		g.fill(x0, y0, x1, y1, 'x')
	case i.Kind == draw.Slant:
		g.slant(i)
	case i.Dashed:
		g.frame(x0, y0, x1, y1, "::{}")
	case i.Stroke > 0:
		g.frame(x0, y0, x1, y1, "-|[]")
	default:
		if c := g.meaning(i.Color); c != 0 {
			g.fill(x0, y0, x1, y1, c)
		}
	}
}

// meaning is the character of a filled shape; 0: it is the ground.
func (g *grid) meaning(c color.NRGBA) rune {
	c.A = 255
	t := g.Theme
	switch c {
	case t.Card, t.Background, t.Line, t.PipeLine:
		return 0
	case t.Pipe:
		return ' '
	case t.Data:
		return '#'
	case t.Request: // in the light theme also the accent
		return '@'
	case t.Ack:
		return '\''
	case t.TLS:
		return '%'
	case t.SetUp:
		return 'o'
	case t.Wait:
		return '*'
	case t.Error:
		return '!'
	case t.Accent:
		return '~'
	default:
		return '.'
	}
}

func (g *grid) fill(x0, y0, x1, y1 int, c rune) {
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			g.rows[y][x] = c
		}
	}
}

// frame draws the edges of a box: horizontal, vertical, and left and right where it is one row high.
func (g *grid) frame(x0, y0, x1, y1 int, edges string) {
	e := []rune(edges)
	if y1-y0 < 3 {
		for y := y0; y < y1; y++ {
			g.rows[y][x1-1] = e[3]
			g.rows[y][x0] = e[2]
		}
		return
	}
	for x := x0; x < x1; x++ {
		g.rows[y0][x], g.rows[y1-1][x] = e[0], e[0]
	}
	for y := y0 + 1; y < y1-1; y++ {
		g.rows[y][x0], g.rows[y][x1-1] = e[1], e[1]
	}
}

func (g *grid) slant(i *draw.Item) {
	x0, _, x1, _ := g.cells(i.X, i.Y, i.W, i.Stroke)
	for x := x0; x < x1; x++ {
		part := (float32(x-x0) + 0.5) / float32(x1-x0)
		_, y0, _, y1 := g.cells(0, i.Y+part*i.H, 0, i.Stroke)
		g.fill(x, y0, x+1, y1, '/')
	}
}

// words writes a line from where it begins or, if its end is what is fixed, up to there.
func (g *grid) words(i *draw.Item, line []rune) {
	cw, ch := g.W/float32(g.Columns), g.H/float32(g.Rows)
	row := int((i.Y - 0.36*i.H) / ch)
	x := i.X / cw
	switch i.Align {
	case draw.Center:
		x -= float32(len(line)) / 2
	case draw.Right:
		x -= float32(len(line))
	}
	if row < 0 || row >= g.Rows {
		return
	}
	at := max(int(x+0.5), 0)
	for i.Align == draw.Left && at < g.Columns && (g.taken[row][at] || at > 0 && g.taken[row][at-1]) {
		at++ // letters are wider here: what begins where other words end begins behind them
	}
	for k, r := range line {
		c := at + k
		if c < 0 || c >= g.Columns {
			continue
		}
		if g.taken[row][c] {
			return // of those that collide in characters, the first is whole
		}
		g.rows[row][c], g.taken[row][c] = r, true
	}
}
