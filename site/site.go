// Package site holds the built pages: the tutorial and the race.
//
//	templates lessons css js ─┐
//	wasm/engine, wasm/stage ──┴─ go run ./site/build ──▶ site/dist ──▶ FS ──▶ Handler ──▶ browser
//	                                                     x.wasm            Accept-Encoding: br, gzip
//	                                                     x.wasm.br  .gz    ETag, If-None-Match
//
// The pages refer to each other by relative addresses alone, so that they work below any path, and to nothing else.
package site

import (
	"embed"
	"errors"
	"io/fs"
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
