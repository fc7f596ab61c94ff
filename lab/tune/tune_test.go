package tune

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

// space reads a scenario's text.
func space(t testing.TB, text, variant string, over ...string) *Space {
	t.Helper()
	s, err := NewSpace(func(sets ...string) (*scenarios.File, error) {
		return scenarios.Parse("test.yaml", []byte(text), sets...)
	}, variant, overs(t, over))
	require.NoError(t, err)
	return s
}

func overs(t testing.TB, texts []string) (all []lab.Over) {
	for _, text := range texts {
		o, err := lab.ParseOver(text)
		require.NoError(t, err)
		all = append(all, o)
	}
	return all
}

// tuned searches for a goal.
func tuned(t testing.TB, s *Space, goal string, o Options) *Report {
	t.Helper()
	var err error
	o.Goal, err = ParseGoal(goal)
	require.NoError(t, err)
	r, err := s.Search(context.Background(), o)
	require.NoError(t, err)
	return r
}

func aim(t testing.TB, s *Space, name string, more bool) Aim {
	a, err := ParseAim(name, more, s.Free)
	require.NoError(t, err)
	return a
}

// Twenty workers, each held for the time of a request and for the timeout after it, serve 20/(T + 0.1 s) visitors a second: a
// visitor asks once and lets the connection idle. Ten come each second.
const prefork = `
link: {rtt: 2ms, down: 0, up: 0}
client: {count: 7000}
server: {concurrency: thread-per-connection, workers: 20, max_connections: 0, backlog: 2000, time: 100ms}
workload: {arrivals: {rate: 10/s, for: 600s, size: 1kB}}`

func TestTheLongestTimeoutThatPreforkBearsIsTheFormulas(t *testing.T) {
	const workers, rate, service = 20, 10, 100 * sim.Millisecond
	s := space(t, prefork, "", "server.keep_alive_timeout=1s..2.6s/9")
	r := tuned(t, s, "p95 < 5s", Options{Aim: aim(t, s, "keep_alive_timeout", true), Seeds: 2})
	longest := ""
	for _, v := range s.Free[0].Values {
		timeout, err := scenarios.Durations.Parse(v)
		require.NoError(t, err)
		if int64(workers)*int64(sim.Second) >= rate*(timeout+int64(service)) {
			longest = v
		}
	}
	require.Equal(t, "1.8s", longest)
	require.True(t, r.Met)
	require.Equal(t, []string{longest}, r.Chosen.Values)
	require.Equal(t, "p95 < 5s", r.Binding.Clause)
	require.Equal(t, "server.workers", r.Binding.Resource)
	require.Contains(t, r.Binding.Sentence, "p95 stands in the way of more: ")
	require.Contains(t, r.Binding.Sentence, "all 20 workers are taken at the peak; with twice as many workers it would be 10")
}

// Apache's MaxRequestWorkers is both how many workers there are and how many connections they hold.
func TestWorkersThatHoldAllConnectionsTakeTheLimitWithThem(t *testing.T) {
	text := strings.Replace(prefork, "max_connections: 0", "max_connections: 20", 1)
	s := space(t, strings.Replace(text, "time: 100ms", "time: 100ms, keep_alive_timeout: 3s", 1), "", "server.workers=20..42/12")
	require.True(t, s.Tied())
	r := tuned(t, s, "p95 < 5s", Options{Aim: aim(t, s, "workers", false), Seeds: 1})
	require.Equal(t, []string{"32"}, r.Chosen.Values)
	require.Equal(t, 32, r.Config.Server.MaxConnections)
	require.Equal(t, 32, r.Chosen.Result.Server.PeakConnections)
	require.False(t, space(t, text, "", "server.workers=20..42/12", "server.max_connections=20,40").Tied(), "it is free itself")
}

