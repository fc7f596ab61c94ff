package trace_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model/trace"
	"keepalive/sim"
)

func encoded(t require.TestingT, l *trace.Log) []byte {
	var b bytes.Buffer
	require.NoError(t, l.Encode(&b))
	return b.Bytes()
}

func TestALogSurvivesEncodingBitByBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := anyLog(t)
		got, err := trace.Decode(encoded(t, l))
		require.NoError(t, err)
		require.Equal(t, l.Header, got.Header)
		require.Equal(t, l.Records, got.Records)
		require.Equal(t, encoded(t, l), encoded(t, got))
	})
}

func TestARunSurvivesEncodingAndLooksTheSame(t *testing.T) {
	l := page(t)
	got, err := trace.Decode(encoded(t, l))
	require.NoError(t, err)
	at := l.Header.Ended / 3
	require.Equal(t, l.Index().StateAt(at), got.Index().StateAt(at))
}

// told is a writer that is told the size before.
type told struct {
	bytes.Buffer
	size []int
}

func (w *told) Grow(n int) { w.size = append(w.size, n) }

func TestAWriterIsToldTheSizeOfALogBefore(t *testing.T) {
	for _, l := range []*trace.Log{page(t), {}} {
		var w told
		require.NoError(t, l.Encode(&w))
		require.Equal(t, []int{w.Len()}, w.size)
	}
}

func TestWhatIsNoLogIsRefusedWithAReason(t *testing.T) {
	good := encoded(t, page(t))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":          {nil, "not a log"},
		"another file":     {[]byte("\x89PNG\r\n\x1a\n and more"), "not a log"},
		"cut in header":    {good[:40], "cut off in its header"},
		"cut in records":   {good[:len(good)-7], "want"},
		"trailing garbage": {append(bytes.Clone(good), 0), "want"},
	} {
		_, err := trace.Decode(c.data)
		require.ErrorContains(t, err, c.want, name)
	}
	broken := &trace.Log{Header: trace.Header{Format: 1, Missing: sim.Never}, Records: []trace.Record{{At: 5, Kind: trace.ServerLoad, Actor: trace.Server(0)}, {At: 4, Kind: trace.ServerLoad, Actor: trace.Server(0)}}}
	_, err := trace.Decode(encoded(t, broken))
	require.ErrorContains(t, err, "record 1: time runs back")
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("KEEPLOG1"))
	f.Add(encoded(f, page(f)))
	small := &trace.Log{Header: trace.Header{Format: 1, Missing: sim.Never, Clients: 1, Requests: make([]trace.Name, 2)},
		Records: []trace.Record{{Kind: trace.RequestWanted, Req: 1, Actor: 1}, {Kind: trace.Packet, Flags: trace.Down, Actor: 1, Req: 1, Pkt: 1, A: 2, B: 9}}}
	f.Add(encoded(f, small))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := trace.Decode(data)
		if err != nil {
			return
		}
		x := l.Index()
		var s trace.State
		for _, at := range []sim.Time{0, l.Header.Finished, 1 << 40, 7} {
			x.Seek(&s, at)
			for _, f := range x.InFlight(true, at, sim.Second, nil) {
				x.Number(f)
			}
			x.Received(1, at)
		}
	})
}
