package scenarios

import (
	"strconv"

	"keepalive/model"
	"keepalive/model/tcp"
	"keepalive/model/tls"
)

// config is the run that a document describes. variant is its name; "" names it after http.connections.
func (doc *Document) config(variant string) model.Config {
	if variant == "" {
		variant = doc.HTTP.Connections
	}
	c := model.Config{Scenario: doc.Name, Variant: variant, Seed: doc.Seed, Timer: doc.Timer,
		Link: doc.Link.config(), TCP: doc.TCP.config(), TLS: doc.TLS.config(), HTTP: doc.HTTP.config(&doc.Server),
		Client: doc.Client.config(), Server: doc.Server.config(), Workload: doc.Workload.config(), WarmUp: doc.WarmUp}
	if p := doc.Proxy; p != nil {
		c.HTTP.Parallel = p.Server.Pipelining == "parallel"
		c.Proxy = &model.ProxyConfig{Preset: p.Preset, Link: p.Link.config(), HTTP: p.HTTP.config(&doc.Server), Server: p.Server.config(), Client: p.Client.config()}
	}
	return c
}

func (l *Link) config() model.LinkConfig {
	return model.LinkConfig{RTT: l.RTT, Down: l.Down, Up: l.Up, Queue: l.Queue, LossDown: l.Loss.Down, LossUp: l.Loss.Up,
		Burst: model.Burst(l.Burst), Jitter: l.Jitter, DropDown: l.Drop.Down, DropUp: l.Drop.Up, Shared: l.Shared}
}

func (t *TCP) config() tcp.Config {
	acks := map[string]tcp.DelayedAck{"linux": tcp.AckLinux, "every-packet": tcp.AckEveryPacket, "every-second": tcp.AckEverySecond}
	congestion := map[string]tcp.Congestion{"reno": tcp.Reno, "cubic": tcp.Cubic}
	c := tcp.Config{Congestion: congestion[t.Congestion], InitialWindow: t.InitialWindow, MSS: t.MSS, Header: int(t.Header), SYNHeader: int(t.Header),
		DelayedAck: acks[t.DelayedACK], SlowStartAfterIdle: t.SlowStartAfterIdle, ReceiveWindow: int64(t.ReceiveWindow), Nagle: t.Nagle, FastOpen: t.FastOpen, TSO: t.TSO}
	if t.KeepAliveProbe > 0 {
		c.KeepAliveProbe = tcp.LinuxKeepAliveProbe
		c.KeepAliveProbe.Idle = t.KeepAliveProbe
	}
	if c.Header == 52 {
		c.SYNHeader = 60  // IPv4, TCP and Linux's options of a SYN
		c.SACKHeader = 12 // option and block, padded
	}
	return c
}

func (t *TLS) config() tls.Config {
	versions := map[string]tls.Version{"none": tls.None, "1.2": tls.V12, "1.3": tls.V13}
	ways := map[string]tls.Resumption{"none": tls.Full, "ticket": tls.Ticket, "0-rtt": tls.EarlyData}
	return tls.Config{Version: versions[t.Version], Resumption: ways[t.Resumption], Certificate: int64(t.Certificate), Hybrid: t.PostQuantum}
}

func (h *HTTP) config(s *Server) model.HTTPConfig {
	minor := 1
	if h.Version == "1.0" {
		minor = 0
	}
	return model.HTTPConfig{H2: h.Version == "2", Minor: minor, Pipelining: h.Pipelining, Parallel: s.Pipelining == "parallel",
		Persistent: h.Connections == "persistent", ClientCloses: h.Closes == "client",
		KeepAliveHeader: h.KeepAliveHeader, HeaderApart: h.HeaderApart, RequestHeaders: h.RequestHeaders, ResponseHeaders: h.ResponseHeaders}
}

func (c *Client) config() model.ClientConfig {
	retries := map[string]model.Retry{"never": model.RetryNever, "idempotent": model.RetryIdempotent, "always": model.RetryAlways}
	return model.ClientConfig{Preset: c.Preset, Count: c.Count, Start: c.Start, ConnectionsPerHost: c.ConnectionsPerHost,
		MaxConnections: c.MaxConnections, MaxIdle: c.MaxIdle, MaxIdleTotal: c.MaxIdleTotal, LeastRecent: c.Reuse == "least-recent",
		Early: c.Binding == "early", MaxAge: c.MaxAge, IdleTimeout: c.IdleTimeout, IdleOnRequest: c.IdleCheck == "on-request",
		Stays: c.Stays, HonourHint: c.HonourHint, HintMargin: c.HintMargin, ConnectTimeout: c.ConnectTimeout, Timeout: c.Timeout,
		Retry: retries[c.Retry], Retries: c.Retries, Backoff: c.Backoff,
		Ports: c.Ports, Addresses: c.Addresses, TimeWait: c.TimeWait, DNS: c.DNS, CPU: model.ClientCPU(c.CPU), Wake: c.Wake, Interrupt: c.Interrupt}
}

