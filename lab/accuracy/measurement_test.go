package accuracy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
)

func TestAnErrorIsTheDistanceToTheNearestRepeatAndZeroBetweenThem(t *testing.T) {
	var m Measurement
	m.Metrics.Total.All = []float64{110, 100, 200}
	assert.Zero(t, m.Error(100))
	assert.Zero(t, m.Error(150))
	assert.InDelta(t, 1, m.Error(99), 1e-9)
	assert.InDelta(t, 5, m.Error(210), 1e-9)
	m.modes = true
	assert.InDelta(t, 25, m.Error(150), 1e-9, "between two modes lies nothing that was seen")
}

func TestAPercentileIsTheNearestRanks(t *testing.T) {
	all := []float64{5, 1, 4, 2, 3}
	assert.EqualValues(t, 3, percentile(all, 50))
	assert.EqualValues(t, 5, percentile(all, 95))
	assert.EqualValues(t, 1, percentile(all[1:2], 50))
}

// What a record's headers are made of is known, so that TLS can be told apart from what it carries.
func TestHeadersHaveTheBytesThatWereCountedOnTheWire(t *testing.T) {
	all, err := Read(lab.Truth)
	require.NoError(t, err)
	seen := 0
	for i := range all {
		m := &all[i]
		if m.Client.TLS != "" || m.Client.Kind != "seq" && m.Client.Kind != "page" {
			continue
		}
		assert.EqualValues(t, m.Up.Payload, m.requestBytes(), m.ID)
		if !nothingDropped(m) {
			continue // payload counts what was sent again
		}
		bodies := int64(0)
		for _, s := range m.sizes() {
			bodies += s
		}
		assert.EqualValues(t, m.Down.Payload, bodies+m.responseBytes(), m.ID)
		seen++
	}
	assert.Greater(t, seen, 100)
}

func TestHeadersOfManyClientsHaveTheBytesThatWereCountedToo(t *testing.T) {
	all, err := Read(lab.Truth)
	require.NoError(t, err)
	for _, m := range Select(all, "G") {
		up, down := m.Up.DataPackets, m.Up.DataPackets-m.counter("c.RetransSegs").Median // one segment each
		if m.Client.Kind == "burst" {
			down = m.Down.DataPackets // SYNs were sent again too
		} else {
			assert.Zero(t, m.counter("c.RetransSegs").Median)
		}
		assert.EqualValues(t, m.Up.Payload, float64(m.requestBytes())*up, m.ID)
		payload := float64(m.Client.Steps[0].Size+m.responseBytes()) * down
		if m.ID == "G/const/apache-ka5-max10" {
			payload += 12 * float64(len("Connection: close\r\n")) // in the last of every eleven answers
		}
		assert.EqualValues(t, m.Down.Payload, payload, m.ID)
	}
}

func TestAServersWordsBecomeItsLimits(t *testing.T) {
	for server, want := range map[string]string{
		"nginx":                  "",
		"apache On 5 4 511 10":   "concurrency: thread-per-connection, workers: 4, backlog: 511, keep_alive_timeout: 5s, keep_alive_requests: 11",
		"apache Off 5 4 511 100": "concurrency: thread-per-connection, workers: 4, backlog: 511, keep_alive_timeout: 0s, keep_alive_requests: 101",
		"go -workers 4 -keepalive 0s -delay 50ms -backlog 16": "concurrency: thread-per-connection, workers: 4, time: 50ms, backlog: 16",
	} {
		m := Measurement{Server: server}
		assert.Equal(t, want, m.host())
	}
	m := Measurement{Server: "go -workers 4", Sysctl: map[string]string{"net.ipv4.tcp_syncookies": "0"}}
	assert.Contains(t, m.host(), "backlog: 4096, syn_cookies: false")
	m = Measurement{Server: "go -workers 4 -keepalive 5s", Client: measuredClient{Keep: true}}
	assert.Contains(t, m.host(), "keep_alive_timeout: 5s, keep_alive_requests: 0")
}

func TestTheErrorOfACountIsAShareOfAllClients(t *testing.T) {
	served := metric{All: []float64{4, 0}}
	assert.Zero(t, served.off(2, 16), "between the repeats")
	assert.InDelta(t, 6.25, served.off(5, 16), 1e-9)
	assert.InDelta(t, 25, served.off(5, 0), 1e-9)
}

func TestEveryScenarioOfAMeasurementIsRightAndHasNoFieldWithoutEffect(t *testing.T) {
	all, err := Measurements()
	require.NoError(t, err)
	for i := range all {
		if all[i].Runnable() != "" {
			continue
		}
		f, err := scenarios.Parse(all[i].ID, []byte(all[i].Scenario()))
		require.NoError(t, err, all[i].Scenario())
		assert.Empty(t, f.Warnings, all[i].ID)
	}
}

func TestAMeasurementOverTLSNamesItsVersionAndCertificate(t *testing.T) {
	all, err := Read(lab.Truth)
	require.NoError(t, err)
	seen := map[string]string{}
	for _, m := range Select(all, "E") {
		seen[m.Client.TLS] = m.Scenario()
	}
	require.Len(t, seen, 3)
	assert.Contains(t, seen["1.2"], "tls: {version: 1.2, certificate: 320B}\n")
	assert.Contains(t, seen["1.3"], "tls: {version: 1.3, certificate: 320B}\n")
	assert.Contains(t, seen["1.3pq"], "tls: {version: 1.3, certificate: 320B, post_quantum: true}\n")
	assert.Contains(t, seen["1.3"], "request_headers: 80B, response_headers: 234B", "plain text: what TLS adds is the model's")
}

func TestARecordWithoutRepeatsIsAMistakeAndNotAPanic(t *testing.T) {
	_, err := Read("{\"records\": [\n{\"id\": \"A/none\", \"case\": \"A\"}]}\n")
	assert.ErrorContains(t, err, "line 2: A/none: want a total_ms of each repeat")
}
