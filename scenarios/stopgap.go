// Package scenarios reads scenario files.
package scenarios

import (
	"embed"
	"fmt"
	"io"
	"math/big"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/sim"
)

//go:embed *.yaml
var embedded embed.FS

type File struct {
	Name, About string
	Warnings    []string
	doc         map[string]any
}

func Parse(name string, data []byte, set ...string) (*File, error) {
	doc := map[string]any{}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, s := range set {
		path, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, fmt.Errorf("--set %s: want PATH=VALUE", s)
		}
		var v any
		if err := yaml.Unmarshal([]byte(value), &v); err != nil {
			return nil, fmt.Errorf("--set %s: %w", s, err)
		}
		parts := strings.Split(path, ".")
		for i := len(parts) - 1; i >= 0; i-- {
			v = map[string]any{parts[i]: v}
		}
		merge(doc, v.(map[string]any))
		if vs, ok := doc["variants"].([]any); ok {
			for _, one := range vs {
				m := one.(map[string]any)
				with, _ := m["with"].(map[string]any)
				if with == nil {
					with = map[string]any{}
				}
				merge(with, v.(map[string]any))
				m["with"] = with
			}
		}
	}
	f := &File{doc: doc}
	f.Name, _ = doc["name"].(string)
	f.About, _ = doc["about"].(string)
	if _, err := f.Variants(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

func merge(to, from map[string]any) {
	for k, v := range from {
		a, okA := to[k].(map[string]any)
		b, okB := v.(map[string]any)
		switch {
		case v == nil:
			delete(to, k)
		case okA && okB:
			merge(a, b)
		default:
			to[k] = v
		}
	}
}

func clone(v any) any {
	if m, ok := v.(map[string]any); ok {
		c := map[string]any{}
		for k, w := range m {
			c[k] = clone(w)
		}
		return c
	}
	return v
}

func Load(arg string, set ...string) (*File, error) {
	if arg == "-" {
		data, err := io.ReadAll(os.Stdin)
		if err != nil {
			return nil, err
		}
		return Parse("standard input", data, set...)
	}
	if data, err := Source(arg); err == nil {
		return Parse(arg, data, set...)
	}
	data, err := os.ReadFile(arg)
	if err != nil {
		return nil, fmt.Errorf("%s is neither a file nor a scenario that comes with the program: %s", arg, strings.Join(Names(), ", "))
	}
	return Parse(arg, data, set...)
}

func Names() []string {
	var names []string
	entries, _ := embedded.ReadDir(".")
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	sort.Strings(names)
	return names
}

func Source(name string) ([]byte, error) { return embedded.ReadFile(name + ".yaml") }

func (f *File) Variants() ([]model.Config, error) {
	vs, _ := f.doc["variants"].([]any)
	if len(vs) == 0 {
		c, err := resolve(f.doc, "")
		if err != nil {
			return nil, err
		}
		c.Variant = map[bool]string{true: "persistent", false: "per-request"}[c.HTTP.Persistent]
		return []model.Config{c}, nil
	}
	var out []model.Config
	for _, v := range vs {
		m, _ := v.(map[string]any)
		doc := clone(f.doc).(map[string]any)
		if with, ok := m["with"].(map[string]any); ok {
			merge(doc, clone(with).(map[string]any))
		}
		c, err := resolve(doc, fmt.Sprint(m["name"]))
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (f *File) Pair() ([]model.Config, error) {
	if vs, _ := f.doc["variants"].([]any); len(vs) > 0 {
		return f.Variants()
	}
	var out []model.Config
	for _, mode := range []string{"per-request", "persistent"} {
		doc := clone(f.doc).(map[string]any)
		merge(doc, map[string]any{"http": map[string]any{"connections": mode}})
		c, err := resolve(doc, mode)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

type reader struct{ err error }

func (r *reader) at(doc map[string]any, path string) any {
	var v any = doc
	for _, p := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func (r *reader) quantity(v any, def int64, units map[string]int64) int64 {
	if v == nil {
		return def
	}
	s := strings.TrimSpace(fmt.Sprint(v))
	if s == "0" {
		return 0
	}
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' || s[i] == '-') {
		i++
	}
	scale, ok := units[strings.TrimSpace(s[i:])]
	n, ok2 := new(big.Rat).SetString(s[:i])
	if !ok || !ok2 {
		if r.err == nil {
			r.err = fmt.Errorf("%q is not a quantity of the unit wanted here", s)
		}
		return def
	}
	n.Mul(n, new(big.Rat).SetInt64(scale))
	return new(big.Int).Quo(n.Num(), n.Denom()).Int64()
}

var (
	durations = map[string]int64{"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9}
	sizes     = map[string]int64{"B": 1, "kB": 1e3, "MB": 1e6, "KiB": 1 << 10, "MiB": 1 << 20}
	rates     = map[string]int64{"bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9}
	percents  = map[string]int64{"%": 1e7}
	packets   = map[string]int64{"packets": 1}
	counts    = map[string]int64{"": 1}
)

func resolve(doc map[string]any, variant string) (model.Config, error) {
	r := &reader{}
	get := func(p string) any { return r.at(doc, p) }
	dur := func(p string, def sim.Time) sim.Time { return sim.Time(r.quantity(get(p), int64(def), durations)) }
	size := func(p string, def model.Bytes) model.Bytes { return model.Bytes(r.quantity(get(p), int64(def), sizes)) }
	rate := func(p string, def model.Rate) model.Rate { return model.Rate(r.quantity(get(p), int64(def), rates)) }
	num := func(p string, def int) int { return int(r.quantity(get(p), int64(def), counts)) }
	text := func(p, def string) string {
		if v := get(p); v != nil {
			return fmt.Sprint(v)
		}
		return def
	}
	flag := func(p string, def bool) bool { return text(p, strconv.FormatBool(def)) == "true" }
	linux := text("hosts", "ideal") == "linux"
	us := func(n sim.Time) sim.Time {
		if linux {
			return n * sim.Microsecond
		}
		return 0
	}
	c := model.Config{Scenario: text("name", "scenario"), Variant: variant, Seed: uint64(num("seed", 1)), Timer: dur("timer", 1)}
	if linux && get("timer") == nil {
		c.Timer = 4 * sim.Millisecond
	}
	c.Link = model.LinkConfig{RTT: dur("link.rtt", 100*sim.Millisecond), Down: rate("link.down", 10e6), Up: rate("link.up", 10e6),
		Queue: model.Queue{Packets: int(r.quantity(get("link.queue"), 100, packets))}, Shared: flag("link.shared", true)}
	loss := model.PPB(r.quantity(get("link.loss"), 0, percents))
	c.Link.LossDown, c.Link.LossUp = loss, loss
	header := int(size("tcp.header", 52))
	c.TCP = tcp.Config{InitialWindow: num("tcp.initial_window", 10), MSS: num("tcp.mss", 1448), Header: header, SYNHeader: header,
		SlowStartAfterIdle: flag("tcp.slow_start_after_idle", true), Nagle: flag("tcp.nagle", false)}
	if header == 52 {
		c.TCP.SYNHeader = 60
	}
	switch text("tcp.delayed_ack", "linux") {
	case "every-packet":
		c.TCP.DelayedAck = tcp.AckEveryPacket
	case "every-second":
		c.TCP.DelayedAck = tcp.AckEverySecond
	}
	if v := text("tcp.receive_window", "auto"); v != "auto" {
		c.TCP.ReceiveWindow = int64(size("tcp.receive_window", 0))
	}
	minor := 1
	if text("http.version", "1.1") == "1" || text("http.version", "1.1") == "1.0" {
		minor = 0
	}
	c.HTTP = model.HTTPConfig{Minor: minor, Persistent: text("http.connections", "persistent") == "persistent",
		ClientCloses: text("http.closes", "server") == "client", KeepAliveHeader: flag("http.keep_alive_header", true),
		RequestHeaders: size("http.request_headers", 400), ResponseHeaders: size("http.response_headers", 250)}
	c.Client = model.ClientConfig{Preset: text("client.preset", ""), Count: num("client.count", 1), ConnectionsPerHost: num("client.connections_per_host", 6),
		MaxIdle: num("client.max_idle", 6), IdleTimeout: dur("client.idle_timeout", 300*sim.Second), HonourHint: flag("client.honour_hint", false),
		HintMargin: dur("client.hint_margin", sim.Second), RetryIdempotent: text("client.retry", "idempotent") == "idempotent",
		Ports: num("client.ports", 28232), TimeWait: dur("client.time_wait", sim.Minute), DNS: dur("client.dns", 0),
		CPU: model.ClientCPU{Connect: us(80), Request: us(45), Response: us(30)}, Wake: us(45)}
	c.Server = model.ServerConfig{Preset: text("server.preset", ""), ThreadPerConnection: text("server.concurrency", "event") != "event",
		Workers: num("server.workers", 4), CPUs: num("server.cpus", 2), Backlog: num("server.backlog", 511), MaxConnections: num("server.max_connections", 1024),
		KeepAliveTimeout: dur("server.keep_alive_timeout", 75*sim.Second), KeepAliveRequests: num("server.keep_alive_requests", 1000),
		MemoryPerConnection: size("server.memory_per_connection", 20480), Time: dur("server.time", 0),
		CPU: model.ServerCPU{Accept: dur("server.cpu.accept", 0), Request: dur("server.cpu.request", us(115)), Close: dur("server.cpu.close", 0)}, Wake: us(25)}
	item := func(m map[string]any) model.Item {
		at := func(k string) any { return m[k] }
		i := model.Item{Path: "/", Method: "GET", Time: -1, Size: model.Bytes(r.quantity(at("size"), 0, sizes)), Gap: sim.Time(r.quantity(at("gap"), 0, durations))}
		if at("time") != nil {
			i.Time = sim.Time(r.quantity(at("time"), 0, durations))
		}
		if at("path") != nil {
			i.Path = fmt.Sprint(at("path"))
		}
		return i
	}
	if m, ok := get("workload.sequence").(map[string]any); ok {
		if steps, ok := m["steps"].([]any); ok {
			for n, s := range steps {
				i := item(s.(map[string]any))
				i.Path = "/" + strconv.Itoa(n+1)
				c.Workload.Sequence = append(c.Workload.Sequence, i)
			}
		} else {
			for n := range num("workload.sequence.count", 1) {
				i := item(m)
				i.Path = "/" + strconv.Itoa(n+1)
				c.Workload.Sequence = append(c.Workload.Sequence, i)
			}
		}
	}
	if entries, ok := get("workload.page").([]any); ok {
		by := map[string][]int{}
		for _, e := range entries {
			m := e.(map[string]any)
			i := item(m)
			n := int(r.quantity(m["count"], 1, counts))
			if a, ok := m["after"]; ok {
				i.After = by[fmt.Sprint(a)]
			}
			for k := range n {
				j := i
				if n > 1 {
					j.Path = i.Path + "/" + strconv.Itoa(k+1)
				}
				by[i.Path] = append(by[i.Path], len(c.Workload.Page))
				c.Workload.Page = append(c.Workload.Page, j)
			}
		}
	}
	return c, r.err
}
