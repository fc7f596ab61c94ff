//go:build js

package main

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
)

func TestARaceComesWithItsThreeFiguresInTheWidthAskedFor(t *testing.T) {
	f, err := scenarios.Load("gallery")
	require.NoError(t, err)
	configs, err := lanes(f, nil)
	require.NoError(t, err)
	res, logs, err := lab.RunConfigs(context.Background(), configs, lab.Options{Requests: true, Log: true})
	require.NoError(t, err)
	ledger, err := lab.ExplainAll(logs)
	require.NoError(t, err)

	d := draw(res, ledger, logs, widths{Width: 348})
	for name, text := range map[string]string{"totals": d.Totals, "waterfall": d.Waterfall, "window": d.Window} {
		require.True(t, strings.HasPrefix(text, "<svg "), name)
		require.Contains(t, text, `width="348"`, name)
		require.NotContains(t, text, "<script", name)
	}
	require.Contains(t, d.Waterfall, ">connecting</text>", "the colours are explained")
	for _, v := range res.Variants {
		require.Contains(t, d.Waterfall, v.Name)
	}
	require.Equal(t, 2, strings.Count(d.Window, `class="cursor"`), "a cursor over each variant")
	require.NotContains(t, d.Totals, `class="cursor"`, "no time runs along the totals")
}

func TestTheTotalsAloneAreOfTheRunsAlsoWhereAllIsWantedAtOnce(t *testing.T) {
	f, err := scenarios.Load("answer")
	require.NoError(t, err)
	configs, err := lanes(f, nil)
	require.NoError(t, err)
	res, logs, err := lab.RunConfigs(context.Background(), configs, lab.Options{Log: true})
	require.NoError(t, err)
	ledger, err := lab.ExplainAll(logs)
	require.NoError(t, err)
	require.NotNil(t, ledger.Mean)

	d := draw(res, ledger, logs, widths{Width: 600, TotalsWidth: 600, Only: "totals"})
	require.Contains(t, d.Totals, "637.2", "when the last byte comes")
	require.Empty(t, d.Waterfall+d.Window)
	require.NotContains(t, draw(res, ledger, logs, widths{Width: 600}).Totals, "637.2", "else the mean request's")
}
