package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/sim"
)

func TestTheAnswerStandsInThePageBeforeAnyScriptRuns(t *testing.T) {
	atRoot(t)
	p, err := answerPage()
	require.NoError(t, err)
	for _, want := range []string{"It saves 49\u00a0% of the time: 327.0\u00a0ms instead of 637.2\u00a0ms.", "TLS (159.2 ms) and 3 handshakes", "<svg", "6\u00a0idle connections",
		"600\u00a0µs for each", `<tr data-link="rtt=600&amp;bandwidth=20">`} {
		assert.True(t, strings.Contains(string(p.Body), want), want)
	}
}

func TestALinksValuesBecomeSettings(t *testing.T) {
	sets, err := setsOf("rtt=35&bandwidth=1.5&loss=0.2&count=6&tls=none&connections=2")
	require.NoError(t, err)
	assert.Equal(t, []string{"link.rtt=35ms", "link.down=1500000bit/s", "link.up=1500000bit/s", "link.loss=0.2%", "tls.version=none", "client.connections_per_host=2",
		"workload.page=[{path: /file, size: 10kB, count: 6}]"}, sets)
	_, err = setsOf("speed=3")
	assert.ErrorContains(t, err, `no knob "speed"`)
}

func TestTheVerdictSaysWhenNothingIsSavedOrTimeIsLost(t *testing.T) {
	o := func(a, b sim.Time, reused int) Outcome {
		out := Outcome{Fresh: lab.VariantResult{Finished: lab.Millis(a)}, Kept: lab.VariantResult{Finished: lab.Millis(b)}}
		out.Kept.Connections.Reused = reused
		return out
	}
	ms := sim.Millisecond
	assert.Equal(t, "It saves 25\u00a0% of the time: 75.0\u00a0ms instead of 100.0\u00a0ms.", verdict(o(100*ms, 75*ms, 3)))
	assert.Equal(t, "It saves nothing here: no connection is used twice.", verdict(o(100*ms, 100*ms, 0)))
	assert.Equal(t, "It saves no time here that anybody could notice.", verdict(o(1000*ms, 999*ms, 3)))
	assert.Equal(t, "It costs time here: 20.0\u00a0ms more.", verdict(o(100*ms, 120*ms, 3)))
}