// The same the other way round: with T = 3 s the least W is 10 (3 + 0.1) = 31.
func TestTheFewestWorkersThatPreforkNeedsAreTheFormulas(t *testing.T) {
	s := space(t, strings.Replace(prefork, "time: 100ms", "time: 100ms, keep_alive_timeout: 3s", 1), "", "server.workers=20..42/12")
	r := tuned(t, s, "p95 < 5s", Options{Aim: aim(t, s, "workers", false), Seeds: 2})
	require.True(t, r.Met)
	require.Equal(t, []string{"32"}, r.Chosen.Values, "of 20, 22 ... 42 the first from 31 on")
}

func TestAGoalThatCannotBeReachedIsToldWithTheNearest(t *testing.T) {
	text, err := scenarios.Source("gallery")
	require.NoError(t, err)
	s := space(t, string(text), "")
	require.Equal(t, "persistent", s.Variant, "the only one that keeps connections")
	r := tuned(t, s, "finished < 1s", Options{Budget: 40})
	require.False(t, r.Met)
	require.Zero(t, r.Chances.Kept)
	for _, p := range r.Points {
		require.GreaterOrEqual(t, p.Result.Finished, r.Chosen.Result.Finished, "the nearest")
	}
	require.Equal(t, s.File, r.Chosen.Values, "nothing is changed that does not help")
	require.Equal(t, "link.rtt", r.Binding.Resource)
	require.Contains(t, r.Binding.Sentence, "finished < 1s is out of reach: the nearest is 2")
}

func TestTheLinksRateIsNamedWhereItBinds(t *testing.T) {
	s := space(t, "link: {rtt: 10ms, down: 8Mbit/s, up: 0}\nworkload: {sequence: {count: 10, size: 1MB}}", "", "server.keep_alive_timeout=1s,5s")
	r := tuned(t, s, "finished < 2s", Options{})
	require.False(t, r.Met)
	require.Equal(t, "link.down", r.Binding.Resource)
	require.Regexp(t, `the link down is in use for (9[5-9]|100) % of the time; with twice the rate down`, r.Binding.Sentence)
}

func TestWhatAnotherClauseWouldPayIsSaid(t *testing.T) {
	text, err := scenarios.Source("busy-server")
	require.NoError(t, err)
	s := space(t, string(text), "processes persistent", "server.workers=1..64")
	r := tuned(t, s, "peak_workers < 20 and p95 < 2s", Options{Aim: aim(t, s, "server.workers", false), Seeds: 1})
	require.Equal(t, "p95 < 2s", r.Binding.Clause)
	require.Regexp(t, `all 1\d workers are taken at the peak; with twice as many workers it would be .* ms, but peak_workers 3\d where the goal says < 20`, r.Binding.Sentence)
}

// What the search finds is its scenario's and seed's, not the machine's.
func TestTheReportIsTheSameOnOneCoreAndOnMany(t *testing.T) {
	text, err := scenarios.Source("busy-server")
	require.NoError(t, err)
	var reports []string
	for _, cores := range []int{1, 2, 7} {
		s := space(t, string(text), "processes persistent")
		r := tuned(t, s, "p95 < 200ms and peak_memory < 1MiB", Options{Cores: cores, Budget: 80})
		data, err := json.Marshal(r)
		require.NoError(t, err)
		reports = append(reports, string(data))
	}
	require.Equal(t, reports[0], reports[1])
	require.Equal(t, reports[0], reports[2])
	s := space(t, string(text)+"seed: 2\n", "processes persistent")
	data, err := json.Marshal(tuned(t, s, "p95 < 200ms and peak_memory < 1MiB", Options{Budget: 80}))
	require.NoError(t, err)
	require.NotEqual(t, reports[0], string(data), "another seed is another story")
}

func TestTheBudgetIsKept(t *testing.T) {
	text, err := scenarios.Source("busy-server")
	require.NoError(t, err)
	for _, budget := range []int{20, 33, 100} {
		s := space(t, string(text), "processes persistent")
		told := 0
		r := tuned(t, s, "p95 < 1ms and peak_memory < 1MiB", Options{Budget: budget, Progress: func(done, most int) {
			assert.Equal(t, budget, most)
			told = done
		}})
		assert.LessOrEqual(t, r.Runs, budget)
		assert.Equal(t, r.Runs, told)
		assert.Greater(t, r.Runs, budget*2/3, "it is used too")
	}
}

