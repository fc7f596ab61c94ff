package figure

import "image/color"

// Ink is a meaning that has a colour.
type Ink uint8

// The inks. One meaning has one colour in every picture of the project.
const (
	Text    Ink = iota // words
	Soft               // words of less weight
	Grid               // lines to measure by
	Paper              // what lies below everything
	SetUp              // opening a connection, looking up a name
	TLS                // opening a session
	Request            // a request on its way
	Wait               // waiting for the server
	Data               // response data
	Ack                // the path, acknowledgements
	Idle               // kept, asked to wait
	Error              // lost, broken
	inks
)

// ink is how a page's style sheet names a colour, and the colour in its two themes.
type ink struct {
	name        string
	light, dark uint32
}

var palette = [inks]ink{
	Text: {"text", 0x1B2430, 0xE8EDF2}, Soft: {"soft", 0x5C6774, 0x9FABB8}, Grid: {"line", 0xDAD7CF, 0x2C3643},
	Paper: {"card", 0xFFFFFF, 0x1A2029}, SetUp: {"setup", 0xBC7A00, 0xE69F00}, TLS: {"tls", 0xB4608F, 0xCC79A7},
	Request: {"request", 0x0066A6, 0x3D9BE0}, Wait: {"wait", 0x008A65, 0x00B386}, Data: {"data", 0x338FCD, 0x56B4E9},
	Ack: {"ack", 0x7A8794, 0x7A8796}, Idle: {"idle", 0x9C8500, 0xF0E442}, Error: {"error", 0xD55E00, 0xE8701A},
}

// String is the ink's name, which a page's style sheet has as a custom property: --setup.
func (i Ink) String() string { return palette[i].name }

// Inks lists every ink.
func Inks() []Ink {
	all := make([]Ink, inks)
	for i := range all {
		all[i] = Ink(i)
	}
	return all
}

// Light and Dark are the ink's colours on light and on dark paper.
func (i Ink) Light() color.RGBA { return rgb(palette[i].light) }

// Dark is the ink's colour on dark paper.
func (i Ink) Dark() color.RGBA { return rgb(palette[i].dark) }

func rgb(v uint32) color.RGBA {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}
