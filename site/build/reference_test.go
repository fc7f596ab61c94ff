package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/scenarios"
)

// atRoot has a test run where the build does.
func atRoot(t *testing.T) {
	t.Helper()
	wd, err := os.Getwd()
	require.NoError(t, err)
	t.Chdir(wd + "/../..")
}

func TestTheReferenceHasEveryFieldAndEveryPresetOnce(t *testing.T) {
	r := newReference()
	seen := map[string]int{}
	groups := 0
	for _, g := range r.Groups {
		if g.ID != "file" {
			seen[g.ID]++
			groups++
		}
		for _, f := range append(g.Fields, g.Same...) {
			seen[f.Path]++
		}
	}
	for _, f := range scenarios.Fields() {
		assert.Equal(t, 1, seen[f.Path], f.Path)
	}
	assert.Len(t, seen, len(scenarios.Fields()))
	presets := 0
	for _, g := range r.Presets {
		presets += len(g.Presets)
	}
	assert.Equal(t, len(scenarios.Presets()), presets)
	assert.Equal(t, len(seen)-groups+presets, r.Count, "what a search looks through")
}

func TestTheReferenceTellsUnitRangeZeroPresetsAndAnExample(t *testing.T) {
	atRoot(t)
	p, err := referencePage()
	require.NoError(t, err)
	for _, want := range []string{`id="link.rtt"`, `id="workload.page[].size"`, "a duration in ns, us, ms, s, min, h", "<dt>zero</dt><dd>every response closes</dd>",
		`<a href="#preset-client-firefox">firefox</a> 115s`, "server: {keep_alive_timeout: 75s}", `id="preset-server-apache-prefork"`, "at most 65\u202f535", "at most 10\u202f000\u202f000",
		`<li class="field" id="proxy.link.rtt"><code>proxy.link.rtt</code> as <a href="#link.rtt">link.rtt</a>, default <code>1ms</code>`} {
		assert.True(t, strings.Contains(string(p.Body), want), want)
	}
}
