package scenarios

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model"
	"keepalive/sim"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestAllMistakesOfAFileAreToldAtOnceWithTheirPlaces(t *testing.T) {
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	require.NoError(t, err)
	var got bytes.Buffer
	for _, f := range files {
		data, err := os.ReadFile(f)
		require.NoError(t, err)
		_, err = Parse(filepath.Base(f), data)
		require.Error(t, err, f)
		got.WriteString(err.Error() + "\n\n")
	}
	golden := "testdata/mistakes/golden.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got.String(), "go test ./scenarios -update rewrites it")
}

func TestEveryEmbeddedScenarioIsRightAndSaysWhatToLookFor(t *testing.T) {
	for _, name := range Names() {
		f, err := Load(name)
		require.NoError(t, err, name)
		assert.NotEmpty(t, f.About, name)
		assert.Empty(t, f.Warnings, name)
		_, err = f.Pair()
		assert.NoError(t, err, name)
	}
}

func parse(t require.TestingT, text string, set ...string) model.Config {
	f, err := Parse("test.yaml", []byte(text), set...)
	require.NoError(t, err)
	return f.Variants()[0]
}

const least = "workload: {sequence: {}}\n"

func TestAFieldWinsOverItsPresetAndThatOverTheDefault(t *testing.T) {
	c := parse(t, least+"client: {preset: go}")
	assert.Equal(t, 2, c.Client.MaxIdle)
	assert.Equal(t, 28232, c.Client.Ports)
	c = parse(t, least+"client: {preset: go, max_idle: 3}")
	assert.Equal(t, 3, c.Client.MaxIdle)
	assert.Equal(t, 90*sim.Second, c.Client.IdleTimeout)
}

func TestAPresetInALaterLayerDropsTheFieldsBesideItInEarlierOnes(t *testing.T) {
	c := parse(t, least+"client: {max_idle: 3, dns: 5ms}", "client.preset=go")
	assert.Equal(t, 2, c.Client.MaxIdle)
	assert.Zero(t, c.Client.DNS)
	c = parse(t, least, "client.preset=go", "client.max_idle=4")
	assert.Equal(t, 4, c.Client.MaxIdle)
}

func TestNullReturnsAFieldToItsDefault(t *testing.T) {
	assert.Equal(t, 100*sim.Millisecond, parse(t, least+"link: {rtt: 5ms}", "link.rtt=null").Link.RTT)
	assert.Equal(t, 100*sim.Millisecond, parse(t, least+"link: {rtt: null}").Link.RTT)
}

func TestNamingAWorkloadInAPatchRemovesTheOther(t *testing.T) {
	c := parse(t, least, "workload.page=[{path: /, size: 20000B}, {path: /i, count: 2, after: /}]")
	assert.Empty(t, c.Workload.Sequence)
	require.Len(t, c.Workload.Page, 3)
	assert.Equal(t, []int{0}, c.Workload.Page[2].After)
	assert.Equal(t, "/i/2", c.Workload.Page[2].Path)
}

func TestLinuxHostsCostTimeAndAFieldInTheFileWins(t *testing.T) {
	c := parse(t, "hosts: linux\nserver: {wake: 0, cpu: {accept: 7us}}\n"+least)
	assert.Equal(t, 4*sim.Millisecond, c.Timer)
	assert.Zero(t, c.Server.Wake)
	assert.Equal(t, 110*sim.Microsecond, c.Server.CPU.Request)
	assert.Equal(t, 7*sim.Microsecond, c.Server.CPU.Accept)
}

func TestOneValueOfLossHoldsForBothDirections(t *testing.T) {
	c := parse(t, least+"link: {loss: 1%}")
	assert.Equal(t, model.PPB(1e7), c.Link.LossDown)
	assert.Equal(t, model.PPB(1e7), c.Link.LossUp)
	c = parse(t, least+"link: {loss: 1%}", "link.loss.up=0.5%")
	assert.Equal(t, model.PPB(5e6), c.Link.LossUp)
	assert.Zero(t, c.Link.LossDown, "a mapping takes the place of a single value")
}

func TestAFieldThatChangesNothingIsWarnedOf(t *testing.T) {
	f, err := Parse("test.yaml", []byte(least+"http: {connections: per-request, keep_alive_header: false}"))
	require.NoError(t, err)
	assert.Equal(t, []string{"test.yaml:2:53: http.keep_alive_header has no effect: no connection is kept"}, f.Warnings)
}

