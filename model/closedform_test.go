package model_test

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/sim"
)

// exactRates have a whole number of nanoseconds per byte.
var exactRates = []model.Rate{1_000_000, 2_000_000, 5_000_000, 8_000_000, 10_000_000, 40_000_000, 100_000_000, 1_000_000_000}

// onWire is the time a packet of n bytes takes at rate r; 0 means unlimited.
func onWire(n int64, r model.Rate) sim.Time {
	if r == 0 {
		return 0
	}
	return sim.Time(n * 8 * int64(sim.Second) / int64(r))
}

// Responses that fit the first window need no slow start: a new connection costs two round trips, a kept one one, and
// the wire's time for each packet that stands in the way of the last byte.
func TestSequencesThatFitTheFirstWindowTakeExactlyTheirFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "requests")
		size := rapid.Int64Range(1, 10*1448-250).Draw(t, "size")
		persistent := rapid.Bool().Draw(t, "persistent")
		c := gallery(n, model.Bytes(size), persistent)
		c.Link.RTT = 2 * sim.Time(rapid.Int64Range(int64(sim.Millisecond), int64(400*sim.Millisecond)).Draw(t, "rtt/2"))
		c.Link.Up = rapid.SampledFrom(exactRates).Draw(t, "up")
		c.Link.Down = rapid.SampledFrom(exactRates).Draw(t, "down")
		c.Link.Queue = model.Queue{Packets: 1 << 30}
		c.TCP.DelayedAck = tcp.AckEveryPacket

		response := size + 250
		segments := (response + 1447) / 1448
		request := onWire(400+52, c.Link.Up)
		ack := func(r model.Rate) sim.Time { return onWire(52, r) }
		body := onWire(response+segments*52, c.Link.Down)
		handshake := c.Link.RTT + onWire(60, c.Link.Up) + onWire(60, c.Link.Down)
		exchange := c.Link.RTT + request + ack(c.Link.Down) + body
		// What follows a response, a SYN or a request, goes out behind the ACK of its last segment.
		want := handshake + ack(c.Link.Up) + exchange
		next := ack(c.Link.Up) + exchange
		if !persistent {
			next += handshake + ack(c.Link.Up)
		}
		want += sim.Time(n-1) * next
		got := finished(run(t, c))
		if !uplinkIdles(c, response) || mayProbe(c) {
			require.GreaterOrEqual(t, got, want)
			return
		}
		require.Equal(t, want, got)
	})
}

// uplinkIdles tells whether ACKs leave at least as fast as data comes, so that none waits in front of a request.
func uplinkIdles(c model.Config, response int64) bool {
	last := (response-1)%1448 + 1
	return onWire(52, c.Link.Up) <= onWire(last+52, c.Link.Down)
}

// mayProbe tells whether a segment takes longer to leave than a round trip: its acknowledgement may then come after the
// sender's tail-loss probe, whose copies stand in the way of what follows.
func mayProbe(c model.Config) bool {
	return onWire(1500, c.Link.Down)+onWire(52, c.Link.Up) > c.Link.RTT
}

// The static slow-start latency of Kurose and Ross: one segment at first, an acknowledgement for each, no headers.
func TestSlowStartTakesTheStaticFormulaToTheNanosecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segment := rapid.Int64Range(100, 2000).Draw(t, "S")
		whole := rapid.Int64Range(1, 300).Draw(t, "O/S")
		part := rapid.Int64Range(1, segment).Draw(t, "last")
		object := (whole-1)*segment + part
		c := gallery(1, model.Bytes(object), false)
		c.HTTP.RequestHeaders, c.HTTP.ResponseHeaders = 1, 0
		c.Link.RTT = 2 * sim.Time(rapid.Int64Range(0, int64(400*sim.Millisecond)).Draw(t, "rtt/2"))
		c.Link.Down = rapid.SampledFrom(exactRates).Draw(t, "R")
		c.Link.Up = 0
		c.Link.Queue = model.Queue{Packets: 1 << 30}
		c.TCP = tcp.Config{InitialWindow: 1, MSS: int(segment), DelayedAck: tcp.AckEveryPacket, ReceiveWindow: 1 << 40}
		require.Equal(t, staticSlowStart(object, segment, c.Link.Down, c.Link.RTT), finished(run(t, c)))
	})
}

// staticSlowStart is 2 RTT + O/R + P (RTT + S/R) - (2^P - 1) S/R with P = min(Q, K-1).
func staticSlowStart(o, s int64, r model.Rate, rtt sim.Time) sim.Time {
	sr := onWire(s, r)
	k := int64(bits.Len64(uint64((o + s - 1) / s))) // ceil(log2(O/S + 1)) for whole segments
	q := int64(bits.Len64(uint64(1+rtt/sr)) - 1 + 1)
	p := min(q, k-1)
	return 2*rtt + onWire(o, r) + sim.Time(p)*(rtt+sr) - sim.Time(1<<p-1)*sr
}
