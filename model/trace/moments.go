package trace

import (
	"slices"
	"sort"

	"keepalive/sim"
)

// Moments is a set of kinds of moments: instants of a run that are worth stopping at.
type Moments uint8

// The kinds of moments.
const (
	MomentHandshake Moments = 1 << iota // a handshake is complete, of TCP or of TLS
	MomentFirstByte                     // a client reads the first byte of a response
	MomentLoss                          // a packet is dropped, a server ignores one, or a retransmission timer runs out
	MomentTimer                         // a timeout ends something: keep-alive, idle, header, linger, a client's limits
	MomentClosed                        // the first end of a connection closes it, or gives it up
	MomentFailed                        // a request ends without what was asked for
	AnyMoment       = 1<<momentKinds - 1
)

const momentKinds = 6

// Moment is a record worth stopping at.
type Moment struct {
	*Record
	What Moments  // its kind
	Idle sim.Time // MomentClosed: how long the connection had been idle at the end that closes it; 0: it was not
	at   int32    // its position in Log.Records
}

// moments are the moments of a run, each kind in the order of time.
type moments struct {
	at   [momentKinds][]int32 // positions in Log.Records
	idle []sim.Time           // of those that close a connection
}

// talk is what the index has to know about a connection to tell when it closes and how long it was idle.
type talk struct {
	closed         bool
	client, server sim.Time // since when it is idle at this end, plus one; 0: it is not
}

// indexMoments finds the moments of x's log. What is behind a proxy is left out, as in State.
func (x *Index) indexMoments() {
	var talks []talk
	for i := range x.log.Records {
		r := &x.log.Records[i]
		if r.IsBehind() {
			continue
		}
		var t *talk
		if r.Conn != 0 && int(r.Conn) <= len(x.log.Records) { // connections are numbered in the order of their first record
			for len(talks) < int(r.Conn) {
				talks = append(talks, talk{})
			}
			t = &talks[r.Conn-1]
		}
		if k, ok := r.moment(t); ok {
			x.moments.add(i, k, r, t)
		}
		if t != nil {
			t.follow(r)
		}
	}
}

func (m *moments) add(i, k int, r *Record, t *talk) {
	m.at[k] = append(m.at[k], int32(i))
	if Moments(1)<<k == MomentClosed {
		m.idle = append(m.idle, t.idle(r))
		t.closed = true
	}
}

// idle is how long the connection that r closes has been idle at the end that closes it.
func (t *talk) idle(r *Record) sim.Time {
	since := t.client
	if IsServer(r.Actor) {
		since = t.server
	}
	if since == 0 {
		return 0
	}
	return r.At - (since - 1)
}

// follow notes when the connection falls idle, and when it is in use again.
func (t *talk) follow(r *Record) {
	switch r.Kind {
	case RequestDone:
		t.client = r.At + 1
	case RequestBound, RequestSending:
		t.client = 0
	case ServerWrote:
		t.server = r.At + 1
	case ServerQueued, ServerBegin:
		t.server = 0
	default:
	}
}

// moment is the number of r's kind of moment, if it is one. t is the connection that r is about, or nil.
func (r *Record) moment(t *talk) (int, bool) {
	switch {
	case r.Kind == ConnSecured, r.Kind == ConnState && !IsServer(r.Actor) && r.A == tcpSynSent && r.B == tcpEstablished:
		return 0, true
	case r.Kind == RequestFirstByte:
		return 1, true
	case r.Kind == Packet && r.IsDropped(), r.Kind == BacklogDrop, r.Kind == TimerFired && (r.Flags == TimerRTO || r.Flags == TimerSYN):
		return 2, true
	case r.Kind == TimerFired && r.Flags != TimerDelayedAck && r.Flags != TimerTimeWait:
		return 3, true
	case r.Kind == ConnState && t != nil && !t.closed && closes(r):
		return 4, true
	case r.Kind == RequestDone && Status(r.Flags) != OK:
		return 5, true
	default:
		return 0, false
	}
}

// Closes tells whether a MomentClosed is the orderly end of a connection: a FIN. Else it is dropped at once, with a reset or
// because it never came about.
func (m *Moment) Closes() bool { return m.B != tcpClosed }

// closes tells whether an end of a connection leaves the states in which it is opened and used.
func closes(r *Record) bool {
	return r.A > tcpListen && r.A <= tcpEstablished && (r.B > tcpEstablished || r.B == tcpClosed)
}

// NextMoment is when the first moment of the given kinds after t is.
func (x *Index) NextMoment(t sim.Time, kinds Moments) (sim.Time, bool) {
	next := sim.Never
	for k, at := range x.moments.at {
		if kinds&(1<<k) == 0 {
			continue
		}
		if i := x.until(at, t); i < len(at) {
			next = min(next, x.log.Records[at[i]].At)
		}
	}
	return next, next != sim.Never
}

// PrevMoment is when the last moment of the given kinds before t is.
func (x *Index) PrevMoment(t sim.Time, kinds Moments) (sim.Time, bool) {
	prev := sim.Time(-1)
	for k, at := range x.moments.at {
		if kinds&(1<<k) == 0 {
			continue
		}
		if i := x.until(at, t-1); i > 0 {
			prev = max(prev, x.log.Records[at[i-1]].At)
		}
	}
	return prev, prev >= 0
}

// MomentsAt fills buf with the first moments of the given kinds at exactly t, at most most of them, in the order of
// their records, and returns how many there are in all.
func (x *Index) MomentsAt(t sim.Time, kinds Moments, most int, buf []Moment) ([]Moment, int) {
	buf, all := buf[:0], 0
	for k, at := range x.moments.at {
		if kinds&(1<<k) == 0 {
			continue
		}
		from, to := x.until(at, t-1), x.until(at, t)
		all += to - from
		for i := from; i < min(to, from+most); i++ {
			m := Moment{Record: &x.log.Records[at[i]], What: 1 << k, at: at[i]}
			if m.What == MomentClosed {
				m.Idle = x.moments.idle[i]
			}
			buf = append(buf, m)
		}
	}
	slices.SortFunc(buf, func(a, b Moment) int { return int(a.at - b.at) })
	return buf[:min(len(buf), most)], all
}

// until is how many of the records at the given positions tell of t or earlier.
func (x *Index) until(at []int32, t sim.Time) int {
	return sort.Search(len(at), func(i int) bool { return x.log.Records[at[i]].At > t })
}
