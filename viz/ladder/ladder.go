package ladder

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"keepalive/model/tcp"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// Options choose what is drawn.
type Options struct {
	Connection uint32 // this one only; 0: all
	Limit      int    // lines; 0: all
	// Header gives the text of a message when its first packet is sent; nil: none is shown.
	Header func(m trace.Message) string
	// TLS and H2 are how the run's connections speak: they name what no record does.
	TLS tls.Config
	H2  bool
	// BehindHeader and BehindH2 are the same for the connections of a proxy to its servers; TLS ends at it.
	BehindHeader func(m trace.Message) string
	BehindH2     bool
}

const laneWidth = 44

// Write draws log.
func Write(w io.Writer, log *trace.Log, opt Options) error {
	d := drawer{w: bufio.NewWriter(w), log: log, opt: opt, served: map[uint32]int{}, asks: map[uint32]uint32{}, survey: look(log, &opt.TLS)}
	fmt.Fprintf(d.w, "%s · %s\n", log.Header.Scenario, log.Header.Variant)
	gap := strings.Repeat(" ", laneWidth-8)
	if log.Header.Behind != nil {
		gap += " proxy" + gap + "  "
	}
	fmt.Fprintf(d.w, "%13s  client%sserver\n", "", gap)
	for i := range log.Records {
		if opt.Limit > 0 && d.lines >= opt.Limit {
			fmt.Fprintf(d.w, "… (cut after %d lines; --limit 0 shows all)\n", opt.Limit)
			break
		}
		d.record(&log.Records[i])
	}
	return d.w.Flush()
}

type drawer struct {
	w      *bufio.Writer
	log    *trace.Log
	opt    Options
	lines  int
	packet trace.Record      // the latest
	served map[uint32]int    // responses by connection
	asks   map[uint32]uint32 // a proxy's requests: which of a client's each is for
	last   uint32            // connection of the line before
	survey survey
}

func (d *drawer) record(r *trace.Record) {
	if d.opt.Connection != 0 && r.Conn != d.opt.Connection && r.Conn != 0 || r.IsBehind() && d.opt.Connection != 0 {
		return
	}
	d.survey.follow(r)
	switch r.Kind {
	case trace.Packet:
		d.packet = *r
	case trace.Segment:
		d.segment(r)
	case trace.RequestSending:
		d.sending(r)
	case trace.ServerWrote:
		d.served[r.Conn]++
		d.header(r, true)
	case trace.RequestWanted:
		if r.IsBehind() {
			d.asks[r.Req] = uint32(r.A)
		}
	case trace.RequestDone:
		d.done(r)
	case trace.TimerFired:
		d.note(r, "%s", d.timerName(r))
	case trace.ServerLimit:
		d.note(r, "the %s has reached %s: %s", d.who(r), limitName(r.Flags), [...]string{"accepted and closed at once", "closed while idle, to make room"}[r.A&1])
	case trace.BacklogDrop:
		d.note(r, [...]string{trace.DroppedSYN: "the %s's accept queue is full: SYN ignored",
			trace.DroppedFinalACK: "the %s's accept queue is full: final ACK ignored",
			trace.DroppedHalfOpen: "the %s's SYN queue is full: SYN ignored"}[r.Flags], d.who(r))
	case trace.SYNCookie:
		d.note(r, "the %s's SYN queue is full: it answers with a cookie and remembers nothing", d.who(r))
	}
}

func (d *drawer) sending(r *trace.Record) {
	if r.IsBehind() {
		name := d.name(d.asks[r.Req])
		d.note(r, "the proxy asks for request %d: %s %s", d.asks[r.Req], name.Method, name.Path)
		d.header(r, false)
		return
	}
	d.note(r, "request %d: %s %s", r.Req, d.name(r.Req).Method, d.name(r.Req).Path)
	d.header(r, false)
}

func (d *drawer) done(r *trace.Record) {
	switch {
	case r.IsBehind() && trace.Status(r.Flags) != trace.OK:
		d.note(r, "the proxy asked for request %d in vain: %s", d.asks[r.Req], trace.Status(r.Flags))
		return
	case r.IsBehind():
		d.note(r, "the proxy has the answer to request %d: %d bytes", d.asks[r.Req], r.Len)
		return
	}
	d.note(r, "request %d ended: %s, %d bytes", r.Req, trace.Status(r.Flags), r.Len)
}

// who is the side that a record is of.
func (d *drawer) who(r *trace.Record) string {
	proxy := d.log.Header.Behind != nil && r.IsBehind() != trace.IsServer(r.Actor)
	switch {
	case proxy:
		return "proxy"
	case trace.IsServer(r.Actor):
		return "server"
	}
	return "client"
}

func (d *drawer) timerName(r *trace.Record) string {
	name := map[uint16]string{trace.TimerServerIdle: "keep-alive timeout", trace.TimerClientIdle: "idle timeout",
		trace.TimerHeader: "time for the head of a request", trace.TimerLinger: "time for lingering",
		trace.TimerConnect: "connect timeout", trace.TimerRequest: "request timeout"}[r.Flags]
	if name == "" {
		return ""
	}
	return fmt.Sprintf("the %s's %s ran out", d.who(r), name)
}

