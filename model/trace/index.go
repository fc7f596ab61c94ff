package trace

import (
	"sort"

	"keepalive/sim"
)

// keyframeEvery is how many records a seek folds at most. Where the state is large, thousands of clients say, it may be more:
// a record for each keyframeShare bytes of it, so that all keyframes together take no more room than the log.
const (
	keyframeEvery = 4096
	keyframeShare = 32
)

// Index answers questions about any instant of a Log: what the state is, which packets are on the way. Build it
// once the log is complete; it does not follow later records.
type Index struct {
	log   *Log
	keys  []State // each the fold of the first keys[k].Applied records
	final State
	lanes [2]lane // up, down
	rear  [2]lane // the same behind a proxy

	// received[first[r-1]:first[r]] are the packets that bring request r's response.
	received []arrival
	first    []int32
	// seqs[r-1] is the sequence number of the first byte of request r's response.
	seqs []uint32

	moments moments

	PeakMemory int64 // the server's, bytes
	PeakOpen   int   // connections, accepted and waiting, of the server that had the most
	PeakBehind int   // the same of the servers behind a proxy
}

// lane lists the packets of one direction, in the order in which they came to the link.
type lane struct {
	at    []int32    // positions in Log.Records
	until []sim.Time // until[i] is the latest End of the packets 0 to i
	apart []int32    // apart[i] is how many of the packets 0 to i stand out
}

// arrival is payload that reached a client: total bytes of the response so far.
type arrival struct {
	end   sim.Time
	total int64
}

// Flight is a packet as a link sees it: its Packet record and the Segment that it carries.
type Flight struct {
	*Record
	Segment *Record // nil if the log ends before it
	More    int     // packets close behind it that Sparse left out
}

// Index builds the index of l.
func (l *Log) Index() *Index {
	x := &Index{log: l}
	var s State
	for i, next := 0, 0; i < len(l.Records); i++ {
		if i == next {
			x.keys = append(x.keys, State{})
			x.keys[len(x.keys)-1].Copy(&s)
			next += max(keyframeEvery, s.size()/keyframeShare)
		}
		r := &l.Records[i]
		s.Apply(r)
		if r.IsBehind() {
			switch r.Kind {
			case ServerConns:
				x.PeakBehind = max(x.PeakBehind, Hi(r.A)+Lo(r.A))
			case Packet:
				x.add(&x.rear[direction(r.IsDown())], i)
			}
			continue
		}
		switch r.Kind {
		case ServerConns:
			x.PeakOpen = max(x.PeakOpen, Hi(r.A)+Lo(r.A))
		case Packet:
			x.add(&x.lanes[direction(r.IsDown())], i)
		case ServerMemory:
			x.PeakMemory = max(x.PeakMemory, s.Server.Memory)
		}
	}
	if len(x.keys) == 0 {
		x.keys = []State{{}}
	}
	x.final = s
	x.indexReceived()
	x.indexSequence()
	x.indexMoments()
	return x
}

func direction(down bool) int {
	if down {
		return 1
	}
	return 0
}

// add appends the packet at a position of the log to its lane.
func (x *Index) add(n *lane, i int) {
	f, apart := x.flight(i), int32(0)
	until := f.End()
	if k := len(n.until); k > 0 {
		until, apart = max(until, n.until[k-1]), n.apart[k-1]
	}
	if x.standsOut(f, n) {
		apart++
	}
	n.apart = append(n.apart, apart)
	n.at = append(n.at, int32(i))
	n.until = append(n.until, until)
}

// Log is the log that x indexes.
func (x *Index) Log() *Log { return x.log }

// Final is the state after the last record. It must not be changed.
func (x *Index) Final() *State { return &x.final }

// applied is how many records tell of t or earlier.
func (x *Index) applied(t sim.Time) int {
	return sort.Search(len(x.log.Records), func(i int) bool { return x.log.Records[i].At > t })
}

// StateAt is the state at t, after every record of that instant.
func (x *Index) StateAt(t sim.Time) *State {
	s := &State{}
	x.Seek(s, t)
	return s
}

// Seek moves s, which is a state of this log or zero, to t. It folds at most one chunk of records, and only what is
// new while s is moved forward in small steps; it allocates only to grow s.
func (x *Index) Seek(s *State, t sim.Time) {
	want := x.applied(t)
	key := &x.keys[sort.Search(len(x.keys), func(i int) bool { return x.keys[i].Applied > want })-1]
	if s.Applied > want || s.Applied < key.Applied {
		s.Copy(key)
	}
	for i := s.Applied; i < want; i++ {
		s.Apply(&x.log.Records[i])
	}
}

// InFlight appends to buf the packets of one direction that wait for the link or are on it at t, and those that
// fell less than linger ago, in the order in which they came to the link.
func (x *Index) InFlight(down bool, t, linger sim.Time, buf []Flight) []Flight {
	return x.inFlight(&x.lanes[direction(down)], t, linger, buf)
}

// InFlightBehind is the same of the packets between a proxy and the servers behind it.
func (x *Index) InFlightBehind(down bool, t, linger sim.Time, buf []Flight) []Flight {
	return x.inFlight(&x.rear[direction(down)], t, linger, buf)
}

