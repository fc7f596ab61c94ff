package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"keepalive/lab"
	"keepalive/sim"
)

// millis is a time as people read it: milliseconds with a decimal until 10 s, then seconds.
func millis(m lab.Millis) string {
	t := sim.Time(m)
	if t >= 10*sim.Second {
		hundredths := int64(t+5*sim.Millisecond) / 10_000_000
		return group(hundredths/100) + fmt.Sprintf(".%02d s", hundredths%100)
	}
	tenths := int64(t+50_000) / 100_000
	return group(tenths/10) + fmt.Sprintf(".%d ms", tenths%10)
}

// count is a number with thousands set apart by a thin space.
func count(n int64) string { return group(n) }

func group(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u2009" + s[i:]
	}
	return s
}

// progress shows how far a long run is, on a terminal only.
type progress struct {
	w     io.Writer
	bar   *progressbar.ProgressBar
	began time.Time
	quiet bool
}

func newProgress(w io.Writer, quiet bool) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, began: time.Now(), quiet: quiet || !ok || !term.IsTerminal(int(f.Fd()))}
}

// update shows how far a run is.
func (p *progress) update(at lab.Progress) {
	p.show(fmt.Sprintf("%s: %s simulated, %s requests done, %s events (Ctrl-C stops)", at.Variant, millis(lab.Millis(at.Now)), group(int64(at.Done)), group(int64(at.Events))))
}

// show puts a text before the bar, from the second second on.
func (p *progress) show(text string) {
	if p.quiet || time.Since(p.began) < time.Second {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(p.w), progressbar.OptionClearOnFinish())
	}
	p.bar.Describe(text)
	_ = p.bar.Add(1)
}

func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
