package lab_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// path is twenty objects of 10 kB in sequence over 100 ms and 10 Mbit/s.
func path(count int, size model.Bytes, persistent bool) model.Config {
	c := model.Config{
		Scenario: "test", Variant: "per-request", Seed: 1, Timer: 1,
		Link: model.LinkConfig{RTT: 100 * sim.Millisecond, Down: 10_000_000, Up: 10_000_000, Queue: model.Queue{Packets: 100}, Shared: true},
		TCP:  tcp.Config{InitialWindow: 10, MSS: 1448, Header: 52, SYNHeader: 60, SlowStartAfterIdle: true},
		HTTP: model.HTTPConfig{Minor: 1, Persistent: persistent, RequestHeaders: 400, ResponseHeaders: 250},
		Client: model.ClientConfig{Count: 1, ConnectionsPerHost: 6, MaxIdle: 6, IdleTimeout: 300 * sim.Second, Ports: 28232,
			TimeWait: sim.Minute, Retry: model.RetryIdempotent, Retries: 1},
		Server: model.ServerConfig{Workers: 4, CPUs: 2, Backlog: 511, MaxConnections: 1024, KeepAliveTimeout: 75 * sim.Second,
			KeepAliveRequests: 1000, MemoryPerConnection: 20480},
	}
	if persistent {
		c.Variant = "persistent"
	}
	for i := range count {
		c.Workload.Sequence = append(c.Workload.Sequence, model.Item{Path: fmt.Sprintf("/%d", i+1), Method: "GET", Size: size, Time: -1})
	}
	return c
}

func explain(t require.TestingT, c model.Config) (lab.Ledger, lab.Run) {
	run, err := lab.Simulate(context.Background(), c, lab.Options{Log: true, Requests: true})
	require.NoError(t, err)
	led, err := lab.Explain(run.Log)
	require.NoError(t, err)
	return led, run
}

// spent asserts an account: causes that are not named got nothing.
func spent(t *testing.T, a lab.Account, want map[lab.Cause]sim.Time) {
	t.Helper()
	for c := range lab.Causes {
		require.Equal(t, want[c], a.Spent[c], "%v of request %d: %v", c, a.Request, a)
	}
}

// balanced asserts that every account adds up to its time, and the run's to finished_ms.
func balanced(t require.TestingT, led lab.Ledger, run lab.Run) {
	require.Equal(t, sim.Time(run.Result.Finished), led.Run.Total())
	for _, a := range led.Requests {
		require.Equal(t, a.End-a.Start, a.Total(), "request %d: %v", a.Request, a)
		for c, v := range a.Spent {
			require.GreaterOrEqual(t, v, sim.Time(0), lab.Cause(c))
		}
	}
	require.Len(t, led.Requests, run.Result.Requests.Total)
}

const (
	us = sim.Microsecond
	ms = sim.Millisecond
)

func TestAGalleryPaysOneHandshakePerConnectionAndTheRestIsTheSame(t *testing.T) {
	each, run := explain(t, path(20, 10_000, false))
	balanced(t, each, run)
	kept, run := explain(t, path(20, 10_000, true))
	balanced(t, kept, run)
	require.Equal(t, 20, each.Run.Handshakes)
	require.Equal(t, 1, kept.Run.Handshakes)
	handshake := 100*ms + 2*48*us + 41600 // 60 bytes each way, and 52 for the ACK in front of the request
	require.Equal(t, 20*handshake, each.Run.Spent[lab.Handshake])
	require.Equal(t, handshake, kept.Run.Spent[lab.Handshake])
	require.Equal(t, 20*100*ms, kept.Run.Spent[lab.Propagation])
	require.Equal(t, each.Run.Spent[lab.Propagation], kept.Run.Spent[lab.Propagation])
	// A new server acknowledges its first request at once, in front of the response; later ones ride on the response.
	require.Equal(t, 19*41600*sim.Nanosecond, each.Run.Spent[lab.Serialisation]-kept.Run.Spent[lab.Serialisation])
}

