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
		Total struct {
			Median float64   `json:"median"`
			Min    float64   `json:"min"`
			Max    float64   `json:"max"`
			All    []float64 `json:"all"`
		} `json:"total_ms"`
	} `json:"metrics"`
	Up   wireCount `json:"wire_up"`
	Down wireCount `json:"wire_down"`

	modes bool // the repeats are of different modes: what lies between them was never seen
}

// measuredClient is the program that made the requests.
type measuredClient struct {
	Kind  string `json:"kind"` // seq or page; loop and burst are not expressed yet
	Impl  string `json:"impl"` // nethttp, raw10 or raw11
	TLS   string `json:"tls"`  // 1.2, 1.3, or 1.3pq: with a post-quantum key share, which makes the ClientHello two segments
	Keep  bool   `json:"keep"`
	Conns int    `json:"conns"`
	HTML  int64  `json:"html"`
	Objs  int    `json:"objs"`
	Size  int64  `json:"obj_size"`
	Steps []step `json:"steps"`
}

// step is one request of a sequence: bytes of the body, the server's time, and the pause before.
type step struct {
	Size  int64   `json:"size"`
	Delay float64 `json:"delay_ms"`
	Idle  float64 `json:"sleep_ms"`
}

// wireCount is what a host sent in one direction: medians over the repeats.
type wireCount struct {
	Packets    float64 `json:"pkts"`
	Bytes      float64 `json:"ip_bytes"`
	Payload    float64 `json:"payload"`
	QueueDrops float64 `json:"drop_queue"`
	Lost       float64 `json:"drop_random"`
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
	all := m.Metrics.Total.All
	if !m.modes && ms >= slices.Min(all) && ms <= slices.Max(all) {
		return 0
	}
	nearest := math.Inf(1)
	for _, v := range all {
		nearest = min(nearest, math.Abs(ms-v)/v*100)
	}
	return nearest
}

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
func (m *Measurement) closes() bool { return !m.Client.Keep || m.Server == "nginx-ka0" }

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

// responseBytes are those of all responses' headers: nginx's, or those of Go's server.
func (m *Measurement) responseBytes() int64 {
	each := int64(228)
	if strings.HasPrefix(m.Server, "go") {
		each = 114
	} else if m.closes() {
		each -= int64(len("keep-alive") - len("close"))
	}
	return each*int64(len(m.sizes())) + m.digits()
}
