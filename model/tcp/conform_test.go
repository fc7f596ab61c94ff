package tcp

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keepalive/sim"
)

var update = flag.Bool("update", false, "rewrite the segments that conformance scripts expect, never what they assert")

// TestOneEndDoesWhatTheScriptSays plays every script of testdata/conform against one connection end.
func TestOneEndDoesWhatTheScriptSays(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "conform", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 40 {
		t.Errorf("found %d scripts, want at least 40", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, cfg, err := parseScript(file, string(text))
			if err != nil {
				t.Fatal(err)
			}
			p := newPlay(s, cfg)
			for _, m := range p.run() {
				t.Error(m)
			}
			if *update && p.changed {
				if err := os.WriteFile(file, []byte(p.rewritten()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// play runs a script: it is the application above the end, the peer, and the clock.
type play struct {
	script  *script
	cfg     Config
	box     Outbox
	conn    *Conn
	now     sim.Time
	sig     Signal // since the last assertion of signals
	cookies bool   // SYNs are answered with cookies
	left    []left // since the last step that was no expectation
	log     []left
	peer    peer
	wrong   []string

	blocks  map[int][]left // by index of the step that began it: what left
	changed bool
}

// left is a segment that left, and when.
type left struct {
	at  sim.Time
	seg Segment
}

// peer is what the other end would know.
type peer struct {
	next   int64 // of its own sequence
	ack    int64
	window int64
	echo   uint32
}

func newPlay(s *script, cfg Config) *play {
	p := &play{script: s, cfg: cfg, blocks: map[int][]left{}}
	p.peer.window = 1 << 20
	p.conn = New(&p.cfg, &p.box)
	return p
}

func (p *play) fail(st *step, format string, args ...any) {
	p.wrong = append(p.wrong, fmt.Sprintf("%s:%d: ", p.script.file, st.line)+fmt.Sprintf(format, args...))
}

// run plays the whole script and says what went wrong.
func (p *play) run() []string {
	steps := p.script.steps
	for i := 0; i < len(steps); {
		n := i + 1
		for n < len(steps) && steps[n].verb == ">" {
			n++
		}
		until := steps[n-1].at // at the end of the script: as far as it expects anything
		if n < len(steps) {
			until = steps[n].at
		}
		p.left = nil
		p.do(&steps[i])
		if p.now > until {
			p.fail(&steps[n], "is at %v, before the line above has ended at %v", until, p.now)
			return p.wrong
		}
		p.advance(until)
		p.compare(i, steps[i+1:n], &steps[i])
		i = n
	}
	return p.wrong
}

// do carries out one step.
func (p *play) do(st *step) {
	p.advance(st.at)
	c := p.conn
	switch st.verb {
	case "?":
		p.assert(st)
	case "<":
		for k := range st.seg.count {
			if k > 0 {
				p.advance(p.now + st.seg.every)
			}
			s := st.seg.nth(k)
			p.arrive(&s)
		}
	case "connect":
		c.Connect(p.now)
	case "connect-write":
		n, _ := parseNumber(st.args[0])
		c.ConnectWrite(p.now, n)
	case "listen":
		c.Listen()
		p.cookies = len(st.args) > 0
	case "write":
		n, _ := parseNumber(st.args[0])
		c.Write(p.now, n, len(st.args) > 1)
	case "close":
		c.Close(p.now)
	case "shutdown":
		c.CloseWrite(p.now)
	case "abort":
		c.Abort(p.now)
	case "echo":
		p.echo(st)
	}
	p.collect()
}

// advance lets time pass until t, timers and all.
func (p *play) advance(t sim.Time) {
	for {
		at := p.conn.Deadline()
		if at > t {
			break
		}
		p.now = max(p.now, at)
		p.sig |= p.conn.OnTimer(p.now)
		p.collect()
	}
	p.now = max(p.now, t)
}

func (p *play) collect() {
	for _, s := range p.box.Segments {
		p.left = append(p.left, left{p.now, s})
		p.log = append(p.log, left{p.now, s})
	}
	p.box.Reset()
}

// arrive delivers a segment, with what the script has left out.
func (p *play) arrive(s *pattern) {
	r := &p.peer
	if s.Sacks > 0 && !s.hasAck {
		for i := range s.Sacks {
			s.Sack[i].From -= int32(max(r.ack, 1))
			s.Sack[i].To -= int32(max(r.ack, 1))
		}
	}
	if !s.hasSeq && s.Flags&SYN == 0 {
		s.Seq = r.next
	}
	if !s.hasAck && s.Flags&(SYN|RST) == 0 && !s.noAck {
		s.Flags |= ACK
	}
	if s.Has(ACK) && !s.hasAck {
		s.Ack = max(r.ack, 1)
	}
	if s.Has(ACK) {
		if !s.hasEcr && s.Ack > r.ack {
			r.echo = p.echoOf(r.ack)
		}
		r.ack = max(r.ack, s.Ack)
		if !s.hasEcr {
			s.TSEcr = r.echo
		}
	}
	if s.hasWin {
		r.window = s.Window
	}
	s.Window = r.window
	s.TSVal = stamp(p.now)
	r.next = max(r.next, s.end())
	if p.cookies && p.conn.state == Listen && s.Has(SYN) {
		p.conn.AnswerWithCookie(p.now, &s.Segment)
	} else {
		p.sig |= p.conn.OnSegment(p.now, &s.Segment)
	}
	p.collect()
}

// echoOf is the timestamp of the copy that left last of the segment which begins at seq (RFC 7323, 4.3).
func (p *play) echoOf(seq int64) uint32 {
	for _, l := range slices.Backward(p.log) {
		if l.seg.Seq == seq && l.seg.end() > seq {
			return l.seg.TSVal
		}
	}
	return p.peer.echo
}

// echo lets the peer acknowledge the data that is out and that leaves, a fixed time after.
func (p *play) echo(st *step) {
	done := len(p.log)
	for done > 0 && p.log[done-1].seg.end() > p.peer.ack {
		done--
	}
	for {
		held, at := 0, sim.Never
		i := done
		for ; i < len(p.log) && held < st.seg.count; i++ {
			if p.log[i].seg.Len > 0 {
				held++
				at = p.log[i].at + st.seg.every
			}
		}
		if held < st.seg.count {
			at = sim.Never
		}
		if next := p.conn.Deadline(); next < at && next <= st.until {
			p.advance(next)
			continue
		}
		if at = max(at, p.now); at > st.until {
			break
		}
		p.advance(at)
		done = i
		ack := pattern{Segment: Segment{Ack: p.log[i-1].seg.end(), Flags: ACK}, hasAck: true}
		p.arrive(&ack)
	}
	p.advance(st.until)
}

// compare holds what left against what the script expects after step i.
func (p *play) compare(i int, want []step, by *step) {
	got := p.left
	p.blocks[i] = got
	var lines []string
	ok, g, ack := true, 0, int64(-1)
	row := func(mark string, line int, text string) {
		lines = append(lines, fmt.Sprintf("   %s %4d  %s", mark, line, text))
	}
	for w := range want {
		st := &want[w]
		if st.any {
			g = len(got)
			row(" ", st.line, "> *")
			continue
		}
		for k := range st.seg.count {
			e := st.seg.nth(k)
			at := st.at + sim.Time(k)*st.seg.every
			text := fmt.Sprintf("%-9v > %s", at, e.show(&e, &ack))
			if g < len(got) && got[g].at == at && e.matches(&got[g].seg) {
				row(" ", st.line, text)
				g++
				continue
			}
			ok = false
			row("-", st.line, text)
			if g < len(got) && !p.expectedLater(got[g], want[w+1:]) {
				row("+", st.line, got[g].show(&e))
				g++
			}
		}
	}
	for ; g < len(got); g++ {
		ok = false
		row("+", by.line, got[g].show(&pattern{}))
	}
	if ok {
		return
	}
	p.changed = true
	first := by
	if len(want) > 0 {
		first = &want[0]
	}
	p.fail(first, "segments differ (- expected, + got):\n%s", strings.Join(lines, "\n"))
}

// expectedLater tells whether another line expects exactly this, so that the one before it is missing.
func (p *play) expectedLater(l left, want []step) bool {
	for i := range want {
		e := want[i].seg.nth(0)
		if !want[i].any && want[i].at == l.at && e.matches(&l.seg) {
			return true
		}
	}
	return false
}

// matches compares what the pattern names.
func (e *pattern) matches(s *Segment) bool {
	g := pattern{Segment: *s}
	a, b := int64(-1), int64(-1)
	return e.show(e, &a) == g.show(e, &b)
}

// show writes a segment with the words that like uses; ack is the last one written, so that data need not repeat it.
func (e *pattern) show(like *pattern, ack *int64) string {
	f := e.Flags
	var w []string
	for _, n := range []struct {
		f    Flags
		name string
	}{{SYN | ACK, "SYN-ACK"}, {RST | ACK, "RST-ACK"}, {SYN, "SYN"}, {RST, "RST"}, {FIN, "FIN"}} {
		if f&n.f == n.f && f&(SYN|RST|FIN) != 0 {
			w = append(w, n.name)
			f &^= n.f & (SYN | RST | FIN)
		}
	}
	if like.hasPSH && e.Flags&PSH != 0 {
		w = append(w, "PSH")
	}
	switch {
	case e.Len > 0:
		from := e.Seq
		if e.Flags&SYN != 0 {
			from++
		}
		w = append(w, fmt.Sprintf("%d:%d", from, from+int64(e.Len)))
	case like.hasSeq:
		w = append(w, fmt.Sprintf("seq %d", e.Seq))
	}
	if e.Flags&ACK != 0 && (like.hasAck || e.Len == 0 && e.Flags&SYN == 0) {
		w = append(w, fmt.Sprintf("ack %d", e.Ack))
		*ack = e.Ack
	}
	if like.hasWin {
		w = append(w, fmt.Sprintf("win %d", e.Window))
	}
	if like.hasEcr {
		w = append(w, fmt.Sprintf("ecr %v", sim.Time(e.TSEcr-1)*sim.Millisecond))
	}
	if like.hasWhy {
		for name, l := range limitNames {
			if l == e.Limit {
				w = append(w, "why "+name)
			}
		}
	}
	if e.Sacks > 0 {
		w = append(w, "sack")
		for i := range int(e.Sacks) {
			b := e.block(i)
			w = append(w, fmt.Sprintf("%d:%d", b.from, b.to))
		}
	}
	if e.Retransmitted {
		w = append(w, "again")
	}
	return strings.Join(w, " ")
}

func (l *left) show(like *pattern) string {
	ack := int64(-1)
	g := pattern{Segment: l.seg}
	return fmt.Sprintf("%-9v > %s", l.at, g.show(like, &ack))
}
