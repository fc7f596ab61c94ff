package model_test

import (
	"strconv"
	"testing"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// counter is the cheapest Sink: it counts packets.
type counter struct{ packets int }

func (c *counter) Record(r *trace.Record) {
	if r.Kind == trace.Packet {
		c.packets++
	}
}

func (c *counter) RecordAll(rs []trace.Record) {
	for i := range rs {
		c.Record(&rs[i])
	}
}

// busyNetwork is twelve clients that fetch 100 kB again and again over kept connections.
func busyNetwork() model.Config {
	c := gallery(0, 0, true)
	c.Client.Count = 12
	c.Link.Down, c.Link.Up = 1_000_000_000, 1_000_000_000
	c.Link.RTT = 20 * sim.Millisecond
	c.Link.Queue = model.Queue{Packets: 10_000}
	c.Server.KeepAliveRequests = 0
	c.Workload = model.Workload{Users: &model.Users{Item: model.Item{Path: "/", Method: "GET", Size: 100_000, Time: -1}, Requests: 1 << 30}}
	return c
}

func BenchmarkNetworkOfTwelveConnections(b *testing.B) {
	var packets counter
	w := model.New(busyNetwork(), &packets)
	for range 200_000 {
		w.Step()
	}
	packets.packets = 0
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		w.Step()
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(packets.packets), "ns/packet")
}

// dataSegments is a Sink that counts the segments that carry data down.
type dataSegments struct{ n int }

func (c *dataSegments) Record(r *trace.Record) {
	if r.Kind == trace.Segment && r.Len > 1000 {
		c.n++
	}
}

func (c *dataSegments) RecordAll(rs []trace.Record) {
	for i := range rs {
		c.Record(&rs[i])
	}
}

// bulk is one endless response by CUBIC in batches, on a path without losses whose queue never ends.
func bulk() model.Config {
	c := gallery(1, 1<<50, true)
	c.TCP.Congestion, c.TCP.TSO = tcp.Cubic, true
	c.Link.Down, c.Link.Up = 1_000_000_000, 1_000_000_000
	c.Link.RTT = 20 * sim.Millisecond
	c.Link.Queue = model.Queue{Packets: 1 << 30}
	return c
}

// A data segment may cost at most 400 ns end to end, both hosts and its acknowledgement included.
func BenchmarkBulkTransfer(b *testing.B) {
	var data dataSegments
	w := model.New(bulk(), &data)
	for data.n < 200_000 {
		w.Step()
	}
	b.ReportAllocs()
	b.ResetTimer()
	for end := data.n + b.N; data.n < end; {
		w.Step()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/segment")
}

// Ten thousand requests wait for six connections, and then a hundred thousand: the time for each must not grow with their
// number.
func BenchmarkWaitingRequests(b *testing.B) {
	for _, waiting := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(waiting), func(b *testing.B) {
			c := gallery(0, 0, true)
			c.Link.Down, c.Link.Up, c.Server.KeepAliveRequests = 0, 0, 0
			c.Workload.Page = make([]model.Item, waiting)
			for i := range c.Workload.Page {
				c.Workload.Page[i] = model.Item{Path: "/", Method: "GET", Size: 100, Time: -1}
			}
			for range b.N {
				if err := model.New(c, nil).Run(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*waiting), "ns/request")
		})
	}
}
