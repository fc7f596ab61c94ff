package views

import (
	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/tell"
)

// Phased is a request as the view of requests draws it.
type Phased struct {
	Start, End sim.Time
	Took       [phases]sim.Time
	Connection uint32
	Status     trace.Status
	Ended      bool
}

// Phases are the requests of a run.
func Phases(run *tell.Run) (all []Phased) {
	for _, a := range readRequests(run.Index.Log()).all {
		all = append(all, Phased{a.wanted, a.end, a.took, a.conn, a.status, a.ended})
	}
	return all
}

// Census is how many connections of a run there are at an instant: in use, idle, opening, closing.
func Census(run *tell.Run, at sim.Time) (now [layers]int64) {
	for _, c := range readRequests(run.Index.Log()).counted().changes {
		if c.at <= at {
			now[c.layer] += int64(c.by)
		}
	}
	return now
}