func TestEachKindOfIdleFieldIsWarnedOfAndItsUseIsNot(t *testing.T) {
	for idle, useful := range map[string]string{
		"client: {honour_hint: true}\nhttp: {keep_alive_header: false}": "client: {honour_hint: true}",
		"server: {cpus: 4}": "server: {cpus: 4}\nhosts: linux",
		"client: {time_wait: 5s}\nhttp: {connections: per-request}":          "client: {time_wait: 5s}\nhttp: {connections: per-request, closes: client}",
		"client: {hint_margin: 3s}":                                          "client: {hint_margin: 3s, honour_hint: true}",
		"client: {start: {uniform: 1s}}":                                     "client: {start: {uniform: 1s}, count: 2}",
		"server: {keep_alive_timeout: 1s}\nhttp: {connections: per-request}": "server: {keep_alive_timeout: 1s}",
		"link: {queue: 5 packets, down: 0, up: 0}":                           "link: {queue: 5 packets, down: 0}",
		"client: {max_idle_total: 2}\nhttp: {connections: per-request}":      "client: {max_idle_total: 2}",
		"client: {max_age: 2s}\nhttp: {connections: per-request}":            "client: {max_age: 2s}",
		"client: {idle_check: on-request, idle_timeout: 0}":                  "client: {idle_check: on-request}",
		"client: {connect_timeout: 5s, timeout: 2s}":                         "client: {connect_timeout: 2s, timeout: 5s}",
		"client: {retry: idempotent}\nhttp: {connections: per-request}":      "client: {retry: always}\nhttp: {connections: per-request}",
		"client: {retry: never, retries: 3}":                                 "client: {retry: always, retries: 3}",
		"client: {backoff: 1s, retries: 0}":                                  "client: {backoff: {uniform: 1s}, retries: 2}",
		"server: {syn_cookies: false, backlog: 4}\nclient: {count: 5}":       "server: {syn_cookies: false, backlog: 4}\nclient: {count: 6}",
	} {
		f, err := Parse("test.yaml", []byte(least+idle))
		require.NoError(t, err, idle)
		assert.Len(t, f.Warnings, 1, idle)
		f, err = Parse("test.yaml", []byte(least+useful))
		require.NoError(t, err, useful)
		assert.Empty(t, f.Warnings, useful)
	}
	f, err := Parse("test.yaml", []byte("server: {time: 5ms}\nworkload: {sequence: {time: 1ms}}"))
	require.NoError(t, err)
	assert.Equal(t, []string{"test.yaml:1:16: server.time has no effect: every request has a time of its own"}, f.Warnings)
}

// Who binds how, and which connection is used, shows only where requests overlap.
func TestHowAPoolIsUsedHasAnEffectWhereRequestsOverlap(t *testing.T) {
	for _, field := range []string{"reuse: least-recent", "binding: early"} {
		f, err := Parse("test.yaml", []byte(least+"client: {"+field+"}"))
		require.NoError(t, err)
		assert.Len(t, f.Warnings, 1, field)
		f, err = Parse("test.yaml", []byte("workload: {page: [{path: /}, {path: /img, count: 9, after: /}]}\nclient: {"+field+"}"))
		require.NoError(t, err)
		assert.Empty(t, f.Warnings, field)
	}
}

func TestMoreThanAllCannotBeLeftUnreadNorAStreamOfHTTP2(t *testing.T) {
	tooMuch := "test.yaml:1:11: workload: unread: 2000 bytes of a body of 1000 cannot be left: want at most all"
	for text, want := range map[string]string{
		"workload: {sequence: {size: 1kB, unread: 2kB}}":                     tooMuch,
		"workload: {page: [{path: /, size: 1kB, unread: 2kB}]}":              tooMuch,
		"workload: {users: {requests: 1, mix: [{size: 1kB, unread: 2kB}]}}":  tooMuch,
		"workload: {arrivals: {rate: 1/s, for: 1s, size: 1kB, unread: 2kB}}": tooMuch,
		"workload: {sequence: {size: 1kB, unread: 1kB}}\nhttp: {version: 2}": "test.yaml:1:11: workload: unread: HTTP/2 would end the stream alone, which is not modelled: want http.version: 1.1",
	} {
		_, err := Parse("test.yaml", []byte(text))
		assert.EqualError(t, err, want)
	}
}

