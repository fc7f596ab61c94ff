package lab

import (
	"fmt"
	"sort"

	"keepalive/model/trace"
	"keepalive/sim"
)

// unknown is the time of a fact that the log does not hold.
const unknown sim.Time = -1

// history is a log in the order in which a walk back needs it.
type history struct {
	log      *trace.Log
	at       []int32          // by packet: where its Packet record is in the log; its Segment follows
	before   []uint32         // by packet: the packet on the same wire before it
	conns    [2][]connHistory // by number; of the clients, and behind a proxy
	requests []requestHistory // by number; [0] is not used
	own      []requestHistory // a proxy's, likewise
	ended    []uint32         // requests in the order in which they ended
	lookups  map[site]*lookup
}

// connHistory lists one connection's packets in the order in which they were sent. Index 0 is up, 1 is down.
type connHistory struct {
	secured  sim.Time    // TLS was ready; 0: no TLS
	data     [2][]uint32 // with payload, dropped ones included
	syn      [2][]uint32
	requests []uint32 // in the order in which they were bound
}

// requestHistory is what the log says of one request; of several attempts, of the last.
type requestHistory struct {
	client       uint32
	wanted, done sim.Time
	cause        uint32   // the request whose end led to it
	gap          sim.Time // idle time asked for in between
	asked, order int32    // where its RequestWanted and its RequestDone are in the log
	ended        bool
	proxied      uint32 // the proxy's own request that this one waited for last; 0: none
	status       trace.Status
	bound        binding
	earlier      []binding // attempts that failed

	sending, queued, begin, waiting, wrote sim.Time
	pause                                  sim.Time // that the server needed besides the CPU
	requestPkt                             uint32   // completed the request at the server
	responsePkt                            uint32   // completed the response at the client
}

// binding is a RequestBound record.
type binding struct {
	at, began, opened sim.Time
	secured           sim.Time // TLS was ready; opened without TLS
	conn              uint32   // 0: never bound
	turn              int      // requests that the connection was given before
	order             int32    // where the record is in the log
	reused            bool
}

// site is a host as a client knows it, and lookup the resolution of its name.
type site struct {
	client uint32
	host   string
}

type lookup struct{ from, to sim.Time }