func TestARequestOnANewConnection(t *testing.T) {
	c := path(1, 1000, false)
	c.Server.Time = 30 * ms
	c.Server.CPU.Request = 2 * ms
	led, run := explain(t, c)
	balanced(t, led, run)
	want := map[lab.Cause]sim.Time{
		lab.Handshake:     100*ms + 137600,
		lab.SendRequest:   361600, // 452 bytes
		lab.Propagation:   100 * ms,
		lab.ServerCPU:     2 * ms,
		lab.ServerTime:    30 * ms,
		lab.Serialisation: 1041600, // 1302 bytes
	}
	spent(t, led.Requests[0], want)
	spent(t, led.Run, want)
}

func TestAColdConnectionIdlesInSlowStart(t *testing.T) {
	c := path(1, 100_000, false)
	c.Link.RTT = 200 * ms
	led, run := explain(t, c)
	balanced(t, led, run)
	require.Greater(t, led.Run.Spent[lab.SlowStart], 300*ms)
}

// scenario draws a run with everything that may get in a request's way.
func scenario(t *rapid.T) model.Config {
	n := rapid.IntRange(1, 10).Draw(t, "requests")
	size := model.Bytes(rapid.Int64Range(1, 200_000).Draw(t, "size"))
	c := path(n, size, rapid.Bool().Draw(t, "persistent"))
	c.Seed = rapid.Uint64Range(1, 1000).Draw(t, "seed")
	c.Link.RTT = sim.Time(rapid.Int64Range(0, int64(300*ms)).Draw(t, "rtt"))
	c.Link.Down = model.Rate(rapid.SampledFrom([]int64{0, 300_000, 1_000_000, 7_000_000, 100_000_000}).Draw(t, "down"))
	c.Link.Up = model.Rate(rapid.SampledFrom([]int64{0, 64_000, 1_000_000, 10_000_000}).Draw(t, "up"))
	c.Link.Queue.Packets = rapid.SampledFrom([]int{3, 20, 1000}).Draw(t, "queue")
	c.Link.LossDown = model.PPB(rapid.SampledFrom([]int64{0, 0, 20_000_000, 100_000_000}).Draw(t, "loss down"))
	c.Link.LossUp = model.PPB(rapid.SampledFrom([]int64{0, 0, 50_000_000}).Draw(t, "loss up"))
	if rapid.IntRange(0, 3).Draw(t, "bursts") == 0 {
		c.Link.Burst = model.Burst{Enter: 20_000_000, Leave: 300_000_000, Loss: 600_000_000}
	}
	c.Link.Jitter = sim.Time(rapid.SampledFrom([]int64{0, 0, int64(40 * ms)}).Draw(t, "jitter"))
	c.Link.Shared = rapid.Bool().Draw(t, "shared")
	c.TCP.DelayedAck = rapid.SampledFrom([]tcp.DelayedAck{tcp.AckLinux, tcp.AckEveryPacket, tcp.AckEverySecond}).Draw(t, "acks")
	c.TCP.ReceiveWindow = rapid.SampledFrom([]int64{0, 0, 16384}).Draw(t, "window")
	c.TCP.InitialWindow = rapid.SampledFrom([]int{1, 4, 10}).Draw(t, "iw")
	c.TCP.Nagle = rapid.Bool().Draw(t, "nagle")
	c.TCP.Congestion = rapid.SampledFrom([]tcp.Congestion{tcp.Reno, tcp.Cubic}).Draw(t, "congestion")
	c.TCP.FastOpen = rapid.IntRange(0, 3).Draw(t, "fast open") == 0
	c.TLS = tls.Config{Version: rapid.SampledFrom([]tls.Version{tls.None, tls.None, tls.V12, tls.V13}).Draw(t, "tls"), Certificate: 3000,
		Resumption: rapid.SampledFrom([]tls.Resumption{tls.Full, tls.Ticket, tls.EarlyData}).Draw(t, "resumption")}
	c.HTTP.Minor = rapid.IntRange(0, 1).Draw(t, "minor")
	c.HTTP.H2 = rapid.IntRange(0, 3).Draw(t, "http/2") == 0
	c.HTTP.Pipelining = rapid.SampledFrom([]int{1, 1, 3}).Draw(t, "pipelining")
	c.HTTP.Parallel = rapid.Bool().Draw(t, "parallel")
	if c.HTTP.H2 {
		c.HTTP.Minor = 1
	}
	if c.HTTP.H2 && c.TLS.Resumption == tls.EarlyData {
		c.TLS.Resumption = tls.Ticket
	}
	c.HTTP.ClientCloses = c.HTTP.Minor == 1 && !c.HTTP.Persistent && rapid.Bool().Draw(t, "client closes")
	c.Client.Count = rapid.IntRange(1, 3).Draw(t, "clients")
	c.Client.ConnectionsPerHost = rapid.IntRange(1, 6).Draw(t, "per host")
	c.Client.DNS = sim.Time(rapid.SampledFrom([]int64{0, 0, int64(20 * ms)}).Draw(t, "dns"))
	c.Client.Wake = sim.Time(rapid.SampledFrom([]int64{0, int64(50 * us)}).Draw(t, "client wake"))
	c.Client.CPU.Connect = c.Client.Wake / 2
	c.Client.CPU.Request = c.Client.Wake / 3
	c.Server.Wake = c.Client.Wake
	c.Server.Time = sim.Time(rapid.SampledFrom([]int64{0, int64(30 * ms)}).Draw(t, "time"))
	c.Server.CPU.Request = sim.Time(rapid.SampledFrom([]int64{0, int64(5 * ms)}).Draw(t, "cpu"))
	c.Server.CPUs = 1
	threads := rapid.SampledFrom([]string{"none", "by connection", "by request"}).Draw(t, "threads")
	c.Server.ThreadPerConnection, c.Server.ThreadPerRequest = threads == "by connection", threads == "by request"
	c.Server.TimeKind = rapid.SampledFrom([]model.SpanKind{model.Constant, model.Exponential}).Draw(t, "time's distribution")
	c.Server.MaxAge = sim.Time(rapid.SampledFrom([]int64{0, int64(200 * ms)}).Draw(t, "max age"))
	c.Server.Linger = sim.Time(rapid.SampledFrom([]int64{0, int64(sim.Second)}).Draw(t, "linger"))
	c.Server.LingerAlways = rapid.Bool().Draw(t, "linger always")
	c.Server.MaxConnections = rapid.SampledFrom([]int{2, 1024}).Draw(t, "slots")
	c.Server.AtLimit = rapid.SampledFrom([]model.AtLimit{model.Wait, model.CloseIdle, model.Refuse}).Draw(t, "at limit")
	c.Server.Workers = rapid.IntRange(1, 4).Draw(t, "workers")
	c.Server.Backlog = rapid.SampledFrom([]int{1, 511}).Draw(t, "backlog")
	c.Server.KeepAliveTimeout = sim.Time(rapid.SampledFrom([]int64{0, int64(300 * ms), int64(75 * sim.Second)}).Draw(t, "keep-alive"))
	c.Server.KeepAliveRequests = rapid.SampledFrom([]int{0, 3, 1000}).Draw(t, "requests per connection")
	c.Server.Count = rapid.IntRange(1, 3).Draw(t, "servers")
	if rapid.IntRange(0, 2).Draw(t, "proxy") == 0 {
		c.Proxy = proxied(t, &c)
	}
	c.Limits = sim.Limits{}
	if !c.HTTP.H2 && c.HTTP.Pipelining == 1 && c.TLS.Resumption != tls.EarlyData && rapid.IntRange(0, 3).Draw(t, "slow sender") == 0 {
		c.Workload.Sequence[0].Trickle = model.Trickle{Parts: 4, Every: 70 * ms}
	}
	gap := sim.Time(rapid.SampledFrom([]int64{0, 0, int64(300 * ms)}).Draw(t, "gap"))
	items := c.Workload.Sequence
	switch rapid.IntRange(0, 3).Draw(t, "workload") {
	case 0:
		for i := range items[1:] {
			items[i+1].Gap = gap
		}
	case 1:
		c.Workload = model.Workload{Page: items}
		for i := range items[1:] {
			items[i+1].After = []int{i / 3}
		}
	case 2:
		c.Workload = model.Workload{Users: &model.Users{Item: items[0], Think: model.Span{Kind: model.Exponential, To: gap + 1}, Requests: n}}
	case 3:
		c.Workload = model.Workload{Arrivals: &model.Arrivals{Item: items[0], PerHour: 18_000, For: sim.Time(n) * 200 * ms, Burst: 4,
			Shape: rapid.SampledFrom([]model.Shape{model.Poisson, model.Even, model.Bursts, model.Listed}).Draw(t, "shape"), At: []sim.Time{5, 5, 300 * ms}}}
	}
	return c
}

