//go:build js

package main

import (
	"syscall/js"

	"keepalive/viz/draw"
	"keepalive/viz/stage"
)

// choice obeys a message about what is chosen.
func (p *page) choice(m js.Value) {
	dir := int(number(m.Get("dir"), 1))
	switch m.Get("type").String() {
	case "point":
		x, y, reach := float32(number(m.Get("x"), 0)), float32(number(m.Get("y"), 0)), float32(stage.MouseReach)
		if m.Get("touch").Truthy() {
			reach = stage.FingerReach
		}
		p.stage.Do(func(s *stage.Stage) {
			if !s.Point(x, y, reach) {
				post(map[string]any{"type": "click"})
			}
		})
	case "choose":
		ref, _ := draw.ParseRef(text(m, "thing"))
		p.stage.Do(func(s *stage.Stage) { s.Choose(ref) })
	case "follow":
		p.stage.Do(func(s *stage.Stage) { s.Follow(dir) })
	}
}

// chosen tells the page what has been chosen; an empty thing is nothing.
func (p *page) chosen(s *stage.Stage) {
	c := s.Chosen()
	post(map[string]any{
		"type": "chosen", "thing": c.Ref.String(), "lane": int(c.Lane), "kind": c.Kind.String(), "id": float64(c.ID), "request": float64(c.Request), "connection": float64(c.Connection),
		"ms": millis(c.At), "text": s.Thing(),
	})
}
