package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"keepalive/model"
	"keepalive/model/tls"
)

// contradictions notes what each field allows and all together do not. written is the document's nodes, for places.
func (doc *Document) contradictions(written *node, mistakes *Mistakes) {
	note := func(path, format string, args ...any) {
		mistakes.add(placeOf(written, path), path, format, args...)
	}
	if doc.HTTP.Version == "1.0" && doc.HTTP.Connections == "per-request" && doc.HTTP.Closes == "client" {
		note("http.closes", "in HTTP/1.0 the server's close is the end of the response: want server")
	}
	if p := doc.Proxy; p != nil {
		p.contradictions(doc, note)
		p.Link.Burst.contradictions("proxy.link.burst", written.lookup("proxy", "link", "burst"), note)
	}
	if doc.TLS.Resumption == "0-rtt" && doc.HTTP.Version == "2" {
		note("tls.resumption", "early data is modelled with HTTP/1 alone: want ticket")
	}
	if doc.TLS.Resumption == "0-rtt" && doc.TLS.Version == "1.2" {
		note("tls.resumption", "TLS 1.2 has no early data: want ticket, or version 1.3")
	}
	if doc.Link.Queue.Packets == 0 && doc.Link.Queue.Bytes > 0 && doc.Link.Queue.Bytes < model.Bytes(doc.TCP.MSS)+doc.TCP.Header {
		note("link.queue", "holds no full packet of %d bytes: want more", doc.TCP.MSS+int(doc.TCP.Header))
	}
	doc.Link.Burst.contradictions("link.burst", written.lookup("link", "burst"), note)
	encrypted := doc.TLS.Version != "none"
	if p := doc.Proxy; p != nil {
		p.Server.contradictions("proxy.server", encrypted, note)
		encrypted = false // behind it
	}
	doc.Server.contradictions("server", encrypted, note)
	doc.Workload.contradictions(written.get("workload"), note)
	doc.slowSenders(note)
	doc.unread(note)
}

func (p *Proxy) contradictions(doc *Document, note func(path, format string, args ...any)) {
	if p.HTTP.Version == "1.0" && p.HTTP.Connections == "per-request" && p.HTTP.Closes == "client" {
		note("proxy.http.closes", "in HTTP/1.0 the server's close is the end of the response: want server")
	}
	if p.Server.Count > 1 {
		note("proxy.server.count", "there is one proxy: want 1, and server.count for the servers behind it")
	}
	if p.Client.Count > 1 {
		note("proxy.client.count", "there is one proxy: want 1")
	}
	if p.Link.Queue.Packets == 0 && p.Link.Queue.Bytes > 0 && p.Link.Queue.Bytes < model.Bytes(doc.TCP.MSS)+doc.TCP.Header {
		note("proxy.link.queue", "holds no full packet of %d bytes: want more", doc.TCP.MSS+int(doc.TCP.Header))
	}
}

// contradictions notes limits that leave no room for a single connection.
func (s *Server) contradictions(at string, encrypted bool, note func(path, format string, args ...any)) {
	least := s.MemoryPerConnection + model.Bytes(s.Workers)*s.MemoryPerWorker
	if encrypted {
		least += s.MemoryPerTLS
	}
	if s.Memory > 0 && s.Memory < least {
		note(at+".memory", "is not enough for %d workers and one connection: want at least %dB", s.Workers, least)
	}
	if s.FileDescriptors == 1 {
		note(at+".file_descriptors", "the listening socket takes one: want at least 2, or 0 for no limit")
	}
}

// placeOf is where a field is written, or the nearest mapping around it.
func placeOf(doc *node, path string) place {
	at := doc.at
	for _, key := range strings.Split(path, ".") {
		if doc = doc.get(key); doc == nil {
			break
		}
		at = doc.at
	}
	return at
}

const maxItems = 1_000_000 // requests of one client's sequence or page: more would only hit the run's limits

func (w *Workload) contradictions(n *node, note func(path, format string, args ...any)) {
	kinds := exclusive["workload"]
	var written []string
	for _, k := range kinds {
		if v := n.get(k); v != nil && v.kind != null {
			written = append(written, k)
		}
	}
	switch {
	case len(written) == 0:
		note("workload", "want exactly one of %s", strings.Join(kinds, ", "))
		return
	case len(written) > 1:
		note("workload", "want exactly one kind, got %s", strings.Join(written, " and "))
		return
	}
	switch {
	case w.Sequence != nil:
		w.Sequence.contradictions(n.get("sequence"), note)
	case w.Users != nil:
		w.Users.contradictions(n.get("users"), note)
	case w.Arrivals != nil:
		w.Arrivals.contradictions(n.get("arrivals"), note)
	case n.get("page") != nil:
		pageContradictions(w.Page, note)
	}
}

