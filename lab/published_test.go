package lab_test

import (
	"context"
	"fmt"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

// published runs a shipped scenario, changed by set, and finds its variants by name.
func published(t require.TestingT, name string, set ...string) map[string]lab.VariantResult {
	f, err := scenarios.Load(name, set...)
	require.NoError(t, err)
	res, _, err := lab.RunAll(context.Background(), f, lab.Options{Requests: true})
	require.NoError(t, err)
	out := map[string]lab.VariantResult{}
	for _, v := range res.Variants {
		out[v.Name] = v
	}
	return out
}

// took is how long a request took, in nanoseconds.
func took(v lab.VariantResult, request int) int64 {
	r := v.PerRequest[request]
	return int64(r.End) - int64(r.Start)
}

// Ilya Grigorik, High Performance Browser Networking, Building Blocks of TCP: 20 KB over 56 ms.
func TestTwentyKilobytesTakeWhatTheBookSays(t *testing.T) {
	v := published(t, "grigorik")
	assert.EqualValues(t, 264*ms, took(v["per-request"], 0), "a new connection")
	assert.EqualValues(t, 96*ms, took(v["persistent"], 1), "the same connection again")
	assert.EqualValues(t, 208*ms, took(v["ten segments"], 0), "a first window of ten")
	assert.InDelta(t, 273.8e6, took(v["5 Mbit/s"], 0), 0.05e6, "with the serialisation that the book leaves out")
	assert.InDelta(t, 129.7e6, took(v["5 Mbit/s"], 1), 0.05e6, "and again")
}

// The same book, Transport Layer Security: data may go three round trips after the start with TLS 1.2, two with 1.3.
func TestEncryptedDataMayGoWhenTheBookSays(t *testing.T) {
	v := published(t, "tls", "link.down=0", "link.up=0")
	for name, want := range map[string]sim.Time{"in the clear": 56 * ms, "TLS 1.2": 168 * ms, "TLS 1.3": 112 * ms} {
		r := v[name].PerRequest[0]
		assert.EqualValues(t, want, int64(r.Connect)+int64(r.TLS), name)
	}
	early := v["TLS 1.3 with 0-RTT"].PerRequest[1]
	assert.EqualValues(t, 56*ms, int64(early.Connect)+int64(early.TLS), "the second connection knows the server")
}

// A chain of certificates that outgrows the first window costs a round trip more (RFC 6928's ten segments).
func TestACertificateChainBeyondTheFirstWindowCostsARoundTrip(t *testing.T) {
	small := published(t, "tls", "link.down=0", "link.up=0", "tls.certificate=10kB")["TLS 1.3"].PerRequest[0]
	large := published(t, "tls", "link.down=0", "link.up=0", "tls.certificate=20kB")["TLS 1.3"].PerRequest[0]
	assert.EqualValues(t, 56*ms, int64(large.TLS)-int64(small.TLS))
}

// The same book, HTTP/1.X: HTML of 40 ms and CSS of 20 ms of server time.
func TestTwoResourcesTakeOneRoundTripLessOnAKeptConnection(t *testing.T) {
	v := published(t, "two-resources")
	assert.EqualValues(t, 284*ms, v["per-request"].Finished)
	assert.EqualValues(t, 228*ms, v["persistent"].Finished)
	assert.EqualValues(t, 172*ms, v["pipelined"].Finished, "first in, first out")
	assert.EqualValues(t, 152*ms, v["pipelined in parallel"].Finished)
}

// The same chapter: keeping the connection saves (N-1) round trips where everything fits the first window.
func TestKeepingSavesARoundTripForEachRequestButTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "requests")
		rtt := rapid.IntRange(1, 800_000).Draw(t, "rtt in µs")
		size := rapid.IntRange(1, 14_000).Draw(t, "size")
		v := published(t, "gallery", fmt.Sprintf("workload.sequence={count: %d, size: %dB}", n, size),
			fmt.Sprintf("link={rtt: %dus, down: 0, up: 0}", rtt), "http.response_headers=0", "tcp.header=0")
		assert.EqualValues(t, (n-1)*rtt*1000, v["per-request"].Finished-v["persistent"].Finished)
	})
}

