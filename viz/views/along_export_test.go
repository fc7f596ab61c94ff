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
