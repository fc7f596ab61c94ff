package scenarios

import (
	"slices"
	"strings"

	"keepalive/model"
	"keepalive/sim"
)

// Document is a scenario as people write it: the vocabulary. Tags say all about a field: doc (with the unit), default, zero
// (what zero means), min and max, words (all that may stand there), text (lines, path or host: what a text may be), later (words
// that the model does not have yet) and source.
type Document struct {
	Name     string    `yaml:"name" doc:"Title of the scenario; by default the file's name."`
	About    string    `yaml:"about" text:"lines" doc:"What to look for, in a sentence or two."`
	Seed     uint64    `yaml:"seed" default:"1" doc:"Seed of the random streams: the same seed, the same run."`
	Hosts    string    `yaml:"hosts" default:"ideal" words:"ideal linux" doc:"ideal: programs take no time and timers are exact, whatever the preset. linux: costs calibrated on a real machine. A field in the file wins." source:"calibrated against nginx and a scripted client on Linux 6.18"`
	Timer    sim.Time  `yaml:"timer" default:"1ns" min:"1ns" max:"1s" doc:"Grid on or after which kernel timers fire, the later the longer they are: one of a second up to eight steps. 4ms with hosts: linux." source:"CONFIG_HZ=250, Linux kernel/time/timer.c"`
	Link     Link      `yaml:"link" doc:"The path between clients and server."`
	WarmUp   sim.Time  `yaml:"warm_up" default:"0s" doc:"Requests wanted earlier than this are left out of latency statistics; they count in everything else."`
	TCP      TCP       `yaml:"tcp" doc:"Transport, the same at both ends."`
	TLS      TLS       `yaml:"tls" doc:"Encryption, the same at both ends."`
	HTTP     HTTP      `yaml:"http" doc:"How messages are framed and connections are used."`
	Client   Client    `yaml:"client" doc:"Each client: its pool, its host and its costs."`
	Server   Server    `yaml:"server" doc:"The server's program and host."`
	Proxy    *Proxy    `yaml:"proxy" doc:"A proxy or balancer between clients and servers: a server to the ones, a client to the others. TLS ends at it; its tcp is the document's. It takes a whole request, asks one of the servers, and passes the whole answer on."`
	Workload Workload  `yaml:"workload" doc:"What the clients want: exactly one kind."`
	Variants []Variant `yaml:"variants" doc:"Runs to set side by side: each is this file with a patch. Without variants there is one run, and compare and explain set per-request against persistent."`
}

// Link is the path: two wires with a queue each.
type Link struct {
	RTT    sim.Time    `yaml:"rtt" default:"100ms" doc:"Two-way propagation delay, without queueing or serialisation."`
	Down   model.Rate  `yaml:"down" default:"10Mbit/s" zero:"unlimited" doc:"Rate from the server to the client."`
	Up     model.Rate  `yaml:"up" default:"10Mbit/s" zero:"unlimited" doc:"Rate from the client to the server."`
	Queue  model.Queue `yaml:"queue" default:"100 packets" zero:"a packet that finds the wire busy is dropped" doc:"Drop-tail queue of each direction, in packets or bytes: what waits, not what is on the wire."`
	Loss   Loss        `yaml:"loss" default:"0%" doc:"Share of packets lost at random, each on its own: one value for both directions, or {down: 1%, up: 0%}."`
	Burst  Burst       `yaml:"burst" default:"none" doc:"Loss in bursts besides: none, or {enter: 1%, leave: 25%, loss: 50%}. Each direction is good or bad; each packet first changes that by chance (enter: to bad, leave: to good), and falls by chance (loss) while it is bad. In the long run loss × enter / (enter + leave) of the packets fall." source:"Gilbert 1960, Elliott 1963"`
	Jitter sim.Time    `yaml:"jitter" default:"0ms" max:"10s" doc:"Each packet comes late by up to this much, drawn uniformly; order is kept, so that a late one holds up those behind it."`
	Drop   Drop        `yaml:"drop" doc:"Exactly these packets are dropped, counted from 1 as they arrive at that direction's link; the SYN-ACK is down's 1."`
	Shared bool        `yaml:"shared" default:"true" doc:"Clients share one bottleneck; with false each has its own."`
}

