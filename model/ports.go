package model

import "keepalive/sim"

// portBook counts the ports that a host can use towards another: one per connection, and one per socket in TIME_WAIT
// until it expires. A port is taken for one destination alone: what must differ is the whole four-tuple
// (__inet_check_established).
type portBook struct {
	expiry *ring[sim.Time] // of sockets in TIME_WAIT, in order; nil: there was none yet
	free   int32
}

// take takes a port, if there is one.
func (b *portBook) take(now sim.Time) bool {
	b.expire(now)
	if b.free == 0 {
		return false
	}
	b.free--
	return true
}

// give gives it back.
func (b *portBook) give() { b.free++ }

// rest gives it back when TIME_WAIT is over.
func (b *portBook) rest(until sim.Time) {
	if b.expiry == nil {
		b.expiry = &ring[sim.Time]{}
	}
	b.expiry.push(until)
}

func (b *portBook) expire(now sim.Time) {
	for b.expiry != nil && b.expiry.len() > 0 && *b.expiry.at(0) <= now {
		b.expiry.pop()
		b.free++
	}
}

// waiting counts the sockets in TIME_WAIT.
func (b *portBook) waiting(now sim.Time) int {
	b.expire(now)
	if b.expiry == nil {
		return 0
	}
	return b.expiry.len()
}
