package model

import (
	"keepalive/model/trace"
	"keepalive/sim"
)

// job is work for a core.
type job struct {
	slot int32
	kind jobKind
	req  uint32
}

type jobKind uint8

const (
	acceptJob jobKind = iota
	requestJob
	tlsJob
	closeJob
)

type coreJob struct {
	job
	busy bool
}

// submit gives a job to a free core, or lets it wait.
func (s *server) submit(now sim.Time, j job) {
	if s.busy == len(s.cores) {
		s.runq = append(s.runq, j)
		s.recordLoad()
		return
	}
	for i := range s.cores {
		if !s.cores[i].busy {
			s.run(now, i, j)
			return
		}
	}
}

// run puts a job on a core.
func (s *server) run(now sim.Time, core int, j job) {
	c := s.w.conns[j.slot]
	cost := s.cost(j.kind, c)
	if j.kind == requestJob {
		s.w.requests.at(j.req).cpu = cost
		s.w.recordServer(now, trace.ServerBegin, j.req, c)
	}
	s.cpu += cost
	if cost == 0 {
		s.done(now, j)
		return
	}
	s.cores[core] = coreJob{job: j, busy: true}
	s.busy++
	s.recordLoad()
	s.w.eng.At(now+cost, s.w.self, evCore, int64(s.at)<<32|int64(core))
}

func (s *server) cost(k jobKind, c *conn) sim.Time {
	cpu := &s.cfg.CPU
	switch k {
	case acceptJob:
		return cpu.Accept
	case tlsJob:
		return s.flightCost(c)
	case requestJob:
		return cpu.Request
	case closeJob:
	}
	return cpu.Close
}

// onCore ends the job of a core and gives it the next.
func (s *server) onCore(now sim.Time, core int) {
	j := s.cores[core].job
	s.cores[core].busy = false
	s.busy--
	s.done(now, j)
	for len(s.runq) > 0 && !s.cores[core].busy {
		next := s.runq[0]
		s.runq = append(s.runq[:0], s.runq[1:]...)
		s.run(now, core, next)
	}
	s.recordLoad()
}
