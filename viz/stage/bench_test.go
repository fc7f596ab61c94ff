package stage

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/board"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// A path that holds 17 000 packets in each direction, and clients who fill it.
const fat = `
name: fat
link: {rtt: 200ms, down: 1Gbit/s, up: 1Gbit/s, queue: 100000 packets}
client: {count: 200}
server: {workers: 1000, cpus: 64, max_connections: 0}
workload: {sequence: {count: 1, size: 400kB}}
`

// crowded is a run and an instant of it at which 5 000 packets are on their way.
func crowded(b *testing.B) (*trace.Index, sim.Time, int) {
	f, err := scenarios.Parse("fat.yaml", []byte(fat))
	require.NoError(b, err)
	_, logs, err := lab.RunConfigs(context.Background(), f.Variants()[:1], lab.Options{Log: true})
	require.NoError(b, err)
	x := logs[0].Index()
	for at := sim.Time(0); at < x.Final().At; at += sim.Millisecond {
		up := len(x.InFlight(false, at, 0, nil))
		if n := up + len(x.InFlight(true, at, 0, nil)); n >= 5000 {
			return x, at, n
		}
	}
	b.Fatal("the path never holds 5 000 packets")
	return nil, 0, 0
}

// What a frame costs the processor: everything but what the graphics do with the triangles.
func BenchmarkAFrameWithFiveThousandPacketsInFlight(b *testing.B) {
	x, at, n := crowded(b)
	for _, view := range []views.Kind{views.None, views.Ladder, views.Sequence, views.Connections} {
		b.Run(view.String(), func(b *testing.B) {
			s := board.New(tell.ReadAll([]*trace.Index{x}), x.Final().At)
			p := &painter{atlas: newAtlas(), scale: 1}
			k := sim.Time(0)
			frame := func() {
				k = (k + sim.Millisecond/10) % (16 * sim.Millisecond)
				items := s.Draw(board.State{W: 1392, H: 940, Margin: 12, At: at + k, View: view})
				p.vs, p.is = p.vs[:0], p.is[:0]
				for i := range items {
					p.item(&items[i], s.Text)
				}
			}
			frame()
			b.ReportAllocs()
			for b.Loop() {
				frame()
			}
			b.ReportMetric(float64(n), "packets")
		})
	}
}