// Loss is a chance per direction.
type Loss struct{ Down, Up model.PPB }

// Burst is loss in bursts; the zero Burst is none.
type Burst struct {
	Enter model.PPB `yaml:"enter"`
	Leave model.PPB `yaml:"leave"`
	Loss  model.PPB `yaml:"loss"`
}

// Drop lists packets per direction.
type Drop struct {
	Down []int `yaml:"down" min:"1" doc:"Packets from the server to the client, such as [12, 13]."`
	Up   []int `yaml:"up" min:"1" doc:"Packets from the client to the server."`
}

// TCP is how both ends send.
type TCP struct {
	Congestion         string      `yaml:"congestion" default:"cubic" words:"reno cubic" doc:"Congestion control; cubic with HyStart." source:"RFC 5681, RFC 9438, Linux tcp_cubic.c; Linux's default is cubic"`
	InitialWindow      int         `yaml:"initial_window" default:"10" min:"1" max:"1000" doc:"Congestion window at the start and after idle, in segments." source:"RFC 6928"`
	MSS                int         `yaml:"mss" default:"1448" min:"1" max:"65495" doc:"Payload of a full segment, in bytes." source:"1500 bytes less IP, TCP and its timestamps"`
	Header             model.Bytes `yaml:"header" default:"52B" max:"500B" zero:"textbook problems" doc:"IP and TCP bytes of each segment. At the default a SYN and a SYN-ACK have 8 more, and a selective acknowledgement 12 to 28; with any other value all are alike." source:"RFC 9293, RFC 7323"`
	DelayedACK         string      `yaml:"delayed_ack" default:"linux" words:"linux every-packet every-second" doc:"When a receiver acknowledges. linux: at once for the first sixteen segments, after a pause and when its window grows, else every second one or after 40 ms, unless data carries it. every-second: a textbook's, every second one or after 40 ms." source:"Linux __tcp_ack_snd_check, RFC 1122 section 4.2.3.2"`
	SlowStartAfterIdle bool        `yaml:"slow_start_after_idle" default:"true" doc:"After idle for an RTO the window is halved per RTO, down to the initial one." source:"Linux tcp_cwnd_restart, RFC 5681 section 4.1"`
	ReceiveWindow      Window      `yaml:"receive_window" default:"auto" min:"1B" doc:"auto: begins at 64 240 bytes and grows as Linux grows it; or a fixed size, such as 16KiB." source:"Linux tcp_grow_window, tcp_rcv_space_adjust"`
	Nagle              bool        `yaml:"nagle" default:"false" doc:"Hold back a small segment while another small one is unacknowledged." source:"RFC 896, Linux tcp_minshall_check"`
	FastOpen           bool        `yaml:"fast_open" default:"false" doc:"After the first connection to a host the SYN carries the first data: a round trip less." source:"RFC 7413; Linux tcp_fastopen"`
	KeepAliveProbe     sim.Time    `yaml:"keep_alive_probe" default:"0s" zero:"no probes, as for a program that does not ask for them" doc:"Ask a peer that has been silent for so long whether it is still there, then every 75 s, nine times. It keeps nothing alive: it is not HTTP's keep-alive." source:"RFC 9293 section 3.8.4; Linux tcp_keepalive_time is 7200 s"`
	TSO                bool        `yaml:"tso" default:"false" doc:"Segments leave in batches of about a millisecond, as for a network card to cut up, and a small rest waits up to 1 ms for the acknowledgement that completes a batch; set by hosts." source:"Linux tcp_tso_autosize, tcp_tso_should_defer"`
}

// Window is a receive window; zero is auto.
type Window model.Bytes

// TLS is how connections are encrypted.
type TLS struct {
	Version     string      `yaml:"version" default:"none" words:"none 1.2 1.3" doc:"Version of TLS; none: in the clear." source:"RFC 5246, RFC 8446"`
	Resumption  string      `yaml:"resumption" default:"none" words:"none ticket 0-rtt" doc:"What a client does with the ticket of an earlier connection to the same host. ticket: no certificate, and with 1.2 a round trip less. 0-rtt: with 1.3 the first request goes along with the hello." source:"RFC 5077, RFC 8446 section 2.3"`
	Certificate model.Bytes `yaml:"certificate" default:"3kB" max:"1MB" doc:"Size of the certificates that the server sends."`
	PostQuantum bool        `yaml:"post_quantum" default:"false" doc:"The client offers X25519MLKEM768 too: with 1.3 its hello takes two segments." source:"measured: a Go 1.26 client's hello has 1455 bytes instead of 223"`
}

