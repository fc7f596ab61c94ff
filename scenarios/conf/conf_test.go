package conf

import (
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// tree is a Source of files by path.
func tree(files map[string]string) Source {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[inside(name)] = &fstest.MapFile{Data: []byte(text)}
	}
	return Source{Files: fsys}
}

type reader = func(Source, Options) (*Draft, error)

// drawn is the draft of a main file and of others, and what it says of each field.
func drawn(t *testing.T, read reader, opt Options, main string, others map[string]string) (*Draft, map[string]string) {
	files := map[string]string{"/etc/main.conf": main}
	maps.Copy(files, others)
	opt.File = "/etc/main.conf"
	d, err := read(tree(files), opt)
	require.NoError(t, err, main)
	text, err := d.YAML()
	require.NoError(t, err, main)
	f, err := scenarios.Parse("import.yaml", text)
	require.NoError(t, err, main)
	require.Empty(t, f.Warnings, main)
	values := map[string]string{}
	for _, f := range d.fields {
		values[f.path] = f.value
	}
	return d, values
}

// wrong is the mistake of a main file.
func wrong(t *testing.T, read reader, opt Options, main string, others map[string]string) string {
	files := map[string]string{"/etc/main.conf": main}
	maps.Copy(files, others)
	opt.File = "/etc/main.conf"
	_, err := read(tree(files), opt)
	require.Error(t, err, main)
	return err.Error()
}

func golden(t *testing.T, name string, d *Draft) {
	got, err := d.YAML()
	require.NoError(t, err)
	file := "testdata/" + name
	if *update {
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "go test ./scenarios/conf -update rewrites it")
	f, err := scenarios.Parse(file, got)
	require.NoError(t, err)
	assert.Empty(t, f.Warnings, "a field without effect is no import")
}

func TestDebiansConfigurationsBecomeScenarios(t *testing.T) {
	d, err := NGINX(Source{os.DirFS("testdata/debian-nginx")}, Options{File: "/etc/nginx/nginx.conf"})
	require.NoError(t, err)
	golden(t, "debian-nginx.golden.yaml", d)
	d, err = HTTPD(Source{os.DirFS("testdata/debian-apache2")}, Options{File: "/etc/apache2/apache2.conf"})
	require.NoError(t, err)
	golden(t, "debian-apache2.golden.yaml", d)
}

// Every line of a configuration is either the reason for a field or on the list of what was ignored, unless it lies in a
// section that is on that list.
func TestNothingIsDroppedSilently(t *testing.T) {
	src := Source{os.DirFS("testdata/debian-nginx")}
	list, err := readNGINX(src, "/etc/nginx/nginx.conf")
	require.NoError(t, err)
	d, err := NGINX(src, Options{File: "/etc/nginx/nginx.conf"})
	require.NoError(t, err)
	accounted(t, d, list)

	src = Source{os.DirFS("testdata/debian-apache2")}
	list, err = newHTTPDReader(src, Options{File: "/etc/apache2/apache2.conf"}).file("/etc/apache2/apache2.conf")
	require.NoError(t, err)
	d, err = HTTPD(src, Options{File: "/etc/apache2/apache2.conf"})
	require.NoError(t, err)
	accounted(t, d, list)
}

func accounted(t *testing.T, d *Draft, list []*directive) {
	text, err := d.YAML()
	require.NoError(t, err)
	for _, x := range list {
		listed := slices.ContainsFunc(d.ignored, func(i ignored) bool { return i.place == d.at(x) })
		told := strings.Contains(string(text), "("+d.at(x)+")") || x.name == "server_name"
		switch {
		case listed || told && x.block == nil:
		case x.block != nil && !listed:
			accounted(t, d, x.block)
		default:
			t.Errorf("%v at %s is neither told nor listed", x, d.at(x))
		}
	}
}

// A site that is enabled by an absolute link, as Debian does it, is read inside of the tree.
func TestAbsoluteLinksLeadWithinTheTree(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(root, "etc/nginx/on"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "etc/nginx/nginx.conf"), []byte("events {} http { include on/*; }"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(root, "etc/nginx/site"), []byte("server { keepalive_timeout 9; }"), 0o600))
	require.NoError(t, os.Symlink("/etc/nginx/site", filepath.Join(root, "etc/nginx/on/site")))
	d, err := NGINX(Source{os.DirFS(root)}, Options{File: "/etc/nginx/nginx.conf"})
	require.NoError(t, err)
	value, _ := d.value("server.keep_alive_timeout")
	assert.Equal(t, "9s", value)
}