func TestTheClientsFieldsReachTheModel(t *testing.T) {
	c := parse(t, least, "client={max_connections: 8, max_idle_total: 7, reuse: least-recent, binding: early, max_age: 6s, idle_check: on-request, "+
		"connect_timeout: 5s, timeout: 4s, retry: always, retries: 3, backoff: {uniform: 2s}, addresses: 2}", "workload.sequence.size=9kB", "workload.sequence.unread=1kB")
	got := c.Client
	assert.Equal(t, []any{8, 7, true, true, 6 * sim.Second, true, 5 * sim.Second, 4 * sim.Second, model.RetryAlways, 3, model.Span{Kind: model.Uniform, To: 2 * sim.Second}, 2},
		[]any{got.MaxConnections, got.MaxIdleTotal, got.LeastRecent, got.Early, got.MaxAge, got.IdleOnRequest, got.ConnectTimeout, got.Timeout, got.Retry,
			got.Retries, got.Backoff, got.Addresses})
	assert.Equal(t, model.Bytes(1000), c.Workload.Sequence[0].Unread)
}

func TestQuantities(t *testing.T) {
	for text, want := range map[string]int64{"100ms": 1e8, "1.5 s": 15e8, "0": 0, "2h": 7200e9, "0.001us": 1} {
		got, err := Durations.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "fast", "5", "-1ms", "0.5ns", "1e3ms", "ms", "5 parsecs", "9999999999999h"} {
		_, err := Durations.Parse(text)
		assert.Error(t, err, text)
	}
	for text, want := range map[string]int64{"1KiB": 1024, "1kB": 1000, "2MiB": 2 << 20} {
		got, err := Sizes.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	_, err := Sizes.Parse("10KB")
	assert.ErrorContains(t, err, "kB (1000 bytes) or KiB (1024 bytes)")
}

func TestMergingIsThatOfRFC7396(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) *node { return drawNode(t, 3) })
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		once := merge("", a.clone(), b.clone())
		assert.Equal(t, once, merge("", once.clone(), b.clone()), "a patch twice is a patch once")
		if b.kind == mapping {
			for _, e := range b.entries {
				if e.value.kind == null {
					assert.Nil(t, once.get(e.key), "null removes")
				}
				if e.value.kind == scalar {
					assert.Equal(t, e.value, once.get(e.key), "a patch wins")
				}
			}
		}
	})
}

func drawNode(t *rapid.T, depth int) *node {
	n := &node{kind: mapping}
	for _, key := range []string{"x", "y", "z"} {
		kinds := []string{"absent", "null", "scalar", "mapping"}
		if depth == 0 {
			kinds = kinds[:3]
		}
		switch rapid.SampledFrom(kinds).Draw(t, "kind") {
		case "null":
			n.set(entry{key: key, value: &node{kind: null}})
		case "scalar":
			n.set(entry{key: key, value: &node{text: rapid.StringN(1, 3, 3).Draw(t, "text")}})
		case "mapping":
			n.set(entry{key: key, value: drawNode(t, depth-1)})
		}
	}
	return n
}

func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		data, _ := Source(name)
		f.Add(data)
	}
	files, _ := filepath.Glob("testdata/mistakes/*.yaml")
	for _, file := range files {
		data, _ := os.ReadFile(file)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse("fuzz.yaml", data)
		if err == nil && len(file.Variants()) == 0 {
			t.Error("a scenario without a run")
		}
	})
}

func TestAWholeNumberIsWrittenInDigits(t *testing.T) {
	for _, text := range []string{"4/2", "0x10", "1e3", "1_000", "0b1", "1.5", "", "++1", "1 2", "1e999999999"} {
		_, err := Parse("test.yaml", []byte(least), "client.count="+text)
		assert.Error(t, err, text)
	}
	assert.Equal(t, 10, parse(t, least, "client.count=010").Client.Count, "no octal")
}

func TestNullIsNoPresetSoThatNothingBesideItIsDropped(t *testing.T) {
	c := parse(t, least+"client: {preset: go, idle_timeout: 7s}", "client.preset=null")
	assert.Equal(t, 6, c.Client.MaxIdle, "the default again")
	assert.Equal(t, 7*sim.Second, c.Client.IdleTimeout)
}

func TestASettingNeedsAPathAndAValue(t *testing.T) {
	for _, set := range []string{"", "=", "=1ms", "link.rtt", "link.rtt=", "link.rtt= ", ".rtt=1ms", "link..rtt=1ms", "link.=1ms"} {
		_, err := Parse("test.yaml", []byte(least), set)
		assert.ErrorContains(t, err, "want", set)
	}
}

