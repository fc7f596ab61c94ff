package lab_test

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

func TestZZ(t *testing.T) {
	data, _ := os.ReadFile("testdata/truth.json")
	all, _ := lab.ReadMeasurements(data)
	only := os.Getenv("ONLY")
	fam := map[string][]float64{}
	for _, m := range all {
		if !strings.Contains("ABCDFHZ", m.Case) || only != "" && !strings.HasPrefix(m.ID, only) {
			continue
		}
		f, err := scenarios.Parse(m.ID, []byte(m.Scenario()))
		if err != nil {
			t.Fatal(err, m.Scenario())
		}
		if os.Getenv("SHOW") != "" {
			os.WriteFile("/tmp/case.yaml", []byte(m.Scenario()), 0o644)
		}
		res, _, err := lab.RunAll(context.Background(), f, lab.Options{Requests: true})
		if err != nil {
			t.Fatal(err)
		}
		v := res.Variants[0]
		got := float64(v.Finished) / float64(sim.Millisecond)
		e := m.Error(got)
		fam[m.Case] = append(fam[m.Case], e)
		x := ""
		if e > 0.3 {
			x = "  <<<"
		}
		fmt.Printf("%-55s %10.3f  measured %10.3f [%.3f %.3f]  %6.2f%%  signed %.3f  pk %d/%d vs %.0f/%.0f drop %d/%.0f%s\n", m.ID, got, m.Metrics.Total.Median, m.Metrics.Total.Min, m.Metrics.Total.Max, e, got-m.Metrics.Total.Median, v.Packets.Up, v.Packets.Down, m.Up.Packets, m.Down.Packets, v.Packets.Dropped, m.Down.QueueDrops+m.Down.Lost, x)
	}
	for k, e := range fam {
		sort.Float64s(e)
		fmt.Printf("%s n=%d median %.3f p95 %.3f worst %.3f\n", k, len(e), e[len(e)/2], e[len(e)*95/100], e[len(e)-1])
	}
}