// proxied draws a proxy in front of c's servers.
func proxied(t *rapid.T, c *model.Config) *model.ProxyConfig {
	p := &model.ProxyConfig{Link: c.Link, HTTP: c.HTTP, Server: c.Server, Client: c.Client}
	if p.Link.RTT > 0 {
		p.Link.RTT = sim.Time(rapid.Int64Range(1, int64(30*ms)).Draw(t, "rtt behind"))
	}
	p.Link.LossDown = model.PPB(rapid.SampledFrom([]int64{0, 0, 50_000_000}).Draw(t, "loss behind"))
	p.HTTP.Persistent = rapid.Bool().Draw(t, "persistent behind")
	p.HTTP.Pipelining = 1
	p.HTTP.H2 = p.HTTP.H2 && rapid.Bool().Draw(t, "http/2 behind")
	p.HTTP.ClientCloses = p.HTTP.ClientCloses && !p.HTTP.Persistent
	p.Server.KeepAliveTimeout = 75 * sim.Second
	p.Server.Workers = rapid.IntRange(1, 4).Draw(t, "workers at the proxy")
	p.Server.MaxConnections = rapid.SampledFrom([]int{0, 0, 4}).Draw(t, "limit of the proxy")
	p.Client.ConnectionsPerHost = rapid.IntRange(0, 3).Draw(t, "per server")
	p.Client.MaxIdle = rapid.IntRange(0, 3).Draw(t, "max idle behind")
	return p
}

