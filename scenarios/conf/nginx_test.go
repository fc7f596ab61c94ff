package conf

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inServer puts lines into the server of a small configuration.
func inServer(lines string) string { return "events {}\nhttp {\nserver {\n" + lines + "\n}\n}\n" }

func TestEachDirectiveOfNGINXBecomesItsField(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"worker_processes 4; events { worker_connections 100; } http {}":                          {"server.workers": "4", "server.max_connections": "400"},
		"worker_processes auto; events {} http {}":                                                {"server.workers": "2", "server.cpus": "2", "server.max_connections": "1024"},
		"worker_rlimit_nofile 9000; events {} http {}":                                            {"server.file_descriptors": "9000"},
		inServer("keepalive_timeout 65;"):                                                         {"server.keep_alive_timeout": "65s", "http.keep_alive_header": "false"},
		inServer("keepalive_timeout 1m 50s;"):                                                     {"server.keep_alive_timeout": "60s", "http.keep_alive_header": "true"},
		inServer("keepalive_timeout 0;"):                                                          {"server.keep_alive_timeout": "0s"},
		inServer("keepalive_requests 100;"):                                                       {"server.keep_alive_requests": "100"},
		inServer("keepalive_requests 0;"):                                                         {"server.keep_alive_timeout": "0s"},
		inServer("keepalive_time 30m;"):                                                           {"server.max_age": "1800s"},
		inServer("client_header_timeout 10;"):                                                     {"server.header_timeout": "10s"},
		inServer("lingering_close always;"):                                                       {"server.linger_when": "always"},
		inServer("lingering_close off;"):                                                          {"server.linger": "0s"},
		inServer("lingering_timeout 8s; lingering_time 6s;"):                                      {"server.linger": "6s"},
		inServer("listen 80 backlog=1024;"):                                                       {"server.backlog": "1024"},
		inServer("listen 80 backlog=65535;"):                                                      {"server.backlog": "4096"},
		"worker_processes 3;" + inServer("listen 80 reuseport;"):                                  {"server.backlog": "1533"},
		inServer("tcp_nodelay off;"):                                                              {"tcp.nagle": "true"},
		inServer("sendfile on;"):                                                                  {"http.header_apart": "true"},
		inServer("sendfile on; tcp_nopush on;"):                                                   {"http.header_apart": "false"},
		inServer("listen 443 ssl;"):                                                               {"tls.version": "1.3", "tls.resumption": "ticket"},
		inServer("listen 443 ssl; ssl_protocols TLSv1.2;"):                                        {"tls.version": "1.2"},
		inServer("listen 443 ssl; ssl_session_tickets off;"):                                      {"tls.resumption": "none"},
		inServer("listen 443 ssl; ssl_session_tickets off; ssl_session_cache shared:SSL:10m;"):    {"tls.resumption": "ticket"},
		inServer("listen 443 ssl; http2 on;"):                                                     {"http.version": "2"},
		inServer("listen 443 ssl http2;"):                                                         {"http.version": "2"},
		inServer("listen 80; http2 on;"):                                                          {"http.version": "1.1"},
		"events {} http { keepalive_timeout 9; server { location / { keepalive_timeout 7; } } }":  {"server.keep_alive_timeout": "7s"},
		"events {} http { keepalive_timeout 9; server { location /x { keepalive_timeout 7; } } }": {"server.keep_alive_timeout": "9s"},
	} {
		_, got := drawn(t, NGINX, Options{}, text, nil)
		for path, value := range want {
			assert.Equal(t, value, got[path], "%s: %s", text, path)
		}
	}
}

// upstream is a configuration that passes requests on: lines of the upstream section and of the location.
func upstream(section, location string) string {
	return fmt.Sprintf("worker_processes 2; events {} http { upstream back { server a:1; server b:1 weight=3; server c:1 backup; server d:1 down; %s }"+
		" server { keepalive_requests 50; location / { proxy_pass http://back; %s } } }", section, location)
}

