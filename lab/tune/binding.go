package tune

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/sim"
)

// Binding says what stands in the way of more.
type Binding struct {
	Clause    string     `json:"clause"`           // that has least to spare, or is missed by most
	Resource  string     `json:"resource"`         // the path whose loosening helps that clause most; "" if none helps
	Sentence  string     `json:"sentence"`         // all of it in words
	Resources []Resource `json:"resources"`        // how full each is at the chosen setting
	Probes    []Probe    `json:"probes,omitempty"` // one setting at a time, loosened
}

// Resource is something of which there is so much.
type Resource struct {
	Path string  `json:"path"` // the setting that gives it
	Used float64 `json:"used"`
	Of   float64 `json:"of"`
	Full bool    `json:"full"`
	Says string  `json:"says"`
}

// Probe is the chosen setting with one thing changed.
type Probe struct {
	Path   string  `json:"path"`
	Value  string  `json:"value"`
	Change string  `json:"change"` // in words
	Before Value   `json:"before"` // the binding clause's metric
	After  Value   `json:"after"`
	Gain   float64 `json:"gain"` // share of what was before, positive if better

	result lab.VariantResult
}

// full is from which share on a resource is told to be used up.
const full = 0.95

// resources are what the server, the path and the clients have, and how much of it a run used at its peak.
func resources(c *model.Config, r *lab.VariantResult) (all []Resource) {
	add := func(path string, used, of float64, says string) {
		if of > 0 {
			all = append(all, Resource{path, used, of, used >= full*of, says})
		}
	}
	ofServers(c, r, add)
	if p := c.Proxy; p != nil && r.Proxy != nil { // those to the servers count among them
		n := min(r.Proxy.Server.PeakConnections+r.Proxy.Connections.Peak, p.Server.MaxConnections)
		add("proxy.server.max_connections", float64(n), float64(p.Server.MaxConnections), peak(n, p.Server.MaxConnections, "connections of the proxy"))
	}
	ports := c.Client.Ports * max(c.Client.Addresses, 1) * max(c.Client.Count, 1) * max(c.FrontServer().Count, 1)
	held := r.Connections.TimeWaitPeak + r.Connections.Peak
	add("client.ports", float64(held), float64(ports), peak(min(held, ports), ports, "of the clients' ports"))
	pool := c.Client.ConnectionsPerHost * max(c.Client.Count, 1)
	add("client.connections_per_host", float64(r.Connections.Peak), float64(pool), peak(r.Connections.Peak, pool, "connections of the clients' pools"))
	if r.Finished > 0 {
		overTime(c, r, add)
	}
	return all
}

func peak(n, of int, what string) string {
	if n >= of {
		return fmt.Sprintf("all %s %s are taken at the peak", group(float64(of), 0), what)
	}
	return fmt.Sprintf("%s of %s %s are taken at the peak", group(float64(n), 0), group(float64(of), 0), what)
}

// ofServers adds what all servers together have and used.
func ofServers(c *model.Config, r *lab.VariantResult, add func(path string, used, of float64, says string)) {
	s, n := &c.Server, max(c.Server.Count, 1)
	if workers := n * s.Workers; s.ThreadPerConnection || s.ThreadPerRequest {
		held := r.Server.PeakWorkers
		if s.ThreadPerConnection {
			held = max(held, min(r.Server.PeakConnections, workers)) // each connection holds one
		}
		add("server.workers", float64(held), float64(workers), peak(held, workers, "workers"))
	}
	if r.Server.BacklogDrops > 0 {
		add("server.backlog", float64(s.Backlog+1), float64(s.Backlog+1),
			fmt.Sprintf("the accept queue of %d was full and ignored %s packets", s.Backlog+1, group(float64(r.Server.BacklogDrops), 0)))
	}
	slots := n * s.MaxConnections
	add("server.max_connections", float64(r.Server.PeakConnections), float64(slots), peak(r.Server.PeakConnections, slots, "connections"))
	for _, l := range r.Server.Limits { // of these the Result has no peak
		times := group(float64(l.Times), 0)
		switch l.Limit {
		case "file_descriptors":
			add("server.file_descriptors", float64(s.FileDescriptors), float64(s.FileDescriptors), "accept failed "+times+" times for want of a descriptor")
		case "memory":
			add("server.memory", float64(s.Memory), float64(s.Memory), "there was no memory for "+times+" connections")
		}
	}
}

