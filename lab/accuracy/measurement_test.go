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
