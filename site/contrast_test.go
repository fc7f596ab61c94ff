package site

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// least is the contrast that WCAG 2.2 asks for on page and card: 1.4.3 for text, 1.4.11 for graphics and for the edges of controls.
var least = map[string]float64{
	"text": 4.5, "soft": 4.5, "accent": 4.5,
	"edge": 3, "setup": 3, "tls": 3, "request": 3, "wait": 3, "data": 3, "ack": 3, "idle": 3, "error": 3,
}

func TestEveryColourStandsOutInEveryTheme(t *testing.T) {
	themes := palettes(t)
	require.Len(t, themes, 4, "light, dark by choice, dark by the system, projector")
	assert.Equal(t, themes[1], themes[2], "the dark theme is one")
	for i, theme := range themes {
		for name, want := range least {
			for _, ground := range []string{"bg", "card"} {
				assert.GreaterOrEqual(t, contrast(theme[name], theme[ground]), want, "theme %d: --%s %s on --%s", i, name, theme[name], ground)
			}
		}
		assert.GreaterOrEqual(t, contrast(theme["on-accent"], theme["accent"]), 4.5, "theme %d: --on-accent", i)
	}
}

// palettes are the sets of colours on the screen, in the style sheet's order.
func palettes(t *testing.T) (all []map[string]string) {
	t.Helper()
	css, err := os.ReadFile("css/style.css")
	require.NoError(t, err)
	screen, _, _ := strings.Cut(string(css), "@media print")
	block := regexp.MustCompile(`color-scheme:[^}]*`)
	colour := regexp.MustCompile(`--([a-z-]+): (#[0-9A-F]{6})`)
	for _, b := range block.FindAllString(screen, -1) {
		theme := map[string]string{}
		for _, m := range colour.FindAllStringSubmatch(b, -1) {
			theme[m[1]] = m[2]
		}
		all = append(all, theme)
	}
	return all
}

// contrast is the ratio of two colours' relative luminances (WCAG 2.2), from 1 to 21.
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(hex string) float64 {
	v, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		return math.NaN()
	}
	linear := func(shift int) float64 {
		c := float64(v>>shift&0xFF) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
