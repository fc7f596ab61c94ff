package draw_test

import (
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/viz/draw"
	"keepalive/viz/draw/rastertest"
)

func TestEveryColourStandsOutFromItsGroundInEveryTheme(t *testing.T) {
	for _, name := range draw.ThemeNames {
		theme := draw.ThemeNamed(name)
		for _, ground := range []color.NRGBA{theme.Background, theme.Card} {
			for _, words := range []color.NRGBA{theme.Text, theme.Secondary, theme.Accent} {
				require.GreaterOrEqual(t, rastertest.Contrast(words, ground), 4.5, "%s: words of %v on %v", name, words, ground)
			}
			for _, ink := range []color.NRGBA{theme.SetUp, theme.TLS, theme.Request, theme.Wait, theme.Data, theme.Ack, theme.Idle, theme.Error} {
				require.GreaterOrEqual(t, rastertest.Contrast(ink, ground), 3.0, "%s: %v on %v", name, ink, ground)
			}
		}
		for _, ink := range []color.NRGBA{theme.SetUp, theme.TLS, theme.Request, theme.Data, theme.Accent, theme.Error} {
			require.GreaterOrEqual(t, rastertest.Contrast(theme.On(ink), ink), 4.5, "%s: letters on %v", name, ink)
		}
		for _, ink := range []color.NRGBA{theme.SetUp, theme.TLS, theme.Request, theme.Wait, theme.Data, theme.Ack, theme.Idle, theme.Error, theme.Card, theme.Text} {
			require.GreaterOrEqual(t, rastertest.Contrast(theme.On(ink), ink)*1.1, max(rastertest.Contrast(theme.OnBright, ink), rastertest.Contrast(theme.OnDark, ink)), "%s: letters on %v", name, ink)
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
		require.Greater(t, rastertest.Contrast(c[0], p.Card), rastertest.Contrast(c[1], l.Card), "%v", c[0])
	}
}
