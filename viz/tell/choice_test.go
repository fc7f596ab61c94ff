package tell_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// shorter are the scenarios that last for hours: a part of them has all that they tell of.
var shorter = map[string][]string{
	"proxy-502": {"workload.arrivals.for=1h"}, "ports": {"workload.arrivals.for=3s", "client.ports=2500"}, "slowloris": {"workload.arrivals.for=20s"},
}

// runs are the variants of an embedded scenario.
func runs(t testing.TB, scenario string) []*tell.Run {
	t.Helper()
	f, err := scenarios.Load(scenario, shorter[scenario]...)
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(context.Background(), f.Variants(), lab.Options{Log: true})
	require.NoError(t, err)
	var all []*tell.Run
	for _, l := range logs {
		all = append(all, tell.Read(l.Index()))
	}
	return all
}

func TestWhatIsChosenBringsAlongWhatItBelongsTo(t *testing.T) {
	all := runs(t, "gallery")
	for lane, r := range all {
		for i := range r.Index.Log().Records {
			q := &r.Index.Log().Records[i]
			if q.Kind != trace.Packet {
				continue
			}
			c := tell.Choose(all, draw.Ref{Lane: uint8(lane), Kind: draw.Packet, ID: q.Pkt})
			require.Equal(t, tell.Choice{Ref: c.Ref, Packet: q.Pkt, Request: q.Req, Connection: q.Conn, At: q.At}, c)
			require.True(t, c.Marks(draw.Ref{Lane: uint8(lane), Kind: draw.Connection, ID: q.Conn}))
			require.False(t, c.Marks(draw.Ref{Lane: uint8(1 - lane), Kind: draw.Connection, ID: q.Conn}), "a connection of the other run has the same number")
			require.Equal(t, q.Pkt, r.Segment(q.Pkt).Pkt)
		}
	}
	third := tell.Choose(all, draw.Ref{Kind: draw.Request, ID: 3})
	require.EqualValues(t, 3, third.Connection, "a new connection for each")
	require.EqualValues(t, 1, tell.Choose(all, draw.Ref{Lane: 1, Kind: draw.Request, ID: 3}).Connection, "the kept one")
	for _, none := range []draw.Ref{{}, {Kind: draw.Packet, ID: 1 << 30}, {Lane: 7, Kind: draw.Packet, ID: 1}, {Kind: draw.Request, ID: 21}, {Kind: draw.Connection, ID: 21}} {
		require.Zero(t, tell.Choose(all, none))
	}
}
