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

// dispatch gives a request to a worker, or lets it wait for one, where workers are held by requests.
func (s *server) dispatch(now sim.Time, j job) {
	if s.cfg.ThreadPerRequest {
		if s.workers == s.cfg.Workers {
			s.reach(now, limitWorkers)
			s.pending.push(j)
			s.recordLoad()
			return
		}
		s.workers++
		s.recordLoad()
	}
	s.submit(now, j)
}

// freeWorker ends the time of a worker with a request; the next that waits gets it.
func (s *server) freeWorker(now sim.Time) {
	if !s.cfg.ThreadPerRequest {
		return
	}
	s.workers--
	if s.handing { // further out: whoever hands out workers goes on
		return
	}
	s.handing = true
	for s.pending.len() > 0 && s.workers < s.cfg.Workers {
		s.workers++
		s.submit(now, s.pending.pop())
	}
	s.handing = false
	s.recordLoad()
}

// submit gives a job to a free core, or lets it wait. Work goes on at once with what it leads to, but for the next request
// of the same connection, which waits behind all others (nginx's posted events).
func (s *server) submit(now sim.Time, j job) {
	again := j.kind == requestJob && s.runq.len() > 0 && s.w.conns[j.slot].serverReq.served > 0
	if s.busy == len(s.cores) || again {
		s.runq.push(j)
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
	switch j.kind {
	case acceptJob:
		s.accepting--
	case requestJob:
		s.w.requests.at(j.req).cpu = cost
		s.w.recordServer(now, trace.ServerBegin, j.req, c)
	case tlsJob, closeJob:
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
	for s.runq.len() > 0 && !s.cores[core].busy {
		s.run(now, core, s.runq.pop())
	}
	s.recordLoad()
}
