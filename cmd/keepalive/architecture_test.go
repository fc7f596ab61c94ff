package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// layers lists what each part of the house may import of the project; tests are free.
var layers = map[string][]string{
	"sim":         {},
	"model/trace": {"sim"},
	"model/tcp":   {"sim"},
	"model/http1": {"sim"},
	"model/tls":   {"sim"},
	"model/http2": {"sim"},
	"model":       {"sim", "model/trace", "model/tcp", "model/tls", "model/http1", "model/http2"},
	"scenarios":   {"sim", "model"},
	"lab":         {"sim", "model", "scenarios"},
	"viz":         {"sim", "model", "scenarios", "lab"},
	"wasm/engine": {"sim", "model", "scenarios", "lab", "viz/figure", "viz/svg"},
	"wasm/stage":  {"sim", "model/trace", "viz"},
	"site":        {"sim", "model", "scenarios", "lab", "viz"},
	"cmd":         {"sim", "model", "scenarios", "lab", "viz", "site"},
}

// layerOf is the longest entry of layers that a directory lies in.
func layerOf(dir string) string {
	best := ""
	for l := range layers {
		if (dir == l || strings.HasPrefix(dir, l+"/")) && len(l) > len(best) {
			best = l
		}
	}
	return best
}

func TestImportsRunOneWayOnly(t *testing.T) {
	eachFile(t, func(dir, path string, f *ast.File) {
		own := layerOf(dir)
		require.NotEmpty(t, own, "%s lies in no layer; add it to the house", path)
		for _, imp := range f.Imports {
			to, ours := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), "keepalive/")
			if !ours || layerOf(to) == own {
				continue
			}
			allowed := false
			for _, a := range layers[own] {
				allowed = allowed || to == a || strings.HasPrefix(to, a+"/")
			}
			require.True(t, allowed, "%s imports %s, which lies above it", path, to)
		}
	})
}

// forbidden are imports that keep a package pure, small or headless.
var forbidden = map[string][]string{
	"viz/figure":  {"hajimehoshi/ebiten", "gonum.org"},
	"viz/scene":   {"hajimehoshi/ebiten", "gonum.org"},
	"viz/draw":    {"hajimehoshi/ebiten", "gonum.org"},
	"viz/board":   {"hajimehoshi/ebiten", "gonum.org", "keepalive/lab"},
	"viz/tell":    {"hajimehoshi/ebiten", "gonum.org", "keepalive/lab"},
	"viz/views":   {"hajimehoshi/ebiten", "gonum.org", "keepalive/lab"},
	"viz/player":  {"hajimehoshi/ebiten", "gonum.org"},
	"viz/svg":     {"hajimehoshi/ebiten", "gonum.org"},
	"viz/paint":   {"hajimehoshi/ebiten", "gonum.org"},
	"viz/film":    {"hajimehoshi/ebiten", "gonum.org"},
	"viz/charts":  {"hajimehoshi/ebiten"},
	"wasm/engine": {"hajimehoshi/ebiten", "gonum.org", "spf13", "lipgloss", "invopop", "nginxinc"},
	"wasm/stage":  {"gonum.org", "goccy", "keepalive/scenarios", "keepalive/lab", "keepalive/model/tcp"},
}

func TestEachPartHoldsOnlyWhatItMay(t *testing.T) {
	for pkg, bad := range forbidden {
		cmd := exec.Command("go", "list", "-deps", "./"+pkg)
		cmd.Dir = "../.."
		if strings.HasPrefix(pkg, "wasm/") {
			cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
		}
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		for dep := range strings.Lines(string(out)) {
			for _, b := range bad {
				require.NotContains(t, dep, b, pkg)
			}
		}
	}
}

func TestSimAndModelHoldNoFloatClockGoroutineOrGlobalLuck(t *testing.T) {
	eachFile(t, func(dir, path string, f *ast.File) {
		if top := layerOf(dir); top != "sim" && !strings.HasPrefix(top, "model") {
			return
		}
		for _, imp := range f.Imports {
			require.NotContains(t, []string{`"math/rand"`, `"math/rand/v2"`, `"time"`, `"math"`, `"sync"`}, imp.Path.Value, path)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine", path)
			case *ast.Ident:
				if n.Name == "float64" || n.Name == "float32" || n.Name == "complex128" {
					t.Errorf("%s uses %s", path, n.Name)
				}
			case *ast.BasicLit:
				if n.Kind == token.FLOAT {
					t.Errorf("%s holds the constant %s", path, n.Value)
				}
			}
			return true
		})
	})
}

// eachFile parses every Go file of the project that is not a test.
func eachFile(t *testing.T, do func(dir, path string, f *ast.File)) {
	root := "../.."
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || name == "node_modules" || name == "dist" || name == "bin" || name == "out" || strings.HasPrefix(name, ".") && path != root) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		require.NoError(t, err)
		dir, _ := filepath.Rel(root, filepath.Dir(path))
		do(filepath.ToSlash(dir), filepath.ToSlash(path), f)
		return nil
	}))
}
