//go:build js

package main

import (
	"context"
	"encoding/json"
	"strings"
	"syscall/js"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	things "keepalive/viz/draw"
	"keepalive/viz/tell"
)

// messages are those of a request of a race's lane, as the stage hands them over.
func messages(t *testing.T, scenario string, ref things.Ref) (all []string) {
	t.Helper()
	f, err := scenarios.Load(scenario)
	require.NoError(t, err)
	configs, err := lanes(f, nil)
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(context.Background(), configs, lab.Options{Log: true})
	require.NoError(t, err)
	var runs []*tell.Run
	for _, l := range logs {
		runs = append(runs, tell.Read(l.Index()))
	}
	for _, m := range tell.Choose(runs, ref).Messages(runs, nil) {
		text, err := json.Marshal(m)
		require.NoError(t, err)
		all = append(all, string(text))
	}
	return all
}

// ask performs an op of the scenario with the fields of a message.
func ask(t *testing.T, scenario, message string) (string, error) {
	t.Helper()
	q := request{}
	require.NoError(t, json.Unmarshal([]byte(message), &q))
	q.Op, q.Scenario = "message", scenario
	out := js.Global().Get("Object").New()
	_, err := perform(q, out)
	if err != nil {
		return "", err
	}
	return out.Get("text").String(), nil
}

func TestTheHeaderOfAMessageThatTheStageFoundIsMadeFromTheScenario(t *testing.T) {
	found := messages(t, "gallery", things.Ref{Lane: 1, Kind: things.Request, ID: 3})
	require.Len(t, found, 2)
	text, err := ask(t, "gallery", found[0])
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, "GET /3 HTTP/1.1\r\n"), text)
	require.Len(t, text, 400)
	text, err = ask(t, "gallery", found[1])
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, "HTTP/1.1 200 OK\r\n"), text)
	require.Contains(t, text, "Keep-Alive: timeout=75, max=997\r\n", "it is the third answer on its connection")
	require.Contains(t, text, "Content-Length: 10000\r\n")
}

func TestWithHTTP2TheHeaderIsAListOfFields(t *testing.T) {
	text, err := ask(t, "http2", messages(t, "http2", things.Ref{Lane: 1, Kind: things.Request, ID: 3})[0])
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, ":method: GET\r\n:scheme: https\r\n:path: /img/2\r\n"), text)
}

func TestAMessageThatCannotBeIsRefused(t *testing.T) {
	for message, want := range map[string]string{
		`{"lane": 2, "name": {"method": "GET", "path": "/"}}`: "the lane of one of 2 runs",
		`{"lane": 0}`: "the name of its request",
		`{"lane": 0, "name": {"method": "GET", "path": "/"}, "response": true, "status": 9}`: "status 9",
	} {
		_, err := ask(t, "gallery", message)
		require.ErrorContains(t, err, want)
	}
}
