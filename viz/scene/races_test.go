package scene_test

import (
	"context"
	"fmt"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/scene"
)

// race runs both variants of one of three scenarios: a gallery of twenty images, a page over a short queue that drops
// packets, and a busy server with a process per connection.
func race(t require.TestingT, kind string) []*trace.Index {
	var runs []*trace.Index
	if f, err := scenarios.Load(kind); err == nil && kind != "gallery" && kind != "page" { // as shipped
		all := f.Variants()
		if kind == "http2" || kind == "tls" {
			all = all[:2]
		}
		_, logs, err := lab.RunConfigs(context.Background(), all[:min(len(all), scene.Lanes)], lab.Options{Log: true})
		require.NoError(t, err)
		for _, l := range logs {
			runs = append(runs, l.Index())
		}
		return runs
	}
	for _, keep := range []bool{false, true} {
		c := config(kind, keep)
		l := &trace.Log{}
		w := model.New(c, l)
		require.NoError(t, w.Run())
		l.Header = w.Header()
		l.Header.Missing = sim.Never
		for _, r := range l.Records {
			if r.Kind == trace.RequestDone {
				l.Header.Finished = r.At
			}
		}
		runs = append(runs, l.Index())
	}
	return runs
}

func config(kind string, keep bool) model.Config {
	c := model.Config{
		Scenario: kind, Variant: "per-request", Seed: 1, Timer: 1,
		Link: model.LinkConfig{RTT: 100 * sim.Millisecond, Down: 10_000_000, Up: 10_000_000, Queue: model.Queue{Packets: 100}, Shared: true},
		TCP:  tcp.Config{InitialWindow: 10, MSS: 1448, Header: 52, SYNHeader: 60, SlowStartAfterIdle: true},
		HTTP: model.HTTPConfig{Minor: 1, Persistent: keep, RequestHeaders: 400, ResponseHeaders: 250},
		Client: model.ClientConfig{Count: 1, ConnectionsPerHost: 6, MaxIdle: 6, IdleTimeout: 300 * sim.Second, Ports: 28232,
			TimeWait: sim.Minute, Retry: model.RetryIdempotent, Retries: 1},
		Server: model.ServerConfig{Preset: "nginx", Workers: 4, CPUs: 2, Backlog: 511, MaxConnections: 1024, KeepAliveTimeout: 75 * sim.Second,
			KeepAliveRequests: 1000, MemoryPerConnection: 20480},
	}
	if keep {
		c.Variant = "persistent"
	}
	item := model.Item{Method: "GET", Size: 10_000, Time: -1}
	switch kind {
	case "gallery":
		for i := range 20 {
			item.Path = fmt.Sprintf("/%d", i+1)
			c.Workload.Sequence = append(c.Workload.Sequence, item)
		}
	case "page":
		c.Link.Queue.Packets = 12
		c.Workload.Page = []model.Item{{Path: "/", Method: "GET", Size: 20_000, Time: -1}}
		for i := range 30 {
			c.Workload.Page = append(c.Workload.Page, model.Item{Path: fmt.Sprintf("/img/%d", i+1), Method: "GET", Size: 30_000, Time: -1, After: []int{0}})
		}
	case "proxy": // and three servers behind it, many clients in front; without keeping, no proxy
		c.Client.Count, c.Server.Count = 12, 3
		c.Workload.Users = &model.Users{Item: item, Think: model.Span{Kind: model.Uniform, To: sim.Second}, Requests: 5}
		if keep {
			c.Proxy = &model.ProxyConfig{Preset: "nginx", Link: c.Link, HTTP: c.HTTP, Server: c.Server, Client: c.Client}
			c.Proxy.Link.RTT = sim.Millisecond
		}
	case "busy":
		c.Server.Preset, c.Server.ThreadPerConnection, c.Server.Workers, c.Server.Backlog = "apache-prefork", true, 4, 8
		c.Server.Time, c.Client.Count, c.Link.Shared = 30*sim.Millisecond, 12, false
		c.Workload.Users = &model.Users{Item: item, Think: model.Span{Kind: model.Uniform, To: sim.Second}, Requests: 10}
	}
	return c
}

// anyLog is a log that no model would write, but that can be decoded.
func anyLog(t *rapid.T) *trace.Log {
	some := func(name string) int { return rapid.SampledFrom([]int{0, 1, 2, 5, 3000}).Draw(t, name) }
	l := &trace.Log{Header: trace.Header{Format: 1, Missing: sim.Never, RTT: sim.Time(some("rtt")), Down: int64(some("down")), Up: int64(some("up")),
		QueuePackets: some("packets"), QueueBytes: int64(some("bytes")), Shared: rapid.Bool().Draw(t, "shared"), Clients: some("clients"),
		ThreadPerConnection: rapid.Bool().Draw(t, "held"), Workers: some("workers"), CPUs: some("cores"), Backlog: some("backlog"),
		MaxConnections: some("connections"), Memory: int64(some("memory")), FileDescriptors: some("descriptors"), KeepAliveTimeout: sim.Time(some("timeout")),
		HintedTimeout: sim.Time(some("hinted")), IdleTimeout: sim.Never, Servers: some("servers"), Requests: make([]trace.Name, some("requests"))}}
	if rapid.Bool().Draw(t, "proxy") {
		l.Header.Behind = &trace.BehindHeader{Servers: some("behind")}
	}
	h := &l.Header
	for range rapid.IntRange(0, 400).Draw(t, "records") {
		h.Ended += sim.Time(rapid.IntRange(0, 3).Draw(t, "later"))
		r := trace.Record{At: h.Ended, Kind: trace.Kind(rapid.IntRange(1, int(trace.RequestStale)).Draw(t, "kind")), Flags: rapid.Uint16().Draw(t, "flags"),
			Actor: uint32(rapid.IntRange(0, h.Clients).Draw(t, "actor")), Conn: uint32(rapid.IntRange(0, 40).Draw(t, "conn")),
			Req: uint32(rapid.IntRange(0, len(h.Requests)).Draw(t, "req")), Pkt: uint32(rapid.IntRange(0, 500).Draw(t, "pkt")), Len: rapid.Uint32().Draw(t, "len"),
			A: rapid.Int64().Draw(t, "a"), B: rapid.Int64Range(0, 12).Draw(t, "b")}
		if rapid.Bool().Draw(t, "server") {
			r.Actor = trace.Server(rapid.IntRange(0, max(h.Servers, 1)-1).Draw(t, "which"))
		}
		if r.Kind == trace.Packet {
			r.A = int64(h.Ended) + int64(rapid.IntRange(0, 9).Draw(t, "queued"))
			r.B = r.A + int64(rapid.IntRange(0, 90).Draw(t, "way"))
		}
		l.Records = append(l.Records, r)
	}
	return l
}
