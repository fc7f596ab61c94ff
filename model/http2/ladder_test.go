package http2

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// get is a request without a body.
func get(id uint32) Request {
	return Request{ID: id, Header: 50, Urgency: DefaultUrgency}
}

// answering makes the server answer each request, when it is complete, with a body of size(request) octets, and tells
// what both read.
func (p *pair) answering(size func(req uint32) int64) {
	p.onEvent = func(end int, e Event) {
		p.tell(end, e)
		if end == 1 && e.End {
			p.ends[1].Respond(e.Stream, 100, size(e.Req))
		}
	}
}

// greeted is a pair whose SETTINGS are exchanged, with nothing written down.
func greeted(client, server Config) *pair {
	p := newPair(client, server)
	p.run(unbounded)
	p.text.Reset()
	return p
}

func TestThreeStreamsShareAConnection(t *testing.T) {
	p := newPair(Chrome(), Nginx())
	p.say("Chromium asks nginx for three things at once, without waiting for SETTINGS (RFC 9113, 3.4): 24 + 33 + 13 octets")
	p.say("of preface, then three HEADERS. The bodies take turns, 8 KiB each. The first column counts octets on the wire.")
	p.answering(func(req uint32) int64 { return int64(req) * 10000 })
	for id := uint32(1); id <= 3; id++ {
		p.ends[0].OpenStream(get(id))
	}
	p.run(unbounded)
	require.True(t, p.ends[0].Drained() && p.ends[1].Drained())
	p.golden(t, "three-streams")
}

func TestAStalledStreamStallsNoOther(t *testing.T) {
	client := Nghttp()
	client.Manual, client.ConnWindow = true, 1<<20
	p := greeted(client, Nginx())
	p.say("Stream 1 brings 100 000 octets to a program that reads none of them: 65 535 arrive, then its window is closed. The")
	p.say("connection's is larger, so that stream 3 passes (RFC 9113, 5.2). What is read later opens the window again.")
	p.answering(func(req uint32) int64 { return []int64{0, 100000, 20000}[req] })
	p.ends[0].OpenStream(get(1))
	p.run(unbounded)
	connection, streams := p.ends[1].Stalled()
	require.False(t, connection)
	require.True(t, streams)
	p.say("Another request.")
	p.ends[0].OpenStream(get(2))
	p.run(unbounded)
	p.say("The program reads 40 000 octets of stream 1.")
	p.ends[0].Consume(1, 40000)
	p.run(unbounded)
	require.Equal(t, Closed, p.ends[1].StreamState(1))
	p.golden(t, "stalled-stream")
}

func TestAConnectionWindowStallsAll(t *testing.T) {
	client := Nghttp()
	client.Manual = true
	p := greeted(client, Config{})
	p.say("Two streams bring 60 000 octets each to a program that reads neither. Their windows are open, but the connection's")
	p.say("65 535 octets are spent: both wait. Half of it read, a WINDOW_UPDATE on stream 0 lets them go on.")
	p.answering(func(req uint32) int64 { return 60000 })
	p.ends[0].OpenStream(get(1))
	p.ends[0].OpenStream(get(2))
	p.run(unbounded)
	connection, streams := p.ends[1].Stalled()
	require.True(t, connection)
	require.False(t, streams)
	p.say("The program reads 32 000 octets of stream 1: not half of the window yet.")
	p.ends[0].Consume(1, 32000)
	p.run(unbounded)
	p.say("And 30 000 of stream 3.")
	p.ends[0].Consume(3, 30000)
	p.run(unbounded)
	p.golden(t, "connection-window")
}

