package lab_test

import (
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// The static slow-start latency of Kurose and Ross is 2 RTT + O/R + P (RTT + S/R) - (2^P - 1) S/R. The ledger takes it apart:
// a round trip for the handshake, one of propagation, O/R of serialisation, and what is left is idling in slow start.
func TestTheLedgerOfATextbookTransferIsItsFormulaTermByTerm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segment := rapid.Int64Range(100, 2000).Draw(t, "S")
		whole := rapid.Int64Range(1, 300).Draw(t, "O/S")
		object := (whole-1)*segment + rapid.Int64Range(1, segment).Draw(t, "last")
		const perByte = 800 * sim.Nanosecond // 10 Mbit/s
		rtt := 2 * sim.Time(rapid.Int64Range(0, int64(400*ms)).Draw(t, "rtt/2"))
		c := path(1, model.Bytes(object), false)
		c.HTTP.RequestHeaders, c.HTTP.ResponseHeaders = 1, 0
		c.Link.RTT, c.Link.Up, c.Link.Queue.Packets = rtt, 0, 1<<30
		c.TCP = tcp.Config{InitialWindow: 1, MSS: int(segment), DelayedAck: tcp.AckEveryPacket, ReceiveWindow: 1 << 40}
		led, run := explain(t, c)
		balanced(t, led, run)

		sr := sim.Time(segment) * perByte
		k := bits.Len64(uint64((object + segment - 1) / segment))
		p := min(bits.Len64(uint64(1+rtt/sr)), k-1)
		require.Equal(t, rtt, led.Run.Spent[lab.Handshake])
		require.Equal(t, rtt, led.Run.Spent[lab.Propagation])
		require.Equal(t, sim.Time(object)*perByte, led.Run.Spent[lab.Serialisation])
		require.Equal(t, sim.Time(p)*(rtt+sr)-sim.Time(int64(1)<<p-1)*sr, led.Run.Spent[lab.SlowStart])
	})
}

// oneRequest is what path(1, 1000, …) costs when nothing goes wrong.
func oneRequest() map[lab.Cause]sim.Time {
	return map[lab.Cause]sim.Time{
		lab.Handshake: 100*ms + 137600, lab.SendRequest: 361600, lab.Propagation: 100 * ms,
		lab.Serialisation: 1083200, // 1302 bytes, and 52 of the ACK before them
	}
}

func TestALostSYNCostsItsTimeoutAndNothingElse(t *testing.T) {
	c := path(1, 1000, false)
	c.Link.DropUp = []int{1}
	led, run := explain(t, c)
	balanced(t, led, run)
	want := oneRequest()
	want[lab.Recovery] = sim.Second
	spent(t, led.Run, want)
}

func TestALostSYNACKCostsItsTimeout(t *testing.T) {
	c := path(1, 1000, false)
	c.Link.DropDown = []int{1}
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Equal(t, sim.Second, led.Run.Spent[lab.Recovery])
}

func TestALostResponseCostsItsTimeout(t *testing.T) {
	c := path(1, 1000, false)
	c.Link.DropDown = []int{3} // after SYN-ACK and ACK
	led, run := explain(t, c)
	balanced(t, led, run)
	require.InDelta(t, float64(300*ms), float64(led.Run.Spent[lab.Recovery]), float64(5*ms)) // RTT + 200 ms
	require.Equal(t, 100*ms, led.Run.Spent[lab.Propagation])
}

func TestALossAmongManyIsRepairedInARoundTrip(t *testing.T) {
	c := path(1, 14_000, false)
	c.Link.DropDown = []int{4} // the second of ten segments
	led, run := explain(t, c)
	balanced(t, led, run)
	require.InDelta(t, float64(100*ms), float64(led.Run.Spent[lab.Recovery]), float64(12*ms))
	require.Zero(t, led.Run.Spent[lab.SlowStart])
}

func TestAHeldBackAcknowledgementIsToldFromSlowStart(t *testing.T) {
	c := path(1, 2000, false)
	c.TCP.InitialWindow = 1
	c.TCP.DelayedAck = tcp.AckEverySecond
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Equal(t, 40*ms, led.Run.Spent[lab.AckDelay])
	require.Equal(t, 100*ms+41600, led.Run.Spent[lab.SlowStart]) // a round trip and the ACK's 52 bytes
}

func TestASmallReceiveWindowIsNamed(t *testing.T) {
	c := path(1, 1_000_000, false)
	c.TCP.ReceiveWindow = 16384
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Greater(t, led.Run.Spent[lab.PeerWindow], led.Run.Total()*7/10)
	require.Less(t, led.Run.Spent[lab.SlowStart], 200*ms)
}

