package lab_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/scenarios"
	"keepalive/sim"
)

func numbers(t *testing.T, name string, set ...string) map[string]lab.VariantResult {
	f, err := scenarios.Load(name, set...)
	require.NoError(t, err)
	res, _, err := lab.RunAll(context.Background(), f, lab.Options{})
	require.NoError(t, err)
	out := map[string]lab.VariantResult{}
	for _, v := range res.Variants {
		out[v.Name] = v
	}
	return out
}

// A request fails if the gap before it, at the proxy, is between T less a round trip and T: with Poisson arrivals of rate L
// for e^(-L(T-RTT)) - e^(-LT) of them. The gaps of the others lead to a kept connection or to a new one.
func TestTheProxysFINRaceHasItsFormulasOdds(t *testing.T) {
	long(t)
	const rate, timeout, trip = 0.2, 5.0, 0.05
	fails := math.Exp(-rate*(timeout-trip)) - math.Exp(-rate*timeout)
	n, failed, again, reused := 0, 0, 0, 0
	for seed := range 4 {
		v := numbers(t, "proxy-502", fmt.Sprintf("seed=%d", seed+1))
		post, get, mended := v["5 s behind 60 s"], v["the same with GET"], v["65 s behind 60 s"]
		n += post.Requests.Total
		failed += post.Proxy.Failed["502"]
		reused += post.Proxy.Connections.Reused
		again += get.Proxy.Retried
		assert.Equal(t, post.Requests.Failed, post.Proxy.Failed["502"], "clients get what the proxy failed at")
		assert.Equal(t, post.Proxy.Stale, post.Requests.Failed)
		assert.Equal(t, get.Proxy.Stale, get.Proxy.Retried)
		assert.Zero(t, get.Requests.Failed)
		assert.Zero(t, mended.Requests.Failed+mended.Proxy.Retried)
		assert.Less(t, mended.Proxy.Connections.Opened, post.Proxy.Connections.Opened/20)
	}
	within := func(got int, p float64, what string) { // 99.9 %
		half := 3.29 * math.Sqrt(float64(n)*p*(1-p))
		t.Logf("%s: %d of %d, expected %.1f ± %.1f", what, got, n, float64(n)*p, half)
		assert.InDelta(t, float64(n)*p, float64(got), half, what)
	}
	within(failed, fails, "502")
	within(again, fails, "sent again")
	within(reused, 1-math.Exp(-rate*timeout), "on a kept connection, failed ones too")
}

func TestMoreTrafficMeansFewer502sPerRequest(t *testing.T) {
	busy := numbers(t, "proxy-502", "workload.arrivals.rate=2/s", "workload.arrivals.for=1h")["5 s behind 60 s"]
	assert.Less(t, busy.Requests.Failed, 5, "of %d", busy.Requests.Total)
}

func TestPinnedConnectionsAreAsUnevenAsTheyWereDealt(t *testing.T) {
	v := numbers(t, "pinned")
	pinned := v["pinned"]
	for _, s := range pinned.Servers {
		assert.Equal(t, 400*s.Connections, s.Requests, "all requests of a client are where its connection is")
	}
	assert.InDelta(t, 2, pinned.Imbalance, 1e-9)
	assert.Equal(t, 6, pinned.Servers[3].Connections, "half of all clients")
	assert.Equal(t, 400, pinned.Servers[0].Requests, "a third of its share")
	assert.Less(t, v["ten requests each"].Imbalance, 1.2)
	assert.Equal(t, 480, v["ten requests each"].Connections.Opened)
	assert.Less(t, v["ten requests each"].Finished, pinned.Finished)
	for _, name := range []string{"fewest connections", "proxy"} {
		assert.InDelta(t, 1, v[name].Imbalance, 0.01, name)
		assert.Less(t, v[name].Latency.P95, pinned.Latency.P95*7/10, name)
	}
}

// Connections dealt by chance are binomial: of twelve, a server of four has three on average, with variance 12 x 1/4 x 3/4.
func TestConnectionsDealtByChanceAreBinomial(t *testing.T) {
	long(t)
	const runs = 100
	var sum, squares float64
	for seed := range runs {
		v := numbers(t, "pinned", fmt.Sprintf("seed=%d", seed+1), "workload.users.requests=1", "server.cpu.request=0")["pinned"]
		for _, s := range v.Servers {
			d := float64(s.Connections) - 3
			sum += d
			squares += d * d
		}
	}
	assert.Zero(t, sum, "all are dealt")
	// The sum of squares over a server's expectation is chi-square with three degrees of freedom, nearly: mean 3, variance 6.
	assert.InDelta(t, 3, squares/3/runs, 3.29*math.Sqrt(6.0/runs))
}

func TestALedgerWalksThroughTheProxy(t *testing.T) {
	c := path(1, 1000, true)
	c.TCP.DelayedAck = 1 // every packet
	c.Server.Time = 30 * ms
	c.Proxy = &model.ProxyConfig{Link: c.Link, HTTP: c.HTTP, Server: c.Server, Client: c.Client}
	c.Proxy.Link.RTT = 8 * ms
	c.Proxy.Server.CPU.Request = 2 * ms
	led, run := explain(t, c)
	balanced(t, led, run)
	a := led.Run
	assert.Equal(t, 108*ms, a.Spent[lab.Propagation], "a round trip on each leg")
	assert.Equal(t, 30*ms, a.Spent[lab.ServerTime])
	assert.Equal(t, 2*ms, a.Spent[lab.ServerCPU])
	assert.Equal(t, 2, a.Handshakes)
	assert.Zero(t, a.Spent[lab.Host]+a.Spent[lab.Blocked]+a.Spent[lab.ServerQueue])
	require.Equal(t, 1, run.Result.Requests.Total)
	require.Equal(t, 1, run.Result.Proxy.Requests)
	require.Len(t, run.Result.PerRequest, 1)
	require.Equal(t, 1, run.Result.Connections.Opened, "the proxy's are its own")
}

// What is between clients and proxy does not change what the Result says of the leg behind, and the other way round.
func TestAProxysNumbersAreThoseOfItsOwnLeg(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := scenario(t)
		c.Proxy = proxied(t, &c)
		_, run := explain(t, c)
		p := run.Result.Proxy
		require.LessOrEqual(t, p.Connections.Reused+p.Connections.Opened, p.Requests+p.Retried+p.Connections.Opened)
		require.GreaterOrEqual(t, p.Requests, run.Result.Requests.OK)
		sum := 0
		for _, s := range run.Result.Servers {
			sum += s.Requests
		}
		if run.Result.Servers != nil {
			require.GreaterOrEqual(t, sum, run.Result.Requests.OK)
		}
		require.GreaterOrEqual(t, p.Bytes.Down, p.Bytes.PayloadDown)
		require.LessOrEqual(t, sim.Time(run.Result.Finished), run.Log.Header.Ended)
	})
}
