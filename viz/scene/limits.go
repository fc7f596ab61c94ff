package scene

import "keepalive/model/trace"

// limit is one of a server's.
type limit uint8

const (
	fullAccept limit = iota
	fullConnections
	fullWorkers
	fullCores
	fullMemory
	fullDescriptors
	limits
)

func (f limit) String() string {
	return [...]string{"accept queue", "connections", "workers", "cores", "memory", "descriptors"}[f]
}

// reached tells whether any of the servers is at a limit.
func (l *lane) reached(f limit) bool {
	if len(l.state.Servers) == 0 {
		return l.at(f, &l.state.Server)
	}
	for i := range l.state.Servers {
		if l.at(f, &l.state.Servers[i]) {
			return true
		}
	}
	return false
}

// at tells whether a server is at a limit. All workers or cores in use are that only if something waits for one.
func (l *lane) at(f limit, v *trace.ServerState) bool {
	h := l.run.Header()
	switch f {
	case fullAccept:
		return h.Backlog > 0 && v.AcceptQueue >= h.Backlog+1
	case fullConnections:
		return h.MaxConnections > 0 && v.Open >= h.MaxConnections
	case fullWorkers:
		busy, kept := workers(h, v)
		return h.Workers > 0 && busy+kept >= h.Workers && v.Queue+v.AcceptQueue > 0
	case fullCores:
		return h.CPUs > 0 && v.Cores >= h.CPUs && v.Queue > 0
	case fullMemory: // the next connection would not fit: within a thirtieth
		return h.Memory > 0 && v.Memory >= h.Memory-h.Memory/30
	default:
		return h.FileDescriptors > 0 && l.descriptors(v) >= h.FileDescriptors
	}
}

// anyReached is the first limit that is reached; limits: none is.
func (l *lane) anyReached() limit {
	for f := range limits {
		if l.reached(f) {
			return f
		}
	}
	return limits
}

// restrained adds which of a server's limits are reached.
func (s *Scene) restrained(l *lane) {
	sign := ". Full: "
	for f := range limits {
		if l.reached(f) {
			s.Put(sign).Put(f.String())
			sign = ", "
		}
	}
}
