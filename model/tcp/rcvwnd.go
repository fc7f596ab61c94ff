package tcp

import "keepalive/sim"

// Linux's receive window with its default buffer of 131 072 bytes (tcp_rmem), read off a Linux 6.18 machine.
const (
	windowSYN = 64240 // in a SYN

	windowClamp = 80512 // until the buffer grows
	windowStep  = 2 * 1460
	windowMax   = 6291456 // tcp_rmem's third number
	windowRound = 128     // window scale 7
	firstSpace  = 14600

	growPayload = 128 // a smaller segment is not worth its buffer
)

// receiveWindow is how much the receiver lets the sender have outstanding.
type receiveWindow struct {
	fixed int64 // a size that does not move; 0: grows as Linux does
	edge  int64 // right edge advertised
	ssthr int64 // rcv_ssthresh: what may be advertised now
	clamp int64

	// Dynamic right-sizing (tcp_rcv_space_adjust): twice what is read per round trip.
	space    int64
	copied   int64
	checked  sim.Time
	rtt8     int64 // ms · 8; 0: no sample
	lastEcho uint32
}

func (w *receiveWindow) init(cfg *Config) {
	w.fixed = cfg.ReceiveWindow
	w.ssthr, w.clamp, w.space = windowSYN, windowClamp, firstSpace
}

func (w *receiveWindow) advertise(next int64, syn bool) int64 {
	size := w.fixed
	if size == 0 {
		size = w.ssthr
		if !syn {
			size = (size + windowRound - 1) / windowRound * windowRound
		}
	}
	w.edge = max(w.edge, next+size)
	return w.edge - next
}

// onData notes a segment of length n that moved the in-order edge by moved bytes. It reports whether the window grew
// with it, which asks for an acknowledgement at once (tcp_grow_window).
func (w *receiveWindow) onData(now sim.Time, n, moved int64, echo uint32, mss int64) bool {
	if w.fixed != 0 {
		return false
	}
	grew := w.grow(n)
	if n >= mss && echo != w.lastEcho {
		w.lastEcho = echo
		w.sampleRTT(max(int64(stamp(now)-echo), 1))
	}
	w.copied += moved
	if w.rtt8 != 0 && now-w.checked >= sim.Time(w.rtt8>>3)*sim.Millisecond {
		w.rightSize()
		w.copied, w.checked = 0, now
	}
	return grew
}

// onEarly notes a segment of length n that came ahead of a gap and ends beyond bytes after the in-order edge.
func (w *receiveWindow) onEarly(n, beyond int64) bool {
	if w.fixed != 0 {
		return false
	}
	w.clamp = min(max(w.clamp, 2*w.space+beyond), windowMax)
	return w.grow(n)
}

// grow lets the window follow a segment of length n, unless it is too small to be worth its buffer (tcp_grow_window).
func (w *receiveWindow) grow(n int64) bool {
	if n < growPayload || w.ssthr >= w.clamp {
		return false
	}
	w.ssthr = min(w.ssthr+windowStep, w.clamp)
	return true
}

// rtt is the receiver's own estimate of the round trip; a minute before there is one.
func (w *receiveWindow) rtt() sim.Time {
	if w.rtt8 == 0 {
		return sim.Minute
	}
	return sim.Time(w.rtt8>>3) * sim.Millisecond
}

// sampleRTT keeps the receiver's own estimate: a shorter one replaces it, a longer one moves it by an eighth.
func (w *receiveWindow) sampleRTT(ms int64) {
	if w.rtt8 == 0 || ms<<3 < w.rtt8 {
		w.rtt8 = ms << 3
		return
	}
	w.rtt8 += ms - w.rtt8>>3
}

func (w *receiveWindow) rightSize() {
	if w.copied <= w.space {
		return
	}
	want := 2 * w.copied
	want += 2 * want * (w.copied - w.space) / w.space
	w.space = w.copied
	w.clamp = min(max(w.clamp, want), windowMax)
}
