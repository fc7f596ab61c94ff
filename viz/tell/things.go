package tell

import (
	"sync"

	"keepalive/model/trace"
	"keepalive/sim"
)

// things are where the run's things begin, by their numbers.
type things struct {
	packets []int32    // records of kind Packet
	wanted  []sim.Time // requests
	bound   []uint32   // the connection that a request was given last
	began   []sim.Time // connections
	file    file
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

// file is what is on record of each thing. It is drawn up when somebody asks for the first time: most runs are watched only.
type file struct {
	drawn    sync.Once
	came     []int32     // the packets' records in their order, without gaps
	asks     []uint32    // the sequence number of a request's first byte; 0: none is on record
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

// onFile is the run's file.
func (r *Run) onFile() *file {
	r.file.drawn.Do(func() { r.file.draw(r.Index.Log(), len(r.wanted), len(r.began)) })
	return &r.file
}

func (f *file) draw(log *trace.Log, requests, conns int) {
	var said []int32
	f.asks, f.fins = make([]uint32, requests), [2][]uint32{make([]uint32, conns), make([]uint32, conns)}
	for i := range log.Records {
		r := &log.Records[i]
		switch {
		case r.IsBehind():
		case r.Kind == trace.Packet:
			f.came = append(f.came, int32(i))
		case r.Kind == trace.Segment:
			f.segment(r)
		case r.Kind != trace.Window && (r.Req != 0 || r.Conn != 0):
			said = append(said, int32(i))
		}
	}
	f.requests.sort(log, said, requests, func(r *trace.Record) uint32 { return r.Req })
	f.conns.sort(log, said, conns, func(r *trace.Record) uint32 { return r.Conn })
}

// segment notes where requests begin in their connection's stream, and where the FINs are.
func (f *file) segment(r *trace.Record) {
	if r.Len > 0 && !trace.IsServer(r.Actor) && int(r.Req) < len(f.asks) && f.asks[r.Req] == 0 {
		f.asks[r.Req] = r.Seq()
	}
	if side := sideOf(r.Actor); r.Flags&trace.FIN != 0 && int(r.Conn) < len(f.fins[side]) {
		f.fins[side][r.Conn] = r.Seq() + r.Len
	}
}

// fin is the sequence number of one side's FIN; 0: it sends none.
func (f *file) fin(side int, conn uint32) uint32 {
	if int(conn) >= len(f.fins[side]) {
		return 0
	}
	return f.fins[side][conn]
}

func sideOf(actor uint32) int {
	if trace.IsServer(actor) {
		return 1
	}
	return 0
}

// sort puts what is said about the things below n under their numbers.
func (f *facts) sort(log *trace.Log, said []int32, n int, of func(*trace.Record) uint32) {
	each := func(visit func(id uint32, at int32)) {
		for _, i := range said {
			if id := of(&log.Records[i]); id != 0 && int(id) < n {
				visit(id, i)
			}
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

// told are the records at some positions.
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