// HTTP is how messages are framed and connections are used.
type HTTP struct {
	Version         string      `yaml:"version" default:"1.1" words:"1.0 1.1 2" later:"3" doc:"Version of HTTP. 2: all requests to a host share one connection, as streams." source:"RFC 1945, RFC 9112, RFC 9113"`
	Connections     string      `yaml:"connections" default:"persistent" words:"per-request persistent" doc:"A connection for each request, or connections that are kept."`
	Pipelining      int         `yaml:"pipelining" default:"1" min:"1" max:"1000" doc:"Requests in flight on one connection of HTTP/1.1, once no more connections may be opened." source:"RFC 9112 section 9.3.2"`
	Closes          string      `yaml:"closes" default:"server" words:"server client" doc:"per-request: who closes. server: its FIN rides on the last data and TIME_WAIT stays there. client: it closes after the last byte and keeps TIME_WAIT."`
	KeepAliveHeader bool        `yaml:"keep_alive_header" default:"true" doc:"The server sends Keep-Alive: timeout=, max=." source:"RFC 2068 section 19.7.1.1"`
	HeaderApart     bool        `yaml:"header_apart" default:"false" doc:"The server writes header and body apart: a segment more per response." source:"nginx with tcp_nopush off"`
	RequestHeaders  model.Bytes `yaml:"request_headers" default:"400B" max:"1MB" doc:"Size of a request's head."`
	ResponseHeaders model.Bytes `yaml:"response_headers" default:"250B" max:"1MB" doc:"Size of a response's head."`
}

