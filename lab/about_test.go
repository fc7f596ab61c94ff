package lab_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

// shown is what a shipped scenario shows: the numbers and the ledger of each variant, by its name.
type shown struct {
	numbers map[string]lab.VariantResult
	ledger  map[string]lab.ExplainedVariant
}

func show(t *testing.T, name string, set ...string) shown {
	f, err := scenarios.Load(name, set...)
	require.NoError(t, err)
	res, logs, err := lab.RunAll(context.Background(), f, lab.Options{Requests: true, Log: true})
	require.NoError(t, err)
	e, err := lab.ExplainAll(logs)
	require.NoError(t, err)
	s := shown{map[string]lab.VariantResult{}, map[string]lab.ExplainedVariant{}}
	for i, v := range res.Variants {
		s.numbers[v.Name], s.ledger[v.Name] = v, e.Variants[i]
	}
	return s
}

func (s shown) finished(name string) sim.Time { return sim.Time(s.numbers[name].Finished) }

// spent is what a variant's run spent on a cause.
func (s shown) spent(name string, c lab.Cause) sim.Time { return s.ledger[name].Run.Spent[c] }

// These tests hold each scenario to its about.

func TestTheGalleryPaysNineteenMoreRoundTrips(t *testing.T) {
	s := show(t, "gallery")
	more := s.spent("per-request", lab.Handshake) - s.spent("persistent", lab.Handshake)
	assert.EqualValues(t, 19, more/(100*sim.Millisecond))
}

func TestTheAnswersKeptConnectionsSaveHandshakesAndHoldMemory(t *testing.T) {
	s := show(t, "answer")
	fresh, kept := s.numbers["per-request"], s.numbers["persistent"]
	assert.Equal(t, [2]int{20, 6}, [2]int{fresh.Connections.Opened, kept.Connections.Opened})
	assert.Less(t, s.finished("persistent"), s.finished("per-request")*2/3)
	// 14 connections less, each with 600 us for its TLS handshake and 30 us for accept and close.
	assert.EqualValues(t, 14*630*sim.Microsecond, sim.Time(fresh.Server.CPU-kept.Server.CPU))
}

func TestAKeptConnectionIsWarmUntilItWasIdle(t *testing.T) {
	s := show(t, "cold-and-warm")
	each := func(name string) (out [3]int64) {
		for i := range out {
			out[i] = took(s.numbers[name], i)
		}
		return out
	}
	kept, fresh, warm := each("persistent"), each("per-request"), each("no restart")
	assert.Less(t, kept[1], kept[0]/2, "the second fetch starts where the first left off")
	assert.Greater(t, kept[2], 2*kept[1], "the third starts small again")
	assert.Less(t, kept[2], fresh[2], "and saves its handshake")
	assert.InEpsilon(t, warm[1], warm[2], 0.01, "unless the window is left as it was")
}

func TestThePagesImagesWaitWithAHandshakeInEveryWait(t *testing.T) {
	s := show(t, "page")
	assert.Equal(t, 31, s.numbers["per-request"].Connections.Opened)
	assert.Equal(t, 6, s.numbers["persistent"].Connections.Opened)
	assert.Greater(t, s.spent("per-request", lab.Handshake), 2*s.spent("persistent", lab.Handshake))
}

func TestKeptConnectionsHoldProcessesThatAnEventLoopWouldNot(t *testing.T) {
	s := show(t, "busy-server")
	assert.Greater(t, s.spent("processes persistent", lab.ServerQueue), sim.Second)
	for _, name := range []string{"processes per-request", "event per-request", "event persistent"} {
		assert.Less(t, s.spent(name, lab.ServerQueue), 10*sim.Millisecond, name)
	}
	assert.Equal(t, 16, s.numbers["processes persistent"].Server.PeakConnections, "as many as there are processes")
}

func TestALossOnAShortConnectionCostsATimeout(t *testing.T) {
	s := show(t, "mobile")
	assert.GreaterOrEqual(t, s.spent("per-request", lab.Recovery), sim.Second)
	assert.Positive(t, s.spent("persistent", lab.Recovery))
	assert.Less(t, s.spent("persistent", lab.Recovery), 130*sim.Millisecond, "about a round trip")
}

func TestOverASatelliteBandwidthChangesLittle(t *testing.T) {
	s, fast := show(t, "satellite"), show(t, "satellite", "link.down=200Mbit/s", "link.up=30Mbit/s")
	for _, name := range []string{"per-request", "persistent"} {
		assert.Less(t, s.finished(name)-fast.finished(name), s.finished(name)/20, name)
		trips := s.spent(name, lab.Handshake) + s.spent(name, lab.SlowStart) + s.spent(name, lab.Propagation)
		assert.Greater(t, trips, s.finished(name)*95/100, name)
	}
}

func TestOnALANKeepingSavesWorkAndNoTimeThatIsFelt(t *testing.T) {
	s := show(t, "lan")
	a, b := s.numbers["per-request"], s.numbers["persistent"]
	assert.Less(t, s.finished("per-request")-s.finished("persistent"), 25*sim.Millisecond, "half a millisecond for each of fifty requests")
	assert.Less(t, b.Packets.Up+b.Packets.Down, (a.Packets.Up+a.Packets.Down)*6/10)
	assert.Less(t, b.Server.CPU, a.Server.CPU)
}

func TestFreshConnectionsWinAgainstTwoThatWereIdle(t *testing.T) {
	s := show(t, "idle-loses")
	assert.Less(t, s.finished("per-request"), s.finished("two kept"))
	assert.Less(t, s.finished("six kept"), s.finished("per-request"))
	assert.Equal(t, 2, s.numbers["two kept"].Connections.Opened)
	assert.Equal(t, 6, s.numbers["six kept"].Connections.Opened, "all six were opened before the pause")
}

func TestTheRecordedPagesTakeAboutAsLongAsInTheRecordings(t *testing.T) {
	shop := show(t, "har-shop")
	assert.InEpsilon(t, 1169*int64(sim.Millisecond), int64(shop.finished("persistent")), 0.05)
	assert.InEpsilon(t, 1966*int64(sim.Millisecond), int64(shop.finished("per-request")), 0.05)
	news := show(t, "har-news")
	assert.InEpsilon(t, 1402*int64(sim.Millisecond), int64(news.finished("per-request")), 0.05)
	assert.InEpsilon(t, 1402*int64(sim.Millisecond), int64(news.finished("persistent")), 0.05)
	assert.Less(t, news.finished("per-request")-news.finished("persistent"), news.finished("per-request")/10, "keeping gains little")
	assert.Positive(t, news.numbers["persistent"].Packets.Dropped, "kept connections fill the queue")
}

func TestKeepingSavesMoreOfAnEncryptedConnection(t *testing.T) {
	s := show(t, "tls")
	assert.Greater(t, s.finished("TLS 1.3")-s.finished("TLS 1.3 kept"), 400*ms)
	assert.Less(t, s.finished("TLS 1.3 with 0-RTT"), s.finished("TLS 1.3")-200*ms)
}

// Over ten seeds, so that no lucky loss decides.
func TestHTTP2WinsOnACleanPathAndLosesOnABadOne(t *testing.T) {
	var six, one sim.Time
	for seed := range 10 {
		s := show(t, "http2", fmt.Sprintf("seed=%d", seed+1))
		assert.Less(t, s.finished("HTTP/2 clean"), s.finished("HTTP/1.1 clean"))
		six += s.finished("HTTP/1.1 with losses")
		one += s.finished("HTTP/2 with losses")
	}
	assert.Greater(t, one, six*3/2, "one window for all pays for each loss")
}
