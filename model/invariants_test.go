package model_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// ppb draws a chance of at most a tenth.
func ppb(t *rapid.T, label string) model.PPB {
	return model.PPB(rapid.Int64Range(0, 100_000_000).Draw(t, label))
}

// anyConfig draws a run that may lose packets, overflow queues and run out of workers.
func anyConfig(t *rapid.T) model.Config {
	c := gallery(0, 0, rapid.Bool().Draw(t, "persistent"))
	c.Seed = rapid.Uint64().Draw(t, "seed")
	c.Timer = rapid.SampledFrom([]sim.Time{1, 4 * sim.Millisecond}).Draw(t, "timer")
	c.Link.RTT = sim.Time(rapid.Int64Range(0, int64(300*sim.Millisecond)).Draw(t, "rtt"))
	c.Link.Down = model.Rate(rapid.Int64Range(200_000, 1_000_000_000).Draw(t, "down"))
	c.Link.Up = model.Rate(rapid.Int64Range(200_000, 1_000_000_000).Draw(t, "up"))
	c.Link.Queue = model.Queue{Packets: rapid.IntRange(2, 200).Draw(t, "queue")}
	c.Link.LossDown, c.Link.LossUp = ppb(t, "loss down"), ppb(t, "loss up")
	if rapid.Bool().Draw(t, "disturbed") {
		c.Link.Burst = model.Burst{Enter: ppb(t, "enter"), Leave: ppb(t, "leave") + 100_000_000, Loss: ppb(t, "lost in bursts") * 5}
		c.Link.Jitter = sim.Time(rapid.Int64Range(0, int64(100*sim.Millisecond)).Draw(t, "jitter"))
	}
	c.Link.Shared = rapid.Bool().Draw(t, "shared")
	c.TCP.DelayedAck = rapid.SampledFrom([]tcp.DelayedAck{tcp.AckLinux, tcp.AckEveryPacket, tcp.AckEverySecond}).Draw(t, "acks")
	c.TCP.Congestion = rapid.SampledFrom([]tcp.Congestion{tcp.Reno, tcp.Cubic}).Draw(t, "congestion")
	c.TCP.FastOpen = rapid.Bool().Draw(t, "fast open")
	c.TCP.TSO = rapid.Bool().Draw(t, "tso")
	c.TLS = tls.Config{Version: rapid.SampledFrom([]tls.Version{tls.None, tls.V12, tls.V13}).Draw(t, "tls"), Certificate: 3000,
		Resumption: rapid.SampledFrom([]tls.Resumption{tls.Full, tls.Ticket, tls.EarlyData}).Draw(t, "resumption")}
	c.Client.CPU.TLS = sim.Time(rapid.Int64Range(0, 2_000_000).Draw(t, "tls at the client"))
	c.HTTP.H2 = rapid.Bool().Draw(t, "http/2")
	c.HTTP.Pipelining = rapid.IntRange(1, 4).Draw(t, "pipelining")
	c.HTTP.Parallel = rapid.Bool().Draw(t, "parallel")
	if c.HTTP.H2 && c.TLS.Resumption == tls.EarlyData {
		c.TLS.Resumption = tls.Ticket
	}
	c.HTTP.ClientCloses = rapid.Bool().Draw(t, "client closes")
	c.Client.Count = rapid.IntRange(1, 5).Draw(t, "clients")
	c.Client.ConnectionsPerHost = rapid.IntRange(1, 6).Draw(t, "connections")
	c.Client.MaxIdle = rapid.IntRange(0, 6).Draw(t, "max idle")
	c.Client.Stays = sim.Time(rapid.SampledFrom([]int64{0, 0, int64(3 * sim.Second)}).Draw(t, "stays"))
	c.Client.MaxConnections = rapid.IntRange(0, 6).Draw(t, "max connections")
	c.Client.MaxIdleTotal = rapid.IntRange(0, 6).Draw(t, "max idle total")
	c.Client.LeastRecent = rapid.Bool().Draw(t, "least recent")
	c.Client.Early = rapid.Bool().Draw(t, "early")
	c.Client.IdleOnRequest = rapid.Bool().Draw(t, "idle on request")
	c.Client.HonourHint = rapid.Bool().Draw(t, "honour hint")
	c.HTTP.KeepAliveHeader = c.Client.HonourHint
	c.Client.MaxAge = sometimes(t, "max age", 3*sim.Second)
	c.Client.ConnectTimeout = sometimes(t, "connect timeout", sim.Second)
	c.Client.Timeout = sometimes(t, "timeout", 20*sim.Second)
	c.Client.Retry = rapid.SampledFrom([]model.Retry{model.RetryNever, model.RetryIdempotent, model.RetryAlways}).Draw(t, "retry")
	c.Client.Retries = rapid.IntRange(0, 3).Draw(t, "retries")
	c.Client.Backoff = model.Span{Kind: rapid.SampledFrom([]model.SpanKind{model.Constant, model.Uniform}).Draw(t, "jitter"), To: sometimes(t, "backoff", sim.Second)}
	c.Client.Ports = rapid.SampledFrom([]int{3, 28232}).Draw(t, "ports")
	c.Client.Addresses = rapid.IntRange(0, 2).Draw(t, "addresses")
	c.Client.DNS = sim.Time(rapid.Int64Range(0, int64(20*sim.Millisecond)).Draw(t, "dns"))
	c.Client.Wake = sim.Time(rapid.Int64Range(0, 100_000).Draw(t, "wake"))
	c.Client.CPU.Request = sim.Time(rapid.Int64Range(0, 100_000).Draw(t, "request"))
	c.Server.ThreadPerConnection = rapid.Bool().Draw(t, "thread per connection")
	c.Server.ThreadPerRequest = !c.Server.ThreadPerConnection && rapid.Bool().Draw(t, "thread per request")
	anyLimits(t, &c.Server)
	c.Server.Workers = rapid.IntRange(1, 4).Draw(t, "workers")
	c.Server.SYNCookies = rapid.Bool().Draw(t, "syn cookies")
	c.Server.Backlog = rapid.IntRange(0, 8).Draw(t, "backlog")
	c.Server.KeepAliveTimeout = sim.Time(rapid.Int64Range(0, int64(2*sim.Second)).Draw(t, "keep-alive"))
	c.Server.KeepAliveRequests = rapid.IntRange(0, 5).Draw(t, "requests")
	c.Server.CPU = model.ServerCPU{Accept: 20_000, TLS: 300_000, Request: sim.Time(rapid.Int64Range(0, 5_000_000).Draw(t, "cpu")), Close: 10_000}
	c.Server.Count = rapid.IntRange(1, 3).Draw(t, "servers")
	c.Server.Balance = rapid.SampledFrom([]model.Balance{model.RoundRobin, model.Random, model.LeastConnections}).Draw(t, "balance")
	if rapid.Bool().Draw(t, "proxy") {
		c.Proxy = anyProxy(t, &c)
	}
	item := model.Item{Method: rapid.SampledFrom([]string{"GET", "POST"}).Draw(t, "method"), Time: -1, Size: model.Bytes(rapid.Int64Range(0, 200_000).Draw(t, "size"))}
	if !c.HTTP.H2 && c.HTTP.Pipelining == 1 && c.TLS.Resumption != tls.EarlyData && rapid.Bool().Draw(t, "slow sender") {
		item.Trickle = model.Trickle{Parts: rapid.IntRange(1, 20).Draw(t, "parts"), Every: sim.Time(rapid.Int64Range(0, int64(5*sim.Second)).Draw(t, "every"))}
	}
	item.Unread = min(item.Size, model.Bytes(sometimes(t, "unread", 50_000)))
	c.Workload = anyWorkload(t, item)
	return c
}

