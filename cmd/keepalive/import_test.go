package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const confs = "../../scenarios/conf/testdata/"

func TestAnImportedConfigurationPassesTheCheckAndRuns(t *testing.T) {
	for _, line := range [][]string{
		{"nginx", "/etc/nginx/nginx.conf", "--root", confs + "debian-nginx", "--cpus", "4"},
		{"httpd", "/etc/apache2/apache2.conf", "--root", confs + "debian-apache2"},
	} {
		file := filepath.Join(t.TempDir(), "imported.yaml")
		status, out, errs := command(append([]string{"import"}, append(line, "-o", file)...)...)
		require.Equal(t, exitFine, status, errs)
		assert.Empty(t, out)
		assert.Regexp(t, `^\d+ directives have no field`, errs)
		for _, verb := range []string{"check", "run", "explain"} {
			status, out, errs = command(verb, file)
			require.Equal(t, exitFine, status, errs)
			assert.NotContains(t, out+errs, "warning")
		}
	}
}

func TestAMissingIncludeIsToldWithItsPlace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "nginx.conf")
	require.NoError(t, os.WriteFile(file, []byte("events {}\nhttp {\n  include mime.types;\n}\n"), 0o600))
	status, out, errs := command("import", "nginx", file)
	assert.Equal(t, exitBadInput, status)
	assert.Empty(t, out)
	assert.Contains(t, errs, filepath.ToSlash(file)+":3: include mime.types: ")
	assert.Contains(t, errs, "nginx would not start; name the root of the tree that it lies in with --root")
}

func TestAnImportGoesToStandardOutput(t *testing.T) {
	status, out, errs := command("import", "httpd", "--root", confs+"debian-apache2", "/etc/apache2/apache2.conf")
	require.Equal(t, exitFine, status, errs)
	golden, err := os.ReadFile(confs + "debian-apache2.golden.yaml")
	require.NoError(t, err)
	assert.Equal(t, string(golden), out)
}

func TestEachKindOfImportShowsAnExample(t *testing.T) {
	for _, kind := range importCommand().Commands() {
		status, out, _ := command("import", kind.Name(), "--help")
		assert.Equal(t, exitFine, status)
		assert.Contains(t, out, "Examples:\n  keepalive import "+kind.Name())
	}
}
