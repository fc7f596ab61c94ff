package charts

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// paper is a PDF canvas that takes text as it comes: gonum/plot's hands UTF-8 to fonts that want Windows-1252.
type paper struct{ *vgpdf.Canvas }

// FillString implements vg.Canvas. A letter that the fonts lack becomes a mark in its place.
func (p paper) FillString(f font.Face, at vg.Point, s string) {
	encoded, err := encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder()).String(s)
	if err != nil {
		encoded = s
	}
	p.Canvas.FillString(f, at, encoded)
}