func TestARequestIsBlockedByAnotherButARunIsNot(t *testing.T) {
	c := path(3, 1000, true)
	c.Client.ConnectionsPerHost = 1
	c.Workload = model.Workload{Page: c.Workload.Sequence}
	for _, persistent := range []bool{true, false} {
		c.HTTP.Persistent = persistent
		led, run := explain(t, c)
		balanced(t, led, run)
		require.Zero(t, led.Run.Spent[lab.Blocked])
		require.Zero(t, led.Run.Spent[lab.Gap])
		require.Equal(t, 3*100*ms, led.Run.Spent[lab.Propagation], "the run goes through all three")
		require.Equal(t, led.Requests[1].End, led.Requests[2].Spent[lab.Blocked])
		require.Equal(t, 100*ms, led.Requests[2].Spent[lab.Propagation])
	}
}

func TestIdleTimeThatWasAskedForIsTheRunsAlone(t *testing.T) {
	c := path(3, 1000, true)
	c.Workload.Sequence[1].Gap, c.Workload.Sequence[2].Gap = 2*sim.Second, 3*sim.Second
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Equal(t, 5*sim.Second, led.Run.Spent[lab.Gap])
	for _, a := range led.Requests {
		require.Zero(t, a.Spent[lab.Gap])
	}
}

func TestABusyServerQueues(t *testing.T) {
	c := path(1, 1000, true)
	c.Client.Count, c.Link.Shared = 3, false
	c.Server.CPUs = 1
	c.Server.CPU.Request = 10 * ms
	led, run := explain(t, c)
	balanced(t, led, run)
	for i, a := range led.Requests {
		require.Equal(t, sim.Time(i)*10*ms, a.Spent[lab.ServerQueue])
		require.Equal(t, 10*ms, a.Spent[lab.ServerCPU])
		require.Zero(t, a.Spent[lab.Queueing])
	}
}

func TestClientsThatShareALinkQueueForIt(t *testing.T) {
	c := path(1, 10_000, true)
	c.Client.Count = 2
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Greater(t, led.Requests[1].Spent[lab.Queueing], 8*ms, "the other client's ten kilobytes go first")
	c.Link.Shared = false
	led, run = explain(t, c)
	balanced(t, led, run)
	require.Zero(t, led.Requests[1].Spent[lab.Queueing])
}

func TestTheNameIsLookedUpOncePerHost(t *testing.T) {
	c := path(3, 1000, true)
	c.Client.DNS = 20 * ms
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Equal(t, 20*ms, led.Run.Spent[lab.DNS])
	require.Equal(t, 20*ms, led.Requests[0].Spent[lab.DNS])
	require.Zero(t, led.Requests[1].Spent[lab.DNS])
}

func TestAConnectionThatTurnedOutClosedIsRepaired(t *testing.T) {
	c := path(2, 1000, true)
	c.Server.KeepAliveTimeout = sim.Second
	c.Workload.Sequence[1].Gap = sim.Second - 70*ms // the request and the server's FIN cross on the way
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Equal(t, 1, run.Result.Requests.Retried)
	require.Equal(t, 1, run.Result.Requests.Stale)
	require.Equal(t, 2, led.Run.Handshakes)
	a := led.Requests[1]
	require.Greater(t, a.Spent[lab.Recovery], sim.Time(0))
	require.Greater(t, a.Spent[lab.Handshake], 100*ms)
}

// Tries that fail, pauses before the next and an end by the clock are repair; the ledger stays exact.
func TestTimeoutsAndPausesBetweenTriesAreRepair(t *testing.T) {
	c := path(2, 1000, true)
	c.Client.ConnectTimeout, c.Client.Retry, c.Client.Retries = sim.Second, model.RetryAlways, 3
	c.Client.Backoff.To = 200 * ms
	c.Link.DropUp = []int{1, 2} // two SYNs
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Equal(t, 2, run.Result.Requests.OK)
	require.Zero(t, run.Result.Requests.Retried, "nothing was sent twice")
	require.Equal(t, 3, run.Result.Connections.Opened)

	c.Client.Timeout = 1100 * ms // ends between the first try and the second
	led, run = explain(t, c)
	balanced(t, led, run)
	require.Equal(t, 2, run.Result.Requests.Failed)
	require.Zero(t, run.Result.Connections.Refused, "it was the client who gave up")
	c.Client.Early, c.Client.ConnectTimeout, c.Client.Timeout = true, 0, 500*ms // while the SYN is on its way
	_, run = explain(t, c)
	require.Equal(t, 2, run.Result.Requests.Failed)
	require.Zero(t, run.Result.Connections.Refused, "likewise with a connection of its own")
	require.Equal(t, 1100*ms, led.Requests[0].Spent[lab.Recovery])

	c = path(2, 100_000, true)
	for i := range c.Workload.Sequence {
		c.Workload.Sequence[i].Unread = 50_000
	}
	led, run = explain(t, c)
	balanced(t, led, run)
	require.Equal(t, 2, led.Run.Handshakes)
}

// A request that is sent three times is one that was sent more than once.
func TestARequestCountsAsRetriedOnce(t *testing.T) {
	c := path(1, 1000, true)
	c.Client.Retry, c.Client.Retries = model.RetryAlways, 2
	c.Server.HeaderTimeout = sim.Minute
	for conn := range uint32(2) { // all that follows its handshake is lost, until the server closes
		_, run := explain(t, c)
		first := countTo(run.Log, conn+1, trace.ACK) // of the handshake
		for i := range 12 {
			c.Link.DropUp = append(c.Link.DropUp, first+1+i)
		}
	}
	_, run := explain(t, c)
	require.Equal(t, 3, run.Result.Connections.Opened)
	require.Equal(t, 1, run.Result.Requests.Retried)
	require.Zero(t, run.Result.Requests.Stale)
}

