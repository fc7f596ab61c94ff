package lab

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Measurement is one case measured on a real Linux host: parameters, and what its repeats took.
type Measurement struct {
	ID      string  `json:"id"`
	Case    string  `json:"case"` // family: A sequences, B single downloads, D pages …
	RTT     float64 `json:"rtt_ms"`
	Rate    float64 `json:"rate_mbit"`
	Queue   int     `json:"q_pkts"`
	CC      string  `json:"cc"`
	Server  string  `json:"server"`
	Client  measuredClient
	Metrics struct {
		Total struct {
			Median float64   `json:"median"`
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
		Idle  float64 `json:"idle_ms"`
	} `json:"steps"`
}

// wireCount is what went over the wire in one direction.
type wireCount struct {
	Packets float64 `json:"pkts"`
	Bytes   float64 `json:"ip_bytes"`
	Payload float64 `json:"payload"`
	Drops   float64 `json:"drops"`
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

// requests counts the client's requests, bodies their bytes.
func (m *Measurement) requests() (n int, bodies int64) {
	if m.Client.Kind == "page" {
		return m.Client.Objs + 1, m.Client.HTML + int64(m.Client.Objs)*m.Client.Size
	}
	for _, s := range m.Client.Steps {
		bodies += s.Size
	}
	return len(m.Client.Steps), bodies
}

// Scenario is the measurement in the project's own vocabulary.
func (m *Measurement) Scenario() string {
	n, bodies := m.requests()
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("name: %q", m.ID)
	line("hosts: linux")
	line("link: {rtt: %gms, down: %gMbit/s, up: %gMbit/s, queue: %d packets}", m.RTT, m.Rate, m.Rate, m.Queue)
	connections, version := "persistent", "1.1"
	if !m.Client.Keep {
		connections = "per-request"
	}
	if m.Client.Impl == "raw10" {
		version = "1.0"
	}
	line("http: {version: %q, connections: %s, request_headers: %dB, response_headers: %dB}", version, connections,
		int64(m.Up.Payload)/int64(n), (int64(m.Down.Payload)-bodies)/int64(n))
	if m.Server == "nginx-ka0" {
		line("server: {keep_alive_timeout: 0s}")
	}
	m.workload(line)
	return b.String()
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
