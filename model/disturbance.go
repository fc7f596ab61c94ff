package model

import "keepalive/sim"

// burst is loss in bursts: a path that is good or bad (Gilbert 1960, whose bad state lets some packets through; Elliott 1963).
// The share lost is loss · enter/(enter + leave), a bad spell lasts 1/leave packets on average.
type burst struct {
	enter, leave, loss int64 // chances in parts per thousand million
	bad                bool
	luck               sim.Rand
}

// takes moves the state for one more packet and tells whether it falls.
func (b *burst) takes() bool {
	move := b.enter
	if b.bad {
		move = b.leave
	}
	if b.luck.Chance(move) {
		b.bad = !b.bad
	}
	return b.bad && b.luck.Chance(b.loss)
}

// jitter is what a packet may come late by. Order is kept, as on a path whose queues are first in, first out: one that
// is late holds up those behind it.
type jitter struct {
	most sim.Time
	last sim.Time // the last packet's arrival
	luck sim.Rand
}

// arrival is when a packet comes that would come at t without jitter.
func (j *jitter) arrival(t sim.Time) sim.Time {
	j.last = max(j.last, t+sim.Time(j.luck.Below(int64(j.most)+1)))
	return j.last
}

// disturb gives a pipe its bursts and its jitter, each with luck of its own.
func (p *pipe) disturb(g *leg, seed uint64, down bool) {
	l, way := g.link, "up"
	if down {
		way = "down"
	}
	if g.mark != 0 {
		way += "/behind"
	}
	p.burst = burst{enter: int64(l.Burst.Enter), leave: int64(l.Burst.Leave), loss: int64(l.Burst.Loss), luck: sim.Stream(seed, "burst/"+way)}
	p.late = jitter{most: l.Jitter, luck: sim.Stream(seed, "jitter/"+way)}
}
