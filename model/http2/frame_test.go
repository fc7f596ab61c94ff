package http2

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFrameReadsAsALadderShowsIt(t *testing.T) {
	for want, f := range map[string]Frame{
		"PREFACE":                   {Type: Preface},
		"SETTINGS":                  {Type: SettingsType, Len: 24},
		"SETTINGS ACK":              {Type: SettingsType, Flags: Ack},
		"HEADERS 5 END_STREAM":      {Type: Headers, Stream: 5, Flags: EndHeaders | EndStream},
		"HEADERS 5 (more)":          {Type: Headers, Stream: 5},
		"CONTINUATION 5":            {Type: Continuation, Stream: 5, Flags: EndHeaders},
		"DATA 5 16384":              {Type: Data, Stream: 5, Len: 16384},
		"DATA 5 100 END_STREAM":     {Type: Data, Stream: 5, Len: 100, Flags: EndStream},
		"WINDOW_UPDATE 0 +15663105": {Type: WindowUpdate, Value: 15663105},
		"RST_STREAM 3 CANCEL":       {Type: RstStream, Stream: 3, Value: uint32(Cancel)},
		"GOAWAY 7":                  {Type: GoAway, Value: 7},
		"PING ACK":                  {Type: Ping, Flags: Ack},
	} {
		require.Equal(t, want, f.String())
	}
}

func TestAPingIsAnswered(t *testing.T) {
	p := greeted(Nghttp(), Nginx())
	var got []string
	p.onEvent = func(end int, e Event) { got = append(got, e.String()) }
	p.ends[0].Ping()
	p.run(unbounded)
	require.Equal(t, []string{"ping", "pong"}, got)
}

func TestALongHeaderIsContinued(t *testing.T) {
	p := greeted(Nghttp(), Config{})
	p.answering(func(uint32) int64 { return 0 })
	p.say("A header block of 40 000 octets takes three frames that nothing may come between (RFC 9113, 6.10).")
	r := get(1)
	r.Header = 40000
	p.ends[0].OpenStream(r)
	p.run(20000)
	p.golden(t, "continuation")
}

func TestAStreamGoesOnlyTheWayOfTheRFC(t *testing.T) {
	require.PanicsWithValue(t, "http2: stream 1: closed -> open", func() { (&stream{id: 1, state: Closed}).become(Open) })
	p := greeted(Nghttp(), Nginx())
	require.Equal(t, Idle, p.ends[0].StreamState(1))
	p.ends[0].OpenStream(get(1))
	require.Equal(t, HalfClosedLocal, p.ends[0].StreamState(1))
	p.flight(0, unbounded)
	require.Equal(t, HalfClosedRemote, p.ends[1].StreamState(1))
	p.ends[1].Respond(1, 10, 0)
	require.Equal(t, Closed, p.ends[1].StreamState(1))
	require.False(t, p.ends[1].Respond(1, 10, 0))
}

func TestConfigurationsThatCannotBePanic(t *testing.T) {
	for _, c := range []Config{
		{Settings: Settings{InitialWindow: MaxWindow + 1}},
		{Settings: Settings{MaxFrame: 1000}},
		{ConnWindow: 1000},
		{Chunk: -1},
	} {
		require.Panics(t, func() { newPair(c, Config{}) })
	}
}
