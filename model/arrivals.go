package model

import "keepalive/sim"

// arrivals is the open loop: requests come when they come, whatever became of those before, and are dealt round-robin to
// the clients.
type arrivals struct {
	spec *Arrivals
	luck sim.Rand
	mix  sim.Rand // which class
	mean sim.Time // between two arrivals, or two bursts
	rest int64    // Even: the fraction of a nanosecond that the arrivals are behind, in units of 1/PerHour
	turn int      // the client that gets the next
	next int      // Listed: the next of the list
}

func (a *arrivals) init(w *World, spec *Arrivals) {
	a.spec = spec
	a.luck, a.mix = sim.Stream(w.cfg.Seed, "arrivals"), sim.Stream(w.cfg.Seed, "mix")
	a.mean = sim.Time(int64(sim.Hour) / max(spec.PerHour, 1))
	if spec.Shape == Bursts {
		a.mean = sim.Time(int64(sim.Hour) * int64(max(spec.Burst, 1)) / max(spec.PerHour, 1))
	}
	w.eng.At(0, w.self, evArrival, 0)
}

// onArrival wants one request, or a burst of them, and schedules the next. When there are no more the clients may leave.
func (w *World) onArrival(now sim.Time) {
	a := &w.arrivals
	if a.over(now) {
		for i := range w.clients {
			cl := &w.clients[i]
			cl.plan.open, cl.plan.over = false, true
			cl.leaveIfDone(now)
		}
		return
	}
	n := 1
	if a.spec.Shape == Bursts {
		n = max(a.spec.Burst, 1)
	}
	for range n {
		w.deal(now)
	}
	w.eng.At(a.after(now), w.self, evArrival, 0)
}

// deal gives the client whose turn it is a request.
func (w *World) deal(now sim.Time) {
	a := &w.arrivals
	cl := &w.clients[a.turn]
	a.turn = (a.turn + 1) % len(w.clients)
	item, class := choose(&a.spec.Item, a.spec.Mix, &a.mix)
	cl.want(now, item, class, 0, 0)
}

func (a *arrivals) over(now sim.Time) bool {
	if a.spec.Shape == Listed {
		return a.next == len(a.spec.At)
	}
	return now >= a.spec.For
}

// after is when the next arrival is due, or when it is clear that there is none.
func (a *arrivals) after(now sim.Time) sim.Time {
	switch a.spec.Shape {
	case Listed:
		if a.next++; a.next < len(a.spec.At) {
			return a.spec.At[a.next] - a.spec.At[0]
		}
		return now
	case Even:
		per := max(a.spec.PerHour, 1)
		d := a.mean
		if a.rest += int64(sim.Hour) % per; a.rest >= per {
			a.rest -= per
			d++
		}
		return min(now+d, a.spec.For)
	case Poisson, Bursts:
	}
	return min(now+a.luck.Exp(a.mean), a.spec.For)
}

// choose draws a request's class from a mix; without one there is item alone.
func choose(item *Item, mix []Class, luck *sim.Rand) (chosen *Item, class int32) {
	if len(mix) == 0 {
		return item, 0
	}
	all := 0
	for i := range mix {
		all += mix[i].Weight
	}
	at := int(luck.Below(int64(all)))
	for at >= mix[class].Weight {
		at -= mix[class].Weight
		class++
	}
	return &mix[class].Item, class
}

// class is the number of a request's class, from 1; 0: there is no mix.
func (p *plan) class(entry int32) uint16 {
	if len(p.mix) == 0 {
		return 0
	}
	return uint16(entry) + 1
}
