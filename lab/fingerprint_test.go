package lab_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The file is read by the native tests and by those in WebAssembly: the same runs, bit for bit, on every machine. A
// change of a fingerprint is a change of the model and needs a sentence in the commit that makes it.
func TestShippedScenariosTellTheSameStoryEverywhere(t *testing.T) {
	var b strings.Builder
	for _, name := range scenarios.Names() {
		f, err := scenarios.Load(name)
		require.NoError(t, err)
		res, _, err := lab.RunAll(context.Background(), f, lab.Options{})
		require.NoError(t, err)
		for _, v := range res.Variants {
			fmt.Fprintf(&b, "%s %s %s\n", name, v.Name, v.Fingerprint)
		}
	}
	const path = "testdata/fingerprints.txt"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String(), "rewrite with: go test ./lab -run Story -update")
}
