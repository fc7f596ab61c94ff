package tcp

import (
	"fmt"
	"strings"
	"time"

	"keepalive/sim"
)

// assertable is what a ? line can name, and how the end's answer is written.
var assertable = map[string]func(p *play) string{
	"cwnd":     func(p *play) string { return fmt.Sprint(p.conn.cc.cwnd) },
	"ssthresh": func(p *play) string { return orNone(int64(p.conn.cc.ssthresh), neverLimited) },
	"state":    func(p *play) string { return p.conn.state.String() },
	"recovery": func(p *play) string {
		return [...]string{"open", "disorder", "cwr", "recovery", "loss"}[p.conn.cc.state]
	},
	"flight":   func(p *play) string { return fmt.Sprint(p.conn.snd.inFlight()) },
	"received": func(p *play) string { return fmt.Sprint(p.conn.Received()) },
	"unsent":   func(p *play) string { return fmt.Sprint(p.conn.Unsent()) },
	"unacked":  func(p *play) string { return fmt.Sprint(p.conn.Unacked()) },
	"rto":      func(p *play) string { return show(p.conn.rtt.rto) },
	"srtt":     func(p *play) string { return show(p.conn.rtt.srtt()) },
	"minrtt":   func(p *play) string { return show(p.conn.rtt.least) },
	"timer": func(p *play) string {
		return [...]string{"off", "syn", "rto", "probe", "reorder", "persist"}[p.conn.timer]
	},
	"due":    func(p *play) string { return show(p.conn.Deadline()) },
	"quick":  func(p *play) string { return fmt.Sprint(p.conn.rcv.quick) },
	"rcvmss": func(p *play) string { return fmt.Sprint(p.conn.rcv.mss) },
	"rcvwin": func(p *play) string { return fmt.Sprint(p.conn.rcv.win.ssthr) },
	"wmax":   func(p *play) string { return fmt.Sprint(p.conn.cc.cubic.lastMax) },
	"k":      func(p *play) string { return fmt.Sprint(p.conn.cc.cubic.k) },
	"mode": func(p *play) string {
		if p.conn.rcv.pingpong {
			return "interactive"
		}
		return "bulk"
	},
	"signals": func(p *play) string {
		text := p.sig.names()
		p.sig = 0
		return text
	},
}

func orNone(n, none int64) string {
	if n == none {
		return "none"
	}
	return fmt.Sprint(n)
}

// show is a time as a script writes it.
func show(t sim.Time) string {
	if t == sim.Never {
		return "never"
	}
	return time.Duration(t).String()
}

func (s Signal) names() string {
	var names []string
	for i, n := range []string{"opened", "data", "eof", "aborted", "timed-out", "done", "drained"} {
		if s&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, "+")
}

func checkAssertions(words []string) error {
	if len(words) == 0 || len(words)%2 != 0 {
		return fmt.Errorf("want pairs such as ? cwnd 20 ssthresh none")
	}
	for i := 0; i < len(words); i += 2 {
		if assertable[words[i]] == nil {
			return fmt.Errorf("nothing is known of %q", words[i])
		}
	}
	return nil
}

func (p *play) assert(st *step) {
	for i := 0; i < len(st.args); i += 2 {
		name, want := st.args[i], st.args[i+1]
		if got := assertable[name](p); got != want && !sameTime(got, want) && !inRange(got, want) {
			p.fail(st, "%s: expected %s, got %s", name, want, got)
		}
	}
}

// sameTime tells whether two words are the same duration: 1s is 1000ms.
func sameTime(a, b string) bool {
	x, errX := parseDuration(a)
	y, errY := parseDuration(b)
	return errX == nil && errY == nil && x == y
}

// inRange tells whether a number lies in a range such as 96..98.
func inRange(got, want string) bool {
	n, err := parseNumber(got)
	if err != nil || !strings.Contains(want, "..") {
		return false
	}
	from, to, err := parseRange(want, "..")
	return err == nil && from <= n && n <= to
}