func (s *Sequence) contradictions(n *node, note func(path, format string, args ...any)) {
	total := s.Count
	if steps := n.get("steps"); steps != nil {
		if len(steps.items) == 0 {
			note("workload.sequence.steps", "want at least one step")
		}
		for _, e := range n.entries {
			if e.key != "steps" {
				note("workload.sequence."+e.key, "does not go with steps: write it in each step")
			}
		}
		total = 0
		for _, step := range s.Steps {
			total += step.Count
		}
	}
	if total > maxItems {
		note("workload.sequence", "want at most %d requests, got %d", maxItems, total)
	}
}

func pageContradictions(page []Entry, note func(path, format string, args ...any)) {
	if len(page) == 0 {
		note("workload.page", "want at least one entry")
	}
	var paths []string
	total := 0
	for i, e := range page {
		if e.After != "" && !slices.Contains(paths, e.After) {
			hint := "there is none before it"
			if len(paths) > 0 {
				hint = didYouMean(e.After, paths)
			}
			note("workload.page", "entry %d: after wants the path of an earlier entry, got %q: %s", i+1, e.After, hint)
		}
		paths = append(paths, e.Path)
		total += e.Count
	}
	if total > maxItems {
		note("workload.page", "want at most %d requests, got %d", maxItems, total)
	}
}

// idle is a field that may have no effect, and when.
type idle struct {
	path string
	why  string
	when func(c *model.Config) bool
}

func perRequest(c *model.Config) bool { return !c.HTTP.Persistent }

// toServers is how the servers are talked to, by the clients or by a proxy.
func toServers(c *model.Config) *model.HTTPConfig {
	if c.Proxy != nil {
		return &c.Proxy.HTTP
	}
	return &c.HTTP
}

func serversPerRequest(c *model.Config) bool { return !toServers(c).Persistent }

func proxyPerRequest(c *model.Config) bool { return c.Proxy != nil && serversPerRequest(c) }

func proxied(c *model.Config) bool { return c.Proxy != nil }

func http2(c *model.Config) bool { return c.HTTP.H2 }

func inTheClear(c *model.Config) bool { return !c.TLS.On() }

// oneByOne tells whether no client has more than one request at a time.
func oneByOne(c *model.Config) bool { return c.Workload.Page == nil && c.Workload.Arrivals == nil }

// ownTimes tells whether no request waits for as long as server.time says.
func ownTimes(c *model.Config) bool {
	return !slices.ContainsFunc(c.Workload.Items(), func(i model.Item) bool { return i.Time < 0 })
}

