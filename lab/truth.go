package lab

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"keepalive/sim"
)

// Measurement is one case measured on a real Linux host: parameters, and what its repeats took.
type Measurement struct {
	ID       string            `json:"id"`
	Case     string            `json:"case"` // family: A sequences, B single downloads, D pages …
	RTT      float64           `json:"rtt_ms"`
	Rate     float64           `json:"rate_mbit"`
	Queue    int               `json:"q_pkts"`
	CC       string            `json:"cc"`
	Server   string            `json:"server"`
	Sysctl   map[string]string `json:"sysctl"`
	Loss     float64           `json:"loss_down"`
	LossSeed uint64            `json:"loss_seed"`
	DropDown []int             `json:"drop_down"` // packet indices, 0 is the SYN-ACK
	Client   measuredClient
	Metrics  struct {
		Total struct {
			Median float64   `json:"median"`
			Min    float64   `json:"min"`
			Max    float64   `json:"max"`
			All    []float64 `json:"all"`
		} `json:"total_ms"`
	} `json:"metrics"`
	Up   wireCount `json:"wire_up"`
	Down wireCount `json:"wire_down"`
}

// measuredClient is the program that made the requests.
type measuredClient struct {
	Kind  string `json:"kind"` // seq or page
	Impl  string `json:"impl"` // nethttp, raw10 or raw11
	Keep  bool   `json:"keep"`
	Conns int    `json:"conns"`
	HTML  int64  `json:"html"`
	Objs  int    `json:"objs"`
	Size  int64  `json:"obj_size"`
	Steps []struct {
		Size  int64   `json:"size"`
		Delay float64 `json:"delay_ms"`
		Idle  float64 `json:"sleep_ms"`
	} `json:"steps"`
}

// wireCount is what went over the wire in one direction.
type wireCount struct {
	Packets    float64 `json:"pkts"`
	Bytes      float64 `json:"ip_bytes"`
	Payload    float64 `json:"payload"`
	QueueDrops float64 `json:"drop_queue"`
	Lost       float64 `json:"drop_random"`
}

// ReadMeasurements takes the records of a truth file: one JSON object per line within an enclosing one.
func ReadMeasurements(data []byte) ([]Measurement, error) {
	var all []Measurement
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSuffix(strings.TrimSpace(lines.Text()), ",")
		if !strings.HasPrefix(line, `{"id"`) {
			continue
		}
		line = strings.TrimSuffix(line, "]}")
		var m Measurement
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		all = append(all, m)
	}
	return all, lines.Err()
}

// Error is how far a total of ms is from the nearest repeat, in per cent; 0 inside the range of the repeats.
func (m *Measurement) Error(ms float64) float64 {
	lo, hi := m.Metrics.Total.All[0], m.Metrics.Total.All[0]
	for _, v := range m.Metrics.Total.All {
		lo, hi = min(lo, v), max(hi, v)
	}
	switch {
	case ms < lo:
		return (lo - ms) / lo * 100
	case ms > hi:
		return (ms - hi) / hi * 100
	}
	return 0
}

// requests counts the client's requests.
func (m *Measurement) requests() int {
	if m.Client.Kind == "page" {
		return m.Client.Objs + 1
	}
	return len(m.Client.Steps)
}

// responseHeader is the mean length of the server's response headers: they differ by the digits of the size, and by
// what is said of the connection.
func (m *Measurement) responseHeader() int64 {
	fixed := int64(228)
	if strings.HasPrefix(m.Server, "go") {
		fixed = 114
	} else if !m.Client.Keep || m.Server == "nginx-ka0" {
		fixed -= 5
	}
	n, digits := int64(m.requests()), int64(0)
	if m.Client.Kind == "page" {
		return fixed + int64(len(fmt.Sprint(m.Client.Size)))
	}
	for _, s := range m.Client.Steps {
		digits += int64(len(fmt.Sprint(s.Size)))
	}
	return fixed + (digits+n/2)/n
}

// Scenario is the measurement in the project's own vocabulary.
func (m *Measurement) Scenario() string {
	n := m.requests()
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("name: %q", m.ID)
	line("hosts: linux")
	line("link:\n  {rtt: %gms, down: %gMbit/s, up: %gMbit/s, queue: %d packets, drop: {down: [%s]}}", m.RTT, m.Rate, m.Rate, m.Queue, m.drops())
	line("tcp: {congestion: %s, slow_start_after_idle: %t}", m.CC, m.Sysctl["net.ipv4.tcp_slow_start_after_idle"] != "0")
	connections, version := "persistent", "1.1"
	if !m.Client.Keep {
		connections = "per-request"
	}
	if m.Client.Impl == "raw10" {
		version = "1.0"
	}
	line("http: {version: %q, connections: %s, request_headers: %dB, response_headers: %dB, header_apart: %t}", version, connections,
		int64(m.Up.Payload)/int64(n), m.responseHeader(), m.Server == "nginx-nopushoff")
	if m.Server == "nginx-ka0" {
		line("server: {keep_alive_timeout: 0s}")
	}
	m.workload(line)
	return b.String()
}

// drops lists the packets that the emulator dropped by a list or by its draws, counted from 1.
func (m *Measurement) drops() string {
	var list []string
	for _, i := range m.DropDown {
		list = append(list, fmt.Sprint(i+1))
	}
	luck := sim.Replay(m.LossSeed)
	for i := range 4000 {
		if m.Loss > 0 && float64(luck.Uint64()>>11)/(1<<53) < m.Loss {
			list = append(list, fmt.Sprint(i+1))
		}
	}
	return strings.Join(list, ", ")
}

func (m *Measurement) workload(line func(string, ...any)) {
	if m.Client.Kind == "page" {
		line("client: {connections_per_host: %d}", m.Client.Conns)
		line("workload:\n  page:\n    - {path: /, size: %dB}\n    - {path: /o, size: %dB, count: %d, after: /}",
			m.Client.HTML, m.Client.Size, m.Client.Objs)
		return
	}
	line("workload:\n  sequence:\n    steps:")
	for _, s := range m.Client.Steps {
		line("      - {size: %dB, gap: %gms, time: %gms}", s.Size, s.Idle, s.Delay)
	}
}
