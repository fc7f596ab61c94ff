package lab

import (
	"errors"
	"fmt"

	"keepalive/model/trace"
	"keepalive/sim"
)

// Ledger accounts for a run's time: each nanosecond has one cause. It walks back from the last byte delivered and follows
// at each step the event that could not have happened earlier: a packet, the packet that was on the wire before it, the
// acknowledgement, the application or the timer that released it. A sender that its window holds back idles from the moment
// its last packet left until the acknowledgement arrives: that idling is one cause, whatever the acknowledgement went through.
type Ledger struct {
	Variant    string
	Persistent bool
	Run        Account   // from time 0 to the end of the last request, over the requests that led to it
	Requests   []Account // each from the moment it was wanted to its end, by number; requests that never ended are left out
	Mean       Account   // of those that ended well, from 0 to the mean latency
	Chains     int       // requests that no other caused: with more than one the run's end says little of them
}

// Explain draws up the ledger of a run from its log alone. A log with records missing cannot be explained.
func Explain(log *trace.Log) (Ledger, error) {
	led := Ledger{Variant: log.Header.Variant, Persistent: log.Header.Persistent}
	if err := whole(log); err != nil {
		return led, err
	}
	h, err := readHistory(log)
	if err != nil {
		return led, err
	}
	last, well := uint32(0), 0
	for id := uint32(1); id < uint32(len(h.requests)); id++ {
		q := &h.requests[id]
		if !q.ended {
			continue
		}
		if last == 0 || q.order > h.requests[last].order {
			last = id
		}
		w := walker{h: h, at: q.done, from: q.wanted, account: Account{Request: id, Start: q.wanted, End: q.done}}
		a := w.request(id)
		led.Requests = append(led.Requests, a)
		if q.cause == 0 {
			led.Chains++
		}
		if q.status == trace.OK {
			well++
			led.Mean.add(&a)
		}
	}
	led.Mean.over(well)
	if last == 0 {
		return led, errors.New("no request ended: there is nothing to explain")
	}
	end := h.requests[last].done
	w := walker{h: h, at: end, account: Account{End: end}}
	led.Run = w.run(last)
	return led, nil
}

// whole is an error if a log has records missing. One made by hand says nothing of it, and has 0 there as one that was full at once.
func whole(log *trace.Log) error {
	full := log.Max > 0 && len(log.Records) >= log.Max
	if log.Header.Missing != sim.Never && (log.Header.Missing != 0 || full) {
		return fmt.Errorf("the log is full with %s records at %s: explain a shorter run, or keep more records (--records)",
			grouped(int64(len(log.Records))), inWords(log.Header.Missing))
	}
	return nil
}
