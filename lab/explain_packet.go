package lab

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// naming says what a message's packets count as.
type naming struct {
	travel Cause // on their way
	wire   Cause // leaving their host
	pauses Cause // what lies between its program's writes, if it writes in parts
}

// message walks from the arrival of a message's last packet to written, the moment the program wrote the message.
func (w *walker) message(pkt uint32, written sim.Time, n naming) {
	w.book(Host, w.h.packet(pkt).End())
	w.unopened(pkt, w.transfer(pkt, written, n), written)
	w.book(n.pauses, written)
}

// unopened walks over the handshake that a message had to wait for on a connection that carries data before it is open
// (RFC 7413): the message's first copy was on the SYN, which was lost, or it was written after the SYN and went with the
// handshake's last step. It walks back to when the message was written. pkt carried it, first is its first packet.
func (w *walker) unopened(pkt, first uint32, written sim.Time) {
	list := w.h.of(w.h.packet(pkt).Conn).syn[0]
	by := w.h.segment(first).CausePacketID()
	waited := by != 0 && by < first && w.h.segment(by).Flags&trace.SYN != 0
	for i := len(list) - 1; i >= 0 && w.at > written; i-- {
		at := w.h.packet(list[i]).At
		if at >= w.at || at < written && !waited {
			continue
		}
		c := Recovery
		if i == len(list)-1 {
			c = Handshake
		}
		w.book(c, max(at, written))
	}
}

// transfer walks from the arrival of a message's last packet to the moment its first one was sent, or to written. It
// returns the packet that it came to.
func (w *walker) transfer(pkt uint32, written sim.Time, n naming) uint32 {
	w.book(n.travel, w.h.left(w.h.packet(pkt)))
	for {
		pkt = w.leaving(pkt, n)
		s, before := w.h.segment(pkt), w.h.previous(pkt)
		if s.Flags&trace.Retransmitted != 0 {
			before = w.h.original(pkt)
		}
		if s.Cause() == trace.CauseApp || before == 0 || w.at <= written {
			return pkt
		}
		since := w.h.left(w.h.packet(before))
		w.idle(s, max(since, written))
		if since <= written {
			return pkt
		}
		pkt = before
	}
}

// leaving walks from the last bit of pkt on the wire to the moment its host sent it. Packets of the same message that
// were in its way are part of the walk: it goes on with the first of them that found the wire free. Others made it queue.
func (w *walker) leaving(pkt uint32, n naming) uint32 {
	r := w.h.packet(pkt)
	w.book(n.wire, r.Start())
	for q := w.h.before[pkt]; q != 0 && w.at > r.At; q = w.h.before[q] {
		p := w.h.packet(q)
		switch same := p.Conn == r.Conn; {
		case same && p.Req == r.Req && w.h.segment(q).Len > 0 && w.h.segment(pkt).Len > 0:
			pkt, r = q, p
			w.book(n.wire, p.Start())
		case same && p.Req == r.Req:
			w.book(n.wire, max(p.Start(), r.At))
		case same && p.Req == 0: // the last packet of the handshake
			w.book(Handshake, max(p.Start(), r.At))
		default:
			w.book(Queueing, max(p.Start(), r.At))
		}
	}
	w.book(Queueing, r.At)
	return pkt
}

// idle books the time since the sender's last packet left, during which something held s back.
func (w *walker) idle(s *trace.Record, since sim.Time) {
	c := Host
	switch s.Limit() {
	case trace.LimitCwnd:
		c = SlowStart
	case trace.LimitPeer:
		c = PeerWindow
	case trace.LimitRecovery:
		c = Recovery
	case trace.LimitNagle:
		c = AckDelay
	case trace.LimitNone, trace.LimitDelayedAck:
	}
	if s.Cause() == trace.CausePacket && c != Recovery {
		w.heldBack(s.CausePacketID(), c, since)
	}
	w.book(c, since)
}

// heldBack books the part of the sender's idling, otherwise c, in which the acknowledgement it waited for was held back by
// the receiver: from the arrival of the data to the timer that sent the acknowledgement.
func (w *walker) heldBack(ack uint32, c Cause, since sim.Time) {
	if ack == 0 || int(ack) >= len(w.h.at) || w.h.segment(ack).Limit() != trace.LimitDelayedAck {
		return
	}
	r := w.h.packet(ack)
	data := w.h.lastArrival(w.h.of(r.Conn).data[1-direction(r)], r.At)
	if data == 0 {
		return
	}
	w.book(c, max(r.At, since))
	w.book(AckDelay, max(w.h.packet(data).End(), since))
}

// opening walks over the handshake of a new connection, no further back than floor.
func (w *walker) opening(b *binding, floor sim.Time) {
	if b.reused || b.opened <= floor {
		return
	}
	w.book(Blocked, b.secured)
	w.securing(b)
	n := naming{travel: Handshake, wire: Handshake}
	c := w.h.of(b.conn)
	w.account.Handshakes++
	for pkt := w.firstArrival(c.syn[1], b.opened); pkt != 0; {
		r := w.h.packet(pkt)
		w.book(Host, r.End())
		w.book(n.travel, w.h.left(r))
		w.leaving(pkt, n)
		pkt = w.beforeSYN(c, pkt)
	}
	w.book(Host, b.began)
}

// securing walks over the flights of a TLS handshake, from the last that the client needed back to its hello. What hosts
// compute in between belongs to it.
func (w *walker) securing(b *binding) {
	c := w.h.of(b.conn)
	first := uint32(1<<32 - 1) // packet of the flight walked last
	for down := 1; w.at > b.opened; down = 1 - down {
		pkt := w.h.lastArrival(c.data[down], w.at)
		if pkt >= first {
			pkt = earlier(c.data[down], first)
		}
		if pkt == 0 || w.h.packet(pkt).At < b.opened {
			break
		}
		w.book(TLS, w.h.packet(pkt).End())
		first = w.transfer(pkt, b.opened, naming{travel: TLS, wire: TLS})
	}
	w.book(TLS, b.opened)
}

// beforeSYN goes on from a SYN or SYN-ACK, now leaving its host, to the packet that came before it in the handshake.
func (w *walker) beforeSYN(c *connHistory, pkt uint32) uint32 {
	r, s := w.h.packet(pkt), w.h.segment(pkt)
	if by := s.CausePacketID(); r.IsDown() && s.Cause() == trace.CausePacket && by < pkt {
		return by
	}
	list := c.syn[direction(r)]
	for p := earlier(list, pkt); p != 0; p = earlier(list, p) { // each time-out since the first
		w.book(Recovery, w.h.packet(p).At)
		pkt = p
	}
	if by := w.h.segment(pkt).CausePacketID(); r.IsDown() && by < pkt {
		return by
	}
	return 0
}

// firstArrival is the packet of list that arrived first, if it did by t; 0: none did.
func (w *walker) firstArrival(list []uint32, t sim.Time) uint32 {
	for _, p := range list {
		if r := w.h.packet(p); !r.IsDropped() {
			if r.End() <= t {
				return p
			}
			return 0
		}
	}
	return 0
}
