package lab_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What practitioners struggle with, each as a shipped scenario: broken and mended. Where there is a formula for what goes
// wrong, the model is held to it.

// 64 KB are 45 segments: 10, 20 and 15 of them, three round trips of 56 ms and 40 ms of work, or one round trip if the
// window is still as large as it was.
func TestAConnectionThatRestedStartsColdAgain(t *testing.T) {
	v := published(t, "idle-restart")
	for i := 2; i < 5; i++ {
		assert.EqualValues(t, 208*ms, took(v["restart after idle"], i))
		assert.EqualValues(t, 96*ms, took(v["window kept"], i))
	}
}

// The client's acknowledgement of the head comes 40 ms late (Linux TCP_DELACK_MIN), but not on a young connection.
func TestNagleAndDelayedAcknowledgementsCostFortyMillisecondsOnAKeptConnection(t *testing.T) {
	v := published(t, "nagle")
	for i := 1; i < 40; i++ {
		assert.InDelta(t, took(v["kept without Nagle"], i)+int64(42*ms), took(v["kept with Nagle"], i), 1e5, "40 ms, and the round trip of the acknowledgement")
		assert.Less(t, took(v["per-request"], i), int64(5*ms))
	}
	assert.Less(t, took(v["kept with Nagle"], 0), int64(10*ms), "the first answer finds the client in a hurry to acknowledge")
	assert.InDelta(t, int64(v["kept without Nagle"].Finished), int64(v["kept in one write"].Finished), 1e6)
}

// The server's TIME_WAIT sockets are requests / limit, and so are the handshakes.
func TestAServerThatEndsConnectionsSoonKeepsTheirSockets(t *testing.T) {
	v := published(t, "requests-limit")
	for name, n := range map[string]int{"10 requests": 2000 / 10, "100 requests": 2000 / 100, "1000 requests": 10} {
		assert.Equal(t, n, v[name].Connections.Opened, name)
	}
	assert.Equal(t, 200, v["10 requests"].Server.TimeWaitPeak)
	assert.Equal(t, 20, v["100 requests"].Server.TimeWaitPeak)
	assert.Zero(t, v["1000 requests"].Server.TimeWaitPeak)
}

// 28 232 ports that rest for 60 s each: 470.5 connections a second, whatever is asked for.
func TestPortsComeBackOnlySoFast(t *testing.T) {
	v := published(t, "ports")
	assert.InEpsilon(t, 28_232.0/60, float64(v["per-request"].Requests.OK)/120, 0.001)
	assert.Equal(t, 28_232, v["per-request"].Connections.TimeWaitPeak)
	first := 0.0
	for _, r := range v["per-request"].PerRequest {
		if r.Status == "no-port" {
			first = float64(r.Start) / 1e9
			break
		}
	}
	assert.InEpsilon(t, 28_232.0/600, first, 0.02, "the onset; arrivals are random")
	assert.Zero(t, v["persistent"].Requests.Failed)
	assert.Less(t, v["persistent"].Connections.Opened, 100)
}
