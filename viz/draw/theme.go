package draw

import "image/color"

// Theme is a set of colours in which each means one thing.
type Theme struct {
	Background, Card, Line           color.NRGBA
	Text, Secondary                  color.NRGBA
	SetUp, TLS, Request              color.NRGBA
	Wait, Data, Ack                  color.NRGBA
	Idle, Error, Accent              color.NRGBA
	Pipe, PipeLine, OnDark, OnBright color.NRGBA
}

// Light is for paper, Dark for night, Projector for a wall in a room that is not dark: its lines and letters are as dark as
// white allows.
var (
	Light = Theme{
		Background: rgb(0xFBFAF7), Card: rgb(0xFFFFFF), Line: rgb(0xDAD7CF),
		Text: rgb(0x1B2430), Secondary: rgb(0x667281),
		SetUp: rgb(0xBC7A00), TLS: rgb(0xBA6795), Request: rgb(0x0066A6), Wait: rgb(0x008A65), Data: rgb(0x338FCD), Ack: rgb(0x7A8794),
		Idle: rgb(0x9C8500), Error: rgb(0xD55E00), Accent: rgb(0x0066A6),
		Pipe: rgb(0xEEF2F6), PipeLine: rgb(0xC4CED8), OnDark: rgb(0xFFFFFF), OnBright: rgb(0x10161E),
	}
	Dark = Theme{
		Background: rgb(0x12161C), Card: rgb(0x1A2029), Line: rgb(0x2C3643),
		Text: rgb(0xE8EDF2), Secondary: rgb(0x93A0AE),
		SetUp: rgb(0xE69F00), TLS: rgb(0xCC79A7), Request: rgb(0x3D9BE0), Wait: rgb(0x00B386), Data: rgb(0x56B4E9), Ack: rgb(0x6C7988),
		Idle: rgb(0xF0E442), Error: rgb(0xD55E00), Accent: rgb(0x6CB8F0),
		Pipe: rgb(0x212A35), PipeLine: rgb(0x3A4756), OnDark: rgb(0xFFFFFF), OnBright: rgb(0x10161E),
	}
	Projector = Theme{
		Background: rgb(0xFFFFFF), Card: rgb(0xFFFFFF), Line: rgb(0x8A8F96),
		Text: rgb(0x000000), Secondary: rgb(0x333B45),
		SetUp: rgb(0xB06A00), TLS: rgb(0xA13F78), Request: rgb(0x004E8A), Wait: rgb(0x00704F), Data: rgb(0x1F7FC4), Ack: rgb(0x5B6874),
		Idle: rgb(0x857000), Error: rgb(0xC24A00), Accent: rgb(0x004E8A),
		Pipe: rgb(0xEDF1F5), PipeLine: rgb(0x8A97A4), OnDark: rgb(0xFFFFFF), OnBright: rgb(0x000000),
	}
)

// ThemeNames are what the themes are called, in the order in which they are offered.
var ThemeNames = [...]string{"light", "dark", "projector"}

// themes are in the order of their names.
var themes = [len(ThemeNames)]*Theme{&Light, &Dark, &Projector}

// ThemeNamed finds a theme by its name; nil: there is none.
func ThemeNamed(name string) *Theme {
	for i, n := range ThemeNames {
		if n == name {
			return themes[i]
		}
	}
	return nil
}

// Next is the theme that is offered after t.
func (t *Theme) Next() *Theme {
	for i := range themes {
		if themes[i] == t.OrLight() {
			return themes[(i+1)%len(themes)]
		}
	}
	return &Light
}

// Themed is the dark theme or the light one.
func Themed(dark bool) *Theme {
	if dark {
		return &Dark
	}
	return &Light
}

// OrLight is t, or the light theme if t is nil.
func (t *Theme) OrLight() *Theme {
	if t == nil {
		return &Light
	}
	return t
}

// Other is the dark theme if t is light, and the light one if it is dark.
func (t *Theme) Other() *Theme { return Themed(t != &Dark) }

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// Faded is c with its opacity times a, which is between 0 and 1.
func Faded(c color.NRGBA, a float32) color.NRGBA {
	c.A = uint8(float32(c.A) * min(max(a, 0), 1))
	return c
}

// On is the colour of letters on c: the one of the two that stands out more.
func (t *Theme) On(c color.NRGBA) color.NRGBA {
	r, g, b := int(c.R), int(c.G), int(c.B)
	if 2126*r*r+7152*g*g+722*b*b > bright {
		return t.OnBright
	}
	return t.OnDark
}

// bright is the luminance from which on OnBright stands out more than OnDark (0.19 of WCAG's, whose exponent of 2.4 is a
// square here), in ten-thousandths of a colour's square.
const bright = 144_500_000
