// Package site holds the built pages: the tutorial and the race.
//
//	site/*.html css js ──┐
//	wasm/engine, stage ──┼── go run ./site/build ──▶ site/dist ──▶ FS, Handler
package site

import (
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:dist
var dist embed.FS

// ErrNotBuilt says that the binary was built before the pages were.
var ErrNotBuilt = errors.New("the pages are not built yet; run `make site`, then build again")

// FS is the built site.
func FS() (fs.FS, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(sub, "index.html"); err != nil {
		return nil, ErrNotBuilt
	}
	return sub, nil
}

// Handler serves files, with their compressed twin where the browser takes it.
func Handler(files fs.FS) http.Handler {
	plain := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if strings.HasSuffix(name, ".wasm") {
			w.Header().Set("Content-Type", "application/wasm")
			if strings.Contains(r.Header.Get("Accept-Encoding"), "br") {
				if data, err := fs.ReadFile(files, name+".br"); err == nil {
					w.Header().Set("Content-Encoding", "br")
					_, _ = w.Write(data)
					return
				}
			}
		}
		plain.ServeHTTP(w, r)
	})
}
