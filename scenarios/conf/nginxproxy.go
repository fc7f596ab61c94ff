package conf

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// passing is what is known of the way from nginx to the servers behind it.
type passing struct {
	pass     *directive
	upstream *directive // nil if proxy_pass names a host
	servers  []*directive
	keep     int64 // idle connections that each worker keeps
	keepWhy  string
	version  string
	verWhy   string
	closing  string // why the request says Connection: close; "" if it does not
}

// upstream is the side of nginx that is a client, if the chosen location passes requests on.
func (n *nginx) upstream() error {
	p := &passing{}
	if n.location != nil {
		p.pass = last(n.location.block, "proxy_pass")
	}
	if p.pass == nil {
		return nil
	}
	n.findUpstream(p)
	if err := n.kept(p); err != nil {
		return err
	}
	n.speaks(p)
	return n.setProxy(p)
}

// findUpstream follows proxy_pass to its section, if its host is the name of one.
func (n *nginx) findUpstream(p *passing) {
	_, rest, _ := strings.Cut(p.pass.arg(0), "://")
	host, _, _ := strings.Cut(rest, "/")
	for _, u := range all(n.http.block, "upstream") {
		if u.arg(0) == host {
			p.upstream = u
		}
	}
	if p.upstream == nil {
		return
	}
	for _, s := range all(p.upstream.block, "server") {
		n.seen[s] = true
		if !slices.Contains(s.args, "down") && !slices.Contains(s.args, "backup") {
			p.servers = append(p.servers, s)
		}
	}
	n.entered[p.upstream] = true
}

// inUpstream is a directive of the upstream section.
func (n *nginx) inUpstream(p *passing, name string) *directive {
	if p.upstream == nil {
		return nil
	}
	n.asked[name] = true
	return last(p.upstream.block, name)
}

// modern tells whether nginx keeps connections to upstreams without being told: since 1.29.7 (changes.xml).
func (n *nginx) modern() bool {
	have := []int{0, 0, 0}
	for i, part := range strings.SplitN(n.opt.Version, ".", 3) {
		have[i], _ = strconv.Atoi(part)
	}
	return slices.Compare(have, []int{1, 29, 7}) >= 0
}

// kept is how many idle connections are kept to the servers.
func (n *nginx) kept(p *passing) error {
	d := n.inUpstream(p, "keepalive")
	switch {
	case d != nil:
		count, err := value(d, d.arg(0), number)
		p.keep, p.keepWhy = count, n.told(d)
		return err
	case n.modern():
		p.keep, p.keepWhy = 32, "nginx's default since 1.29.7, keepalive 32 local"
	default:
		p.keepWhy = "no keepalive in an upstream section, and nginx before 1.29.7 keeps none without"
	}
	return nil
}

// speaks is the version of HTTP to the servers, and whether the request asks to close.
func (n *nginx) speaks(p *passing) {
	if d := n.find("proxy_http_version"); d != nil {
		p.version, p.verWhy = d.arg(0), n.told(d)
	} else if p.version, p.verWhy = "1.0", "nginx's default before 1.29.7"; n.modern() {
		p.version, p.verWhy = "1.1", "nginx's default since 1.29.7"
	}
	header, set := n.connectionHeader()
	switch {
	case !set && !n.modern():
		p.closing = "nginx's default before 1.29.7, proxy_set_header Connection close"
	case header == nil:
	case strings.EqualFold(header.arg(1), "close"):
		p.closing = n.told(header)
	case strings.Contains(header.arg(1), "$"):
		p.closing = n.told(header) + ": an assumption: for ordinary requests the variable is close, as in nginx's example for WebSocket"
	}
}

// connectionHeader is what proxy_set_header gives Connection; the innermost section that sets any header counts alone.
func (n *nginx) connectionHeader() (header *directive, set bool) {
	for _, list := range n.chain() {
		headers := all(list, "proxy_set_header")
		for _, h := range headers {
			if strings.EqualFold(h.arg(0), "Connection") {
				return h, true
			}
		}
		if len(headers) > 0 {
			return nil, false
		}
	}
	return nil, false
}