// Client is each client.
type Client struct {
	Preset             string     `yaml:"preset" words:"@client" doc:"Sets what is absent below as a known client has it."`
	Count              int        `yaml:"count" default:"1" min:"1" max:"1000000" doc:"How many clients there are, each with its own pool and ports."`
	Start              model.Span `yaml:"start" default:"0ms" doc:"When each client begins: together, or {uniform: 1s} spread over a second."`
	ConnectionsPerHost int        `yaml:"connections_per_host" default:"6" max:"100000" zero:"unlimited" doc:"Connections open at the same time to each host." source:"Chromium and Firefox"`
	MaxConnections     int        `yaml:"max_connections" default:"0" max:"1000000" zero:"unlimited" doc:"Connections open at the same time to all hosts together. For one more an idle one to another host is closed; without any, requests wait." source:"Chromium's CloseOneIdleSocketExceptInGroup; its limit is 256"`
	MaxIdle            int        `yaml:"max_idle" default:"6" max:"100000" zero:"none is kept" doc:"Idle connections kept to each host; one more is closed."`
	MaxIdleTotal       int        `yaml:"max_idle_total" default:"0" max:"1000000" zero:"unlimited" doc:"Idle connections kept to all hosts together; for one more that which was idle for longest is closed." source:"MaxIdleConns of Go's net/http"`
	Reuse              string     `yaml:"reuse" default:"most-recent" words:"most-recent least-recent" doc:"Which idle connection is used first: the one used last, so that the others may time out, or the one that was idle for longest, so that all stay warm." source:"scheduling of Node's http.Agent, lifo or fifo"`
	Binding            string     `yaml:"binding" default:"late" words:"late early" doc:"late: the oldest waiting request takes the first connection that is free. early: a request waits for the connection that was opened for it." source:"late: Chromium, Go's net/http; early: Node's http.Agent, urllib3"`
	MaxAge             sim.Time   `yaml:"max_age" default:"0s" zero:"unlimited" doc:"No request begins on a connection that the client began to open so long ago; it is closed when it is next looked at." source:"libcurl's CURLOPT_MAXLIFETIME_CONN"`
	IdleTimeout        sim.Time   `yaml:"idle_timeout" default:"300s" zero:"never" doc:"The client closes a connection that was idle for so long." source:"Chromium's used sockets"`
	IdleCheck          string     `yaml:"idle_check" default:"timer" words:"timer on-request" doc:"timer: a connection is closed when its idle time is over. on-request: when the client next wants something." source:"timer: Go, Node, Firefox; on-request: Chromium's CleanupIdleSockets"`
	Stays              sim.Time   `yaml:"stays" default:"0s" zero:"a program that exits" doc:"How long a client that has had all it wanted keeps its connections before it closes them: a reader with the page still open."`
	HonourHint         bool       `yaml:"honour_hint" default:"false" doc:"Close before the timeout that the server announced, less hint_margin."`
	HintMargin         sim.Time   `yaml:"hint_margin" default:"1s" doc:"How long before the announced timeout, which is in whole seconds; without any time left the connection is not kept." source:"agentKeepAliveTimeoutBuffer of Node's http.Agent"`
	ConnectTimeout     sim.Time   `yaml:"connect_timeout" default:"0s" zero:"TCP's own, about two minutes" doc:"How long opening a connection may take, TLS included." source:"libcurl's CURLOPT_CONNECTTIMEOUT"`
	Timeout            sim.Time   `yaml:"timeout" default:"0s" zero:"none" doc:"How long a request may take, from when it is wanted to its last byte, waiting and every attempt included. The client then closes the connection; with HTTP/2, the stream." source:"Client.Timeout of Go's net/http; curl's --max-time, which begins anew with each --retry"`
	Retry              string     `yaml:"retry" default:"idempotent" words:"never idempotent always" doc:"What is sent again. idempotent: requests whose kept connection turned out to be closed, if their method allows it. always: whatever the method, whether a connection broke or could not be opened." source:"RFC 9110 section 9.2.2; idempotent: browsers, Go's net/http; always: curl's --retry-all-errors"`
	Retries            int        `yaml:"retries" default:"1" max:"100" zero:"nothing is sent again" doc:"How often a request may be sent again."`
	Backoff            model.Span `yaml:"backoff" default:"0ms" zero:"at once" doc:"Waiting before a request is sent again, twice as long each time, up to an hour: 100ms, or {uniform: 100ms} for any time up to that (full jitter)." source:"AWS Architecture Blog, Exponential Backoff And Jitter"`
	Ports              int        `yaml:"ports" default:"28232" min:"1" max:"64512" doc:"Local ports of each source address for connections to one server." source:"Linux ip_local_port_range 32768-60999"`
	Addresses          int        `yaml:"addresses" default:"1" min:"1" max:"1000" doc:"Source addresses, each with ports of its own." source:"curl's --interface, nginx proxy_bind"`
	TimeWait           sim.Time   `yaml:"time_wait" default:"60s" doc:"How long a port rests after the client closed first." source:"Linux TCP_TIMEWAIT_LEN"`
	DNS                sim.Time   `yaml:"dns" default:"0ms" doc:"Name look-up before the first connection to each host."`
	CPU                ClientCPU  `yaml:"cpu" doc:"The client's work, in CPU time; set by hosts."`
	Wake               sim.Time   `yaml:"wake" default:"0us" doc:"Delay for each wake-up of the process; occupies no CPU; set by hosts."`
	Interrupt          sim.Time   `yaml:"interrupt" default:"0us" doc:"From a packet's arrival to its handling by the kernel, twice that after 3 ms without one; set by hosts."`
}

// ClientCPU is the client's work.
type ClientCPU struct {
	Connect  sim.Time `yaml:"connect" default:"0us" doc:"For each connection."`
	TLS      sim.Time `yaml:"tls" default:"0us" doc:"For each full TLS handshake; a resumed one is assumed to take a quarter."`
	Request  sim.Time `yaml:"request" default:"0us" doc:"For each request."`
	Response sim.Time `yaml:"response" default:"0us" doc:"For each response."`
}

