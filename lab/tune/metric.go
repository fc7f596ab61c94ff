package tune

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

// Kind is what a metric is counted in.
type Kind uint8

// The kinds.
const (
	Number    Kind = iota // how many
	Duration              // nanoseconds
	Memory                // bytes, told in KiB and MiB
	Amount                // bytes, told in kB and MB
	Frequency             // per second
	Share                 // of one, told in per cent
)

// quantity is how people write a value of the kind.
func (k Kind) quantity() *scenarios.Quantity {
	return [...]*scenarios.Quantity{&scenarios.Counts, &scenarios.Durations, &scenarios.Sizes, &scenarios.Sizes, &scenarios.Frequencies, &scenarios.Shares}[k]
}

// base is the unit that values of the kind are counted in.
func (k Kind) base() string { return [...]string{"", "ns", "B", "B", "/s", "of one"}[k] }

// Metric is a number of a run's Result that a goal may speak of.
type Metric struct {
	Name string
	Doc  string
	Kind Kind
	More bool // more is better
	of   func(*lab.VariantResult) float64
	all  func(*lab.VariantResult) float64 // what a goal in per cent divides by; nil: it may not be in per cent
}

// Of is the metric of a run. A latency of a run in which no request went well is infinite.
func (m *Metric) Of(r *lab.VariantResult) float64 { return m.of(r) }

func latency(of func(*lab.Latency) lab.Millis) func(*lab.VariantResult) float64 {
	return func(r *lab.VariantResult) float64 {
		if r.Requests.OK == 0 {
			return math.Inf(1)
		}
		return float64(of(&r.Latency))
	}
}

func number(of func(*lab.VariantResult) int) func(*lab.VariantResult) float64 {
	return func(r *lab.VariantResult) float64 { return float64(of(r)) }
}

var (
	requests = number(func(r *lab.VariantResult) int { return r.Requests.Total })
	packets  = number(func(r *lab.VariantResult) int { return r.Packets.Up + r.Packets.Down })
)

// Metrics are all that a goal may speak of, in the order of the Result.
var Metrics = []Metric{
	{"finished", "until the last request ended", Duration, false, func(r *lab.VariantResult) float64 { return float64(r.Finished) }, nil},
	{"throughput", "requests that went well, per second until the last ended", Frequency, true, throughput, nil},
	{"mean", "latency", Duration, false, latency(func(l *lab.Latency) lab.Millis { return l.Mean }), nil},
	{"p50", "latency", Duration, false, latency(func(l *lab.Latency) lab.Millis { return l.P50 }), nil},
	{"p95", "latency", Duration, false, latency(func(l *lab.Latency) lab.Millis { return l.P95 }), nil},
	{"p99", "latency", Duration, false, latency(func(l *lab.Latency) lab.Millis { return l.P99 }), nil},
	{"max", "latency", Duration, false, latency(func(l *lab.Latency) lab.Millis { return l.Max }), nil},
	{"ok", "requests", Number, true, number(func(r *lab.VariantResult) int { return r.Requests.OK }), requests},
	{"failed", "requests", Number, false, number(func(r *lab.VariantResult) int { return r.Requests.Failed }), requests},
	{"retried", "requests sent more than once", Number, false, number(func(r *lab.VariantResult) int { return r.Requests.Retried }), requests},
	{"opened", "connections", Number, false, number(func(r *lab.VariantResult) int { return r.Connections.Opened }), requests},
	{"reused", "requests on a kept connection", Number, true, number(func(r *lab.VariantResult) int { return r.Connections.Reused }), requests},
	{"connections", "open at the clients, at the peak", Number, false, number(func(r *lab.VariantResult) int { return r.Connections.Peak }), nil},
	{"refused", "connections", Number, false, number(func(r *lab.VariantResult) int { return r.Connections.Refused }), requests},
	{"client_time_wait", "sockets at the clients, at the peak", Number, false, number(func(r *lab.VariantResult) int { return r.Connections.TimeWaitPeak }), nil},
	{"packets", "both ways", Number, false, packets, nil},
	{"packets_up", "to the server", Number, false, number(func(r *lab.VariantResult) int { return r.Packets.Up }), nil},
	{"packets_down", "to the clients", Number, false, number(func(r *lab.VariantResult) int { return r.Packets.Down }), nil},
	{"dropped", "packets", Number, false, number(func(r *lab.VariantResult) int { return r.Packets.Dropped }), packets},
	{"retransmitted", "packets", Number, false, number(func(r *lab.VariantResult) int { return r.Packets.Retransmitted }), packets},
	{"bytes", "of IP packets, both ways", Amount, false, func(r *lab.VariantResult) float64 { return float64(r.Bytes.Up + r.Bytes.Down) }, nil},
	{"bytes_up", "of IP packets to the server", Amount, false, func(r *lab.VariantResult) float64 { return float64(r.Bytes.Up) }, nil},
	{"bytes_down", "of IP packets to the clients", Amount, false, func(r *lab.VariantResult) float64 { return float64(r.Bytes.Down) }, nil},
	{"cpu", "the server's CPU time", Duration, false, func(r *lab.VariantResult) float64 { return float64(r.Server.CPU) }, nil},
	{"peak_memory", "of the server's connections", Memory, false, func(r *lab.VariantResult) float64 { return float64(r.Server.PeakMemory) }, nil},
	{"peak_workers", "of the server, busy or held", Number, false, number(func(r *lab.VariantResult) int { return r.Server.PeakWorkers }), nil},
	{"peak_connections", "at the server", Number, false, number(func(r *lab.VariantResult) int { return r.Server.PeakConnections }), nil},
	{"backlog_drops", "packets that a full queue of the listening socket ignored", Number, false, number(func(r *lab.VariantResult) int { return r.Server.BacklogDrops }), nil},
	{"time_wait", "sockets at the server, at the peak", Number, false, number(func(r *lab.VariantResult) int { return r.Server.TimeWaitPeak }), nil},
}

