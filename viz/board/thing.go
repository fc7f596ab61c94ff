package board

import (
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

func thing(t *tell.Teller, c tell.Choice) string {
	t.Drop()
	switch c.Kind {
	case draw.Packet:
		t.Number("packet", c.Packet).Put(" of ").Number("connection", c.Connection)
	case draw.Request:
		t.Number("request", c.Request).Put(" on ").Number("connection", c.Connection)
	case draw.Connection:
		t.Number("connection", c.Connection)
	}
	return t.Put(", at ").Span(c.At).Put(".").Take()
}
