package model_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// deafServer is a server that answers no SYN: the first hundred packets to it are lost.
func deafServer(items ...model.Item) model.Config {
	c := instant(items...)
	for i := range 100 {
		c.Link.DropUp = append(c.Link.DropUp, i+1)
	}
	return c
}

// ends lists when each request ended, and how.
func ends(log *trace.Log) (at []sim.Time, how []trace.Status, attempts []int64) {
	for _, r := range log.Records {
		if r.Kind == trace.RequestDone {
			at, how, attempts = append(at, r.At), append(how, trace.Status(r.Flags)), append(attempts, r.A)
		}
	}
	return at, how, attempts
}

// begun lists when the client began to open its connections.
func begun(log *trace.Log) (at []sim.Time) {
	for _, r := range log.Records {
		if r.Kind == trace.ConnState && !trace.IsServer(r.Actor) && tcp.State(r.B) == tcp.SynSent {
			at = append(at, r.At)
		}
	}
	return at
}

// Tries that end after a second each, and pauses of 100, 200 and 400 ms between them. Nothing was sent, so that the method
// is of no concern.
func TestAConnectionThatTakesTooLongToOpenIsTriedAgainEverLater(t *testing.T) {
	item := get("/", 0)
	item.Method = "POST"
	c := deafServer(item)
	c.Client.ConnectTimeout, c.Client.Retry, c.Client.Retries = sim.Second, model.RetryAlways, 3
	c.Client.Backoff = model.Span{To: 100 * sim.Millisecond}
	log := run(t, c)
	require.Equal(t, []sim.Time{0, 1100 * sim.Millisecond, 2300 * sim.Millisecond, 3700 * sim.Millisecond}, begun(log))
	at, how, attempts := ends(log)
	require.Equal(t, []sim.Time{4700 * sim.Millisecond}, at)
	require.Equal(t, []trace.Status{trace.Timeout}, how)
	require.Equal(t, []int64{4}, attempts)
	require.Equal(t, 4, counted(log, trace.TimerFired, func(r trace.Record) bool { return r.Flags == trace.TimerConnect }))

	for _, retry := range []model.Retry{model.RetryNever, model.RetryIdempotent} {
		c.Client.Retry = retry
		at, _, _ = ends(run(t, c))
		require.Equal(t, []sim.Time{sim.Second}, at)
	}
}

// Full jitter: uniform between nothing and 1, 2, 4 … s. Of many seeds the means are half of that, and the extremes come near.
func TestDrawnPausesAreUniformUpToTheDoubledTime(t *testing.T) {
	c := deafServer(get("/", 0))
	c.Client.ConnectTimeout, c.Client.Retry, c.Client.Retries = sim.Second, model.RetryAlways, 3
	c.Client.Backoff = model.Span{Kind: model.Uniform, To: sim.Second}
	const runs = 400
	var sum, most [3]sim.Time
	for seed := range uint64(runs) {
		c.Seed = seed
		at := begun(run(t, c))
		require.Len(t, at, 4)
		for i := range sum {
			pause := at[i+1] - at[i] - c.Client.ConnectTimeout
			require.LessOrEqual(t, pause, sim.Second<<i)
			sum[i] += pause
			most[i] = max(most[i], pause)
		}
	}
	for i := range sum {
		limit := sim.Second << i
		require.InDelta(t, int64(limit/2), int64(sum[i]/runs), float64(limit)*0.29*3.3/20, "a uniform time deviates by 0.29 of its limit; 3.3 of that over the root of 400")
		require.Greater(t, most[i], limit*49/50)
	}
}

func TestATLSHandshakeIsPartOfOpeningAConnection(t *testing.T) {
	c := instant(get("/", 0))
	c.TLS.Version = tls.V12
	c.Client.ConnectTimeout, c.Client.Retry = 250*sim.Millisecond, model.RetryNever // three round trips are needed
	at, how, _ := ends(run(t, c))
	require.Equal(t, []sim.Time{250 * sim.Millisecond}, at)
	require.Equal(t, []trace.Status{trace.Timeout}, how)
	c.Client.ConnectTimeout = 301 * sim.Millisecond
	_, how, _ = ends(run(t, c))
	require.Equal(t, []trace.Status{trace.OK}, how)
}

// Wherever a request is when its time is over, it ends then: while it waits for another on the only connection, while its
// connection is opened, between two tries, and at the server.
func TestTheTimeForARequestIsOverWhereverItIs(t *testing.T) {
	slow := instant()
	slow.Workload.Sequence = nil
	slow.Workload.Page = []model.Item{get("/a", 0), get("/b", 0)}
	slow.Server.Time = sim.Minute
	slow.Client.ConnectionsPerHost = 1
	opening := deafServer(get("/", 0))
	early := deafServer(get("/", 0))
	early.Client.Early = true
	pausing := deafServer(get("/", 0))
	pausing.Client.Retry = model.RetryAlways
	pausing.Client.ConnectTimeout, pausing.Client.Backoff.To = sim.Second, 5*sim.Second
	for name, c := range map[string]model.Config{"slow": slow, "opening": opening, "early": early, "pausing": pausing} {
		c.Client.Timeout = 3 * sim.Second
		log := run(t, c)
		at, how, _ := ends(log)
		for i := range at {
			require.Equal(t, 3*sim.Second, at[i], name)
			require.Equal(t, trace.Timeout, how[i], name)
		}
		require.Len(t, at, len(log.Header.Requests), name)
	}
}

