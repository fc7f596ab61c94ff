package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

func linked(t *testing.T, text string) (string, error) {
	t.Helper()
	links, err := newTermLinks()
	require.NoError(t, err)
	var b bytes.Buffer
	err = goldmark.New(goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(links, 100)))).Convert([]byte(text), &b)
	return b.String(), err
}

func TestALinkLeadsToATermOrAField(t *testing.T) {
	html, err := linked(t, `[cold](glossary:slow-start), [far](field:link.rtt), [next](lesson-2.html "the next one")`)
	require.NoError(t, err)
	assert.Contains(t, html, `<a class="term" href="glossary.html#slow-start" title="How a sender finds out what the path can take: the congestion window grows`)
	assert.Contains(t, html, `<a href="reference.html#link.rtt">far</a>`)
	assert.Contains(t, html, `<a href="lesson-2.html" title="the next one">next</a>`)
}

func TestALinkThatLeadsNowhereFailsTheBuild(t *testing.T) {
	for text, want := range map[string]string{
		"[x](glossary:slow-strat)":  "did you mean slow-start?",
		"[x](field:link.rtr)":       "did you mean link.rtt?",
		"[x](javascript:alert(1))":  "would run something",
		"[x](glossary:never-heard)": `there is no term "never-heard"`,
	} {
		_, err := linked(t, text)
		assert.ErrorContains(t, err, want)
	}
}

// A lesson may count on these.
func TestTheGlossaryHasTheTermsOfTheField(t *testing.T) {
	links, err := newTermLinks()
	require.NoError(t, err)
	for _, id := range []string{"rtt", "syn", "handshake", "slow-start", "congestion-window", "mss", "persistent-connection", "idle-connection", "pipelining", "head-of-line",
		"time-wait", "accept-queue", "syn-cookie", "rst", "fin", "rto", "delayed-ack", "tls-handshake", "zero-rtt", "ttfb", "bdp", "connection-pool", "late-binding",
		"ephemeral-port", "percentile", "coordinated-omission", "stale-connection", "bad-gateway", "gateway-timeout", "stream"} {
		assert.Contains(t, links.terms, id)
	}
	terms, err := renderTerms()
	require.NoError(t, err)
	for _, term := range terms {
		assert.LessOrEqual(t, len(term.Text), 500, "%s: two or three sentences", term.ID)
		assert.Regexp(t, `^[^\[\]*`+"`"+`]{20,200}\.$`, term.Gist(), "%s: its first sentence is a tip", term.ID)
	}
}
