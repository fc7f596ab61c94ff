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
	handle sim.Time // the receiving host takes it
	ahead  Bytes    // sum of all packets that the pipe took before
	slot   int32    // the connection
	pkt    uint32
}

// pipe is one direction of a path: a drop-tail queue, a wire and a distance. It keeps its packets in a ring and one
// pending event in the engine.
type pipe struct {
	w     *World
	id    sim.ID
	to    side
	flags uint16 // what the trace says of each packet
	risky bool   // packets may be lost by chance, in a burst or by the list
	wire  wire
	delay sim.Time
	queue Queue
	loss  PPB
	luck  sim.Rand
	burst burst
	late  jitter
	drops []int // sorted packet numbers still to drop
	count int   // packets that arrived at the queue so far

	interrupt sim.Time // of the receiving host
	arrived   sim.Time // the last packet, at the host
	handled   sim.Time // and was taken

	// The packets under way are those numbered from head to before tail; those from next on may still wait, unless
	// they have arrived meanwhile.
	ring             []flight // length a power of two
	head, next, tail int
	taken            Bytes // sum of all packets taken
}

// put takes a packet of size bytes from a host at now.
func (p *pipe) put(now sim.Time, seg *tcp.Segment, size Bytes, c *conn) {
	p.count++
	if p.risky || !p.fits(size) {
		if why := p.verdict(now, size); why != 0 {
			p.w.recordPacket(p, c, size, why, now, now, now)
			return
		}
	}
	start, end := p.wire.send(now, size)
	arrive := end + p.delay
	if p.late.most > 0 {
		arrive = p.late.arrival(arrive)
	}
	p.w.recordPacket(p, c, size, 0, now, start, arrive)
	if p.tail-p.head == len(p.ring) {
		p.grow()
	}
	f := p.at(p.tail)
	seg.CopyTo(&f.seg)
	f.start, f.handle, f.ahead, f.slot, f.pkt = start, p.handling(arrive), p.taken, c.slot, p.w.pkts
	p.tail++
	p.taken += size
	c.flying++
	if p.tail-p.head == 1 {
		p.w.eng.At(f.handle, p.id, 0, 0)
	}
}

// restAfter is how long a host must have been without packets to be slow with the next.
const restAfter = 3 * sim.Millisecond

// handling is when the receiving host takes a packet that arrives.
func (p *pipe) handling(arrive sim.Time) sim.Time {
	if p.interrupt == 0 {
		return arrive
	}
	d := p.interrupt
	if arrive-p.arrived >= restAfter {
		d *= 2
	}
	p.arrived, p.handled = arrive, max(arrive+d, p.handled)
	return p.handled
}

// verdict decides whether a packet that arrives now falls: by the scenario's list, by chance, on its own or in a burst, or
// because the queue is full.
func (p *pipe) verdict(now sim.Time, size Bytes) uint16 {
	listed := len(p.drops) > 0 && p.drops[0] == p.count
	if listed {
		p.drops = p.drops[1:]
	}
	lost := p.loss > 0 && p.luck.Chance(int64(p.loss))
	lost = p.burst.enter > 0 && p.burst.takes() || lost
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

// fits tells whether there is room even if all that may still wait does.
func (p *pipe) fits(size Bytes) bool {
	p.next = max(p.next, p.head)
	if p.queue.Bytes == 0 {
		return p.tail-p.next < p.queue.Packets
	}
	waiting := Bytes(0)
	if p.next < p.tail {
		waiting = p.taken - p.at(p.next).ahead
	}
	return waiting+size <= p.queue.Bytes
}

// full counts what waits: a packet whose service would start at this very instant still does (arrivals before departures).
func (p *pipe) full(now sim.Time, size Bytes) bool {
	if p.wire.rate == 0 || p.wire.free < now {
		return false // it need not wait
	}
	p.next = max(p.next, p.head)
	for p.next < p.tail && p.at(p.next).start < now {
		p.next++
	}
	return !p.fits(size)
}

func (p *pipe) at(number int) *flight { return &p.ring[number&(len(p.ring)-1)] }

// grow doubles the ring.
func (p *pipe) grow() {
	old := p.ring
	p.ring = make([]flight, max(64, 2*len(old)))
	for i := p.head; i < p.tail; i++ {
		*p.at(i) = old[i&(len(old)-1)]
	}
}

// OnEvent delivers the packet at the head. Its place in the ring stays as it is meanwhile: whoever receives a packet
// answers in the other direction.
func (p *pipe) OnEvent(now sim.Time, _ uint32, _ int64) {
	f := p.at(p.head)
	p.head++
	if p.head < p.tail {
		p.w.eng.At(p.at(p.head).handle, p.id, 0, 0)
	}
	p.w.deliver(now, p.to, f)
}
