package figure

import (
	"fmt"
	"math"

	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// mostLines is how many connections a panel of a window figure shows.
const mostLines = 400

// Window shows the server's congestion window and its unacknowledged bytes over time, a panel for each variant and a pair
// of lines for each connection: a new connection begins at the initial window again. With several clients it is the first one's.
func Window(logs []*trace.Log) Figure {
	f := Figure{Name: "window", Subtitle: "The server's congestion window, and what it has sent without an acknowledgement yet", Cursor: true}
	end, top := 0.0, 0.0
	var sides []sender
	for _, log := range logs {
		end = max(end, float64(log.Header.Finished))
	}
	for _, log := range logs {
		s := readSender(log, sim.Time(end))
		top = max(top, s.top)
		sides = append(sides, s)
	}
	f.X = TimeAxis("time", end)
	y := ByteAxis("", top)
	for i, s := range sides {
		p := s.panel(f.X.Max)
		p.Title, p.Y = letter(i)+logs[i].Header.Variant, y
		f.Panels = append(f.Panels, p)
		f.About += logs[i].Header.Variant + ": " + p.Detail + ". "
		f.Notes = append(f.Notes, s.notes...)
	}
	f.Title = contrast(logs, sides)
	f.Legend = windowLegend(f.Panels)
	return f
}

func windowLegend(panels []Panel) []Entry {
	all := []Entry{{"congestion window", Text, Stroke}, {"sent, not acknowledged yet", Data, Filled}}
	strip, tls, guide, marks := false, false, false, map[string]Ink{}
	for _, p := range panels {
		strip, guide = strip || len(p.Strip) > 0, guide || len(p.Guide) > 0
		for _, b := range p.Strip {
			tls = tls || b.Ink == TLS
		}
		for _, m := range p.Marks {
			marks[m.Name] = m.Ink
		}
	}
	if guide {
		all = append(all, Entry{"initial window", Ack, Level})
	}
	if strip {
		all = append(all, Entry{"opening a connection", SetUp, Thin})
	}
	if tls {
		all = append(all, Entry{"opening TLS", TLS, Thin})
	}
	for _, name := range []string{delayGrew, lossNoticed, idleRestart} {
		if ink, is := marks[name]; is {
			all = append(all, Entry{name, ink, Spot})
		}
	}
	return all
}

// Names of marks.
const (
	lossNoticed = "a loss is noticed"
	idleRestart = "smaller again after idling"
	delayGrew   = "slow start ends: the delay grows (HyStart)"
)

// sender is what a log tells of the server's sending to one client.
type sender struct {
	conns   []*flow
	byID    map[uint32]*flow
	opened  int // connections, those not in conns too
	marks   []Mark
	strip   []Bar
	initial float64 // bytes; 0: the connections do not begin alike
	top     float64
	notes   []string
}

// flow is one connection.
type flow struct {
	opening   sim.Time // the client's SYN
	cwnd, out []Point
	phase     uint16
	steered   bool // slow start has a threshold
	over      bool // nothing will be sent on it
}

// readSender follows the first client's connections until end.
func readSender(log *trace.Log, end sim.Time) sender {
	s := sender{byID: map[uint32]*flow{}}
	for i := range log.Records {
		r := &log.Records[i]
		if r.At > end {
			break
		}
		switch {
		case r.Kind == trace.ConnState && !trace.IsServer(r.Actor) && tcp.State(r.B) == tcp.SynSent:
			if r.Actor != 1 {
				break
			}
			if s.opened++; s.opened > mostLines {
				break
			}
			c := &flow{opening: r.At}
			s.conns = append(s.conns, c)
			s.byID[r.Conn] = c
		case s.byID[r.Conn] == nil:
		case r.Kind == trace.ConnState:
			s.onState(s.byID[r.Conn], r)
		case r.Kind == trace.ConnSecured && r.At > sim.Time(r.A):
			s.strip = append(s.strip, Bar{Name: "opening TLS", From: float64(r.A), To: float64(r.At), Ink: TLS, Style: Thin})
		case r.Kind == trace.Window && trace.IsServer(r.Actor):
			s.onWindow(s.byID[r.Conn], r, float64(log.Header.MSS))
		}
	}
	s.initial = alike(s.conns)
	if log.Header.Clients > 1 {
		s.notes = append(s.notes, fmt.Sprintf("%s: client 1 of %s.", log.Header.Variant, number(float64(log.Header.Clients), 0)))
	}
	if hidden := s.opened - len(s.conns); hidden > 0 {
		s.notes = append(s.notes, fmt.Sprintf("%s: the first %d connections; %s more are not shown.", log.Header.Variant, mostLines, number(float64(hidden), 0)))
	}
	return s
}

func (s *sender) onState(c *flow, r *trace.Record) {
	switch state := tcp.State(r.B); {
	case !trace.IsServer(r.Actor):
		if state == tcp.Established || state == tcp.Closed && len(c.cwnd) == 0 {
			s.strip = append(s.strip, Bar{Name: "opening", From: float64(c.opening), To: float64(r.At), Ink: SetUp, Style: Thin})
		}
	case state == tcp.FinWait2 || state == tcp.TimeWait || state == tcp.Closed:
		c.finish(r.At)
	}
}

func (s *sender) onWindow(c *flow, r *trace.Record, mss float64) {
	if c.over {
		return
	}
	x, cwnd, out := float64(r.At), float64(trace.Hi(r.A))*mss, float64(trace.Hi(r.B))
	c.cwnd = append(c.cwnd, Point{x, cwnd})
	c.out = append(c.out, Point{x, out})
	s.top = max(s.top, cwnd, out)
	hurt := func(phase uint16) bool { return phase == trace.Recovery || phase == trace.Loss }
	unset := trace.Lo(r.A) == noThreshold
	switch {
	case r.Flags == trace.Avoidance && c.phase == trace.SlowStart && !c.steered && !unset:
		s.marks = append(s.marks, Mark{delayGrew, Point{x, cwnd}, Ack})
	case hurt(r.Flags) && !hurt(c.phase):
		s.marks = append(s.marks, Mark{lossNoticed, Point{x, cwnd}, Error})
	case r.Flags == trace.RestartIdle && !hurt(c.phase) && len(c.cwnd) > 1:
		s.marks = append(s.marks, Mark{idleRestart, Point{x, cwnd}, Idle})
	}
	c.phase = r.Flags
	c.steered = c.steered || !unset
}

// noThreshold is a slow start threshold that nothing has set yet.
const noThreshold = 1<<31 - 1

// finish ends the lines of a connection on which nothing is sent any more.
func (c *flow) finish(at sim.Time) {
	if n := len(c.cwnd); !c.over && n > 0 {
		c.cwnd = append(c.cwnd, Point{float64(at), c.cwnd[n-1].Y})
		c.out = append(c.out, Point{float64(at), c.out[n-1].Y})
	}
	c.over = true
}

// busyUntil is when the last byte of the connection is acknowledged.
func (c *flow) busyUntil() float64 {
	for i := len(c.out) - 1; i > 0; i-- {
		if c.out[i-1].Y > 0 {
			return c.out[i].X
		}
	}
	return 0
}

// alike is the window that all connections begin with, or 0.
func alike(conns []*flow) float64 {
	initial := 0.0
	for _, c := range conns {
		switch {
		case len(c.cwnd) == 0:
		case initial == 0:
			initial = c.cwnd[0].Y
		case initial != c.cwnd[0].Y:
			return 0
		}
	}
	return initial
}

// panel draws the flows until end.
func (s *sender) panel(end float64) Panel {
	p := Panel{Marks: s.marks, Strip: s.strip, Crowded: len(s.conns) > 80}
	busy := 0.0
	for _, c := range s.conns {
		c.finish(sim.Time(end))
		if len(c.cwnd) > 0 {
			p.Crowded = p.Crowded || c.cwnd[0].X < busy
			busy = max(busy, c.busyUntil())
			p.Lines = append(p.Lines, Line{"sent, not acknowledged yet", Data, Filled, thin(c.out, end)}, Line{"congestion window", Text, Solid, thin(c.cwnd, end)})
		}
	}
	p.Detail = plural(s.opened, "connection")
	if s.initial > 0 {
		p.Guide = []Guide{{"initial window " + bytes(s.initial), s.initial}}
		p.Detail += fmt.Sprintf(", window from %s to %s", bytes(s.initial), bytes(s.largest()))
	}
	return p
}

// columns is into how many slices of time a line is cut at most; no screen shows more.
const columns = 1500

// thin leaves of each slice of time the first point, the lowest, the highest and the last.
func thin(points []Point, end float64) []Point {
	if len(points) <= 2*columns {
		return points
	}
	var kept []Point
	for i := 0; i < len(points); {
		slice, low, high, k := math.Floor(points[i].X/end*columns), i, i, i
		for ; k < len(points) && math.Floor(points[k].X/end*columns) == slice; k++ {
			if points[k].Y < points[low].Y {
				low = k
			}
			if points[k].Y > points[high].Y {
				high = k
			}
		}
		at := []int{i, min(low, high), max(low, high), k - 1}
		for j, n := range at {
			if j == 0 || n != at[j-1] {
				kept = append(kept, points[n])
			}
		}
		i = k
	}
	return kept
}

// contrast says what new connections do to the window.
func contrast(logs []*trace.Log, sides []sender) string {
	if len(sides) > 2 {
		return widest(logs, sides)
	}
	if len(sides) != 2 || sides[0].initial == 0 || sides[0].initial != sides[1].initial || sides[0].opened == sides[1].opened {
		return "Congestion window and bytes on their way"
	}
	many, few := 0, 1
	if sides[0].opened < sides[1].opened {
		many, few = 1, 0
	}
	return capital(fmt.Sprintf("%s begins with a window of %s %s, %s %s", logs[many].Header.Variant, bytes(sides[many].initial),
		times(sides[many].opened), logs[few].Header.Variant, times(sides[few].opened)))
}

// widest says of several variants whose window grows most and whose least.
func widest(logs []*trace.Log, sides []sender) string {
	most, least := 0, 0
	for i := range sides {
		if sides[i].largest() > sides[most].largest() {
			most = i
		}
		if sides[i].largest() < sides[least].largest() {
			least = i
		}
	}
	if most == least || sides[least].largest() == 0 {
		return "Congestion window and bytes on their way"
	}
	return capital(fmt.Sprintf("%s has the largest window, %s; %s has at most %s", logs[most].Header.Variant, bytes(sides[most].largest()),
		logs[least].Header.Variant, bytes(sides[least].largest())))
}

// largest is the largest congestion window that any connection reaches.
func (s *sender) largest() (top float64) {
	for _, c := range s.conns {
		for _, q := range c.cwnd {
			top = max(top, q.Y)
		}
	}
	return top
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return number(float64(n), 0) + " times"
}
