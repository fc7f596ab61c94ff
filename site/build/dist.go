package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/andybalholm/brotli"
)

// worthTwins are the kinds of files that shrink enough to be kept compressed as well.
var worthTwins = map[string]bool{".html": true, ".css": true, ".js": true, ".svg": true}

// twins writes name.br and name.gz beside each text of a folder.
func twins(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !worthTwins[filepath.Ext(path)] {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		br, gz, err := compressed(data, "")
		if err != nil {
			return err
		}
		return writeTwins(path, br, gz)
	})
}

func writeTwins(path string, br, gz []byte) error {
	if err := os.WriteFile(path+".br", br, 0o644); err != nil {
		return err
	}
	return os.WriteFile(path+".gz", gz, 0o644)
}

// compressed is data in brotli and in gzip. The twins of a file last with the same content are taken over.
func compressed(data []byte, last string) (br, gz []byte, err error) {
	if old, err := os.ReadFile(last); err == nil && bytes.Equal(old, data) {
		br, errBr := os.ReadFile(last + ".br")
		gz, errGz := os.ReadFile(last + ".gz")
		if errBr == nil && errGz == nil {
			return br, gz, nil
		}
	}
	if br, err = compress(data, func(w io.Writer) (io.WriteCloser, error) {
		return brotli.NewWriterLevel(w, brotli.BestCompression), nil
	}); err != nil {
		return nil, nil, err
	}
	gz, err = compress(data, func(w io.Writer) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, gzip.BestCompression)
	})
	return br, gz, err
}

func compress(data []byte, to func(io.Writer) (io.WriteCloser, error)) ([]byte, error) {
	var b bytes.Buffer
	w, err := to(&b)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// replace moves the files of next that differ into dist; if all is set, what next lacks leaves dist.
func replace(next, dist string, all bool) error {
	built := map[string]bool{".keep": true}
	err := filepath.WalkDir(next, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(next, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(dist, rel), 0o755)
		}
		built[rel] = true
		return move(path, filepath.Join(dist, rel))
	})
	if err != nil || !all {
		return err
	}
	now := time.Now()
	if err := os.Chtimes(filepath.Join(dist, "index.html"), now, now); err != nil { // make asks it for the build's time
		return err
	}
	return prune(dist, built)
}

// move replaces a file in one go, unless it is the same.
func move(from, to string) error {
	a, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if b, err := os.ReadFile(to); err == nil && bytes.Equal(a, b) {
		return nil
	}
	return os.Rename(from, to)
}

func prune(dist string, keep map[string]bool) error {
	return filepath.WalkDir(dist, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dist, path)
		if err != nil || keep[rel] {
			return err
		}
		return os.Remove(path)
	})
}
