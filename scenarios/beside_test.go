package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/sim"
)

// loadWith writes a scenario that names times.txt, and that file, and loads it.
func loadWith(t *testing.T, times string, set ...string) (*File, error) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "s.yaml"), []byte("workload: {arrivals: {file: times.txt, size: 1kB}}"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "times.txt"), []byte(times), 0o600))
	return Load(filepath.Join(dir, "s.yaml"), set...)
}

func TestAFileOfArrivalsLiesBesideTheScenario(t *testing.T) {
	f, err := loadWith(t, "# recorded on a Tuesday\n0.5\n\n 1.250 # two\r\n1250ms\n2\n 1.5 min\n1700000000.1234567899\n")
	require.NoError(t, err)
	a := f.Variants()[0].Workload.Arrivals
	assert.Equal(t, model.Listed, a.Shape)
	s := sim.Second
	assert.Equal(t, []sim.Time{s / 2, 1250 * sim.Millisecond, 1250 * sim.Millisecond, 2 * s, 90 * s, 1700000000*s + 123456789}, a.At)
}

func TestWhatIsWrongInAFileOfArrivalsIsToldByItsLine(t *testing.T) {
	for times, want := range map[string]string{
		"1\ntwo\n3 parsecs\n": "times.txt:2:1: want a time, such as 12.5 (seconds) or 13ms, got \"two\"\ntimes.txt:3:1: want a time",
		"2\n1\n":              "times.txt:2:1: want times in order, 1 comes after 2000ms: sort the file (sort -n)",
		"# none\n":            "times.txt: holds no time: want one per line",
		"1e3":                 "want a time",
		"-1":                  "want a time",
		"99999999999":         "want a time",
		"5.":                  "want a time",
	} {
		_, err := loadWith(t, times)
		assert.ErrorContains(t, err, want, times)
	}
	_, err := loadWith(t, strings.Repeat("x\n", 100))
	assert.Less(t, strings.Count(err.Error(), "\n"), 12, "the first few are enough")
	_, err = loadWith(t, "1\n", "workload.arrivals.file=tims.txt")
	assert.ErrorContains(t, err, "workload.arrivals.file: there is no file ")
	_, err = loadWith(t, "1\n", "workload.arrivals.file=.")
	assert.ErrorContains(t, err, "is a directory: name a file in it")
}

func TestAFileOfArrivalsIsReadOncePerScenarioAndNoFurtherThanItMayBeLong(t *testing.T) {
	f, err := loadWith(t, "1\n2\n")
	require.NoError(t, err)
	pair, err := f.Pair()
	require.NoError(t, err)
	assert.Same(t, &f.Variants()[0].Workload.Arrivals.At[0], &pair[1].Workload.Arrivals.At[0])
	long := strings.Repeat("#"+strings.Repeat("x", 1023)+"\n", maxTimesFile/1024+1)
	_, err = loadWith(t, long)
	assert.ErrorContains(t, err, "want at most 64 MiB")
}

func TestWithoutAFileOnDiskTheTimesMustBeWrittenOut(t *testing.T) {
	_, err := Parse("standard input", []byte("workload: {arrivals: {file: times.txt}}"))
	assert.EqualError(t, err, "standard input:1:29: workload.arrivals.file: can be read only where the scenario is a file on disk: write the times here, as at: [0ms, 13ms]")
	c := parse(t, "workload: {arrivals: {at: [0, 13ms, 1s]}}")
	assert.Equal(t, []sim.Time{0, 13 * sim.Millisecond, sim.Second}, c.Workload.Arrivals.At)
}

func TestShapesAndMixesBecomeWhatTheySay(t *testing.T) {
	const loop = "workload: {arrivals: {rate: 50/s, for: 60s}}"
	assert.Equal(t, model.Poisson, parse(t, loop).Workload.Arrivals.Shape)
	assert.Equal(t, model.Even, parse(t, loop, "workload.arrivals.shape=constant").Workload.Arrivals.Shape)
	a := parse(t, loop, "workload.arrivals.shape={bursts: 20}").Workload.Arrivals
	assert.Equal(t, model.Bursts, a.Shape)
	assert.Equal(t, 20, a.Burst)
	u := parse(t, "workload: {users: {requests: 1, mix: [{weight: 9, size: 10kB}, {name: big, size: 1MB, time: 200ms, trickle: {every: 1s}}]}}").Workload.Users
	assert.Equal(t, []model.Class{
		{Name: "class 1", Weight: 9, Item: model.Item{Path: "/", Method: "GET", Size: 10_000, Time: -1}},
		{Name: "big", Weight: 1, Item: model.Item{Path: "/", Method: "GET", Size: 1_000_000, Time: 200 * sim.Millisecond, Trickle: model.Trickle{Parts: 10, Every: sim.Second}}},
	}, u.Mix)
	l := parse(t, least+"link: {jitter: 5ms, burst: {enter: 1%, leave: 25%, loss: 50%}}", "link.burst.loss=100%").Link
	assert.Equal(t, model.Burst{Enter: 1e7, Leave: 25e7, Loss: 1e9}, l.Burst)
	assert.Equal(t, 5*sim.Millisecond, l.Jitter)
	assert.Zero(t, parse(t, least+"link: {burst: {enter: 1%, leave: 25%, loss: 50%}}", "link.burst=none").Link.Burst)
}
