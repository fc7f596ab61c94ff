package model

import "keepalive/sim"

// plan is what one client has still to want: a sequence, a page, or a user's loop. Arrivals come from outside.
type plan struct {
	cl      *client
	items   []Item
	page    bool
	users   *Users
	mix     []Class  // users, arrivals: classes of requests, if there are several
	luck    sim.Rand // users: which class
	next    int      // sequence, users: the next item
	left    []int    // page: per entry, entries it still waits for
	last    uint32   // the request that ended last
	lastAt  sim.Time
	gap     sim.Time // asked for before the next
	begun   sim.Time
	started bool
	inStep  bool // advance is at work: a step that ends at once leads to the next without a call of its own
	again   bool // and has done so
	over    bool
	open    bool // arrivals may still come
}

func (p *plan) init(cl *client) {
	p.cl = cl
	wl := &cl.w.cfg.Workload
	switch {
	case wl.Sequence != nil:
		p.items = wl.Sequence
	case wl.Page != nil:
		p.items, p.page = wl.Page, true
		p.left = make([]int, len(p.items))
	case wl.Users != nil:
		p.users, p.mix = wl.Users, wl.Users.Mix
		p.luck = sim.Stream(cl.w.cfg.Seed+uint64(cl.actor)<<32, "mix")
		cl.addHosts(&wl.Users.Item, p.mix)
		return
	case wl.Arrivals != nil:
		p.mix, p.open = wl.Arrivals.Mix, true
		cl.addHosts(&wl.Arrivals.Item, p.mix)
		return
	}
	for i := range p.items {
		cl.addOrigin(p.items[i].Host)
	}
	p.over = len(p.items) == 0
}

// addHosts prepares the pools for the requests of a mix or, without one, for item.
func (cl *client) addHosts(item *Item, mix []Class) {
	if len(mix) == 0 {
		cl.addOrigin(item.Host)
	}
	for i := range mix {
		cl.addOrigin(mix[i].Item.Host)
	}
}

func (cl *client) addOrigin(host string) {
	for i := range cl.origins {
		if cl.origins[i].host == host {
			return
		}
	}
	cl.origins = append(cl.origins, origin{client: cl, host: host, index: int32(len(cl.origins))})
}

// done tells whether the client will want nothing more.
func (p *plan) done() bool { return p.over && !p.open }

// advance begins the client, or its next step.
func (cl *client) advance(now sim.Time) {
	p := &cl.plan
	p.again = true
	if p.inStep {
		return
	}
	for p.inStep = true; p.again; {
		p.again = false
		p.step(now)
	}
	p.inStep = false
	cl.leaveIfDone(now)
}

func (p *plan) step(now sim.Time) {
	switch {
	case p.over:
	case p.page:
		p.startPage(now)
	case p.users != nil:
		p.nextVisit(now)
	default:
		p.nextStep(now)
	}
}

// nextStep wants the next item of a sequence.
func (p *plan) nextStep(now sim.Time) {
	item := &p.items[p.next]
	p.next++
	p.over = p.next == len(p.items)
	p.cl.want(now, item, int32(p.next-1), p.last, p.gap)
}

// nextVisit wants a user's next request, unless its time is over.
func (p *plan) nextVisit(now sim.Time) {
	if !p.started {
		p.started, p.begun = true, now
	}
	if p.users.For > 0 && now-p.begun >= p.users.For {
		p.over = true
		return
	}
	p.next++
	if p.users.Requests > 0 && p.next >= p.users.Requests {
		p.over = true
	}
	item, class := choose(&p.users.Item, p.mix, &p.luck)
	p.cl.want(now, item, class, p.last, p.gap)
}

// startPage wants all entries that wait for nothing.
func (p *plan) startPage(now sim.Time) {
	p.over = len(p.items) == 0
	remaining := 0
	for i := range p.items {
		p.left[i] = len(p.items[i].After)
		if p.left[i] > 0 {
			remaining++
		}
	}
	p.next = remaining // entries not wanted yet
	p.over = remaining == 0
	for i := range p.items {
		if p.left[i] == 0 {
			p.cl.want(now, &p.items[i], int32(i), 0, 0)
		}
	}
}

// onEnded lets the plan go on after a request of its client ended.
func (p *plan) onEnded(now sim.Time, id uint32) {
	p.last, p.lastAt = id, now
	switch {
	case p.page:
		p.unlock(now, p.cl.w.requests.at(id).entry, id)
	case p.over || p.open:
	case p.users != nil:
		p.after(now, draw(p.users.Think, &p.cl.luck))
	default:
		p.after(now, p.items[p.next].Gap)
	}
}

// after goes on at once, or when the gap is over.
func (p *plan) after(now, gap sim.Time) {
	p.gap = gap
	if gap == 0 {
		p.cl.advance(now)
		return
	}
	p.cl.w.eng.At(now+gap, p.cl.w.self, evNext, int64(p.cl.actor-1))
}

// unlock wants the page entries that waited for entry done and for nothing else.
func (p *plan) unlock(now sim.Time, done int32, cause uint32) {
	if p.next == 0 {
		return
	}
	for i := range p.items {
		for _, on := range p.items[i].After {
			if on != int(done) {
				continue
			}
			if p.left[i]--; p.left[i] == 0 {
				p.next--
				p.over = p.next == 0
				p.cl.want(now, &p.items[i], int32(i), cause, 0)
			}
		}
	}
}