func TestCtrlCGivesTheBestSoFar(t *testing.T) {
	text, err := scenarios.Source("busy-server")
	require.NoError(t, err)
	s := space(t, string(text), "processes persistent")
	g, err := ParseGoal("p95 < 200ms")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	r, err := s.Search(ctx, Options{Goal: g, Cores: 1, Progress: func(done, _ int) {
		if done == 15 {
			stop()
		}
	}})
	require.NoError(t, err)
	require.Equal(t, "stopped after 15 of at most 300 runs: this is the best until then", r.Stopped)
	require.Len(t, r.Points, 15)
	require.True(t, r.Chosen.Met)
	require.Equal(t, Chances{1, 1}, r.Chances)
	require.NotEmpty(t, r.Binding.Sentence)
	_, err = s.Search(ctx, Options{Goal: g})
	require.ErrorIs(t, err, context.Canceled, "nothing was run")
}

// Every point that was tried is beaten by one of the front or is one of it, on both axes.
func TestNothingBeatsTheFront(t *testing.T) {
	text, err := scenarios.Source("busy-server")
	require.NoError(t, err)
	for _, goal := range []string{"p95 < 200ms and peak_memory < 1MiB", "reused > 40% and p95 < 1s", "throughput > 10/s and reused > 1"} {
		r := tuned(t, space(t, string(text), "processes persistent"), goal, Options{Budget: 60})
		better := func(a *Axis, p, q *Point) float64 {
			d := a.Of().Of(&q.Result) - a.Of().Of(&p.Result)
			if a.Of().More {
				return -d
			}
			return d
		}
		for _, p := range r.Points {
			covered := false
			for _, q := range r.Front {
				covered = covered || better(&r.Axes[0], q, p) >= 0 && better(&r.Axes[1], q, p) >= 0
				require.False(t, better(&r.Axes[0], p, q) > 0 && better(&r.Axes[1], p, q) > 0)
			}
			require.True(t, covered)
		}
	}
}

func TestOfEqualsTheOneThatChangesLeastIsChosen(t *testing.T) {
	s := space(t, "workload: {sequence: {count: 3, size: 1kB}}", "", "server.keep_alive_timeout=5s..90s", "server.backlog=10..1000", "client.max_idle=1..9")
	r := tuned(t, s, "p95 < 10s", Options{Budget: 60})
	require.Equal(t, []string{"75s", "511", "6"}, r.Chosen.Values)
	require.Same(t, r.File, r.Chosen)
}

func TestWhatIsFreeByDefaultCanChangeSomething(t *testing.T) {
	for text, want := range map[string][]string{
		"workload: {sequence: {}}":                                   {"server.keep_alive_timeout"},
		"workload: {sequence: {count: 20}}":                          {"server.keep_alive_timeout", "server.keep_alive_requests"},
		"workload: {page: [{path: /}, {path: /a, count: 9}]}":        {"server.keep_alive_timeout", "client.connections_per_host", "server.keep_alive_requests"},
		"client: {preset: go}\nworkload: {page: [{}, {path: /a}]}":   {"server.keep_alive_timeout", "client.max_idle", "server.keep_alive_requests"},
		"server: {preset: apache-prefork}\nworkload: {sequence: {}}": {"server.keep_alive_timeout", "server.workers"},
		"hosts: linux\nworkload: {sequence: {}}":                     {"server.keep_alive_timeout", "server.workers"},
		"http: {version: 2}\nworkload: {page: [{count: 9}]}":         {"server.keep_alive_timeout", "server.keep_alive_requests"},
	} {
		var got []string
		for _, o := range space(t, text, "").Free {
			got = append(got, o.Path)
		}
		assert.Equal(t, want, got, text)
	}
}