// overTime adds what is used for a share of the time: cores and wires.
func overTime(c *model.Config, r *lab.VariantResult, add func(path string, used, of float64, says string)) {
	seconds := float64(r.Finished) / float64(sim.Second)
	cores := float64(c.Server.Cores() * max(c.Server.Count, 1))
	busy := float64(r.Server.CPU) / float64(r.Finished)
	add("server.cpus", busy, cores, fmt.Sprintf("the server's cores are busy for %.0f %% of the time", 100*busy/cores))
	links := 1.0
	if !c.Link.Shared {
		links = float64(max(c.Client.Count, 1))
	}
	for _, l := range []struct {
		path, name string
		rate       model.Rate
		bytes      int64
	}{{"link.down", "down", c.Link.Down, r.Bytes.Down}, {"link.up", "up", c.Link.Up, r.Bytes.Up}} {
		used := 8 * float64(l.bytes) / seconds / links
		add(l.path, used, float64(l.rate), fmt.Sprintf("the link %s is in use for %.0f %% of the time", l.name, 100*used/max(float64(l.rate), 1)))
	}
}

// loosened is what more of a resource is tried with: twice as much, or half the distance.
type loosened struct {
	path, change, value string
}

// mostProbes is how many runs the question needs: what is fixed, and two steps of each free setting.
func mostProbes(free int) int { return 12 + 2*free }

// more lists what to loosen at a setting. A resource that is endless, or that the scenario says has no effect, is left out.
func more(c *model.Config) (all []loosened) {
	twice := func(path, what string, n, most int) {
		if n > 0 && n < most {
			all = append(all, loosened{path, "twice as many " + what, fmt.Sprint(min(2*n, most))})
		}
	}
	if c.Server.ThreadPerConnection || c.Server.ThreadPerRequest {
		twice("server.workers", "workers", c.Server.Workers, 100_000)
	}
	twice("server.backlog", "places in the accept queue", c.Server.Backlog, 65_535)
	twice("server.max_connections", "connections at the server", c.Server.MaxConnections, 10_000_000)
	if p := c.Proxy; p != nil {
		twice("proxy.server.max_connections", "connections at the proxy", p.Server.MaxConnections, 10_000_000)
		twice("proxy.client.max_idle", "idle connections in the proxy's pool", p.Client.MaxIdle, 100_000)
	}
	twice("server.cpus", "cores", c.Server.CPUs, 1024)
	twice("client.connections_per_host", "connections in the client's pool", c.Client.ConnectionsPerHost, 100_000)
	twice("client.max_idle", "idle connections in the client's pool", c.Client.MaxIdle, 100_000)
	twice("client.ports", "ports at the client", c.Client.Ports, 64_512)
	if c.Link.Down > 0 {
		all = append(all, loosened{"link.down", "twice the rate down", fmt.Sprintf("%dbit/s", 2*c.Link.Down)})
	}
	if c.Link.Up > 0 {
		all = append(all, loosened{"link.up", "twice the rate up", fmt.Sprintf("%dbit/s", 2*c.Link.Up)})
	}
	if c.Link.RTT > 1 {
		all = append(all, loosened{"link.rtt", "half the round trip", fmt.Sprintf("%dns", c.Link.RTT/2)})
	}
	return all
}

// bind finds what stands in the way: the clause with least to spare, and the one thing more of which would help it most.
func (s *search) bind(ctx context.Context, r *Report, best confirmed) Binding {
	b := Binding{Resources: resources(&r.Config, &best.Result)}
	b.Probes = s.probes(ctx, r, best)
	mark, further := s.inTheWay(r, b.Probes)
	b.Clause = mark.Clause
	before := mark.clause.Metric.Of(&best.Result)
	for i := range b.Probes {
		p := &b.Probes[i]
		after := mark.clause.Metric.Of(&p.result)
		p.Before, p.After, p.Gain = Value(before), Value(after), gain(mark.clause, before, after)
	}
	top := b.top()
	if top >= 0 {
		b.Resource = b.Probes[top].Path
	}
	b.Sentence = s.state(mark, further) + s.reason(r, &b, mark, top) + "."
	return b
}

// top is the probe that helps most: of what is used up, if more of it helps by 2 %, else of anything. It is -1 if nothing does.
func (b *Binding) top() int {
	top := -1
	for _, used := range []bool{true, false} {
		for i, p := range b.Probes {
			isFull := slices.ContainsFunc(b.Resources, func(r Resource) bool { return r.Path == p.Path && r.Full })
			if p.Gain > 0.02 && (isFull || !used) && (top < 0 || p.Gain > b.Probes[top].Gain*1.05) {
				top = i
			}
		}
		if top >= 0 {
			return top
		}
	}
	return -1
}

