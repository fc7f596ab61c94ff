package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// contentTypes are said by name: what the operating system believes of an extension must not matter.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".png":  "image/png",
	".wasm": "application/wasm",
}

// policy lets the pages load what comes with them and nothing else. Styles may be inline: figures carry theirs.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; object-src 'none'; base-uri 'self'"

// encodings are the compressed twins, the smaller first.
var encodings = []struct{ name, extension string }{{"br", ".br"}, {"gzip", ".gz"}}

// Handler serves files, or their compressed twin where the browser takes it. Names carry no version, so a browser may keep
// a file but asks each time whether it is still the same one. Folders are not listed.
func Handler(files fs.FS) http.Handler {
	s := &server{files: files, tags: map[tagKey]string{}}
	return http.HandlerFunc(s.serve)
}

type server struct {
	files fs.FS
	mu    sync.Mutex
	tags  map[tagKey]string
}

// tagKey is one state of one file: embedded files never change, others change their size or their time.
type tagKey struct {
	name     string
	size     int64
	modified time.Time
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "want GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	contentType, known := contentTypes[path.Ext(name)]
	if !known || !s.has(name) {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", policy)
	for _, e := range encodings {
		if accepts(r.Header.Get("Accept-Encoding"), e.name) && s.has(name+e.extension) {
			h.Set("Content-Encoding", e.name)
			name += e.extension
			break
		}
	}
	s.send(w, r, name)
}

// send answers with a file, or with 304 where the browser has it already.
func (s *server) send(w http.ResponseWriter, r *http.Request, name string) {
	data, err := fs.ReadFile(s.files, name)
	if err != nil {
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	w.Header().Set("ETag", s.tag(name, data))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

func (s *server) has(name string) bool {
	info, err := fs.Stat(s.files, name)
	return err == nil && info.Mode().IsRegular()
}

// tag is an entity tag of the content: the twins of a file have tags of their own.
func (s *server) tag(name string, data []byte) string {
	key := tagKey{name: name, size: int64(len(data))}
	if info, err := fs.Stat(s.files, name); err == nil {
		key.modified = info.ModTime()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.tags[key]; ok {
		return t
	}
	sum := sha256.Sum256(append([]byte(name+"\x00"), data...))
	s.tags[key] = `"` + hex.EncodeToString(sum[:12]) + `"`
	return s.tags[key]
}

// accepts tells whether an Accept-Encoding header takes a coding (RFC 9110, 12.5.3): named without ;q=0. A * names none
// that is worth having.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, parameter, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q, has := strings.CutPrefix(strings.ReplaceAll(parameter, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !has || err == nil && weight > 0
	}
	return false
}
