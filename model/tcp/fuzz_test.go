package tcp

import (
	"testing"

	"keepalive/sim"
)

// FuzzOneEnd lets an adversary choose what an end is told: segments of any kind, calls, and how time passes. Whatever it
// does, the end neither panics nor loses count of what is out.
func FuzzOneEnd(f *testing.F) {
	f.Add([]byte{0, 0, 1, 3, 2, 0, 3, 20, 2, 7, 1, 2, 9})
	f.Add([]byte{1, 0, 3, 1, 0, 0, 3, 2, 1, 0, 4, 9, 5, 0})
	f.Add([]byte{2, 0, 8, 9, 3, 3, 0, 0, 2, 2, 30, 3, 2, 1, 5, 7, 2, 200, 3, 2, 8, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg := Config{InitialWindow: 4, MSS: 1000, Header: 52, SYNHeader: 60, SlowStartAfterIdle: true}
		next := func() int64 {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int64(b)
		}
		setup := next()
		cfg.Congestion, cfg.Nagle, cfg.FastOpen = Congestion(setup&1), setup&2 != 0, setup&4 != 0
		if setup&8 != 0 {
			cfg.Tick, cfg.KeepAliveProbe = 4*sim.Millisecond, LinuxKeepAliveProbe
		}
		if setup&16 != 0 {
			cfg.ReceiveWindow = 16000
		}
		var box Outbox
		c := New(&cfg, &box)
		if setup&32 != 0 {
			c.Listen()
		} else {
			c.ConnectWrite(0, 1000*(setup>>6))
		}
		var now sim.Time
		for len(data) > 0 {
			switch op := next(); op % 8 {
			case 0, 1, 2, 3:
				s := segmentFrom(c, op, next)
				c.OnSegment(now, &s)
			case 4:
				c.Write(now, 250*next(), op&16 != 0)
			case 5:
				now += sim.Time(next()) * 10 * sim.Millisecond
			case 6:
				if d := c.Deadline(); d != sim.Never {
					now = max(now, d)
					c.OnTimer(now)
				}
			case 7:
				[]func(sim.Time){c.Close, c.CloseWrite, c.Abort}[op/8%3](now)
			}
			count(t, c)
			box.Reset()
		}
	})
}

// segmentFrom makes a segment that is more or less believable.
func segmentFrom(c *Conn, op int64, next func() int64) Segment {
	s := Segment{Seq: c.rcv.next, Ack: c.snd.una, Window: 100 * next(), Flags: ACK, TSVal: 1, TSEcr: uint32(next())}
	kind := next()
	if op&8 != 0 {
		s.Flags = Flags(kind & 31)
	}
	if kind&32 != 0 {
		s.Len = int32(500 * (next() % 4))
	}
	if kind&64 != 0 {
		s.Seq = max(0, s.Seq+500*(next()-8))
	}
	s.Ack = max(0, s.Ack+500*(next()%32-1))
	for kind&128 != 0 && s.Sacks < maxSacks && next()&1 != 0 {
		from := int32(500 * (next() - 4))
		s.Sack[s.Sacks] = Block{from, from + int32(500*(1+next()%8))}
		s.Sacks++
	}
	return s
}

// count holds the scoreboard's sums against its entries.
func count(t *testing.T, c *Conn) {
	t.Helper()
	var sacked, lost, again int32
	s := &c.snd
	for i := range s.ring.n {
		p := s.ring.at(i)
		if p.tag&tagSacked != 0 {
			sacked++
		}
		if p.tag&tagLost != 0 {
			lost++
		}
		if p.tag&tagAgain != 0 {
			again++
		}
	}
	if sacked != s.sacked || lost != s.lost || again != s.again {
		t.Fatalf("scoreboard: %d sacked, %d lost, %d again; counted %d, %d, %d", s.sacked, s.lost, s.again, sacked, lost, again)
	}
	if s.una > s.next || s.next > s.end || s.inFlight() < 0 || c.cc.cwnd < 1 && c.state == Established && !c.cc.reducing() {
		t.Fatalf("una %d next %d end %d in flight %d cwnd %d", s.una, s.next, s.end, s.inFlight(), c.cc.cwnd)
	}
}
