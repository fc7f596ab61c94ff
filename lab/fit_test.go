package lab_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/scenarios"
	"keepalive/sim"
)

func TestFit(t *testing.T) {
	if os.Getenv("FIT") == "" {
		t.Skip()
	}
	data, _ := os.ReadFile("testdata/truth.json")
	all, _ := lab.ReadMeasurements(data)
	type kase struct {
		cfg model.Config
		m   lab.Measurement
	}
	var ks []kase
	for _, m := range all {
		if !strings.Contains("ABCDHZ", m.Case) || m.Down.QueueDrops > 0 || m.Client.Impl != "nethttp" && m.Case != "Z" || m.RTT < 20 {
			continue
		}
		f, err := scenarios.Parse(m.ID, []byte(m.Scenario()))
		if err != nil {
			t.Fatal(err)
		}
		c := f.Variants()[0]
		ks = append(ks, kase{c, m})
	}
	us := sim.Microsecond
	x := []sim.Time{18 * us, 60 * us, 60 * us, 30 * us, 27 * us, 115 * us, 10 * us, 18 * us}
	cost := func(x []sim.Time) float64 {
		sum := 0.0
		for _, k := range ks {
			c := k.cfg
			c.Client.Interrupt, c.Server.Interrupt = x[0], x[7]
			c.Client.CPU.Connect, c.Client.CPU.Request, c.Client.CPU.Response = x[1], x[2], x[3]
			c.Client.Wake, c.Server.CPU.Request, c.Server.Wake = x[4], x[5], x[6]
			r, _ := lab.Simulate(context.Background(), c, lab.Options{})
			got := float64(r.Result.Finished) / 1e6
			d := (got - k.m.Metrics.Total.Median) / k.m.Metrics.Total.Median * 100
			sum += math.Abs(d)
		}
		return sum / float64(len(ks))
	}
	best := cost(x)
	fmt.Println(len(ks), best)
	for _, step := range []sim.Time{16 * us, 8 * us, 4 * us, 2 * us} {
		for again := true; again; {
			again = false
			for _, i := range []int{2, 4, 5, 6} {
				for _, d := range []sim.Time{-step, step} {
					y := append([]sim.Time{}, x...)
					y[i] += d
					if y[i] < 0 {
						continue
					}
					if c := cost(y); c < best-1e-6 {
						best, x, again = c, y, true
					}
				}
			}
		}
		fmt.Println(step, best, x)
	}
}