func limitName(f uint16) string {
	return map[uint16]string{trace.FullConnections: "max_connections", trace.FullMemory: "memory"}[f]
}

func (d *drawer) name(req uint32) trace.Name {
	if req == 0 || uint64(req) > uint64(len(d.log.Header.Requests)) {
		return trace.Name{}
	}
	return d.log.Header.Requests[req-1]
}

// segment draws one packet.
func (d *drawer) segment(r *trace.Record) {
	if r.Conn != d.last {
		d.last = r.Conn
		d.connection(r)
	}
	label := Label(r)
	if r.Len > 0 {
		if text := d.carried(r); text != "" {
			label += " " + text
		}
	}
	label = d.survey.of(r.Conn).pure(r) + label
	p := d.packet
	right := fmt.Sprintf("%10s ms", stamp(p.End()))
	if p.IsDropped() {
		label += " ✗ " + dropped(p.Flags)
		right = ""
	}
	fill := strings.Repeat("─", max(1, laneWidth-6-utf8.RuneCountInString(label)))
	arrow := "|─ " + label + " " + fill + "▶|"
	if p.IsDown() {
		arrow = "|◀" + fill + " " + label + " ─|"
	}
	if p.IsDropped() {
		arrow = strings.NewReplacer("▶", "×", "◀", "×").Replace(arrow)
	}
	d.line(r.At, d.column(r, arrow)+" "+right)
}

// connection says whose the packets are from here on.
func (d *drawer) connection(r *trace.Record) {
	if !r.IsBehind() {
		fmt.Fprintf(d.w, "%13s  ─ connection %d, client %d%s\n", "", r.Conn, d.packet.Actor, d.dealt(r))
		return
	}
	fmt.Fprintf(d.w, "%13s  %s─ connection %d of the proxy%s\n", "", strings.Repeat(" ", laneWidth-1), r.Conn&^trace.Behind, d.dealt(r))
}

// dealt names the server of a connection, where there are several.
func (d *drawer) dealt(r *trace.Record) string {
	n := d.log.Header.Servers
	if r.IsBehind() {
		n = d.log.Header.Behind.Servers
	}
	if k, known := d.survey.servers[r.Conn]; known && n > 1 {
		return fmt.Sprintf(", server %d", k+1)
	}
	return ""
}

// column puts a packet of a run with a proxy on its side.
func (d *drawer) column(r *trace.Record, arrow string) string {
	if d.log.Header.Behind == nil {
		return arrow
	}
	empty := strings.Repeat(" ", laneWidth-2)
	if r.IsBehind() {
		return "|" + empty + arrow
	}
	return arrow + empty + "|"
}

func dropped(flags uint16) string {
	switch {
	case flags&trace.DropQueue != 0:
		return "queue full"
	case flags&trace.DropListed != 0:
		return "dropped as listed"
	}
	return "lost"
}

// Label says what a segment is, in a few characters: "SYN", "data 1:1449", "FIN-ACK 402".
func Label(r *trace.Record) string {
	f := tcp.Flags(r.Flags & 31)
	again := ""
	if r.Flags&trace.Retransmitted != 0 {
		again = " again"
	}
	switch {
	case f&tcp.RST != 0:
		return "RST"
	case f&tcp.SYN != 0:
		return (f &^ tcp.PSH).String() + again
	case r.Len > 0:
		s := fmt.Sprintf("data %d:%d", r.Seq(), r.Seq()+r.Len)
		if f&tcp.FIN != 0 {
			s += " FIN"
		}
		return s + again
	case f&tcp.FIN != 0:
		return "FIN-ACK" + again
	}
	return fmt.Sprintf("ACK %d", r.Ack())
}

// header writes a message's text, indented to its side.
func (d *drawer) header(r *trace.Record, response bool) {
	text, req, margin := d.opt.Header, r.Req, 17
	if r.IsBehind() {
		text, req, margin = d.opt.BehindHeader, d.asks[r.Req], margin+laneWidth-1
	}
	if text == nil {
		return
	}
	if response {
		margin += 15
	}
	m := trace.Message{Name: d.name(req), Response: response, Status: d.survey.failed[r.Req], Served: d.served[r.Conn]}
	if response && r.Flags&trace.Aged != 0 {
		m.Served = 0
	}
	for _, l := range strings.Split(strings.TrimRight(text(m), "\r\n"), "\r\n") {
		fmt.Fprintf(d.w, "%s%s\n", strings.Repeat(" ", margin), shorten(l))
	}
}

func shorten(l string) string {
	const most = 72
	if len(l) > most {
		return fmt.Sprintf("%s… (%d characters)", l[:most-20], len(l))
	}
	return l
}

func (d *drawer) note(r *trace.Record, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if text == "" {
		return
	}
	d.line(r.At, "· "+text)
}

func (d *drawer) line(at sim.Time, text string) {
	d.lines++
	fmt.Fprintf(d.w, "%10s ms  %s\n", stamp(at), strings.TrimRight(text, " "))
}

// stamp is a time in milliseconds with three decimals, rounded down.
func stamp(t sim.Time) string {
	return fmt.Sprintf("%d.%03d", t/sim.Millisecond, t%sim.Millisecond/sim.Microsecond)
}
