package player_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/player"
)

const ms = sim.Millisecond

// run is a log with a record at each time and a packet at each time in packets.
func run(rtt, finished sim.Time, records []sim.Time, packets ...sim.Time) *trace.Index {
	l := &trace.Log{Header: trace.Header{Format: 1, RTT: rtt, Finished: finished, Missing: sim.Never}}
	isPacket := map[sim.Time]bool{}
	for _, t := range packets {
		isPacket[t] = true
	}
	for _, t := range records {
		r := trace.Record{At: t, Kind: trace.ServerLoad, Actor: trace.Server(0)}
		if isPacket[t] {
			r = trace.Record{At: t, Kind: trace.Packet, Actor: 1, Pkt: 1, A: int64(t), B: int64(t + rtt/2)}
		}
		l.Records = append(l.Records, r)
	}
	return l.Index()
}

func race() *player.Player {
	a := run(100*ms, 400*ms, []sim.Time{0, 10 * ms, 50 * ms, 400 * ms}, 10*ms)
	b := run(40*ms, 300*ms, []sim.Time{0, 20 * ms, 30 * ms, 300 * ms}, 30*ms)
	return player.New([]*trace.Index{a, b})
}

func TestItBeginsPausedAtZeroAndLastsAsLongAsTheLongestRun(t *testing.T) {
	p := race()
	require.False(t, p.Playing())
	require.Zero(t, p.At())
	require.Equal(t, 400*ms, p.Duration())
}

func TestARunThatIdlesAfterItsLastRequestIsNotWaitedFor(t *testing.T) {
	p := player.New([]*trace.Index{run(100*ms, 400*ms, []sim.Time{0, 400 * ms, 75 * sim.Second})})
	require.Equal(t, 600*ms, p.Duration())
}

func TestPausedItDoesNotMove(t *testing.T) {
	p := race()
	p.Advance(sim.Second)
	require.Zero(t, p.At())
}

func TestItMovesAtItsSpeed(t *testing.T) {
	p := race()
	p.SetSpeed(20 * ms)
	p.Play()
	p.Advance(sim.Second / 2)
	require.Equal(t, 10*ms, p.At())
}

func TestItStopsAtTheEndAndPlaysAgainFromTheBeginning(t *testing.T) {
	p := race()
	p.Play()
	p.Advance(sim.Hour)
	require.True(t, p.Done())
	require.False(t, p.Playing())
	require.Equal(t, p.Duration(), p.At())
	p.Toggle()
	require.True(t, p.Playing())
	require.Zero(t, p.At())
}

func TestManySmallFramesGoAsFarAsOneLongFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, many := race(), race()
		speed := sim.Time(rapid.Int64Range(int64(player.Slowest), int64(100*ms)).Draw(t, "speed"))
		one.SetSpeed(speed)
		many.SetSpeed(speed)
		one.Play()
		many.Play()
		var total sim.Time
		for range rapid.IntRange(1, 50).Draw(t, "frames") {
			wall := sim.Time(rapid.Int64Range(1, int64(17*ms)).Draw(t, "wall"))
			total += wall
			many.Advance(wall)
		}
		one.Advance(total)
		require.Equal(t, one.At(), many.At())
	})
}

func TestAStepByEventVisitsTheRecordsOfBothRunsInTurn(t *testing.T) {
	p := race()
	var visited []sim.Time
	for !p.Done() {
		p.Step(player.Event, +1)
		visited = append(visited, p.At()/ms)
	}
	require.Equal(t, []sim.Time{10, 20, 30, 50, 300, 400}, visited)
	visited = nil
	for p.At() > 0 {
		p.Step(player.Event, -1)
		visited = append(visited, p.At()/ms)
	}
	require.Equal(t, []sim.Time{300, 50, 30, 20, 10, 0}, visited)
}

func TestAStepByPacketVisitsPacketsOnly(t *testing.T) {
	p := race()
	p.Step(player.Packet, +1)
	require.Equal(t, 10*ms, p.At())
	p.Step(player.Packet, +1)
	require.Equal(t, 30*ms, p.At())
	p.Step(player.Packet, +1)
	require.True(t, p.Done(), "no further packet: the end")
	p.Step(player.Packet, -1)
	require.Equal(t, 30*ms, p.At())
}

func TestAStepByRoundTripIsTheLongestOfTheRuns(t *testing.T) {
	p := race()
	p.Play()
	p.Step(player.RoundTrip, +1)
	require.Equal(t, 100*ms, p.At())
	require.False(t, p.Playing(), "a step pauses")
	p.Step(player.RoundTrip, -1)
	p.Step(player.RoundTrip, -1)
	require.Zero(t, p.At())
}

func TestASeekOutsideGoesToTheNearerEnd(t *testing.T) {
	p := race()
	p.Seek(-1)
	require.Zero(t, p.At())
	p.Seek(sim.Never)
	require.Equal(t, p.Duration(), p.At())
}

func TestSpeedGoesInNotchesOfOneTwoFive(t *testing.T) {
	p := race()
	p.SetSpeed(20 * ms)
	var texts []string
	for range 3 {
		p.Faster(1)
		texts = append(texts, player.SpeedText(p.Speed()))
	}
	require.Equal(t, []string{"1 s shows 50 ms", "1 s shows 100 ms", "1 s shows 200 ms"}, texts)
	p.Faster(-3)
	require.Equal(t, 20*ms, p.Speed())
	p.Faster(-100)
	require.Equal(t, player.Slowest, p.Speed())
	p.Faster(100)
	require.Equal(t, sim.Second, p.Speed(), "a run of 400 ms needs no more than real time")
}

func TestSpeedIsWrittenInTheUnitThatSuitsIt(t *testing.T) {
	for v, want := range map[sim.Time]string{
		100 * sim.Microsecond: "10\u2009000 times slower: 1 s shows 100 µs", 1500 * sim.Microsecond: "667 times slower: 1 s shows 1.5 ms",
		20 * ms: "50 times slower: 1 s shows 20 ms", 400 * ms: "2.5 times slower: 1 s shows 400 ms", sim.Second: "real time: 1 s shows 1 s",
		1250 * ms: "1.3 times faster: 1 s shows 1\u2009250 ms", 10_000 * sim.Second: "10\u2009000 times faster: 1 s shows 10\u2009000 s",
	} {
		require.Equal(t, want, player.PaceText(v)+": "+player.SpeedText(v))
	}
}

func TestALongRunCanBePlayedAsFastAsItIsLong(t *testing.T) {
	for end, want := range map[sim.Time]sim.Time{300 * ms: sim.Second, 70 * sim.Second: 50 * sim.Second, sim.Hour: 2000 * sim.Second, 100 * sim.Hour: player.Fastest} {
		p := player.New([]*trace.Index{run(ms, end, []sim.Time{0, end})})
		p.SetSpeed(sim.Never)
		require.Equal(t, want, p.Speed())
		p.SetSpeed(0)
		require.Equal(t, player.Slowest, p.Speed())
	}
}

func TestTheSliderIsLogarithmicAndItsOwnInverse(t *testing.T) {
	require.Equal(t, player.Slowest, player.SpeedAt(0))
	require.Equal(t, player.Fastest, player.SpeedAt(1))
	require.InDelta(t, 0.5, player.SliderAt(player.SpeedAt(0.5)), 1e-6)
}

func TestWithoutARunNothingHappens(t *testing.T) {
	p := player.New(nil)
	p.Play()
	p.Advance(sim.Second)
	p.Step(player.Event, +1)
	p.Step(player.Packet, -1)
	require.Zero(t, p.At())
	require.True(t, p.Done())
}
