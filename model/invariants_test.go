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

// stuck tells whether a request waits for ever: a server that has closed gives up after so many retransmissions and tells
// nobody. A proxy's own request may be what a client's waits for.
func stuck(log *trace.Log, states map[[2]uint32]tcp.State) map[uint32]bool {
	bound, of, open := map[uint32]uint32{}, map[uint32]uint32{}, map[uint32]bool{}
	for _, r := range log.Records {
		switch r.Kind {
		case trace.RequestWanted:
			open[r.Req] = true
			if r.IsBehind() {
				of[r.Req] = uint32(r.A)
			}
		case trace.RequestBound:
			bound[r.Req] = r.Conn
		case trace.RequestDone:
			delete(open, r.Req)
		}
	}
	out := map[uint32]bool{}
	for req := range open {
		if states[[2]uint32{bound[req], 1}] == tcp.Closed {
			out[req] = true
		}
	}
	for req := range open {
		if out[req] && of[req] != 0 {
			out[of[req]] = true
		}
	}
	for req := range out {
		if bound[req] == 0 { // for a connection that never opens TLS
			for k := range states {
				if k[1] == 0 && states[[2]uint32{k[0], 1}] == tcp.Closed {
					delete(states, k)
				}
			}
		}
		delete(states, [2]uint32{bound[req], 0})
		if !trace.IsBehind(req) {
			delete(states, [2]uint32{bound[req], 1})
		}
	}
	return out
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
		log := run(t, c)
		ended := map[uint32]int{}
		var last sim.Time
		states := map[[2]uint32]tcp.State{}
		half := map[uint32]int{} // connections in the SYN queue, by server
		open, memory := map[uint32]int{}, map[uint32]int64{}
		carried := map[uint32]bool{}
		for _, r := range log.Records {
			require.GreaterOrEqual(t, r.At, last, "time ran back")
			last = r.At
			cfg := &c.Server
			if !r.IsBehind() {
				cfg = c.FrontServer()
			}
			switch r.Kind {
			case trace.RequestWanted:
				ended[r.Req] += 0
			case trace.RequestDone:
				ended[r.Req]++
			case trace.RequestBound:
				carried[r.Conn] = true
			case trace.ConnState:
				side := uint32(0)
				if trace.IsServer(r.Actor) {
					side = 1
					half[r.Actor] += place(r.B) - place(r.A)
					require.True(t, half[r.Actor] <= cfg.Backlog+1 || c.TCP.FastOpen, "SYN queue") // what comes with data is in the accept queue
				}
				states[[2]uint32{r.Conn, side}] = tcp.State(r.B)
			case trace.ServerConns:
				open[r.Actor] = trace.Lo(r.A)
				require.True(t, cfg.FileDescriptors == 0 || open[r.Actor] < cfg.FileDescriptors, "descriptors")
				require.LessOrEqual(t, trace.Hi(r.A), cfg.Backlog+1, "accept queue")
				if cfg.MaxConnections > 0 {
					require.LessOrEqual(t, trace.Lo(r.A), cfg.MaxConnections, "connections")
				}
			case trace.ServerLoad:
				require.LessOrEqual(t, trace.Hi(r.A), cfg.Workers, "workers")
				require.LessOrEqual(t, trace.Lo(r.A), cfg.CPUs, "cores")
			case trace.ServerMemory:
				queue := model.Bytes(cfg.Backlog+1) * cfg.MemoryPerConnection // not accepted, and so not asked yet
				require.True(t, cfg.Memory == 0 || r.A <= int64(cfg.Memory+queue+closing(states)*cfg.MemoryPerConnection), "memory")
				memory[r.Actor] = r.A - int64(cfg.Workers)*5000
			}
		}
		waiting := stuck(log, states)
		for req, n := range ended {
			if !waiting[req] {
				require.Equal(t, 1, n, "request %d", req)
			}
		}
		for k, s := range states {
			if k[1] == 0 && !carried[k[0]] && s == tcp.Established && forgotten(states[[2]uint32{k[0], 1}]) {
				continue // the server gave it up before it was of use, and all that told so was lost
			}
			require.Contains(t, []tcp.State{tcp.Closed, tcp.TimeWait, tcp.Listen}, s, "connection %d side %d", k[0], k[1])
		}
		if len(waiting) == 0 || c.Proxy == nil {
			for actor, n := range open {
				require.Zero(t, n, "connections open at server %x", actor)
				require.Zero(t, memory[actor], "memory, but for the workers, at server %x", actor)
			}
		}
	})
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
