package tcp

import "keepalive/sim"

// Linux's receive window with its default buffer of 131 072 bytes (tcp_rmem): a buffer's byte is worth 160/256 of a
// byte of the window, because a full segment takes 2304 of them (tcp_win_from_space, scaling_ratio).
const (
	windowSYN   = 64240   // in a SYN
	windowFirst = 64256   // as the first segment after it advertises
	windowClamp = 81920   // until the buffer grows
	windowMax   = 3932160 // that of tcp_rmem's third number, 6 291 456
	windowRound = 128     // window scale 7

	readSize    = 8192 // what an application asks for at a time: Go's io.Discard
	growPayload = 128  // a smaller segment is not worth its buffer
)

// receiveWindow is how much the receiver lets the sender have outstanding.
type receiveWindow struct {
	edge  int64 // right edge advertised
	ssthr int32 // rcv_ssthresh: what may be advertised now
	clamp int32 // 0: space is the size, and does not move

	// Dynamic right-sizing (tcp_rcv_space_adjust): twice what is read per round trip.
	space    int64
	copied   int64
	checked  sim.Time
	rtt8     int32 // µs · 8; 0: no sample
	lastEcho uint32
}

func (w *receiveWindow) init(cfg *Config) {
	w.ssthr, w.clamp, w.space = windowFirst, windowClamp, int64(cfg.InitialWindow*cfg.MSS)
	if cfg.ReceiveWindow != 0 {
		w.clamp, w.space = 0, cfg.ReceiveWindow
	}
}

func (w *receiveWindow) fixed() bool { return w.clamp == 0 }

func (w *receiveWindow) advertise(next int64, syn bool) int64 {
	size := w.space
	if !w.fixed() {
		size = int64(w.ssthr+windowRound-1) &^ (windowRound - 1)
		if syn {
			size = windowSYN
		}
	}
	w.edge = max(w.edge, next+size)
	return w.edge - next
}

// onData notes a segment of length n that moved the in-order edge by moved bytes; held more wait behind gaps. It reports whether the window grew
// with it, which asks for an acknowledgement at once (tcp_grow_window).
func (w *receiveWindow) onData(now sim.Time, n, moved, held int64, echo uint32, mss int64) bool {
	if w.fixed() {
		return false
	}
	grew := w.grow(n, n+held)
	w.sampleRTT(now, n, echo, mss)
	for moved > 0 { // the application reads what came in pieces
		piece := min(moved, readSize)
		moved -= piece
		w.onRead(now, piece, moved)
	}
	return grew
}

// onPlainData is onData for n bytes in order with none behind gaps.
func (w *receiveWindow) onPlainData(now sim.Time, n int64, echo uint32, mss int64) bool {
	if w.fixed() {
		return false
	}
	if n > readSize {
		return w.onData(now, n, n, 0, echo, mss)
	}
	grew := w.grow(n, n)
	if echo != w.lastEcho {
		w.sampleRTT(now, n, echo, mss)
	}
	if w.copied += n; w.rtt8 != 0 && now-w.checked >= w.rtt() {
		w.adjust(now, 0)
	}
	return grew
}

// onEarly notes a segment of length n that came ahead of a gap. held bytes wait behind gaps, the last of them beyond
// bytes after the in-order edge.
func (w *receiveWindow) onEarly(now sim.Time, n, held, beyond int64, echo uint32, mss int64) bool {
	if w.fixed() {
		return false
	}
	w.sampleRTT(now, n, echo, mss)
	w.clamp = clampWindow(max(int64(w.clamp), 2*w.space+beyond))
	return w.grow(n, held)
}

// grow lets the window follow a segment of length n while held bytes occupy the buffer, unless the segment is too
// small to be worth its place in it (tcp_grow_window).
func (w *receiveWindow) grow(n, held int64) bool {
	room := int64(w.clamp) - held - int64(w.ssthr)
	if n < growPayload || room <= 0 {
		return false
	}
	w.ssthr += int32(min(room, 2*n))
	return true
}

func clampWindow(n int64) int32 { return int32(min(n, windowMax)) }

// rtt is the receiver's own estimate of the round trip; a minute before there is one.
func (w *receiveWindow) rtt() sim.Time {
	if w.rtt8 == 0 {
		return sim.Minute
	}
	return sim.Time(w.rtt8>>3) * microsecond
}

// sampleRTT keeps the receiver's own estimate, by the timestamps that full segments echo, in whole milliseconds: a
// shorter round trip replaces it, a longer one moves it by an eighth (tcp_rcv_rtt_measure_ts, tcp_rcv_rtt_update).
func (w *receiveWindow) sampleRTT(now sim.Time, n int64, echo uint32, mss int64) {
	if echo == w.lastEcho {
		return
	}
	w.lastEcho = echo
	if n < mss {
		return
	}
	us := int32(over(min(max(sim.Time(stamp(now)-echo)*sim.Millisecond, sim.Millisecond), rtoMax), microsecond))
	if w.rtt8 == 0 || us<<3 < w.rtt8 {
		w.rtt8 = us << 3
		return
	}
	w.rtt8 += us - w.rtt8>>3
}

// onRead notes that the application read n bytes and left others in the queue. Once per round trip the window is made
// to fit what was read in it, less what is left (tcp_rcv_space_adjust).
func (w *receiveWindow) onRead(now sim.Time, n, left int64) {
	w.copied += n
	if w.rtt8 != 0 && now-w.checked >= w.rtt() {
		w.adjust(now, left)
	}
}

func (w *receiveWindow) adjust(now sim.Time, left int64) {
	if read := w.copied - left; read > w.space {
		want := 2 * read
		want += 2 * want * (read - w.space) / w.space
		w.space = read
		w.clamp = clampWindow(max(int64(w.clamp), want))
	}
	w.copied, w.checked = 0, now
}
