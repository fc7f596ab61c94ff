package model

import (
	"cmp"
	"strings"

	"keepalive/model/http1"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// MessageText is the header of a message, as it is on the wire or as HTTP/2 lists its fields.
func (c *Config) MessageText(m trace.Message) string {
	switch {
	case !m.Response:
		return c.RequestText(m.Name)
	case m.Status != trace.OK:
		return c.FailureText(m.Status, m.Served)
	default:
		return c.ResponseText(m.Name, m.Served)
	}
}

// RequestText is the header of a request as it goes over the wire.
func (c *Config) RequestText(n trace.Name) string {
	text := http1.Request{
		Minor: c.HTTP.Minor, Method: n.Method, Path: n.Path, Host: n.Host,
		Connection: http1.Connection(c.HTTP.Minor, c.HTTP.Persistent), Size: int64(c.HTTP.RequestHeaders),
	}.Text()
	return c.fields(text)
}

// FailureText is the header of a proxy's own answer, with which a request ended so, as ResponseText.
func (c *Config) FailureText(s trace.Status, served int) string {
	reasons := map[trace.Status]string{trace.BadGateway: " Bad Gateway", trace.GatewayTimeout: " Gateway Timeout"}
	return c.answerText(s.String()+reasons[s], errorPage, served)
}

// ResponseText is the header of the answer to the served-th request on a connection, counted from 1; 0: the last one of a
// connection that is too old.
func (c *Config) ResponseText(n trace.Name, served int) string {
	return c.answerText("", n.Size, served)
}

func (c *Config) answerText(status string, length int64, served int) string {
	r := http1.Response{Minor: c.HTTP.Minor, Status: status, Server: c.serverName(), Length: length, Size: int64(c.HTTP.ResponseHeaders)}
	keep := served > 0 && keeps(&c.HTTP, c.FrontServer(), served)
	r.Connection = http1.Connection(c.HTTP.Minor, keep)
	if c.HTTP.Minor == 0 && !keep {
		r.Length = -1
	}
	if keep && c.HTTP.KeepAliveHeader {
		r.Timeout = int64(c.FrontServer().KeepAliveTimeout / sim.Second)
		if c.FrontServer().KeepAliveRequests > 0 {
			r.Max = c.FrontServer().KeepAliveRequests - served
		}
	}
	return c.fields(r.Text())
}

// serverName is what an answer calls the server that sent it.
func (c *Config) serverName() string {
	if c.Proxy != nil {
		return cmp.Or(c.Proxy.Preset, c.Proxy.Server.Preset)
	}
	return c.Server.Preset
}

// Behind is c as what is behind its proxy has it: the proxy is the client there.
func (c *Config) Behind() *Config {
	b, p := *c, c.Proxy
	b.Proxy, b.TLS, b.Link, b.HTTP, b.Client = nil, tls.Config{}, p.Link, p.HTTP, p.Client
	return &b
}

// fields is a header as HTTP/2 has it: a list of fields in small letters, the first line taken apart, and nothing about
// the connection (RFC 9113, 8.2.2 and 8.3).
func (c *Config) fields(text string) string {
	if !c.HTTP.H2 {
		return text
	}
	scheme := "http"
	if c.TLS.On() {
		scheme = "https"
	}
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\r\n")
	first := strings.Fields(lines[0])
	out := []string{":status: " + first[1]}
	if !strings.HasPrefix(first[0], "HTTP/") {
		out = []string{":method: " + first[0], ":scheme: " + scheme, ":path: " + first[1]}
	}
	for _, line := range lines[1:] {
		switch name, value, _ := strings.Cut(line, ": "); name {
		case "Host":
			out = append(out, ":authority: "+value)
		case "Connection", "Keep-Alive":
		default:
			out = append(out, strings.ToLower(name)+": "+value)
		}
	}
	return strings.Join(out, "\r\n") + "\r\n\r\n"
}