func TestConnectionsToUpstreamsAreKeptOnlyIfEverythingAllowsIt(t *testing.T) {
	const spoken = `proxy_http_version 1.1; proxy_set_header Connection "";`
	for _, c := range []struct{ version, section, location, mode, idle string }{
		{"", "", "", "per-request", ""},
		{"", "", spoken, "per-request", ""},
		{"", "keepalive 16;", "", "per-request", ""},
		{"", "keepalive 16;", "proxy_http_version 1.1;", "per-request", ""},
		{"", "keepalive 16;", spoken, "persistent", "32"},
		{"", "keepalive 16;", "proxy_http_version 1.1; proxy_set_header Host x;", "per-request", ""},
		{"", "keepalive 16;", "proxy_http_version 1.1; proxy_set_header Connection $connection_upgrade;", "per-request", ""},
		{"1.29.7", "", "", "persistent", "64"},
		{"1.29.6", "", "", "per-request", ""},
		{"1.31.0", "keepalive 0;", "", "per-request", ""},
		{"1.31.0", "keepalive 4;", "proxy_set_header Connection close;", "per-request", ""},
		{"1.31.0", "keepalive 4;", "", "persistent", "8"},
	} {
		_, got := drawn(t, NGINX, Options{Version: c.version}, upstream(c.section, c.location), nil)
		assert.Equal(t, c.mode, got["proxy.http.connections"], c)
		assert.Equal(t, c.idle, got["proxy.client.max_idle"], c)
	}
	_, got := drawn(t, NGINX, Options{Version: "1.30.0"}, upstream("least_conn; keepalive 4; keepalive_timeout 20; keepalive_time 1h;", "proxy_connect_timeout 3s;"), nil)
	assert.Equal(t, "20s", got["proxy.client.idle_timeout"])
	assert.Equal(t, "1h", got["proxy.client.max_age"])
	assert.Equal(t, "3s", got["proxy.client.connect_timeout"])
}

// As long as no scenario has a proxy, nginx is the server and the rest is in comments; then it is the proxy.
func TestNGINXThatPassesRequestsOnIsAProxyAsSoonAsThereAreAny(t *testing.T) {
	for _, there := range []bool{false, true} {
		src := tree(map[string]string{"/n.conf": upstream("least_conn;", "")})
		list, err := readNGINX(src, "/n.conf")
		require.NoError(t, err)
		n := &nginx{Draft: newDraft("nginx", "/n.conf"), main: list, asked: map[string]bool{}, entered: map[*directive]bool{}}
		n.known = func(path string) bool { return there || !strings.HasPrefix(path, "proxy") }
		n.http = n.section(list, "http")
		require.NoError(t, n.choose())
		for _, part := range []func() error{n.process, n.connections, n.upstream} {
			require.NoError(t, part())
		}
		place := "server.keep_alive_requests"
		if there {
			place = "proxy.server.keep_alive_requests"
		}
		value, _ := n.value(place)
		assert.Equal(t, "50", value)
		preset, _ := n.value("proxy.preset")
		assert.Equal(t, "nginx-old", preset)
		for path, want := range map[string]string{"server.count": "2", "server.balance": "least-connections"} {
			value, set := n.value(path)
			assert.Equal(t, there, set, "those behind nginx are not nginx")
			assert.Equal(t, there, value == want, path)
		}
	}
}

func TestOfSeveralServersOneIsChosenAndTheOthersAreTold(t *testing.T) {
	main := "events {} http { server { server_name one.example; keepalive_timeout 1; }" +
		" server { listen 80 default_server; server_name two.example www.two.example; keepalive_timeout 2; } server { keepalive_timeout 3; } }"
	for name, want := range map[string]string{"": "2s", "one.example": "1s", "www.two.example": "2s"} {
		d, got := drawn(t, NGINX, Options{Server: name}, main, nil)
		assert.Equal(t, want, got["server.keep_alive_timeout"], name)
		text, _ := d.YAML()
		assert.Contains(t, string(text), "other servers, which --server NAME chooses: ")
		assert.Contains(t, string(text), "without a name (main.conf:1)")
	}
	assert.Contains(t, wrong(t, NGINX, Options{Server: "ona.example"}, main, nil), "there is no server named ona.example: did you mean one.example?")
	assert.Contains(t, wrong(t, NGINX, Options{Server: "x"}, "events {} http {}", nil), "has no server, so none named x")
}

