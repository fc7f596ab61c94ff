package scenarios

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/sim"
)

func TestAProxyStandsNearItsServersUnlessTheFileSaysOtherwise(t *testing.T) {
	assert.Nil(t, parse(t, least).Proxy)
	p := parse(t, least+"proxy: {}").Proxy
	require.NotNil(t, p)
	assert.Equal(t, sim.Millisecond, p.Link.RTT)
	assert.Equal(t, 0, p.Client.ConnectionsPerHost)
	assert.Equal(t, 60*sim.Second, p.Client.IdleTimeout)
	assert.Equal(t, 75*sim.Second, p.Server.KeepAliveTimeout)
	p = parse(t, least+"proxy: {link: {rtt: 5ms}}", "proxy.client.max_idle=4").Proxy
	assert.Equal(t, 5*sim.Millisecond, p.Link.RTT)
	assert.Equal(t, model.Rate(1e9), p.Link.Up)
	assert.Equal(t, 4, p.Client.MaxIdle)
	assert.Nil(t, parse(t, least+"proxy: {}", "proxy=null").Proxy)
}

func TestTheVocabularySaysAProxysOwnDefaults(t *testing.T) {
	defaults := map[string]string{}
	for _, f := range Fields() {
		defaults[f.Path] = f.Default
	}
	assert.Equal(t, "1ms", defaults["proxy.link.rtt"])
	assert.Equal(t, "100ms", defaults["link.rtt"])
	assert.Equal(t, "60s", defaults["proxy.client.idle_timeout"])
	assert.Equal(t, "75s", defaults["proxy.server.keep_alive_timeout"])
}

func TestAProxyOnALinuxHostWakesAsAServerDoes(t *testing.T) {
	p := parse(t, "hosts: linux\nproxy: {}\n"+least).Proxy
	assert.Equal(t, 110*sim.Microsecond, p.Server.CPU.Request)
	assert.Equal(t, 10*sim.Microsecond, p.Client.Wake)
	assert.Zero(t, p.Client.CPU)
}

func TestFieldsThatOneProxyCannotHaveAreWarnedOf(t *testing.T) {
	for text, warning := range map[string]string{
		"proxy: {server: {time: 5ms}}":                                                  "the proxy waits for the servers",
		"proxy: {client: {dns: 5ms}}":                                                   "the proxy knows its servers' addresses",
		"proxy: {http: {connections: per-request}, client: {idle_timeout: 5s}}":         "no connection to the servers is kept",
		"proxy: {http: {connections: per-request}}\nserver: {keep_alive_timeout: 5s}":   "no connection is kept",
		"proxy: {http: {connections: per-request}, client: {retry: never}}":             "no connection to the servers is kept",
		"proxy: {http: {connections: per-request}, client: {retry: always}}":            "",
		"server: {balance: random}":                                                     "there is one server",
		"proxy: {server: {keep_alive_timeout: 5s}}\nhttp: {connections: per-request}":   "no connection is kept",
		"proxy: {}\nhttp: {connections: per-request}\nserver: {keep_alive_timeout: 5s}": "",
	} {
		f, err := Parse("test.yaml", []byte(least+text))
		require.NoError(t, err, text)
		if warning == "" {
			assert.Empty(t, f.Warnings, text)
			continue
		}
		require.Len(t, f.Warnings, 1, text)
		assert.Contains(t, f.Warnings[0], warning)
	}
}
