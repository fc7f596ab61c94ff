//go:build js

package main

import (
	"encoding/json"
	"syscall/js"

	"keepalive/model/trace"
	"keepalive/viz/draw"
	"keepalive/viz/stage"
	"keepalive/viz/tell"
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
	case "events":
		kind := text(m, "kind")
		p.stage.Do(func(s *stage.Stage) { events(s, kind) })
	}
}

// chosen tells the page what has been chosen; an empty thing is nothing.
func (p *page) chosen(s *stage.Stage) {
	c := s.Chosen()
	messages, err := json.Marshal(s.Messages()) // as the engine takes them
	if err != nil {
		p.fail(err)
		return
	}
	post(map[string]any{
		"type": "chosen", "thing": c.Ref.String(), "lane": int(c.Lane), "request": float64(c.Request), "connection": float64(c.Connection),
		"ms": millis(c.At), "text": s.Thing(), "messages": string(messages),
	})
}

// around is how many events are told before the present, and how many after.
const around = 15

// events tells the page what is seen around the present.
func events(s *stage.Stage, kind string) {
	q := tell.Around{Before: around, After: around, Kinds: moments[kind], Packets: kind == "packet"}
	if q.Kinds == 0 && !q.Packets {
		q.Kinds = trace.AnyMoment
	}
	all := []any{}
	for _, e := range s.Events(q) {
		all = append(all, map[string]any{"ms": millis(e.At), "lane": e.Lane, "thing": e.Ref.String(), "text": e.Text})
	}
	post(map[string]any{"type": "events", "kind": kind, "ms": millis(s.Player().At()), "events": all})
}
