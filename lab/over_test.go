package lab_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/lab"
	"keepalive/scenarios"
)

func TestRangesAreWrittenOutInTheUnitsOfTheirEnds(t *testing.T) {
	for text, want := range map[string]string{
		"server.workers=1..9/3":                        "1 5 9",
		"server.workers=1..4/9":                        "1 2 3 4",
		"server.workers=4,8, 16,8":                     "4 8 16",
		"server.workers=7":                             "7",
		"server.keep_alive_timeout=1s..10s/4":          "1s 4s 7s 10s",
		"server.keep_alive_timeout=0..1s/5":            "0 0.25s 0.5s 0.75s 1s",
		"server.keep_alive_timeout=1s..100s/3log":      "1s 10s 100s",
		"server.keep_alive_timeout=1s..10s/6log":       "1s 1.6s 2.5s 4s 6.3s 10s",
		"server.keep_alive_timeout=500ms..2s/4":        "500ms 1s 1.5s 2s",
		"workload.arrivals.rate=50/s..90/s/5":          "50/s 60/s 70/s 80/s 90/s",
		"server.memory_per_connection=1KiB..1MiB/3log": "1KiB 32KiB 1MiB",
		"http.connections=per-request,persistent":      "per-request persistent",
		"link.loss=0%..1%/3":                           "0% 0.5% 1%",
	} {
		o, err := lab.ParseOver(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, strings.Join(o.Values, " "), text)
	}
}

func TestARangeThatLeavesTheNumberOpenHasRoomForTheFilesOwnValue(t *testing.T) {
	o, err := lab.ParseOver("server.keep_alive_timeout=250ms..60s")
	require.NoError(t, err)
	require.Len(t, o.Values, 33)
	require.True(t, o.Between("5.001s"))
	require.Contains(t, o.Values, "5.001s")
	require.Len(t, o.Values, 34)
	require.True(t, o.Between("60000ms"), "the same in other words")
	require.Len(t, o.Values, 34)
	require.False(t, o.Between("61s"))
	require.False(t, o.Between("8MiB"))
	list, err := lab.ParseOver("server.keep_alive_timeout=1s,60s")
	require.NoError(t, err)
	require.False(t, list.Between("5s"), "a list says all")
}

func TestAWrongRangeSaysWhatIsWanted(t *testing.T) {
	for text, want := range map[string]string{
		"server.workers":               "want PATH=RANGE",
		"=1..2":                        "want PATH=RANGE",
		"server..workers=1":            "want PATH=RANGE",
		"server.workers=":              "server.workers: want a range",
		"server.workers=1..2/1":        "want a number of values from 2 to 1000",
		"server.workers=1..2/3lag":     "want a number of values from 2 to 1000",
		"server.workers=0..9/3log":     "cannot begin at 0",
		"server.workers=9..1":          "from less to more",
		"link.rtt=1ms..2MiB/3":         "of one kind",
		"server.keep_alive_timeout=..": "want a quantity",
	} {
		_, err := lab.ParseOver(text)
		assert.ErrorContains(t, err, want, text)
	}
}

// Whatever a range is written out as can be read again, begins and ends with the ends, and grows.
func TestValuesOfARangeGrowFromEndToEnd(t *testing.T) {
	kinds := []scenarios.Quantity{scenarios.Counts, scenarios.Durations, scenarios.Sizes, scenarios.Rates, scenarios.Shares, scenarios.Frequencies}
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.SampledFrom(kinds).Draw(t, "kind")
		units := rapid.SliceOfN(rapid.SampledFrom(q.Units), 2, 2).Draw(t, "units")
		a, b := rapid.Int64Range(1, 999).Draw(t, "a")*units[0].Scale, rapid.Int64Range(1, 999).Draw(t, "b")*units[1].Scale
		if a >= b {
			t.Skip("from more to less")
		}
		n, log := rapid.IntRange(2, 50).Draw(t, "n"), rapid.SampledFrom([]string{"", "log"}).Draw(t, "log")
		first, last := fmt.Sprint(a/units[0].Scale)+units[0].Name, fmt.Sprint(b/units[1].Scale)+units[1].Name
		o, err := lab.ParseOver(fmt.Sprintf("x=%s..%s/%d%s", first, last, n, log))
		require.NoError(t, err)
		require.LessOrEqual(t, len(o.Values), n)
		require.Equal(t, first, o.Values[0])
		require.Equal(t, last, o.Values[len(o.Values)-1])
		before := int64(-1)
		for _, v := range o.Values {
			is, err := q.Parse(v)
			require.NoError(t, err)
			require.Greater(t, is, before)
			before = is
		}
	})
}