// A client that gives up closes: all has been read so far, so with a FIN. What the server sends then is refused.
func TestAClientThatGivesUpClosesAndRefusesTheAnswer(t *testing.T) {
	c := instant(get("/", 0))
	c.Server.Time = 5 * sim.Second
	c.Client.Timeout = sim.Second
	var flags []uint16
	for _, r := range run(t, c).Records {
		if r.Kind == trace.Segment && !trace.IsServer(r.Actor) && r.At >= sim.Second {
			flags = append(flags, r.Flags)
		}
	}
	require.Equal(t, []uint16{trace.FIN | trace.ACK, trace.RST, trace.RST}, flags, "to the answer and to the server's FIN")
}

// A stream that is given up is closed alone: the other's answer comes on the same connection.
func TestWithHTTP2OnlyTheStreamIsGivenUp(t *testing.T) {
	c := instant()
	c.Workload.Sequence = nil
	c.Workload.Page = []model.Item{get("/slow", 0), get("/fast", 0), get("/later", 0)}
	c.Workload.Page[0].Time = 5 * sim.Second
	c.Workload.Page[2].After = []int{0}
	c.HTTP.H2 = true
	c.Client.Timeout = sim.Second
	log := run(t, c)
	at, how, _ := ends(log)
	require.Equal(t, []trace.Status{trace.OK, trace.Timeout, trace.OK}, how)
	require.Equal(t, sim.Second, at[1])
	require.Len(t, begun(log), 1)
}

// The first request's packets are lost until the server, which saw none for a minute, closes. On a new connection that is
// no stale one; a POST may have been worked on besides.
func TestOnlyAlwaysSendsAgainWhatBrokeOnANewConnection(t *testing.T) {
	item := get("/", 0)
	item.Method = "POST"
	c := instant(item)
	for i := range 12 {
		c.Link.DropUp = append(c.Link.DropUp, i+3)
	}
	for _, retry := range []model.Retry{model.RetryNever, model.RetryIdempotent} {
		c.Client.Retry = retry
		_, how, attempts := ends(run(t, c))
		require.Equal(t, []trace.Status{trace.Reset}, how)
		require.Equal(t, []int64{1}, attempts)
	}
	c.Client.Retry = model.RetryAlways
	_, how, attempts := ends(run(t, c))
	require.Equal(t, []trace.Status{trace.OK}, how)
	require.Equal(t, []int64{2}, attempts)
}

// The proxy's own request has a limit of its own; its client, who has none, is told.
func TestAProxyWhoseTimeIsOverSaysSo(t *testing.T) {
	c := instant(get("/1", 0), get("/2", 0))
	c.Server.Time = 5 * sim.Second
	p := behind(&c)
	p.Client.Timeout = sim.Second
	log := run(t, c)
	require.Equal(t, map[trace.Status]int{trace.GatewayTimeout: 2}, statuses(log))
	require.Equal(t, 3*c.Link.RTT+2*sim.Second, finished(log))
	require.Equal(t, 2, count(log, true, opened), "the first was given up with its request")
}

// What a client leaves unread is its own affair: the proxy reads all and keeps its connection.
func TestAProxyReadsWhatItsClientLeaves(t *testing.T) {
	c := instant(get("/1", 0), get("/2", 0))
	c.Workload.Sequence[0].Unread, c.Workload.Sequence[1].Unread = 500, 500
	behind(&c)
	log := run(t, c)
	require.Equal(t, map[trace.Status]int{trace.OK: 2}, statuses(log))
	require.Equal(t, 2, count(log, false, opened))
	require.Equal(t, 1, count(log, true, opened))
}

// With Fast Open a connection carries requests before its peer has answered. Given up by then, it
// gives its port back, and its place among the connections.
func TestAConnectionThatIsClosedUnansweredGivesItsPortAndItsPlaceBack(t *testing.T) {
	c := instant(get("/1", 0), get("/2", sim.Second))
	c.TCP.FastOpen, c.HTTP.H2 = true, true
	c.Client.Timeout, c.Client.MaxIdle = sim.Millisecond, 0
	w := model.New(c, nil)
	require.NoError(t, w.Run())
	require.Empty(t, w.Leftovers())

	c.Link.RTT, c.Link.Down, c.Link.Up, c.Link.Queue = 0, 200_000, 200_000, model.Queue{Packets: 2} // which the SYN finds full
	c.Client.Timeout, c.Client.MaxIdle, c.Client.ConnectionsPerHost, c.Client.MaxAge = 1, 1, 1, 1
	c.Workload = model.Workload{Arrivals: &model.Arrivals{Item: get("/", 0), PerHour: 5 * 3600, For: 4 * sim.Second, Shape: model.Bursts, Burst: 7}}
	w = model.New(c, nil)
	require.NoError(t, w.Run())
	require.Empty(t, w.Leftovers())
}
