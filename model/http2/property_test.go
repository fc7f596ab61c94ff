package http2

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// auditor watches the frames that an end writes, from outside, and knows what its peer has allowed so far.
type auditor struct {
	t        *rapid.T
	frames   *Frames
	seen     int64
	allowed  int64 // connection: sum of the allowances that the end has read, less DATA
	initial  int64
	maxFrame int64
	streams  map[uint32]*audited
	block    uint32 // stream whose header block is being written
}

type audited struct {
	allowed      int64
	headers      int
	ended, reset bool
}

func newAuditor(t *rapid.T, frames *Frames) *auditor {
	return &auditor{
		t: t, frames: frames, streams: map[uint32]*audited{},
		allowed: DefaultWindow, initial: DefaultWindow, maxFrame: DefaultMaxFrame,
	}
}

func (a *auditor) stream(id uint32) *audited {
	if a.streams[id] == nil {
		a.streams[id] = &audited{allowed: a.initial}
	}
	return a.streams[id]
}

// must fails with the frame if a rule does not hold.
func (a *auditor) must(holds bool, rule string, f Frame) {
	if !holds {
		a.t.Fatalf("%v: %s", f, rule)
	}
}

// look checks the frames that are new.
func (a *auditor) look() {
	for ; a.seen < a.frames.Count(); a.seen++ {
		f := a.frames.Frame(a.seen)
		a.must(int64(f.Len) <= a.maxFrame, "longer than MAX_FRAME_SIZE", f)
		a.must((a.block != 0) == (f.Type == Continuation) && (a.block == 0 || a.block == f.Stream), "breaks a header block", f)
		switch f.Type {
		case Headers, Continuation:
			s := a.stream(f.Stream)
			if a.block = f.Stream; f.Has(EndHeaders) {
				a.block = 0
			}
			if f.Type == Headers {
				a.must(!s.ended && !s.reset, "after the end", f)
				s.headers++
				s.ended = f.Has(EndStream)
			}
		case Data:
			s := a.stream(f.Stream)
			a.must(!s.ended && !s.reset, "after the end", f)
			a.must(s.headers == 1, "not after one HEADERS", f)
			s.allowed -= int64(f.Len)
			a.allowed -= int64(f.Len)
			a.must(s.allowed >= 0, "above the stream's window", f)
			a.must(a.allowed >= 0, "above the connection's window", f)
			s.ended = f.Has(EndStream)
		case RstStream:
			a.stream(f.Stream).reset = true
		}
	}
}

// on notes what the end has read. A stream of a server begins with the request.
func (a *auditor) on(e Event, peer Settings) {
	switch e.Kind {
	case GotSettings:
		peer = peer.effective()
		for _, s := range a.streams {
			s.allowed += peer.InitialWindow - a.initial
		}
		a.initial, a.maxFrame = peer.InitialWindow, peer.MaxFrame
	case GotWindow:
		if e.Stream == 0 {
			a.allowed += e.N
		} else {
			a.stream(e.Stream).allowed += e.N
		}
	case GotHeaders:
		a.stream(e.Stream)
	case GotReset:
		a.stream(e.Stream).reset = true
	}
}

// anyConfig draws an end.
func anyConfig(t *rapid.T, name string) Config {
	return Config{
		Settings: Settings{
			InitialWindow: rapid.SampledFrom([]int64{0, 1, 1000, 40000, 65535, 65536, 300000, MaxWindow}).Draw(t, name+" window"),
			MaxFrame:      rapid.SampledFrom([]int64{0, 20000, MaxFrameLimit}).Draw(t, name+" max frame"),
			MaxStreams:    rapid.SampledFrom([]int64{0, 1, 3, 100}).Draw(t, name+" max streams"),
		},
		ConnWindow: rapid.SampledFrom([]int64{0, 65536, 200000, MaxWindow}).Draw(t, name+" connection window"),
		Chunk:      rapid.SampledFrom([]int64{0, 100, 8192, 50000}).Draw(t, name+" chunk"),
		Order:      Order(rapid.IntRange(0, 2).Draw(t, name+" order")),
		Weights:    rapid.Bool().Draw(t, name+" weights"),
		Manual:     rapid.Bool().Draw(t, name+" manual"),
	}
}

