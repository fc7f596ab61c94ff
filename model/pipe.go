package model

import (
	"keepalive/model/tcp"
	"keepalive/model/trace"
	"keepalive/sim"
)

// wire turns bytes into time. Fractions of a nanosecond are carried while it stays busy and dropped when it goes idle,
// so that N packets in a row take exactly their total.
type wire struct {
	rate Rate
	byte sim.Time // time per byte, if it is a whole number of nanoseconds; else 0
	free sim.Time // when the last bit sent has left
	rest int64    // fraction of a nanosecond beyond free, in units of 1/rate
}

const bitNanos = 8 * int64(sim.Second) // the nanoseconds per byte of a wire of 1 bit/s

func newWire(r Rate) wire {
	w := wire{rate: r}
	if r > 0 && bitNanos%int64(r) == 0 {
		w.byte = sim.Time(bitNanos / int64(r))
	}
	return w
}

// send puts b on the wire at now and returns when its first bit enters and when its last bit has left.
func (w *wire) send(now sim.Time, b Bytes) (start, end sim.Time) {
	if w.rate == 0 {
		return now, now
	}
	start = max(now, w.free)
	if w.byte != 0 {
		w.free = start + w.byte*sim.Time(b)
		return start, w.free
	}
	if now > w.free {
		w.rest = 0
	}
	total := int64(b)*bitNanos + w.rest
	w.free = start + sim.Time(total/int64(w.rate))
	w.rest = total % int64(w.rate)
	return start, w.free
}

// flight is a packet between two hosts.
type flight struct {
	seg    tcp.Segment
	start  sim.Time // its first bit enters the wire
	arrive sim.Time
	size   Bytes
	slot   int32 // the connection
	pkt    uint32
}

// pipe is one direction of a path: a drop-tail queue, a wire and a distance. It keeps its packets in a ring and one
// pending event in the engine.
type pipe struct {
	w     *World
	id    sim.ID
	down  bool
	actor uint32
	wire  wire
	delay sim.Time
	queue Queue
	loss  PPB
	luck  sim.Rand
	drops []int // sorted packet numbers still to drop
	count int   // packets that arrived at the queue so far

	ring    []flight // length a power of two
	head, n int
	next    int   // ring position, relative to head, of the first packet that may still wait
	waiting Bytes // bytes that wait, when the queue is limited by bytes
}

// put takes a packet of size bytes from a host at now.
func (p *pipe) put(now sim.Time, seg *tcp.Segment, size Bytes, c *conn, pkt uint32) {
	p.count++
	if why := p.verdict(now, size); why != 0 {
		p.w.recordPacket(p, c, size, why, now, now, now)
		return
	}
	start, end := p.wire.send(now, size)
	arrive := end + p.delay
	p.w.recordPacket(p, c, size, 0, now, start, arrive)
	f := p.push()
	f.seg, f.start, f.arrive, f.size, f.slot, f.pkt = *seg, start, arrive, size, c.slot, pkt
	c.flying++
	p.waiting += size
	if p.n == 1 {
		p.w.eng.At(arrive, p.id, 0, 0)
	}
}

// verdict decides whether a packet that arrives now falls: by the scenario's list, by chance, or because the queue is full.
func (p *pipe) verdict(now sim.Time, size Bytes) uint16 {
	listed := len(p.drops) > 0 && p.drops[0] == p.count
	if listed {
		p.drops = p.drops[1:]
	}
	lost := p.loss > 0 && p.luck.Chance(int64(p.loss))
	switch {
	case listed:
		return trace.DropListed
	case lost:
		return trace.DropLoss
	case p.full(now, size):
		return trace.DropQueue
	}
	return 0
}

// full tells whether a packet finds no place. What may still wait is an upper bound of what does: only where it reaches
// the limit need those be counted that have left.
func (p *pipe) full(now sim.Time, size Bytes) bool {
	return !p.fits(size) && p.fullAt(now, size)
}

// fits compares with the limit of the queue, which is in packets if it has none in bytes.
func (p *pipe) fits(size Bytes) bool {
	if p.queue.Bytes > 0 {
		return p.waiting+size <= p.queue.Bytes
	}
	return p.n-p.next < p.queue.Packets
}

// fullAt counts what waits: a packet whose service would start at this very instant still does (arrivals before departures).
func (p *pipe) fullAt(now sim.Time, size Bytes) bool {
	for p.next < p.n && p.at(p.next).start < now {
		p.waiting -= p.at(p.next).size
		p.next++
	}
	if p.wire.rate == 0 || p.wire.free < now {
		return false // it need not wait
	}
	return !p.fits(size)
}

func (p *pipe) at(i int) *flight { return &p.ring[(p.head+i)&(len(p.ring)-1)] }

// push makes room for one more packet at the tail.
func (p *pipe) push() *flight {
	if p.n == len(p.ring) {
		grown := make([]flight, max(64, 2*len(p.ring)))
		for i := range p.n {
			grown[i] = *p.at(i)
		}
		p.ring, p.head = grown, 0
	}
	p.n++
	return p.at(p.n - 1)
}

// OnEvent delivers the packet at the head. Its place in the ring stays as it is meanwhile: whoever receives a packet
// answers in the other direction.
func (p *pipe) OnEvent(now sim.Time, _ uint32, _ int64) {
	f := p.at(0)
	p.head = (p.head + 1) & (len(p.ring) - 1)
	p.n--
	if p.next > 0 {
		p.next--
	} else {
		p.waiting -= f.size
	}
	if p.n > 0 {
		p.w.eng.At(p.at(0).arrive, p.id, 0, 0)
	}
	p.w.deliver(now, p.down, f)
}
