package accuracy

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"keepalive/lab"
)

// Measurement is one case measured on a real Linux host: parameters, and what its repeats took.
type Measurement struct {
	ID       string            `json:"id"`
	Case     string            `json:"case"`      // the letter of the family: A sequences, B single downloads, D pages …
	RTT      float64           `json:"rtt_ms"`    // two-way propagation
	Rate     float64           `json:"rate_mbit"` // 10^6 bit/s in each direction; 0 is unlimited
	Queue    int               `json:"q_pkts"`
	CC       string            `json:"cc"`
	Server   string            `json:"server"`
	Sysctl   map[string]string `json:"sysctl"`
	Loss     float64           `json:"loss_down"` // chance of each packet
	LossSeed uint64            `json:"loss_seed"`
	DropDown []int             `json:"drop_down"` // packet indices, 0 is the SYN-ACK
	Client   measuredClient    `json:"client"`
	Metrics  struct {
		Total metric `json:"total_ms"`

		P50        metric `json:"lat_p50_ms"` // loops
		P95        metric `json:"lat_p95_ms"`
		Throughput metric `json:"throughput_rps"`
		Served     metric `json:"clients_served"`
		Waiting    metric `json:"censored"`

		DoneP50 metric `json:"done_p50_ms"` // bursts
		DoneP95 metric `json:"done_p95_ms"`
		Late    metric `json:"connects_over_900ms"`
		Errors  metric `json:"errors"`
	} `json:"metrics"`
	Series   map[string][]float64 `json:"series"` // medians over the repeats
	Least    map[string][]float64 `json:"series_min"`
	Most     map[string][]float64 `json:"series_max"`
	Counters map[string]float64   `json:"counters"` // s. of the server's kernel, c. of the client's
	Up       wireCount            `json:"wire_up"`
	Down     wireCount            `json:"wire_down"`

	modes bool // the repeats are of different modes: what lies between them was never seen
}

// metric is what the repeats of a case took.
type metric struct {
	Median float64   `json:"median"`
	Min    float64   `json:"min"`
	Max    float64   `json:"max"`
	All    []float64 `json:"all"`
}

// off is how far v is from the nearest repeat, in per cent of it, or of whole unless that is 0; 0 inside the range.
func (t *metric) off(v, whole float64) float64 {
	if v >= slices.Min(t.All) && v <= slices.Max(t.All) {
		return 0
	}
	return t.distance(v, whole)
}

func (t *metric) distance(v, whole float64) float64 {
	nearest := math.Inf(1)
	for _, x := range t.All {
		of := whole
		if of == 0 {
			of = x
		}
		nearest = min(nearest, math.Abs(v-x)/of*100)
	}
	return nearest
}

// measuredClient is the program that made the requests.
type measuredClient struct {
	Kind  string `json:"kind"` // seq, page; of many clients: loop, burst
	Impl  string `json:"impl"` // nethttp, raw10 or raw11
	TLS   string `json:"tls"`  // 1.2, 1.3, or 1.3pq: with a post-quantum key share, which makes the ClientHello two segments
	Keep  bool   `json:"keep"`
	Conns int    `json:"conns"`
	HTML  int64  `json:"html"`
	Objs  int    `json:"objs"`
	Size  int64  `json:"obj_size"`
	Steps []step `json:"steps"`

	Clients int     `json:"clients"`  // loop, burst
	Think   float64 `json:"think_ms"` // loop
	Seconds float64 `json:"dur_s"`    // loop: then all clients stop
}

// step is one request of a sequence: bytes of the body, the server's time, and the pause before.
type step struct {
	Size  int64   `json:"size"`
	Delay float64 `json:"delay_ms"`
	Idle  float64 `json:"sleep_ms"`
}

// wireCount is what a host sent in one direction: medians over the repeats.
type wireCount struct {
	Packets     float64 `json:"pkts"`
	Bytes       float64 `json:"ip_bytes"`
	Payload     float64 `json:"payload"`
	DataPackets float64 `json:"data_pkts"`
	QueueDrops  float64 `json:"drop_queue"`
	Lost        float64 `json:"drop_random"`
}

