package model_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// hungUp is the client's first segment after its first request that ends the connection, and when it leaves.
func hungUp(log *trace.Log) (at sim.Time, flags uint16) {
	for _, r := range log.Records {
		if r.Kind == trace.Segment && r.Conn == 1 && !trace.IsServer(r.Actor) && r.Flags&(trace.FIN|trace.RST) != 0 {
			return r.At, r.Flags
		}
	}
	return 0, 0
}

// Of 100 kB the client reads what 28 segments hold: it is done when so much has come, closes, and needs another connection
// for the next request. All that is there was read, so that is a FIN, and a RST for what still comes.
func TestABodyLeftUnreadCostsTheConnection(t *testing.T) {
	c := instant(get("/1", 0), get("/2", 0))
	c.Link.Down = 1_000_000
	for i := range c.Workload.Sequence {
		c.Workload.Sequence[i].Size, c.Workload.Sequence[i].Unread = 100_000, 100_000+250-28*1448
	}
	log := run(t, c)
	at, how, _ := ends(log)
	require.Equal(t, []trace.Status{trace.OK, trace.OK}, how)
	closed, flags := hungUp(log)
	require.Equal(t, at[0], closed)
	require.Equal(t, trace.FIN|trace.ACK, flags)
	require.Equal(t, 2, counted(log, trace.RequestBound, func(r trace.Record) bool { return r.Flags&trace.Reused == 0 }))
	require.NotZero(t, counted(log, trace.Segment, func(r trace.Record) bool {
		return r.Conn == 1 && !trace.IsServer(r.Actor) && r.Flags&trace.RST != 0 && r.At > closed
	}))
	require.InDelta(t, int64(2*c.Link.RTT+28*onWire(1500, c.Link.Down)), int64(at[0]), float64(2*onWire(60, c.Link.Down)))
	for _, r := range log.Records {
		if r.Kind == trace.RequestDone {
			require.Equal(t, uint32(28*1448), r.Len)
		}
	}
}

// All of a small body is there when the client looks, some of it unread: close(2) sends a RST (tcp_close), over TLS an alert
// before it.
func TestUnreadBytesInTheBufferMakeTheCloseAReset(t *testing.T) {
	c := instant(get("/1", 0))
	c.Workload.Sequence[0].Unread = 500
	log := run(t, c)
	_, flags := hungUp(log)
	require.Equal(t, trace.RST|trace.ACK, flags)
	at, _, _ := ends(log)
	require.Equal(t, []sim.Time{2 * c.Link.RTT}, at)
	require.Zero(t, trace.Lo(log.Records[lastPool(log)].B), "TIME_WAIT")

	c.TLS.Version = tls.V13
	c.Workload.Sequence[0].Size, c.Workload.Sequence[0].Unread = 40_000, 23_000 // of three records it needs two
	c.Client.Wake = sim.Second
	_, flags = hungUp(run(t, c))
	require.Equal(t, trace.RST|trace.ACK, flags)
}

func lastPool(log *trace.Log) (at int) {
	for i, r := range log.Records {
		if r.Kind == trace.PoolSize {
			at = i
		}
	}
	return at
}

// What is read to the last byte leaves the connection as it is.
func TestNothingUnreadKeepsTheConnection(t *testing.T) {
	c := instant(get("/1", 0), get("/2", 0))
	require.Len(t, begun(run(t, c)), 1)
	for i := range c.Workload.Sequence {
		c.Workload.Sequence[i].Unread = 1
	}
	require.Len(t, begun(run(t, c)), 2)
	c.HTTP = model.HTTPConfig{Minor: 0, RequestHeaders: 400, ResponseHeaders: 250} // until the end of the file, which is not awaited
	at, how, _ := ends(run(t, c))
	require.Equal(t, []trace.Status{trace.OK, trace.OK}, how)
	require.Equal(t, 4*c.Link.RTT, at[1])
}

// What is left unread of a response is no answer to the request behind it, although it takes the client a while to look.
func TestUnreadBytesAreNotTakenForTheNextResponse(t *testing.T) {
	c := instant(get("/1", 0))
	item := c.Workload.Sequence[0]
	item.Size, item.Unread = 4000, 2000
	c.Workload = model.Workload{Page: []model.Item{item, item}}
	c.Client.ConnectionsPerHost, c.HTTP.Pipelining, c.Client.Wake = 1, 2, 50*sim.Microsecond
	c.Client.Retry = model.RetryNever
	log := run(t, c)
	_, how, _ := ends(log)
	require.Equal(t, []trace.Status{trace.OK, trace.Reset}, how)
	require.Equal(t, 1, counted(log, trace.RequestFirstByte, always))
}