func (x *Index) inFlight(n *lane, t, linger sim.Time, buf []Flight) []Flight {
	from := sort.Search(len(n.until), func(i int) bool { return n.until[i] > t-linger })
	for _, at := range n.at[from:] {
		r := &x.log.Records[at]
		if r.At > t {
			break
		}
		if r.End() > t || r.IsDropped() && r.End() > t-linger {
			buf = append(buf, x.flight(int(at)))
		}
	}
	return buf
}

// During appends to buf the packets of one direction that at some time between from and to, both included, wait for the link,
// are on it or fall, in the order in which they came to the link. It looks at no others but those that wait or fly as long
// as one of them.
func (x *Index) During(down bool, from, to sim.Time, buf []Flight) []Flight {
	n := &x.lanes[direction(down)]
	first := sort.Search(len(n.until), func(i int) bool { return n.until[i] >= from })
	for _, at := range n.at[first:] {
		r := &x.log.Records[at]
		if r.At > to {
			break
		}
		if r.End() >= from {
			buf = append(buf, x.flight(int(at)))
		}
	}
	return buf
}

func (x *Index) flight(at int) Flight {
	f := Flight{Record: &x.log.Records[at]}
	if at+1 < len(x.log.Records) {
		if s := &x.log.Records[at+1]; s.Kind == Segment && s.Pkt == f.Pkt {
			f.Segment = s
		}
	}
	return f
}

// indexReceived sorts the payload that reached the clients by request.
func (x *Index) indexReceived() {
	requests := len(x.log.Header.Requests)
	x.first = make([]int32, requests+1)
	x.eachArrival(func(f Flight) { x.first[f.Req]++ })
	for r := range requests {
		x.first[r+1] += x.first[r]
	}
	x.received = make([]arrival, x.first[requests])
	next := append([]int32(nil), x.first...)
	x.eachArrival(func(f Flight) {
		at := next[f.Req-1]
		next[f.Req-1]++
		total := int64(f.Segment.Len)
		if at > x.first[f.Req-1] {
			total += x.received[at-1].total
		}
		x.received[at] = arrival{f.End(), total}
	})
}

// indexSequence finds where each response begins in its connection's stream.
func (x *Index) indexSequence() {
	x.seqs = make([]uint32, len(x.log.Header.Requests))
	seen := make([]bool, len(x.seqs))
	for _, at := range x.lanes[1].at {
		f := x.flight(int(at))
		if x.known(f) && !seen[f.Req-1] {
			seen[f.Req-1] = true
			x.seqs[f.Req-1] = f.Segment.Seq()
		}
	}
}

// Number is a data packet's place within its response, from 1 and in units of the MSS; 0: it is no such packet.
func (x *Index) Number(f Flight) int {
	if !f.IsDown() || !x.known(f) {
		return 0
	}
	return int(f.Segment.Seq()-x.seqs[f.Req-1])/max(x.log.Header.MSS, 1) + 1
}

// known tells whether f carries payload of a request that the header names.
func (x *Index) known(f Flight) bool {
	return f.Req != 0 && int(f.Req) <= len(x.log.Header.Requests) && f.Segment != nil && f.Segment.Len > 0
}

// eachArrival visits the packets that bring new payload of a request to a client.
func (x *Index) eachArrival(visit func(Flight)) {
	for _, at := range x.lanes[1].at {
		f := x.flight(int(at))
		if x.known(f) && !f.IsDropped() {
			visit(f)
		}
	}
}

// Received is how many bytes of req's response have reached its client at t, sent again or not.
func (x *Index) Received(req uint32, t sim.Time) int64 {
	if req == 0 || int(req) >= len(x.first) {
		return 0
	}
	list := x.received[x.first[req-1]:x.first[req]]
	k := sort.Search(len(list), func(i int) bool { return list[i].end > t })
	if k == 0 {
		return 0
	}
	return list[k-1].total
}

// NextRecord is the time of the first record after t, and PrevRecord of the last before it.
func (x *Index) NextRecord(t sim.Time) (sim.Time, bool) {
	if i := x.applied(t); i < len(x.log.Records) {
		return x.log.Records[i].At, true
	}
	return 0, false
}

// PrevRecord is the time of the last record before t.
func (x *Index) PrevRecord(t sim.Time) (sim.Time, bool) {
	if i := x.applied(t - 1); i > 0 {
		return x.log.Records[i-1].At, true
	}
	return 0, false
}

// NextPacket is when the first packet after t comes to a link, in either direction.
func (x *Index) NextPacket(t sim.Time) (sim.Time, bool) {
	next := sim.Never
	for d := range x.lanes {
		at := x.lanes[d].at
		if i := x.came(d, t); i < len(at) {
			next = min(next, x.log.Records[at[i]].At)
		}
	}
	return next, next != sim.Never
}

// PrevPacket is when the last packet before t came to a link, in either direction.
func (x *Index) PrevPacket(t sim.Time) (sim.Time, bool) {
	prev := sim.Time(-1)
	for d := range x.lanes {
		if i := x.came(d, t-1); i > 0 {
			prev = max(prev, x.log.Records[x.lanes[d].at[i-1]].At)
		}
	}
	return prev, prev >= 0
}

// came is how many packets of direction d came to the link at t or before.
func (x *Index) came(d int, t sim.Time) int {
	return x.until(x.lanes[d].at, t)
}
