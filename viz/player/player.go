package player

import (
	"math"
	"math/big"

	"keepalive/model/trace"
	"keepalive/sim"
)

// Unit is how far a step goes.
type Unit uint8

// The units of a step.
const (
	Event     Unit = iota // to the next record of any run
	Packet                // to the next packet that comes to a link
	RoundTrip             // by the longest round-trip time of the runs
)

// Speeds are virtual time per second of wall time.
const (
	Slowest = 100 * sim.Microsecond // 1:10 000
	Fastest = 10_000 * sim.Second
	Usual   = 100 * sim.Millisecond // without a run
)

// Player holds the position in one or more runs. The zero Player has no run and a duration of zero.
type Player struct {
	runs     []*trace.Index
	at       sim.Time
	end      sim.Time
	trip     sim.Time // the longest round-trip time
	speed    sim.Time
	playing  bool
	fraction int64 // virtual time that Advance has not handed out yet, in 1e-9 ns
}

// New makes a player of runs, paused at the beginning, at a speed at which they take 15 to 40 seconds.
func New(runs []*trace.Index) *Player {
	p := &Player{runs: runs, speed: Usual}
	for _, x := range runs {
		h := &x.Log().Header
		p.end = max(p.end, h.Finished, lastMoment(x))
		p.trip = max(p.trip, h.RTT)
	}
	if p.end > 0 {
		p.SetSpeed(notch(p.end/pleasant, -1))
	}
	return p
}

// pleasant is how many seconds a run may take to play, at least, unless told otherwise.
const pleasant = 15

// lastMoment is the last record at which something still moves: what follows a request's end by far, such as an idle
// connection that times out, is not worth waiting for.
func lastMoment(x *trace.Index) sim.Time {
	h := &x.Log().Header
	return min(x.Final().At, h.Finished+2*h.RTT)
}

// At is the position, Duration the end.
func (p *Player) At() sim.Time { return p.at }

// Duration is where the last run ends.
func (p *Player) Duration() sim.Time { return p.end }

// Playing tells whether Advance moves the position.
func (p *Player) Playing() bool { return p.playing }

// Done tells whether the position is at the end.
func (p *Player) Done() bool { return p.at >= p.end }

// Play starts; at the end it starts again from the beginning.
func (p *Player) Play() {
	if p.Done() {
		p.Seek(0)
	}
	p.playing = p.end > 0
}

// Pause stops.
func (p *Player) Pause() { p.playing = false }

// Toggle plays if the player is paused, and pauses if it plays.
func (p *Player) Toggle() {
	if p.playing {
		p.Pause()
	} else {
		p.Play()
	}
}

// Seek moves to t, or to the nearer end if t lies outside.
func (p *Player) Seek(t sim.Time) {
	p.at = min(max(t, 0), p.end)
	p.fraction = 0
}

// Advance moves on by the virtual time that wall takes at the present speed. At the end the player pauses.
// Fractions of a nanosecond are kept for the next call.
func (p *Player) Advance(wall sim.Time) {
	if !p.playing || wall <= 0 {
		return
	}
	move, rest := scaled(wall, p.speed, p.fraction)
	left := p.end - p.at
	if move >= left {
		p.Seek(p.end)
		p.playing = false
		return
	}
	p.at += move
	p.fraction = rest
}

// scaled is wall*speed per second, and what remains of the division, without overflow.
func scaled(wall, speed sim.Time, rest int64) (sim.Time, int64) {
	if wall < sim.Time(math.MaxInt64/2)/speed {
		v := int64(wall)*int64(speed) + rest
		return sim.Time(v / int64(sim.Second)), v % int64(sim.Second)
	}
	v := new(big.Int).Mul(big.NewInt(int64(wall)), big.NewInt(int64(speed)))
	if v.Quo(v, big.NewInt(int64(sim.Second))); v.IsInt64() {
		return sim.Time(v.Int64()), 0
	}
	return sim.Never, 0
}

// Step pauses and moves by one unit: forward if dir is positive, else back. Where no further unit is left it moves
// to the end on that side.
func (p *Player) Step(u Unit, dir int) {
	p.Pause()
	switch {
	case u == RoundTrip && dir > 0:
		p.Seek(p.at + max(p.trip, 1))
	case u == RoundTrip:
		p.Seek(p.at - max(p.trip, 1))
	case dir > 0:
		p.Seek(p.next(u))
	default:
		p.Seek(p.previous(u))
	}
}

func (p *Player) next(u Unit) sim.Time {
	to := p.end
	for _, x := range p.runs {
		look := x.NextRecord
		if u == Packet {
			look = x.NextPacket
		}
		if t, ok := look(p.at); ok {
			to = min(to, t)
		}
	}
	return to
}

func (p *Player) previous(u Unit) sim.Time {
	to := sim.Time(0)
	for _, x := range p.runs {
		look := x.PrevRecord
		if u == Packet {
			look = x.PrevPacket
		}
		if t, ok := look(p.at); ok {
			to = max(to, t)
		}
	}
	return to
}

// Limit is the greatest speed that is of use: real time, or what shows the whole of a longer run in a second or two.
func (p *Player) Limit() sim.Time { return min(max(notch(p.end, -1), sim.Second), Fastest) }

// Jump pauses and moves to the next instant at which something of the given kinds happens in any run: forward if dir is
// positive, else back. If there is none it stays, and says so.
func (p *Player) Jump(kinds trace.Moments, dir int) bool {
	p.Pause()
	to, found := sim.Never, false
	for _, x := range p.runs {
		look := x.NextMoment
		if dir <= 0 {
			look = x.PrevMoment
		}
		t, ok := look(p.at, kinds)
		if ok && t <= p.end && (!found || (t < to) == (dir > 0)) {
			to, found = t, true
		}
	}
	if found {
		p.Seek(to)
	}
	return found
}

// Speed is virtual time per second of wall time.
func (p *Player) Speed() sim.Time { return p.speed }

// SetSpeed sets the virtual time per second of wall time, between Slowest and Fastest.
func (p *Player) SetSpeed(v sim.Time) {
	p.speed = min(max(v, Slowest), p.Limit())
	p.fraction = 0
}

// Faster goes n notches up on a scale of 1, 2, 5, 10 …; a negative n goes down.
func (p *Player) Faster(n int) {
	for ; n > 0; n-- {
		p.SetSpeed(notch(p.speed, +1))
	}
	for ; n < 0; n++ {
		p.SetSpeed(notch(p.speed, -1))
	}
}
