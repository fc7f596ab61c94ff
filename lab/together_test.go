package lab_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
)

// The variants of a file, each several times at once, tell the story that each tells alone.
func TestRunsAtTheSameTimeShareNothing(t *testing.T) {
	for name, set := range map[string][]string{"gallery": nil, "mobile": nil, "http2": nil, "tls": nil,
		"upstream-keepalive": {"workload.arrivals.for=5s"}, "slowloris": {"workload.arrivals.for=5s"}} {
		f, err := scenarios.Load(name, set...)
		require.NoError(t, err)
		alone, _, err := lab.RunAll(t.Context(), f, lab.Options{})
		require.NoError(t, err)
		var all sync.WaitGroup
		prints := make([]string, 2*len(alone.Variants))
		for i := range prints {
			all.Go(func() {
				if run, err := lab.Simulate(t.Context(), f.Variants()[i/2], lab.Options{Log: true}); assert.NoError(t, err) {
					prints[i] = run.Result.Fingerprint
				}
			})
		}
		all.Wait()
		for i, p := range prints {
			assert.Equal(t, alone.Variants[i/2].Fingerprint, p, "%s %s", name, alone.Variants[i/2].Name)
		}
	}
}