var idles = []idle{
	{"server.balance", "there is one server", func(c *model.Config) bool { return c.Server.Count < 2 }},
	{"proxy.link.shared", "the servers share the proxy's path", proxied},
	{"proxy.server.count", "there is one proxy", proxied},
	{"proxy.server.balance", "server.balance is how its requests are dealt", proxied},
	{"proxy.server.time", "the proxy waits for the servers", proxied},
	{"proxy.client.count", "there is one proxy", proxied},
	{"proxy.client.start", "the proxy asks when its clients ask", proxied},
	{"proxy.client.stays", "the proxy stays for as long as its clients", proxied},
	{"proxy.client.dns", "the proxy knows its servers' addresses", proxied},
	{"proxy.client.max_idle", "no connection to the servers is kept", proxyPerRequest},
	{"proxy.client.idle_timeout", "no connection to the servers is kept", proxyPerRequest},
	{"proxy.client.retry", "no connection to the servers is kept", func(c *model.Config) bool {
		return proxyPerRequest(c) && c.Proxy.Client.Retry != model.RetryAlways
	}},
	{"proxy.server.keep_alive_timeout", "no connection is kept", func(c *model.Config) bool { return proxied(c) && perRequest(c) }},
	{"proxy.server.keep_alive_requests", "no connection is kept", func(c *model.Config) bool { return proxied(c) && perRequest(c) }},
	{"http.closes", "every connection is persistent", func(c *model.Config) bool { return c.HTTP.Persistent }},
	{"http.keep_alive_header", "no connection is kept", perRequest},
	{"client.max_idle", "no connection is kept", perRequest},
	{"client.idle_timeout", "no connection is kept", perRequest},
	{"client.honour_hint", "no connection is kept", perRequest},
	{"client.honour_hint", "the server announces no timeout", func(c *model.Config) bool { return !c.HTTP.KeepAliveHeader }},
	{"client.hint_margin", "the hint is not honoured", func(c *model.Config) bool { return perRequest(c) || !c.Client.HonourHint }},
	{"client.max_idle_total", "no connection is kept", perRequest},
	{"client.reuse", "no connection is kept", perRequest},
	{"client.reuse", "requests follow one another", oneByOne},
	{"client.reuse", "HTTP/2 opens one connection to each host", http2},
	{"client.binding", "requests follow one another", oneByOne},
	{"client.max_age", "no connection is kept", perRequest},
	{"client.idle_check", "no connection is kept", perRequest},
	{"client.idle_check", "no connection is idle for too long", func(c *model.Config) bool {
		return c.Client.IdleTimeout == 0 && !c.Client.HonourHint
	}},
	{"client.connect_timeout", "the time for the whole request is over before", func(c *model.Config) bool {
		return c.Client.Timeout > 0 && c.Client.Timeout <= c.Client.ConnectTimeout
	}},
	{"client.retry", "no connection is kept", func(c *model.Config) bool {
		return perRequest(c) && c.Client.Retry != model.RetryAlways
	}},
	{"client.retry", "retries is 0", func(c *model.Config) bool { return c.Client.Retries == 0 }},
	{"client.retries", "nothing is sent again", func(c *model.Config) bool { return c.Client.Retry == model.RetryNever }},
	{"client.backoff", "nothing is sent again", func(c *model.Config) bool {
		return c.Client.Retry == model.RetryNever || c.Client.Retries == 0
	}},
	{"client.time_wait", "the server closes, and TIME_WAIT stays there", func(c *model.Config) bool { return perRequest(c) && !c.HTTP.ClientCloses }},
	{"server.cpus", "the server's work takes no CPU time", func(c *model.Config) bool { return c.Server.CPU == model.ServerCPU{} }},
	{"server.time", "every request has a time of its own", ownTimes},
	{"server.at_limit", "the number of connections is not limited", func(c *model.Config) bool { return c.Server.MaxConnections == 0 }},
	{"server.at_limit", "as many workers as max_connections, or fewer: connections wait for a worker first", func(c *model.Config) bool {
		return c.Server.ThreadPerConnection && c.Server.Workers <= c.Server.MaxConnections
	}},
	{"server.max_age", "no connection is kept", serversPerRequest},
	{"server.linger", "the client closes", func(c *model.Config) bool { return serversPerRequest(c) && toServers(c).ClientCloses }},
	{"server.linger", "HTTP/2 lets the client close", func(c *model.Config) bool { return toServers(c).H2 }},
	{"server.linger_when", "the server does not linger", func(c *model.Config) bool { return c.Server.Linger == 0 }},
	{"server.memory_per_tls", "there is no TLS", func(c *model.Config) bool { return inTheClear(c) || proxied(c) }},
	{"server.keep_alive_timeout", "no connection is kept", serversPerRequest},
	{"server.keep_alive_requests", "no connection is kept", serversPerRequest},
	{"http.pipelining", "no connection is kept", perRequest},
	{"http.pipelining", "HTTP/2 has streams instead", http2},
	{"http.header_apart", "HTTP/2 has frames instead", http2},
	{"server.pipelining", "one request is in flight on a connection", func(c *model.Config) bool { return toServers(c).Pipelining < 2 || toServers(c).H2 }},
	{"client.connections_per_host", "HTTP/2 opens one connection to each host", func(c *model.Config) bool { return http2(c) && c.HTTP.Persistent }},
	{"tls.resumption", "there is no TLS", inTheClear},
	{"tls.certificate", "there is no TLS", inTheClear},
	{"tls.post_quantum", "TLS 1.3 alone has such keys", func(c *model.Config) bool { return c.TLS.Version != tls.V13 }},
	{"link.shared", "there is one client", func(c *model.Config) bool { return c.Client.Count == 1 }},
	{"client.start", "there is one client", func(c *model.Config) bool { return c.Client.Count == 1 }},
	{"link.queue", "an unlimited link never queues", func(c *model.Config) bool { return c.Link.Down == 0 && c.Link.Up == 0 }},
	{"server.syn_cookies", "the SYN queue has a place for every client", func(c *model.Config) bool {
		return oneByOne(c) && c.Client.Count <= c.Server.Backlog+1
	}},
	{"client.connections_per_host", "requests follow one another", oneByOne},
}

// withoutEffect warns of each field that is written and changes no variant.
func withoutEffect(runs []run) []string {
	var out []string
	for _, f := range idles {
		var at *node
		for i := range runs {
			if n := runs[i].written.lookup(strings.Split(f.path, ".")...); n != nil {
				at = n
			}
			if !f.when(&runs[i].config) {
				at = nil
				break
			}
		}
		if at != nil {
			out = append(out, fmt.Sprintf("%v: %s has no effect: %s", at.at, f.path, f.why))
		}
	}
	return out
}
