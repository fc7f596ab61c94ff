package tell

import "keepalive/model/trace"

// acknowledges says up to where a pure acknowledgement says that all is there.
func (s *Teller) acknowledges(r *Run, f *trace.Flight) {
	g := f.Segment
	if r.Carries(f) != Ack || g.Flags&trace.ACK == 0 {
		return
	}
	last, fin := int64(g.Ack())-1, r.onFile().fin(1-sideOf(g.Actor), f.Conn)
	switch {
	case last == 0:
		s.Put(" It acknowledges the SYN-ACK.")
	case fin != 0 && g.Ack() == fin+1 && last == 1:
		s.Put(" It acknowledges the FIN.")
	case fin != 0 && g.Ack() == fin+1:
		s.Put(" It acknowledges everything up to byte ").Count(last - 1).Put(", and the FIN.")
	default:
		s.Put(" It acknowledges everything up to byte ").Count(last).Put(".")
	}
}

// released says what held a segment back, and what let it go: the event that could not have been later.
func (s *Teller) released(r *Run, g *trace.Record) {
	switch g.Limit() {
	case trace.LimitCwnd:
		s.Put(" The congestion window holds it back until ")
	case trace.LimitPeer:
		s.Put(" The receiver’s window holds it back until ")
	case trace.LimitNagle:
		s.Put(" Nagle’s rule holds it back until ")
	case trace.LimitDelayedAck:
		s.Put(" As a delayed acknowledgement it is held back until ")
	case trace.LimitRecovery:
		if s.repairs(r, g); g.Flags&trace.Retransmitted != 0 {
			return
		}
		s.Put(" A loss holds it back until ")
	default:
		s.atOnce(r, g)
		return
	}
	switch g.Cause() {
	case trace.CausePacket:
		if f := s.cause(r, g); f != nil {
			s.Put(" arrives at ").Instant(f.End()).Put(".")
		} else {
			s.Put(" arrives.")
		}
	case trace.CauseTimer:
		s.Put("its timer runs out.")
	default:
		s.Put("the program goes on.")
	}
}

// atOnce is about a segment that nothing held back.
func (s *Teller) atOnce(r *Run, g *trace.Record) {
	switch g.Cause() {
	case trace.CausePacket:
		s.Put(" It is released by ")
		if f := s.cause(r, g); f != nil && f.End() != g.At {
			s.Put(", which arrives at ").Instant(f.End())
		}
		s.Put(".")
	case trace.CauseTimer:
		s.Put(" It is sent because a timer runs out.")
	default:
		s.Put(" It is sent as soon as the program asks for it.")
	}
}

// repairs is about a segment that is sent again.
func (s *Teller) repairs(r *Run, g *trace.Record) {
	if g.Flags&trace.Retransmitted == 0 {
		return
	}
	switch g.Cause() {
	case trace.CausePacket:
		s.Put(" It repairs a loss, of which ")
		s.cause(r, g)
		s.Put(" tells.")
	case trace.CauseTimer:
		s.Put(" Its timer ran out: no acknowledgement had come.")
	default:
		s.Put(" It repairs a loss.")
	}
}

// cause names the packet that released a segment: "packet 12 (ACK)". It is nil if that is not on record.
func (s *Teller) cause(r *Run, g *trace.Record) *trace.Record {
	f, known := r.flight(g.CausePacketID())
	if !known {
		s.Put("a packet from behind the proxy")
		return nil
	}
	s.Number("packet", f.Pkt).Put(" (")
	s.what(r, &f)
	s.Put(")")
	return f.Record
}
