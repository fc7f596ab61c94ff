package scene

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model/trace"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// outline is what is left of items without their colours.
func outline(paint func(s *Scene)) string {
	s := &Scene{}
	s.Reset(&draw.Light)
	paint(s)
	shape := ""
	for i := range s.Items() {
		it := &s.Items()[i]
		shape += fmt.Sprintf("%d %.1f %.1f %.1f %.1f %.1f %v %s;", it.Kind, it.X, it.Y, it.W, it.H, it.Stroke, it.Dashed, s.Text(it))
	}
	return shape
}

func TestNoTwoMeaningsDifferByColourAlone(t *testing.T) {
	b := box{10, 10, 30, 14}
	for _, set := range []map[string]func(*Scene){
		{ // packets that are alone: what they look like in the legend, and the answer to a SYN
			"SYN-ACK": func(s *Scene) { s.arrow(b, false, true, 1) }, "SYN": func(s *Scene) { s.arrow(b, false, false, 1) },
			"data": func(s *Scene) { s.Rect(b.x, b.y, b.w, b.h, 3, s.Theme.Data) }, "TLS": func(s *Scene) { s.sealed(b, 1, false) },
			"dropped": func(s *Scene) { s.fallen(b, 1, s.Theme.Error) },
		},
		{
			"going out": func(s *Scene) { s.underway(trace.Sending, b) }, "at the server": func(s *Scene) { s.underway(trace.Working, b) },
			"coming in": func(s *Scene) { s.underway(trace.Receiving, b) },
		},
		eachSlice(b), eachDot(b), eachStretch(b), eachCell(b),
	} {
		seen := map[string]string{}
		for name, paint := range set {
			shape := outline(paint)
			require.NotContains(t, seen, shape, "%s looks like %s", name, seen[shape])
			seen[shape] = name
		}
	}
	seen := map[string]bool{}
	for i := range signs {
		shape := outline(func(s *Scene) { signs[i].shape(s, b, 1) })
		require.False(t, seen[shape], signs[i].name)
		seen[shape] = true
	}
}

// eachSlice is a part of a heap. Requests go to the server and data to the client: they never lie in the same pipe.
func eachSlice(b box) map[string]func(*Scene) {
	all := map[string]func(*Scene){}
	for _, k := range []tell.Carried{tell.Ack, tell.SYN, tell.TLS, tell.Data, tell.FIN, tell.RST} {
		all[fmt.Sprint(k)] = func(s *Scene) { s.slice(k, b) }
	}
	return all
}

func eachDot(b box) map[string]func(*Scene) {
	all := map[string]func(*Scene){}
	for p := range phases {
		all[p.String()] = func(s *Scene) { s.dot(b.x, b.y, b.h, p) }
	}
	return all
}

func eachStretch(b box) map[string]func(*Scene) {
	all := map[string]func(*Scene){}
	for p := range phases {
		all[p.String()] = func(s *Scene) { s.stretch(b, p) }
	}
	return all
}

func eachCell(b box) map[string]func(*Scene) {
	all := map[string]func(*Scene){}
	for d := range doings {
		g := group{size: 1}
		g.by[d] = 1
		if d == resting {
			g.by[d] = 0
		}
		all[d.String()] = func(s *Scene) { s.clientCell(&g, b, 1) }
	}
	return all
}

// Machado, Oliveira and Fernandes, 2009: what protanopes and deuteranopes see, in linear light.
var eyes = map[string][9]float64{
	"usual":        {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protanopia":   {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
	"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
}

// lab is c in CIELAB as an eye sees it.
func lab(c color.NRGBA, eye [9]float64) [3]float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var s [3]float64
	for i := range s {
		s[i] = min(max(eye[3*i]*in[0]+eye[3*i+1]*in[1]+eye[3*i+2]*in[2], 0), 1)
	}
	f := func(v float64) float64 {
		if v > 0.008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16.0/116
	}
	x, y, z := f((0.4124*s[0]+0.3576*s[1]+0.1805*s[2])/0.9505), f(0.2126*s[0]+0.7152*s[1]+0.0722*s[2]), f((0.0193*s[0]+0.1192*s[1]+0.9505*s[2])/1.089)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func TestWhatIsSentAndWhatComesBackAreToldApartByColourBlindEyesToo(t *testing.T) {
	for name, eye := range eyes {
		for _, th := range []*draw.Theme{&draw.Light, &draw.Dark} {
			for _, pair := range [][2]color.NRGBA{{th.Request, th.Data}, {th.Request, th.Wait}, {th.Data, th.Wait}, {th.Data, th.Ack}, {th.Data, th.SetUp},
				{th.Wait, th.Idle}, {th.Data, th.Error}, {th.Wait, th.Error}, {th.Accent, th.Error}} {
				a, b := lab(pair[0], eye), lab(pair[1], eye)
				apart := math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
				require.Greater(t, apart, 10.0, "%s: %v and %v", name, pair[0], pair[1])
			}
		}
	}
}