func TestGoAwayRefusesWhatIsOnItsWay(t *testing.T) {
	p := greeted(Nghttp(), Nginx())
	p.say("The server says GOAWAY while a second request is on its way (RFC 9113, 6.8). Stream 1 is finished; stream 3 was not")
	p.say("processed, and the client may send its request again on another connection (8.7).")
	p.answering(func(req uint32) int64 { return 10000 })
	p.ends[0].OpenStream(get(1))
	p.flight(0, unbounded)
	p.ends[1].GoAway()
	p.ends[0].OpenStream(get(2))
	p.write(0, unbounded)
	p.show(0)
	p.flight(1, unbounded)
	require.False(t, p.ends[0].OpenStream(get(3)))
	p.run(unbounded)
	require.True(t, p.ends[0].Drained() && p.ends[1].Drained() && p.ends[0].Leaving())
	p.golden(t, "goaway")
}

func TestAnAnnouncedCloseRefusesNothing(t *testing.T) {
	p := greeted(Nghttp(), Nginx())
	p.say("GOAWAY with the highest stream id announces a close (RFC 9113, 6.8): the request that crosses it is served, no other")
	p.say("follows, and a second GOAWAY names the last stream.")
	p.answering(func(req uint32) int64 { return 1000 })
	p.ends[1].Shutdown()
	p.ends[0].OpenStream(get(1))
	p.write(0, unbounded)
	p.show(0)
	p.flight(1, unbounded)
	require.False(t, p.ends[0].OpenStream(get(2)))
	p.run(unbounded)
	p.ends[1].GoAway()
	p.run(unbounded)
	p.golden(t, "shutdown")
}

func TestALateUrgentStreamOvertakesWithALowWaterMark(t *testing.T) {
	server := Config{Order: ByUrgency, LowWater: 20000}
	p := greeted(Chrome(), server)
	p.say("An image of 100 000 octets is being sent when a style sheet (urgency 1, RFC 9218) is asked for. The server keeps at most")
	p.say("20 000 unsent octets in the socket: the style sheet overtakes what is not committed yet.")
	p.answering(func(req uint32) int64 { return []int64{0, 100000, 12000}[req] })
	image := get(1)
	image.Urgency, image.Incremental = 5, true
	p.ends[0].OpenStream(image)
	p.flight(0, unbounded)
	fill := func() { p.written[1] += p.ends[1].Fill(p.written[1] - p.arrived[1]); p.show(1) }
	fill()
	p.deliver(1, 10000)
	fill()
	style := get(2)
	style.Urgency = 1
	p.ends[0].OpenStream(style)
	p.flight(0, unbounded)
	for p.ends[0].Streams() > 0 {
		p.deliver(1, 10000)
		fill()
	}
	p.golden(t, "late-urgent")
}

func TestRequestsWaitForTheServersLimit(t *testing.T) {
	server := Nginx()
	server.MaxStreams = 2
	p := newPair(Nghttp(), server)
	p.say("The server allows two streams, but the client does not know it yet and opens three: one is refused (RFC 9113, 5.1.2).")
	p.say("Later requests wait for a free stream.")
	p.answering(func(req uint32) int64 { return 1000 })
	for id := uint32(1); id <= 3; id++ {
		p.ends[0].OpenStream(get(id))
	}
	p.run(unbounded)
	for id := uint32(4); id <= 6; id++ {
		p.ends[0].OpenStream(get(id))
	}
	require.Equal(t, 1, p.ends[0].Waiting())
	p.run(unbounded)
	p.golden(t, "stream-limit")
}

func TestAResetStreamStillCountsAgainstTheConnection(t *testing.T) {
	p := greeted(Nghttp(), Config{})
	p.say("The client cancels stream 1 while its body is on the way. The rest is read past, counted, and given back on stream 0.")
	p.answering(func(req uint32) int64 { return 60000 })
	p.ends[0].OpenStream(get(1))
	p.flight(0, unbounded)
	p.write(1, unbounded)
	p.show(1)
	p.deliver(1, 20000)
	p.ends[0].Reset(1, Cancel)
	p.run(unbounded)
	send, _ := p.ends[1].Windows(0)
	require.GreaterOrEqual(t, send, int64(DefaultWindow/2))
	p.golden(t, "reset")
}
