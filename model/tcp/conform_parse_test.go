package tcp

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"keepalive/sim"
)

// A conformance script is a ladder of one connection end. Each line has a time, or none for the time of the line
// above; +40ms counts from the line above, 40ms from the beginning. Comments begin with #.
//
//	set cubic mss 1000 iw 10 tick 4ms window 65535 nagle delack every-second no-idle-restart tso fast-open keepalive-probe
//	     connect | connect-write 500 | listen | listen cookies | write 5000 | write 5000 fin | close | shutdown | abort
//	     < SYN-ACK ack 1 win 65535     a segment arrives
//	     > 1:1001 ack 1 again          a segment leaves; ack may be left out of one with data
//	     > 1:10001 x10                 ten segments of equal size at once
//	     < ack 1001..10001 x10 every 1ms
//	     echo 100ms for 2s each 2      the peer acknowledges every second segment after 100 ms, for 2 s
//	     > *                           whatever leaves until the next line that is no >
//	     ? cwnd 20 ssthresh 10 state ESTABLISHED
//
// Words of a segment: SYN, SYN-ACK, FIN, RST, RST-ACK, PSH, from:to, ack n, win n, sack from:to ..., ecr 20ms (the
// timestamp it echoes), why cwnd (what had held it back), again (sent before). An arriving segment follows on what
// came before, acknowledges what was acknowledged before, and echoes what RFC 7323 lets a peer echo, unless told otherwise.
type script struct {
	file   string
	prose  string
	header []string // lines before the first step
	steps  []step
}

// step is one line that does, expects or asserts something.
type step struct {
	line  int
	at    sim.Time
	timed bool // the line has a time of its own
	text  string
	verb  string // "<", ">", "?", or what the application does
	args  []string

	seg   pattern
	any   bool // > *
	until sim.Time
	after []string // comments and blank lines that follow
}

// pattern is a segment as a script writes it.
type pattern struct {
	Segment
	hasAck, hasWin, hasEcr, hasPSH, hasWhy, hasSeq, noAck bool

	lastAck int64 // of ack a..b
	count   int
	every   sim.Time
}

var limitNames = map[string]Limit{"none": LimitNone, "cwnd": LimitCwnd, "peer": LimitPeer, "recovery": LimitRecovery,
	"delayed-ack": LimitDelayedAck, "nagle": LimitNagle}

// parseScript reads a script; its errors name the line.
func parseScript(file, text string) (*script, Config, error) {
	s := &script{file: file}
	cfg := Config{InitialWindow: 10, MSS: 1000, Header: 52, SYNHeader: 60, SlowStartAfterIdle: true}
	var at sim.Time
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		fail := func(err error) error { return fmt.Errorf("%s:%d: %w", file, i+1, err) }
		code, comment, _ := strings.Cut(line, "#")
		words := strings.Fields(code)
		switch {
		case len(words) == 0 && len(s.steps) > 0:
			last := &s.steps[len(s.steps)-1]
			last.after = append(last.after, line)
			continue
		case len(words) == 0:
			s.header = append(s.header, line)
			s.prose += comment
			continue
		case words[0] == "set":
			if len(s.steps) > 0 {
				return nil, cfg, fail(fmt.Errorf("set comes before the first step"))
			}
			if err := parseSettings(&cfg, words[1:]); err != nil {
				return nil, cfg, fail(err)
			}
			s.header = append(s.header, line)
			continue
		}
		st := step{line: i + 1, text: line}
		when, timed, err := parseTime(words[0], at)
		if err != nil {
			return nil, cfg, fail(err)
		}
		if st.timed = timed; timed {
			words = words[1:]
		}
		if when < at {
			return nil, cfg, fail(fmt.Errorf("%v is before the line above, %v", when, at))
		}
		at, st.at = when, when
		if len(words) == 0 {
			return nil, cfg, fail(fmt.Errorf("nothing after the time"))
		}
		st.verb, st.args = words[0], words[1:]
		if err := st.parse(); err != nil {
			return nil, cfg, fail(err)
		}
		if len(s.steps) == 0 && st.verb == ">" {
			return nil, cfg, fail(fmt.Errorf("a script begins with what is done, not with what is expected"))
		}
		s.steps = append(s.steps, st)
	}
	if strings.TrimSpace(s.prose) == "" {
		return nil, cfg, fmt.Errorf("%s:1: the script opens with a sentence that says what it teaches", file)
	}
	return s, cfg, nil
}

