package conf

import (
	"fmt"
	"slices"
	"strings"

	"keepalive/scenarios"
)

// Options choose what of a configuration becomes the scenario.
type Options struct {
	File    string            // the main file, absolute in the Source
	Server  string            // name of the server or virtual host; "" takes the one that answers a name it does not know
	CPUs    int               // cores of the machine; zero is 2, the vocabulary's default
	Version string            // nginx: its version, such as 1.22.1; "" is one before 1.29.7, which kept no connection to upstreams
	Defines map[string]string // httpd: variables such as APACHE_RUN_DIR
}

// nginx reads one configuration into a draft.
type nginx struct {
	*Draft
	opt      Options
	main     []*directive
	http     *directive
	server   *directive
	location *directive          // nil if the server has none
	asked    map[string]bool     // names that were looked for
	entered  map[*directive]bool // sections that are part of the scenario
	workers  int64
}

// NGINX makes a scenario of an nginx configuration.
func NGINX(src Source, opt Options) (*Draft, error) {
	opt.File = absolute(opt.File)
	tree, err := readNGINX(src, opt.File)
	if err != nil {
		return nil, err
	}
	n := &nginx{Draft: newDraft("nginx", opt.File), opt: opt, main: tree,
		asked: map[string]bool{}, entered: map[*directive]bool{}}
	if n.http = n.section(tree, "http"); n.http == nil {
		return nil, &Error{opt.File, 0, "has no http section: want the main nginx.conf, which includes the others"}
	}
	if err := n.choose(); err != nil {
		return nil, err
	}
	for _, part := range []func() error{n.process, n.connections, n.listening, n.encryption, n.sending, n.upstream} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	n.placeholder()
	n.skipRest(n.main)
	return n.Draft, nil
}

// section is the last section of a name, which counts.
func (n *nginx) section(list []*directive, name string) *directive {
	for _, d := range slices.Backward(list) {
		if d.name == name && d.block != nil {
			n.entered[d] = true
			return d
		}
	}
	return nil
}

// chain are the sections around the chosen location, innermost first: nginx takes a directive from the first that has it.
func (n *nginx) chain() [][]*directive {
	out := [][]*directive{}
	if n.location != nil {
		out = append(out, n.location.block)
	}
	if n.server != nil {
		out = append(out, n.server.block)
	}
	return append(out, n.http.block)
}

// find is the directive that counts, or nil.
func (n *nginx) find(name string) *directive {
	n.asked[name] = true
	for _, list := range n.chain() {
		if d := last(list, name); d != nil {
			return d
		}
	}
	return nil
}

// findMain is a directive of the main section.
func (n *nginx) findMain(name string) *directive {
	n.asked[name] = true
	return last(n.main, name)
}

func last(list []*directive, name string) *directive {
	for _, d := range slices.Backward(list) {
		if d.name == name {
			return d
		}
	}
	return nil
}

func all(list []*directive, name string) []*directive {
	var out []*directive
	for _, d := range list {
		if d.name == name {
			out = append(out, d)
		}
	}
	return out
}

// choose takes the server that was asked for, else that which nginx takes for a name it does not know, and its location.
func (n *nginx) choose() error {
	servers := all(n.http.block, "server")
	if len(servers) == 0 {
		if n.opt.Server != "" {
			return &Error{n.opt.File, 0, fmt.Sprintf("has no server, so none named %s", n.opt.Server)}
		}
		n.Title = "nginx"
		n.note("there is no server section: fields are those that a server would have")
		return nil
	}
	n.server = servers[0]
	why := "the first, which answers names that no other has"
	for _, s := range servers {
		if slices.ContainsFunc(all(s.block, "listen"), func(l *directive) bool { return slices.Contains(l.args, "default_server") }) {
			n.server, why = s, "the default_server"
			break
		}
	}
	if n.opt.Server != "" {
		if n.server = named(servers, n.opt.Server, serverNames); n.server == nil {
			return noServer(n.opt, servers, serverNames)
		}
		why = "as asked for"
	}
	n.entered[n.server] = true
	for _, d := range all(n.server.block, "server_name") {
		n.seen[d] = true
	}
	n.Title = "nginx: " + firstName(serverNames(n.server))
	n.note("server: %s (%s), %s", firstName(serverNames(n.server)), n.at(n.server), why)
	n.others(servers, n.server, serverNames)
	n.chooseLocation()
	return nil
}

