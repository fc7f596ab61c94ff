package model_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// behind puts a proxy with endless pools, near its servers, in front of c's servers.
func behind(c *model.Config) *model.ProxyConfig {
	p := &model.ProxyConfig{Link: c.Link, HTTP: c.HTTP, Server: c.Server, Client: c.Client}
	p.Link.RTT = 2 * sim.Millisecond
	p.HTTP.Persistent = true
	p.Client.ConnectionsPerHost, p.Client.MaxIdle = 0, 100
	c.Proxy = p
	return p
}

// one counts the records of a kind on one side of the proxy.
func count(log *trace.Log, behind bool, which func(r *trace.Record) bool) (n int) {
	for i := range log.Records {
		if r := &log.Records[i]; r.IsBehind() == behind && which(r) {
			n++
		}
	}
	return n
}

func kind(k trace.Kind) func(*trace.Record) bool {
	return func(r *trace.Record) bool { return r.Kind == k }
}

// opened tells of a client's first SYN.
func opened(r *trace.Record) bool {
	return r.Kind == trace.ConnState && !trace.IsServer(r.Actor) && tcp.State(r.B) == tcp.SynSent
}

// statuses counts the clients' requests by outcome.
func statuses(log *trace.Log) map[trace.Status]int {
	out := map[trace.Status]int{}
	for _, r := range log.Records {
		if r.Kind == trace.RequestDone && !r.IsBehind() {
			out[trace.Status(r.Flags)]++
		}
	}
	return out
}

// Store and forward: both legs' round trips and both serialisations add up.
func TestOneGETThroughAProxyTakesTheSumOfBothLegsToTheNanosecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 10*1448-250).Draw(t, "size")
		c := gallery(1, model.Bytes(size), rapid.Bool().Draw(t, "persistent"))
		c.TCP.DelayedAck = tcp.AckEveryPacket
		p := behind(&c)
		p.HTTP.Persistent = rapid.Bool().Draw(t, "persistent behind")
		want := sim.Time(0)
		for i, l := range []*model.LinkConfig{&c.Link, &p.Link} {
			l.RTT = 2 * sim.Time(rapid.Int64Range(int64(sim.Millisecond), int64(100*sim.Millisecond)).Draw(t, "rtt/2"))
			l.Up = rapid.SampledFrom(exactRates[4:]).Draw(t, "rate")
			l.Down = l.Up
			l.Queue = model.Queue{Packets: 1 << 30}
			on := func(n int64) sim.Time { return onWire(n, l.Up) }
			response := size + 250
			want += 2*l.RTT + 2*on(60) + on(52) + on(400+52) + on(response+(response+1447)/1448*52)
			if i == 1 { // the server's ACK of the request leaves ahead of its answer; the proxy's has left long ago
				want += on(52)
			}
		}
		require.Equal(t, want, finished(run(t, c)))
	})
}

func TestEachRequestOfAClientIsOneOfTheProxysUnlessItIsSentAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfig(t)
		c.Link.LossDown, c.Link.LossUp = 0, 0
		c.Link.Queue.Packets = 1 << 20
		c.Proxy = anyProxy(t, &c)
		c.Proxy.Link.LossDown = 0
		log := run(t, c)
		taken := map[uint32]int{} // by the front, per request
		for _, r := range log.Records {
			if r.Kind == trace.ServerWaiting && !r.IsBehind() {
				taken[r.Req]++
			}
			if r.Kind == trace.RequestWanted && r.IsBehind() {
				taken[uint32(r.A)]--
			}
		}
		for req, n := range taken {
			require.Zero(t, n, "request %d", req)
		}
		require.Equal(t, count(log, true, kind(trace.RequestWanted)), count(log, true, kind(trace.RequestDone)))
	})
}

func TestTheBackOfAProxySpeaksItsOwnHTTP(t *testing.T) {
	for name, change := range map[string]func(c *model.Config){
		"HTTP/2 in front, HTTP/1.1 behind": func(c *model.Config) { c.HTTP.H2 = true },
		"HTTP/1.0 behind, as nginx before 1.29.7": func(c *model.Config) {
			c.Proxy.HTTP.Minor, c.Proxy.HTTP.Persistent = 0, false
		},
		"HTTP/2 on both sides": func(c *model.Config) { c.HTTP.H2, c.Proxy.HTTP.H2 = true, true },
	} {
		c := gallery(10, 20_000, true)
		behind(&c)
		change(&c)
		log := run(t, c)
		require.Equal(t, map[trace.Status]int{trace.OK: 10}, statuses(log), name)
		require.Equal(t, 1, count(log, false, opened), name)
		want := 1
		if !c.Proxy.HTTP.Persistent {
			want = 10
		}
		require.Equal(t, want, count(log, true, opened), name)
	}
}

// The chain of timeouts that must not be: the proxy keeps for 60 s what its server closes after 5 s, and asks just as the
// server's FIN is on its way.
func crossing(method string) model.Config {
	c := gallery(3, 1000, true)
	p := behind(&c)
	p.Server.KeepAliveTimeout, p.Client.IdleTimeout = 75*sim.Second, 60*sim.Second
	p.Link.RTT = 20 * sim.Millisecond
	c.Server.KeepAliveTimeout = 5 * sim.Second
	for i := range c.Workload.Sequence {
		c.Workload.Sequence[i].Method = method
	}
	// From the end of an answer at the server to the next request at the proxy: the way back of the one on both legs, and
	// that of the other on the front leg. The gap leaves 5 ms less than 5 s, of which the last 20 are lost.
	c.Workload.Sequence[1].Gap = 5*sim.Second - 10*sim.Millisecond - 100*sim.Millisecond - 5*sim.Millisecond
	return c
}