// countTo counts the packets up to the first of a connection that has just those flags.
func countTo(log *trace.Log, conn uint32, flags uint16) (n int) {
	for _, r := range log.Records {
		if r.Kind != trace.Segment || trace.IsServer(r.Actor) {
			continue
		}
		n++
		if r.Conn == conn && r.Flags == flags {
			break
		}
	}
	return n
}

func TestAFindingNamesWhatMakesTheDifference(t *testing.T) {
	each, _ := explain(t, path(20, 10_000, false))
	kept, _ := explain(t, path(20, 10_000, true))
	require.Equal(t, "Keeping the connection saves 19 handshakes: 1\u2009902.6 ms. It finishes in 2\u2009278.9 ms instead of 4\u2009181.5 ms.",
		lab.Finding(each, kept))
	require.Equal(t, "per-request costs 19 handshakes: 1\u2009902.6 ms. It finishes in 4\u2009181.5 ms instead of 2\u2009278.9 ms.",
		lab.Finding(kept, each))
	require.Equal(t, "per-request and per-request take the same time: 4\u2009181.5 ms.", lab.Finding(each, each))

	each, _ = explain(t, path(5, 100_000, false))
	kept, _ = explain(t, path(5, 100_000, true))
	text := lab.Finding(each, kept)
	require.Contains(t, text, "Keeping the connection saves ")
	require.Contains(t, text, "4 handshakes (400.6 ms)")
	require.Contains(t, text, "slow start (")
}

func BenchmarkExplain(b *testing.B) {
	c := path(2000, 100_000, true)
	run, err := lab.Simulate(b.Context(), c, lab.Options{Log: true})
	require.NoError(b, err)
	b.ReportMetric(float64(len(run.Log.Records)), "records")
	b.ResetTimer()
	for range b.N {
		if _, err := lab.Explain(run.Log); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(run.Log.Records)), "ns/record")
}

// Where keeping connections loses, the finding says so: idle connections hold the only two threads.
func TestAFindingSaysWhereKeepingConnectionsLoses(t *testing.T) {
	ledgers := make([]lab.Ledger, 2)
	for i := range ledgers {
		c := path(5, 10_000, i == 1)
		c.Server.ThreadPerConnection, c.Server.Workers, c.Client.Count = true, 2, 6
		for k := range c.Workload.Sequence {
			c.Workload.Sequence[k].Gap = sim.Second
		}
		ledgers[i], _ = explain(t, c)
	}
	text := lab.Finding(ledgers[0], ledgers[1])
	require.Regexp(t, `^Keeping the connection costs [^:]* of queueing in the server`, text)
	require.Regexp(t, `It finishes in [0-9.]+ s instead of [0-9.]+ s\.$`, text)
}

// Over Fast Open a connection takes requests before it is open: one that comes after the SYN, which took the first along,
// waits for the handshake.
func TestWhoComesAfterAFastOpenSYNWaitsForTheHandshake(t *testing.T) {
	c := path(1, 100, true)
	c.TCP.FastOpen, c.HTTP.Pipelining, c.Client.ConnectionsPerHost = true, 2, 2
	item := c.Workload.Sequence[0]
	at := []sim.Time{0, sim.Second, sim.Second, 1050 * ms, 1050 * ms} // the second connection is opened at 1 s
	c.Workload = model.Workload{Arrivals: &model.Arrivals{Item: item, Shape: model.Listed, At: at}}
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Equal(t, 2, run.Result.Connections.Opened)
	last := led.Requests[4]
	require.Zero(t, last.Spent[lab.Host], "%v", last)
	require.Greater(t, last.Spent[lab.Handshake], 50*ms)
	require.Zero(t, led.Requests[3].Spent[lab.Handshake], "it went on the first connection")

	c.Link.DropUp = []int{countTo(run.Log, 2, trace.SYN)}
	led, run = explain(t, c)
	balanced(t, led, run)
	last = led.Requests[4]
	require.Zero(t, last.Spent[lab.Host], "%v", last)
	require.Greater(t, last.Spent[lab.Recovery], 900*ms, "the SYN came again after a second")
}

func TestASenderThatWritesInPartsSpendsItsPausesOnItsRequest(t *testing.T) {
	c := path(1, 1000, true)
	c.Workload.Sequence[0].Trickle = model.Trickle{Parts: 5, Every: 2 * sim.Second}
	led, run := explain(t, c)
	balanced(t, led, run)
	require.GreaterOrEqual(t, led.Run.Spent[lab.SendRequest], 8*sim.Second)
	require.Less(t, led.Run.Spent[lab.SendRequest], 8*sim.Second+10*ms)
	require.Zero(t, led.Run.Spent[lab.Host])
}
