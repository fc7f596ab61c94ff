package views_test

import (
	"fmt"
	"testing"

	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
	"keepalive/viz/views"
)

// many is a run of more than 100 000 records.
const many = `
name: many
link: {rtt: 60ms, down: 200Mbit/s, up: 50Mbit/s}
client: {count: 40}
server: {time: 10ms, cpu: {request: 1ms}}
workload: {users: {requests: 60, think: 300ms, size: 30kB}}
variants:
  - {name: per-request, with: {http: {connections: per-request}}}
  - {name: persistent, with: {http: {connections: persistent}}}
`

func BenchmarkAFrame(b *testing.B) {
	r := raceAlong(b, many)
	for _, kind := range alongKinds {
		b.Run(kind.String(), func(b *testing.B) {
			v := views.New(r.runs)
			f := views.Frame{Kind: kind, W: 1392, H: 700, Unit: 1, End: r.end}
			items := len(v.Draw(f))
			b.ReportAllocs()
			for b.Loop() {
				f.At = (f.At + 16*sim.Millisecond) % r.end
				items = max(items, len(v.Draw(f)))
			}
			b.ReportMetric(float64(items), "items")
			b.ReportMetric(float64(len(r.runs[0].Index.Log().Records)), "records")
		})
	}
}

// A view that is drawn for the first time reads the log; one of another width, or after another choice, cuts it again.
func BenchmarkTheFirstFrame(b *testing.B) {
	r := raceAlong(b, many)
	for _, kind := range alongKinds {
		b.Run(kind.String(), func(b *testing.B) {
			for b.Loop() {
				views.New(r.runs).Draw(views.Frame{Kind: kind, W: 1392, H: 700, Unit: 1, End: r.end})
			}
		})
	}
}

func BenchmarkAnotherChoice(b *testing.B) {
	r := raceAlong(b, many)
	for _, kind := range alongKinds {
		b.Run(fmt.Sprint(kind), func(b *testing.B) {
			v := views.New(r.runs)
			id := uint32(0)
			for b.Loop() {
				id = id%30 + 1
				v.Draw(views.Frame{Kind: kind, W: 1392, H: 700, Unit: 1, End: r.end, Chosen: tell.Choose(r.runs, draw.Ref{Lane: 1, Kind: draw.Connection, ID: id})})
			}
		})
	}
}
