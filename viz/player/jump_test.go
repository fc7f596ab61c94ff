package player_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/player"
)

// lived is a connection's life: a handshake, a response, a packet that falls, an idle end.
func lived(shift sim.Time) *trace.Index {
	l := &trace.Log{Header: trace.Header{Format: 1, RTT: 20 * ms, Finished: 900 * ms, Missing: sim.Never, Requests: make([]trace.Name, 1)}}
	add := func(at sim.Time, r trace.Record) {
		r.At, r.Conn = at+shift, 1
		l.Records = append(l.Records, r)
	}
	server := trace.Server(0)
	add(0, trace.Record{Kind: trace.ConnState, Actor: 1, A: 0, B: 2})
	add(20*ms, trace.Record{Kind: trace.ConnState, Actor: 1, A: 2, B: 4})
	add(40*ms, trace.Record{Kind: trace.RequestFirstByte, Actor: 1, Req: 1})
	add(50*ms, trace.Record{Kind: trace.Packet, Actor: 1, Pkt: 1, Flags: trace.Down | trace.DropLoss})
	add(60*ms, trace.Record{Kind: trace.ServerWrote, Actor: server, Req: 1})
	add(560*ms, trace.Record{Kind: trace.TimerFired, Actor: server, Flags: trace.TimerServerIdle})
	add(560*ms, trace.Record{Kind: trace.ConnState, Actor: server, A: 4, B: 5})
	add(570*ms, trace.Record{Kind: trace.ConnState, Actor: 1, A: 4, B: 7})
	add(580*ms, trace.Record{Kind: trace.RequestDone, Actor: 1, Req: 1, Flags: uint16(trace.Reset)})
	return l.Index()
}

func TestAJumpVisitsWhatIsOfNoteInBothDirections(t *testing.T) {
	p := player.New([]*trace.Index{lived(0), lived(5 * ms)})
	var there, back []sim.Time
	for p.Jump(trace.AnyMoment, +1) {
		there = append(there, p.At()/ms)
	}
	require.Equal(t, []sim.Time{20, 25, 40, 45, 50, 55, 560, 565, 580, 585}, there)
	for p.Jump(trace.AnyMoment, -1) {
		back = append([]sim.Time{p.At() / ms}, back...)
	}
	require.Equal(t, there[:len(there)-1], back)
	require.Equal(t, 20*ms, p.At(), "where nothing is left it stays")
}

func TestAJumpSeesNothingButTheKindsThatAreAskedFor(t *testing.T) {
	for kind, want := range map[trace.Moments]sim.Time{
		trace.MomentHandshake: 20, trace.MomentFirstByte: 40, trace.MomentLoss: 50, trace.MomentTimer: 560, trace.MomentClosed: 560, trace.MomentFailed: 580,
		trace.MomentLoss | trace.MomentFailed: 50,
	} {
		p := player.New([]*trace.Index{lived(0)})
		p.Play()
		require.True(t, p.Jump(kind, +1))
		require.Equal(t, want, p.At()/ms)
		require.False(t, p.Playing(), "a jump pauses")
	}
}

func TestAJumpDoesNotLeaveWhatCanBePlayed(t *testing.T) {
	p := player.New([]*trace.Index{lived(2 * sim.Second)}) // its records come long after its end
	require.False(t, p.Jump(trace.MomentClosed, +1))
	require.Zero(t, p.At())
	require.False(t, player.New(nil).Jump(trace.AnyMoment, +1))
}

func TestThousandsOfRecordsAtOneInstantAreOneStep(t *testing.T) {
	at := []sim.Time{0}
	for range 5000 {
		at = append(at, 10*ms)
	}
	p := player.New([]*trace.Index{run(20*ms, 30*ms, append(at, 30*ms), 10*ms)})
	for _, u := range []player.Unit{player.Event, player.Packet} {
		p.Seek(0)
		p.Step(u, +1)
		require.Equal(t, 10*ms, p.At())
		p.Step(u, +1)
		require.GreaterOrEqual(t, p.At(), 30*ms)
		p.Step(u, -1)
		require.Equal(t, 10*ms, p.At())
		p.Step(u, -1)
		require.Zero(t, p.At())
	}
}

func TestAStepAtAnEndStaysThere(t *testing.T) {
	p := race()
	for _, u := range []player.Unit{player.Event, player.Packet, player.RoundTrip} {
		p.Seek(0)
		p.Step(u, -1)
		require.Zero(t, p.At())
		p.Seek(p.Duration())
		p.Step(u, +1)
		require.True(t, p.Done())
		p.Step(u, -1)
		require.Less(t, p.At(), p.Duration(), "from the end there is a way back")
	}
}