func TestASearchThatCannotBeginSaysWhy(t *testing.T) {
	text, err := scenarios.Source("busy-server")
	require.NoError(t, err)
	load := func(sets ...string) (*scenarios.File, error) { return scenarios.Parse("test.yaml", text, sets...) }
	for _, c := range []struct {
		variant string
		over    []string
		want    string
	}{
		{"", nil, "which variant? --variant wants one of processes per-request, processes persistent"},
		{"processes", nil, `there is no variant "processes"`},
		{"processes per-request", nil, "nothing is free: no connection is kept here"},
		{"processes persistent", []string{"server.workers=0..4"}, "server.workers=0: "},
		{"processes persistent", []string{"server.wrokers=1..4"}, "did you mean workers?"},
		{"processes persistent", []string{"server.workers=1", "server.workers=2"}, "server.workers is free twice"},
		{"processes persistent", []string{"server.workers=1", "server.cpus=2", "link.rtt=1ms", "link.up=0", "link.down=0"}, "want at most 4 free settings, got 5"},
	} {
		_, err := NewSpace(load, c.variant, overs(t, c.over))
		assert.ErrorContains(t, err, c.want)
	}
}

// A lattice of n points tries some n values of a setting, where a grid of as many tries a root of n.
func TestALatticeTriesManyValuesOfEachSetting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.IntRange(3, 4).Draw(t, "dimensions")
		s := &search{space: &Space{}}
		for range d {
			o := lab.Over{}
			for k := range 30 {
				o.Values = append(o.Values, fmt.Sprint(k))
			}
			s.space.Free = append(s.space.Free, o)
		}
		tried := make([]map[int]bool, d)
		for _, at := range s.lattice(90) {
			for k, i := range at {
				if tried[k] == nil {
					tried[k] = map[int]bool{}
				}
				tried[k][i] = true
			}
		}
		for _, values := range tried {
			if len(values) < 28 {
				t.Fatalf("only %d of 30 values are tried", len(values))
			}
		}
	})
}

// The proxy's limit is none of the settings that are free by themselves; it is named all the same.
func TestAProxysConnectionsAreNamedWhereTheyBind(t *testing.T) {
	text, err := scenarios.Source("worker-connections")
	require.NoError(t, err)
	s := space(t, string(text), "64 slots", "server.keep_alive_timeout=5s,60s")
	r := tuned(t, s, "failed < 0.1%", Options{Seeds: 1})
	require.False(t, r.Met)
	require.Equal(t, "proxy.server.max_connections", r.Binding.Resource)
	require.Contains(t, r.Binding.Sentence, "all 64 connections of the proxy are taken at the peak; with twice as many connections at the proxy it would be 0.00 %")
}

// What several servers have counts together, and so does what they use.
func TestResourcesAreThoseOfAllServers(t *testing.T) {
	const text = `
client: {count: 8}
server: {count: 4, workers: 2, cpus: 2, max_connections: 8, concurrency: thread-per-request, time: 10ms}
workload: {users: {think: 100ms, requests: 5, size: 1kB}}
`
	f, err := scenarios.Parse("test.yaml", []byte(text))
	require.NoError(t, err)
	c := f.Variants()[0]
	require.NotNil(t, c.Workload.Users)
	run, err := lab.Simulate(t.Context(), c, lab.Options{})
	require.NoError(t, err)
	found := map[string]Resource{}
	for _, r := range resources(&c, &run.Result) {
		found[r.Path] = r
	}
	require.InDelta(t, 4*2, found["server.workers"].Of, 0)
	require.InDelta(t, 4*8, found["server.max_connections"].Of, 0)
	require.InDelta(t, 8, found["server.max_connections"].Used, 0, "each client holds one")
	require.False(t, found["server.max_connections"].Full)
	require.InDelta(t, 8*4*c.Client.Ports, found["client.ports"].Of, 0)

	c.Server.FileDescriptors = 2
	run, err = lab.Simulate(t.Context(), c, lab.Options{})
	require.NoError(t, err)
	require.Contains(t, resources(&c, &run.Result), Resource{"server.file_descriptors", 2, 2, true,
		"accept failed " + group(float64(run.Result.Server.Limits[0].Times), 0) + " times for want of a descriptor"})
}