// exchange is a random run: requests of known size, and what came of them.
type exchange struct {
	*pair
	t        *rapid.T
	audit    [2]*auditor
	requests []Request
	answer   []int64
	due      []uint32 // streams complete at the server and not answered
	got      [2]map[uint32]int64
	ended    [2]map[uint32]bool
	again    []uint32            // requests refused
	unread   [2]map[uint32]int64 // manual: arrived and not consumed
	order    [2][]uint32
}

func newExchange(t *rapid.T) *exchange {
	x := &exchange{pair: newPair(anyConfig(t, "client"), anyConfig(t, "server")), t: t}
	for i := range x.audit {
		x.audit[i] = newAuditor(t, &x.frames[i])
		x.got[i], x.ended[i], x.unread[i] = map[uint32]int64{}, map[uint32]bool{}, map[uint32]int64{}
	}
	x.onEvent = x.on
	return x
}

func (x *exchange) on(end int, e Event) {
	x.note(end, e)
	if e.Kind == GotReset { // too many streams: the only reset that happens by itself
		require.EqualValues(x.t, RefusedStream, e.N)
		x.again = append(x.again, e.Req)
	}
	if end == 1 && e.End {
		x.due = append(x.due, e.Stream)
	}
}

// note keeps count of what arrives.
func (x *exchange) note(end int, e Event) {
	x.audit[end].on(e, x.cfg[1-end].Settings)
	if e.Kind == GotReset || e.Kind == Refused {
		x.unread[end][e.Stream] = 0
	}
	if e.Kind != GotHeaders && e.Kind != GotData {
		return
	}
	require.False(x.t, x.ended[end][e.Stream], "%v after the end", e)
	x.ended[end][e.Stream] = e.End
	if e.Kind == GotData {
		x.got[end][e.Req] += e.N
		if x.cfg[end].Manual {
			x.unread[end][e.Stream] += e.N
			x.order[end] = append(x.order[end], e.Stream)
		}
	}
}

// step does one thing that may happen at any time.
func (x *exchange) step() {
	end := rapid.IntRange(0, 1).Draw(x.t, "end")
	switch rapid.IntRange(0, 4).Draw(x.t, "what") {
	case 0:
		if len(x.requests) < 12 {
			x.ask()
		}
	case 1:
		x.write(end, rapid.Int64Range(0, 40000).Draw(x.t, "room"))
		x.audit[end].look()
	case 2:
		x.deliver(end, rapid.Int64Range(0, 40000).Draw(x.t, "octets"))
	case 3:
		x.respond()
	case 4:
		x.consume(end, rapid.Int64Range(1, 50000).Draw(x.t, "read"))
	}
	x.conserved()
}

func (x *exchange) ask() {
	n := uint32(len(x.requests))
	small := rapid.Int64Range(0, 300)
	big := rapid.Int64Range(0, 200000)
	r := Request{
		ID:          n,
		Header:      rapid.Int64Range(0, 60000).Draw(x.t, "header"),
		Upload:      rapid.OneOf(rapid.Just(int64(0)), small, big).Draw(x.t, "upload"),
		Urgency:     uint8(rapid.IntRange(0, 7).Draw(x.t, "urgency")),
		Incremental: rapid.Bool().Draw(x.t, "incremental"),
	}
	if x.cfg[1].InitialWindow == 1 { // one octet per frame
		r.Upload %= 50
	}
	body := rapid.OneOf(small, big).Draw(x.t, "body")
	if x.cfg[0].InitialWindow == 1 {
		body %= 50
	}
	x.requests, x.answer = append(x.requests, r), append(x.answer, body)
	require.True(x.t, x.ends[0].OpenStream(r))
}

func (x *exchange) respond() {
	if len(x.due) == 0 {
		return
	}
	stream := x.due[0]
	x.due = x.due[1:]
	s := x.ends[1].streams.find(stream)
	require.NotNil(x.t, s)
	require.Equal(x.t, x.requests[s.req].Upload, x.got[1][s.req])
	require.True(x.t, x.ends[1].Respond(stream, 20000, x.answer[s.req]))
}