// rewritten is the script with the expectations of every block that differed replaced by what left. A line after one
// that moved keeps its instant.
func (p *play) rewritten() string {
	var b strings.Builder
	for _, h := range p.script.header {
		b.WriteString(h + "\n")
	}
	steps := p.script.steps
	moved := false
	var above sim.Time
	for i := 0; i < len(steps); {
		n := i + 1
		for n < len(steps) && steps[n].verb == ">" {
			n++
		}
		p.writeStep(&b, &steps[i], above, moved)
		above, moved = steps[i].at, false
		old := steps[i+1 : n]
		if p.holds(i, old) {
			for k := range old {
				p.writeStep(&b, &old[k], above, false)
				above = old[k].at
			}
		} else {
			above, moved = p.writeBlock(&b, p.blocks[i], old, above), true
		}
		i = n
	}
	return b.String()
}

// holds tells whether the expectations after step i came true.
func (p *play) holds(i int, want []step) bool {
	q := play{script: p.script, left: p.blocks[i], blocks: map[int][]left{}}
	q.compare(i, want, &p.script.steps[i])
	return !q.changed
}

func (p *play) writeStep(b *strings.Builder, st *step, above sim.Time, moved bool) {
	text := st.text
	if moved && (!st.timed || strings.HasPrefix(strings.TrimSpace(text), "+")) {
		body := strings.TrimSpace(text)
		if st.timed {
			_, body, _ = strings.Cut(body, " ")
		}
		text = p.column(st.at, above) + strings.TrimSpace(body)
	}
	b.WriteString(text + "\n")
	for _, a := range st.after {
		b.WriteString(a + "\n")
	}
}

// column is the time column of a line, as wide as that of the script's first step.
func (p *play) column(at, above sim.Time) string {
	first := &p.script.steps[0]
	width := strings.Index(first.text, first.verb)
	if at == above {
		return fmt.Sprintf("%*s", width, "")
	}
	return fmt.Sprintf("%-*s ", width-1, "+"+show(at-above))
}

// writeBlock writes the segments that left, with the words and the comments of the lines that stood there.
func (p *play) writeBlock(b *strings.Builder, got []left, old []step, above sim.Time) sim.Time {
	ack := int64(-1)
	line := 0
	for g := 0; g < len(got); {
		like := &pattern{}
		if line < len(old) {
			like = &old[line].seg
		}
		e := pattern{Segment: got[g].seg}
		n := runLength(got[g:])
		if n > 1 {
			last := got[g+n-1].seg
			e.Len = int32(last.Seq + int64(last.Len) - e.Seq)
		}
		if like.hasAck && e.Len > 0 && like.Len == 0 {
			like = &pattern{}
		}
		if line < len(old) && n == old[line].seg.count && old[line].at == got[g].at && old[line].seg.matches(&e.Segment) {
			b.WriteString(old[line].text + "\n")
		} else {
			b.WriteString(p.column(got[g].at, above) + "> " + e.show(like, &ack))
			if n > 1 {
				fmt.Fprintf(b, " x%d", n)
			}
			b.WriteString("\n")
		}
		above = got[g].at
		g += n
		if line < len(old) {
			for _, a := range old[line].after {
				b.WriteString(a + "\n")
			}
		}
		line++
	}
	for ; line < len(old); line++ {
		for _, a := range old[line].after {
			b.WriteString(a + "\n")
		}
	}
	return above
}

// runLength is how many segments one line can stand for: of equal size, one after the other, at once.
func runLength(l []left) int {
	n := 1
	for n < len(l) {
		a, b := &l[n-1], &l[n]
		if a.at != b.at || a.seg.Len == 0 || a.seg.Len != b.seg.Len || b.seg.Seq != a.seg.Seq+int64(a.seg.Len) ||
			a.seg.Retransmitted != b.seg.Retransmitted || (a.seg.Flags|b.seg.Flags)&FIN != 0 || a.seg.Sacks+b.seg.Sacks > 0 {
			break
		}
		n++
	}
	return n
}
