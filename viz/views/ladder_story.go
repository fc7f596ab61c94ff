package views

import (
	"sort"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/tell"
)

// story is what happens at the two ends of a run, each list in the order of time.
type story struct {
	works []stay
	until []sim.Time // until[i] is the latest end of the works 0 to i
	idle  [2][]rest  // of the clients, of the servers
	marks []mark
}

// stay is a request at the server.
//
//	queued ·····  begin ████ waiting ▒▒▒▒▒▒ end: the response is written
type stay struct {
	queued, begin, waiting, end sim.Time
	req                         uint32
	row                         uint8 // beside those in work at the same time
}

// rest is a time in which nothing is in work at an end, and a connection is kept.
type rest struct{ from, to sim.Time }

// mark is something that happens at one end without a packet.
type mark struct {
	at     sim.Time
	server bool
	bad    bool
	words  string
	conn   uint32
}

// rows is how many works stand beside each other; further ones share the last row.
const rows = 3

// read looks at every record of a run once.
func read(r *tell.Run) *story {
	s, n := &story{}, narrator{at: map[uint32]int{}, kept: [2]map[uint32]int{{}, {}}, held: map[uint32]int{}, opening: map[uint32]bool{}, tls: r.TLS}
	log := r.Index.Log()
	for i := range log.Records {
		if q := &log.Records[i]; !q.IsBehind() {
			n.work(s, q)
			n.rest(s, q)
			s.mark(q)
		}
	}
	for i := range s.idle {
		if k := len(s.idle[i]) - 1; k >= 0 && n.resting[i] {
			s.idle[i][k].to = log.Header.Ended
		}
	}
	s.align(log.Header.Ended)
	return s
}

// narrator is what has to be remembered while a story is read.
type narrator struct {
	at      map[uint32]int    // the work of a request that is not done
	wanted  int               // requests that are not done
	kept    [2]map[uint32]int // idle connections by actor
	held    map[uint32]int    // connections with a request in work, by server
	sum     [2]int            // of kept
	working int               // of held
	opening map[uint32]bool   // connections that the server has accepted and TLS has not secured
	tls     bool
	resting [2]bool
}

func (n *narrator) work(s *story, r *trace.Record) {
	if r.Kind == trace.ServerQueued {
		n.at[r.Req] = len(s.works)
		s.works = append(s.works, stay{queued: r.At, begin: sim.Never, waiting: sim.Never, end: sim.Never, req: r.Req})
		return
	}
	k, is := n.at[r.Req]
	if !is {
		return
	}
	w := &s.works[k]
	switch r.Kind {
	case trace.ServerBegin:
		w.begin = r.At
	case trace.ServerWaiting:
		w.waiting = r.At
	case trace.ServerWrote, trace.RequestDone:
		w.end = r.At
		delete(n.at, r.Req)
	default:
	}
}

func (n *narrator) rest(s *story, r *trace.Record) {
	switch r.Kind {
	case trace.RequestWanted:
		n.wanted++
	case trace.RequestDone:
		n.wanted--
	case trace.PoolSize:
		n.keep(0, r.Actor, trace.Lo(r.A))
	case trace.ServerConns:
		n.keep(1, r.Actor, trace.Lo(r.B))
		n.working += trace.Hi(r.B) - n.held[r.Actor]
		n.held[r.Actor] = trace.Hi(r.B)
	case trace.ConnState, trace.ConnSecured:
		if trace.IsServer(r.Actor) && n.tls && r.Kind == trace.ConnState && r.B == established {
			n.opening[r.Conn] = true
		} else if trace.IsServer(r.Actor) || r.Kind == trace.ConnSecured {
			delete(n.opening, r.Conn)
		}
	default:
		return
	}
	for i, is := range [2]bool{n.wanted == 0 && n.sum[0] > 0, n.working == 0 && n.sum[1] > len(n.opening)} {
		if is == n.resting[i] {
			continue
		}
		list, last := s.idle[i], len(s.idle[i])-1
		switch n.resting[i] = is; {
		case !is && list[last].from == r.At:
			list = list[:last]
		case !is:
			list[last].to = r.At
		case last < 0 || list[last].to < r.At:
			list = append(list, rest{from: r.At, to: sim.Never})
		}
		s.idle[i] = list
	}
}

