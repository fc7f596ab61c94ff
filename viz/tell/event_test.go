package tell_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// everything is more than any of the scenarios has.
const everything = 1 << 24

func TestEventsAreInOrderAndEachLeadsToSomethingThatExists(t *testing.T) {
	for _, name := range []string{"gallery", "mobile", "tls", "http2", "proxy-502", "accept-queue", "slowloris"} {
		s := teller(t, name)
		for _, packets := range []bool{false, true} {
			last := sim.Time(-1)
			all := s.Events(tell.Around{At: -1, After: everything, Kinds: trace.AnyMoment, Packets: packets}, nil)
			require.NotEmpty(t, all)
			for _, e := range all {
				if e.At < last || e.Text == "" || strings.Contains(e.Text, "  ") || e.Ref.Kind == draw.Nothing || int(e.Ref.Lane) != e.Lane || tell.Choose(s.Runs, e.Ref).Kind != e.Ref.Kind {
					t.Fatalf("%s: after %v: %+v", name, last, e)
				}
				last = e.At
			}
			require.Equal(t, seen(s, packets), len(all), name)
		}
	}
}

// seen counts what there is to see, record by record.
func seen(s *tell.Teller, packets bool) (n int) {
	for _, r := range s.Runs {
		for t, ok := r.Index.NextMoment(-1, trace.AnyMoment); ok; t, ok = r.Index.NextMoment(t, trace.AnyMoment) {
			_, all := r.Index.MomentsAt(t, trace.AnyMoment, 0, nil)
			n += all
		}
		for i := range r.Index.Log().Records {
			if q := &r.Index.Log().Records[i]; packets && q.Kind == trace.Packet && !q.IsBehind() && !q.IsDropped() {
				n++
			}
		}
	}
	return n
}

func TestEventsAroundAnInstantAreThoseBesideItOfTheWholeList(t *testing.T) {
	s := teller(t, "mobile")
	q := tell.Around{At: -1, After: everything, Kinds: trace.AnyMoment, Packets: true}
	all := s.Events(q, nil)
	for k := 0; k < len(all); k += 37 {
		at := all[k].At
		before := k // how many are at this time or earlier
		for before < len(all) && all[before].At <= at {
			before++
		}
		got := s.Events(tell.Around{At: at, Before: 5, After: 7, Kinds: trace.AnyMoment, Packets: true}, nil)
		require.Equal(t, all[max(before-5, 0):min(before+7, len(all))], got)
	}
	require.Empty(t, s.Events(tell.Around{At: 0, Before: 5, After: 7}, nil), "of no kind there is nothing")
}

func TestEventsSayWhatIsSeen(t *testing.T) {
	s := teller(t, "gallery")
	var told []string
	for _, e := range s.Events(tell.Around{At: 150 * sim.Millisecond, Before: 1, After: 2, Kinds: trace.AnyMoment, Packets: true}, nil) {
		told = append(told, tell.Letters[e.Lane]+" "+e.Text)
	}
	require.Equal(t, []string{"B request 1, connection 1, arrives at 150.5 ms", "A the server closes connection 1", "A ACK, connection 1, arrives at 200.5 ms"}, told)
}

func TestAPacketOrARequestLeadsToTheHeadersOfItsMessages(t *testing.T) {
	for _, name := range []string{"gallery", "mobile", "tls", "http2", "proxy-502"} {
		s := teller(t, name)
		for _, ref := range things(s, draw.Packet) {
			p := s.Runs[ref.Lane].Packet(ref.ID)
			for _, m := range tell.Choose(s.Runs, ref).Messages(s.Runs, nil) {
				require.Equal(t, int(ref.Lane), m.Lane)
				require.Equal(t, p.IsDown(), m.Response)
				require.Equal(t, s.Runs[ref.Lane].Header().Requests[m.Request-1], m.Name)
			}
		}
		for _, ref := range things(s, draw.Request) {
			got := tell.Choose(s.Runs, ref).Messages(s.Runs, nil)
			require.Len(t, got, 2, "%s, %v: each was sent and answered", name, ref)
			require.Equal(t, []bool{false, true}, []bool{got[0].Response, got[1].Response})
			q := s.Runs[ref.Lane].Story(ref.ID)
			require.Equal(t, q.Status, got[1].Status)
			if !s.Runs[ref.Lane].H2 { // where answers come in the order of the requests
				require.Equal(t, q.Ordinal, got[1].Served)
			}
		}
	}
	s := teller(t, "gallery")
	require.Empty(t, tell.Choose(s.Runs, draw.Ref{Kind: draw.Packet, ID: 1}).Messages(s.Runs, nil), "a SYN")
	require.Len(t, tell.Choose(s.Runs, draw.Ref{Kind: draw.Packet, ID: 4}).Messages(s.Runs, nil), 1, "the request")
	require.Empty(t, tell.Choose(s.Runs, draw.Ref{Kind: draw.Connection, ID: 1}).Messages(s.Runs, nil))
}

func BenchmarkEventsAroundAnInstant(b *testing.B) {
	s := teller(b, "busy-server")
	var buf []tell.Event
	for b.Loop() {
		buf = s.Events(tell.Around{At: sim.Second, Before: 20, After: 20, Kinds: trace.AnyMoment, Packets: true}, buf[:0])
	}
}

func BenchmarkReadingARun(b *testing.B) {
	x := teller(b, "busy-server").Runs[0].Index
	for b.Loop() {
		tell.Read(x)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(x.Log().Records)), "ns/record")
}
