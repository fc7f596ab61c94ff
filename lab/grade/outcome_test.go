package grade

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
)

func TestARunsOutcomeIsSeenByVariantAndByLedger(t *testing.T) {
	f, err := scenarios.Load("gallery", "workload.sequence.count=3")
	require.NoError(t, err)
	res, logs, err := lab.RunAll(context.Background(), f, lab.Options{Requests: true, Log: true})
	require.NoError(t, err)
	e, err := lab.ExplainAll(logs)
	require.NoError(t, err)
	o, err := See(res, e, map[string]any{"twice": func(v float64) float64 { return 2 * v }})
	require.NoError(t, err)
	for expression, want := range map[string]float64{
		"per_request.connections.opened":                                                  3,
		`variant("persistent").connections.opened`:                                        1,
		"persistent.per_request[2].connect_ms":                                            0,
		"twice(persistent.requests.total)":                                                6,
		`ledger("per-request").propagation - 300`:                                         0,
		"per_request.finished_ms - variants[0].finished_ms":                               0,
		`max(0, ledger("persistent").handshake - ledger("per-request").handshake) + seed`: 1,
	} {
		v, err := o.Number(expression)
		require.NoError(t, err, expression)
		assert.InDelta(t, want, v, 1e-9, expression)
	}
	_, err = o.Number("per_request.finishd_ms")
	assert.ErrorContains(t, err, "not a number")
	_, err = o.Evaluate(`drawn("persistent")`)
	assert.ErrorContains(t, err, "drawn", "there is no draw outside of exercises")
	_, err = o.Evaluate(`variant("kept")`)
	assert.ErrorContains(t, err, "there is no such variant")
}
