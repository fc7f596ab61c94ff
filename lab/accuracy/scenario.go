package accuracy

import (
	"fmt"
	"strings"

	"keepalive/sim"
)

// replayed is how many of the recorded draws become a list of drops: more than any case sends packets.
const replayed = 4000

// Scenario is the measurement in the project's own vocabulary: YAML that `keepalive run -` runs.
func (m *Measurement) Scenario() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	t := m.Metrics.Total
	line("name: %q", m.ID)
	line("about: Measured %.3f ms (%.3f to %.3f).", t.Median, t.Min, t.Max)
	line("hosts: linux")
	m.link(line)
	line("tcp: {congestion: %s, slow_start_after_idle: %t}", m.CC, m.Sysctl["net.ipv4.tcp_slow_start_after_idle"] != "0")
	m.security(line)
	m.http(line)
	m.workload(line)
	return b.String()
}

func (m *Measurement) link(line func(string, ...any)) {
	queue := ""
	if m.Rate > 0 { // an unlimited link never queues
		queue = fmt.Sprintf("queue: %d packets, ", m.Queue)
	}
	line("link:\n  {rtt: %gms, down: %gMbit/s, up: %gMbit/s, %sdrop: {down: [%s]}}", m.RTT, m.Rate, m.Rate, queue, m.drops())
}

func (m *Measurement) security(line func(string, ...any)) {
	if m.Client.TLS == "" {
		return
	}
	version, hybrid := strings.CutSuffix(m.Client.TLS, "pq")
	if hybrid {
		line("tls: {version: %s, certificate: 320B, post_quantum: true}", version)
		return
	}
	line("tls: {version: %s, certificate: 320B}", version)
}

func (m *Measurement) http(line func(string, ...any)) {
	connections, version := "persistent", "1.1"
	if !m.Client.Keep {
		connections = "per-request"
	}
	if m.Client.Impl == "raw10" {
		version = "1.0"
	}
	n := int64(len(m.sizes()))
	line("http: {version: %q, connections: %s, request_headers: %dB, response_headers: %dB, header_apart: %t}", version, connections,
		m.requestBytes()/n, (m.responseBytes()+n/2)/n, m.Server == "nginx-nopushoff")
	if m.Server == "nginx-ka0" {
		line("server: {keep_alive_timeout: 0s}")
	}
}

// drops lists the packets that the emulator dropped by a list or by its draws, counted from 1.
func (m *Measurement) drops() string {
	var list []string
	for _, i := range m.DropDown {
		list = append(list, fmt.Sprint(i+1))
	}
	if m.Loss > 0 {
		luck := sim.Replay(m.LossSeed)
		for i := range replayed {
			if float64(luck.Uint64()>>11)/(1<<53) < m.Loss {
				list = append(list, fmt.Sprint(i+1))
			}
		}
	}
	return strings.Join(list, ", ")
}

func (m *Measurement) workload(line func(string, ...any)) {
	if m.crowded() {
		m.crowd(line)
		return
	}
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