func throughput(r *lab.VariantResult) float64 {
	if r.Finished <= 0 {
		return 0
	}
	return float64(r.Requests.OK) / (float64(r.Finished) / float64(sim.Second))
}

// find is the metric of a name.
func find(name string) (*Metric, error) {
	var names []string
	for i := range Metrics {
		if Metrics[i].Name == name {
			return &Metrics[i], nil
		}
		names = append(names, Metrics[i].Name)
	}
	if n := scenarios.Nearest(name, names); n != "" {
		return nil, fmt.Errorf("there is no metric %q: did you mean %s?", name, n)
	}
	return nil, fmt.Errorf("there is no metric %q; there are %s", name, strings.Join(names, ", "))
}

// inPercent is the metric as a share of what it is a part of.
func (m *Metric) inPercent() (Metric, error) {
	if m.all == nil {
		return Metric{}, fmt.Errorf("%s is no share of anything: want %s such as %s", m.Name, m.Kind.quantity().Name, m.Kind.quantity().Example)
	}
	share, part, whole := *m, m.of, m.all
	share.Kind, share.all = Share, nil
	share.of = func(r *lab.VariantResult) float64 {
		if all := whole(r); all > 0 {
			return part(r) / all
		}
		return 0
	}
	return share, nil
}

// Write is a value of the kind as people read it, in the unit that suits it.
func (k Kind) Write(v float64) string {
	if math.IsInf(v, 1) {
		return "never"
	}
	switch k {
	case Duration:
		switch {
		case v >= 10e9:
			return group(v/1e9, 2) + " s"
		case v > 0 && v < 1e6:
			return group(v/1e3, 1) + " µs"
		}
		return group(v/1e6, 1) + " ms"
	case Memory:
		if v >= 1<<20 {
			return group(v/(1<<20), 2) + " MiB"
		}
		return group(v/(1<<10), 0) + " KiB"
	case Amount:
		if v >= 1e6 {
			return group(v/1e6, 2) + " MB"
		}
		return group(v/1e3, 1) + " kB"
	case Frequency:
		return group(v, 1) + "/s"
	case Share:
		return group(v*100, 2) + " %"
	}
	return group(v, fraction(v))
}

// fraction is how many digits a mean of whole numbers has behind the point.
func fraction(v float64) int {
	if v == math.Trunc(v) {
		return 0
	}
	return 1
}

// group sets thousands apart by a thin space.
func group(v float64, digits int) string {
	whole, part, has := strings.Cut(strconv.FormatFloat(v, 'f', digits, 64), ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "\u2009" + whole[i:]
	}
	if has {
		whole += "." + part
	}
	return whole
}
