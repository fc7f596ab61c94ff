package tune

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
)

// space reads a scenario's text.
func space(t testing.TB, text, variant string, over ...string) *Space {
	t.Helper()
	s, err := NewSpace(func(sets ...string) (*scenarios.File, error) {
		return scenarios.Parse("test.yaml", []byte(text), sets...)
	}, variant, overs(t, over))
	require.NoError(t, err)
	return s
}

func overs(t testing.TB, texts []string) (all []lab.Over) {
	for _, text := range texts {
		o, err := lab.ParseOver(text)
		require.NoError(t, err)
		all = append(all, o)
	}
	return all
}

func TestX(t *testing.T) {
	text, err := scenarios.Source("busy-server")
	require.NoError(t, err)
	s := space(t, string(text), "processes persistent")
	g, err := ParseGoal("p95 < 200ms and peak_memory < 1MiB")
	require.NoError(t, err)
	r, err := s.Search(context.Background(), Options{Goal: g})
	require.NoError(t, err)
	fmt.Println(s.Free)
	fmt.Println(s.Warnings)
	fmt.Println(r.Met, r.Runs, r.Chances, r.Chosen.Values, r.File.Values, len(r.Points), len(r.Front))
	for _, c := range r.Clauses {
		fmt.Printf("%+v\n", c)
	}
	fmt.Println(r.Binding.Sentence)
	for _, p := range r.Binding.Probes {
		fmt.Println(p.Path, p.Value, p.Before, p.After, p.Gain)
	}
	for _, p := range r.Binding.Resources {
		fmt.Printf("%+v\n", p)
	}
	for _, a := range r.Directives {
		fmt.Println("---", a.Product)
		for _, l := range a.Lines {
			fmt.Println(l)
		}
		for _, l := range a.Missing {
			fmt.Println("missing:", l)
		}
	}
}
