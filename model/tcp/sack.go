package tcp

import "keepalive/sim"

// tagSacked takes the blocks of a selective acknowledgement into the scoreboard (RFC 2018; tcp_sacktag_write_queue).
func (c *Conn) tagSacked(now sim.Time, s *Segment, prior int64, a *ack) {
	if c.snd.known == nil {
		c.snd.known = c.out.known.take()
		*c.snd.known = known{}
	}
	blocks := s.Sacks
	first := uint8(0)
	if b := s.block(0); b.from < s.Ack || blocks > 1 && b.from >= s.block(1).from && b.to <= s.block(1).to {
		c.onDuplicateReport(b, prior, a)
		first = 1
	}
	for i := first; i < blocks; i++ {
		c.tagBlock(now, s.Ack, s.block(int(i)), a)
	}
	*c.snd.known = known{}
	for i := first; i < blocks; i++ {
		c.snd.known[i] = s.block(int(i))
	}
}

// known is the runs that the last selective acknowledgement named. A sender has it only while anything is out: an
// Outbox keeps those not in use.
type known [maxSacks]span

// giveKnown returns it when nothing is out.
func (s *sender) giveKnown(o *Outbox) {
	if s.known != nil {
		o.known.give(s.known)
		s.known = nil
	}
}

// tagBlock tags the segments of one block, without the runs that the acknowledgement before has named already.
func (c *Conn) tagBlock(now sim.Time, acked int64, b span, a *ack) {
	for from := max(b.from, acked); from < b.to; {
		until := b.to
		for _, k := range c.snd.known {
			switch {
			case k.from <= from && from < k.to:
				from, until = k.to, k.to
			case k.from > from:
				until = min(until, k.from)
			}
		}
		c.tagRun(now, from, until, a)
		from = max(from, until)
	}
}

func (c *Conn) tagRun(now sim.Time, from, to int64, a *ack) {
	r := &c.snd.ring
	for i := r.find(from); i < r.n; i++ {
		p := r.at(i)
		if p.seq < from {
			continue
		}
		if p.end() > to {
			return
		}
		if p.tag&tagSacked == 0 {
			c.tagSegment(now, p, a)
		}
	}
}

// tagSegment notes that the peer has a segment, out of order (tcp_sacktag_one).
func (c *Conn) tagSegment(now sim.Time, p *sent, a *ack) {
	snd := &c.snd
	c.advance(now, p)
	switch {
	case p.tag&tagAgain != 0:
		if p.tag&tagLost != 0 { // else the copy is still under way
			p.tag &^= tagLost | tagAgain
			snd.lost--
			snd.again--
		}
	default:
		if p.tag&tagEver == 0 {
			if p.end() <= c.cc.highSeq {
				a.flags |= ackOriginal
			}
			if a.firstSack == 0 {
				a.firstSack = p.at
			}
			a.lastSack = p.at
		}
		if p.tag&tagLost != 0 {
			p.tag &^= tagLost
			snd.lost--
		}
	}
	p.tag |= tagSacked
	a.flags |= ackSacked
	snd.sacked++
	a.delivered++
}

// onDuplicateReport learns that a segment arrived twice (RFC 2883): a retransmission was needless.
func (c *Conn) onDuplicateReport(b span, prior int64, a *ack) {
	g := &c.cc
	a.flags |= ackDuplicate
	a.delivered++ // the needless copy
	if c.snd.probeSeq != 0 && b.to == c.snd.probeSeq {
		a.flags |= ackProbeDup
	}
	if g.undoMarker != 0 && g.undoAgain > 0 && b.to > g.undoMarker && b.to <= prior {
		g.undoAgain--
	}
	r := &c.snd.ring
	for i := r.find(b.from); i < r.n && r.at(i).end() <= b.to; i++ {
		p := r.at(i)
		if g.undoMarker != 0 && g.undoAgain > 0 && p.tag&(tagAgain|tagEver) != 0 && p.end() > g.undoMarker {
			g.undoAgain--
		}
		if p.tag&tagAgain != 0 && p.end() > c.snd.una {
			p.tag &^= tagAgain
			c.snd.again--
		}
	}
}
