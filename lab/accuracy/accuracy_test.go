package accuracy

import (
	"context"
	"flag"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
)

var update = flag.Bool("update", false, "lower the committed errors where the model is better, and print the page again")

const (
	reachedFile = "../testdata/accuracy.json"
	page        = "../../model/ACCURACY.md"
)

var allMeasured = sync.OnceValues(Measurements)

var compared = sync.OnceValues(func() (*Report, error) {
	all, err := allMeasured()
	if err != nil {
		return nil, err
	}
	return Run(context.Background(), all, nil)
})

func report(t *testing.T) *Report {
	r, err := compared()
	require.NoError(t, err)
	return r
}

func TestNoCaseIsFurtherOffThanItWasAndATargetOnceMetIsTheLimit(t *testing.T) {
	r := report(t)
	then, err := ParseReached(lab.Reached)
	require.NoError(t, err)
	now, err := r.Lower(then)
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(reachedFile, []byte(now.String()), 0o644))
		then = now
	}
	for id := range now {
		require.Contains(t, then, id, "a new case: commit its error with: go test ./lab/accuracy -update")
	}
	for _, s := range r.Families {
		t.Logf("%-52s %3d cases: median %.3f (%s), 95 %% %.3f (%s), worst %.3f (%s)", s.Family, s.Cases,
			s.Median, Aim(s.Target.Median), s.P95, Aim(s.Target.P95), s.Worst, Aim(s.Target.Worst))
	}
}

func TestThePageOnAccuracyIsCurrent(t *testing.T) {
	want := report(t).Markdown()
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(want), 0o644))
	}
	got, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, want, string(got), "print it again with: go run ./cmd/keepalive accuracy --markdown > model/ACCURACY.md")
}

func TestEveryMeasuredCaseIsRunOrLeftOutForAReason(t *testing.T) {
	r := report(t)
	n := len(r.Cases)
	for _, x := range r.LeftOut {
		assert.NotEmpty(t, x.Why)
		n += x.Cases
	}
	assert.Equal(t, 187+1, n, "the records, and the lost SYN-ACK")
	inFamilies := 0
	for _, s := range r.Families {
		inFamilies += s.Cases
	}
	assert.Equal(t, len(r.Cases), inFamilies, "each case belongs to one family")
}

func TestSequencesWithoutLossSendThePacketsAndBytesOfRealHostsOrSayWhyNot(t *testing.T) {
	r := report(t)
	left := map[string]bool{}
	for id := range explained {
		left[id] = true
	}
	for _, c := range r.Cases {
		if !exact(c.ID[:1]) {
			continue
		}
		delete(left, c.ID)
		assert.Equal(t, explained[c.ID].more, c.Wire.Minus(*c.Counted), "%s: what the model sends more; repeat it with: keepalive accuracy --case %s | keepalive run -", c.ID, c.ID)
	}
	assert.Empty(t, left, "explained, but not a case")
}

func TestDownloadsWithoutLossArriveInThePacketsOfRealHosts(t *testing.T) {
	all, err := allMeasured()
	require.NoError(t, err)
	whole := map[string]bool{} // nothing dropped
	for i := range all {
		whole[all[i].ID] = nothingDropped(&all[i]) && nothingLost(&all[i]) && all[i].Client.TLS == "" && !all[i].crowded()
	}
	for _, c := range report(t).Cases {
		if !whole[c.ID] || c.Counted == nil {
			continue
		}
		more := c.Wire.Minus(*c.Counted)
		assert.Zero(t, more.PacketsDown, c.ID)
		assert.InDelta(t, 0, more.BytesDown, 1, "%s: a header's mean length may be half a byte off per request", c.ID)
		assert.InEpsilon(t, c.Counted.PacketsUp, c.Wire.PacketsUp, 0.06, "%s: where a millisecond's tick falls decides how often is acknowledged", c.ID)
	}
}

// nginx hands its records to TCP one by one, so that some leave in a segment of their own, and both ends' alerts meet sockets
// that are closed already: a few packets more or less.
func TestEncryptedDownloadsArriveInAboutThePacketsOfRealHosts(t *testing.T) {
	for _, c := range report(t).Cases {
		if c.ID[:1] == "E" {
			assert.InEpsilon(t, c.Counted.PacketsDown, c.Wire.PacketsDown, 0.1, c.ID)
			assert.InEpsilon(t, c.Counted.PacketsUp, c.Wire.PacketsUp, 0.1, c.ID)
		}
	}
}

func TestADownloadWhoseSYNACKIsLostTakesOneOfTwoTimes(t *testing.T) {
	m := lostSYNACK()
	require.Contains(t, m.Scenario(), "drop: {down: [1]}")
	c, err := m.run(context.Background())
	require.NoError(t, err)
	assert.LessOrEqual(t, c.Error, 3.0, "%.1f ms; traces say 1.51 s or 1.83 s", c.Model)
	assert.EqualValues(t, 1, c.Wire.PacketsDown-75, "75 packets and the lost one")
}
