package sim

import "fmt"

// Receiver is told of the events that were scheduled for it.
type Receiver interface {
	OnEvent(now Time, kind uint32, arg int64)
}

// ID names a Receiver within one Engine.
type ID uint32

// event is what the queue holds: 32 bytes, no pointers, and four fields, because a struct of more is moved by a call in
// WebAssembly.
type event struct {
	at   Time
	seq  uint64
	arg  int64
	what uint64 // receiver<<32 | kind
}

// Engine holds the clock and the queue.
type Engine struct {
	now       Time
	seq       uint64
	handled   uint64
	queue     heap
	receivers []Receiver
	limits    Limits
	err       error
}

// LimitError says which of the Limits ended a run.
type LimitError struct {
	Limit string // "time", "events" or "pending"
	Value string
}

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("the run was stopped at its limit of %s %s; shorten the scenario: fewer requests, fewer bytes or less waiting", e.Value, e.Limit)
}

// New makes an Engine at time 0.
func New(l Limits) *Engine {
	if l.Time == 0 {
		l.Time = 24 * Hour
	}
	if l.Events == 0 {
		l.Events = 2_000_000_000
	}
	if l.Pending == 0 {
		l.Pending = 1 << 24
	}
	return &Engine{limits: l}
}

// Add makes r known and returns its name.
func (e *Engine) Add(r Receiver) ID {
	e.receivers = append(e.receivers, r)
	return ID(len(e.receivers) - 1)
}

// Now is the virtual time.
func (e *Engine) Now() Time { return e.now }

// Handled counts the events handled so far.
func (e *Engine) Handled() uint64 { return e.handled }

// Pending counts the events that wait.
func (e *Engine) Pending() int { return e.queue.len() }

// At schedules an event. A time in the past panics: the past cannot be changed.
func (e *Engine) At(at Time, to ID, kind uint32, arg int64) {
	if at < e.now {
		e.tooLate(at)
	}
	if e.queue.len() >= e.limits.Pending {
		e.stop("pending events", e.limits.Pending)
		return
	}
	e.seq++
	e.queue.push(event{at: at, seq: e.seq, arg: arg, what: uint64(to)<<32 | uint64(kind)})
}

// Step handles the next event. It reports false when there is none or a limit was reached.
func (e *Engine) Step() bool {
	q := &e.queue
	if e.err != nil || q.len() == 0 {
		return false
	}
	if e.handled >= e.limits.Events {
		e.stop("events", e.limits.Events)
		return false
	}
	v := q.head()
	at, what, arg := v.at, v.what, v.arg
	if at > e.limits.Time {
		e.stop("virtual time", e.limits.Time)
		return false
	}
	q.drop()
	e.now = at
	e.handled++
	e.receivers[what>>32].OnEvent(at, uint32(what), arg)
	return true
}

// Run handles all events up to and including until. The clock ends at the last event handled.
func (e *Engine) Run(until Time) error {
	for e.queue.len() > 0 && e.queue.head().at <= until && e.Step() {
	}
	return e.err
}

// Err is the limit that ended the run, or nil.
func (e *Engine) Err() error { return e.err }

// stop and tooLate stay out of line: what schedules an event has neither in its way.
//
//go:noinline
func (e *Engine) stop(limit string, value any) {
	if e.err == nil {
		e.err = &LimitError{Limit: limit, Value: fmt.Sprint(value)}
	}
}

//go:noinline
func (e *Engine) tooLate(at Time) {
	panic(fmt.Sprintf("sim: event at %v, but it is %v already", at, e.now))
}
