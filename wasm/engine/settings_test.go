//go:build js

package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/scenarios"
)

// offered are the settings of a scenario's text.
func offered(t *testing.T, text string) settings {
	t.Helper()
	f, err := scenarios.Parse("test.yaml", []byte(text))
	require.NoError(t, err)
	configs, err := entrants(f)
	require.NoError(t, err)
	return newSettings(f, configs)
}

func sets(s settings) (all []string) {
	for _, c := range s.Changes {
		all = append(all, c.Set)
	}
	return all
}

func TestASequenceCanBeChangedInEverythingButItsConnections(t *testing.T) {
	s := offered(t, "name: a\nlink: {rtt: 20ms, down: 8Mbit/s, up: 1Mbit/s}\nworkload: {sequence: {count: 3, size: 2kB}}\n")
	require.Equal(t, []string{"workload.sequence.count={count}", "workload.sequence.size={size}B", "link.rtt={rtt_ms}ms",
		"link.down={down}bit/s", "link.up={up}bit/s", "link.loss={loss}%", "http.version={http}", "tls.version={tls}"}, sets(s))
	require.Equal(t, []any{3, int64(2000), int64(8_000_000), int64(1_000_000)}, []any{s.Count, s.Size, s.Down, s.Up})
	require.Contains(t, s.Fixed, "connections_per_host")
}

func TestAPageOfLikeImagesIsWrittenAgainWithAnotherCountAndSize(t *testing.T) {
	s := offered(t, "name: a\nworkload: {page: [{path: /, size: 20kB}, {path: /img, size: 10kB, count: 30, after: /}]}\n")
	require.Equal(t, 30, s.Count)
	require.Contains(t, sets(s), `workload.page=[{path: "/", size: 20000B}, {path: "/img", size: {size}B, count: {count}, after: "/"}]`)
	require.Contains(t, sets(s), "client.connections_per_host={connections_per_host}")
}

func TestAPageOfLikePartsAloneIsWrittenAgainToo(t *testing.T) {
	s := offered(t, "name: a\nworkload: {page: [{path: /file, size: 10kB, count: 20}]}\n")
	require.Equal(t, 20, s.Count)
	require.Contains(t, sets(s), `workload.page=[{path: "/file", size: {size}B, count: {count}}]`)
	s = offered(t, "name: a\nworkload: {page: [{path: /a, size: 10kB}, {path: /b, size: 10kB}]}\n")
	require.Equal(t, "the page is made of different parts", s.Fixed["count"])
}

func TestWhatVariantsDifferInCannotBeChanged(t *testing.T) {
	s := offered(t, `name: a
workload: {page: [{path: /, size: 20kB}, {path: /a, size: 10kB}, {path: /b, size: 1kB}]}
variants:
  - {name: near, with: {link: {rtt: 10ms}}}
  - {name: far, with: {link: {rtt: 90ms}}}
`)
	require.Equal(t, "the variants differ in it", s.Fixed["rtt_ms"])
	require.Equal(t, "the page is made of different parts", s.Fixed["size"])
	require.Equal(t, []string{"link.down={down}bit/s", "link.up={up}bit/s", "link.loss={loss}%",
		"http.version={http}", "tls.version={tls}", "client.connections_per_host={connections_per_host}"}, sets(s))
}

func TestNoMoreVariantsRaceThanTheStageHasRoomFor(t *testing.T) {
	f, err := scenarios.Parse("test.yaml", []byte("name: a\nworkload: {sequence: {count: 1, size: 1kB}}\nvariants: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}]\n"))
	require.NoError(t, err)
	names := func(chosen ...int) (all []string) {
		configs, err := lanes(f, chosen)
		require.NoError(t, err)
		for _, c := range configs {
			all = append(all, c.Variant)
		}
		return all
	}
	require.Equal(t, []string{"a", "b", "c", "d"}, names())
	require.Equal(t, []string{"b", "e"}, names(5, 2, 9))
	require.Equal(t, []string{"a", "b", "c", "d"}, names(9, -1))
	require.Equal(t, []string{"a", "b", "c", "d"}, names(1, 2, 3, 4, 5))
}

func TestVersionsAndLossCanBeChangedWhereTheScenarioAllows(t *testing.T) {
	s := offered(t, "name: a\nlink: {loss: 0.5%}\nworkload: {sequence: {count: 3, size: 2kB}}\n")
	require.Equal(t, []any{0.5, "1.1", "none"}, []any{s.Loss, s.HTTP, s.TLS})
	require.Subset(t, sets(s), []string{"link.loss={loss}%", "http.version={http}", "tls.version={tls}"})
	s.probe("http", func(set string) bool { return set != "http.version=2" })
	require.Equal(t, "the scenario allows no other", s.Fixed["http"])
	s.probe("tls", func(set string) bool { return set != "tls.version=1.2" })
	require.Equal(t, []string{"none", "1.3"}, s.Options["tls"])
	s = offered(t, "name: a\nworkload: {sequence: {count: 3, size: 2kB}}\nvariants: [{name: a}, {name: b, with: {http: {version: 2}, tls: {version: 1.3}, link: {loss: 1%}}}]\n")
	for _, field := range []string{"http", "tls", "loss"} {
		require.Equal(t, "the variants differ in it", s.Fixed[field])
	}
}
