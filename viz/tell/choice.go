package tell

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
)

// Choice is a thing that somebody has chosen, and what it belongs to, so that every view can mark it. The zero Choice is
// nothing.
type Choice struct {
	draw.Ref
	Packet, Request, Connection uint32   // of the run Lane; 0: none
	At                          sim.Time // when it begins
}

// Choose looks up what a thing belongs to. What is not in the runs is nothing.
func Choose(runs []*Run, ref draw.Ref) Choice {
	if int(ref.Lane) >= len(runs) || ref.ID == 0 {
		return Choice{}
	}
	c, r := Choice{Ref: ref}, runs[ref.Lane]
	switch ref.Kind {
	case draw.Packet:
		p := r.Packet(ref.ID)
		if p == nil {
			return Choice{}
		}
		c.Packet, c.Request, c.Connection, c.At = ref.ID, p.Req, p.Conn, p.At
	case draw.Request:
		if int(ref.ID) >= len(r.wanted) {
			return Choice{}
		}
		c.Request, c.Connection, c.At = ref.ID, r.bound[ref.ID], r.wanted[ref.ID]
	case draw.Connection:
		if int(ref.ID) >= len(r.began) {
			return Choice{}
		}
		c.Connection, c.At = ref.ID, r.began[ref.ID]
	default:
		return Choice{}
	}
	return c
}

// Marks tells whether a thing is the one chosen, or belongs to it, or is what that belongs to.
func (c Choice) Marks(ref draw.Ref) bool {
	if c.Kind == draw.Nothing || c.Lane != ref.Lane || ref.ID == 0 {
		return false
	}
	switch ref.Kind {
	case draw.Packet:
		return c.Packet == ref.ID
	case draw.Request:
		return c.Request == ref.ID
	case draw.Connection:
		return c.Connection == ref.ID
	default:
		return false
	}
}

// things are where the run's things begin, by their numbers.
type things struct {
	packets []int32    // records of kind Packet
	wanted  []sim.Time // requests
	bound   []uint32   // the connection that a request was given last
	began   []sim.Time // connections
}

// number looks at every record once. What is behind a proxy has numbers of its own and is left out.
func (t *things) number(log *trace.Log) {
	for i := range log.Records {
		r := &log.Records[i]
		if r.IsBehind() {
			continue
		}
		switch {
		case r.Kind == trace.Packet:
			t.packets = put(t.packets, r.Pkt, int32(i))
		case r.Kind == trace.RequestWanted:
			t.wanted, t.bound = put(t.wanted, r.Req, r.At), put(t.bound, r.Req, 0)
		case r.Kind == trace.RequestBound:
			t.bound = put(t.bound, r.Req, r.Conn)
		case r.Kind == trace.ConnState && int(r.Conn) >= len(t.began):
			t.began = put(t.began, r.Conn, r.At)
		}
	}
}

// put stores v under a number from 1.
func put[T any](list []T, number uint32, v T) []T {
	for len(list) <= int(number) {
		var none T
		list = append(list, none)
	}
	list[number] = v
	return list
}

// Packet is the record of a packet; nil: there is none of this number.
func (r *Run) Packet(pkt uint32) *trace.Record {
	if pkt == 0 || int(pkt) >= len(r.packets) {
		return nil
	}
	p := &r.Index.Log().Records[r.packets[pkt]]
	if p.Pkt != pkt {
		return nil
	}
	return p
}

// Segment is what a packet carries; nil: it is not on record.
func (r *Run) Segment(pkt uint32) *trace.Record {
	if r.Packet(pkt) == nil {
		return nil
	}
	records := r.Index.Log().Records
	if next := int(r.packets[pkt]) + 1; next < len(records) && records[next].Kind == trace.Segment && records[next].Pkt == pkt {
		return &records[next]
	}
	return nil
}
