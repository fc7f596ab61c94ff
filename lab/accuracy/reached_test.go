package accuracy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// measuredBefore is a report of cases of family C (target: 0.2, 0.4, 0.6 %), each now and as committed.
func measuredBefore(pairs ...[2]float64) *Report {
	r := &Report{}
	for i, p := range pairs {
		r.Cases = append(r.Cases, Case{ID: string(rune('a' + i)), Family: "C restart after idle", Error: p[0], Reached: &p[1]})
	}
	r.Families = summarise(r.Cases, func(c Case) float64 { return c.Error })
	return r
}

func TestACommittedErrorMayOnlyBecomeSmaller(t *testing.T) {
	then := Reached{"a": 0.1, "b": 0.1}
	now, err := measuredBefore([2]float64{0.02, 0.1}, [2]float64{0.14, 0.1}).Lower(then)
	require.NoError(t, err)
	assert.Equal(t, Reached{"a": 0.02, "b": 0.1}, now, "what is worse within the slack stays as it was")

	_, err = measuredBefore([2]float64{0.02, 0.1}, [2]float64{0.152, 0.1}).Lower(then)
	require.ErrorContains(t, err, "refused: committed errors may only become smaller")
	assert.ErrorContains(t, err, "b: 0.000 ms is 0.152 % off; it was 0.100 %; 0.448 points remain to the target, 0.6 % at worst")
	assert.NotContains(t, err.Error(), "a: ")
	assert.ErrorContains(t, err, "keepalive accuracy --case b | keepalive run -")
}

func TestACaseIsNotForgotten(t *testing.T) {
	_, err := measuredBefore([2]float64{0, 0}).Lower(Reached{"a": 0, "gone": 0.3})
	assert.ErrorContains(t, err, "refused: gone has an error")
}

func TestANewCaseIsCommittedAsItIs(t *testing.T) {
	r := &Report{Cases: []Case{{ID: "new", Error: 7}}}
	now, err := r.Lower(Reached{})
	require.NoError(t, err)
	assert.Equal(t, Reached{"new": 7}, now)
}

func TestATargetThatWasMetMayNotBeMissedAgain(t *testing.T) {
	near := [2]float64{0.63, 0.59} // within the slack, but across the target of 0.6 %
	assert.Equal(t, []string{"C restart after idle: the worst case is 0.630 % off; the target, once met, is the limit: 0.6 %"},
		measuredBefore(near, [2]float64{0, 0}, [2]float64{0, 0}).Worse())
	far := [2]float64{0.73, 0.7} // the target was never met
	assert.Empty(t, measuredBefore(far, [2]float64{0, 0}, [2]float64{0, 0}).Worse())
}
