package conf

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	prefork = "LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n"
	worker  = "LoadModule mpm_worker_module modules/mod_mpm_worker.so\n"
	event   = "LoadModule mpm_event_module modules/mod_mpm_event.so\n"
	timely  = "LoadModule reqtimeout_module modules/mod_reqtimeout.so\n"
	secure  = "LoadModule ssl_module modules/mod_ssl.so\nSSLEngine on\n"
	second  = "LoadModule http2_module modules/mod_http2.so\n"
)

func TestWhichMPMIsLoadedDecides(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                                   {"server.preset": "apache-event", "server.workers": "400", "server.max_connections": "1200"},
		event + "AsyncRequestWorkerFactor 4": {"server.workers": "400", "server.max_connections": "2000"},
		event + "MaxRequestWorkers 150":      {"server.workers": "150", "server.max_connections": "450"},
		worker + "MaxClients 160":            {"server.preset": "apache-worker", "server.workers": "150", "server.max_connections": "150"},
		worker + "ServerLimit 2\nThreadsPerChild 100\nThreadLimit 80": {"server.workers": "160"},
		worker + "ServerLimit 2\nMaxRequestWorkers 999":               {"server.workers": "50"},
		prefork:                           {"server.preset": "apache-prefork", "server.workers": "256", "server.max_connections": "256"},
		prefork + "MaxRequestWorkers 400": {"server.workers": "256"},
		prefork + "ServerLimit 400\nMaxRequestWorkers 400": {"server.workers": "400"},
		prefork + "<IfModule mpm_event_module>\nMaxRequestWorkers 9\n</IfModule>\n<IfModule mpm_prefork_module>\nMaxRequestWorkers 8\n</IfModule>": {"server.workers": "8"},
		prefork + "<IfModule mod_mpm_prefork.c>\nMaxRequestWorkers 8\n</IfModule>":                                                                 {"server.workers": "8"},
	} {
		_, got := drawn(t, HTTPD, Options{}, text, nil)
		for path, value := range want {
			assert.Equal(t, value, got[path], "%s: %s", text, path)
		}
	}
	assert.Contains(t, wrong(t, HTTPD, Options{}, prefork+event, nil), "/etc/main.conf:2: LoadModule: LoadModule mpm_event_module modules/mod_mpm_event.so: an MPM is loaded already (main.conf:1)")
	assert.Contains(t, wrong(t, HTTPD, Options{}, "LoadModule mpm_winnt_module x.so", nil), "want prefork, worker or event")
}

func TestEachDirectiveOfHTTPDBecomesItsField(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"KeepAliveTimeout 15":                {"server.keep_alive_timeout": "15s", "http.keep_alive_header": "true"},
		"KeepAliveTimeout 250ms":             {"server.keep_alive_timeout": "250ms"},
		"keepalive off\nKeepAliveTimeout 15": {"server.keep_alive_timeout": "0s"},
		"MaxKeepAliveRequests 0":             {"server.keep_alive_requests": "0"},
		"Timeout 300":                        {"server.header_timeout": "300s"},
		"":                                   {"server.header_timeout": "60s"},
		timely + "Timeout 300":               {"server.header_timeout": "20s"},
		timely + "RequestReadTimeout header=10-30,MinRate=500 body=9\nRequestReadTimeout body=5": {"server.header_timeout": "10s"},
		timely + "RequestReadTimeout header=0":                                                   {"server.header_timeout": "0s"},
		"ListenBacklog 128":                                                                      {"server.backlog": "128"},
		"ListenBacklog 10000":                                                                    {"server.backlog": "4096"},
		secure:                                                                                   {"tls.version": "1.3", "tls.resumption": "ticket"},
		secure + "SSLProtocol all -TLSv1.3":                                                      {"tls.version": "1.2"},
		secure + "SSLProtocol +TLSv1.2":                                                          {"tls.version": "1.2"},
		secure + "SSLSessionTickets off":                                                         {"tls.resumption": "none"},
		secure + "SSLSessionTickets off\nSSLSessionCache shmcb:x(512000)":                        {"tls.resumption": "ticket"},
		secure + second + "Protocols h2 http/1.1":                                                {"http.version": "2"},
		secure + "Protocols h2 http/1.1":                                                         {"http.version": ""},
		second + "Protocols h2 http/1.1":                                                         {"http.version": ""},
		"KeepAliveTimeout 3\n<VirtualHost *:80>\nKeepAliveTimeout 4\n</VirtualHost>":             {"server.keep_alive_timeout": "4s"},
		"KeepAliveTimeout 3\n<Directory />\nKeepAliveTimeout 4\n</Directory>":                    {"server.keep_alive_timeout": "3s"},
	} {
		_, got := drawn(t, HTTPD, Options{}, text, nil)
		for path, value := range want {
			assert.Equal(t, value, got[path], "%s: %s", text, path)
		}
	}
}

