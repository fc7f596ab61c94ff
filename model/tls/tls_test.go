package tls

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// exchange plays a handshake and returns the flights, the client's positive.
func exchange(c *Config, resumed bool) (flights []int64, halves int) {
	var client, server Handshake
	client.Init(c, true, resumed)
	server.Init(c, false, resumed)
	up, down := int64(0), int64(0)
	for !client.Done() || !server.Done() {
		if n, ok := client.Turn(); ok {
			up += n
			client.Sent()
			server.Received(up)
			flights = append(flights, n)
		} else if n, ok := server.Turn(); ok {
			down += n
			server.Sent()
			client.Received(down)
			flights = append(flights, -n)
		} else {
			panic("nobody's turn")
		}
		halves++
		if client.Done() { // data may go now
			return flights, halves
		}
	}
	return flights, halves
}

// The bytes that nginx with a certificate of 320 bytes and a Go client were seen to send.
func TestFlightsHaveTheMeasuredSizes(t *testing.T) {
	c := Config{Version: V13, Certificate: 320}
	flights, _ := exchange(&c, false)
	require.Equal(t, []int64{223, -675, 64}, flights)
	c.Version = V12
	flights, _ = exchange(&c, false)
	require.Equal(t, []int64{203, -529, 93, -51}, flights)
	c = Config{Version: V13, Certificate: 320, Hybrid: true}
	flights, _ = exchange(&c, false)
	require.Equal(t, int64(1455), flights[0])
}

// High Performance Browser Networking, TLS: two round trips before data with 1.2, one with 1.3 or a resumed session.
func TestRoundTripsBeforeData(t *testing.T) {
	for _, c := range []struct {
		version Version
		resumed bool
		trips   int
	}{{V12, false, 2}, {V12, true, 1}, {V13, false, 1}, {V13, true, 1}} {
		cfg := Config{Version: c.version, Resumption: Ticket}
		_, halves := exchange(&cfg, c.resumed)
		require.Equal(t, c.trips, halves/2, "%+v", c)
	}
}

func TestOnlyAResumedSessionOf13MaySendEarlyData(t *testing.T) {
	for _, c := range []struct {
		version       Version
		resumed, want bool
	}{{V12, true, false}, {V13, false, false}, {V13, true, true}} {
		var h Handshake
		h.Init(&Config{Version: c.version, Resumption: EarlyData}, true, c.resumed)
		require.Equal(t, c.want, h.Early(), "%+v", c)
	}
}

func TestRecordsAddTheirFrames(t *testing.T) {
	c13, c12 := Config{Version: V13}, Config{Version: V12}
	require.Equal(t, int64(10473+22), c13.Wrapped(10473))
	require.Equal(t, int64(102634+7*22), c13.Wrapped(102634))
	require.Equal(t, int64(10473+29), c12.Wrapped(10473))
	require.Equal(t, int64(24), c13.CloseNotify())
	require.Equal(t, int64(31), c12.CloseNotify())
	require.Equal(t, int64(5), (&Config{}).Wrapped(5))
	require.Equal(t, int64(1), (&Config{}).FirstRecord(5))
	require.Equal(t, int64(16384+22), c13.FirstRecord(1<<20))
}

func TestHoweverAFlightIsCutUpTheHandshakeEndsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Config{Version: rapid.SampledFrom([]Version{V12, V13}).Draw(t, "version"),
			Resumption:  rapid.SampledFrom([]Resumption{Full, Ticket, EarlyData}).Draw(t, "resumption"),
			Certificate: rapid.Int64Range(0, 40_000).Draw(t, "certificate")}
		resumed := rapid.Bool().Draw(t, "resumed")
		var ends [2]Handshake
		ends[0].Init(&c, true, resumed)
		ends[1].Init(&c, false, resumed)
		var sent, got [2]int64
		for turns := 0; !ends[0].Done() || !ends[1].Done(); turns++ {
			require.Less(t, turns, 10)
			for i := range ends {
				n, ok := ends[i].Turn()
				if !ok {
					continue
				}
				sent[i] += n
				ends[i].Sent()
				for got[i] < sent[i] {
					require.False(t, ends[1-i].Received(got[i]))
					got[i] = min(sent[i], got[i]+rapid.Int64Range(1, 5000).Draw(t, "chunk"))
				}
				require.True(t, ends[1-i].Received(got[i]))
			}
		}
	})
}