// anyWorkload draws a few requests like item.
func anyWorkload(t *rapid.T, item model.Item) (w model.Workload) {
	other := item
	other.Trickle, other.Host, other.Path, item.Path = model.Trickle{}, "other", "/other", "/"
	var mix []model.Class
	if rapid.Bool().Draw(t, "mix") {
		mix = []model.Class{{Weight: 2, Item: item}, {Weight: 1, Item: other}}
	}
	switch rapid.IntRange(0, 3).Draw(t, "workload") {
	case 0:
		for i := range rapid.IntRange(1, 6).Draw(t, "steps") {
			item.Path, item.Gap = fmt.Sprint("/", i), sim.Time(i)*sim.Second
			w.Sequence = append(w.Sequence, item)
		}
	case 1:
		w.Page = []model.Item{item, item, item, item}
		w.Page[2].After = []int{0}
		w.Page[3].After = []int{1, 2}
		w.Page[1].Host = rapid.SampledFrom([]string{"", "other"}).Draw(t, "host")
	case 2:
		w.Users = &model.Users{Item: item, Mix: mix, Requests: 4, Think: model.Span{Kind: model.Exponential, To: sim.Second}}
	case 3:
		w.Arrivals = &model.Arrivals{Item: item, Mix: mix, PerHour: 5 * 3600, For: 4 * sim.Second, Burst: 7,
			Shape: rapid.SampledFrom([]model.Shape{model.Poisson, model.Even, model.Bursts, model.Listed}).Draw(t, "shape"),
			At:    []sim.Time{sim.Second, sim.Second, 3 * sim.Second, 8 * sim.Second}}
	}
	return w
}

