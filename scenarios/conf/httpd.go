package conf

import (
	"fmt"
	"slices"
	"strings"
)

// httpd reads one configuration into a draft.
type httpd struct {
	*Draft
	opt     Options
	modules map[string]bool
	main    []*directive
	host    *directive // the virtual host, or nil
	asked   map[string]bool
	mpm     string // prefork, worker or event
}

// HTTPD makes a scenario of a configuration of Apache httpd.
func HTTPD(src Source, opt Options) (*Draft, error) {
	opt.File = absolute(opt.File)
	r := newHTTPDReader(src, opt)
	tree, err := r.file(opt.File)
	if err != nil {
		return nil, err
	}
	h := &httpd{Draft: newDraft("httpd", opt.File), opt: opt, modules: r.modules, main: tree, asked: map[string]bool{}}
	if err := h.choose(); err != nil {
		return nil, err
	}
	for _, part := range []func() error{h.process, h.workers, h.connections, h.reading, h.listening, h.encryption} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	for _, n := range r.notes {
		h.note("%s", n)
	}
	h.placeholder()
	h.skipRest(h.main)
	return h.Draft, nil
}

// choose takes the virtual host that was asked for, else the first, which answers names that no other has.
func (h *httpd) choose() error {
	hosts := all(h.main, "virtualhost")
	h.Title = "httpd"
	if len(hosts) == 0 {
		if h.opt.Server != "" {
			return &Error{h.opt.File, 0, fmt.Sprintf("has no virtual host, so none named %s", h.opt.Server)}
		}
		return nil
	}
	h.host = hosts[0]
	why := "the first, which answers names that no other has"
	if h.opt.Server != "" {
		if h.host = named(hosts, h.opt.Server, hostNames); h.host == nil {
			return noServer(h.opt, hosts, hostNames)
		}
		why = "as asked for"
	}
	for _, d := range h.host.block {
		if d.name == "servername" || d.name == "serveralias" {
			h.seen[d] = true
		}
	}
	h.Title = "httpd: " + firstName(hostNames(h.host))
	h.note("virtual host: %s %s (%s), %s", firstName(hostNames(h.host)), strings.Join(h.host.args, " "), h.at(h.host), why)
	h.others(hosts, h.host, hostNames)
	return nil
}

func hostNames(v *directive) []string {
	var out []string
	for _, d := range v.block {
		if d.name == "servername" || d.name == "serveralias" {
			out = append(out, d.args...)
		}
	}
	return out
}

// find is the directive that counts: the virtual host's, else the server's; or nil.
func (h *httpd) find(names ...string) *directive {
	lists := [][]*directive{h.main}
	if h.host != nil {
		lists = [][]*directive{h.host.block, h.main}
	}
	for _, name := range names {
		h.asked[name] = true
	}
	for _, list := range lists {
		for _, d := range slices.Backward(list) {
			if slices.Contains(names, d.name) {
				return d
			}
		}
	}
	return nil
}

// count is a directive's whole number and what tells of it, or the default.
func (h *httpd) count(otherwise int64, names ...string) (n int64, why string, err error) {
	d := h.find(names...)
	if d == nil {
		return otherwise, fmt.Sprintf("%s %d, httpd's default", directiveNames[names[0]], otherwise), nil
	}
	n, err = h.value(d, d.arg(0), number)
	return n, h.told(d), err
}

// value reads a directive's argument. A variable that nothing defines is named.
func (h *httpd) value(d *directive, text string, parse func(string) (int64, error)) (int64, error) {
	if name, ok := strings.CutPrefix(text, "${"); ok {
		return 0, d.wrong("%s is not defined: give it with --define %s=VALUE", text, strings.TrimSuffix(name, "}"))
	}
	return value(d, text, parse)
}

// directiveNames are names as httpd's manual writes them; the reader has them in lower case.
var directiveNames = map[string]string{"serverlimit": "ServerLimit", "threadsperchild": "ThreadsPerChild", "threadlimit": "ThreadLimit",
	"maxrequestworkers": "MaxRequestWorkers", "asyncrequestworkerfactor": "AsyncRequestWorkerFactor"}

// process is which MPM is loaded and how many cores there are.
func (h *httpd) process() error {
	h.set("hosts", "linux", "an assumption: what programs cost on a real machine, as calibrated for nginx; ideal for none")
	var loaded []*directive
	for _, d := range all(h.main, "loadmodule") {
		if name, ok := strings.CutPrefix(d.arg(0), "mpm_"); ok {
			loaded = append(loaded, d)
			h.mpm = strings.TrimSuffix(name, "_module")
		}
	}
	why := "an assumption: no MPM is loaded, and event is the one that httpd is built with unless told otherwise"
	switch {
	case len(loaded) > 1:
		return loaded[1].wrong("%v: an MPM is loaded already (%s): httpd would not start", loaded[1], h.at(loaded[0]))
	case len(loaded) == 0:
		h.mpm = "event"
	default:
		why = h.told(loaded[0]) + ": this MPM is loaded; what the configuration leaves open: keepalive presets apache-" + h.mpm
	}
	if !slices.Contains([]string{"prefork", "worker", "event"}, h.mpm) {
		return loaded[0].wrong("the MPM %s is not modelled: want prefork, worker or event", h.mpm)
	}
	h.set("server.preset", "apache-"+h.mpm, why)
	cpus, why := h.opt.CPUs, "as --cpus says"
	if cpus == 0 {
		cpus, why = 2, "an assumption: no configuration says how many cores the machine has; --cpus does"
	}
	h.set("server.cpus", cpus, why)
	return nil
}