// established is trace.ConnState's number of an open end.
const established = 4

func (n *narrator) keep(side int, actor uint32, count int) {
	n.sum[side] += count - n.kept[side][actor]
	n.kept[side][actor] = count
}

// mark notes what happens without a packet.
func (s *story) mark(r *trace.Record) {
	m := mark{at: r.At, server: trace.IsServer(r.Actor), conn: r.Conn}
	switch {
	case r.Kind == trace.TimerFired:
		m.words, m.bad = timers[r.Flags].words, timers[r.Flags].bad
	case r.Kind == trace.Segment && r.Flags&trace.Retransmitted != 0 && r.Cause() == trace.CauseTimer:
		m.words, m.bad = "retransmission timer", true
		if r.Flags&trace.SYN != 0 {
			m.words = "SYN timer"
		}
	case r.Kind == trace.BacklogDrop:
		m.words, m.bad, m.server = [...]string{trace.DroppedSYN: "SYN ignored", trace.DroppedFinalACK: "ACK ignored", trace.DroppedHalfOpen: "SYN ignored"}[r.Flags%3], true, true
	case r.Kind == trace.ServerLimit:
		m.words, m.bad, m.server = "turned away", true, true
	case r.Kind == trace.RequestDone && trace.Status(r.Flags) != trace.OK:
		m.words, m.bad, m.server = failed[trace.Status(r.Flags)], true, false
	}
	if m.words != "" {
		s.marks = append(s.marks, m)
	}
}

// timers are those that are marked when they run out. Of those that send something again the segment tells.
var timers = [...]struct {
	words string
	bad   bool
}{
	trace.TimerServerIdle: {"keep-alive timeout", false},
	trace.TimerClientIdle: {"idle timeout", false}, trace.TimerHeader: {"header timeout", false}, trace.TimerLinger: {"lingering ends", false},
	trace.TimerConnect: {"connect timeout", true}, trace.TimerRequest: {"request timeout", true},
}

var failed = [...]string{
	trace.Reset: "fails: reset", trace.Refused: "fails: refused", trace.Timeout: "fails: timeout", trace.NoPort: "fails: no port free",
	trace.BadGateway: "fails: 502", trace.GatewayTimeout: "fails: 504",
}

// align ends what has no end, and puts works that overlap beside each other.
func (s *story) align(ended sim.Time) {
	var busy [rows]sim.Time
	for i := range s.works {
		w := &s.works[i]
		if w.end == sim.Never {
			w.end = ended
		}
		w.begin = min(w.begin, w.end)
		w.waiting = min(max(w.waiting, w.begin), w.end)
		k := 0
		for k < rows-1 && busy[k] > w.queued {
			k++
		}
		busy[k], w.row = max(busy[k], w.end), uint8(k)
		s.until = append(s.until, w.end)
		if i > 0 {
			s.until[i] = max(s.until[i], s.until[i-1])
		}
	}
}

// working are the works that may be seen between two times.
func (s *story) working(from, to sim.Time) []stay {
	a := sort.Search(len(s.until), func(i int) bool { return s.until[i] >= from })
	b := sort.Search(len(s.works), func(i int) bool { return s.works[i].queued > to })
	return s.works[min(a, b):b]
}

// resting are the rests of a side that may be seen.
func (s *story) resting(side int, from, to sim.Time) []rest {
	list := s.idle[side]
	a := sort.Search(len(list), func(i int) bool { return list[i].to >= from })
	b := sort.Search(len(list), func(i int) bool { return list[i].from > to })
	return list[min(a, b):b]
}

// marked are the marks between two times.
func (s *story) marked(from, to sim.Time) []mark {
	a := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].at >= from })
	b := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].at > to })
	return s.marks[min(a, b):b]
}
