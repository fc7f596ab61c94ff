package scene_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
)

// The longest log that is kept: a process per connection for 26 minutes.
const long = `
name: long
link: {rtt: 40ms, down: 1Gbit/s, up: 1Gbit/s}
client: {count: 20000, start: {uniform: 26min}, stays: 5min}
server: {preset: apache-prefork, workers: 64, max_connections: 0, time: 200ms, keep_alive_timeout: 5s}
workload: {sequence: {count: 1, size: 20kB}}
`

// A path that holds 17 000 packets in each direction, and clients who fill it.
const fat = `
name: fat
link: {rtt: 200ms, down: 1Gbit/s, up: 1Gbit/s, queue: 100000 packets}
client: {count: 200}
server: {workers: 1000, cpus: 64, max_connections: 0}
workload: {sequence: {count: 8, size: 2MB}}
`

// logged runs a scenario's first variant, with its log.
func logged(t require.TestingT, text string) *trace.Index {
	f, err := scenarios.Parse("bench.yaml", []byte(strings.TrimSpace(text)))
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(context.Background(), f.Variants()[:1], lab.Options{Log: true})
	require.NoError(t, err)
	return logs[0].Index()
}

// crowded is an instant at which about n packets are on their way.
func crowded(x *trace.Index, n int) (sim.Time, int) {
	for at := sim.Time(0); at < x.Final().At; at += ms {
		var buf []trace.Flight
		buf = x.InFlight(true, at, 0, buf)
		if buf = x.InFlight(false, at, 0, buf); len(buf) >= n {
			return at, len(buf)
		}
	}
	return 0, 0
}

func BenchmarkAFrameWithFiveThousandPacketsInFlight(b *testing.B) {
	x := logged(b, fat)
	at, n := crowded(x, 5000)
	require.NotZero(b, n)
	s := scene.New(tell.ReadAll([]*trace.Index{x}))
	k := sim.Time(0)
	s.Draw(at+16*ms, surfaces[0])
	b.ReportAllocs()
	for b.Loop() {
		k = (k + ms/10) % (16 * ms)
		s.Draw(at+k, surfaces[0])
	}
	b.ReportMetric(float64(n), "packets")
}

func BenchmarkASeekAnywhereInTheLongestLog(b *testing.B) {
	x := logged(b, long)
	s := scene.New(tell.ReadAll([]*trace.Index{x}))
	random := rand.New(rand.NewPCG(1, 2))
	b.ReportAllocs()
	for b.Loop() {
		s.Draw(sim.Time(random.Int64N(int64(x.Final().At))), surfaces[0])
	}
	b.ReportMetric(float64(len(x.Log().Records)), "records")
}

func BenchmarkAnIndexOfTheLongestLog(b *testing.B) {
	l := logged(b, long).Log()
	b.ReportAllocs()
	for b.Loop() {
		l.Index()
	}
}

func TestAFrameWithThousandsOfPacketsAllocatesNothing(t *testing.T) {
	x := logged(t, fat)
	at, n := crowded(x, 5000)
	require.NotZero(t, n)
	s := scene.New(tell.ReadAll([]*trace.Index{x}))
	k := sim.Time(0)
	frame := func() {
		k = (k + ms/10) % (16 * ms)
		s.Draw(at+k, surfaces[0])
	}
	for range 200 {
		frame()
	}
	require.Zero(t, testing.AllocsPerRun(100, frame))
	require.Less(t, len(s.Items()), 3000, "they are gathered")
}
