package model

import (
	"keepalive/model/tcp"
	"keepalive/model/tls"
	"keepalive/sim"
)

// Rate is in bits per second; zero means unlimited.
type Rate int64

// Bytes counts bytes.
type Bytes int64

// PPB is a probability in parts per thousand million: 1 % is 10 000 000.
type PPB int64

// Config is one run: a variant of a scenario, resolved, in typed units.
type Config struct {
	Scenario string // the scenario's name, for labels
	Variant  string // the variant's name
	Seed     uint64
	Timer    sim.Time // grid on which kernel timers fire; at least 1 ns
	Link     LinkConfig
	TCP      tcp.Config
	TLS      tls.Config
	HTTP     HTTPConfig
	Client   ClientConfig
	Server   ServerConfig
	Proxy    *ProxyConfig // between clients and servers; nil: there is none
	Workload Workload
	WarmUp   sim.Time // for statistics: requests wanted earlier have no part in latencies; the run takes no notice
	Limits   sim.Limits
}

// FrontServer is what the clients connect to: the proxy, if there is one.
func (c *Config) FrontServer() *ServerConfig {
	if c.Proxy != nil {
		return &c.Proxy.Server
	}
	return &c.Server
}

// LinkConfig is the path between clients and servers.
type LinkConfig struct {
	RTT      sim.Time // two-way propagation delay
	Down, Up Rate
	Queue    Queue // each direction
	LossDown PPB
	LossUp   PPB
	Burst    Burst
	Jitter   sim.Time // each packet comes up to so much later, behind those before it
	DropDown []int    // packets to drop, counted from 1 as they arrive at this direction
	DropUp   []int
	Shared   bool // clients share one bottleneck; otherwise each has its own
}

// Burst is loss in bursts: each direction is good or bad. Each packet first changes its direction's state by chance, and
// falls by chance while it is bad. The zero Burst never is.
type Burst struct {
	Enter PPB // from good to bad, per packet
	Leave PPB // from bad to good, per packet
	Loss  PPB // of packets while it is bad
}

// Queue limits the packets that wait for a link; the one on the wire is not counted. Exactly one field is used: Bytes if it is not zero.
type Queue struct {
	Packets int
	Bytes   Bytes
}

// HTTPConfig is how messages are framed and connections are used.
type HTTPConfig struct {
	H2              bool // HTTP/2
	Minor           int  // HTTP/1.Minor: 0 or 1
	Persistent      bool // false: a connection per request
	ClientCloses    bool // per request: the client closes after the last byte; otherwise the server's FIN rides on it
	KeepAliveHeader bool // the server sends Keep-Alive: timeout=, max=
	Pipelining      int  // requests in flight on one connection of HTTP/1; at least 1
	Parallel        bool // the server works on pipelined requests at the same time; answers keep their order
	HeaderApart     bool // the server writes a response's header and its body apart
	RequestHeaders  Bytes
	ResponseHeaders Bytes
}

// ProxyConfig describes a proxy: a server to the clients and a client to the servers. Link, HTTP and Client are its side
// towards the servers; TLS ends at it.
type ProxyConfig struct {
	Preset string // for labels only
	Link   LinkConfig
	HTTP   HTTPConfig
	Server ServerConfig
	Client ClientConfig
}

// ClientConfig describes each client: its pool, its host and its costs.
type ClientConfig struct {
	Preset             string // for labels only
	Count              int
	Start              Span     // when each client begins
	ConnectionsPerHost int      // 0: unlimited
	MaxConnections     int      // to all hosts; 0: unlimited
	MaxIdle            int      // idle connections kept to each host
	MaxIdleTotal       int      // to all hosts; 0: unlimited
	LeastRecent        bool     // the connection that was idle for longest is used first; otherwise the one used last
	Early              bool     // a request waits for the connection that was opened for it; otherwise it takes the first that is free
	MaxAge             sim.Time // no request begins on an older connection; 0: unlimited
	IdleTimeout        sim.Time // 0: never
	IdleOnRequest      bool     // it is looked at when a request comes; otherwise a timer watches it
	Stays              sim.Time // how long a client that has had all it wanted keeps its connections
	HonourHint         bool     // close HintMargin before the server's announced timeout
	HintMargin         sim.Time
	ConnectTimeout     sim.Time // for a connection's handshakes, TLS too; 0: TCP's own
	Timeout            sim.Time // for a request, from when it is wanted to its last byte, all attempts; 0: none
	Retry              Retry
	Retries            int  // how often a request may be sent again
	Backoff            Span // before the first of them; doubles with each
	Ports              int  // of each address, to each server
	Addresses          int  // source addresses; 0 is 1
	TimeWait           sim.Time
	DNS                sim.Time // first request to each host
	CPU                ClientCPU
	Wake               sim.Time // delay per wake-up of the process
	Interrupt          sim.Time // from a packet's arrival to its handling by the kernel; twice that after restAfter without one
}

// Retry is which requests a client sends again.
type Retry uint8

// The ways to retry.
const (
	RetryNever      Retry = iota
	RetryIdempotent       // those of a safe method whose kept connection was closed
	RetryAlways           // whatever the method, and whether the connection broke or could not be opened
)

// ClientCPU is the client's work, in CPU time.
type ClientCPU struct {
	Connect, TLS, Request, Response sim.Time // TLS: per full handshake
}

// Balance is how connections, or a proxy's requests, are dealt to servers.
type Balance uint8

// The ways to deal.
const (
	RoundRobin       Balance = iota
	Random                   // from a stream of its own
	LeastConnections         // to the server with fewest open connections; at a proxy, fewest requests in work
)