// workers is how many requests and connections there may be at once.
func (h *httpd) workers() error {
	if h.mpm == "prefork" {
		return h.prefork()
	}
	limit, threads, reasons, err := h.threads()
	if err != nil {
		return err
	}
	workers, why, err := h.count(limit*threads, "maxrequestworkers", "maxclients")
	if err != nil {
		return err
	}
	if h.find("maxrequestworkers", "maxclients") == nil {
		why = "httpd's default for MaxRequestWorkers, ServerLimit times ThreadsPerChild"
	}
	reasons = append([]string{why}, reasons...)
	if whole := min(max(workers/threads, 1), limit) * threads; whole != workers {
		reasons = append(reasons, fmt.Sprintf("taken as %d, whole processes of %d threads and at most %d of them, as httpd does", whole, threads, limit))
		workers = whole
	}
	h.set("server.workers", workers, reasons...)
	if h.mpm == "worker" {
		h.set("server.max_connections", workers, "worker: a connection holds a thread")
		return nil
	}
	return h.async(workers)
}

// threads is how many processes there may be and how many threads each has.
func (h *httpd) threads() (limit, threads int64, why []string, err error) {
	limit, limitWhy, err := h.count(16, "serverlimit")
	if err != nil {
		return 0, 0, nil, err
	}
	threads, threadsWhy, err := h.count(25, "threadsperchild")
	if err != nil {
		return 0, 0, nil, err
	}
	most, mostWhy, err := h.count(64, "threadlimit")
	return limit, max(1, min(threads, most)), []string{limitWhy, threadsWhy, mostWhy}, err
}

// async is how many connections event holds.
func (h *httpd) async(workers int64) error {
	factor, why, err := h.count(2, "asyncrequestworkerfactor")
	if err != nil {
		return err
	}
	h.set("server.max_connections", (factor+1)*workers, why, "event: (AsyncRequestWorkerFactor + 1) x MaxRequestWorkers while all workers are idle, fewer as they are busy; the model has the highest number")
	return nil
}

func (h *httpd) prefork() error {
	limit, limitWhy, err := h.count(256, "serverlimit")
	if err != nil {
		return err
	}
	workers, why, err := h.count(256, "maxrequestworkers", "maxclients")
	if err != nil {
		return err
	}
	if workers > limit {
		workers, why = limit, why+", but "+limitWhy
	}
	h.set("server.workers", workers, why)
	h.set("server.max_connections", workers, "prefork: a connection holds a process")
	return nil
}

// connections is how long and for how many requests connections are kept.
func (h *httpd) connections() error {
	on := h.find("keepalive")
	if on != nil && strings.EqualFold(on.arg(0), "off") {
		h.set("server.keep_alive_timeout", "0s", h.told(on)+": every response closes")
		return nil
	}
	if d := h.find("keepalivetimeout"); d != nil {
		ms, err := h.value(d, d.arg(0), httpdTime)
		if err != nil {
			return err
		}
		h.set("server.keep_alive_timeout", duration(ms), h.told(d))
	}
	if d := h.find("maxkeepaliverequests"); d != nil {
		n, err := h.value(d, d.arg(0), number)
		if err != nil {
			return err
		}
		if n > 0 {
			n++
		}
		h.set("server.keep_alive_requests", n, h.told(d), "which counts from the second request on (ap_set_keepalive)")
	}
	why := []string{}
	if on != nil {
		why = append(why, h.told(on))
	}
	h.set("http.keep_alive_header", true, append(why, "httpd sends Keep-Alive: timeout=, max= (http_protocol.c)")...)
	return nil
}

// reading is how long a client may take for a request's head.
func (h *httpd) reading() error {
	timeout := h.find("timeout")
	if !h.modules["reqtimeout_module"] {
		ms, why := int64(60_000), "httpd's default of 60 s Timeout"
		if timeout != nil {
			var err error
			if ms, err = h.value(timeout, timeout.arg(0), httpdTime); err != nil {
				return err
			}
			why = h.told(timeout)
		}
		h.set("server.header_timeout", duration(ms), why, "an assumption: mod_reqtimeout is not loaded, and Timeout, which httpd counts between two reads, bounds the whole head")
		return nil
	}
	for _, d := range slices.Backward(h.requestReads()) {
		for _, a := range d.args {
			rest, ok := strings.CutPrefix(strings.ToLower(a), "header=")
			if !ok {
				continue
			}
			first, _, _ := strings.Cut(rest, ",")
			first, _, _ = strings.Cut(first, "-")
			seconds, err := h.value(d, first, number)
			if err != nil {
				return err
			}
			h.set("server.header_timeout", duration(seconds*1000), h.told(d)+": the time before MinRate adds to it")
			return nil
		}
	}
	h.set("server.header_timeout", "20s", "mod_reqtimeout's default, header=20-40: the time before MinRate adds to it")
	return nil
}