// Measurements are all cases that come with the program, family by family.
func Measurements() ([]Measurement, error) {
	all, err := Read(lab.Truth)
	all = append(all, lostSYNACK())
	slices.SortStableFunc(all, func(a, b Measurement) int { return strings.Compare(a.Case, b.Case) })
	return all, err
}

// Read takes the records of a truth file: one JSON object a line within an enclosing one.
func Read(text string) ([]Measurement, error) {
	var all []Measurement
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSuffix(strings.TrimSpace(lines.Text()), ",")
		if !strings.HasPrefix(line, `{"id"`) {
			continue
		}
		var m Measurement
		if err := json.Unmarshal([]byte(strings.TrimSuffix(line, "]}")), &m); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if len(m.Metrics.Total.All) == 0 {
			return nil, fmt.Errorf("line %d: %s: want a total_ms of each repeat, found none", n, m.ID)
		}
		all = append(all, m)
	}
	return all, lines.Err()
}

// lostSYNACK is known from traces alone, not from records: a download whose SYN-ACK is lost takes 1.51 s when the client's
// second SYN is first, or 1.83 s when the server's own timer is, about half and half.
func lostSYNACK() Measurement {
	m := Measurement{ID: "F/cubic/size102400/rtt100/rate10/drop0", Case: "F", RTT: 100, Rate: 10, Queue: 100, CC: "cubic", Server: "nginx",
		DropDown: []int{0}, Client: measuredClient{Kind: "seq", Impl: "nethttp", Steps: []step{{Size: 102400}}}, modes: true}
	t := &m.Metrics.Total
	t.All = []float64{1509.391, 1830}
	t.Min, t.Median, t.Max = t.All[0], t.All[0], t.All[1]
	return m
}

// Error is how far a total of ms is from the nearest repeat, in per cent of that repeat; 0 inside the range of the repeats,
// unless they are of different modes.
func (m *Measurement) Error(ms float64) float64 {
	if m.modes {
		return m.Metrics.Total.distance(ms, 0)
	}
	return m.Metrics.Total.off(ms, 0)
}

// crowded says whether many clients made the requests.
func (m *Measurement) crowded() bool { return questions[m.Client.Kind] != nil }

// sizes are the bodies in the order of the requests.
func (m *Measurement) sizes() []int64 {
	var all []int64
	if m.Client.Kind == "page" {
		all = append(all, m.Client.HTML)
		for range m.Client.Objs {
			all = append(all, m.Client.Size)
		}
	}
	for _, s := range m.Client.Steps {
		all = append(all, s.Size)
	}
	return all
}

// digits are those of all sizes together: URLs and Content-Length hold them.
func (m *Measurement) digits() int64 {
	n := 0
	for _, s := range m.sizes() {
		n += len(fmt.Sprint(s))
	}
	return int64(n)
}

// closes says whether each connection carries one response.
func (m *Measurement) closes() bool {
	return !m.Client.Keep || m.Server == "nginx-ka0" || strings.Contains(m.Server, "-keepalive 0s") || strings.HasPrefix(m.Server, "apache Off")
}

// requestBytes are those of all requests' headers, before any encryption, as counted on the wire.
func (m *Measurement) requestBytes() int64 {
	each := map[string]int64{"nethttp": 74, "raw11": 42, "raw10": 20}[m.Client.Impl]
	if !m.Client.Keep && m.Client.Impl != "raw10" {
		each += int64(len("Connection: close\r\n"))
	}
	total := each*int64(len(m.sizes())) + m.digits()
	for _, s := range m.Client.Steps {
		if s.Delay > 0 {
			total += int64(len("?delay=40"))
		}
	}
	return total
}

// responseBytes are those of all responses' headers: nginx's, or those of Go's server or of Apache's.
func (m *Measurement) responseBytes() int64 {
	each, close := int64(228), int64(len("close")-len("keep-alive"))
	switch {
	case strings.HasPrefix(m.Server, "go"):
		each = 114
	case strings.HasPrefix(m.Server, "apache"):
		each, close = 202, int64(len("Connection: close\r\n"))
	}
	if m.closes() {
		each += close
	}
	return each*int64(len(m.sizes())) + m.digits()
}