// Proxy is between clients and servers.
type Proxy struct {
	Preset string `yaml:"preset" words:"@proxy" doc:"Sets what is absent below as a known proxy has it."`
	Link   Link   `yaml:"link" doc:"The path from the proxy to the servers, which share it. Its own defaults: rtt 1ms, down and up 1Gbit/s, queue 1000 packets."`
	HTTP   HTTP   `yaml:"http" doc:"How the proxy talks to the servers."`
	Server Server `yaml:"server" doc:"The proxy as the clients' server. max_connections counts its connections to the servers too." source:"nginx worker_connections"`
	Client Client `yaml:"client" doc:"The proxy as the servers' client, with a pool for each server. Its own defaults: connections_per_host unlimited, max_idle 32, idle_timeout 60s. Where its request fails its client gets 502, or 504 if it timed out." source:"nginx keepalive and keepalive_timeout of an upstream; RFC 9110 section 15.6"`
}

// Server is the server's program and host.
type Server struct {
	Preset              string      `yaml:"preset" words:"@server" doc:"Sets what is absent below as a known server has it."`
	Count               int         `yaml:"count" default:"1" min:"1" max:"1000" doc:"How many servers there are, alike. Connections are dealt to them, or a proxy's requests."`
	Balance             string      `yaml:"balance" default:"round-robin" words:"round-robin random least-connections" doc:"How they are dealt. Without a proxy each connection at its SYN, and it stays where it is. At a proxy each request. least-connections: to the server with fewest connections, at a proxy with fewest requests in work."`
	Concurrency         string      `yaml:"concurrency" default:"event" words:"event thread-per-connection thread-per-request" doc:"event: a worker serves all its connections in turn. thread-per-connection: a connection holds a worker, idle or not. thread-per-request: a request holds a worker until its answer is written, and waits for one in a queue; idle connections hold none." source:"nginx, Node; Apache prefork; Apache event, Tomcat NIO, Jetty"`
	Pipelining          string      `yaml:"pipelining" default:"in-order" words:"in-order parallel" doc:"How pipelined requests are worked on: one after the other, or at the same time. Answers keep their order." source:"RFC 9112 section 9.3.2"`
	Workers             int         `yaml:"workers" default:"4" min:"1" max:"100000" doc:"Threads or processes, which exist from the start; for event, how many requests run at once."`
	CPUs                int         `yaml:"cpus" default:"2" min:"1" max:"1024" doc:"Processor cores; work waits for a free one."`
	Backlog             int         `yaml:"backlog" default:"511" max:"65535" doc:"The SYN queue (half-open connections) and the accept queue (those that wait for the program) hold one more each. When the accept queue is full, SYNs and final ACKs are ignored, and connections wait for a retransmission." source:"nginx; Linux sk_acceptq_is_full, inet_csk_reqsk_queue_is_full"`
	SYNCookies          bool        `yaml:"syn_cookies" default:"true" doc:"While the SYN queue is full the server answers with SYN-ACKs that it does not remember. Without, it ignores the SYN, which comes back after 1, 2, 3 s and so on." source:"Linux tcp_syncookies; RFC 4987"`
	MaxConnections      int         `yaml:"max_connections" default:"1024" max:"10000000" zero:"unlimited" doc:"Connections open in the program at the same time; at_limit says what becomes of others."`
	AtLimit             string      `yaml:"at_limit" default:"wait" words:"wait close-idle reset" doc:"A new connection when max_connections are open. wait: it stays in the accept queue. close-idle: when a sixteenth is free the longest idle connections are closed, an eighth of them, at most 32; a new one is closed at once if none is idle. reset: it is accepted and closed at once; the client reads a FIN, or a RST if it has sent something." source:"Tomcat, Apache; nginx ngx_drain_connections; Node server.maxConnections"`
	FileDescriptors     int         `yaml:"file_descriptors" default:"1024" max:"10000000" zero:"unlimited" doc:"Descriptors of the program: one for the listening socket, one for each connection that it holds. Without one, accept fails, connections wait in the accept queue, and 500 ms later it is tried again." source:"Linux's soft RLIMIT_NOFILE is 1024; nginx accept_mutex_delay"`
	KeepAliveTimeout    sim.Time    `yaml:"keep_alive_timeout" default:"75s" zero:"every response closes" doc:"The server closes a connection that was idle for so long." source:"nginx keepalive_timeout"`
	KeepAliveRequests   int         `yaml:"keep_alive_requests" default:"1000" max:"1000000000" zero:"unlimited" doc:"Requests on one connection before the server closes it." source:"nginx keepalive_requests"`
	MaxAge              sim.Time    `yaml:"max_age" default:"0s" zero:"unlimited" doc:"The first request that begins when its connection is older than this is the last: its response closes." source:"nginx keepalive_time, there 1h"`
	HeaderTimeout       sim.Time    `yaml:"header_timeout" default:"60s" zero:"never" doc:"The server closes a connection, without an answer, whose first request has no whole head so long after the accept, or another one so long after its first byte. For bodies there is no limit." source:"nginx client_header_timeout"`
	Linger              sim.Time    `yaml:"linger" default:"0s" zero:"no lingering: what comes after the last response is answered with a RST" doc:"After its last response the server ends its stream, and reads and throws away what still comes, until the client closes or for so long. The connection holds its slot or worker meanwhile." source:"RFC 9112 section 9.6; nginx lingering_timeout 5s, Apache 2s, Go 500ms"`
	LingerWhen          string      `yaml:"linger_when" default:"unread" words:"unread always" doc:"unread: only if more has come from the client than was answered. always: after every last response." source:"nginx lingering_close on, and Go; Apache, and nginx lingering_close always"`
	Memory              model.Bytes `yaml:"memory" default:"512MiB" zero:"unlimited" doc:"Memory for connections, TLS sessions and workers. A new connection for which there is none is reset when it is accepted."`
	MemoryPerConnection model.Bytes `yaml:"memory_per_connection" default:"20KiB" max:"1000MB" doc:"Memory that a connection holds as long as the server's kernel knows it."`
	MemoryPerTLS        model.Bytes `yaml:"memory_per_tls" default:"0B" max:"1000MB" doc:"Memory that the TLS session of an accepted connection holds besides."`
	MemoryPerWorker     model.Bytes `yaml:"memory_per_worker" default:"0B" max:"1000MB" doc:"Memory that each worker holds, busy or not."`
	Time                model.Span  `yaml:"time" default:"0ms" doc:"Waiting for each request, on a database for example; occupies no CPU: 20ms, {uniform: 40ms} or {exponential: 20ms}."`
	CPU                 ServerCPU   `yaml:"cpu" doc:"The server's work, in CPU time; set by hosts."`
	Wake                sim.Time    `yaml:"wake" default:"0us" doc:"Delay for each wake-up of the process; occupies no CPU; set by hosts."`
	Interrupt           sim.Time    `yaml:"interrupt" default:"0us" doc:"From a packet's arrival to its handling by the kernel, twice that after 3 ms without one; set by hosts."`
}