// ServerConfig describes the server's program and host. Workers exist from the start. Without ThreadPerConnection and
// ThreadPerRequest, which exclude each other, it is an event loop.
type ServerConfig struct {
	Preset              string // for labels only
	Count               int    // of servers, alike; 0: one
	Balance             Balance
	ThreadPerConnection bool // a connection holds a worker from its accept to its end
	ThreadPerRequest    bool // a request holds a worker until its answer is written; connections without one hold none
	Workers             int
	CPUs                int
	Backlog             int
	SYNCookies          bool // a full SYN queue answers with cookies; otherwise it ignores SYNs
	MaxConnections      int  // 0: unlimited
	AtLimit             AtLimit
	FileDescriptors     int      // one for the listening socket, and one per connection that the program holds; 0: unlimited
	KeepAliveTimeout    sim.Time // 0: every response closes
	KeepAliveRequests   int      // requests per connection; 0: no limit
	MaxAge              sim.Time // a request taken up later than this after the accept is the last; 0: no limit
	HeaderTimeout       sim.Time // for the first request's head since the accept, for others since their first byte; 0: never
	Linger              sim.Time // for this long after the last answer what comes is read and thrown away; 0: refused with a RST
	LingerAlways        bool     // or only where the client is known to have sent more than was answered
	Memory              Bytes    // budget; 0: unlimited
	MemoryPerConnection Bytes
	MemoryPerTLS        Bytes
	MemoryPerWorker     Bytes
	Time                sim.Time // waiting per request
	TimeKind            SpanKind // distribution of Time, which is its mean or its end
	CPU                 ServerCPU
	Wake                sim.Time
	Interrupt           sim.Time
}

// Cores is how many of the program's workers run at the same time.
func (s *ServerConfig) Cores() int {
	if s.ThreadPerConnection || s.ThreadPerRequest {
		return max(s.CPUs, 1)
	}
	return max(min(s.CPUs, s.Workers), 1) // a loop runs on one core at a time
}

// AtLimit is what happens to a new connection when MaxConnections are open.
type AtLimit uint8

// The ways.
const (
	Wait      AtLimit = iota // it stays in the accept queue
	CloseIdle                // connections without a request are closed to make room, the longest idle first
	Refuse                   // it is accepted and closed at once
)

// ServerCPU is the server's work, in CPU time.
type ServerCPU struct {
	Accept, TLS, Request, Close sim.Time // TLS: per full handshake
}

// Span is a duration that may be drawn: constant, uniform between 0 and To, or exponential with mean To.
type Span struct {
	Kind SpanKind
	To   sim.Time
}

// SpanKind is the distribution of a Span.
type SpanKind uint8

// The distributions.
const (
	Constant SpanKind = iota
	Uniform
	Exponential
)

// Workload is what the clients want; exactly one field is set.
type Workload struct {
	Sequence []Item // one after the other, once per client
	Page     []Item // a page with dependencies, once per client
	Users    *Users
	Arrivals *Arrivals
}

// Items are the requests that a workload is made of: each that may be wanted, once.
func (w *Workload) Items() []Item {
	items := append(append([]Item(nil), w.Sequence...), w.Page...)
	add := func(item Item, mix []Class) {
		if len(mix) == 0 {
			items = append(items, item)
		}
		for i := range mix {
			items = append(items, mix[i].Item)
		}
	}
	if w.Users != nil {
		add(w.Users.Item, w.Users.Mix)
	}
	if w.Arrivals != nil {
		add(w.Arrivals.Item, w.Arrivals.Mix)
	}
	return items
}

// Mix is the workload's classes of requests, if it has any.
func (w *Workload) Mix() []Class {
	switch {
	case w.Users != nil:
		return w.Users.Mix
	case w.Arrivals != nil:
		return w.Arrivals.Mix
	}
	return nil
}

// Item is one request, or Count alike. Counts are resolved: paths are final.
type Item struct {
	Path   string
	Host   string // origin; "" is the default one
	Method string
	Size   Bytes    // response body
	Upload Bytes    // request body
	Unread Bytes    // last bytes of the response's body that the client does not read (HTTP/1): it closes the connection instead
	Time   sim.Time // server's waiting time; negative: ServerConfig.Time
	Gap    sim.Time // sequence: idle before it
	After  []int    // page: indexes of the entries whose last byte it waits for
	// TimeKind is the distribution of Time, unless that is negative.
	TimeKind SpanKind
	// Trickle: a slow sender writes the head in parts.
	Trickle Trickle
}

// Trickle is how a slow sender writes the head of a request. The zero Trickle writes it at once.
type Trickle struct {
	Parts int
	Every sim.Time // between two parts
}

// Class is one kind of request in a mix.
type Class struct {
	Name   string
	Weight int // of the sum of all weights
	Item   Item
}

// Users is a closed loop: request, think, request …
type Users struct {
	Item     Item
	Mix      []Class // drawn per request, instead of Item
	Think    Span
	Requests int      // per client; 0: For limits
	For      sim.Time // 0: Requests limits
}

// Arrivals is an open loop, dealt round-robin to the clients. The first arrival is at time 0.
type Arrivals struct {
	Item    Item
	Mix     []Class // drawn per request, instead of Item
	PerHour int64   // mean rate of requests
	Shape   Shape
	Burst   int        // Bursts: requests at once
	At      []sim.Time // Listed: in order; those after the first count from it
	For     sim.Time   // Listed: not used
}

// Shape is how the arrivals of an open loop lie in time.
type Shape uint8

// The shapes.
const (
	Poisson Shape = iota // exponential distances
	Even                 // equal distances
	Bursts               // Burst at once, at exponential distances
	Listed               // at the times of a list
)