func parseTime(word string, base sim.Time) (at sim.Time, timed bool, err error) {
	if word[0] != '+' && (word[0] < '0' || word[0] > '9') {
		return base, false, nil
	}
	d, err := parseDuration(strings.TrimPrefix(word, "+"))
	if word[0] == '+' {
		d += base
	}
	return d, true, err
}

func parseDuration(word string) (sim.Time, error) {
	d, err := time.ParseDuration(word)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("want a duration such as 40ms, got %q", word)
	}
	return sim.Time(d), nil
}

func parseNumber(word string) (int64, error) {
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("want a number, got %q", word)
	}
	return n, nil
}

// take removes the next word.
func take(words *[]string, after string) (string, error) {
	if len(*words) == 0 {
		return "", fmt.Errorf("%s: something is missing after it", after)
	}
	w := (*words)[0]
	*words = (*words)[1:]
	return w, nil
}

func takeNumber(words *[]string, after string) (int64, error) {
	w, err := take(words, after)
	if err != nil {
		return 0, err
	}
	return parseNumber(w)
}

func takeDuration(words *[]string, after string) (sim.Time, error) {
	w, err := take(words, after)
	if err != nil {
		return 0, err
	}
	return parseDuration(w)
}

func parseSettings(cfg *Config, words []string) (err error) {
	for len(words) > 0 && err == nil {
		name, _ := take(&words, "")
		var n int64
		switch name {
		case "cubic":
			cfg.Congestion = Cubic
		case "reno":
			cfg.Congestion = Reno
		case "nagle":
			cfg.Nagle = true
		case "no-idle-restart":
			cfg.SlowStartAfterIdle = false
		case "mss":
			n, err = takeNumber(&words, name)
			cfg.MSS = int(n)
		case "iw":
			n, err = takeNumber(&words, name)
			cfg.InitialWindow = int(n)
		case "window":
			cfg.ReceiveWindow, err = takeNumber(&words, name)
		case "tick":
			cfg.Tick, err = takeDuration(&words, name)
		case "tso":
			cfg.TSO = true
		case "fast-open":
			cfg.FastOpen = true
		case "keepalive-probe":
			cfg.KeepAliveProbe = LinuxKeepAliveProbe
		case "delack":
			var w string
			w, err = take(&words, name)
			policy, ok := map[string]DelayedAck{"linux": AckLinux, "every-packet": AckEveryPacket, "every-second": AckEverySecond}[w]
			if cfg.DelayedAck = policy; !ok && err == nil {
				err = fmt.Errorf("delack: want linux, every-packet or every-second, got %q", w)
			}
		default:
			err = fmt.Errorf("unknown setting %q", name)
		}
	}
	return err
}

func (st *step) parse() (err error) {
	words := st.args
	switch st.verb {
	case ">":
		if len(words) == 1 && words[0] == "*" {
			st.any = true
			return nil
		}
		return st.seg.parse(words)
	case "<":
		return st.seg.parse(words)
	case "?":
		return checkAssertions(words)
	case "connect-write":
		_, err = takeNumber(&words, "connect-write")
	case "listen":
		if len(words) > 1 || len(words) == 1 && words[0] != "cookies" {
			return fmt.Errorf("listen or listen cookies, got %q", words[0])
		}
	case "connect", "close", "shutdown", "abort":
		if len(words) > 0 {
			return fmt.Errorf("%s takes nothing, got %q", st.verb, words[0])
		}
	case "write":
		if _, err = takeNumber(&words, "write"); err == nil && len(words) > 0 && words[0] != "fin" {
			err = fmt.Errorf("write n or write n fin, got %q", words[0])
		}
	case "echo":
		if len(words) < 3 || words[1] != "for" {
			return fmt.Errorf("want echo 100ms for 2s")
		}
		if st.seg.every, err = parseDuration(words[0]); err != nil {
			return err
		}
		st.seg.count = 1
		if len(words) == 5 && words[3] == "each" {
			n, err := parseNumber(words[4])
			if err != nil {
				return err
			}
			st.seg.count = int(n)
		}
		d, err := parseDuration(words[2])
		st.until = st.at + d
		return err
	default:
		return fmt.Errorf("unknown verb %q: want <, >, ?, connect, connect-write, listen, write, close, shutdown, abort or echo", st.verb)
	}
	return err
}

