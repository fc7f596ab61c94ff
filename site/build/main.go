// Command build makes site/dist: the pages, both WebAssembly programs and their compressed twins.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
)

// budgets are the largest sizes of a program, in bytes: brotli, gzip.
var budgets = map[string][2]int{"engine": {1_600_000, 2_200_000}, "stage": {3_200_000, 4_500_000}}

func main() {
	wasmOnly := flag.Bool("wasm", false, "build the WebAssembly programs only")
	flag.Parse()
	if err := build("site/dist", *wasmOnly); err != nil {
		fmt.Fprintln(os.Stderr, "site/build:", err)
		os.Exit(1)
	}
}

func build(dist string, wasmOnly bool) error {
	for name, most := range budgets {
		if err := program(dist, name, most); err != nil {
			return err
		}
	}
	if wasmOnly {
		return nil
	}
	if err := copyTree("site", dist); err != nil {
		return err
	}
	if err := pages(dist); err != nil {
		return err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	if err := copyFile(filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec.js"), filepath.Join(dist, "wasm_exec.js")); err != nil {
		return err
	}
	for _, f := range []string{"stage.html", "stage.js"} {
		if err := copyFile(filepath.Join("wasm/stage", f), filepath.Join(dist, f)); err != nil {
			return err
		}
	}
	return nil
}

// program compiles one WebAssembly program and holds it to its budget.
func program(dist, name string, most [2]int) error {
	out := filepath.Join(dist, name+".wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "./wasm/"+name)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	br := compress(data, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) })
	gz := compress(data, func(w io.Writer) io.WriteCloser { z, _ := gzip.NewWriterLevel(w, gzip.BestCompression); return z })
	fmt.Printf("%s.wasm: %d bytes, gzip %d, brotli %d\n", name, len(data), len(gz), len(br))
	if len(br) > most[0] || len(gz) > most[1] {
		return fmt.Errorf("%s.wasm is over its budget: brotli %d of %d, gzip %d of %d", name, len(br), most[0], len(gz), most[1])
	}
	return os.WriteFile(out+".br", br, 0o644)
}

func compress(data []byte, to func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	w := to(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// copyTree copies what the browser gets as it is.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "dist" || d.Name() == "build" || d.Name() == "templates") {
			return filepath.SkipDir
		}
		switch filepath.Ext(path) {
		case ".css", ".js", ".svg", ".png":
			rel, _ := filepath.Rel(from, path)
			return copyFile(path, filepath.Join(to, rel))
		}
		return nil
	})
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}
