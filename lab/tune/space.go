package tune

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/scenarios"
	"keepalive/sim"
)

// Loader reads the scenario with settings laid over it, each PATH=VALUE.
type Loader func(sets ...string) (*scenarios.File, error)

// Space is what may be set, in one variant of a scenario.
type Space struct {
	Free     []lab.Over
	File     []string // the values in the file, "" where it is no single value
	Scenario string
	Variant  string
	Seed     uint64
	Warnings []string

	load   Loader
	index  int // of the variant
	config model.Config
}

// MostFree is how many settings may be free at the same time.
const MostFree = 4

// NewSpace reads the scenario and tries every value of each free setting alone. Without over it chooses what to set free. The
// error names what the scenario refuses.
func NewSpace(load Loader, variant string, over []lab.Over) (*Space, error) {
	f, err := load()
	if err != nil {
		return nil, err
	}
	s := &Space{load: load, Scenario: f.Name, Warnings: f.Warnings}
	if err := s.choose(f, variant); err != nil {
		return nil, err
	}
	if over == nil {
		if over = s.defaults(f); len(over) == 0 {
			return nil, errors.New("nothing is free: no connection is kept here; choose what to set with --over PATH=RANGE, or another --variant")
		}
	}
	if len(over) > MostFree {
		return nil, fmt.Errorf("want at most %d free settings, got %d: each multiplies the runs", MostFree, len(over))
	}
	for _, o := range over {
		if slices.ContainsFunc(s.Free, func(p lab.Over) bool { return p.Path == o.Path }) {
			return nil, fmt.Errorf("%s is free twice", o.Path)
		}
		current := f.Value(s.config.Variant, o.Path)
		if current != "" {
			o.Between(current)
		}
		s.Free, s.File = append(s.Free, o), append(s.File, current)
	}
	return s, s.try()
}

// choose finds the variant: the one that is named, or the only one that keeps connections.
func (s *Space) choose(f *scenarios.File, variant string) error {
	all := f.Variants()
	var names, keeping []string
	s.index = -1
	for i, c := range all {
		names = append(names, c.Variant)
		if c.HTTP.Persistent {
			keeping = append(keeping, c.Variant)
		}
		if c.Variant == variant || variant == "" && (len(all) == 1 || c.HTTP.Persistent) && s.index < 0 {
			s.index = i
		}
	}
	switch {
	case variant != "" && s.index < 0:
		return fmt.Errorf("there is no variant %q; there are %s", variant, strings.Join(names, ", "))
	case variant == "" && len(keeping) > 1:
		return fmt.Errorf("which variant? --variant wants one of %s", strings.Join(names, ", "))
	case s.index < 0:
		return fmt.Errorf("no variant keeps connections; choose with --variant one of %s", strings.Join(names, ", "))
	}
	s.config = all[s.index]
	s.Variant, s.Seed = s.config.Variant, s.config.Seed
	return nil
}

// try reads the scenario with each value of a list alone, and with the ends of a range.
func (s *Space) try() error {
	var bad []error
	for _, o := range s.Free {
		values := o.Values
		if o.Ranged {
			values = []string{o.Values[0], o.Values[len(o.Values)-1]}
		}
		for _, v := range values {
			f, err := s.load(o.Path + "=" + v)
			if err != nil {
				bad = append(bad, fmt.Errorf("--over: %w", err))
				break
			}
			if v == o.Values[0] {
				s.warn(f, o.Path)
			}
		}
	}
	return errors.Join(bad...)
}

// warn notes that a free setting changes nothing.
func (s *Space) warn(f *scenarios.File, path string) {
	for _, w := range f.Warnings {
		if strings.Contains(w, path+" has no effect") && !slices.Contains(s.Warnings, w) {
			s.Warnings = append(s.Warnings, w)
		}
	}
}

