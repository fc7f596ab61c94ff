package model

import "keepalive/sim"

// idleList holds a pool's idle connections, the one that was idle for longest first. The links are slots + 1, in the
// connections; 0: none.
type idleList struct{ first, last, n int32 }

// newly puts a connection into the list that is idle from now on.
func (o *origin) newly(now sim.Time, c *conn) {
	l := &o.idle
	c.use, c.idleSince = idle, now
	c.before, c.after = l.last, 0
	if l.last == 0 {
		l.first = c.slot + 1
	} else {
		o.client.w.conns[l.last-1].after = c.slot + 1
	}
	l.last = c.slot + 1
	l.n++
	o.client.idle++
}

// unidle takes c out of the list.
func (o *origin) unidle(c *conn) {
	l, conns := &o.idle, o.client.w.conns
	if c.before == 0 {
		l.first = c.after
	} else {
		conns[c.before-1].after = c.after
	}
	if c.after == 0 {
		l.last = c.before
	} else {
		conns[c.after-1].before = c.before
	}
	l.n--
	o.client.idle--
	c.timer.Disarm()
	c.use = busy
}

// reusable is the idle connection that the next request gets; nil: there is none. One that is too old is closed when it is
// looked at (libcurl's prune_if_dead).
func (o *origin) reusable(now sim.Time) *conn {
	for o.idle.n > 0 {
		slot := o.idle.last
		if o.client.leg.client.LeastRecent {
			slot = o.idle.first
		}
		c := o.client.w.conns[slot-1]
		if !c.aged(now) && !c.leaving() {
			return c
		}
		o.closeIdle(now, c)
	}
	return nil
}

// aged tells whether no more requests may begin on c.
func (c *conn) aged(now sim.Time) bool {
	limit := c.leg().client.MaxAge
	return limit > 0 && c.used > 0 && now-c.began >= limit
}

// longestIdle is the client's connection that was idle for longest, to a host other than except; nil: there is none.
func (cl *client) longestIdle(except *origin) *conn {
	var longest *conn
	for i := range cl.origins {
		o := &cl.origins[i]
		if o == except || o.idle.n == 0 {
			continue
		}
		if c := cl.w.conns[o.idle.first-1]; longest == nil || c.idleSince < longest.idleSince {
			longest = c
		}
	}
	return longest
}

// keep puts a connection that carries nothing into the pool, unless that is against its limits: of what is idle, what
// was so for longest is closed.
func (o *origin) keep(now sim.Time, c *conn) {
	cl, cfg := o.client, o.client.leg.client
	o.vacate(c)
	o.newly(now, c)
	cl.w.giveLoad(c)
	d, kept := c.idleLimit()
	switch {
	case !kept:
		o.closeIdle(now, c)
	case int(o.idle.n) > cfg.MaxIdle || cl.gone:
		o.closeIdle(now, cl.w.conns[o.idle.first-1])
	case cfg.MaxIdleTotal > 0 && int(cl.idle) > cfg.MaxIdleTotal:
		longest := cl.longestIdle(nil)
		longest.origin.closeIdle(now, longest)
	}
	if c.use != idle {
		return
	}
	if d > 0 && !cfg.IdleOnRequest {
		c.timer.Arm(cl.w.eng, now+d, cl.w.self, evClientTimer, int64(c.slot))
	}
	cl.roomMade(now)
}

// idleLimit is how long the client keeps c idle; 0: for ever. It does not keep one at all if the time that the server
// announced, in whole seconds, is within the margin (Node's Agent.keepSocketAlive, agentKeepAliveTimeoutBuffer).
func (c *conn) idleLimit() (d sim.Time, kept bool) {
	cfg := c.leg().client
	d = cfg.IdleTimeout
	if !cfg.HonourHint || !c.hinted || c.used == 0 {
		return d, true
	}
	h := cfg.afterHint(c.server.cfg.KeepAliveTimeout)
	if d == 0 || h < d {
		d = h
	}
	return d, h > 0
}

// afterHint is how long a client that honours the announcement of timeout, in whole seconds, keeps an idle connection; 0 or
// less: it does not.
func (cfg *ClientConfig) afterHint(timeout sim.Time) sim.Time {
	return timeout - timeout%sim.Second - cfg.HintMargin
}

// hintedTimeout is the same where all servers announce the same; 0: clients do not heed it, or hear nothing.
func (l *leg) hintedTimeout() sim.Time {
	t := l.servers[0].cfg.KeepAliveTimeout
	if !l.client.HonourHint || !l.http.KeepAliveHeader || t == 0 {
		return 0
	}
	return max(l.client.afterHint(t), 0)
}

// sweep closes what has been idle for too long, for a client that looks when a request comes (Chromium's
// CleanupIdleSockets).
func (cl *client) sweep(now sim.Time) {
	for i := range cl.origins {
		o := &cl.origins[i]
		for o.idle.n > 0 {
			c := cl.w.conns[o.idle.first-1]
			if d, _ := c.idleLimit(); d == 0 || now-c.idleSince < d {
				break
			}
			o.closeIdle(now, c)
		}
	}
}

func (o *origin) closeIdle(now sim.Time, c *conn) {
	o.unidle(c)
	o.forget(c)
	o.client.w.shut(now, c, clientSide)
	o.client.w.recordPool(now, o.client)
	o.client.w.retire(c) // its peer may not have heard of it, and then nothing else comes
}
