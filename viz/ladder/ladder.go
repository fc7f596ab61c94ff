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
	// Header gives the text of a message when its first packet is sent; nil: none is shown. Served counts the
	// requests on the connection, from 1.
	Header func(name trace.Name, response bool, served int) string
	// TLS and H2 are how the run's connections speak: they name what no record does.
	TLS tls.Config
	H2  bool
}

const laneWidth = 44

// Write draws log.
func Write(w io.Writer, log *trace.Log, opt Options) error {
	d := drawer{w: bufio.NewWriter(w), log: log, opt: opt, served: map[uint32]int{}, survey: look(log, &opt.TLS)}
	fmt.Fprintf(d.w, "%s · %s\n", log.Header.Scenario, log.Header.Variant)
	fmt.Fprintf(d.w, "%13s  client%sserver\n", "", strings.Repeat(" ", laneWidth-8))
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
	packet trace.Record   // the latest
	served map[uint32]int // requests by connection
	last   uint32         // connection of the line before
	survey survey
}

func (d *drawer) record(r *trace.Record) {
	if d.opt.Connection != 0 && r.Conn != d.opt.Connection && r.Conn != 0 {
		return
	}
	d.survey.follow(r)
	switch r.Kind {
	case trace.Packet:
		d.packet = *r
	case trace.Segment:
		d.segment(r)
	case trace.RequestSending:
		d.served[r.Conn]++
		d.note(r, "request %d: %s %s", r.Req, d.name(r.Req).Method, d.name(r.Req).Path)
		d.header(r, false)
	case trace.ServerWrote:
		d.header(r, true)
	case trace.RequestDone:
		d.note(r, "request %d ended: %s, %d bytes", r.Req, trace.Status(r.Flags), r.Len)
	case trace.TimerFired:
		d.note(r, "%s", timerName(r.Flags))
	case trace.BacklogDrop:
		d.note(r, "%s", [...]string{trace.DroppedSYN: "the server's accept queue is full: SYN ignored",
			trace.DroppedFinalACK: "the server's accept queue is full: final ACK ignored",
			trace.DroppedHalfOpen: "the server's SYN queue is full: SYN ignored"}[r.Flags])
	case trace.SYNCookie:
		d.note(r, "the server's SYN queue is full: it answers with a cookie and remembers nothing")
	}
}

func timerName(f uint16) string {
	return map[uint16]string{trace.TimerServerIdle: "the server's keep-alive timeout ran out",
		trace.TimerClientIdle: "the client's idle timeout ran out"}[f]
}

func (d *drawer) name(req uint32) trace.Name {
	if req == 0 || int(req) > len(d.log.Header.Requests) {
		return trace.Name{}
	}
	return d.log.Header.Requests[req-1]
}

// segment draws one packet.
func (d *drawer) segment(r *trace.Record) {
	if r.Conn != d.last {
		d.last = r.Conn
		fmt.Fprintf(d.w, "%13s  ─ connection %d, client %d\n", "", r.Conn, d.packet.Actor)
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
	d.line(r.At, arrow+" "+right)
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
	if d.opt.Header == nil {
		return
	}
	margin := strings.Repeat(" ", 17)
	if response {
		margin = strings.Repeat(" ", 32)
	}
	text := d.opt.Header(d.name(r.Req), response, d.served[r.Conn])
	for _, l := range strings.Split(strings.TrimRight(text, "\r\n"), "\r\n") {
		fmt.Fprintf(d.w, "%s%s\n", margin, shorten(l))
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
