package sim

// Timer is a deadline that moves often and fires seldom. Re-arming it moves its target and keeps the one queue entry
// that it has; only an earlier deadline needs another. Its owner calls Fired when the entry comes up.
type Timer struct {
	target Time // when it should fire; 0: not armed
	entry  Time // when its earliest queue entry comes up; 0: none is queued
}

// Arm sets t to fire at a time after 0. The event goes to to, with kind and arg.
func (t *Timer) Arm(e *Engine, at Time, to ID, kind uint32, arg int64) {
	t.target = at
	if uint64(at-1) < uint64(t.entry-1) { // with no entry, 0, the right side is larger than any time
		t.entry = at
		e.At(at, to, kind, arg)
	}
}

// Disarm leaves t without a deadline.
func (t *Timer) Disarm() { t.target = 0 }

// Armed tells whether t has a deadline.
func (t *Timer) Armed() bool { return t.target != 0 }

// Fired handles a queue entry of t at now: it reports whether the deadline is reached, and queues a new entry if it has moved.
func (t *Timer) Fired(e *Engine, now Time, to ID, kind uint32, arg int64) bool {
	if now != t.entry {
		return false // a leftover of a deadline that was moved to an earlier time
	}
	t.entry = 0
	if t.target == 0 {
		return false
	}
	if t.target > now {
		t.entry = t.target
		e.At(t.target, to, kind, arg)
		return false
	}
	t.target = 0
	return true
}

// Alarm is a Timer for an owner that keeps the deadline itself and says what it is when the entry comes up.
type Alarm struct {
	entry Time // when its earliest queue entry comes up; 0: none is queued
}

// Late tells whether no entry comes up by at, a time after 0, so that Set is needed. With Never it is not.
func (a *Alarm) Late(at Time) bool {
	return uint64(at-1) < min(uint64(a.entry-1), uint64(Never-1)) // with no entry, 0, entry-1 is larger than any time
}

// Set makes an entry come up at a time that it is Late for.
func (a *Alarm) Set(e *Engine, at Time, to ID, kind uint32, arg int64) {
	a.entry = at
	e.At(at, to, kind, arg)
}

// Rang handles a queue entry of a at now: it reports whether the deadline is reached, and queues a new entry if it is later.
func (a *Alarm) Rang(e *Engine, now, deadline Time, to ID, kind uint32, arg int64) bool {
	if now != a.entry {
		return false // a leftover of a deadline that was moved to an earlier time
	}
	a.entry = 0
	if deadline == Never {
		return false
	}
	if deadline > now {
		a.entry = deadline
		e.At(deadline, to, kind, arg)
		return false
	}
	return true
}
