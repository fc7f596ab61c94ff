package scene_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/player"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
)

// first is what is said where the first moment of a kind is, in a shipped scenario's first two variants.
func first(t *testing.T, name string, kinds trace.Moments) string {
	f, err := scenarios.Load(name)
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(context.Background(), f.Variants()[:2], lab.Options{Log: true})
	require.NoError(t, err)
	runs := []*trace.Index{logs[0].Index(), logs[1].Index()}
	p := player.New(runs)
	require.True(t, p.Jump(kinds, +1))
	return scene.New(tell.ReadAll(runs)).Describe(p.At(), kinds)
}

func TestALandingSaysWhatHappens(t *testing.T) {
	require.Regexp(t, `^At 40 ms, A: the handshake of connection 1 is complete; B: the handshake of connection 1 is complete\. A, `, first(t, "prefork-held", trace.MomentHandshake))
	require.Contains(t, first(t, "gallery", trace.MomentFirstByte), "At 201.7 ms, A: the first byte of response 1 arrives; B: ")
	require.Contains(t, first(t, "loss-bursts", trace.MomentLoss), "A: a packet of connection 1 to the client is lost on its way. A, ")
	require.Contains(t, first(t, "accept-queue", trace.MomentLoss), "A: the server ignores a SYN: its SYN queue is full")
	require.Contains(t, first(t, "prefork-held", trace.MomentTimer), "B: the server’s keep-alive timeout for connection 1 runs out")
	require.Contains(t, first(t, "prefork-held", trace.MomentClosed), "B: the server closes connection 1 after 2\u2009000 ms idle")
	require.Contains(t, first(t, "proxy-502", trace.MomentFailed), "fails: 502, the server behind the proxy hangs up")
}

func TestWhatHappensManyTimesAtOnceIsCounted(t *testing.T) {
	l := &trace.Log{Header: trace.Header{Format: 1, Missing: sim.Never}}
	for c := range 5000 {
		l.Records = append(l.Records, trace.Record{At: ms, Kind: trace.ConnState, Actor: 1, Conn: uint32(c + 1), A: 2, B: 4})
	}
	s := scene.New(tell.ReadAll([]*trace.Index{l.Index()}))
	require.Contains(t, s.Describe(ms, trace.AnyMoment),
		"At 1 ms, A: the handshake of connection 1 is complete, the handshake of connection 2 is complete and 4\u2009998 more. A, ")
	require.Equal(t, "No loss before 1 ms.", s.None(trace.MomentLoss, -1, ms))
	require.Equal(t, "No thing of note after 1 ms.", s.None(trace.AnyMoment, +1, ms))
}

func TestTheTransportOfAWindowTellsTheMomentWhileItStands(t *testing.T) {
	s := scene.New(tell.ReadAll(race(t, "gallery")))
	v := scene.View{W: 1392, H: 580, Margin: 12}
	v.Bottom = v.TransportHeight()
	shown := func(tr scene.Transport) string {
		s.Draw(tr.At, v)
		s.DrawTransport(tr, v)
		return says(s, s.Items())
	}
	at, ok := race(t, "gallery")[0].NextMoment(0, trace.MomentHandshake)
	require.True(t, ok)
	tr := scene.Transport{At: at, End: sim.Second, Kinds: trace.AnyMoment}
	require.Contains(t, shown(tr), "A: the handshake of connection 1 is complete")
	tr.Notice = "No loss after 1 ms."
	require.Contains(t, shown(tr), "No loss after 1 ms.")
	tr.Playing = true
	require.NotContains(t, shown(tr), "No loss")
	tr = scene.Transport{At: at, End: sim.Second, Kinds: trace.AnyMoment}
	require.Zero(t, testing.AllocsPerRun(100, func() { s.Draw(at, v); s.DrawTransport(tr, v) }))
}