func (x *exchange) consume(end int, n int64) {
	for len(x.order[end]) > 0 {
		stream := x.order[end][0]
		if left := x.unread[end][stream]; left > 0 {
			n = min(n, left)
			x.unread[end][stream] -= n
			x.ends[end].Consume(stream, n)
			return
		}
		x.order[end] = x.order[end][1:]
	}
}

// conserved checks that the octets of the frames are the octets handed to the socket and those still held.
func (x *exchange) conserved() {
	for i := range x.ends {
		if x.frames[i].Octets() != x.written[i]+x.ends[i].rest || x.frames[i].start > x.arrived[i] {
			x.t.Fatalf("end %d: frames of %d octets, %d with the socket, %d held; %d read of %d arrived",
				i, x.frames[i].Octets(), x.written[i], x.ends[i].rest, x.frames[i].start, x.arrived[i])
		}
	}
}

// finish lets everything happen until nothing is left, sending what was refused again.
func (x *exchange) finish() {
	for idle := 0; idle < 3; idle++ {
		for _, id := range x.again {
			x.got[0][id], x.got[1][id] = 0, 0
			require.True(x.t, x.ends[0].OpenStream(x.requests[id]))
		}
		x.again = x.again[:0]
		for end := range x.ends {
			if x.write(end, unbounded) > 0 {
				idle = 0
			}
			x.audit[end].look()
			x.deliver(end, unbounded)
			for len(x.order[end]) > 0 {
				x.consume(end, unbounded)
			}
		}
		x.agreed()
		for len(x.due) > 0 {
			x.respond()
			idle = 0
		}
		x.conserved()
	}
}

func TestEveryRequestCompletesAndNoOctetIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := newExchange(t)
		for range rapid.IntRange(5, 120).Draw(t, "steps") {
			x.step()
		}
		x.finish()
		for i, r := range x.requests {
			require.Equal(t, r.Upload, x.got[1][r.ID], "upload of %d", i)
			require.Equal(t, x.answer[i], x.got[0][r.ID], "response of %d", i)
		}
		x.settled()
	})
}

// agreed checks, while nothing is under way, that what one end may still write on a stream is what the other expects.
func (x *exchange) agreed() {
	for i := range x.ends {
		a, b := &x.ends[i], &x.ends[1-i]
		if a.control.n+b.control.n > 0 || a.rest+b.rest > 0 || x.arrived != x.written {
			return
		}
		for _, slot := range a.streams.live {
			s := a.streams.slots[slot]
			if peer := b.streams.find(s.id); peer != nil && (s.state == Open || s.state == HalfClosedRemote) {
				require.Equal(x.t, peer.recv, s.send, "stream %d", s.id)
			}
		}
	}
}

// settled checks that nothing is left and that both ends agree about the windows.
func (x *exchange) settled() {
	for i := range x.ends {
		c := &x.ends[i]
		require.True(x.t, c.Drained())
		require.Zero(x.t, x.frames[i].Len())
		require.Equal(x.t, x.written[i], x.arrived[i])
		require.Equal(x.t, c.recv, x.ends[1-i].send)
		require.Equal(x.t, max(x.cfg[i].ConnWindow, DefaultWindow), c.recv+c.eaten)
	}
}

func TestEveryRequestEndsOnceWhateverIsResetOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := newExchange(t)
		ends := map[uint32]int{}
		x.onEvent = func(end int, e Event) {
			x.note(end, e)
			switch {
			case end == 0 && (e.End || e.Kind == GotReset || e.Kind == Refused):
				ends[e.Req]++
			case end == 1 && e.End:
				x.ends[1].Respond(e.Stream, 100, x.answer[e.Req])
			}
		}
		for range rapid.IntRange(5, 60).Draw(t, "steps") {
			x.upset(ends)
			x.conserved()
		}
		x.finish()
		for _, r := range x.requests {
			require.Equal(t, 1, ends[r.ID], "request %d", r.ID)
		}
		x.settled()
	})
}

