package tune

import (
	"fmt"
	"strconv"
	"strings"

	"keepalive/model"
	"keepalive/scenarios"
	"keepalive/sim"
)

// Advice is a product's configuration for a setting.
type Advice struct {
	Product string   `json:"product"`
	Lines   []string `json:"lines"`             // as its configuration has them, each with a comment
	Missing []string `json:"missing,omitempty"` // what the product has no directive for
}

// advisers write the configuration of each product.
var advisers = []struct {
	name  string
	write func(*advice)
}{{"nginx", nginx}, {"apache", apache}, {"node", node}, {"go", golang}}

// Products are the products that there is a configuration for.
func Products() []string {
	var all []string
	for _, a := range advisers {
		all = append(all, a.name)
	}
	return all
}

// ProductOf is the product that a server preset is of, or "".
func ProductOf(preset string) string {
	for _, a := range advisers {
		if preset == a.name || strings.HasPrefix(preset, a.name+"-") {
			return a.name
		}
	}
	return ""
}

// CheckProduct tells whether there is a configuration for a product. The error names the nearest.
func CheckProduct(name string) error {
	for _, p := range Products() {
		if p == name {
			return nil
		}
	}
	if n := scenarios.Nearest(name, Products()); n != "" {
		return fmt.Errorf("there are no directives for %q: did you mean %s?", name, n)
	}
	return fmt.Errorf("there are no directives for %q; there are %s", name, strings.Join(Products(), ", "))
}

// Directives are the lines for every product. peak is how many connections the server held at most, for products that want a
// limit where the scenario has none.
func Directives(c *model.Config, peak int) []Advice {
	var all []Advice
	for _, a := range advisers {
		w := advice{Config: c, peak: peak, indent: ""}
		a.write(&w)
		all = append(all, Advice{a.name, w.aligned(), w.missing})
	}
	return all
}

// advice is a configuration while it is written.
type advice struct {
	*model.Config
	peak    int
	indent  string
	lines   [][2]string
	comment string // what begins a comment
	missing []string
}

func (a *advice) add(line, comment string, args ...any) {
	a.lines = append(a.lines, [2]string{a.indent + line, fmt.Sprintf(comment, args...)})
}

func (a *advice) none(format string, args ...any) {
	a.missing = append(a.missing, fmt.Sprintf(format, args...))
}

// aligned are the lines with the comments of neighbours one below the other.
func (a *advice) aligned() (all []string) {
	inset := func(l string) int { return len(l) - len(strings.TrimLeft(l, " 	")) }
	for i := 0; i < len(a.lines); {
		k, wide := i, 0
		for ; k < len(a.lines) && a.lines[k][1] != "" && inset(a.lines[k][0]) == inset(a.lines[i][0]); k++ {
			wide = max(wide, len(a.lines[k][0]))
		}
		for _, l := range a.lines[i:k] {
			all = append(all, fmt.Sprintf("%-*s  %s %s", wide, l[0], a.comment, l[1]))
		}
		if i = k; i < len(a.lines) && a.lines[i][1] == "" {
			all = append(all, a.lines[i][0])
			i++
		}
	}
	return all
}

// clients says that a server's configuration has no word on its clients' pools.
func (a *advice) clients(product string) {
	a.none("the clients' pool (connections_per_host %s, max_idle %s): the clients decide, not %s", endless(a.Client.ConnectionsPerHost),
		count(a.Client.MaxIdle), product)
}

// nginx 1.31: src/http/ngx_http_core_module.c, src/core/nginx.c, src/event/ngx_event.c.
func nginx(a *advice) {
	a.comment = "#"
	s, clients := &a.Server, "nginx; where it is itself a client, upstream's keepalive is its pool"
	if a.Proxy != nil { // then that is where nginx is, as those write it who ask
		s, clients = &a.Proxy.Server, "nginx"
	}
	processes := s.Workers
	if s.ThreadPerConnection {
		processes = s.CPUs
		a.none("a worker that a connection holds (server.concurrency: thread-per-connection): nginx serves all connections from event loops, so that what was found for %s workers is not what it needs", count(s.Workers))
	} else if processes > s.CPUs {
		processes = s.CPUs
	}
	limit, why := s.MaxConnections, fmt.Sprintf("of %s connections in all, shared by the processes; those to upstreams count too", count(s.MaxConnections))
	if limit == 0 {
		limit, why = max(2*a.peak, 512), fmt.Sprintf("the scenario has no limit and nginx must have one: twice the peak of %s", count(a.peak))
	}
	a.add(fmt.Sprintf("worker_processes %d;", processes), "event loops: at most one per core")
	a.add("events {", "")
	a.indent = "    "
	a.add(fmt.Sprintf("worker_connections %d;", (limit+processes-1)/processes), "%s", why)
	a.indent = ""
	a.add("}", "")
	a.add("http {", "")
	a.indent = "    "
	if s.KeepAliveTimeout == 0 {
		a.add("keepalive_timeout 0;", "every response closes")
	} else {
		a.add("keepalive_timeout "+short(s.KeepAliveTimeout)+";", "an idle connection is closed after this")
	}
	if n := s.KeepAliveRequests; n > 0 {
		a.add(fmt.Sprintf("keepalive_requests %d;", n), "then the connection is closed")
	} else {
		a.add("keepalive_requests 1000000000;", "nginx has no word for no limit: 0 would close after each response")
	}
	if a.Proxy != nil {
		a.upstream(processes)
	}
	a.indent = ""
	a.add("}", "")
	a.clients(clients)
	if a.Proxy != nil {
		a.none("what was found for the servers behind it (server.*): nginx is taken for the proxy here, with the values of proxy; --over proxy.server.keep_alive_timeout=… tunes those")
	}
}

