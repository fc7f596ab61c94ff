//go:build js

package main

import (
	"bytes"
	"strings"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
)

// raced is the engine's answer to a request for a scenario's race.
func raced(t *testing.T, q request) (out js.Value, transfer []any) {
	t.Helper()
	f, err := scenarios.Load(q.Scenario)
	require.NoError(t, err)
	configs, err := lanes(f, nil)
	require.NoError(t, err)
	out = js.Global().Get("Object").New()
	transfer, err = race(q, configs, f, out)
	require.NoError(t, err)
	return out, transfer
}

func TestARacesLogsAreHandedOverWhole(t *testing.T) {
	out, transfer := raced(t, request{Scenario: "busy-server", Log: true})
	f, err := scenarios.Load("busy-server")
	require.NoError(t, err)
	configs, err := lanes(f, nil)
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(t.Context(), configs, lab.Options{Log: true})
	require.NoError(t, err)
	require.Equal(t, len(logs), out.Get("logs").Length())
	require.Len(t, transfer, len(logs))
	for i, l := range logs {
		var want bytes.Buffer
		require.NoError(t, l.Encode(&want))
		handed := js.Global().Get("Uint8Array").New(out.Get("logs").Index(i))
		got := make([]byte, handed.Length())
		js.CopyBytesToGo(got, handed)
		require.True(t, bytes.Equal(want.Bytes(), got), "log %d", i)
		_, err := trace.Decode(got)
		require.NoError(t, err)
	}
}

func TestOnlyTheFiguresSayWhatBecameOfSingleRequests(t *testing.T) {
	out, _ := raced(t, request{Scenario: "arrivals", Figures: true, widths: widths{Width: 800}})
	require.Contains(t, out.Get("figures").String(), "requests on", "the waterfall has them")
	for _, name := range []string{"result", "ledger"} {
		require.Less(t, len(out.Get(name).String()), 20_000, name)
		require.True(t, strings.HasPrefix(out.Get(name).String(), `{"format":1`), name)
	}
	require.True(t, out.Get("logs").IsUndefined(), "nobody asked for them")
}
