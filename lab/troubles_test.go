package lab_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"keepalive/lab"
	"keepalive/sim"
)

// What practitioners struggle with, each as a shipped scenario: broken and mended. Where there is a formula for what goes
// wrong, the model is held to it.

// 64 KB are 45 segments: 10, 20 and 15 of them, three round trips of 56 ms and 40 ms of work, or one round trip if the
// window is still as large as it was.
func TestAConnectionThatRestedStartsColdAgain(t *testing.T) {
	v := published(t, "idle-restart")
	for i := 2; i < 5; i++ {
		assert.EqualValues(t, 208*ms, took(v["restart after idle"], i))
		assert.EqualValues(t, 96*ms, took(v["window kept"], i))
	}
}

// The client's acknowledgement of the head comes 40 ms late (Linux TCP_DELACK_MIN), but not on a young connection.
func TestNagleAndDelayedAcknowledgementsCostFortyMillisecondsOnAKeptConnection(t *testing.T) {
	v := published(t, "nagle")
	for i := 1; i < 40; i++ {
		assert.InDelta(t, took(v["kept without Nagle"], i)+int64(42*ms), took(v["kept with Nagle"], i), 1e5, "40 ms, and the round trip of the acknowledgement")
		assert.Less(t, took(v["per-request"], i), int64(5*ms))
	}
	assert.Less(t, took(v["kept with Nagle"], 0), int64(10*ms), "the first answer finds the client in a hurry to acknowledge")
	assert.InDelta(t, int64(v["kept without Nagle"].Finished), int64(v["kept in one write"].Finished), 1e6)
}

// The server's TIME_WAIT sockets are requests / limit, and so are the handshakes.
func TestAServerThatEndsConnectionsSoonKeepsTheirSockets(t *testing.T) {
	v := published(t, "requests-limit")
	for name, n := range map[string]int{"10 requests": 2000 / 10, "100 requests": 2000 / 100, "1000 requests": 10} {
		assert.Equal(t, n, v[name].Connections.Opened, name)
	}
	assert.Equal(t, 200, v["10 requests"].Server.TimeWaitPeak)
	assert.Equal(t, 20, v["100 requests"].Server.TimeWaitPeak)
	assert.Zero(t, v["1000 requests"].Server.TimeWaitPeak)
}

// 28 232 ports that rest for 60 s each: 470.5 connections a second, whatever is asked for.
func TestPortsComeBackOnlySoFast(t *testing.T) {
	long(t)
	v := published(t, "ports", "workload.arrivals={rate: 600/s, for: 120s, size: 500B}")
	assert.InEpsilon(t, 28_232.0/60, float64(v["per-request"].Requests.OK)/120, 0.001)
	assert.Equal(t, 28_232, v["per-request"].Connections.TimeWaitPeak)
	first := 0.0
	for _, r := range v["per-request"].PerRequest {
		if r.Status == "no-port" {
			first = float64(r.Start) / 1e9
			break
		}
	}
	assert.InEpsilon(t, 28_232.0/600, first, 0.02, "the onset; arrivals are random")
	assert.Zero(t, v["persistent"].Requests.Failed)
	assert.Less(t, v["persistent"].Connections.Opened, 100)
}

// The queue holds its backlog and one more (Linux sk_acceptq_is_full); who is left out tries again after 1, 2 and 3 s.
func TestABurstMeetsAQueueOfSixtyFiveAndComesBackBySeconds(t *testing.T) {
	v := published(t, "accept-queue")
	after := map[int64]int{}
	for _, r := range v["queue of 64"].PerRequest[:200] {
		after[int64(r.Connect)/int64(1e9)]++
	}
	assert.Equal(t, map[int64]int{0: 65, 1: 65, 2: 65, 3: 5}, after, "seconds to connect")
	assert.Greater(t, v["queue of 64"].Latency.P95, 2*v["queue of 511"].Latency.P95)
	assert.Zero(t, v["queue of 511"].Server.BacklogDrops)
	last := v["queue of 64 kept"].PerRequest[1000:]
	for _, r := range last {
		assert.Less(t, int64(r.Connect), int64(1e9), "kept connections have queued long ago")
	}
}

// Poisson requests over a kept connection of idle timeout T: one that leaves within the last round trip before the server's
// close arrives crosses it. e^(-L(T-RTT)) - e^(-LT) of them do, 1 - e^(-L(T-RTT)) find the connection open.
func TestARequestCrossesTheCloseAsOftenAsTheFormulaSays(t *testing.T) {
	long(t)
	v := published(t, "stale-race", "workload.users.for=10min")
	const l, idle, rtt = 0.2, 5, 0.05
	crossing := math.Exp(-l*(idle-rtt)) - math.Exp(-l*idle)
	for name, crossed := range map[string]int{"POST": v["POST"].Requests.Failed, "GET sent again": v["GET sent again"].Requests.Retried} {
		n := v[name].Requests.Total - 200 // a client's first has nothing to race with
		assert.InDelta(t, crossing, float64(crossed)/float64(n), within99(crossing, n), name)
	}
	assert.Zero(t, v["GET sent again"].Requests.Failed)
	assert.Zero(t, v["POST honouring the hint"].Requests.Failed)
}