// upstream is the pool that nginx has for the servers behind it: each process its own.
func (a *advice) upstream(processes int) {
	c := &a.Proxy.Client
	if !a.Proxy.HTTP.Persistent || c.MaxIdle == 0 {
		a.none("keepalive of upstream: the proxy keeps no connection to its servers")
		return
	}
	a.add("upstream servers {  # and their server lines", "")
	a.indent += "    "
	a.add(fmt.Sprintf("keepalive %d;", (c.MaxIdle+processes-1)/processes), "idle connections that each process keeps; %s in all", count(c.MaxIdle))
	if own := a.Server.KeepAliveTimeout; c.IdleTimeout > 0 && own > 0 && c.IdleTimeout >= own {
		a.add("keepalive_timeout "+short(c.IdleTimeout)+";", "not less than the servers' own %s: now and then a request meets their close", short(own))
	} else if c.IdleTimeout > 0 {
		a.add("keepalive_timeout "+short(c.IdleTimeout)+";", "less than the servers' own, or a request would meet their close")
	}
	a.indent = "    "
	a.add("}", "")
}

// Apache httpd 2.4: docs/manual/mod/core, mpm_common, event.
func apache(a *advice) {
	a.comment = "#"
	s := &a.Server
	if s.KeepAliveTimeout == 0 || s.KeepAliveRequests == 1 {
		a.add("KeepAlive Off", "every response closes")
	} else {
		a.add("KeepAlive On", "")
		timeout := strconv.FormatInt(int64(s.KeepAliveTimeout/sim.Second), 10)
		if s.KeepAliveTimeout%sim.Second != 0 {
			timeout = strconv.FormatInt(max(int64(s.KeepAliveTimeout/sim.Millisecond), 1), 10) + "ms"
		}
		a.add("KeepAliveTimeout "+timeout, "an idle connection is closed after this; seconds unless it says ms")
		a.add(fmt.Sprintf("MaxKeepAliveRequests %d", max(s.KeepAliveRequests-1, 0)), "then the connection is closed; counted from its second request on; 0 is no limit")
	}
	a.add(fmt.Sprintf("ListenBacklog %d", s.Backlog), "the accept queue; net.core.somaxconn must allow it")
	if s.ThreadPerConnection {
		a.add(fmt.Sprintf("MaxRequestWorkers %d", s.Workers), "prefork: processes, each held by one connection")
		if s.Workers > 256 {
			a.add(fmt.Sprintf("ServerLimit %d", s.Workers), "MaxRequestWorkers above 256 needs it")
		}
	} else {
		a.event()
	}
	a.clients("Apache")
}

// event writes the numbers of the event MPM: threads come in processes of 25.
func (a *advice) event() {
	const perChild = 25
	s := &a.Server
	threads := (s.Workers + perChild - 1) / perChild * perChild
	a.add(fmt.Sprintf("ThreadsPerChild %d", perChild), "event")
	a.add(fmt.Sprintf("MaxRequestWorkers %d", threads), "event: threads that work on requests (%s, in whole processes); idle connections hold none", count(s.Workers))
	if threads/perChild > 16 {
		a.add(fmt.Sprintf("ServerLimit %d", threads/perChild), "more than 16 processes need it")
	}
	if s.MaxConnections > 0 {
		factor := max((s.MaxConnections+threads-1)/threads-1, 1)
		a.add(fmt.Sprintf("AsyncRequestWorkerFactor %d", factor), "(this + 1) x MaxRequestWorkers connections: %s wanted", count(s.MaxConnections))
	}
}