func TestConditionsAndVariablesAreDecidedAsHTTPDStarts(t *testing.T) {
	for text, want := range map[string]string{
		"Define T 7\nKeepAliveTimeout ${T}":                                                            "7s",
		"KeepAliveTimeout ${GIVEN}":                                                                    "11s",
		"<IfDefine GIVEN>\nKeepAliveTimeout 2\n</IfDefine>":                                            "2s",
		"KeepAliveTimeout 1\n<IfDefine !GIVEN>\nKeepAliveTimeout 2\n</IfDefine>":                       "1s",
		"KeepAliveTimeout 1\nUnDefine GIVEN\n<IfDefine GIVEN>\nKeepAliveTimeout 2\n</IfDefine>":        "1s",
		"<IfVersion >= 2.4>\nKeepAliveTimeout 2\n</IfVersion>":                                         "2s",
		"KeepAliveTimeout 1\n<IfVersion < 2.4>\nKeepAliveTimeout 2\n</IfVersion>":                      "1s",
		"<IfModule !none_module>\n<IfModule so_module>\nKeepAliveTimeout 2\n</IfModule>\n</IfModule>":  "2s",
		"KeepAliveTimeout 1\n<IfModule none_module>\nKeepAliveTimeout 2\nInclude nowhere\n</IfModule>": "1s",
		"KeepAliveTimeout \\\n  3":                                                                     "3s",
		"  keepAliveTIMEOUT\t\"4\"  ":                                                                  "4s",
		"# KeepAliveTimeout \\\n 9\nKeepAliveTimeout 5":                                                "5s",
		"<IfFile other.conf>\nKeepAliveTimeout 6\n</IfFile>":                                           "6s",
	} {
		_, got := drawn(t, HTTPD, Options{Defines: map[string]string{"GIVEN": "11"}}, text, map[string]string{"/etc/other.conf": ""})
		assert.Equal(t, want, got["server.keep_alive_timeout"], text)
	}
	assert.Contains(t, wrong(t, HTTPD, Options{}, "KeepAliveTimeout ${KAT}", nil), "${KAT} is not defined: give it with --define KAT=VALUE")
}

func TestIncludesAreReadAsHTTPDReadsThem(t *testing.T) {
	files := map[string]string{"/etc/on/b.conf": "KeepAliveTimeout 2", "/etc/on/a.conf": "KeepAliveTimeout 1", "/srv/x/site": "KeepAliveTimeout 3"}
	for main, want := range map[string]string{
		"Include on/*.conf": "2s",
		"Include on":        "2s",
		"IncludeOptional none/*.conf\nInclude on/a.conf":                         "1s",
		"ServerRoot /srv/x\nInclude site":                                        "3s",
		"<VirtualHost *>\nInclude on/a.conf\n</VirtualHost>\nKeepAliveTimeout 9": "1s",
	} {
		_, got := drawn(t, HTTPD, Options{}, main, files)
		assert.Equal(t, want, got["server.keep_alive_timeout"], main)
	}
	assert.Contains(t, wrong(t, HTTPD, Options{}, "\nInclude gone.conf", files), "/etc/main.conf:2: Include: there is no file gone.conf: httpd would not start")
	assert.Contains(t, wrong(t, HTTPD, Options{}, "ServerRoot /opt/x", files), "there is no directory /opt/x: name the root of the tree that it lies in with --root")
	assert.Contains(t, wrong(t, HTTPD, Options{}, "Include main.conf", nil), "want at most 20 files that include one another")
}

func TestMistakesInHTTPDTellTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"KeepAliveTimeout soon":                `/etc/main.conf:1: KeepAliveTimeout: want a time such as 5, 500ms or 2min, got "soon"`,
		"\nMaxKeepAliveRequests -1":            "/etc/main.conf:2: MaxKeepAliveRequests: want a whole number of 0 or more",
		"<VirtualHost *>\n\n":                  "/etc/main.conf:1: VirtualHost: is not closed: want </VirtualHost> before the file ends",
		"<VirtualHost *>\n</Directory>":        "/etc/main.conf:2: </directory>: closes what is not open here",
		"</VirtualHost>":                       "closes what is not open here",
		"<VirtualHost *":                       "want > at the end of the line",
		"<>":                                   "a section without a name",
		"Include":                              "want a path",
		strings.Repeat("<Directory />\n", 200): "want at most 100 sections within one another",
		strings.Repeat("Timeout 5\n", 200_001): "want at most 200000 directives",
		"<VirtualHost *>\nServerName a.example\n</VirtualHost>": "there is no server named b.example: did you mean a.example?",
	} {
		opt := Options{}
		if strings.Contains(text, "ServerName") {
			opt.Server = "b.example"
		}
		assert.Contains(t, wrong(t, HTTPD, opt, text, nil), want, text[:min(len(text), 80)])
	}
}

// Variables made of variables double at every line: what is put in has an end.
func TestVariablesThatMultiplyEnd(t *testing.T) {
	text := "Define A xx\n" + strings.Repeat("Define A ${A}${A}\n", 1000) + "ServerAdmin ${A}\n"
	d, err := HTTPD(tree(map[string]string{"/h.conf": text}), Options{File: "/h.conf"})
	require.NoError(t, err)
	out, err := d.YAML()
	require.NoError(t, err)
	assert.Less(t, len(out), 10_000)
}

// What a2dismod mpm_event, a2enmod mpm_prefork ssl http2 and a2ensite default-ssl make of Debian's configuration.
func TestDebiansApacheWithOtherModulesIsAnotherServer(t *testing.T) {
	files := fstest.MapFS{}
	debian := os.DirFS("testdata/debian-apache2")
	require.NoError(t, fs.WalkDir(debian, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.Contains(name, "mods-enabled/mpm_") {
			return err
		}
		data, err := fs.ReadFile(debian, name)
		files[name] = &fstest.MapFile{Data: data}
		for _, m := range []string{"mpm_prefork", "ssl", "http2"} {
			if strings.Contains(name, "mods-available/"+m+".") {
				files[strings.Replace(name, "available", "enabled", 1)] = files[name]
			}
		}
		return err
	}))
	files["etc/apache2/sites-enabled/default-ssl.conf"] = files["etc/apache2/default-ssl.conf"]
	files["etc/apache2/sites-enabled/default-ssl.conf"].Data = []byte(strings.Replace(
		string(files["etc/apache2/default-ssl.conf"].Data), "SSLEngine on", "SSLEngine on\nServerName secure.example", 1))
	d, err := HTTPD(Source{files}, Options{File: "/etc/apache2/apache2.conf", Server: "secure.example"})
	require.NoError(t, err)
	text, err := d.YAML()
	require.NoError(t, err)
	for path, want := range map[string]string{"server.preset": "apache-prefork", "server.workers": "150", "server.max_connections": "150",
		"tls.version": "1.3", "tls.resumption": "ticket", "http.version": "", "server.header_timeout": "20s"} {
		value, _ := d.value(path)
		assert.Equal(t, want, value, path)
	}
	assert.Contains(t, string(text), "mod_http2 leaves inactive under prefork")
	assert.Contains(t, string(text), "SSLSessionCache shmcb:${APACHE_RUN_DIR}/ssl_scache(512000) (mods-enabled/ssl.conf:", "what is not needed may stay undefined")
	assert.Contains(t, string(text), "other servers, which --server NAME chooses: without a name (sites-enabled/000-default.conf:1)")
}
