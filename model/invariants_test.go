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

// anyConfig draws a run that may lose packets, overflow queues and run out of workers.
func anyConfig(t *rapid.T) model.Config {
	c := gallery(0, 0, rapid.Bool().Draw(t, "persistent"))
	c.Seed = rapid.Uint64().Draw(t, "seed")
	c.Timer = rapid.SampledFrom([]sim.Time{1, 4 * sim.Millisecond}).Draw(t, "timer")
	c.Link.RTT = sim.Time(rapid.Int64Range(0, int64(300*sim.Millisecond)).Draw(t, "rtt"))
	c.Link.Down = model.Rate(rapid.Int64Range(200_000, 1_000_000_000).Draw(t, "down"))
	c.Link.Up = model.Rate(rapid.Int64Range(200_000, 1_000_000_000).Draw(t, "up"))
	c.Link.Queue = model.Queue{Packets: rapid.IntRange(2, 200).Draw(t, "queue")}
	c.Link.LossDown = model.PPB(rapid.Int64Range(0, 100_000_000).Draw(t, "loss down"))
	c.Link.LossUp = model.PPB(rapid.Int64Range(0, 100_000_000).Draw(t, "loss up"))
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
	c.Server.Workers = rapid.IntRange(1, 4).Draw(t, "workers")
	c.Server.SYNCookies = rapid.Bool().Draw(t, "syn cookies")
	c.Server.Backlog = rapid.IntRange(0, 8).Draw(t, "backlog")
	c.Server.KeepAliveTimeout = sim.Time(rapid.Int64Range(0, int64(2*sim.Second)).Draw(t, "keep-alive"))
	c.Server.KeepAliveRequests = rapid.IntRange(0, 5).Draw(t, "requests")
	c.Server.CPU = model.ServerCPU{Accept: 20_000, TLS: 300_000, Request: sim.Time(rapid.Int64Range(0, 5_000_000).Draw(t, "cpu")), Close: 10_000}
	item := model.Item{Method: "GET", Time: -1, Size: model.Bytes(rapid.Int64Range(0, 200_000).Draw(t, "size"))}
	switch rapid.IntRange(0, 2).Draw(t, "workload") {
	case 0:
		for i := range rapid.IntRange(1, 6).Draw(t, "steps") {
			item.Path, item.Gap = fmt.Sprint("/", i), sim.Time(i)*sim.Second
			c.Workload.Sequence = append(c.Workload.Sequence, item)
		}
	case 1:
		c.Workload.Page = []model.Item{item, item, item, item}
		c.Workload.Page[2].After = []int{0}
		c.Workload.Page[3].After = []int{1, 2}
	case 2:
		c.Workload.Users = &model.Users{Item: item, Requests: 4, Think: model.Span{Kind: model.Exponential, To: sim.Second}}
	}
	return c
}

func TestWhateverHappensEveryRequestEndsOnceAndNothingIsLeftOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfig(t)
		log := run(t, c)
		ended, bound := map[uint32]int{}, map[uint32]uint32{}
		var last sim.Time
		states := map[[2]uint32]tcp.State{}
		open := int64(0)
		half := 0 // connections in the SYN queue
		for _, r := range log.Records {
			require.GreaterOrEqual(t, r.At, last, "time ran back")
			last = r.At
			switch r.Kind {
			case trace.RequestDone:
				ended[r.Req]++
			case trace.RequestBound:
				bound[r.Req] = r.Conn
			case trace.ConnState:
				side := uint32(0)
				if trace.IsServer(r.Actor) {
					side = 1
					half += place(r.B) - place(r.A)
					require.True(t, half <= c.Server.Backlog+1 || c.TCP.FastOpen, "SYN queue") // what comes with data is in the accept queue
				}
				states[[2]uint32{r.Conn, side}] = tcp.State(r.B)
			case trace.ServerConns:
				open = int64(trace.Lo(r.A))
				require.LessOrEqual(t, trace.Hi(r.A), c.Server.Backlog+1, "accept queue")
			case trace.ServerLoad:
				require.LessOrEqual(t, trace.Hi(r.A), c.Server.Workers, "workers")
				require.LessOrEqual(t, trace.Lo(r.A), c.Server.CPUs, "cores")
			}
		}
		for i := range log.Header.Requests {
			// A server that has closed gives up after so many retransmissions and tells nobody: its client waits for ever.
			if conn := bound[uint32(i+1)]; ended[uint32(i+1)] == 0 {
				require.Equal(t, tcp.Closed, states[[2]uint32{conn, 1}], "request %d", i+1)
				delete(states, [2]uint32{conn, 0})
				ended[uint32(i+1)] = 1
			}
		}
		for req, n := range ended {
			require.Equal(t, 1, n, "request %d", req)
		}
		for k, s := range states {
			require.Contains(t, []tcp.State{tcp.Closed, tcp.TimeWait, tcp.Listen}, s, "connection %d side %d", k[0], k[1])
		}
		require.Zero(t, open, "connections open at the server")
	})
}

// place is 1 for a server's end in the SYN queue.
func place(state int64) int {
	if tcp.State(state) == tcp.SynReceived {
		return 1
	}
	return 0
}

func TestPacketsOnALinkKeepTheirOrderAndItsRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfig(t)
		c.Link.Shared = true
		log := run(t, c)
		var free, arrived [2]sim.Time
		for _, r := range log.Records {
			if r.Kind != trace.Packet || r.IsDropped() {
				continue
			}
			d, rate, delay := 0, c.Link.Up, c.Link.RTT/2
			if r.IsDown() {
				d, rate, delay = 1, c.Link.Down, c.Link.RTT-c.Link.RTT/2
			}
			require.GreaterOrEqual(t, r.Start(), r.At)
			require.GreaterOrEqual(t, r.Start(), free[d], "two packets on one wire")
			require.GreaterOrEqual(t, r.End(), arrived[d], "order")
			require.InDelta(t, int64(onWire(int64(r.Len), rate)), int64(r.End()-delay-r.Start()), 1)
			free[d], arrived[d] = r.End()-delay, r.End()
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
		slow := c
		slow.Link.RTT *= 4
		slow.Link.Down /= 4
		slow.Link.Up /= 4
		require.Equal(t, 4*finished(run(t, c)), finished(run(t, slow)))
	})
}