// others says which servers there are beside the chosen one.
func (d *Draft) others(servers []*directive, chosen *directive, names func(*directive) []string) {
	var list []string
	for _, s := range servers {
		if s != chosen {
			list = append(list, fmt.Sprintf("%s (%s)", firstName(names(s)), d.at(s)))
			d.skip(s, "another server")
		}
	}
	if len(list) > 20 {
		list = append(list[:20], fmt.Sprintf("and %d more", len(list)-20))
	}
	if len(list) > 0 {
		d.note("other servers, which --server NAME chooses: %s", strings.Join(list, ", "))
	}
}

func serverNames(s *directive) []string {
	var out []string
	for _, d := range all(s.block, "server_name") {
		out = append(out, d.args...)
	}
	return out
}

func firstName(names []string) string {
	if len(names) == 0 || names[0] == "_" || names[0] == "" {
		return "without a name"
	}
	return names[0]
}

func named(servers []*directive, name string, names func(*directive) []string) *directive {
	for _, s := range servers {
		if slices.Contains(names(s), name) {
			return s
		}
	}
	return nil
}

// noServer says which servers there are.
func noServer(opt Options, servers []*directive, names func(*directive) []string) error {
	var there []string
	for _, s := range servers {
		there = append(there, names(s)...)
	}
	hint := "none has a name"
	if near := scenarios.Nearest(opt.Server, there); near != "" {
		hint = "did you mean " + near + "?"
	} else if len(there) > 0 {
		hint = "there are " + strings.Join(there[:min(len(there), 20)], ", ")
	}
	return &Error{opt.File, 0, fmt.Sprintf("there is no server named %s: %s", opt.Server, hint)}
}

// chooseLocation takes location /, or the only one that passes requests on.
func (n *nginx) chooseLocation() {
	var passing []*directive
	for _, l := range all(n.server.block, "location") {
		switch {
		case len(l.args) == 1 && l.args[0] == "/":
			n.location = l
		case last(l.block, "proxy_pass") != nil:
			passing = append(passing, l)
		}
	}
	if n.location == nil && len(passing) == 1 {
		n.location = passing[0]
		n.entered[n.location] = true
		n.note("location: %s, the only one that passes requests on; there is no location /", n.told(n.location))
		return
	}
	if n.location != nil {
		n.entered[n.location] = true
		n.note("location: / (%s): that of the workload", n.at(n.location))
	}
	if len(passing) > 0 {
		n.note("other locations pass requests on too; they are not part of this scenario")
	}
}

// noField says why some directives have no field.
var noField = map[string]string{
	"multi_accept": "a worker of the model accepts one connection at a time", "accept_mutex": "the model's workers do not contend",
	"keepalive_disable": "the model's clients are none of these browsers", "keepalive_min_timeout": "not modelled",
	"uwsgi_pass": "what answers is not a HTTP server: server.time stands for it", "fastcgi_pass": "what answers is not a HTTP server: server.time stands for it",
	"proxy_read_timeout": "it bounds the wait between two reads",
	"gzip":               "write sizes as they are sent", "stream": "not HTTP", "mail": "not HTTP",
}

// skipRest lists what did not become a field.
func (n *nginx) skipRest(list []*directive) {
	for _, d := range list {
		switch {
		case n.seen[d]:
		case n.entered[d]:
			n.skipRest(d.block)
		case d.name == "server" && d.block != nil: // told by others
		case d.name == "location":
			n.skip(d, "another location")
		case n.asked[d.name]:
			n.skip(d, "changes nothing here, or another one of that name counts")
		default:
			n.skip(d, noField[d.name])
		}
	}
}
