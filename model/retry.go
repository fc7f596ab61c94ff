package model

import (
	"slices"

	"keepalive/model/http1"
	"keepalive/model/trace"
	"keepalive/sim"
)

// abandon takes c out of the pool, and the requests that it will not answer off it: each gets another try, if it may.
func (w *World) abandon(now sim.Time, c *conn, status trace.Status) { w.giveUp(now, c, status, 0) }

// giveUp is abandon for a connection that is given up because the time for request late is over.
func (w *World) giveUp(now sim.Time, c *conn, status trace.Status, late uint32) {
	unsent := slices.Clone(c.toSend)
	c.toSend, c.marks = c.toSend[:0], c.marks[:0]
	c.origin.forget(c)
	if len(c.carried) == 0 {
		return
	}
	head := true
	var again, failed []uint32
	for _, id := range slices.Clone(c.carried) {
		if slices.Contains(c.toRead, id) {
			continue
		}
		c.drop(id)
		untouched := !head || c.isH2() || c.down.HeadBytes(c.ends[clientSide].tcp.Received()) <= c.leg().tls.CloseNotify() // an alert is no answer
		head = false
		if c.stale && status == trace.Reset && c.answered > 0 && untouched && w.requests.at(id).stage == wanted && !slices.Contains(unsent, id) {
			w.recordRequest(now, trace.RequestStale, id, c)
		}
		if id != late && w.mayRetry(id, c.used > 1 && untouched) {
			again = append(again, id)
		} else {
			failed = append(failed, id)
		}
	}
	for _, id := range slices.Backward(again) {
		w.retry(now, id)
	}
	for _, id := range failed {
		why := status
		if id == late {
			why = trace.Timeout
		}
		w.failRequest(now, id, c, why)
	}
}

// mayRetry tells whether a request whose connection broke may be sent again. Lost is one that the server surely did not
// answer: it came too late for a kept connection (RFC 9110, 9.2.2; Go's persistConn.shouldRetryRequest).
func (w *World) mayRetry(id uint32, lost bool) bool {
	r := w.requests.at(id)
	cfg := w.client(r.client).leg.client
	switch {
	case int(r.attempts) > cfg.Retries || cfg.Retry == RetryNever:
		return false
	case cfg.Retry == RetryAlways:
		return true
	}
	return lost && http1.Idempotent(r.item.Method)
}

// retry gives a request another try, at once or when its time has come: the time doubles with each, and a drawn one is
// uniform below that (the "full jitter" of the AWS Architecture Blog, Exponential Backoff And Jitter, 2015).
func (w *World) retry(now sim.Time, id uint32) {
	r := w.requests.at(id)
	wait := w.client(r.client).leg.client.Backoff
	wait.To = min(wait.To<<min(max(r.attempts, 1)-1, 20), maxBackoff)
	if d := draw(wait, &w.jitter); d > 0 {
		w.eng.At(now+d, w.self, evRetry, int64(id))
		return
	}
	w.originOf(id).waiting.pushFront(id)
}

// maxBackoff keeps doubled times within what a clock can count.
const maxBackoff = sim.Hour

// onRetry goes on with a request that has waited before its next try.
func (w *World) onRetry(now sim.Time, id uint32) {
	r := w.requests.at(id)
	if r.ended {
		return
	}
	o := w.originOf(id)
	o.waiting.pushFront(id)
	o.pump(now)
}

func (w *World) failRequest(now sim.Time, id uint32, c *conn, status trace.Status) {
	w.endRequest(now, id, c, status, 0)
	w.clientOf(id).onEnded(now, id)
}

func (w *World) endRequest(now sim.Time, id uint32, c *conn, status trace.Status, bytes int64) {
	r := w.requests.at(id)
	r.ended, r.status = true, status
	conn := uint32(0)
	if c != nil {
		conn = c.id
	}
	w.record(trace.Record{Kind: trace.RequestDone, Flags: uint16(status), Actor: r.client, Conn: conn, Req: id,
		Len: uint32(min(bytes, 1<<32-1)), A: int64(r.attempts)})
}

// deadline is when a request must have ended.
type deadline struct {
	at  sim.Time
	req uint32
}

// deadlines are those of a leg's requests. All have the same time, so they are due in the order in which they were wanted,
// and one event in the engine serves them all.
type deadlines struct {
	due   ring[deadline]
	armed bool
}

// limit gives a request a time that it may take, if the leg's clients have one.
func (l *leg) limit(now sim.Time, id uint32) {
	w, q := l.w, &l.deadlines
	if l.client.Timeout == 0 {
		return
	}
	for q.due.len() > 0 && w.requests.at(q.due.at(0).req).ended {
		q.due.pop()
	}
	d := deadline{now + l.client.Timeout, id}
	q.due.push(d)
	if !q.armed {
		q.armed = true
		w.eng.At(d.at, w.self, evDeadline, int64(slices.Index(w.legs, l)))
	}
}

// onDeadline ends the requests whose time is over.
func (w *World) onDeadline(now sim.Time, l *leg) {
	q := &l.deadlines
	for q.due.len() > 0 {
		d := *q.due.at(0)
		ended := w.requests.at(d.req).ended
		if !ended && d.at > now {
			w.eng.At(d.at, w.self, evDeadline, int64(slices.Index(w.legs, l)))
			return
		}
		q.due.pop()
		if !ended {
			w.expire(now, d.req)
		}
	}
	q.armed = false
}

// expire ends a request wherever it is: without a connection, while its own is opened, or on one, which the client then
// closes; with HTTP/2 it closes the stream alone.
func (w *World) expire(now sim.Time, id uint32) {
	r := w.requests.at(id)
	o := w.originOf(id)
	if r.slot == 0 {
		w.recordTimer(trace.TimerRequest, r.client, 0, id)
		o.waiting.remove(id)
		w.failRequest(now, id, nil, trace.Timeout)
		w.recordPool(now, o.client)
		return
	}
	c := w.conns[r.slot-1]
	if slices.Contains(c.toRead, id) {
		return // the response is there
	}
	w.recordTimer(trace.TimerRequest, r.client, c.id, id)
	switch {
	case c.owner == id:
		o.disown(c)
		o.waiting.pop()
		o.opening--
		o.forget(c)
		w.shut(now, c, clientSide)
		w.failRequest(now, id, nil, trace.Timeout) // the connection was not refused
	case c.isH2():
		w.cancel(now, c, id)
	default:
		o.forget(c)
		w.shut(now, c, clientSide)
		w.giveUp(now, c, trace.Reset, id)
	}
	o.pump(now)
	w.recordPool(now, o.client)
	w.retire(c)
}

// cancel takes a request off an HTTP/2 connection, which stays (RFC 9113, 8.1: CANCEL).
func (w *World) cancel(now sim.Time, c *conn, id uint32) {
	if i := slices.Index(c.toSend, id); i >= 0 {
		c.toSend = slices.Delete(c.toSend, i, i+1)
	}
	c.marks = slices.DeleteFunc(c.marks, func(m mark) bool { return m.req == id })
	c.drop(id)
	w.endRequest(now, id, c, trace.Timeout, 0)
	c.h2.ends[clientSide].Cancel(id)
	w.pumpH2(now, c, clientSide)
	w.afterResponse(now, c)
	w.clientOf(id).onEnded(now, id)
}

func (w *World) recordTimer(timer uint16, actor, conn, req uint32) {
	w.record(trace.Record{Kind: trace.TimerFired, Flags: timer, Actor: actor, Conn: conn, Req: req})
}