// Node 24: doc/api/http.md, net.md, cluster.md.
func node(a *advice) {
	a.comment = "//"
	s, c := &a.Server, &a.Client
	if s.KeepAliveTimeout == 0 {
		a.add("server.maxRequestsPerSocket = 1;", "every response closes; a keepAliveTimeout of 0 would keep connections for ever")
	} else {
		a.add(fmt.Sprintf("server.keepAliveTimeout = %d;", max(int64(s.KeepAliveTimeout/sim.Millisecond), 1)), "ms that a connection may idle")
		a.add("server.keepAliveTimeoutBuffer = 0;", "ms that newer versions (24.6) add to it; 1000 unless told, which clients that race are glad of")
		a.add(fmt.Sprintf("server.maxRequestsPerSocket = %d;", s.KeepAliveRequests), "then the connection is closed; 0 is no limit")
	}
	if s.MaxConnections > 0 {
		a.add(fmt.Sprintf("server.maxConnections = %d;", s.MaxConnections), "of each process; one more is dropped, it does not wait")
	}
	a.add(fmt.Sprintf("server.listen({ port, backlog: %d });", s.Backlog), "the accept queue; net.core.somaxconn must allow it")
	switch {
	case s.ThreadPerConnection:
		a.none("a worker that a connection holds (server.concurrency: thread-per-connection): Node serves all connections from one event loop")
	case s.Workers > 1:
		a.add(fmt.Sprintf("for (let i = 0; i < %d; i++) cluster.fork();", min(s.Workers, s.CPUs)), "in the primary: an event loop per core")
	}
	sockets := "Infinity"
	if c.ConnectionsPerHost > 0 {
		sockets = strconv.Itoa(c.ConnectionsPerHost)
	}
	a.add(fmt.Sprintf("const agent = new http.Agent({ keepAlive: %t, maxSockets: %s, maxFreeSockets: %d });", c.MaxIdle > 0, sockets, c.MaxIdle),
		"clients: connections per host, and idle ones kept")
}

// Go 1.26: net/http server.go, transport.go; golang.org/x/net/netutil.
func golang(a *advice) {
	a.comment = "//"
	s, c := &a.Server, &a.Client
	a.add("srv := &http.Server{", "")
	a.indent = "\t"
	if s.KeepAliveTimeout > 0 {
		a.add("IdleTimeout: "+goTime(s.KeepAliveTimeout)+",", "an idle connection is closed after this")
	}
	a.indent = ""
	a.add("}", "")
	if s.KeepAliveTimeout == 0 {
		a.add("srv.SetKeepAlivesEnabled(false)", "every response closes; an IdleTimeout of 0 would be ReadTimeout, or none")
	}
	if s.KeepAliveRequests > 0 {
		a.none("requests on one connection (keep_alive_requests %s): count them in ConnContext and answer with Connection: close", count(s.KeepAliveRequests))
	}
	limit := s.MaxConnections
	if s.ThreadPerConnection && (limit == 0 || s.Workers < limit) {
		limit = s.Workers
		a.none("a worker that a connection holds: a goroutine costs little, and their number is not limited; LimitListener limits connections instead")
	}
	if limit > 0 {
		a.add(fmt.Sprintf("listener = netutil.LimitListener(listener, %d)", limit), "golang.org/x/net/netutil: others wait in the accept queue")
	}
	if !s.ThreadPerConnection && s.Workers < s.CPUs {
		a.add(fmt.Sprintf("runtime.GOMAXPROCS(%d)", s.Workers), "cores that run Go code")
	}
	a.add("client := &http.Client{Transport: &http.Transport{", "")
	a.indent = "\t"
	a.add(fmt.Sprintf("MaxConnsPerHost: %d,", c.ConnectionsPerHost), "0 is no limit")
	if c.MaxIdle > 0 {
		a.add(fmt.Sprintf("MaxIdleConnsPerHost: %d,", c.MaxIdle), "idle connections kept to each host; 0 would be 2")
	} else {
		a.add("MaxIdleConnsPerHost: -1,", "none is kept; 0 would be 2")
	}
	idle := "0"
	if c.IdleTimeout > 0 {
		idle = goTime(c.IdleTimeout)
	}
	a.add("IdleConnTimeout: "+idle+",", "the client closes an idle connection after this; 0 is never")
	a.indent = ""
	a.add("}}", "")
}

func endless(n int) string {
	if n == 0 {
		return "unlimited"
	}
	return count(n)
}

func count(n int) string { return strconv.Itoa(n) }

// short is a time with the largest unit in which it is whole, and not finer than milliseconds: nginx's.
func short(t sim.Time) string {
	if t%sim.Second == 0 {
		return strconv.FormatInt(int64(t/sim.Second), 10) + "s"
	}
	return strconv.FormatInt(max(int64(t/sim.Millisecond), 1), 10) + "ms"
}

// goTime is a time as Go's code has it.
func goTime(t sim.Time) string {
	if t%sim.Second == 0 {
		return strconv.FormatInt(int64(t/sim.Second), 10) + " * time.Second"
	}
	return strconv.FormatInt(max(int64(t/sim.Millisecond), 1), 10) + " * time.Millisecond"
}