// ServerCPU is the server's work.
type ServerCPU struct {
	Accept  sim.Time `yaml:"accept" default:"0us" doc:"For each connection accepted."`
	TLS     sim.Time `yaml:"tls" default:"0us" doc:"For each full TLS handshake; a resumed one is assumed to take a quarter."`
	Request sim.Time `yaml:"request" default:"0us" doc:"For each request."`
	Close   sim.Time `yaml:"close" default:"0us" doc:"For each connection closed."`
}

// Workload is what the clients want.
type Workload struct {
	Sequence *Sequence `yaml:"sequence" doc:"Requests one after another, once per client."`
	Page     []Entry   `yaml:"page" doc:"A page: requests that may wait for others, once per client."`
	Users    *Users    `yaml:"users" doc:"Closed loop: each client requests, thinks and requests again."`
	Arrivals *Arrivals `yaml:"arrivals" doc:"Open loop: requests that arrive whatever became of those before, dealt round-robin to the clients."`
}

// Request is what every kind of item has.
type Request struct {
	Path   string      `yaml:"path" text:"path" default:"/" doc:"Path of the resource; with count n the paths are /img/1 to /img/n."`
	Host   string      `yaml:"host" text:"host" doc:"Another origin by its name: limits per host apply to each."`
	Method string      `yaml:"method" default:"GET" words:"GET HEAD POST PUT DELETE PATCH OPTIONS" doc:"Method; POST and PATCH are never sent again."`
	Size   model.Bytes `yaml:"size" default:"0B" max:"1000000MB" doc:"Size of the response's body."`
	Upload model.Bytes `yaml:"upload" default:"0B" max:"1000000MB" doc:"Size of the request's body."`
	Unread model.Bytes `yaml:"unread" default:"0B" max:"1000000MB" zero:"all is read" doc:"So many bytes at the end of the response's body are not read: the client closes the connection, which cannot be used again." source:"RFC 9112 section 9.3; Response.Body of Go's net/http"`
	Time   *model.Span `yaml:"time" doc:"Waiting at the server for this request, instead of server.time: 20ms, {uniform: 40ms} or {exponential: 20ms}."`
	// Trickle is nil for a request that is written at once.
	Trickle *Trickle `yaml:"trickle" doc:"A slow sender: the request's head comes in parts, the body with the last."`
}