// parse reads the words of a segment.
func (p *pattern) parse(words []string) (err error) {
	p.count = 1
	for len(words) > 0 && err == nil {
		w, _ := take(&words, "")
		switch w {
		case "SYN":
			p.Flags |= SYN
		case "SYN-ACK":
			p.Flags |= SYN | ACK
		case "FIN":
			p.Flags |= FIN
		case "RST":
			p.Flags |= RST
		case "RST-ACK":
			p.Flags |= RST | ACK
		case "PSH":
			p.Flags |= PSH
			p.hasPSH = true
		case "again":
			p.Retransmitted = true
		case "no-ack":
			p.noAck = true
		case "seq":
			p.Seq, err = takeNumber(&words, w)
			p.hasSeq = true
		case "ack":
			p.hasAck = true
			p.Flags |= ACK
			var r string
			if r, err = take(&words, w); err == nil {
				p.Ack, p.lastAck, err = parseRange(r, "..")
			}
		case "win":
			p.hasWin = true
			p.Window, err = takeNumber(&words, w)
		case "ecr":
			p.hasEcr = true
			var d sim.Time
			if len(words) > 0 && words[0] == "none" {
				words = words[1:]
			} else if d, err = takeDuration(&words, w); err == nil {
				p.TSEcr = stamp(d)
			}
		case "why":
			p.hasWhy = true
			var name string
			if name, err = take(&words, w); err == nil {
				var ok bool
				if p.Limit, ok = limitNames[name]; !ok {
					err = fmt.Errorf("why: unknown limit %q", name)
				}
			}
		case "every":
			p.every, err = takeDuration(&words, w)
		case "sack":
			for len(words) > 0 && strings.Contains(words[0], ":") && err == nil {
				err = p.addBlock(words[0])
				words = words[1:]
			}
		default:
			err = p.parseCountOrBytes(w)
		}
	}
	if p.Flags&SYN != 0 && p.Len > 0 {
		p.Seq-- // the SYN itself counts one
	}
	return err
}

func (p *pattern) parseCountOrBytes(w string) error {
	if n, ok := strings.CutPrefix(w, "x"); ok {
		k, err := parseNumber(n)
		if p.count = int(k); k < 1 && err == nil {
			err = fmt.Errorf("a count is at least 1, got %q", w)
		}
		return err
	}
	if !strings.Contains(w, ":") {
		return fmt.Errorf("unknown word %q in a segment", w)
	}
	from, to, err := parseRange(w, ":")
	if err == nil && to <= from {
		err = fmt.Errorf("no bytes in %q", w)
	}
	p.Seq, p.Len, p.hasSeq = from, int32(to-from), true
	return err
}

func (p *pattern) addBlock(w string) error {
	from, to, err := parseRange(w, ":")
	if err == nil && int(p.Sacks) == maxSacks {
		err = fmt.Errorf("more than %d blocks", maxSacks)
	}
	if err != nil {
		return err
	}
	p.Sack[p.Sacks] = span{from, to}.after(p.Ack)
	p.Sacks++
	return nil
}

// parseRange reads 1001 or 1001..2001 or 1001:2001.
func parseRange(w, by string) (from, to int64, err error) {
	a, b, two := strings.Cut(w, by)
	if from, err = parseNumber(a); err != nil || !two {
		return from, from, err
	}
	to, err = parseNumber(b)
	return from, to, err
}

// nth is the i-th of the segments that a line with a count stands for.
func (p *pattern) nth(i int) pattern {
	q := *p
	if q.count == 1 {
		return q
	}
	q.count = 1
	if p.Len > 0 {
		each := int64(p.Len) / int64(p.count)
		q.Seq, q.Len = p.Seq+int64(i)*each, int32(each)
	}
	if p.lastAck > p.Ack {
		q.Ack += int64(i) * (p.lastAck - p.Ack) / int64(p.count-1)
	}
	return q
}
