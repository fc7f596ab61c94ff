package conf

import (
	"fmt"
	"slices"
	"strings"
)

// value reads a directive's argument with a parser and tells its place if it cannot.
func value(d *directive, text string, parse func(string) (int64, error)) (int64, error) {
	v, err := parse(text)
	if err != nil {
		return 0, d.wrong("%v", err)
	}
	return v, nil
}

// setTime gives a field the time of a directive, if there is one.
func (n *nginx) setTime(path, name string) error {
	d := n.find(name)
	if d == nil {
		return nil
	}
	ms, err := value(d, d.arg(0), nginxTime)
	if err == nil {
		n.set(path, duration(ms), n.told(d))
	}
	return err
}

// process are workers, their connections and their descriptors.
func (n *nginx) process() error {
	n.set("hosts", "linux", "an assumption: what programs cost on a real machine, as calibrated for nginx; ideal for none")
	cpus := int64(n.opt.CPUs)
	why := "as --cpus says"
	if cpus == 0 {
		cpus, why = 2, "an assumption: no configuration says how many cores the machine has; --cpus does"
	}
	n.set("server.preset", "nginx", "what the configuration leaves open: keepalive presets nginx")
	n.set("server.cpus", cpus, why)
	n.workers = 1
	if d := n.findMain("worker_processes"); d != nil {
		if d.arg(0) == "auto" {
			n.workers = cpus
			n.set("server.workers", n.workers, n.told(d)+": as many as server.cpus")
		} else {
			var err error
			if n.workers, err = value(d, d.arg(0), number); err != nil {
				return err
			}
			n.set("server.workers", n.workers, n.told(d))
		}
	}
	return n.capacity()
}

// capacity is how many connections and descriptors all workers have.
func (n *nginx) capacity() error {
	each, why := int64(512), "nginx's default of 512 worker_connections"
	if events := n.section(n.main, "events"); events != nil {
		if d := last(events.block, "worker_connections"); d != nil {
			var err error
			if each, err = value(d, d.arg(0), number); err != nil {
				return err
			}
			why = n.told(d)
		}
	}
	reasons := []string{fmt.Sprintf("%s for each of %d workers", why, n.workers)}
	if n.location != nil && last(n.location.block, "proxy_pass") != nil {
		reasons = append(reasons, "nginx counts its connections to the servers behind it among them")
	}
	n.set("server.max_connections", each*n.workers, reasons...)
	return n.descriptors()
}

// descriptors are counted for each worker; without a word of it a worker has what Linux gives any process.
func (n *nginx) descriptors() error {
	files, why := int64(1024), "Linux's limit of 1024 descriptors unless worker_rlimit_nofile or the service says otherwise"
	if d := n.findMain("worker_rlimit_nofile"); d != nil {
		var err error
		if files, err = value(d, d.arg(0), number); err != nil {
			return err
		}
		why = n.told(d)
	}
	n.set("server.file_descriptors", files*n.workers, fmt.Sprintf("%s for each of %d workers", why, n.workers))
	return nil
}

// connections is how long and for how many requests connections are kept, and how they end.
func (n *nginx) connections() error {
	if err := n.keepAlive(); err != nil {
		return err
	}
	if d := n.find("keepalive_requests"); d != nil {
		count, err := value(d, d.arg(0), number)
		switch {
		case err != nil:
			return err
		case count == 0:
			n.set("server.keep_alive_timeout", "0s", n.told(d)+": every response closes")
		default:
			n.set("server.keep_alive_requests", count, n.told(d))
		}
	}
	if err := n.setTime("server.max_age", "keepalive_time"); err != nil {
		return err
	}
	if err := n.setTime("server.header_timeout", "client_header_timeout"); err != nil {
		return err
	}
	return n.linger()
}

func (n *nginx) keepAlive() error {
	d := n.find("keepalive_timeout")
	if d == nil {
		n.set("http.keep_alive_header", false, "nginx sends no Keep-Alive header unless keepalive_timeout has a second argument")
		return nil
	}
	ms, err := value(d, d.arg(0), nginxTime)
	if err != nil {
		return err
	}
	why := []string{n.told(d)}
	if ms == 0 {
		why[0] += ": every response closes"
	}
	n.set("server.keep_alive_timeout", duration(ms), why...)
	if d.arg(1) == "" {
		n.set("http.keep_alive_header", false, n.told(d)+" has no second argument, so that no Keep-Alive header is sent")
		return nil
	}
	hint, err := value(d, d.arg(1), nginxTime)
	if err != nil {
		return err
	}
	why = []string{n.told(d) + ": the second argument is what the Keep-Alive header says"}
	if hint != ms {
		why = append(why, fmt.Sprintf("an assumption: the header of the model says the timeout itself, %s, not %s", duration(ms), duration(hint)))
	}
	n.set("http.keep_alive_header", true, why...)
	return nil
}

// linger is how long nginx waits for more from a client after it closed its side.
func (n *nginx) linger() error {
	if d := n.find("lingering_close"); d != nil && d.arg(0) == "off" {
		n.set("server.linger", "0s", n.told(d))
		return nil
	}
	if d := n.find("lingering_close"); d != nil && d.arg(0) == "always" {
		n.set("server.linger_when", "always", n.told(d))
	}
	most := int64(30_000)
	total, quiet := n.find("lingering_time"), n.find("lingering_timeout")
	why := []string{}
	if total != nil {
		ms, err := value(total, total.arg(0), nginxTime)
		if err != nil {
			return err
		}
		most, why = ms, append(why, n.told(total)+" bounds it")
	}
	wait := int64(5000)
	if quiet != nil {
		ms, err := value(quiet, quiet.arg(0), nginxTime)
		if err != nil {
			return err
		}
		wait, why = ms, append(why, n.told(quiet))
	}
	if len(why) > 0 {
		n.set("server.linger", duration(min(wait, most)), why...)
	}
	return nil
}