// explainAny is explain, but for a run in which the losses left every client waiting for ever: a server that has closed gives
// up without a word.
func explainAny(t *rapid.T, c model.Config) (lab.Ledger, lab.Run) {
	run, err := lab.Simulate(context.Background(), c, lab.Options{Log: true, Requests: true})
	require.NoError(t, err)
	if run.Result.Requests.Total == 0 {
		require.NotZero(t, run.Result.Packets.Dropped)
		t.Skip("no request ended")
	}
	led, err := lab.Explain(run.Log)
	require.NoError(t, err)
	return led, run
}

func TestEveryNanosecondHasExactlyOneCause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		led, run := explainAny(t, scenario(t))
		balanced(t, led, run)
	})
}

func TestRoundedRowsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a lab.Account
		for c := range a.Spent {
			a.Spent[c] = sim.Time(rapid.Int64Range(0, int64(sim.Second)).Draw(t, "spent"))
		}
		unit := sim.Time(rapid.SampledFrom([]int64{1, int64(us), 100_000, int64(ms)}).Draw(t, "unit"))
		var sum int64
		for c, v := range a.Rounded(unit) {
			sum += v
			require.InDelta(t, float64(a.Spent[c]), float64(v*int64(unit)), float64(unit))
		}
		require.Equal(t, int64((a.Total()+unit/2)/unit), sum)
	})
}