// within99 is the half-width of the interval in which a share of n draws of chance p lies 99 times of 100.
func within99(p float64, n int) float64 { return 2.576 * math.Sqrt(p*(1-p)/float64(n)) }

// An attacker holds a process for as long as a head may take: 1 of them a second and 20 s are 20 processes on average
// (Little's law), of 32. Without a limit they hold all.
func TestSlowHeadsHoldAsManyProcessesAsTheirTimeAllows(t *testing.T) {
	v := published(t, "slowloris")
	visitors := func(name string) lab.ClassResult { return v[name].Classes[0] }
	assert.Greater(t, visitors("no limit").Latency.P50, lab.Millis(100*sim.Second))
	for _, name := range []string{"20 s for a head", "event loop"} {
		assert.Less(t, visitors(name).Latency.P95, lab.Millis(100*ms), name)
		assert.Zero(t, visitors(name).Failed, name)
	}
	held := 0.0
	for _, r := range v["20 s for a head"].PerRequest {
		if r.Status != "ok" {
			held += float64(r.End-r.Start) / 1e9
			assert.InDelta(t, 20, float64(r.End-r.Start)/1e9, 0.2)
		}
	}
	assert.InEpsilon(t, 20, held/120, 0.25, "processes held on average; arrivals are random")
	assert.Less(t, v["20 s for a head"].Server.PeakWorkers, 32)
}

// A process is held for the keep-alive timeout and the work: W/(T+s) visitors a second.
func TestProcessesServeAsManyReadersAsTheirTimeoutAllows(t *testing.T) {
	v := published(t, "prefork-held")
	assert.InEpsilon(t, 64/(5+0.2), perSecond(v["5 s"], 20, 120), 0.01)
	assert.Greater(t, v["5 s"].Latency.P95, lab.Millis(5*sim.Second))
	for _, name := range []string{"2 s", "event server"} {
		assert.Less(t, v[name].Latency.P95, lab.Millis(400*ms), name)
	}
	assert.Equal(t, 64, v["5 s"].Server.PeakWorkers)
}

// perSecond is the rate at which requests ended well between two moments, in seconds.
func perSecond(v lab.VariantResult, from, to float64) float64 {
	n := 0.0
	for _, r := range v.PerRequest {
		if end := float64(r.End) / 1e9; r.Status == "ok" && end >= from && end < to {
			n++
		}
	}
	return n / (to - from)
}

// Of N slots a sixteenth is kept free (ngx_drain_connections), and a request takes two of the rest for s seconds.
func TestAProxyServesHalfAsManyRequestsAsItHasSlots(t *testing.T) {
	v := published(t, "worker-connections")
	assert.InEpsilon(t, (64-64/16)/2, perSecond(v["64 slots"], 5, 60), 0.03)
	for _, r := range v["64 slots"].PerRequest {
		if r.Status != "ok" {
			assert.Less(t, int64(r.End-r.Start), int64(100*ms), "turned away at once")
		}
	}
	assert.Zero(t, v["256 slots"].Requests.Failed)
}

// Of c workers who ask at the same moment all but the two that are kept are closed after each round: (c-2)/c connections a
// request. Rounds come at random, a few before the last is over.
func TestAPoolOfTwoOpensEightConnectionsForTenRequests(t *testing.T) {
	v := published(t, "pool-churn")
	opened := float64(v["two kept"].Connections.Opened) / float64(v["two kept"].Requests.Total)
	assert.InDelta(t, (10-2)/10.0, opened, 0.01)
	assert.Less(t, v["ten kept"].Connections.Opened, 100)
}

// Without reading to the end each request but the first pays a round trip more.
func TestABodyLeftUnreadCostsAHandshakeForEachRequest(t *testing.T) {
	v := published(t, "unread-body", "link.down=0", "link.up=0")
	early, all := v["closed early"], v["read to the end"]
	assert.Equal(t, 20, early.Connections.Opened)
	assert.Equal(t, 1, all.Connections.Opened)
	assert.EqualValues(t, 19*80*ms, early.Finished-all.Finished)
}

// Kept connections hold all processes; what is sent over a ninth waits until one of them rests, or for the proxy's 60 s.
func TestAProxyThatBeginsToKeepConnectionsStarvesAServerOfProcesses(t *testing.T) {
	v := published(t, "upstream-keepalive")
	assert.Less(t, v["before"].Latency.P99, lab.Millis(150*ms))
	assert.Greater(t, v["after"].Latency.P95, lab.Millis(5*sim.Second))
	assert.Positive(t, v["after"].Proxy.Failed["504"])
	for _, name := range []string{"after with a short timeout", "after with an event server"} {
		assert.Zero(t, v[name].Requests.Failed, name)
		assert.Less(t, v[name].Latency.P99, lab.Millis(500*ms), name)
	}
	assert.Equal(t, 8, v["after"].Server.PeakWorkers)
}

// long is called by a test that repeats a run often for the numbers alone: where runs are slow, in WebAssembly, the same
// runs are held by their fingerprints.
func long(t *testing.T) {
	if testing.Short() {
		t.Skip("statistics, made natively")
	}
}