// listens are the listen directives of the server.
func (n *nginx) listens() []*directive {
	if n.server == nil {
		return nil
	}
	return all(n.server.block, "listen")
}

// listening is the accept queue.
func (n *nginx) listening() error {
	for _, l := range n.listens() {
		backlog := int64(511)
		why := ""
		for _, a := range l.args[min(1, len(l.args)):] {
			if text, ok := strings.CutPrefix(a, "backlog="); ok {
				asked, err := value(l, text, number)
				if err != nil {
					return err
				}
				backlog, why = asked, n.told(l)
			}
		}
		if backlog > somaxconn {
			backlog, why = somaxconn, why+": an assumption: Linux gives no more than its net.core.somaxconn, 4096"
		}
		if slices.Contains(l.args, "reuseport") {
			backlog *= n.workers
			why = n.told(l) + fmt.Sprintf(": each of %d workers has an accept queue of its own; the model has one of their size", n.workers)
		}
		if why != "" {
			n.set("server.backlog", min(backlog, 65535), why)
		}
	}
	if n.workers > 1 && n.server != nil && len(n.listens()) == 0 {
		n.note("the server has no listen directive: nginx takes port 80")
	}
	return nil
}

// encryption is TLS and HTTP/2.
func (n *nginx) encryption() error {
	var secure *directive
	for _, l := range n.listens() {
		if slices.Contains(l.args, "ssl") {
			secure = l
		}
	}
	if secure == nil {
		if d := n.find("ssl"); d != nil && d.arg(0) == "on" {
			secure = d
		}
	}
	h2 := n.http2()
	switch {
	case secure == nil && h2 != nil:
		n.set("http.version", "1.1", n.told(h2)+": without TLS no browser asks for HTTP/2")
		return nil
	case secure == nil:
		return nil
	}
	n.tlsVersion(secure)
	n.resumption()
	if h2 != nil {
		n.set("http.version", 2, n.told(h2)+", and the clients are assumed to offer it")
	}
	return nil
}

// http2 is the directive that turns HTTP/2 on, or nil.
func (n *nginx) http2() *directive {
	if d := n.find("http2"); d != nil && d.arg(0) == "on" {
		return d
	}
	for _, l := range n.listens() {
		if slices.Contains(l.args, "http2") {
			return l
		}
	}
	return nil
}

func (n *nginx) tlsVersion(secure *directive) {
	d := n.find("ssl_protocols")
	switch {
	case d == nil:
		n.set("tls.version", "1.3", n.told(secure), "an assumption: clients offer 1.3, which nginx takes by default since 1.23.4")
	case slices.Contains(d.args, "TLSv1.3"):
		n.set("tls.version", "1.3", n.told(d), "an assumption: clients offer 1.3")
	case slices.Contains(d.args, "TLSv1.2"):
		n.set("tls.version", "1.2", n.told(d))
	default:
		n.set("tls.version", "1.2", n.told(d)+": 1.2 is the oldest that is modelled")
	}
}

func (n *nginx) resumption() {
	tickets, cache := n.find("ssl_session_tickets"), n.find("ssl_session_cache")
	early := n.find("ssl_early_data")
	off := tickets != nil && tickets.arg(0) == "off"
	cached := cache != nil && slices.ContainsFunc(cache.args, func(a string) bool {
		return strings.HasPrefix(a, "shared:") || strings.HasPrefix(a, "builtin")
	})
	switch {
	case off && !cached:
		n.set("tls.resumption", "none", n.told(tickets)+", and no ssl_session_cache that could stand in")
	case early != nil && early.arg(0) == "on":
		n.set("tls.resumption", "ticket", n.told(early)+" allows early data: write 0-rtt if your clients send it")
	case off:
		n.set("tls.resumption", "ticket", n.told(cache)+" instead of tickets, with the same round trips")
	case tickets != nil:
		n.set("tls.resumption", "ticket", n.told(tickets), "an assumption: clients come back with their tickets")
	default:
		n.set("tls.resumption", "ticket", "nginx's default, ssl_session_tickets on; an assumption: clients come back with their tickets")
	}
}

// sending is how responses become segments.
func (n *nginx) sending() error {
	if d := n.find("tcp_nodelay"); d != nil && d.arg(0) == "off" {
		n.set("tcp.nagle", true, n.told(d)+"; the model has it at both ends")
	}
	if _, h2 := n.value("http.version"); h2 {
		return nil
	}
	sendfile, nopush := n.find("sendfile"), n.find("tcp_nopush")
	on := func(d *directive) bool { return d != nil && d.arg(0) == "on" }
	switch {
	case !on(sendfile) && nopush != nil:
		n.set("http.header_apart", false, n.told(nopush)+" needs sendfile on: head and body leave together without")
	case !on(sendfile):
	case on(nopush):
		n.set("http.header_apart", false, n.told(sendfile), n.told(nopush))
	default:
		n.set("http.header_apart", true, n.told(sendfile)+" without tcp_nopush on: the head leaves before the file")
	}
	return nil
}

// value is what a field was set to.
func (d *Draft) value(path string) (string, bool) {
	for _, f := range d.fields {
		if f.path == path {
			return f.value, true
		}
	}
	return "", false
}