func TestAnAccountInJSONHasExactMilliseconds(t *testing.T) {
	var a lab.Account
	a.Spent[lab.Gap], a.Spent[lab.Host] = 1, 1234567890
	text, err := json.Marshal(a)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(text), `{"gap":0.000001,"blocked":0,`), string(text))
	require.True(t, strings.HasSuffix(string(text), `"host":1234.56789}`), string(text))
}

func TestALogWithRecordsMissingIsRefused(t *testing.T) {
	run, err := lab.Simulate(context.Background(), path(20, 10_000, true), lab.Options{Log: true, MaxRecords: 100})
	require.NoError(t, err)
	_, err = lab.Explain(run.Log)
	require.ErrorContains(t, err, "100 records")
	_, err = lab.Explain(&trace.Log{})
	require.ErrorContains(t, err, "no request ended")
}

// slow tells whether a request comes in parts, with pauses between them.
func slow(c model.Config) bool {
	return slices.ContainsFunc(c.Workload.Items(), func(i model.Item) bool { return i.Trickle.Parts > 1 })
}

func TestCausesThatAreAbsentCostNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := scenario(t)
		led, run := explainAny(t, c)
		all := append([]lab.Account{led.Run}, led.Requests...)
		none := func(cause lab.Cause, absent bool) {
			if !absent {
				return
			}
			for _, a := range all {
				require.Zero(t, a.Spent[cause], "%v of request %d: %v", cause, a.Request, a)
			}
		}
		res := run.Result
		if res.Proxy != nil { // what happens behind it counts too
			res.Packets.Retransmitted += res.Proxy.Packets.Retransmitted
			res.Requests.Retried += res.Proxy.Retried
			res.Requests.Failed += res.Proxy.Failed["502"] + res.Proxy.Failed["504"]
		}
		none(lab.Host, c.TLS.Version == tls.None && !c.HTTP.H2 && c.Client.Wake == 0 && res.Requests.Failed == 0)
		none(lab.Recovery, res.Packets.Retransmitted == 0 && res.Requests.Retried == 0 && res.Requests.Failed == 0)
		none(lab.TLS, c.TLS.Version == tls.None)
		none(lab.DNS, c.Client.DNS == 0)
		none(lab.ServerCPU, c.Server.CPU.Request == 0)
		none(lab.ServerTime, c.Server.Time == 0)
		none(lab.AckDelay, c.TCP.DelayedAck == tcp.AckEveryPacket && !c.TCP.Nagle)
		none(lab.Serialisation, c.Link.Down == 0)
		none(lab.SendRequest, c.Link.Up == 0 && !slow(c))
		none(lab.Gap, c.Workload.Page != nil)
		none(lab.Propagation, c.Link.RTT == 0 && c.Link.Jitter == 0)
	})
}

func FuzzExplain(f *testing.F) {
	proxied := path(2, 1000, true)
	proxied.Proxy = &model.ProxyConfig{Link: proxied.Link, HTTP: proxied.HTTP, Server: proxied.Server, Client: proxied.Client}
	for _, c := range []model.Config{path(2, 1000, true), path(2, 20_000, false), proxied} {
		c.Link.DropDown = []int{4}
		run, err := lab.Simulate(context.Background(), c, lab.Options{Log: true})
		require.NoError(f, err)
		var b bytes.Buffer
		require.NoError(f, run.Log.Encode(&b))
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		log, err := trace.Decode(data)
		if err != nil {
			return
		}
		if led, err := lab.Explain(log); err == nil { // whatever the log says, no time is counted twice
			for _, a := range led.Requests {
				require.LessOrEqual(t, a.Total(), max(a.End-a.Start, 0))
			}
		}
	})
}