// Kurose and Ross, chapter 2 problems: a page and eight tiny objects, no transmission time.
func TestEightObjectsTakeAsManyRoundTripsAsTheTextbookSays(t *testing.T) {
	v := published(t, "kurose-objects")
	assert.EqualValues(t, 18*100*ms, v["serial"].Finished)
	assert.EqualValues(t, 6*100*ms, v["five parallel"].Finished)
	assert.EqualValues(t, 10*100*ms, v["persistent"].Finished)
	assert.EqualValues(t, 3*100*ms, v["pipelined"].Finished)
}

// Grigorik again: 16 KiB per 100 ms is 1.31 Mbit/s, however fast the link.
func TestAWindowOf16KiBIsACeiling(t *testing.T) {
	v := published(t, "window-ceiling")["16 KiB"]
	const size = 1600 * 1024
	bitsPerSecond := float64(size*8) / (float64(v.Finished-lab.Millis(100*ms)) / 1e9) // without the handshake
	assert.InDelta(t, 1.31e6, bitsPerSecond, 0.005e6)
}

// Kurose and Ross, static congestion window: latency = 2 RTT + O/R + P (RTT + S/R) - (2^P - 1) S/R with
// P = min(Q, K-1), K = ceil(log2(O/S + 1)), Q = floor(log2(1 + RTT/(S/R))) + 1. Here in whole nanoseconds.
func TestSlowStartTakesWhatTheStaticFormulaSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segment := rapid.IntRange(100, 1460).Draw(t, "S in bytes")
		segments := rapid.IntRange(1, 600).Draw(t, "O/S")
		perByte := rapid.SampledFrom([]int{8, 80, 800, 8000}).Draw(t, "ns per byte")
		rtt := rapid.IntRange(1, 500_000).Draw(t, "RTT in µs") * 1000
		v := published(t, "slow-start-formula", fmt.Sprintf("tcp.mss=%d", segment), fmt.Sprintf("link.rtt=%dns", rtt),
			fmt.Sprintf("link.down=%dbit/s", 8_000_000_000/perByte), fmt.Sprintf("workload.sequence.size=%dB", segments*segment))
		one := segment * perByte // S/R
		k := bits.Len(uint(segments))
		q := bits.Len(uint(1 + rtt/one))
		p := min(q, k-1)
		want := 2*rtt + segments*one + p*(rtt+one) - (1<<p-1)*one
		assert.EqualValues(t, want, v["per-request"].Finished)
	})
}

// Nielsen and others, Network Performance Effects of HTTP/1.1, 1997: a page of 42 kB and 42 images of 3 kB over 90 ms.
// Asking for all at once beat four connections of HTTP/1.0, and those beat one connection that asks in turn.
func TestPipeliningBeatsFourConnectionsAndTheyBeatOneInTurn(t *testing.T) {
	finished := func(set ...string) lab.Millis {
		f, err := scenarios.Parse("1997.yaml", []byte(`{link: {rtt: 90ms, down: 1.5Mbit/s, up: 1.5Mbit/s},
  tcp: {congestion: reno, initial_window: 2}, workload: {page: [{path: /, size: 42kB}, {path: /img, size: 3kB, count: 42, after: /}]}}`), set...)
		require.NoError(t, err)
		res, _, err := lab.RunAll(context.Background(), f, lab.Options{})
		require.NoError(t, err)
		return res.Variants[0].Finished
	}
	pipelined := finished("client.connections_per_host=1", "http.pipelining=42")
	four := finished("client.connections_per_host=4", `http={version: 1.0, connections: per-request}`)
	inTurn := finished("client.connections_per_host=1")
	assert.Less(t, pipelined, four)
	assert.Less(t, four, inTurn)
}
