package model_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/sim"
)

// burst is clients that connect at the same moment over an endless link, for one request each that takes the server's
// thread for a while.
func burst(clients, backlog, workers int, cookies bool) model.Config {
	c := gallery(1, 1000, false)
	c.Link = model.LinkConfig{RTT: 100 * sim.Millisecond, Queue: model.Queue{Packets: 1 << 20}, Shared: true}
	c.Client.Count = clients
	c.Server.ThreadPerConnection, c.Server.Workers, c.Server.Backlog, c.Server.SYNCookies = true, workers, backlog, cookies
	c.Server.Time = 200 * sim.Millisecond
	return c
}

// fell counts what the listening socket ignored, and the cookies that it sent.
func fell(log *trace.Log) (dropped [3]int, cookies int) {
	for _, r := range log.Records {
		switch r.Kind {
		case trace.BacklogDrop:
			dropped[r.Flags]++
		case trace.SYNCookie:
			cookies++
		}
	}
	return dropped, cookies
}

// established is when each connection was, as its client saw it: by connection.
func established(log *trace.Log) (at []sim.Time) {
	for _, r := range log.Records {
		if r.Kind == trace.RequestBound {
			at = append(at, sim.Time(r.B))
		}
	}
	return at
}

// synAcks counts SYN-ACKs: all, and those sent again.
func synAcks(log *trace.Log) (all, again int) {
	for _, r := range log.Records {
		if r.Kind == trace.Segment && r.Flags&(trace.SYN|trace.ACK) == trace.SYN|trace.ACK {
			all++
			if r.Flags&trace.Retransmitted != 0 {
				again++
			}
		}
	}
	return all, again
}

func TestBothQueuesOfAListeningSocketHoldTheBacklogAndOneMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clients, backlog, workers := rapid.IntRange(1, 60).Draw(t, "clients"), rapid.IntRange(0, 20).Draw(t, "backlog"), rapid.IntRange(1, 5).Draw(t, "workers")
		c := burst(clients, backlog, workers, true)
		log := run(t, c)
		_, cookies := fell(log)
		require.Equal(t, max(clients-(backlog+1), 0), cookies, "the SYN queue has room for backlog + 1")
		for _, at := range established(log) {
			require.Equal(t, c.Link.RTT, at, "with cookies every client believes at once that it is connected")
		}
		first := 0 // ignored before any worker was free again: the final ACK, and the request right behind it
		for _, r := range log.Records {
			if r.Kind == trace.BacklogDrop && r.At < c.Link.RTT*3/2+c.Server.Time {
				require.Equal(t, trace.DroppedFinalACK, r.Flags)
				first++
			}
		}
		require.Equal(t, 2*max(clients-workers-(backlog+1), 0), first, "the workers take some, and the accept queue has room for backlog + 1")
	})
}

func TestWithoutCookiesTheSYNsThatAFullQueueIgnoredComeBackAfter1And2And3And4And5And7And11Seconds(t *testing.T) {
	plateaus := []sim.Time{0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67}
	rapid.Check(t, func(t *rapid.T) {
		clients, backlog := rapid.IntRange(1, 60).Draw(t, "clients"), rapid.IntRange(0, 20).Draw(t, "backlog")
		c := burst(clients, backlog, 1000, false)
		log := run(t, c)
		at := established(log)
		require.Len(t, at, min(clients, (backlog+1)*len(plateaus)), "the others are given up")
		for i, at := range at {
			require.Equal(t, plateaus[i/(backlog+1)]*sim.Second+c.Link.RTT, at, "each time backlog + 1 find a place")
		}
		dropped, cookies := fell(log)
		require.Zero(t, cookies)
		ignored := 0
		for k := range plateaus {
			ignored += max(clients-(backlog+1)*(k+1), 0)
		}
		require.Equal(t, [3]int{trace.DroppedHalfOpen: ignored}, dropped)
	})
}

func TestACookieIsNotSentAgainAndAPlaceInTheQueueIs(t *testing.T) {
	for _, x := range []struct {
		lost  int // SYN-ACK: the first client has the place, the second the cookie
		again int
	}{{1, 2}, {2, 0}} { // the server's timer and the client's second SYN ask for it both
		c := burst(2, 0, 4, true)
		c.Link.DropDown = []int{x.lost}
		log := run(t, c)
		_, again := synAcks(log)
		assert.Equal(t, x.again, again, "SYN-ACK %d is lost", x.lost)
		assert.Equal(t, c.Link.RTT+sim.Second, slices.Max(established(log)))
	}
}

// ACKs that never come leave connections half-open, and all mature at once. Of a queue that is more than half full of them
// those beyond half are given up at the third timeout, after three SYN-ACKs; the others get all six.
func TestHalfOpenConnectionsAreGivenUpSoonerWhereTheyFillHalfOfTheQueue(t *testing.T) {
	for _, x := range []struct{ clients, synAcks int }{
		{1, 6},
		{8, 8 * 6},
		{9, 1*3 + 8*6},
		{12, 4*3 + 8*6},
	} {
		c := burst(x.clients, 16, 4, true)
		for i := range 1000 {
			c.Link.DropUp = append(c.Link.DropUp, x.clients+1+i)
		}
		all, again := synAcks(run(t, c))
		assert.Equal(t, x.synAcks, all, "%d clients", x.clients)
		assert.Equal(t, x.synAcks-x.clients, again)
	}
}

func TestAQuarterOfTheLongestSYNQueueIsKeptForKnownPeersWhereThereAreNoCookies(t *testing.T) {
	long(t)
	for _, cookies := range []bool{true, false} {
		c := burst(3000, 65535, 3000, cookies)
		dropped, _ := fell(run(t, c))
		want := 0
		if !cookies {
			want = 3000 - 1537 // 2048 - 1537 < 2048/4
		}
		assert.Equal(t, [3]int{trace.DroppedHalfOpen: want}, dropped, "cookies %t", cookies)
	}
}