func TestAFileThatIsNoConfigurationIsRefused(t *testing.T) {
	for name, read := range map[string]reader{"nginx": NGINX, "httpd": HTTPD} {
		assert.Contains(t, wrong(t, read, Options{}, "a\x00b", nil), "/etc/main.conf: is not text", name)
		assert.Contains(t, wrong(t, read, Options{}, strings.Repeat("#\n", maxFile), nil), "want at most 4 MiB", name)
		_, err := read(tree(nil), Options{File: "none.conf"})
		assert.ErrorContains(t, err, "/none.conf: file does not exist", name)
		_, err = read(tree(map[string]string{"/etc/a": ""}), Options{File: "/etc"})
		assert.ErrorContains(t, err, "/etc: is a directory", name)
	}
}

// What a configuration says stands in comments and in the name: it must not break out of them.
func TestTextOfAConfigurationStaysInItsComment(t *testing.T) {
	for _, bad := range []string{"a\nworkload: {}", "a\r\nb: c", "a\u2028b: c", "a\u0085b: c", "\x1b[31m", `a\"b`, strings.Repeat("a", 5000)} {
		d, _ := drawn(t, NGINX, Options{}, "events {}\nhttp { server { server_name \""+bad+"\"; listen 80 \""+bad+"\" backlog=7; } }", nil)
		text, err := d.YAML()
		require.NoError(t, err)
		assert.NotContains(t, string(text), "\nworkload: {}")
		assert.NotContains(t, string(text), "\x1b")
	}
}

func TestTimes(t *testing.T) {
	for text, want := range map[string]string{"75": "75s", "75s": "75s", "1h30m": "5400s", "1h": "1h", "500ms": "500ms", "1m 30s": "90s", "1d": "24h", "0": "0s", "1500ms": "1500ms", "2M": "1440h"} {
		ms, err := nginxTime(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, duration(ms), text)
	}
	for _, text := range []string{"", "s", "-1", "1x", "5s!", "99999999999", "584942418y", "1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y1y" + strings.Repeat("2000000000y", 9)} {
		_, err := nginxTime(text)
		assert.Error(t, err, text)
	}
	for text, want := range map[string]string{"5": "5s", "500ms": "500ms", "2min": "120s", "2mi": "120s", "1h": "1h", "5S": "5s"} {
		ms, err := httpdTime(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, duration(ms), text)
	}
	for _, text := range []string{"", "ms", "5 s", "5m", "-5"} {
		_, err := httpdTime(text)
		assert.Error(t, err, text)
	}
}

func fuzz(f *testing.F, read reader, files fs.FS) {
	_ = fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			data, _ := fs.ReadFile(files, name)
			f.Add(string(data), "")
		}
		return nil
	})
	f.Fuzz(func(t *testing.T, main, other string) {
		d, err := read(tree(map[string]string{"/etc/main.conf": main, "/etc/other.conf": other}), Options{File: "/etc/main.conf"})
		if err != nil {
			if err.Error() == "" {
				t.Error("a mistake without words")
			}
			return
		}
		text, err := d.YAML()
		if err == nil {
			_, err = scenarios.Parse("import.yaml", text)
			require.NoError(t, err)
		} else if !strings.Contains(err.Error(), "gives what no scenario can have") || strings.Contains(err.Error(), "there is no such field") {
			t.Error(err)
		}
	})
}

func FuzzNGINX(f *testing.F) {
	f.Add("events {} http { upstream u { server a; server b weight=2; keepalive 8; } server { listen 1 ssl backlog=9 reuseport; location / { proxy_pass http://u; } } }", "")
	f.Add("include other.conf;", "include main.conf;")
	f.Add("events {} http { include *.conf; }", "server { keepalive_timeout 5; }")
	fuzz(f, NGINX, os.DirFS("testdata/debian-nginx"))
}

func FuzzHTTPD(f *testing.F) {
	f.Add("Define A 5\nKeepAliveTimeout ${A}\n<IfModule !mod_x.c>\nMaxClients 9\n</IfModule>\n", "")
	f.Add("Include other.conf", "Include main.conf")
	f.Add("IncludeOptional *.conf\n<VirtualHost *>\nServerName \"a\\\"b\"\n</VirtualHost>", "KeepAlive Off")
	fuzz(f, HTTPD, os.DirFS("testdata/debian-apache2"))
}
