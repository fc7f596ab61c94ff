package tell

import (
	"slices"
	"sort"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
)

// Event is something that is seen, in words, and what to choose to see it.
type Event struct {
	At   sim.Time
	Lane int
	Ref  draw.Ref // the packet, the request or the connection that it is about
	Text string   // "the handshake of connection 3 is complete"
}

// Around is the part of a race's events that is asked for.
type Around struct {
	At            sim.Time
	Before, After int           // how many at At or before, and how many later, at most
	Kinds         trace.Moments // moments of these kinds
	Packets       bool          // and every packet as it leaves
}

// Events appends to buf what is seen around an instant, in the order of time and of lanes, as Around asks. It costs a few
// binary searches for each.
func (s *Teller) Events(q Around, buf []Event) []Event {
	from := len(buf)
	for t := q.At; len(buf)-from < q.Before; {
		prev, ok := s.next(t, -1, &q)
		if !ok {
			break
		}
		mark := len(buf)
		buf = s.eventsAt(prev, &q, buf)
		slices.Reverse(buf[mark:])
		t = prev - 1
	}
	buf = buf[:min(len(buf), from+q.Before)]
	slices.Reverse(buf[from:])
	from = len(buf)
	for t := q.At; len(buf)-from < q.After; {
		next, ok := s.next(t, 1, &q)
		if !ok {
			break
		}
		buf, t = s.eventsAt(next, &q, buf), next
	}
	return buf[:min(len(buf), from+q.After)]
}

// next is the first instant after t at which something is seen, or with dir -1 the last at t or before.
func (s *Teller) next(t sim.Time, dir int, q *Around) (sim.Time, bool) {
	best, found := sim.Time(0), false
	see := func(at sim.Time, ok bool) {
		if ok && (!found || dir > 0 && at < best || dir < 0 && at > best) {
			best, found = at, true
		}
	}
	for _, r := range s.Runs {
		if dir > 0 {
			see(r.Index.NextMoment(t, q.Kinds))
		} else {
			see(r.Index.PrevMoment(t+1, q.Kinds))
		}
		if q.Packets {
			see(r.packetBeside(t, dir))
		}
	}
	return best, found
}

// place is how many packets came to a link before t.
func (r *Run) place(t sim.Time) int {
	records, came := r.Index.Log().Records, r.onFile().came
	return sort.Search(len(came), func(i int) bool { return records[came[i]].At >= t })
}

// packetBeside is when the first packet after t leaves, or with dir -1 the last at t or before.
func (r *Run) packetBeside(t sim.Time, dir int) (sim.Time, bool) {
	k, came := r.place(t+1), r.onFile().came
	if dir < 0 {
		k--
	}
	if k < 0 || k >= len(came) {
		return 0, false
	}
	return r.Index.Log().Records[came[k]].At, true
}

// allOfThem is more than there are moments in a log.
const allOfThem = 1 << 30

// eventsAt appends what is seen at exactly t: of each lane the moments first, and then the packets.
func (s *Teller) eventsAt(t sim.Time, q *Around, buf []Event) []Event {
	for lane, r := range s.Runs {
		s.moments, _ = r.Index.MomentsAt(t, q.Kinds, allOfThem, s.moments)
		for i := range s.moments {
			m := &s.moments[i]
			s.Drop()
			s.moment(r, m)
			buf = append(buf, Event{At: t, Lane: lane, Ref: s.subject(lane, m), Text: s.Take()})
		}
		if !q.Packets {
			continue
		}
		records := r.Index.Log().Records
		for _, i := range r.onFile().came[r.place(t):r.place(t+1)] {
			f, _ := r.flight(records[i].Pkt)
			if f.IsDropped() && q.Kinds&trace.MomentLoss != 0 {
				continue // told as a loss
			}
			s.Drop()
			s.name(r, &f)
			buf = append(buf, Event{At: t, Lane: lane, Ref: draw.Ref{Lane: uint8(lane), Kind: draw.Packet, ID: f.Pkt}, Text: s.Take()})
		}
	}
	return buf
}

// subject is what a moment is about.
func (s *Teller) subject(lane int, m *trace.Moment) draw.Ref {
	ref := draw.Ref{Lane: uint8(lane), Kind: draw.Connection, ID: m.Conn}
	switch {
	case m.Kind == trace.Packet:
		ref.Kind, ref.ID = draw.Packet, m.Pkt
	case m.What == trace.MomentFirstByte, m.What == trace.MomentFailed, m.What == trace.MomentTimer && m.Flags == trace.TimerRequest:
		ref.Kind, ref.ID = draw.Request, m.Req
	}
	return Choose(s.Runs, ref).Ref
}
