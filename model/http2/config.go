package http2

// Limits and initial values of RFC 9113, 6.5.2 and 6.9.2.
const (
	DefaultWindow   = 65535
	DefaultMaxFrame = 1 << 14
	MaxWindow       = 1<<31 - 1
	MaxFrameLimit   = 1<<24 - 1
)

// streamsAtFirst is how many streams a client opens until the server names a limit. RFC 9113 sets none; Chromium
// (kInitialMaxConcurrentStreams), Firefox (network.http.http2.default-concurrent) and nghttp2 take 100.
const streamsAtFirst = 100

// Settings are an end's wishes (RFC 9113, 6.5.2), sent once, when the connection begins.
type Settings struct {
	Parameters    int   // how many the frame carries, 6 octets each: what is set below, or more that have no effect here
	InitialWindow int64 // octets that the peer may send on a new stream; zero means 65 535
	MaxFrame      int64 // octets of the largest payload it takes, 16 384 to 16 777 215; zero means 16 384
	MaxStreams    int64 // streams that the peer may have open; zero means that none is named
}

// Order is how DATA of several streams share the connection. HEADERS and control frames go before any DATA, as they
// do in nghttp2 (nghttp2_session_get_next_ob_item).
type Order uint8

// The orders.
const (
	RoundRobin Order = iota // one frame of each stream in turn
	FirstCome               // a stream to its end before the next, in the order in which they became ready
	// ByUrgency serves the least Urgency first. Among equals, streams that are not Incremental go first, one after
	// another in the order of their ids, and the incremental ones share in turn (RFC 9218, 10; who of the two goes
	// first is left open there).
	ByUrgency
)

// Config is how an end behaves.
type Config struct {
	Settings
	ConnWindow int64 // octets that the peer may have under way on the connection, at least 65 535; zero means 65 535
	Chunk      int64 // largest payload of DATA it writes, octets; zero means 16 384. The peer's MaxFrame bounds it
	Order      Order
	LowWater   int64 // Fill keeps up to this many unsent octets in the socket; zero means no bound: all that may go, goes
	MaxOpen    int64 // client: streams it keeps open at most, whatever the server allows; zero means no bound
	Weights    bool  // client: HEADERS carry the five octets of the abandoned priority scheme (6.2)
	Manual     bool  // the program says with Consume what it has read; else what arrives is read at once
}

// Chrome is Chromium's client, from version 117 on: HEADER_TABLE_SIZE, ENABLE_PUSH, INITIAL_WINDOW_SIZE and
// MAX_HEADER_LIST_SIZE, then a WINDOW_UPDATE of 15 663 105, in 24 + 33 + 13 octets. Sources:
// net/http/http_network_session.cc (AddDefaultHttp2Settings, kSpdyStreamMaxRecvWindowSize 6 MiB,
// kSpdySessionMaxRecvWindowSize 15 MiB), net/spdy/spdy_session.cc (kMaxConcurrentStreamLimit 256).
func Chrome() Config {
	return Config{Settings: Settings{Parameters: 4, InitialWindow: 6 << 20}, ConnWindow: 15 << 20, MaxOpen: 256, Weights: true}
}

// Nghttp is nghttp2's command-line client, at its defaults: MAX_CONCURRENT_STREAMS 100 and INITIAL_WINDOW_SIZE 65 535,
// no larger window (src/nghttp.cc, populate_settings). The windows of RFC 9113 show best with it.
func Nghttp() Config { return Config{Settings: Settings{Parameters: 2, MaxStreams: 100}} }

// Nginx is nginx as a server: http2_max_concurrent_streams 128, http2_body_preread_size 64k as the stream window,
// MAX_FRAME_SIZE 16 777 215, the largest connection window, http2_chunk_size 8k (src/http/v2/ngx_http_v2.c,
// ngx_http_v2_send_settings, NGX_HTTP_V2_MAX_WINDOW; ngx_http_v2_module.c). Its dependency tree is not modelled.
func Nginx() Config {
	return Config{
		Settings:   Settings{Parameters: 3, InitialWindow: 64 << 10, MaxFrame: MaxFrameLimit, MaxStreams: 128},
		ConnWindow: MaxWindow, Chunk: 8 << 10,
	}
}

// effective fills in what zero means.
func (s Settings) effective() Settings {
	if s.InitialWindow == 0 {
		s.InitialWindow = DefaultWindow
	}
	if s.MaxFrame == 0 {
		s.MaxFrame = DefaultMaxFrame
	}
	return s
}

// parameters is how many the frame carries.
func (s Settings) parameters() int {
	n := 0
	for _, v := range [...]int64{s.InitialWindow, s.MaxFrame, s.MaxStreams} {
		if v != 0 {
			n++
		}
	}
	return max(n, s.Parameters)
}

// check panics when c cannot be: configurations are checked for their users before they come here.
func (c *Config) check() {
	s := c.Settings.effective()
	switch {
	case s.InitialWindow < 0 || s.InitialWindow > MaxWindow:
		panic("http2: INITIAL_WINDOW_SIZE out of range") // RFC 9113, 6.5.2: FLOW_CONTROL_ERROR
	case s.MaxFrame < DefaultMaxFrame || s.MaxFrame > MaxFrameLimit:
		panic("http2: MAX_FRAME_SIZE out of range") // RFC 9113, 6.5.2: PROTOCOL_ERROR
	case c.ConnWindow != 0 && (c.ConnWindow < DefaultWindow || c.ConnWindow > MaxWindow):
		panic("http2: connection window out of range") // RFC 9113, 6.9.2: SETTINGS cannot lower it
	case c.Chunk < 0:
		panic("http2: chunk out of range")
	}
}