// anyProxy draws a proxy in front of c's servers, which may lose packets too, run out of connections or forget its timeouts.
func anyProxy(t *rapid.T, c *model.Config) *model.ProxyConfig {
	p := &model.ProxyConfig{Link: c.Link, HTTP: c.HTTP, Server: c.Server, Client: c.Client}
	p.Link.RTT = sim.Time(rapid.Int64Range(0, int64(50*sim.Millisecond)).Draw(t, "rtt behind"))
	p.Link.LossDown = model.PPB(rapid.SampledFrom([]int64{0, 50_000_000}).Draw(t, "loss behind"))
	p.HTTP.H2 = rapid.IntRange(0, 3).Draw(t, "http/2 behind") == 0
	p.HTTP.Persistent = rapid.Bool().Draw(t, "persistent behind")
	p.HTTP.Pipelining = 1
	if !p.HTTP.H2 {
		p.HTTP.Minor = rapid.IntRange(0, 1).Draw(t, "minor behind")
		p.HTTP.ClientCloses = p.HTTP.ClientCloses && p.HTTP.Minor == 1
	}
	p.Server.Backlog = rapid.IntRange(0, 8).Draw(t, "backlog at the proxy")
	p.Server.Workers = rapid.IntRange(1, 4).Draw(t, "workers at the proxy")
	anyLimits(t, &p.Server)
	c.Server.HeaderTimeout = max(c.Server.HeaderTimeout, sim.Second) // else a connection that was opened in vain may hold a place for ever
	p.Server.MaxConnections = rapid.SampledFrom([]int{0, 0, 2, 5}).Draw(t, "limit of the proxy")
	p.Server.KeepAliveTimeout = sim.Time(rapid.Int64Range(0, int64(2*sim.Second)).Draw(t, "keep-alive at the proxy"))
	p.Client.ConnectionsPerHost = rapid.IntRange(0, 4).Draw(t, "connections behind")
	p.Client.MaxIdle = rapid.IntRange(0, 4).Draw(t, "max idle behind")
	p.Client.IdleTimeout = sim.Time(rapid.Int64Range(0, int64(3*sim.Second)).Draw(t, "idle timeout behind"))
	return p
}

// sometimes is 0, or up to most.
func sometimes(t *rapid.T, name string, most sim.Time) sim.Time {
	if !rapid.Bool().Draw(t, "with "+name) {
		return 0
	}
	return sim.Time(rapid.Int64Range(1, int64(most)).Draw(t, name))
}

// anyLimits draws what a server may run out of, and how long its connections live.
func anyLimits(t *rapid.T, s *model.ServerConfig) {
	s.MaxConnections = rapid.SampledFrom([]int{0, 1, 3, 1024}).Draw(t, "max connections")
	s.AtLimit = rapid.SampledFrom([]model.AtLimit{model.Wait, model.CloseIdle, model.Refuse}).Draw(t, "at limit")
	s.FileDescriptors = rapid.SampledFrom([]int{0, 0, 2, 4}).Draw(t, "descriptors")
	s.MemoryPerConnection, s.MemoryPerTLS, s.MemoryPerWorker = 1000, 200, 5000
	if rapid.Bool().Draw(t, "little memory") {
		s.Memory = 4*5000 + model.Bytes(rapid.Int64Range(1200, 6000).Draw(t, "memory"))
	}
	s.MaxAge = sim.Time(rapid.SampledFrom([]int64{0, 0, 1, int64(500 * sim.Millisecond)}).Draw(t, "max age"))
	s.HeaderTimeout = sim.Time(rapid.SampledFrom([]int64{0, int64(sim.Second), int64(60 * sim.Second)}).Draw(t, "header timeout"))
	s.Linger = sim.Time(rapid.SampledFrom([]int64{0, 0, 1, int64(2 * sim.Second)}).Draw(t, "linger"))
	s.LingerAlways = rapid.Bool().Draw(t, "linger always")
	s.Time = sim.Time(rapid.Int64Range(0, int64(30*sim.Millisecond)).Draw(t, "time"))
	s.TimeKind = rapid.SampledFrom([]model.SpanKind{model.Constant, model.Uniform, model.Exponential}).Draw(t, "time's distribution")
}