// setProxy writes the fields of the proxy's side towards the servers. Once a scenario can have a proxy, nginx is that proxy.
func (n *nginx) setProxy(p *passing) error {
	n.set("proxy.preset", map[bool]string{true: "nginx", false: "nginx-old"}[n.modern()], n.told(p.pass), n.versionWhy())
	n.set("proxy.http.version", p.version, p.verWhy)
	reuse, why := true, []string{p.keepWhy}
	switch {
	case p.keep == 0:
		reuse = false
	case p.closing != "":
		reuse, why = false, append(why, "in vain: "+p.closing)
	case p.version == "1.0":
		why = append(why, "an assumption: the servers keep a connection of HTTP/1.0, which says Connection: keep-alive")
	}
	mode := map[bool]string{true: "persistent", false: "per-request"}[reuse]
	n.set("proxy.http.connections", mode, why...)
	if reuse {
		n.set("proxy.client.max_idle", p.keep*n.workers, fmt.Sprintf("%s, for each of %d workers", p.keepWhy, n.workers))
	}
	if err := n.upstreamTimes(p, reuse); err != nil {
		return err
	}
	n.moveToProxy(p)
	return nil
}

func (n *nginx) versionWhy() string {
	if n.opt.Version != "" {
		return "nginx " + n.opt.Version + ", as asked for"
	}
	return "an assumption: an nginx before 1.29.7, which keeps no connection to upstreams without being told; --nginx-version says otherwise"
}

func (n *nginx) upstreamTimes(p *passing, reuse bool) error {
	for _, f := range [][2]string{{"keepalive_timeout", "proxy.client.idle_timeout"}, {"keepalive_time", "proxy.client.max_age"}} {
		d := n.inUpstream(p, f[0])
		if d == nil || !reuse {
			continue
		}
		ms, err := value(d, d.arg(0), nginxTime)
		if err != nil {
			return err
		}
		n.set(f[1], duration(ms), n.told(d))
	}
	if d := n.inUpstream(p, "keepalive_requests"); d != nil {
		n.skip(d, "a client of the model has no such limit")
	}
	return n.setTime("proxy.client.connect_timeout", "proxy_connect_timeout")
}

// moveToProxy makes nginx the proxy of the scenario: the fields of the server are those of its side to the clients. As long as
// the vocabulary has no proxy, nginx stays the server, and the way to the servers behind it is in comments.
func (n *nginx) moveToProxy(p *passing) {
	count, why := n.servers(p)
	if !n.known("proxy.preset") {
		n.note("requests are passed on (%s): no scenario has a proxy yet, so that nginx is the server here, and server.time stands for those behind it (%d: %s)",
			n.at(p.pass), count, why)
		return
	}
	var out []field
	for _, f := range n.fields {
		if rest, ok := strings.CutPrefix(f.path, "server."); ok {
			if rest == "preset" {
				continue // the proxy's preset says it
			}
			f.path = "proxy.server." + rest
		}
		out = append(out, f)
	}
	n.fields = out
	n.set("server.count", count, why)
	for _, b := range [][2]string{{"least_conn", "least-connections"}, {"random", "random"}} {
		if d := n.inUpstream(p, b[0]); d != nil {
			n.set("server.balance", b[1], n.told(d))
		}
	}
	n.note("the servers behind nginx are as the defaults of server are: no configuration of nginx says more of them than how many there are")
}

// servers is how many servers are behind nginx.
func (n *nginx) servers(p *passing) (count int, why string) {
	if p.upstream == nil {
		return 1, n.told(p.pass) + ": an assumption: one server behind that name"
	}
	for _, s := range p.servers {
		if slices.ContainsFunc(s.args, func(a string) bool { return strings.HasPrefix(a, "weight=") }) {
			n.note("an assumption: servers are alike, whatever their weight (%s)", n.at(s))
			break
		}
	}
	return max(1, len(p.servers)), n.told(p.upstream) + ": servers that are neither down nor backup"
}
