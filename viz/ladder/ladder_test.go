package ladder_test

import (
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/viz/ladder"
)

// parsed is the ladder of a scenario's text.
func parsed(t *testing.T, text string) string {
	t.Helper()
	f, err := scenarios.Parse("test.yaml", []byte(text))
	require.NoError(t, err)
	c := f.Variants()[0]
	run, err := lab.Simulate(t.Context(), c, lab.Options{Log: true})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, ladder.Write(&b, run.Log, ladder.Options{}))
	return strings.NewReplacer("─", "", "◀", "", "▶", "", "|", "").Replace(b.String())
}

func TestAProbeOfASilentPeerIsNoDuplicate(t *testing.T) {
	text := parsed(t, "name: a\ntcp: {keep_alive_probe: 10s}\nlink: {rtt: 50ms}\nworkload: {sequence: {count: 2, size: 3kB, gap: 15s}}\n")
	require.Contains(t, text, "probe ACK 3251")
	require.Contains(t, text, "probe ACK 401")
	require.NotContains(t, text, "dup")
}

// drawn is the ladder of a variant of an embedded scenario, without the times.
func drawn(t *testing.T, scenario, variant string) string {
	t.Helper()
	f, err := scenarios.Load(scenario)
	require.NoError(t, err)
	for _, c := range f.Variants() {
		if c.Variant != variant {
			continue
		}
		run, err := lab.Simulate(t.Context(), c, lab.Options{Log: true})
		require.NoError(t, err)
		var b strings.Builder
		require.NoError(t, ladder.Write(&b, run.Log, ladder.Options{TLS: c.TLS, H2: c.HTTP.H2}))
		return strings.NewReplacer("─", "", "◀", "", "▶", "", "|", "").Replace(b.String())
	}
	t.Fatalf("%s has no variant %s", scenario, variant)
	return ""
}

func TestEveryFlightOfAHandshakeHasItsName(t *testing.T) {
	for variant, want := range map[string][]string{
		"in the clear":       {"data 1:401 "},
		"TLS 1.2":            {"data 1:204 TLS hello ", "data 2897:3210 TLS hello, certificate ", "data 204:297 TLS key, finished ", "data 3210:3261 TLS finished ", "TLS alert: close "},
		"TLS 1.3":            {"data 1:224 TLS hello ", "data 2897:3356 TLS hello, certificate ", "data 224:288 TLS finished ", "data 3611:3866 TLS ticket ", "data 710:734 TLS alert: close "},
		"TLS 1.3 with 0-RTT": {"data 1:489 TLS hello ", "data 489:911 ", "data 1:226 TLS hello, finished ", "data 911:1001 TLS finished "},
		"TLS 1.3 kept":       {"data 224:288 TLS finished ", "data 3866:5314 "},
	} {
		text := drawn(t, "tls", variant)
		for _, line := range want {
			require.Contains(t, text, line, variant)
		}
		require.Equal(t, variant == "in the clear", !strings.Contains(text, "TLS hello"), variant)
	}
}

func TestASegmentOfASharedConnectionNamesTheResponsesItMayCarry(t *testing.T) {
	h2 := drawn(t, "http2", "HTTP/2 clean")
	require.Contains(t, h2, "HTTP/2 settings")
	require.Contains(t, h2, " of 2, ends 2 ")
	require.Contains(t, drawn(t, "two-resources", "pipelined"), "data 1:1251 of 1, ends 1 ")
	require.NotContains(t, drawn(t, "two-resources", "persistent"), " of 1")
	require.NotContains(t, drawn(t, "http2", "HTTP/1.1 clean"), " of 1")
}

func TestWhatIsMissingShowsInRepeatedAcknowledgements(t *testing.T) {
	require.NotContains(t, drawn(t, "http2", "HTTP/2 clean"), "dup ACK")
	lossy := drawn(t, "http2", "HTTP/2 with losses")
	require.Contains(t, lossy, "dup ACK")
	require.Contains(t, lossy, " again")
}

func TestAProxyStandsInTheMiddle(t *testing.T) {
	f, err := scenarios.Load("proxy-502", "workload={sequence: {count: 2, method: POST, size: 1kB, gap: 4.93s}}", "client.count=1", "server.count=2")
	require.NoError(t, err)
	c := f.Variants()[0]
	run, err := lab.Simulate(t.Context(), c, lab.Options{Log: true})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, ladder.Write(&b, run.Log, ladder.Options{}))
	text := b.String()
	lines := strings.Split(text, "\n")
	require.Contains(t, lines[1], "client")
	require.Contains(t, lines[1], "proxy")
	require.Contains(t, lines[1], "server")
	require.Contains(t, text, "connection 1 of the proxy, server 1")
	require.Contains(t, text, "· the proxy asks for request 2: POST /2")
	require.Contains(t, text, "· request 2 ended: ok")
	front, behind := 0, 0
	for _, l := range lines {
		switch left, _, found := strings.Cut(l, "SYN"); {
		case found && utf8.RuneCountInString(left) < 58:
			front++
		case found:
			behind++
		}
	}
	require.Equal(t, []int{2, 4}, []int{front, behind}, "a SYN and its answer for each connection, on its side")
	b.Reset()
	require.NoError(t, ladder.Write(&b, run.Log, ladder.Options{Connection: 1}))
	require.NotContains(t, b.String(), "of the proxy", "connection 1 is the clients'")
}

func TestThePromiseOfFurtherRequestsShrinksByOneWithEachAnswerOfAPipeline(t *testing.T) {
	f, err := scenarios.Load("two-resources")
	require.NoError(t, err)
	for _, c := range f.Variants() {
		if c.HTTP.Pipelining < 2 {
			continue
		}
		run, err := lab.Simulate(t.Context(), c, lab.Options{Log: true})
		require.NoError(t, err)
		var served []int
		require.NoError(t, ladder.Write(io.Discard, run.Log, ladder.Options{Header: func(m trace.Message) string {
			if m.Response {
				served = append(served, m.Served)
			}
			return c.MessageText(m)
		}}))
		require.Equal(t, []int{1, 2}, served)
		return
	}
	t.Fatal("two-resources has no pipelined variant")
}
