package lab_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

func explained(t *testing.T, scenario string) lab.Explanation {
	t.Helper()
	f, err := scenarios.Load(scenario)
	require.NoError(t, err)
	_, logs, err := lab.RunConfigs(context.Background(), f.Variants(), lab.Options{Log: true})
	require.NoError(t, err)
	e, err := lab.ExplainAll(logs)
	require.NoError(t, err)
	return e
}

// number is a time in a sentence about a difference, and where it belongs.
var number = regexp.MustCompile(`([0-9\x{2009}]+(?:\.[0-9]+)?) (ms|s)( faster| slower| less| more)`)

func TestWhyOneVariantIsAheadAddsUpToTheDifferenceOfTheirTimes(t *testing.T) {
	for _, name := range []string{"gallery", "tls", "mobile", "http2", "cold-and-warm", "lan", "satellite", "idle-loses"} {
		e := explained(t, name)
		require.Len(t, e.Why, len(e.Variants)-1, name)
		for i, w := range e.Why {
			require.Equal(t, []int{i, i + 1}, []int{w.A, w.B})
			d := e.Variants[i+1].Finished - e.Variants[i].Finished
			require.EqualValues(t, d, w.Difference.Total(), "%s: %s", name, w.Text)
			lead, parts, _ := strings.Cut(w.Text, ":")
			require.InDelta(t, sum(t, lead), sum(t, parts), 1e-6, "%s: %s", name, w.Text)
			unit := 0.1 // each run's time is rounded to it
			if max(e.Variants[i].Finished, e.Variants[i+1].Finished) >= lab.Millis(10*sim.Second) {
				unit = 10
			}
			require.InDelta(t, float64(d)/1e6, sum(t, lead), unit+1e-9, "%s: %s", name, w.Text)
		}
	}
}

// sum adds up the times of a sentence, in ms: what is less or faster is negative.
func sum(t *testing.T, text string) (total float64) {
	t.Helper()
	for _, m := range number.FindAllStringSubmatch(text, -1) {
		v, err := strconv.ParseFloat(strings.ReplaceAll(m[1], "\u2009", ""), 64)
		require.NoError(t, err)
		if m[2] == "s" {
			v *= 1000
		}
		if m[3] == " faster" || m[3] == " less" {
			v = -v
		}
		total += v
	}
	return total
}

func TestWhyNamesWhatIsSavedFirstAndWhatIsLostAfterThat(t *testing.T) {
	require.Equal(t, "B is 1\u2009902.6 ms faster than A: handshakes 1\u2009902.6 ms less, transmission 0.8 ms less, but queueing on the link 0.8 ms more.",
		explained(t, "gallery").Why[0].Text)
	e := explained(t, "tls")
	tls := e.Why
	require.Equal(t, []string{tls[0].Text, tls[1].Text, tls[2].Text, tls[3].Text}, e.Reasons())
	require.Equal(t, "C is 280.0 ms faster than B: TLS 280.7 ms less, but handshakes 0.7 ms more.", tls[1].Text)
	require.Empty(t, tls[1].Mean, "one request after the other: the way to the last is all there is")
	require.Contains(t, explained(t, "busy-server").Why[0].Mean, "On average a request of B takes 503.5 ms more than one of A: queueing in the server 523.5 ms more, but handshakes 20.0 ms less")
}

func TestRunsThatAreTheSameAreSaidToBe(t *testing.T) {
	led, _ := explain(t, path(3, 10_000, true))
	require.Equal(t, "A and B take the same time.", lab.Because(led, led, "A", "B"))
}
