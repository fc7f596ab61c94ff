package lab

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// walker goes back in time from an end and books what it passes.
type walker struct {
	h       *history
	at      sim.Time // everything later is booked
	from    sim.Time // nothing earlier is
	account Account
}

// book gives the time since to, up to where the walk stands, to c. It goes nowhere if to is unknown.
func (w *walker) book(c Cause, to sim.Time) {
	if to == unknown {
		return
	}
	if to = max(to, w.from); to < w.at {
		w.account.Spent[c] += w.at - to
		w.at = to
	}
}

// request walks from a request's end to the moment it was wanted.
func (w *walker) request(id uint32) Account {
	q := &w.h.requests[id]
	w.toBinding(q)
	w.lookup(id)
	w.book(Blocked, q.wanted)
	return w.account
}

// run walks from a request's end to time 0: to the request that made it possible, and so on.
func (w *walker) run(id uint32) Account {
	for id != 0 {
		q := &w.h.requests[id]
		w.toBinding(q)
		next := w.predecessor(q, id)
		if next != 0 && w.h.requests[next].order >= q.order {
			next = 0
		}
		id = next
	}
	w.book(Gap, 0)
	return w.account
}

// toBinding walks from a request's end to the first connection it was given, and over the opening of that connection.
func (w *walker) toBinding(q *requestHistory) {
	switch {
	case q.bound.conn == 0:
		w.neverBound(q)
		return
	case !q.status.Answered():
		w.book(Recovery, q.bound.at)
	default:
		w.exchange(q)
	}
	b := q.bound
	for i := len(q.earlier) - 1; i >= 0; i-- {
		w.opening(&b, q.earlier[i].at)
		b = q.earlier[i]
		w.book(Recovery, b.at) // the attempt was in vain
	}
	w.opening(&b, q.wanted)
}

// neverBound books a request that failed without a connection.
func (w *walker) neverBound(q *requestHistory) {
	switch q.status {
	case trace.Timeout:
		w.book(Recovery, q.wanted)
	case trace.NoPort:
		w.book(Blocked, q.wanted)
	default:
		w.book(Handshake, q.wanted)
	}
}

// lookup books the part of the wait for a connection in which the client looked the host's name up.
func (w *walker) lookup(id uint32) {
	if k := w.h.lookup(id); k != nil && k.to > w.h.requests[id].wanted && k.from < w.at {
		w.book(Blocked, k.to)
		w.book(DNS, k.from)
	}
}

// predecessor goes on to the request whose end made q possible, and books what lies between. 0: nothing did.
func (w *walker) predecessor(q *requestHistory, id uint32) uint32 {
	b := q.bound
	if len(q.earlier) > 0 {
		b = q.earlier[0]
	}
	switch {
	case b.conn == 0:
	case b.reused:
		if p := w.h.madeRoom(&b); p != 0 && w.h.requests[p].done > q.wanted {
			w.book(Host, w.h.requests[p].done)
			return p
		}
	case b.opened > q.wanted:
		return w.opener(q, id, b.order)
	}
	w.lookup(id)
	w.book(Blocked, q.wanted)
	return w.trigger(q)
}

// opener explains why the client began to open q's connection now: it knew the address at last, a request was wanted
// (not always q: a connection goes to the oldest that waits), or the end of another made room. Order is where the log says that q got the connection.
func (w *walker) opener(q *requestHistory, id uint32, order int32) uint32 {
	if k := w.h.lookup(id); k != nil && k.to == w.at {
		w.book(DNS, k.from)
	}
	if other := w.h.wantedAt(q.client, w.at, order); other != 0 {
		return w.trigger(&w.h.requests[other])
	}
	if other := w.h.endedAt(q.client, w.at, order); other != 0 {
		return other
	}
	w.book(Blocked, q.wanted)
	return w.trigger(q)
}

// trigger books the idle time before q was wanted and goes on to the request that it followed.
func (w *walker) trigger(q *requestHistory) uint32 {
	if q.cause == 0 {
		return 0
	}
	w.book(Gap, q.wanted-q.gap)
	w.book(Host, w.h.requests[q.cause].done)
	return q.cause
}

// exchange walks from the end of a request to the moment it was given its connection.
func (w *walker) exchange(q *requestHistory) {
	if q.responsePkt != 0 {
		w.message(q.responsePkt, q.wrote, naming{travel: Propagation, wire: Serialisation, pauses: Host})
	}
	if q.proxied != 0 {
		w.behind(w.h.request(q.proxied))
	}
	if q.waiting != unknown {
		w.book(ServerQueue, q.waiting+q.pause) // behind answers that had to go first
	}
	w.book(ServerTime, q.waiting)
	w.book(ServerCPU, q.begin)
	if q.queued != unknown {
		w.book(ServerQueue, min(q.begin, q.queued+w.h.wakes(q)))
		w.book(Host, q.queued)
	}
	if q.requestPkt != 0 {
		w.message(q.requestPkt, q.sending, naming{travel: Propagation, wire: SendRequest, pauses: SendRequest})
	}
	w.book(Host, q.bound.at)
}

// behind walks over what a proxy did for a request: from the end of its own request, after which the answer may have
// waited for those before it, to the moment it wanted it.
func (w *walker) behind(own *requestHistory) {
	if !own.ended || own.done > w.at {
		return
	}
	w.book(ServerQueue, own.done)
	floor := w.from
	w.from = max(floor, own.wanted)
	w.toBinding(own)
	w.book(Blocked, own.wanted)
	w.from = floor
}