// requestReads are all RequestReadTimeout directives, which add up.
func (h *httpd) requestReads() []*directive {
	out := all(h.main, "requestreadtimeout")
	if h.host != nil {
		out = slices.Concat(out, all(h.host.block, "requestreadtimeout"))
	}
	return out
}

// listening is the accept queue.
func (h *httpd) listening() error {
	d := h.find("listenbacklog")
	if d == nil {
		return nil
	}
	n, err := h.value(d, d.arg(0), number)
	if err != nil {
		return err
	}
	why := h.told(d)
	if n > somaxconn {
		n, why = somaxconn, why+": an assumption: Linux gives no more than its net.core.somaxconn, 4096"
	}
	h.set("server.backlog", n, why)
	return nil
}

// encryption is TLS and HTTP/2.
func (h *httpd) encryption() error {
	engine := h.find("sslengine")
	if engine == nil || strings.EqualFold(engine.arg(0), "off") {
		return nil
	}
	h.tlsVersion(engine)
	tickets, cache := h.find("sslsessiontickets"), h.find("sslsessioncache")
	off := tickets != nil && strings.EqualFold(tickets.arg(0), "off")
	cached := cache != nil && !slices.Contains([]string{"none", "nonenotnull"}, strings.ToLower(cache.arg(0)))
	switch {
	case off && !cached:
		h.set("tls.resumption", "none", h.told(tickets)+", and no SSLSessionCache that could stand in")
	case off:
		h.set("tls.resumption", "ticket", h.told(cache)+" instead of tickets, with the same round trips")
	default:
		h.set("tls.resumption", "ticket", "SSLSessionTickets is on; an assumption: clients come back with their tickets")
	}
	protocols := h.find("protocols")
	if protocols == nil || !slices.Contains(protocols.args, "h2") {
		return nil
	}
	if !h.modules["http2_module"] {
		h.note("%s asks for HTTP/2, but mod_http2 is not loaded", h.told(protocols))
		return nil
	}
	if h.mpm == "prefork" {
		h.note("%s asks for HTTP/2, which mod_http2 leaves inactive under prefork (AH10034)", h.told(protocols))
		return nil
	}
	h.set("http.version", 2, h.told(protocols)+", and the clients are assumed to offer it")
	return nil
}

// tlsVersion is the newest version that SSLProtocol leaves on; its words add, with - they take away.
func (h *httpd) tlsVersion(engine *directive) {
	d := h.find("sslprotocol")
	why := []string{h.told(engine)}
	on := map[string]bool{"tlsv1.2": true, "tlsv1.3": true}
	if d != nil {
		why = []string{h.told(d)}
		on = map[string]bool{}
		for _, a := range d.args {
			name := strings.ToLower(strings.TrimLeft(a, "+-"))
			for _, v := range []string{"tlsv1.2", "tlsv1.3"} {
				if name == v || name == "all" {
					on[v] = !strings.HasPrefix(a, "-")
				}
			}
		}
	}
	switch {
	case on["tlsv1.3"]:
		h.set("tls.version", "1.3", append(why, "an assumption: clients offer 1.3")...)
	case on["tlsv1.2"]:
		h.set("tls.version", "1.2", why...)
	default:
		h.set("tls.version", "1.2", append(why, "1.2 is the oldest that is modelled")...)
	}
}

// httpdNoField says why some directives have no field.
var httpdNoField = map[string]string{
	"startservers": "the model begins with all workers", "minspareservers": "the model begins with all workers", "maxspareservers": "the model begins with all workers",
	"minsparethreads": "the model begins with all workers", "maxsparethreads": "the model begins with all workers",
	"maxconnectionsperchild": "processes of the model live on", "maxrequestsperchild": "processes of the model live on",
	"proxypass": "the way to the servers behind is not read from httpd yet: server.time stands for them", "balancermember": "the way to the servers behind is not read from httpd yet",
	"timeout": "what bounds a request's head is RequestReadTimeout; other reads have no field",
}

// skipRest lists what did not become a field.
func (h *httpd) skipRest(list []*directive) {
	for _, d := range list {
		switch {
		case h.seen[d]:
		case d == h.host:
			h.skipRest(d.block)
		case d.name == "virtualhost": // told by others
		case d.block != nil:
			h.skip(d, "a section for some requests")
		case d.name == "loadmodule", d.name == "define", d.name == "undefine", d.name == "serverroot":
			h.skip(d, "read, but no field")
		case h.asked[d.name] && httpdNoField[d.name] == "":
			h.skip(d, "changes nothing here, or another one of that name counts")
		default:
			h.skip(d, httpdNoField[d.name])
		}
	}
}