// Mistakes are told all at once, but a file that is no scenario is refused in no time and in few words.
func TestAFileOfAnotherKindIsRefusedInFewWords(t *testing.T) {
	var text strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&text, "key%d: 1\n", i)
	}
	_, err := Parse("test.yaml", []byte(text.String()))
	require.ErrorContains(t, err, "test.yaml:1001:8: want at most 1000 keys in one mapping")
	_, err = Parse("test.yaml", []byte("{"+strings.ReplaceAll(text.String(), "\n", ", ")+"}"))
	require.ErrorContains(t, err, "want at most 1000 keys in one mapping")
	_, err = Parse("test.yaml", []byte(text.String()[:9000]))
	require.ErrorContains(t, err, "there may be more")
	assert.Less(t, strings.Count(err.Error(), "\n"), 120)
}

func TestALongPageIsNoLongMapping(t *testing.T) {
	page := "workload:\n  page:\n" + strings.Repeat("    - path: /a\n      size: 1kB\n", 1500)
	assert.Len(t, parse(t, page).Workload.Page, 1500)
}

func TestAFileIsReadNoFurtherThanAScenarioMayBeLong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "long.yaml")
	require.NoError(t, os.WriteFile(file, bytes.Repeat([]byte("#\n"), MaxFile), 0o600))
	data, err := ReadFile(file)
	require.NoError(t, err)
	assert.Len(t, data, MaxFile+1)
	_, err = Load(file)
	assert.ErrorContains(t, err, "want at most 1 MiB")
	_, err = Load(filepath.Dir(file))
	assert.ErrorContains(t, err, "is a directory: name a file in it")
}

// What comes later is refused by name; it is in no schema and does nothing.
func TestWhatIsNotModelledYetIsRefused(t *testing.T) {
	for _, set := range later {
		_, err := Parse("test.yaml", []byte(least), set+"=1")
		assert.ErrorContains(t, err, "is not modelled yet", set)
		for _, f := range Fields() {
			assert.NotEqual(t, set, f.Path)
		}
	}
	for _, set := range []string{"http.version=3"} {
		_, err := Parse("test.yaml", []byte(least), set)
		assert.ErrorContains(t, err, "is not modelled yet: want", set)
	}
}

// Names stand in tables, pictures and HTTP's own text, which control characters would break.
func TestNamesAndPathsAreFitToBeShownAndSent(t *testing.T) {
	for text, want := range map[string]string{
		`name: "a\nb"`:                                "1:7: name: want text without control characters",
		`name: "a\x1b[31m"`:                           "want text without control characters",
		`variants: [{name: "a\tb"}]`:                  "variants[0].name: want text without control characters",
		`workload: {sequence: {path: img}}`:           "want a path that begins with /",
		`workload: {sequence: {path: "/a b"}}`:        "has no blanks",
		`workload: {page: [{path: "/a\r\nHost: b"}]}`: "want text without control characters",
		`workload: {sequence: {host: "a b"}}`:         "want a name without blanks",
		"name: \xff\xfe":                              "is not text: want YAML in UTF-8",
	} {
		_, err := Parse("test.yaml", []byte(text))
		assert.ErrorContains(t, err, want, text)
	}
	f, err := Parse("test.yaml", []byte(least+"about: |\n  two\n  lines\n"))
	require.NoError(t, err)
	assert.Equal(t, "two\nlines\n", f.About)
}

func FuzzSet(f *testing.F) {
	for _, field := range Fields() {
		f.Add(field.Path + "=" + field.Default)
	}
	for _, set := range []string{"workload.page=[{path: /, size: 1kB}]", "client={preset: go, count: 3}", "link.loss={down: 1%}", "link.rtt=null", "a=&b {c: *b}"} {
		f.Add(set)
	}
	data, _ := Source("gallery")
	f.Fuzz(func(t *testing.T, set string) {
		file, err := Parse("fuzz.yaml", data, set)
		if err != nil {
			if err.Error() == "" {
				t.Error("a mistake without words")
			}
			return
		}
		for _, c := range file.Variants() {
			if c.Link.RTT < 0 || c.Client.Count < 1 || c.Server.Workers < 1 {
				t.Errorf("%q gives what no run can bear: %+v", set, c)
			}
		}
	})
}

func TestAValueIsTheVariantsThePresetsOrTheDefault(t *testing.T) {
	f, err := Parse("x.yaml", []byte(`
server: {preset: apache-prefork, workers: 16}
workload: {sequence: {}}
variants: [{name: a}, {name: b, with: {server: {workers: 4}}}]`), "link.rtt=20ms")
	require.NoError(t, err)
	for path, want := range map[string]string{"server.workers": "4", "server.keep_alive_timeout": "5s", "link.rtt": "20ms", "client.count": "1", "server": "",
		"no.such": ""} {
		require.Equal(t, want, f.Value("b", path), path)
	}
	require.Equal(t, "16", f.Value("a", "server.workers"))
}
