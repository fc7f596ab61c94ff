// Command build makes site/dist: the pages, both WebAssembly programs and their compressed twins.
//
//	templates, lessons, css, js ──┐
//	wasm/engine, wasm/stage ──────┼──▶ site/.dist-* ── what differs, file by file ──▶ site/dist
//	compressed twins .gz .br ─────┘
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// budgets are the largest sizes of a program, in bytes: brotli, gzip.
var budgets = map[string][2]int{"engine": {1_600_000, 2_200_000}, "stage": {3_200_000, 4_500_000}}

func main() {
	wasmOnly := flag.Bool("wasm", false, "build the WebAssembly programs only")
	flag.Parse()
	if err := publish("site/dist", *wasmOnly); err != nil {
		fmt.Fprintln(os.Stderr, "site/build:", err)
		os.Exit(1)
	}
}

// publish builds aside and then replaces what differs in dist: whoever reads dist meanwhile sees whole files.
func publish(dist string, wasmOnly bool) error {
	next, err := os.MkdirTemp(filepath.Dir(dist), ".dist-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(next) }()
	if err := build(next, dist, wasmOnly); err != nil {
		return err
	}
	return replace(next, dist, !wasmOnly)
}

// build makes the site in next; what is dear to make and has not changed comes from the last one.
func build(next, last string, wasmOnly bool) error {
	if err := programs(next, last); err != nil {
		return err
	}
	if wasmOnly {
		return nil
	}
	if err := copyTree("site", next); err != nil {
		return err
	}
	if err := pages(next); err != nil {
		return err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	runtime := filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec.js")
	if err := copyFile(runtime, filepath.Join(next, "wasm_exec.js")); err != nil {
		return err
	}
	for _, f := range []string{"stage.html", "stage.js"} {
		if err := copyFile(filepath.Join("wasm/stage", f), filepath.Join(next, f)); err != nil {
			return err
		}
	}
	return twins(next)
}

// profiles say by what run the compiler inlines. The stage draws and runs no model: none.
var profiles = map[string]string{"engine": "model/network.pgo", "stage": "off"}

// programs compiles all at the same time: to compress one takes a core half a minute.
func programs(next, last string) error {
	done := make(chan error, len(budgets))
	for name, most := range budgets {
		go func() { done <- program(next, last, name, most) }()
	}
	var err error
	for range budgets {
		err = errors.Join(err, <-done)
	}
	return err
}

// program compiles one WebAssembly program and holds it to its budget.
func program(next, last, name string, most [2]int) error {
	out := filepath.Join(next, name+".wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-pgo="+profiles[name], "-ldflags", "-s -w", "-o", out, "./wasm/"+name)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	br, gz, err := compressed(data, filepath.Join(last, name+".wasm"))
	if err != nil {
		return err
	}
	fmt.Printf("%s.wasm: %d bytes, gzip %d, brotli %d\n", name, len(data), len(gz), len(br))
	if len(br) > most[0] || len(gz) > most[1] {
		return fmt.Errorf("%s.wasm is over its budget: brotli %d of %d, gzip %d of %d", name, len(br), most[0], len(gz), most[1])
	}
	return writeTwins(out, br, gz)
}

// copyTree copies what the browser gets as it is.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "dist" || d.Name() == "build" || d.Name() == "templates" || strings.HasPrefix(d.Name(), ".dist-")) {
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
