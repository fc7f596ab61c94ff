package model_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/sim"
)

// Ten thousand clients make a request each, some at a time, and then keep their connections without using them. What
// the run then holds more than before is theirs: 1622 bytes when this was written, of which 84 are the record of the
// request and the event of the next one. The rest, both ends with all that hangs on them, may be 1536.
func TestTenThousandIdleConnectionsHoldLittle(t *testing.T) {
	const clients = 10_000
	c := gallery(2, 20_000, true)
	c.Client.Count = clients
	c.Client.Start = model.Span{Kind: model.Uniform, To: 1000 * sim.Second}
	c.Client.IdleTimeout, c.Server.KeepAliveTimeout, c.Server.MaxConnections = 10_000*sim.Second, 10_000*sim.Second, 0
	c.Workload.Sequence[1].Gap = 5000 * sim.Second
	w := model.New(c, nil)
	before := heap()
	require.NoError(t, w.RunUntil(2000*sim.Second))
	pair := (heap() - before) / clients
	runtime.KeepAlive(w)
	t.Logf("%d bytes per idle connection", pair)
	require.Less(t, pair, int64(1536+84+30))
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// million is clients with ten connections each that carried a request and are then kept without use.
func million(clients int) model.Config {
	c := instant()
	c.Client.Count = clients
	c.Client.Start = model.Span{Kind: model.Uniform, To: 1000 * sim.Second}
	c.Client.ConnectionsPerHost, c.Client.MaxIdle = 10, 10
	c.Client.IdleTimeout, c.Server.KeepAliveTimeout, c.Server.MaxConnections = 10_000*sim.Second, 10_000*sim.Second, 0
	c.Server.Backlog = 65_535
	wait := get("/later", 0)
	wait.Time = 5000 * sim.Second
	c.Workload.Sequence = nil
	for range 10 {
		c.Workload.Page = append(c.Workload.Page, get("/", 0))
	}
	wait.After = []int{0}
	c.Workload.Page = append(c.Workload.Page, wait) // holds one of the ten, so that the client stays
	return c
}

// memory runs such clients and returns what the whole process then has of the system, and how many connections there are.
func memory(t testing.TB, clients int) (sys uint64, connections int) {
	open := held{}
	w := model.New(million(clients), open)
	require.NoError(t, w.RunUntil(2000*sim.Second))
	for _, n := range open {
		connections += n
	}
	require.Equal(t, 10*clients, connections)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	runtime.KeepAlive(w)
	return m.Sys - m.HeapReleased, connections
}

// held is a Sink that knows how many connections each client holds.
type held map[uint32]int

func (h held) Record(r *trace.Record) {
	if r.Kind == trace.PoolSize {
		h[r.Actor] = trace.Hi(r.A) + trace.Lo(r.A)
	}
}

// A million idle connections must fit in 4 GiB, and a tenth of them in a tenth.
func TestAHundredThousandIdleConnectionsFitInATenthOf4GiB(t *testing.T) {
	long(t)
	sys, n := memory(t, 10_000)
	t.Logf("%d connections: %d MiB, %d bytes each", n, sys>>20, sys/uint64(n))
	require.Less(t, sys, uint64(4<<30)/10)
}

// BenchmarkAMillionIdleConnections takes what the test extrapolates: run it alone, with -benchtime 1x.
func BenchmarkAMillionIdleConnections(b *testing.B) {
	for range b.N {
		sys, n := memory(b, 100_000)
		b.ReportMetric(float64(sys)/(1<<30), "GiB")
		b.ReportMetric(float64(sys)/float64(n), "B/connection")
		require.Less(b, sys, uint64(4<<30))
	}
}