// sets are values in the form of --set.
func (s *Space) sets(values []string) []string {
	var all []string
	for d, v := range values {
		if v != "" {
			all = append(all, s.Free[d].Path+"="+v)
		}
	}
	return all
}

// resolve is the run of values and further settings.
func (s *Space) resolve(values []string, further ...string) (model.Config, error) {
	f, err := s.load(s.tie(append(s.sets(values), further...))...)
	if err != nil {
		return model.Config{}, err
	}
	return f.Variants()[s.index], nil
}

// Tied tells whether the server takes as many connections as it has workers to hold them, as Apache's MaxRequestWorkers says both:
// then the one goes with the other.
func (s *Space) Tied() bool {
	c := &s.config.Server
	return c.ThreadPerConnection && c.MaxConnections == c.Workers && !slices.ContainsFunc(s.Free, func(o lab.Over) bool { return o.Path == "server.max_connections" })
}

// tie lets the limit of connections go with the workers.
func (s *Space) tie(sets []string) []string {
	if s.Tied() {
		for _, set := range slices.Backward(sets) {
			if n, is := strings.CutPrefix(set, "server.workers="); is {
				return append(slices.Clone(sets), "server.max_connections="+n)
			}
		}
	}
	return sets
}

// defaults sets free what keep-alive is tuned by: the server's timeout, workers and requests per connection, and the client's
// pool; each only where it can change something.
func (s *Space) defaults(f *scenarios.File) []lab.Over {
	c := &s.config
	if !c.HTTP.Persistent {
		return nil
	}
	var all []lab.Over
	add := func(path, ladder string, further ...string) {
		if s.idle(path, f) {
			return
		}
		o, err := lab.ParseOver(path + "=" + ladder)
		if err != nil {
			panic("tune: " + err.Error())
		}
		for _, v := range append(further, f.Value(c.Variant, path)) {
			if !o.Between(v) {
				o.Values = append(o.Values, v)
			}
		}
		all = append(all, o)
	}
	add("server.keep_alive_timeout", "100ms..120s")
	switch n := c.Server.Workers; {
	case c.Server.ThreadPerConnection:
		add("server.workers", fmt.Sprintf("1..%d", min(max(4*n, 8), 100_000)))
	case c.Server.CPUs > 1 && c.Server.CPU != model.ServerCPU{}:
		add("server.workers", fmt.Sprintf("1..%d", c.Server.CPUs))
	}
	if n := c.Client.ConnectionsPerHost; n > 0 {
		add("client.connections_per_host", fmt.Sprintf("1..%d", min(max(4*n, 16), 100_000)))
	} else if c.Workload.Page != nil || c.Workload.Arrivals != nil {
		add("client.max_idle", fmt.Sprintf("1..%d", min(max(4*c.Client.MaxIdle, 16), 256)))
	}
	if n := perConnection(c); n > 1 {
		add("server.keep_alive_requests", fmt.Sprintf("1..%d", n), "0")
	}
	return all
}

// idle tells whether the scenario says that a setting changes nothing.
func (s *Space) idle(path string, f *scenarios.File) bool {
	g, err := s.load(path + "=" + f.Value(s.Variant, path))
	return err == nil && slices.ContainsFunc(g.Warnings, func(w string) bool { return strings.Contains(w, path+" has no effect") })
}

// perConnection is how many requests one connection may carry, at most 1000.
func perConnection(c *model.Config) int {
	w := &c.Workload
	switch {
	case w.Users != nil && w.Users.Requests > 0:
		return min(w.Users.Requests, 1000)
	case w.Sequence != nil:
		return min(len(w.Sequence), 1000)
	case w.Page != nil:
		return min(len(w.Page), 1000)
	case w.Arrivals != nil:
		expected := int(float64(w.Arrivals.PerHour) * float64(w.Arrivals.For) / float64(sim.Hour) / float64(max(c.Client.Count, 1)))
		return min(expected, 1000)
	}
	return 1000
}