func TestIncludesAreReadAsNGINXReadsThem(t *testing.T) {
	main := "events {}\nhttp {\n  include conf.d/*.conf;\n  include none/*.conf;\n  include snippet;\n}\n"
	files := map[string]string{"/etc/conf.d/b.conf": "server { include snippet; }", "/etc/conf.d/a.conf": "server {}", "/etc/snippet": "keepalive_timeout 4;"}
	d, got := drawn(t, NGINX, Options{}, main, files)
	assert.Equal(t, "4s", got["server.keep_alive_timeout"])
	text, _ := d.YAML()
	assert.Contains(t, string(text), "# keepalive_timeout 4 (snippet:1)")
	assert.Contains(t, string(text), "server: without a name (conf.d/a.conf:1), the first")
	delete(files, "/etc/snippet")
	err := wrong(t, NGINX, Options{}, main, files)
	assert.Contains(t, err, "/etc/main.conf:5: include snippet: ")
	assert.Contains(t, err, "--root")
	assert.Contains(t, err, "/etc/conf.d/b.conf:1: include snippet", "all at once")
}

func TestMistakesInNGINXTellTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"events {}\nhttp {\nserver {\nkeepalive_timeout soon;\n}\n}": "/etc/main.conf:4: keepalive_timeout: want a time such as 75s",
		"events {}\nhttp {\nserver {\nlisten 80 backlog=much;\n}\n}": `/etc/main.conf:4: listen: want a whole number of 0 or more, got "much"`,
		"worker_processes many;\nevents {}\nhttp {}":                 "/etc/main.conf:1: worker_processes: want a whole number",
		"events {}\nhttp {\n":                                           `unexpected end of file, expecting "}"`,
		"events {}\nhttp {}\n}":                                         `/etc/main.conf:3: unexpected "}"`,
		"events {}\nhttp {\nkeepalive_timeout 1 2 3;\n}":                `/etc/main.conf:3: invalid number of arguments in "keepalive_timeout" directive`,
		"server { listen 80; }":                                         `"server" directive is not allowed here: want the main nginx.conf`,
		"events {}":                                                     "has no http section: want the main nginx.conf",
		"events {} http { include main.conf; }":                         "include cycle",
		strings.Repeat("a {", 2000) + strings.Repeat("}", 2000):         "sections within one another",
		"events {}\nhttp { server { keepalive_timeout 99999999999; } }": "want a time",
	} {
		assert.Contains(t, wrong(t, NGINX, Options{}, text, nil), want, text)
	}
}

// A file that is included twice by each of twenty doubles at every step: what is read has an end.
func TestIncludesThatMultiplyAreRefused(t *testing.T) {
	files := map[string]string{}
	for i := range 19 {
		files[fmt.Sprintf("/etc/%d", i)] = fmt.Sprintf("include %d; include %d;", i+1, i+1)
	}
	files["/etc/19"] = "gzip on;"
	assert.Contains(t, wrong(t, NGINX, Options{}, "events {} http { include 0; }", files), "want at most 200000 directives")
}

func TestLuaIsNotTakenForDirectives(t *testing.T) {
	for _, lua := range []string{"-- don't", "local s = \"}\"", "local s = '\\'}'", "local t = {a = {}}", "--[[ } ]] x()", "local s = [==[ } ]] ]==]", "s = [[ \" ]]", "a[b[1]] = 2"} {
		main := "events {}\nhttp {\n# content_by_lua_block {\nserver {\nlocation / {\ncontent_by_lua_block {\n" + lua + "\n}\nkeepalive_timeout 7;\n}\n}\n}\n"
		d, got := drawn(t, NGINX, Options{}, main, nil)
		assert.Equal(t, "7s", got["server.keep_alive_timeout"], lua)
		text, _ := d.YAML()
		assert.Contains(t, string(text), "keepalive_timeout 7 (main.conf:9)", "lines keep their numbers")
	}
}
