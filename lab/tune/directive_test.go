package tune

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/scenarios"
	"keepalive/sim"
)

var comment = regexp.MustCompile(` +(#|//) .*`)

// directives are a product's lines without their comments, and what is missing.
func directives(t *testing.T, product string, cfg model.Config) (lines, missing string) {
	t.Helper()
	for _, a := range Directives(&cfg, 90) {
		if a.Product != product {
			continue
		}
		for _, l := range a.Lines {
			lines += comment.ReplaceAllString(l, "") + "\n"
		}
		return lines, strings.Join(a.Missing, "\n")
	}
	t.Fatalf("no directives for %s", product)
	return "", ""
}

// preset is a run of a scenario with a preset.
func preset(t *testing.T, server string, set ...string) model.Config {
	t.Helper()
	f, err := scenarios.Parse("x.yaml", []byte("server: {preset: "+server+"}\nclient: {preset: go}\nworkload: {page: [{}]}"), set...)
	require.NoError(t, err)
	return f.Variants()[0]
}

func TestNginxsDirectives(t *testing.T) {
	lines, missing := directives(t, "nginx", preset(t, "nginx", "server.keep_alive_timeout=1500ms", "server.workers=2", "server.max_connections=1025"))
	assert.Equal(t, `worker_processes 2;
events {
    worker_connections 513;
}
http {
    keepalive_timeout 1500ms;
    keepalive_requests 1000;
}
`, lines)
	assert.Contains(t, missing, "the clients' pool (connections_per_host unlimited, max_idle 2)")
	lines, _ = directives(t, "nginx", preset(t, "go", "server.keep_alive_timeout=0"))
	assert.Contains(t, lines, "keepalive_timeout 0;")
	assert.Contains(t, lines, "keepalive_requests 1000000000;", "0 would close after each response")
	assert.Contains(t, lines, "worker_connections 256;", "nginx must have a limit: 512 for two processes")
	_, missing = directives(t, "nginx", preset(t, "apache-prefork"))
	assert.Contains(t, missing, "nginx serves all connections from event loops")
}

func TestApachesDirectives(t *testing.T) {
	lines, _ := directives(t, "apache", preset(t, "apache-prefork", "server.workers=300", "server.keep_alive_requests=0"))
	assert.Equal(t, `KeepAlive On
KeepAliveTimeout 5
MaxKeepAliveRequests 0
ListenBacklog 511
MaxRequestWorkers 300
ServerLimit 300
`, lines)
	lines, _ = directives(t, "apache", preset(t, "apache-event", "server.workers=410", "server.keep_alive_timeout=250ms"))
	assert.Equal(t, `KeepAlive On
KeepAliveTimeout 250ms
MaxKeepAliveRequests 100
ListenBacklog 511
ThreadsPerChild 25
MaxRequestWorkers 425
ServerLimit 17
AsyncRequestWorkerFactor 2
`, lines)
	lines, _ = directives(t, "apache", preset(t, "apache-prefork", "server.keep_alive_timeout=0"))
	assert.Contains(t, lines, "KeepAlive Off\n")
	assert.NotContains(t, lines, "KeepAliveTimeout")
}

func TestNodesDirectives(t *testing.T) {
	lines, missing := directives(t, "node", preset(t, "node", "server.workers=4", "client.max_idle=8", "server.max_connections=100"))
	assert.Equal(t, `server.keepAliveTimeout = 5000;
server.keepAliveTimeoutBuffer = 0;
server.maxRequestsPerSocket = 0;
server.maxConnections = 100;
server.listen({ port, backlog: 511 });
for (let i = 0; i < 2; i++) cluster.fork();
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 8 });
`, lines)
	assert.Empty(t, missing)
	lines, _ = directives(t, "node", preset(t, "node", "server.keep_alive_timeout=0", "client.connections_per_host=4"))
	assert.Contains(t, lines, "server.maxRequestsPerSocket = 1;", "a timeout of 0 would keep connections for ever")
	assert.NotContains(t, lines, "keepAliveTimeout")
	assert.Contains(t, lines, "maxSockets: 4")
}

func TestGosDirectives(t *testing.T) {
	lines, missing := directives(t, "go", preset(t, "go", "server.keep_alive_timeout=90s", "server.max_connections=64", "server.keep_alive_requests=100", "client.connections_per_host=6"))
	assert.Equal(t, `srv := &http.Server{
	IdleTimeout: 90 * time.Second,
}
listener = netutil.LimitListener(listener, 64)
client := &http.Client{Transport: &http.Transport{
	MaxConnsPerHost: 6,
	MaxIdleConnsPerHost: 2,
	IdleConnTimeout: 90 * time.Second,
}}
`, lines)
	assert.Contains(t, missing, "requests on one connection (keep_alive_requests 100)")
	lines, _ = directives(t, "go", preset(t, "go", "server.keep_alive_timeout=0", "client.max_idle=0", "client.idle_timeout=0"))
	assert.Contains(t, lines, "srv.SetKeepAlivesEnabled(false)")
	assert.Contains(t, lines, "MaxIdleConnsPerHost: -1,", "0 would be 2")
	assert.Contains(t, lines, "IdleConnTimeout: 0,")
}

// Every line that says something says why.
func TestEveryDirectiveHasAComment(t *testing.T) {
	for _, p := range []string{"nginx", "apache-prefork", "apache-event", "node", "go", "tomcat"} {
		cfg := preset(t, p)
		for _, a := range Directives(&cfg, 10) {
			for _, l := range a.Lines {
				if !strings.HasSuffix(l, "{") && !strings.HasPrefix(l, "}") && l != "KeepAlive On" {
					assert.Regexp(t, `  (#|//) \S`, l)
				}
			}
		}
	}
}

func TestAPresetsProductIsKnown(t *testing.T) {
	for name, want := range map[string]string{"nginx": "nginx", "apache-prefork": "apache", "apache-event": "apache", "node": "node", "go": "go", "tomcat": "", "": ""} {
		assert.Equal(t, want, ProductOf(name))
	}
	assert.EqualError(t, CheckProduct("ngnix"), `there are no directives for "ngnix": did you mean nginx?`)
	assert.ErrorContains(t, CheckProduct("caddy"), "there are nginx, apache, node, go")
}

func TestTimesAreWrittenAsProductsHaveThem(t *testing.T) {
	assert.Equal(t, "5s", short(5*sim.Second))
	assert.Equal(t, "1ms", short(1), "none is finer: 0 would be no keep-alive")
	assert.Equal(t, "1500 * time.Millisecond", goTime(1500*sim.Millisecond))
}

func TestWithAProxyNginxsDirectivesAreTheProxys(t *testing.T) {
	f, err := scenarios.Parse("x.yaml", []byte("proxy: {preset: nginx, server: {workers: 2, keep_alive_timeout: 65s}, client: {max_idle: 16, idle_timeout: 30s}}\n"+
		"server: {preset: node}\nworkload: {page: [{}]}"))
	require.NoError(t, err)
	lines, missing := directives(t, "nginx", f.Variants()[0])
	assert.Equal(t, `worker_processes 2;
events {
    worker_connections 256;
}
http {
    keepalive_timeout 65s;
    keepalive_requests 1000;
    upstream servers {
        keepalive 8;
        keepalive_timeout 30s;
    }
}
`, lines)
	assert.Contains(t, missing, "the servers behind it (server.*)")
}
