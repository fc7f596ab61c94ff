package tls

// Handshake is where one end stands in the exchange of flights. The zero Handshake is over.
type Handshake struct {
	left   [4]int32 // flights still to come, ours and the peer's in turn; 0 ends them
	before int32    // bytes of the peer's flights so far
	ours   bool     // the first of them is ours
	early  bool     // the client may send data before the end
}

// Init begins a handshake. resumed: the client has a ticket.
func (h *Handshake) Init(c *Config, client, resumed bool) {
	resumed = resumed && c.Resumption != Full
	early := resumed && c.Resumption == EarlyData && c.Version == V13
	*h = Handshake{ours: client, early: early}
	for i, n := range c.flights(resumed, early) {
		h.left[i] = int32(min(n, 1<<31-1))
	}
}

// Done tells whether all flights have been sent and received.
func (h *Handshake) Done() bool { return h.left[0] == 0 }

// Early tells whether the client may send a request right behind its hello, and the server answer it.
func (h *Handshake) Early() bool { return h.early }

// Turn is the size of the flight to send now.
func (h *Handshake) Turn() (n int64, ok bool) { return int64(h.left[0]), h.ours && !h.Done() }

// Sent notes that the flight of Turn was handed on.
func (h *Handshake) Sent() { h.advance() }

// Received notes that total bytes have come on the connection, without data of requests or responses. It reports
// whether they end a flight of the peer.
func (h *Handshake) Received(total int64) bool {
	if h.ours || h.Done() || total < int64(h.before+h.left[0]) {
		return false
	}
	h.before += h.left[0]
	h.advance()
	return true
}

func (h *Handshake) advance() {
	h.left = [4]int32{h.left[1], h.left[2], h.left[3]}
	h.ours = !h.ours
}

// Begun tells whether a flight of the peer has come.
func (h *Handshake) Begun() bool { return h.before > 0 }
