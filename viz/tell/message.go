package tell

import (
	"keepalive/model/trace"
	"keepalive/viz/draw"
)

// Message is an HTTP message of a run whose header text belongs to a choice. The text is made from the scenario:
// model.Config.MessageText.
type Message struct {
	Lane    int    `json:"lane"`
	Request uint32 `json:"request"`
	trace.Message
}

// Messages appends to buf the messages that a choice is about: the request or the response that a packet is of, both of a
// request that has been answered; at most two. A packet of several responses is of none, unless it completes one.
func (c Choice) Messages(runs []*Run, buf []Message) []Message {
	if c = Choose(runs, c.Ref); c.Kind == draw.Nothing {
		return buf
	}
	r := runs[c.Lane]
	switch c.Kind {
	case draw.Packet:
		f, _ := r.flight(c.Packet)
		req, response := r.messageOf(&f)
		if m, ok := r.message(req, response); ok {
			m.Lane = int(c.Lane)
			buf = append(buf, m)
		}
	case draw.Request:
		for _, response := range [...]bool{false, true} {
			if m, ok := r.message(c.Request, response); ok {
				m.Lane = int(c.Lane)
				buf = append(buf, m)
			}
		}
	default:
	}
	return buf
}

// messageOf is the request of the message that a packet is of; 0: it is of none, or of several.
func (r *Run) messageOf(f *trace.Flight) (req uint32, response bool) {
	switch carried := r.Carries(f); {
	case f.Segment == nil || f.Segment.Len == 0 || r.Controls(f.Pkt):
		return 0, false
	case carried == Request || carried == SYN && !f.IsDown():
		low, high := r.asked(f)
		if low != high {
			low = 0
		}
		return low, false
	case carried == Data:
		of := r.Responses(f)
		if of.Low == of.High {
			return of.Low, true
		}
		return of.Ends, true
	default:
		return 0, false
	}
}

// message is a request that was sent, or its response if it was answered.
func (r *Run) message(req uint32, response bool) (Message, bool) {
	m := Message{Request: req, Message: trace.Message{Name: r.nameOf(req), Response: response}}
	found := false
	for q := range r.told(r.onFile().requests.of(req)) {
		switch {
		case q.Kind == trace.RequestSending && !response:
			found = true
		case q.Kind == trace.ServerWrote && response:
			found = true
			if m.Served = r.ordinal(trace.ServerWrote, q.Conn, req); q.Flags&trace.Aged != 0 {
				m.Served = 0
			}
		case q.Kind == trace.RequestDone && response && trace.Status(q.Flags).Answered():
			m.Status = trace.Status(q.Flags)
		}
	}
	return m, found && m.Name.Path != ""
}