func TestARequestThatCrossesTheServersFINIs502IfItMustNotBeSentAgain(t *testing.T) {
	log := run(t, crossing("POST"))
	require.Equal(t, map[trace.Status]int{trace.OK: 2, trace.BadGateway: 1}, statuses(log))
	require.Equal(t, 1, count(log, false, opened), "the client's connection stays usable")
	require.Equal(t, 2, count(log, true, opened))
	require.Equal(t, 3, count(log, true, kind(trace.RequestBound)))

	log = run(t, crossing("GET"))
	require.Equal(t, map[trace.Status]int{trace.OK: 3}, statuses(log))
	require.Equal(t, 4, count(log, true, kind(trace.RequestBound)), "sent again")

	c := crossing("POST")
	c.Server.KeepAliveTimeout = 65 * sim.Second
	require.Equal(t, map[trace.Status]int{trace.OK: 3}, statuses(run(t, c)), "timeouts that grow towards the origin")
}

func TestA502IsAShortAnswerWhateverWasAskedFor(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		c := crossing("POST")
		c.HTTP.H2 = h2
		for i := range c.Workload.Sequence {
			c.Workload.Sequence[i].Size = 1_000_000
		}
		c.Workload.Sequence[1].Gap = 5*sim.Second - 10*sim.Millisecond - 100*sim.Millisecond
		for range 40 { // the million takes a while on both legs: look for the gap at which they cross
			log := run(t, c)
			if statuses(log)[trace.BadGateway] == 1 {
				for _, r := range log.Records {
					if r.Kind == trace.RequestDone && !r.IsBehind() && trace.Status(r.Flags) == trace.BadGateway {
						require.EqualValues(t, 250+157, r.Len)
					}
				}
				require.Equal(t, 2, statuses(log)[trace.OK])
				break
			}
			c.Workload.Sequence[1].Gap -= 50 * sim.Millisecond
			require.Greater(t, c.Workload.Sequence[1].Gap, sim.Second, "they never crossed")
		}
	}
}

func TestAServerThatNeverAnswersIs504(t *testing.T) {
	c := gallery(1, 1000, true)
	behind(&c).Link.LossUp = 1_000_000_000
	log := run(t, c)
	require.Equal(t, map[trace.Status]int{trace.GatewayTimeout: 1}, statuses(log))
	require.Greater(t, finished(log), sim.Minute, "when TCP gives up its SYNs")
}

func TestAProxysLimitCountsConnectionsOnBothItsSides(t *testing.T) {
	c := gallery(1, 1000, true)
	c.Client.Count = 8
	c.Server.Time = sim.Second
	behind(&c).Server.MaxConnections = 8
	peak := 0
	log := run(t, c)
	for _, r := range log.Records {
		if r.Kind == trace.ServerConns && !r.IsBehind() {
			peak = max(peak, trace.Lo(r.A))
		}
	}
	require.Equal(t, 4, peak, "each active client takes two")
	require.Equal(t, map[trace.Status]int{trace.OK: 8}, statuses(log), "the other four wait")

	c.Client.CPU.Request = sim.Second // all are connected before the first asks: there is none left towards the servers
	w := model.New(c, nil)
	require.NoError(t, w.Run())
	require.Equal(t, 8, named(t, w.ProxyLimitsReached(), "max_connections").Times)
	require.Equal(t, map[trace.Status]int{trace.BadGateway: 8}, statuses(run(t, c)))
	c.Proxy.Server.MaxConnections = 16
	require.Equal(t, map[trace.Status]int{trace.OK: 8}, statuses(run(t, c)))
}

// perServer counts the answers of each server.
func perServer(log *trace.Log, n int) []int {
	out := make([]int, n)
	for _, r := range log.Records {
		if r.Kind == trace.ServerWrote && r.IsBehind() == (log.Header.Behind != nil) {
			out[trace.ServerIndex(r.Actor)]++
		}
	}
	return out
}

func TestConnectionsAreDealtOnceAndStayWhereTheyAre(t *testing.T) {
	c := gallery(10, 1000, true)
	c.Client.Count = 5
	c.Server.Count = 3
	require.Equal(t, []int{20, 20, 10}, perServer(run(t, c), 3), "five connections of ten requests in turn")
	c.Server.Balance = model.LeastConnections
	require.Equal(t, []int{20, 20, 10}, perServer(run(t, c), 3))
	c.HTTP.Persistent = false
	c.Server.Balance = model.RoundRobin
	require.Equal(t, []int{17, 17, 16}, perServer(run(t, c), 3), "fifty connections of one")
}

func TestAProxyDealsEachRequest(t *testing.T) {
	c := gallery(10, 1000, true)
	c.Client.Count = 5
	c.Server.Count = 3
	behind(&c)
	require.Equal(t, []int{17, 17, 16}, perServer(run(t, c), 3))
}

// A server that is slow for a while has few of the connections meanwhile, if the balancer looks.
func TestTheServerWithFewestConnectionsIsTaken(t *testing.T) {
	c := gallery(0, 0, false)
	c.Server.Count, c.Server.Balance = 2, model.LeastConnections
	c.Client.ConnectionsPerHost = 20
	slow := model.Item{Path: "/slow", Method: "GET", Size: 1, Time: 60 * sim.Second}
	quick := model.Item{Path: "/", Method: "GET", Size: 1, After: []int{0}}
	first := quick
	first.After = nil
	c.Workload.Page = []model.Item{first, slow}
	for range 5 {
		quick.After = []int{len(c.Workload.Page) - 1}
		if len(c.Workload.Page) == 2 {
			quick.After = []int{0}
		}
		c.Workload.Page = append(c.Workload.Page, quick)
	}
	require.Equal(t, []int{6, 1}, perServer(run(t, c), 2))
}