// upset is step with resets and closes.
func (x *exchange) upset(ends map[uint32]int) {
	switch rapid.IntRange(0, 8).Draw(x.t, "what") {
	case 0:
		x.cancel(ends)
	case 1:
		if rapid.IntRange(0, 20).Draw(x.t, "close") == 0 {
			[...]func(){x.ends[0].GoAway, x.ends[1].GoAway, x.ends[1].Shutdown}[rapid.IntRange(0, 2).Draw(x.t, "how")]()
		}
	case 2, 3:
		if !x.ends[0].Leaving() && len(x.requests) < 20 {
			x.ask()
		}
	default:
		for end := range x.ends {
			x.write(end, rapid.Int64Range(0, 40000).Draw(x.t, "room"))
			x.audit[end].look()
			x.deliver(end, rapid.Int64Range(0, 40000).Draw(x.t, "octets"))
			x.consume(end, rapid.Int64Range(1, 50000).Draw(x.t, "read"))
		}
	}
}

// cancel lets either end reset one of its streams; a client counts that as the request's end.
func (x *exchange) cancel(ends map[uint32]int) {
	end := rapid.IntRange(0, 1).Draw(x.t, "canceller")
	c := &x.ends[end]
	if len(c.streams.live) == 0 {
		return
	}
	s := c.streams.slots[c.streams.live[rapid.IntRange(0, len(c.streams.live)-1).Draw(x.t, "stream")]]
	c.Reset(s.id, Cancel)
	x.unread[end][s.id] = 0
	if c.role == Client {
		ends[s.req]++
	}
}

// busy is a pair with n responses of size octets ready at the server, each end's windows wide open.
func busy(t require.TestingT, server Config, n int, size int64, urgency func(i int) (uint8, bool)) *pair {
	client := Chrome()
	client.InitialWindow, client.ConnWindow = MaxWindow, MaxWindow
	p := newPair(client, server)
	p.onEvent = func(end int, e Event) {
		if end == 1 && e.End {
			require.True(t, p.ends[1].Respond(e.Stream, 100, size))
		}
	}
	for i := range n {
		r := get(uint32(i))
		r.Urgency, r.Incremental = urgency(i)
		p.ends[0].OpenStream(r)
	}
	p.flight(0, unbounded)
	return p
}

func plain(int) (uint8, bool) { return DefaultUrgency, false }

func TestRoundRobinIsFairToWithinOneFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 20).Draw(t, "streams")
		size := rapid.Int64Range(100000, 300000).Draw(t, "size")
		chunk := rapid.Int64Range(500, 20000).Draw(t, "chunk")
		p := busy(t, Config{Chunk: chunk}, n, size, plain)
		got := map[uint32]int64{}
		for i := int64(0); p.write(1, rapid.Int64Range(1, 50000).Draw(t, "room")) > 0; {
			for ; i < p.frames[1].Count(); i++ {
				f := p.frames[1].Frame(i)
				if f.Type != Data {
					continue
				}
				got[f.Stream] += int64(f.Len)
				for id := range uint32(n) {
					if lead := got[f.Stream] - got[2*id+1]; lead > min(chunk, DefaultMaxFrame) {
						t.Fatalf("%v: %d octets before stream %d", f, lead, 2*id+1)
					}
				}
			}
		}
		require.Len(t, got, n)
	})
}

// sequence is the order in which streams are served, runs joined.
func sequence(p *pair) (ids []uint32) {
	first := p.frames[1].Count()
	p.write(1, unbounded)
	for i := first; i < p.frames[1].Count(); i++ {
		if f := p.frames[1].Frame(i); f.Type == Data && (len(ids) == 0 || ids[len(ids)-1] != f.Stream) {
			ids = append(ids, f.Stream)
		}
	}
	return ids
}

func TestEachOrderServesStreamsAsItSays(t *testing.T) {
	urgency := func(i int) (uint8, bool) { return [...]uint8{3, 3, 1, 3, 3}[i], i == 0 || i == 3 }
	require.Equal(t, []uint32{1, 3, 5, 7, 9, 1, 3, 5, 7, 9}, sequence(busy(t, Config{}, 5, 30000, urgency)))
	require.Equal(t, []uint32{1, 3, 5, 7, 9}, sequence(busy(t, Config{Order: FirstCome}, 5, 30000, urgency)))
	require.Equal(t, []uint32{5, 3, 9, 1, 7, 1, 7}, sequence(busy(t, Config{Order: ByUrgency}, 5, 30000, urgency)))
}
