package lab

import "keepalive/sim"

// Result is what a scenario's run says in numbers: the document `keepalive run --json` prints.
type Result struct {
	Format   int             `json:"format"` // 1
	Scenario string          `json:"scenario"`
	Seed     uint64          `json:"seed"`
	Variants []VariantResult `json:"variants"`
}

// VariantResult is one variant's numbers.
type VariantResult struct {
	Name        string        `json:"name"`
	Finished    Millis        `json:"finished_ms"` // the end of the last request
	Stopped     string        `json:"stopped"`     // the limit that ended the run early, or ""
	Fingerprint string        `json:"fingerprint"` // of the trace, 16 hexadecimal digits
	Latency     Latency       `json:"latency_ms"`
	Interval    *Intervals    `json:"latency_interval_ms,omitempty"`  // nil: the run is too short to judge by
	Corrected   *Corrected    `json:"latency_corrected_ms,omitempty"` // of a closed loop
	Requests    Requests      `json:"requests"`
	Connections Connections   `json:"connections"`
	Packets     Packets       `json:"packets"`
	Bytes       ByteCounts    `json:"bytes"`
	Server      Server        `json:"server"`              // all servers together; not a proxy
	Servers     []ServerRow   `json:"servers,omitempty"`   // each, where there are several
	Imbalance   float64       `json:"imbalance,omitempty"` // where there are several: what the busiest answered over the mean
	Proxy       *Proxy        `json:"proxy,omitempty"`     // where there is one
	Classes     []ClassResult `json:"classes,omitempty"`   // of a mix, in its order
	Events      uint64        `json:"events"`
	PerRequest  []Request     `json:"per_request,omitempty"`
}

// ClassResult is what became of one class of a mix.
type ClassResult struct {
	Name    string  `json:"name"`
	OK      int     `json:"ok"`
	Failed  int     `json:"failed"`
	Latency Latency `json:"latency_ms"`
}

// Millis is a virtual time that JSON shows as an exact decimal number of milliseconds.
type Millis sim.Time

// Latency runs from the moment the workload wants a request to its end, whatever it waits for meanwhile: in an open loop from
// its scheduled arrival, so that nothing is omitted while the server is slow. Requests that ended well only, and none of the
// warm-up; percentiles by nearest rank, exact up to 100 000 requests, beyond at most 0.1 % too large.
type Latency struct {
	Mean Millis `json:"mean"`
	P50  Millis `json:"p50"`
	P95  Millis `json:"p95"`
	P99  Millis `json:"p99"`
	Max  Millis `json:"max"`
}

// Requests counts requests by outcome: Total = OK + Failed.
type Requests struct {
	Total    int `json:"total"`
	OK       int `json:"ok"`
	Failed   int `json:"failed"`
	Retried  int `json:"retried"`  // sent more than once
	Stale    int `json:"stale"`    // sends on a kept connection that the server had closed before they came
	Censored int `json:"censored"` // still going when the run stopped
	WarmUp   int `json:"warm_up"`  // of the ok ones: wanted during the warm-up, and left out of Latency

	FailedBy map[string]int `json:"failed_by,omitempty"` // the failed ones by their status
}

// Connections counts the clients' connections.
type Connections struct {
	Opened       int `json:"opened"` // first SYNs
	Reused       int `json:"reused"` // requests that were not the first on their connection
	Peak         int `json:"peak"`
	Refused      int `json:"refused"`
	TimeWaitPeak int `json:"time_wait_peak"` // sockets at the clients
}

// Packets counts whole IP packets at the sending host.
type Packets struct {
	Up            int `json:"up"`
	Down          int `json:"down"`
	Dropped       int `json:"dropped"`
	Retransmitted int `json:"retransmitted"`
}

// ByteCounts counts bytes of whole IP packets, and of TCP payload, at the sending host.
type ByteCounts struct {
	Up          int64 `json:"up"`
	Down        int64 `json:"down"`
	PayloadUp   int64 `json:"payload_up"`
	PayloadDown int64 `json:"payload_down"`
}

// Server is what the run cost the server.
type Server struct {
	CPU             Millis  `json:"cpu_ms"`
	PeakMemory      int64   `json:"peak_memory"`
	PeakWorkers     int     `json:"peak_workers"`
	PeakConnections int     `json:"peak_connections"`
	BacklogDrops    int     `json:"backlog_drops"`
	TimeWaitPeak    int     `json:"time_wait_peak"`
	Limits          []Limit `json:"limits"` // that were reached, in a fixed order
}

// Limit is one of the server's limits that was reached.
type Limit struct {
	Limit string `json:"limit"`    // the field that sets it
	First Millis `json:"first_ms"` // when it was reached first
	// Times counts the connections that waited, were turned away or were closed for it, the requests that waited for a
	// worker, the accepts that failed for want of a descriptor, or the packets that a full queue of the listening socket ignored.
	Times int `json:"times"`
}

// ServerRow is what a run cost one of several servers.
type ServerRow struct {
	Server          int    `json:"server"` // from 1
	Requests        int    `json:"requests"`
	Connections     int    `json:"connections"`
	CPU             Millis `json:"cpu_ms"`
	PeakMemory      int64  `json:"peak_memory"`
	PeakConnections int    `json:"peak_connections"`
}

// Proxy is what a proxy did: its own requests, its connections to the servers with their packets, and, as Server, what
// the clients' connections cost it.
type Proxy struct {
	Requests    int              `json:"requests"`
	Retried     int              `json:"retried"` // sent to a server more than once
	Stale       int              `json:"stale"`   // sends on a kept connection that the server had closed before they came
	Failed      map[string]int   `json:"failed"`  // by the status that the client got
	Connections ProxyConnections `json:"connections"`
	Packets     Packets          `json:"packets"` // up: to the servers
	Bytes       ByteCounts       `json:"bytes"`
	Server      Server           `json:"server"`
}

// ProxyConnections counts a proxy's connections to its servers.
type ProxyConnections struct {
	Opened       int `json:"opened"`
	Reused       int `json:"reused"` // requests that were not the first on their connection
	Peak         int `json:"peak"`
	TimeWaitPeak int `json:"time_wait_peak"` // sockets at the proxy
}

// Request is one request: its phases add up to End - Start.
type Request struct {
	Client     int    `json:"client"`
	Path       string `json:"path"`
	Connection int    `json:"connection"`
	Reused     bool   `json:"reused"`
	Start      Millis `json:"start_ms"`
	Blocked    Millis `json:"blocked_ms"`
	DNS        Millis `json:"dns_ms"`
	Connect    Millis `json:"connect_ms"`
	TLS        Millis `json:"tls_ms"`
	Send       Millis `json:"send_ms"`
	Wait       Millis `json:"wait_ms"`
	Receive    Millis `json:"receive_ms"`
	End        Millis `json:"end_ms"`
	Status     string `json:"status"`
}

// MarshalJSON writes m without loss.
func (m Millis) MarshalJSON() ([]byte, error) { return []byte(sim.Time(m).Milliseconds()), nil }
