package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/scenarios"
)

func TestEveryPresetIsListedWithItsSource(t *testing.T) {
	status, table, errs := command("presets")
	require.Equal(t, exitFine, status, errs)
	_, list, _ := command("presets", "--json")
	var all []jsonPreset
	require.NoError(t, json.Unmarshal([]byte(list), &all))
	require.Len(t, all, len(scenarios.Presets()))
	for i, p := range scenarios.Presets() {
		assert.Contains(t, table, p.Name, "a name is not broken")
		assert.Equal(t, p.Source, all[i].Source)
		assert.Len(t, all[i].Values, len(p.Values), p.Name)
	}
	for line := range strings.Lines(table) {
		assert.LessOrEqual(t, len([]rune(line)), 141, line)
	}
}

// What is printed is pasted under a workload and runs.
func TestAPresetThatIsPrintedCanBePasted(t *testing.T) {
	for _, name := range []string{"client.go", "server.node", "node", "nginx", "proxy.haproxy", "linux"} {
		status, out, errs := command("presets", name)
		require.Equal(t, exitFine, status, errs)
		file := filepath.Join(t.TempDir(), "pasted.yaml")
		require.NoError(t, os.WriteFile(file, []byte(out+"workload: {sequence: {count: 2, size: 1kB}}\n"), 0o600))
		status, _, errs = command("run", file)
		assert.Equal(t, exitFine, status, errs)
	}
	_, out, _ := command("presets", "client.go")
	assert.Contains(t, out, "client:\n  connections_per_host: 0\n  max_idle: 2\n  idle_timeout: 90s\n")
	assert.NotContains(t, out, "server:")
}