func readHistory(log *trace.Log) (*history, error) {
	h := &history{log: log, at: make([]int32, 1), before: make([]uint32, 1), requests: make([]requestHistory, len(log.Header.Requests)+1),
		lookups: map[site]*lookup{}}
	wires := map[uint32]uint32{} // pipe -> its last packet
	for i := range log.Records {
		r := &log.Records[i]
		var err error
		switch r.Kind {
		case trace.Packet:
			err = h.onPacket(i, r, wires)
		case trace.Segment:
		case trace.ConnSecured:
			var c *connHistory
			if c, err = h.conn(r.Conn); err == nil {
				c.secured = r.At
			}
		default:
			if r.Req != 0 {
				err = h.onRequest(i, r)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
	}
	return h, nil
}

// direction is 1 for packets to the client.
func direction(r *trace.Record) int {
	if r.IsDown() {
		return 1
	}
	return 0
}

func (h *history) onPacket(i int, r *trace.Record, wires map[uint32]uint32) error {
	if int(r.Pkt) != len(h.at) {
		return fmt.Errorf("packet %d comes where %d is expected", r.Pkt, len(h.at))
	}
	if i+1 == len(h.log.Records) || h.log.Records[i+1].Kind != trace.Segment || h.log.Records[i+1].Pkt != r.Pkt {
		return fmt.Errorf("packet %d is not followed by its segment", r.Pkt)
	}
	c, err := h.conn(r.Conn)
	if err != nil {
		return err
	}
	h.at = append(h.at, int32(i))
	d, s := direction(r), &h.log.Records[i+1]
	wire := uint32(d)
	if r.IsBehind() || !h.log.Header.Shared {
		wire |= r.Actor << 1
	}
	h.before = append(h.before, wires[wire])
	if !r.IsDropped() {
		wires[wire] = r.Pkt
	}
	if s.Flags&trace.SYN != 0 {
		c.syn[d] = append(c.syn[d], r.Pkt)
	} else if s.Len > 0 {
		c.data[d] = append(c.data[d], r.Pkt)
	}
	return nil
}

// conn is the history of connection id, which a record tells of.
func (h *history) conn(id uint32) (*connHistory, error) {
	list, k := &h.conns[id/trace.Behind%2], int(id&^trace.Behind)
	if int64(k) > int64(len(h.log.Records))+int64(len(h.requests)) || id > 2*trace.Behind {
		return nil, fmt.Errorf("connection %d is out of range", id)
	}
	for k >= len(*list) {
		*list = append(*list, connHistory{})
	}
	return &(*list)[k], nil
}

// of is the history of connection id, which is known.
func (h *history) of(id uint32) *connHistory {
	return &h.conns[id/trace.Behind%2][id&^trace.Behind]
}

// request is the history of request id, which is known.
func (h *history) request(id uint32) *requestHistory {
	if trace.IsBehind(id) {
		return &h.own[id&^trace.Behind]
	}
	return &h.requests[id]
}

func (h *history) onRequest(i int, r *trace.Record) error {
	if r.IsBehind() {
		return h.onOwn(i, r)
	}
	if int(r.Req) >= len(h.requests) {
		return fmt.Errorf("request %d, but the header names %d", r.Req, len(h.requests)-1)
	}
	q := &h.requests[r.Req]
	switch r.Kind {
	case trace.RequestWanted:
		*q = requestHistory{client: r.Actor, wanted: r.At, cause: uint32(r.A), gap: sim.Time(r.B), asked: int32(i)}
		q.forget()
		if int64(q.cause) != r.A || int(q.cause) >= len(h.requests) {
			return fmt.Errorf("request %d is caused by %d, which does not exist", r.Req, r.A)
		}
	case trace.RequestResolving:
		h.lookups[site{r.Actor, h.host(r.Req)}] = &lookup{from: r.At, to: sim.Never}
	case trace.RequestResolved:
		if k := h.lookups[site{r.Actor, h.host(r.Req)}]; k != nil {
			k.to = r.At
		}
	case trace.RequestBound:
		return h.onBound(i, r, q)
	case trace.RequestDone:
		q.done, q.ended, q.order, q.status = r.At, true, int32(i), trace.Status(r.Flags)
		h.ended = append(h.ended, r.Req)
	default:
		if r.Conn == q.bound.conn {
			return h.onProgress(r, q)
		}
	}
	return nil
}

// onOwn follows a request of a proxy's own.
func (h *history) onOwn(i int, r *trace.Record) error {
	k := int(r.Req &^ trace.Behind)
	if r.Kind == trace.RequestWanted && k == max(len(h.own), 1) && r.A > 0 && int(r.A) < len(h.requests) {
		h.own = append(h.own, make([]requestHistory, k+1-len(h.own))...)
		h.own[k] = requestHistory{client: r.Actor, wanted: r.At, asked: int32(i)}
		h.own[k].forget()
		h.requests[r.A].proxied = r.Req
		return nil
	}
	if !trace.IsBehind(r.Req) || k == 0 || k >= len(h.own) {
		return fmt.Errorf("request %d of the proxy's comes out of turn", k)
	}
	switch q := &h.own[k]; r.Kind {
	case trace.RequestWanted:
		return fmt.Errorf("request %d of the proxy's is wanted twice", k)
	case trace.RequestBound:
		return h.onBound(i, r, q)
	case trace.RequestDone:
		q.done, q.ended, q.order, q.status = r.At, true, int32(i), trace.Status(r.Flags)
	default:
		if r.Conn == q.bound.conn {
			return h.onProgress(r, q)
		}
	}
	return nil
}

func (h *history) host(request uint32) string { return h.log.Header.Requests[request-1].Host }

// lookup is the resolution that request id's client did for its host, or nil.
func (h *history) lookup(id uint32) *lookup {
	return h.lookups[site{h.requests[id].client, h.host(id)}]
}

// forget clears what an earlier attempt left.
func (q *requestHistory) forget() {
	q.sending, q.queued, q.begin, q.waiting, q.wrote = unknown, unknown, unknown, unknown, unknown
	q.requestPkt, q.responsePkt, q.proxied = 0, 0, 0
}

func (h *history) onBound(i int, r *trace.Record, q *requestHistory) error {
	c, err := h.conn(r.Conn)
	if err != nil {
		return err
	}
	if q.bound.conn != 0 {
		q.earlier = append(q.earlier, q.bound)
	}
	q.bound = binding{at: r.At, began: sim.Time(r.A), opened: sim.Time(r.B), secured: max(c.secured, sim.Time(r.B)), conn: r.Conn, turn: len(c.requests),
		order: int32(i), reused: r.Flags&trace.Reused != 0}
	q.forget()
	c.requests = append(c.requests, r.Req)
	return nil
}

func (h *history) onProgress(r *trace.Record, q *requestHistory) error {
	switch r.Kind {
	case trace.RequestSending:
		q.sending = r.At
	case trace.ServerQueued:
		q.queued, q.requestPkt = r.At, h.known(r.Pkt)
	case trace.RequestReceived:
		q.responsePkt = h.known(r.Pkt)
	case trace.ServerBegin:
		q.begin = r.At
	case trace.ServerWaiting:
		q.waiting = r.At
	case trace.ServerWrote:
		q.wrote, q.pause = r.At, sim.Time(r.B)
	}
	return nil
}

// known is a packet of the log; 0: it is not there.
func (h *history) known(pkt uint32) uint32 {
	if int64(pkt) >= int64(len(h.at)) {
		return 0
	}
	return pkt
}

// lastArrival is the packet of list that arrived last, at t or before; 0: none did.
func (h *history) lastArrival(list []uint32, t sim.Time) uint32 {
	sent := sort.Search(len(list), func(i int) bool { return h.packet(list[i]).At > t })
	for i := sent - 1; i >= 0; i-- {
		if r := h.packet(list[i]); !r.IsDropped() && r.End() <= t {
			return list[i]
		}
	}
	return 0
}

// packet and segment are the two records of a packet.
func (h *history) packet(id uint32) *trace.Record  { return &h.log.Records[h.at[id]] }
func (h *history) segment(id uint32) *trace.Record { return &h.log.Records[h.at[id]+1] }

// left is when the last bit of a packet left its sender, or when it fell. Jitter makes it no later: the wire took a
// nanosecond more, at most, than its rate says.
func (h *history) left(r *trace.Record) sim.Time {
	if r.IsDropped() {
		return r.End()
	}
	rtt, up, down := h.log.Header.RTT, h.log.Header.Up, h.log.Header.Down
	if b := h.log.Header.Behind; b != nil && r.IsBehind() {
		rtt, up, down = b.RTT, b.Up, b.Down
	}
	delay, rate := rtt/2, up
	if r.IsDown() {
		delay, rate = rtt-rtt/2, down
	}
	if rate == 0 {
		return r.Start()
	}
	return min(r.End()-delay, r.Start()+sim.Time(int64(r.Len)*8*int64(sim.Second)/rate)+1)
}

// wakes is how long a server's program takes to notice a request.
func (h *history) wakes(q *requestHistory) sim.Time {
	if b := h.log.Header.Behind; b != nil && q.client == trace.Proxy {
		return b.ServerWake
	}
	return h.log.Header.ServerWake
}

// previous is the packet with payload that the same end of the connection sent before packet id; 0: none.
func (h *history) previous(id uint32) uint32 {
	r := h.packet(id)
	return earlier(h.of(r.Conn).data[direction(r)], id)
}

// original is the packet that first carried what packet id carries again; 0: it is not in the log.
func (h *history) original(id uint32) uint32 {
	r := h.packet(id)
	list := h.of(r.Conn).data[direction(r)]
	first := uint32(0)
	for p := earlier(list, id); p != 0; p = earlier(list, p) {
		switch s := h.segment(p); {
		case s.Seq() == h.segment(id).Seq():
			first = p
		case first != 0 && s.Flags&trace.Retransmitted == 0:
			return first
		}
	}
	return first
}

// earlier is the last member of an ascending list below id; 0: none.
func earlier(list []uint32, id uint32) uint32 {
	i := sort.Search(len(list), func(i int) bool { return list[i] >= id })
	if i == 0 {
		return 0
	}
	return list[i-1]
}

// madeRoom is the request that ended last on a connection before b was bound to it; 0: none did.
func (h *history) madeRoom(b *binding) (last uint32) {
	for _, p := range h.of(b.conn).requests[:b.turn] {
		if q := &h.requests[p]; q.ended && q.done <= b.at && (last == 0 || q.done >= h.requests[last].done) {
			last = p
		}
	}
	return last
}

// wantedAt is a request that client wanted at t, before the record at order in the log; 0: none. Requests are numbered in
// the order in which they are wanted.
func (h *history) wantedAt(client uint32, t sim.Time, order int32) uint32 {
	all := h.requests
	i := 1 + sort.Search(len(all)-1, func(i int) bool { return all[i+1].wanted >= t })
	for ; i < len(all) && all[i].wanted == t && all[i].asked < order; i++ {
		if all[i].client == client {
			return uint32(i)
		}
	}
	return 0
}

// endedAt is the last request of client that ended at t, before the record at order in the log; 0: none.
func (h *history) endedAt(client uint32, t sim.Time, order int32) uint32 {
	i := sort.Search(len(h.ended), func(i int) bool { return h.requests[h.ended[i]].order >= order })
	for i--; i >= 0 && h.requests[h.ended[i]].done >= t; i-- {
		if q := &h.requests[h.ended[i]]; q.client == client && q.done == t {
			return h.ended[i]
		}
	}
	return 0
}