func TestWhateverHappensEveryRequestEndsOnceAndNothingIsLeftOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfig(t)
		log := &trace.Log{}
		w := model.New(c, log)
		require.NoError(t, w.Run())
		e := ending{c: &c, wanted: map[uint32]sim.Time{}, client: map[uint32]uint32{}, ended: map[uint32]int{}, owner: map[uint32]uint32{},
			states: map[[2]uint32]tcp.State{}, half: map[uint32]int{}, open: map[uint32]int{}, memory: map[uint32]int64{}, pools: map[uint32]trace.Record{}}
		var last sim.Time
		for _, r := range log.Records {
			require.GreaterOrEqual(t, r.At, last, "time ran back")
			last = r.At
			e.limits(t, &r)
		}
		if e.check(t) {
			require.Empty(t, w.Leftovers())
		}
	})
}

// ending is how things stand at a run's end.
type ending struct {
	c      *model.Config
	wanted map[uint32]sim.Time
	client map[uint32]uint32 // by request
	ended  map[uint32]int
	owner  map[uint32]uint32 // client, by connection
	states map[[2]uint32]tcp.State
	half   map[uint32]int   // connections in the SYN queue, by server
	open   map[uint32]int   // by server
	memory map[uint32]int64 // but for the workers, by server
	pools  map[uint32]trace.Record
}

// limits notes a record, and holds it to the limits of who made it.
func (e *ending) limits(t *rapid.T, r *trace.Record) {
	client, server, h2 := &e.c.Client, &e.c.Server, e.c.HTTP.H2
	if !r.IsBehind() {
		server = e.c.FrontServer()
	} else if !trace.IsServer(r.Actor) {
		client, h2 = &e.c.Proxy.Client, e.c.Proxy.HTTP.H2
	}
	switch r.Kind {
	case trace.RequestWanted:
		e.wanted[r.Req], e.client[r.Req] = r.At, r.Actor
	case trace.RequestDone:
		e.ended[r.Req]++
		if !h2 { // where streams that the server did not take do not count
			require.LessOrEqual(t, int(r.A), client.Retries+1, "attempts")
		}
		if client.Timeout > 0 {
			require.LessOrEqual(t, r.At, e.wanted[r.Req]+client.Timeout+client.Wake, "request %x", r.Req)
		}
	case trace.PoolSize:
		if most := client.MaxConnections; most > 0 {
			require.LessOrEqual(t, trace.Hi(r.A)+trace.Lo(r.A), most, "connections")
		}
		if most := client.MaxIdleTotal; most > 0 {
			require.LessOrEqual(t, trace.Lo(r.A), most, "idle connections")
		}
		e.pools[r.Actor] = *r
	case trace.ConnState:
		side := uint32(0)
		if trace.IsServer(r.Actor) {
			side = 1
			e.half[r.Actor] += place(r.B) - place(r.A)
			require.True(t, e.half[r.Actor] <= server.Backlog+1 || e.c.TCP.FastOpen, "SYN queue") // what comes with data is in the accept queue
		} else {
			e.owner[r.Conn] = r.Actor
		}
		e.states[[2]uint32{r.Conn, side}] = tcp.State(r.B)
	case trace.ServerConns:
		e.open[r.Actor] = trace.Lo(r.A)
		require.True(t, server.FileDescriptors == 0 || e.open[r.Actor] < server.FileDescriptors, "descriptors")
		require.LessOrEqual(t, trace.Hi(r.A), server.Backlog+1, "accept queue")
		if server.MaxConnections > 0 {
			require.LessOrEqual(t, trace.Lo(r.A), server.MaxConnections, "connections")
		}
	case trace.ServerLoad:
		require.LessOrEqual(t, trace.Hi(r.A), server.Workers, "workers")
		require.LessOrEqual(t, trace.Lo(r.A), server.CPUs, "cores")
	case trace.ServerMemory:
		queue := model.Bytes(server.Backlog+1) * server.MemoryPerConnection // not accepted, and so not asked yet
		require.True(t, server.Memory == 0 || r.A <= int64(server.Memory+queue+closing(e.states)*server.MemoryPerConnection), "memory")
		e.memory[r.Actor] = r.A - int64(server.Workers)*5000
	}
}

// orphaned are the clients that wait for ever, for an answer or for a handshake: a server that has closed gives up after
// so many retransmissions and tells nobody. Only a timeout helps.
func (e *ending) orphaned() map[uint32]bool {
	out := map[uint32]bool{}
	for k, s := range e.states {
		if k[1] == 0 && !over(s) && forgotten(e.states[[2]uint32{k[0], 1}]) {
			out[e.owner[k[0]]] = true
			delete(e.states, k)
		}
	}
	return out
}

