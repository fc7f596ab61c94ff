package tell

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// things are where the run's things begin and what is on record of them, by their numbers.
type things struct {
	packets  []int32     // records of kind Packet
	came     []int32     // the same in their order, without gaps
	wanted   []sim.Time  // requests
	bound    []uint32    // the connection that a request was given last
	asks     []uint32    // the sequence number of a request's first byte; 0: none is on record
	began    []sim.Time  // connections
	fins     [2][]uint32 // by side, the client's first, and connection: the sequence number of its FIN; 0: it sends none
	requests facts
	conns    facts
}

// facts are the positions of the records about each of many things: packets and windows are left out.
type facts struct{ first, at []int32 }

// of are those about one.
func (f *facts) of(id uint32) []int32 {
	if int(id)+1 >= len(f.first) {
		return nil
	}
	return f.at[f.first[id]:f.first[id+1]]
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
			t.packets, t.came = put(t.packets, r.Pkt, int32(i)), append(t.came, int32(i))
		case r.Kind == trace.Segment:
			t.segment(r)
		case r.Kind == trace.RequestWanted:
			t.wanted, t.bound, t.asks = put(t.wanted, r.Req, r.At), put(t.bound, r.Req, 0), put(t.asks, r.Req, 0)
		case r.Kind == trace.RequestBound:
			t.bound = put(t.bound, r.Req, r.Conn)
		case r.Kind == trace.ConnState && int(r.Conn) >= len(t.began):
			t.began = put(t.began, r.Conn, r.At)
		}
	}
	t.requests.sort(log, len(t.wanted), func(r *trace.Record) uint32 { return r.Req })
	t.conns.sort(log, len(t.began), func(r *trace.Record) uint32 { return r.Conn })
}

// segment notes where requests begin in their connection's stream, and where the FINs are.
func (t *things) segment(r *trace.Record) {
	if r.Len > 0 && !trace.IsServer(r.Actor) && int(r.Req) < len(t.asks) && t.asks[r.Req] == 0 {
		t.asks[r.Req] = r.Seq()
	}
	if r.Flags&trace.FIN != 0 && int(r.Conn) < len(t.began) {
		side := sideOf(r.Actor)
		t.fins[side] = put(t.fins[side], r.Conn, r.Seq()+r.Len)
	}
}

// fin is the sequence number of one side's FIN; 0: it sends none.
func (t *things) fin(side int, conn uint32) uint32 {
	if int(conn) >= len(t.fins[side]) {
		return 0
	}
	return t.fins[side][conn]
}

func sideOf(actor uint32) int {
	if trace.IsServer(actor) {
		return 1
	}
	return 0
}

// sort puts the records about the things below n under their numbers.
func (f *facts) sort(log *trace.Log, n int, of func(*trace.Record) uint32) {
	each := func(visit func(id uint32, at int32)) {
		for i := range log.Records {
			r := &log.Records[i]
			id := of(r)
			if id == 0 || int(id) >= n || r.IsBehind() || r.Kind == trace.Packet || r.Kind == trace.Segment || r.Kind == trace.Window {
				continue
			}
			visit(id, int32(i))
		}
	}
	f.first = make([]int32, n+2)
	each(func(id uint32, _ int32) { f.first[id+2]++ })
	for id := 2; id < len(f.first); id++ {
		f.first[id] += f.first[id-1]
	}
	f.at = make([]int32, f.first[len(f.first)-1])
	each(func(id uint32, at int32) { // first[id+1] runs from the beginning of id to its end
		f.at[f.first[id+1]] = at
		f.first[id+1]++
	})
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
	if p.Pkt != pkt || p.Kind != trace.Packet {
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

// flight is a packet with what it carries.
func (r *Run) flight(pkt uint32) (trace.Flight, bool) {
	p := r.Packet(pkt)
	return trace.Flight{Record: p, Segment: r.Segment(pkt)}, p != nil
}

// told are the records about a request or a connection, packets and windows left out, in the order of time.
func (r *Run) told(at []int32) func(yield func(*trace.Record) bool) {
	records := r.Index.Log().Records
	return func(yield func(*trace.Record) bool) {
		for _, i := range at {
			if !yield(&records[i]) {
				return
			}
		}
	}
}
