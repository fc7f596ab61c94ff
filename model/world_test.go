package model_test

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// gallery is count objects of size bytes in sequence over an ideal path.
func gallery(count int, size model.Bytes, persistent bool) model.Config {
	c := model.Config{
		Scenario: "test", Variant: "test", Seed: 1, Timer: 1,
		Link: model.LinkConfig{RTT: 100 * sim.Millisecond, Down: 10_000_000, Up: 10_000_000, Queue: model.Queue{Packets: 100}, Shared: true},
		TCP:  tcp.Config{InitialWindow: 10, MSS: 1448, Header: 52, SYNHeader: 60, SlowStartAfterIdle: true},
		HTTP: model.HTTPConfig{Minor: 1, Persistent: persistent, RequestHeaders: 400, ResponseHeaders: 250},
		Client: model.ClientConfig{Count: 1, ConnectionsPerHost: 6, MaxIdle: 6, IdleTimeout: 300 * sim.Second, Ports: 28232,
			TimeWait: sim.Minute, Retry: model.RetryIdempotent, Retries: 1},
		Server: model.ServerConfig{Workers: 4, CPUs: 2, Backlog: 511, MaxConnections: 1024, KeepAliveTimeout: 75 * sim.Second,
			KeepAliveRequests: 1000, HeaderTimeout: 60 * sim.Second, MemoryPerConnection: 20480},
	}
	for i := range count {
		c.Workload.Sequence = append(c.Workload.Sequence, model.Item{Path: fmt.Sprintf("/%d", i+1), Method: "GET", Size: size, Time: -1})
	}
	return c
}

func run(t require.TestingT, c model.Config) *trace.Log {
	log := &trace.Log{}
	w := model.New(c, log)
	require.NoError(t, w.Run())
	log.Header = w.Header()
	return log
}

// finished is the end of the last request.
func finished(log *trace.Log) sim.Time {
	var at sim.Time
	for _, r := range log.Records {
		if r.Kind == trace.RequestDone {
			at = r.At
		}
	}
	return at
}
