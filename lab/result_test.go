package lab_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
)

// The names are a contract: spreadsheets, exercises and the site read them.
func TestTheNamesInAResultAreThoseThatOthersRead(t *testing.T) {
	f, err := scenarios.Load("gallery")
	require.NoError(t, err)
	res, _, err := lab.RunAll(context.Background(), f, lab.Options{Requests: true})
	require.NoError(t, err)
	text, err := json.Marshal(res)
	require.NoError(t, err)
	var doc map[string]any
	require.NoError(t, json.Unmarshal(text, &doc))
	variant := doc["variants"].([]any)[0].(map[string]any)
	for at, want := range map[string]string{
		"":            "events finished_ms fingerprint latency_ms name packets bytes connections per_request requests server stopped",
		"latency_ms":  "mean p50 p95 p99 max",
		"requests":    "total ok failed retried stale censored warm_up",
		"connections": "opened reused peak refused time_wait_peak",
		"packets":     "up down dropped retransmitted",
		"bytes":       "up down payload_up payload_down",
		"server":      "cpu_ms peak_memory peak_workers peak_connections backlog_drops time_wait_peak limits",
		"per_request": "client path connection reused start_ms blocked_ms dns_ms connect_ms tls_ms send_ms wait_ms receive_ms end_ms status",
	} {
		part := variant
		switch v := variant[at].(type) {
		case map[string]any:
			part = v
		case []any:
			part = v[0].(map[string]any)
		}
		assert.ElementsMatch(t, strings.Fields(want), slices.Collect(maps.Keys(part)), at)
	}
	assert.ElementsMatch(t, []string{"format", "scenario", "seed", "variants"}, slices.Collect(maps.Keys(doc)))
}