// inTheWay is the clause that a step further along the aim would break first; without such a step, the one with least to spare.
func (s *search) inTheWay(r *Report, probes []Probe) (mark *ClauseMark, further bool) {
	if s.aim == (Aim{}) || !r.Chosen.Met {
		return r.worst(), false
	}
	for i := range probes {
		p := &probes[i]
		next := &Point{Values: slices.Clone(r.Chosen.Values), Result: p.result}
		d := slices.IndexFunc(r.Free, func(o lab.Over) bool { return o.Path == p.Path })
		if d < 0 || !slices.Contains(r.Free[d].Values, p.Value) {
			continue
		}
		next.Values[d] = p.Value
		if s.worth(next) <= s.worth(r.Chosen) {
			continue
		}
		for k := range r.Clauses {
			c := r.Clauses[k].clause
			is := c.Metric.Of(&p.result)
			if !c.Met(is) && (mark == nil || c.Spare(is) < mark.clause.Spare(mark.clause.Metric.Of(&p.result))) {
				mark = &r.Clauses[k]
			}
		}
	}
	if mark == nil {
		return r.worst(), false
	}
	return mark, true
}

// probes runs the chosen setting with one thing loosened at a time; of free settings, one step either way.
func (s *search) probes(ctx context.Context, r *Report, best confirmed) (out []Probe) {
	var jobs []job
	add := func(l loosened) {
		if l.path == "server.max_connections" && s.space.Tied() {
			return
		}
		f, err := s.space.load(append(s.space.sets(best.Values), l.path+"="+l.value)...)
		if err != nil {
			return
		}
		for _, w := range f.Warnings {
			if strings.Contains(w, l.path+" has no effect") {
				return
			}
		}
		jobs = append(jobs, job{best.Values, []string{l.path + "=" + l.value}, s.space.Seed})
		out = append(out, Probe{Path: l.path, Value: l.value, Change: l.change})
	}
	for _, l := range more(&r.Config) {
		add(l)
	}
	for d, at := range best.at {
		for _, k := range []int{at - 1, at + 1} {
			if o := s.space.Free[d]; k >= 0 && k < len(o.Values) {
				add(loosened{o.Path, o.Path + " " + o.Values[k], o.Values[k]})
			}
		}
	}
	var ran []Probe
	for i, o := range s.all(ctx, jobs) {
		if o == nil || o.broken != "" {
			continue
		}
		out[i].result = o.result
		ran = append(ran, out[i])
	}
	return ran
}

// gain is by which share of itself a value comes nearer to what the clause wants.
func gain(c *Clause, before, after float64) float64 {
	var g float64
	switch {
	case before == after:
		return 0
	case math.IsInf(before, 0):
		return 1
	case math.IsInf(after, 0):
		return -1
	case c.Op == "=":
		g = math.Abs(before-c.Limit) - math.Abs(after-c.Limit)
	default:
		g = before - after
	}
	if strings.HasPrefix(c.Op, ">") {
		g = -g
	}
	return g / max(math.Abs(before), 1e-12)
}

// state says how the binding clause stands.
func (s *search) state(mark *ClauseMark, further bool) string {
	kind, c := mark.clause.Metric.Kind, mark.clause
	is := kind.Write(float64(mark.Mean))
	switch {
	case !mark.Met:
		return fmt.Sprintf("%s is out of reach: the nearest is %s", mark.Clause, is)
	case further:
		return fmt.Sprintf("%s stands in the way of more: %s of %s", c.Metric.Name, is, kind.Write(c.Limit))
	case c.Op == "=":
		return mark.Clause + " is all that the goal asks"
	}
	return fmt.Sprintf("%s has least to spare: %s of %s", c.Metric.Name, is, kind.Write(c.Limit))
}

// reason says what is used up, what more of it would do for the clause, and at whose cost.
func (s *search) reason(r *Report, b *Binding, mark *ClauseMark, top int) string {
	if top < 0 {
		if says := fullest(b.Resources); says != "" {
			return "; " + says + ", but nothing that was loosened alone moves it by 2 %"
		}
		return "; nothing that was loosened alone moves it by 2 %"
	}
	var t strings.Builder
	p := &b.Probes[top]
	if says := cmp.Or(fact(b.Resources, p.Path), fullest(b.Resources)); says != "" {
		t.WriteString("; " + says)
	}
	fmt.Fprintf(&t, "; with %s it would be %s", p.Change, mark.clause.Metric.Kind.Write(float64(p.After)))
	for i := range s.goal.Clauses {
		c := &s.goal.Clauses[i]
		if was, is := c.Metric.Of(&r.Chosen.Result), c.Metric.Of(&p.result); c.Met(was) && !c.Met(is) {
			fmt.Fprintf(&t, ", but %s %s where the goal says %s %s", c.Metric.Name, c.Metric.Kind.Write(is), c.Op, c.Metric.Kind.Write(c.Limit))
			break
		}
	}
	return t.String()
}

// fact is what is told of a resource.
func fact(all []Resource, path string) string {
	for _, r := range all {
		if r.Path == path {
			return r.Says
		}
	}
	return ""
}

// fullest is what is told of the first resource that is used up.
func fullest(all []Resource) string {
	for _, r := range all {
		if r.Full {
			return r.Says
		}
	}
	return ""
}
