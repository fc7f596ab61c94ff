package model

import (
	"slices"

	"keepalive/sim"
)

// A slow sender writes the head of its request in parts, with a pause between two, as slow networks and hostile clients do
// (Slowloris, 2009). The body goes along with the last part. Over TLS each part is a record of its own.

// parts is how many parts a request comes in. A proxy sends on what it has whole (nginx's proxy_request_buffering).
func (l *leg) parts(item *Item) int64 {
	if l != l.w.front() {
		return 1
	}
	return int64(max(item.Trickle.Parts, 1))
}

// part is how many bytes of plain text the k-th part of a request has, counted from 0.
func (l *leg) part(item *Item, k int64) int64 {
	head, n := int64(l.http.RequestHeaders), l.parts(item)
	size := head*(k+1)/n - head*k/n
	if k == n-1 {
		size += int64(item.Upload)
	}
	return max(size, 1)
}

// requestBytes is how many bytes a request has on its connection.
func (l *leg) requestBytes(item *Item) (n int64) {
	for k := range l.parts(item) {
		n += l.tls.Wrapped(l.part(item, k))
	}
	return n
}

// writeRequest writes a request, or the first part of one that comes slowly.
func (w *World) writeRequest(now sim.Time, c *conn, id uint32) {
	r := w.requests.at(id)
	r.parts = 0
	w.writePart(now, c, id)
}

// writePart writes the next part and sees to the one after it.
func (w *World) writePart(now sim.Time, c *conn, id uint32) {
	r := w.requests.at(id)
	if !slices.Contains(c.carried, id) { // the connection broke meanwhile
		return
	}
	l := c.leg()
	n := l.tls.Wrapped(l.part(r.item, int64(r.parts)))
	r.parts++
	w.write(now, c, clientSide, n, false)
	if int64(r.parts) < l.parts(r.item) {
		w.wake(now, r.item.Trickle.Every, evTrickle, c, id)
	}
}