// check tells whether nobody waits for ever.
func (e *ending) check(t *rapid.T) bool {
	orphaned := e.orphaned()
	if e.c.Client.Timeout > 0 && e.c.Client.ConnectTimeout > 0 {
		require.Empty(t, orphaned, "clients that wait for ever")
	}
	for req := range e.wanted {
		if e.ended[req] == 0 {
			require.Zero(t, e.c.Client.Timeout, "request %x", req)
			require.True(t, orphaned[e.client[req]] || orphaned[trace.Proxy], "request %x", req)
		} else {
			require.Equal(t, 1, e.ended[req], "request %x", req)
		}
	}
	if orphaned[trace.Proxy] {
		return false // its clients wait with it, and others for the workers that they hold
	}
	for k, s := range e.states {
		require.True(t, over(s), "connection %x side %d: %v", k[0], k[1], s)
	}
	for actor, n := range e.open {
		require.Zero(t, n, "connections open at server %x", actor)
		require.Zero(t, e.memory[actor], "memory, but for the workers, at server %x", actor)
	}
	for client, r := range e.pools {
		if !orphaned[client] {
			require.Zero(t, r.A, "connections in the pool of %x", client)
			require.Zero(t, trace.Hi(r.B), "requests waiting")
		}
	}
	return len(orphaned) == 0
}

// place is 1 for a server's end in the SYN queue.
func place(state int64) int {
	if tcp.State(state) == tcp.SynReceived {
		return 1
	}
	return 0
}

// forgotten tells whether the server knows nothing of a connection.
func forgotten(server tcp.State) bool { return server == tcp.Closed || server == tcp.Listen }

// closing counts the connections that the server's kernel still closes when its program has forgotten them.
func closing(states map[[2]uint32]tcp.State) (n model.Bytes) {
	for k, s := range states {
		switch s {
		case tcp.FinWait1, tcp.FinWait2, tcp.Closing, tcp.LastAck:
			n += model.Bytes(k[1])
		}
	}
	return n
}

// over tells whether an end of a connection is done.
func over(s tcp.State) bool { return s == tcp.Closed || s == tcp.TimeWait || s == tcp.Listen }

func TestPacketsOnALinkKeepTheirOrderAndItsRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfig(t)
		c.Link.Shared = true
		log := run(t, c)
		var free, arrived [2]sim.Time
		for _, r := range log.Records {
			if r.Kind != trace.Packet || r.IsDropped() || r.IsBehind() {
				continue
			}
			d, rate, delay := 0, c.Link.Up, c.Link.RTT/2
			if r.IsDown() {
				d, rate, delay = 1, c.Link.Down, c.Link.RTT-c.Link.RTT/2
			}
			require.GreaterOrEqual(t, r.Start(), r.At)
			require.GreaterOrEqual(t, r.Start(), free[d], "two packets on one wire")
			require.GreaterOrEqual(t, r.End(), arrived[d], "order")
			took := r.End() - delay - r.Start()
			if c.Link.Jitter == 0 {
				require.InDelta(t, int64(onWire(int64(r.Len), rate)), int64(took), 1)
			}
			require.GreaterOrEqual(t, took, onWire(int64(r.Len), rate))
			require.LessOrEqual(t, r.End(), max(arrived[d], r.Start()+onWire(int64(r.Len), rate)+1+delay+c.Link.Jitter))
			free[d], arrived[d] = r.Start()+onWire(int64(r.Len), rate), r.End()
		}
	})
}

func TestStretchingTimeStretchesTheRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := gallery(rapid.IntRange(1, 5).Draw(t, "n"), model.Bytes(rapid.Int64Range(0, 300_000).Draw(t, "size")), rapid.Bool().Draw(t, "persistent"))
		c.TCP.DelayedAck = tcp.AckEveryPacket
		c.TCP.ReceiveWindow = 1 << 30
		c.Link.RTT = 20 * sim.Millisecond
		c.Link.Down = 100_000_000
		c.Link.Queue.Packets = 1 << 20
		every := sim.Time(rapid.Int64Range(0, int64(10*sim.Millisecond)).Draw(t, "every")) // so short that no timer of TCP runs out
		stretched := func(k sim.Time) (items []model.Item) {
			for _, i := range c.Workload.Sequence {
				i.Trickle = model.Trickle{Parts: 3, Every: k * every}
				items = append(items, i)
			}
			return items
		}
		c.Workload.Sequence = stretched(1)
		slow := c
		slow.Workload.Sequence = stretched(4)
		slow.Link.RTT *= 4
		slow.Link.Down /= 4
		slow.Link.Up /= 4
		require.Equal(t, 4*finished(run(t, c)), finished(run(t, slow)))
	})
}
