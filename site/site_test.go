package site

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// built is a small site: what site/build makes, in little.
func built(t *testing.T) fstest.MapFS {
	t.Helper()
	var z strings.Builder
	w := gzip.NewWriter(&z)
	_, err := io.WriteString(w, "program")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return fstest.MapFS{
		"index.html":     {Data: []byte("<!doctype html><title>Race</title>")},
		"js/race.js":     {Data: []byte("export const lanes = 2;")},
		"engine.wasm":    {Data: []byte("program")},
		"engine.wasm.br": {Data: []byte("program, but in brotli")},
		"engine.wasm.gz": {Data: []byte(z.String())},
		"notes.txt":      {Data: []byte("not for the browser")},
	}
}

func get(t *testing.T, h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestABrowserGetsTheSmallestTwinItTakes(t *testing.T) {
	h := Handler(built(t))
	for _, c := range []struct{ accept, encoding string }{
		{"gzip, deflate, br, zstd", "br"},
		{"BR;q=0.5", "br"},
		{"gzip", "gzip"},
		{"br;q=0, gzip; q=0.8", "gzip"},
		{"br;q=0.000", ""},
		{"brotli", ""},
		{"identity", ""},
		{"", ""},
	} {
		w := get(t, h, "/engine.wasm", "Accept-Encoding", c.accept)
		assert.Equal(t, 200, w.Code, c.accept)
		assert.Equal(t, c.encoding, w.Header().Get("Content-Encoding"), c.accept)
		assert.Equal(t, "application/wasm", w.Header().Get("Content-Type"), c.accept)
		assert.Equal(t, "Accept-Encoding", w.Header().Get("Vary"), c.accept)
	}
	w := get(t, h, "/engine.wasm", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(w.Body)
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	assert.Equal(t, "program", string(text))
	assert.Empty(t, get(t, h, "/js/race.js", "Accept-Encoding", "br, gzip").Header().Get("Content-Encoding"), "it has no twin")
}

func TestABrowserKeepsAFileButAsksWhetherItIsStillTheSame(t *testing.T) {
	files := built(t)
	h := Handler(files)
	first := get(t, h, "/engine.wasm", "Accept-Encoding", "br")
	tag := first.Header().Get("ETag")
	require.NotEmpty(t, tag)
	assert.Equal(t, "no-cache", first.Header().Get("Cache-Control"))

	again := get(t, h, "/engine.wasm", "Accept-Encoding", "br", "If-None-Match", tag)
	assert.Equal(t, 304, again.Code)
	assert.Zero(t, again.Body.Len())
	assert.Equal(t, 200, get(t, h, "/engine.wasm", "If-None-Match", tag).Code, "the plain file is another entity than its twin")

	files["engine.wasm.br"] = &fstest.MapFile{Data: []byte("another program in brotli")}
	assert.Equal(t, 200, get(t, h, "/engine.wasm", "Accept-Encoding", "br", "If-None-Match", tag).Code)
}

func TestEachKindOfFileHasItsType(t *testing.T) {
	h := Handler(built(t))
	for path, want := range map[string]string{"/": "text/html; charset=utf-8", "/index.html": "text/html; charset=utf-8",
		"/js/race.js": "text/javascript; charset=utf-8", "/engine.wasm": "application/wasm"} {
		w := get(t, h, path)
		assert.Equal(t, 200, w.Code, path)
		assert.Equal(t, want, w.Header().Get("Content-Type"), path)
		assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"), path)
		assert.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'self'", path)
	}
}

func TestWhatIsNoPageIsNotServed(t *testing.T) {
	h := Handler(built(t))
	for _, path := range []string{"/js/", "/js", "/notes.txt", "/engine.wasm.br", "/none.html", "/../site.go", "/.keep"} {
		assert.Equal(t, 404, get(t, h, path).Code, path)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/index.html", nil))
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
}

func TestTheSiteWorksBelowAnyPath(t *testing.T) {
	h := http.StripPrefix("/course/net", Handler(built(t)))
	assert.Contains(t, get(t, h, "/course/net/").Body.String(), "Race")
	assert.Equal(t, "program", get(t, h, "/course/net/engine.wasm").Body.String())
}

// elsewhere finds an address of another origin, or one that starts at the origin's root, in what a browser would load.
var elsewhere = regexp.MustCompile(`(?i)(?:src|href|action|data)\s*=\s*["']?\s*(?:[a-z][a-z0-9+.-]*:)?/[^"'\s>]*` +
	`|(?:url\(|@import|from|import\(|fetch\(|importScripts\(|new URL\()\s*["']?(?:[a-z][a-z0-9+.-]*:)?/[^"')\s]*`)

func TestNoPageRefersToAnotherOrigin(t *testing.T) {
	assert.Regexp(t, elsewhere, `<script src="https://cdn.example/x.js">`)
	assert.Regexp(t, elsewhere, `<a href=/race.html>`)
	assert.Regexp(t, elsewhere, `@import url("//fonts.example/a.css")`)
	assert.NotRegexp(t, elsewhere, `<link rel="icon" href="data:,"><a href="index.html">import { x } from './x.js'`)
	read := 0
	for _, dir := range []string{"js", "css", "templates", "lessons", "../wasm/stage", "dist"} {
		for _, kind := range []string{"*.html", "*.css", "*.js", "*.md", "*/*.css", "*/*.js"} {
			names, err := filepath.Glob(filepath.Join(dir, kind))
			require.NoError(t, err)
			for _, name := range names {
				text, err := os.ReadFile(name)
				require.NoError(t, err)
				assert.Empty(t, elsewhere.FindString(string(text)), name)
				read++
			}
		}
	}
	assert.Greater(t, read, 10)
}
