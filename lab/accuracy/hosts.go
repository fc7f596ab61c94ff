package accuracy

import (
	"fmt"
	"strings"
)

// host is the server of a case with many clients, as a record names it, in the words of a scenario.
//
//	nginx
//	go -workers 4 -keepalive 500ms -delay 50ms -backlog 4
//	apache KeepAlive KeepAliveTimeout MaxRequestWorkers ListenBacklog MaxKeepAliveRequests
func (m *Measurement) host() string {
	words := strings.Fields(m.Server)
	switch words[0] {
	case "apache":
		return apache(words[1:])
	case "go":
		return goServer(words[1:], m.Client.Keep) + m.cookies()
	}
	return ""
}

func apache(words []string) string {
	if len(words) != 5 {
		panic("accuracy: apache wants five words, got " + strings.Join(words, " "))
	}
	timeout := words[1] + "s"
	if words[0] == "Off" {
		timeout = "0s"
	}
	var requests int
	if _, err := fmt.Sscan(words[4], &requests); err != nil {
		panic("accuracy: MaxKeepAliveRequests: " + err.Error())
	}
	// Apache counts the requests after the first: MaxKeepAliveRequests 10 keeps a connection for eleven (ap_set_keepalive).
	return fmt.Sprintf("concurrency: thread-per-connection, workers: %s, backlog: %s, keep_alive_timeout: %s, keep_alive_requests: %d",
		words[2], words[3], timeout, requests+1)
}

// goServer holds a worker per connection, until the connection is closed. Go's listen asks for as much as the kernel gives.
func goServer(words []string, keep bool) string {
	backlog, fields := "4096", []string{"concurrency: thread-per-connection"}
	for i := 0; i+1 < len(words); i += 2 {
		switch v := words[i+1]; words[i] {
		case "-workers":
			fields = append(fields, "workers: "+v)
		case "-keepalive":
			if keep {
				fields = append(fields, "keep_alive_timeout: "+v, "keep_alive_requests: 0")
			}
		case "-delay":
			fields = append(fields, "time: "+v)
		case "-backlog":
			backlog = v
		default:
			panic("accuracy: what is " + words[i] + " of a Go server?")
		}
	}
	return strings.Join(append(fields, "backlog: "+backlog), ", ")
}

// cookies says so where they were off.
func (m *Measurement) cookies() string {
	if m.Sysctl["net.ipv4.tcp_syncookies"] == "0" {
		return ", syn_cookies: false"
	}
	return ""
}

// crowd is the client side and the workload of a case with many clients.
func (m *Measurement) crowd(line func(string, ...any)) {
	c := &m.Client
	if h := m.host(); h != "" {
		line("server: {%s}", h)
	}
	if c.Kind == "burst" {
		line("client: {count: %d}", c.Clients)
		line("workload: {sequence: {count: 1, size: %dB}}", c.Steps[0].Size)
		return
	}
	line("client: {count: %d, start: {uniform: %gms}}", c.Clients, c.Think)
	line("workload: {users: {think: %gms, for: %gs, size: %dB}}", c.Think, c.Seconds, c.Steps[0].Size)
}