// Trickle is how a slow sender writes.
type Trickle struct {
	Parts int      `yaml:"parts" default:"10" min:"1" max:"1000" doc:"How many parts the head comes in."`
	Every sim.Time `yaml:"every" default:"10s" max:"1h" doc:"From one part to the next." source:"slowhttptest's interval"`
}

// Class is one kind of request in a mix.
type Class struct {
	Request
	Name   string `yaml:"name" doc:"Name of the class, for its own row in the results; by default class 1, class 2 and so on."`
	Weight int    `yaml:"weight" default:"1" min:"1" max:"1000000" doc:"Its share, of the sum of all weights."`
}

// Step is a request of a sequence.
type Step struct {
	Request
	Count int      `yaml:"count" default:"1" min:"1" max:"100000" doc:"How many alike."`
	Gap   sim.Time `yaml:"gap" default:"0ms" doc:"Idle before each but the sequence's first."`
}

// Sequence is a list of steps, or one step many times.
type Sequence struct {
	Step
	Steps []Step `yaml:"steps" doc:"Each on its own, instead of count, size and the rest."`
}

// Entry is a part of a page.
type Entry struct {
	Request
	Count int    `yaml:"count" default:"1" min:"1" max:"100000" doc:"How many alike."`
	After string `yaml:"after" doc:"Path of an earlier entry: waits for the last byte of every one of that name."`
}

// Users is a closed loop.
type Users struct {
	Request
	Mix      []Class    `yaml:"mix" doc:"Classes of requests, drawn for each request by their weights, instead of size and the rest."`
	Think    model.Span `yaml:"think" default:"1s" doc:"Between a response and the next request: 1s, {uniform: 2s} or {exponential: 1s}."`
	Requests int        `yaml:"requests" max:"1000000" doc:"Requests per client."`
	For      sim.Time   `yaml:"for" doc:"Instead of requests: no request begins later than this."`
}

// Arrivals is an open loop.
type Arrivals struct {
	Request
	Mix   []Class    `yaml:"mix" doc:"Classes of requests, drawn for each request by their weights, instead of size and the rest."`
	Rate  PerHour    `yaml:"rate" doc:"Mean rate of requests, such as 50/s."`
	For   sim.Time   `yaml:"for" doc:"No arrival is later than this."`
	Shape Shape      `yaml:"shape" default:"poisson" doc:"poisson: at random, with exponential distances. constant: at equal distances. {bursts: 20}: twenty at once, the bursts at exponential distances; the rate is that of requests."`
	At    []sim.Time `yaml:"at" doc:"Instead of rate and for: exactly these times, counted from the first, such as [0ms, 13ms, 1s]."`
	File  string     `yaml:"file" doc:"Instead of rate and for: a file beside the scenario with a time per line, counted from the first: seconds such as 12.5, or with a unit such as 13ms; what follows # is a comment."`
}

// Shape is how arrivals lie in time. Burst is how many come at once; 0: it is no shape of bursts.
type Shape struct {
	Constant bool
	Burst    int
}

// PerHour is a rate of events.
type PerHour int64

// Variant is one of several runs.
type Variant struct {
	Name string `yaml:"name" doc:"The run's name, unlike all others."`
	With Patch  `yaml:"with" doc:"What differs: the same fields as in the file."`
}

// Patch is a part of a document, to be merged over it.
type Patch struct{ node *node }

// later names parts of the vocabulary that the model does not have yet.
var later = []string{
	"workload.har",
}

// IsLater tells whether the model does not have yet what stands at a path.
func IsLater(path string) bool {
	return slices.ContainsFunc(later, func(l string) bool { return path == l || strings.HasPrefix(path, l+".") })
}
