package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"keepalive/sim"
)

// beside reads the files that a scenario names, each once. They lie where the scenario does.
type beside struct {
	dir  string // "": the scenario is no file
	read map[string][]sim.Time
}

func newBeside(dir string) *beside { return &beside{dir: dir, read: map[string][]sim.Time{}} }

const (
	maxTimesFile = 64 << 20
	maxTimes     = 5_000_000 // a day at nearly 60 per second
)

// times is a file of arrivals; at is where the scenario names it.
func (b *beside) times(at place, name string, mistakes *Mistakes) []sim.Time {
	if times, ok := b.read[name]; ok {
		return times
	}
	data, err := b.open(name)
	if err != nil {
		mistakes.add(at, "workload.arrivals.file", "%v", err)
		return nil
	}
	r := timesReader{file: name, mistakes: mistakes}
	for line := range bytes.Lines(data) {
		if !r.line(string(line)) {
			break
		}
	}
	if len(r.times) == 0 && r.fine() {
		mistakes.add(place{file: name}, "", "holds no time: want one per line, such as 12.5 (seconds) or 13ms")
	}
	b.read[name] = r.times
	return r.times
}

func (b *beside) open(name string) ([]byte, error) {
	if b.dir == "" || runtime.GOOS == "js" {
		return nil, errors.New("can be read only where the scenario is a file on disk: write the times here, as at: [0ms, 13ms]")
	}
	path := name
	if !filepath.IsAbs(name) {
		path = filepath.Join(b.dir, name)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s: its name is taken from where the scenario lies", path)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a directory: name a file in it", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxTimesFile+1))
	if err == nil && len(data) > maxTimesFile {
		err = fmt.Errorf("%s: want at most %d MiB, this is more", path, maxTimesFile>>20)
	}
	return data, err
}

// timesReader reads a time per line.
type timesReader struct {
	file     string
	n        int // lines read
	wrong    int
	times    []sim.Time
	mistakes *Mistakes
}

func (r *timesReader) fine() bool { return r.wrong == 0 }

// line reads one more and tells whether to go on.
func (r *timesReader) line(text string) bool {
	r.n++
	text, _, _ = strings.Cut(text, "#")
	text = strings.TrimSpace(text)
	if text == "" {
		return true
	}
	t, err := timeOf(text)
	switch last := len(r.times) - 1; {
	case err != nil:
		r.note("%v", err)
	case last >= 0 && t < r.times[last]:
		r.note("want times in order, %s comes after %v: sort the file (sort -n)", text, r.times[last])
	case len(r.times) == maxTimes:
		r.note("want at most %d times", maxTimes)
		return false
	default:
		r.times = append(r.times, t)
	}
	return r.wrong < 10
}

func (r *timesReader) note(format string, args ...any) {
	r.wrong++
	r.mistakes.add(place{r.file, r.n, 1}, "", format, args...)
}

// timeOf reads seconds without a unit, or a duration. What is finer than a nanosecond is cut off.
func timeOf(text string) (sim.Time, error) {
	if t, ok := seconds(text); ok {
		return t, nil
	}
	t, err := Durations.Parse(text)
	if err != nil {
		return 0, fmt.Errorf("want a time, such as 12.5 (seconds) or 13ms, got %q", text)
	}
	return sim.Time(t), nil
}

// seconds reads a plain decimal number of seconds, up to ten digits of them.
func seconds(text string) (sim.Time, bool) {
	whole, rest, point := strings.Cut(text, ".")
	if len(whole) == 0 && len(rest) == 0 || len(whole) > 10 || point && len(rest) == 0 {
		return 0, false
	}
	t := int64(0)
	for _, c := range whole {
		if c < '0' || c > '9' {
			return 0, false
		}
		t = t*10 + int64(c-'0')
	}
	unit := int64(sim.Second)
	t *= unit
	for _, c := range rest {
		if c < '0' || c > '9' {
			return 0, false
		}
		unit /= 10
		t += unit * int64(c-'0')
	}
	return sim.Time(t), t >= 0
}
