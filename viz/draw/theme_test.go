package draw_test

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/viz/draw"
)

// contrast is WCAG's ratio of two colours.
func contrast(a, b color.NRGBA) float64 {
	light := func(c color.NRGBA) float64 {
		linear := func(v uint8) float64 {
			if s := float64(v) / 255; s > 0.04045 {
				return math.Pow((s+0.055)/1.055, 2.4)
			}
			return float64(v) / 255 / 12.92
		}
		return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	}
	x, y := light(a)+0.05, light(b)+0.05
	return max(x/y, y/x)
}

func TestEveryColourStandsOutFromItsGroundInEveryTheme(t *testing.T) {
	for _, name := range draw.ThemeNames {
		theme := draw.ThemeNamed(name)
		for _, ground := range []color.NRGBA{theme.Background, theme.Card} {
			for _, words := range []color.NRGBA{theme.Text, theme.Secondary, theme.Accent} {
				require.GreaterOrEqual(t, contrast(words, ground), 4.5, "%s: words of %v on %v", name, words, ground)
			}
			for _, ink := range []color.NRGBA{theme.SetUp, theme.TLS, theme.Request, theme.Wait, theme.Data, theme.Ack, theme.Idle, theme.Error} {
				require.GreaterOrEqual(t, contrast(ink, ground), 3.0, "%s: %v on %v", name, ink, ground)
			}
		}
		for _, ink := range []color.NRGBA{theme.SetUp, theme.TLS, theme.Request, theme.Data, theme.Accent, theme.Error} {
			require.GreaterOrEqual(t, contrast(theme.On(ink), ink), 4.5, "%s: letters on %v", name, ink)
		}
		for _, ink := range []color.NRGBA{theme.SetUp, theme.TLS, theme.Request, theme.Wait, theme.Data, theme.Ack, theme.Idle, theme.Error, theme.Card, theme.Text} {
			require.GreaterOrEqual(t, contrast(theme.On(ink), ink)*1.1, max(contrast(theme.OnBright, ink), contrast(theme.OnDark, ink)), "%s: letters on %v", name, ink)
		}
		for _, ink := range []color.NRGBA{theme.SetUp, theme.Data} {
			require.Equal(t, theme.OnBright, theme.On(ink), "%s: packets of %v carry dark letters", name, ink)
		}
	}
}

func TestTheProjectorsThemeStandsOutMoreThanTheLightOne(t *testing.T) {
	p, l := &draw.Projector, &draw.Light
	for _, c := range [][2]color.NRGBA{{p.Text, l.Text}, {p.Secondary, l.Secondary}, {p.Line, l.Line}, {p.SetUp, l.SetUp}, {p.TLS, l.TLS}, {p.Request, l.Request},
		{p.Wait, l.Wait}, {p.Data, l.Data}, {p.Ack, l.Ack}, {p.Idle, l.Idle}, {p.Error, l.Error}, {p.PipeLine, l.PipeLine}} {
		require.Greater(t, contrast(c[0], p.Card), contrast(c[1], l.Card), "%v", c[0])
	}
}