func (s *Server) config() model.ServerConfig {
	balances := map[string]model.Balance{"round-robin": model.RoundRobin, "random": model.Random, "least-connections": model.LeastConnections}
	full := map[string]model.AtLimit{"wait": model.Wait, "close-idle": model.CloseIdle, "reset": model.Refuse}
	return model.ServerConfig{Preset: s.Preset, Count: s.Count, Balance: balances[s.Balance], ThreadPerConnection: s.Concurrency == "thread-per-connection",
		ThreadPerRequest: s.Concurrency == "thread-per-request", Workers: s.Workers, CPUs: s.CPUs, Backlog: s.Backlog, SYNCookies: s.SYNCookies,
		MaxConnections: s.MaxConnections, AtLimit: full[s.AtLimit], FileDescriptors: s.FileDescriptors,
		KeepAliveTimeout: s.KeepAliveTimeout, KeepAliveRequests: s.KeepAliveRequests, MaxAge: s.MaxAge, HeaderTimeout: s.HeaderTimeout,
		Linger: s.Linger, LingerAlways: s.LingerWhen == "always", Memory: s.Memory, MemoryPerConnection: s.MemoryPerConnection, MemoryPerTLS: s.MemoryPerTLS,
		MemoryPerWorker: s.MemoryPerWorker, Time: s.Time.To, TimeKind: s.Time.Kind, CPU: model.ServerCPU(s.CPU), Wake: s.Wake, Interrupt: s.Interrupt}
}

func (w *Workload) config() model.Workload {
	var out model.Workload
	if w.Sequence != nil {
		out.Sequence = w.Sequence.items()
	}
	out.Page = pageItems(w.Page)
	if u := w.Users; u != nil {
		out.Users = &model.Users{Item: u.item(), Mix: classes(u.Mix), Think: u.Think, Requests: u.Requests, For: u.For}
	}
	if a := w.Arrivals; a != nil {
		out.Arrivals = &model.Arrivals{Item: a.item(), Mix: classes(a.Mix), PerHour: int64(a.Rate), Shape: a.shape(), Burst: a.Shape.Burst, At: a.At, For: a.For}
	}
	return out
}

func (a *Arrivals) shape() model.Shape {
	switch {
	case len(a.At) > 0 || a.File != "":
		return model.Listed
	case a.Shape.Burst > 0:
		return model.Bursts
	case a.Shape.Constant:
		return model.Even
	}
	return model.Poisson
}

// classes is a mix; one without a name is called by its number.
func classes(mix []Class) []model.Class {
	var out []model.Class
	for k := range mix {
		out = append(out, model.Class{Name: className(mix, k), Weight: mix[k].Weight, Item: mix[k].item()})
	}
	return out
}

func className(mix []Class, k int) string {
	if mix[k].Name != "" {
		return mix[k].Name
	}
	return "class " + strconv.Itoa(k+1)
}

func (r *Request) item() model.Item {
	i := model.Item{Path: r.Path, Host: r.Host, Method: r.Method, Size: r.Size, Upload: r.Upload, Unread: r.Unread, Time: -1}
	if r.Time != nil {
		i.Time, i.TimeKind = r.Time.To, r.Time.Kind
	}
	if r.Trickle != nil {
		i.Trickle = model.Trickle(*r.Trickle)
	}
	return i
}

// items is the sequence written out. Steps without a path are numbered.
func (s *Sequence) items() []model.Item {
	steps := s.Steps
	if len(steps) == 0 {
		steps = []Step{s.Step}
	}
	var out []model.Item
	for _, step := range steps {
		for k := range step.Count {
			i := step.item()
			i.Gap = step.Gap
			switch {
			case i.Path == "/":
				i.Path = "/" + strconv.Itoa(len(out)+1)
			case step.Count > 1:
				i.Path += "/" + strconv.Itoa(k+1)
			}
			out = append(out, i)
		}
	}
	return out
}

// pageItems is the page written out: after becomes the indexes of all entries of that name.
func pageItems(entries []Entry) []model.Item {
	var out []model.Item
	named := map[string][]int{}
	for _, e := range entries {
		after := named[e.After]
		for k := range e.Count {
			i := e.item()
			i.After = after
			if e.Count > 1 {
				i.Path = numbered(e.Path, k+1)
			}
			named[e.Path] = append(named[e.Path], len(out))
			out = append(out, i)
		}
	}
	return out
}

func numbered(path string, n int) string {
	if path == "/" {
		path = ""
	}
	return path + "/" + strconv.Itoa(n)
}
