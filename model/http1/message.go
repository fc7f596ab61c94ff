package http1

import (
	"cmp"
	"fmt"
	"strings"
)

// Connection is the option that a side which wants the connection kept, or not, puts into its header; "" means none is needed.
func Connection(minor int, keep bool) string {
	switch {
	case !keep && minor >= 1:
		return "close"
	case keep && minor == 0:
		return "keep-alive"
	}
	return ""
}

// Idempotent tells whether a method may be sent again without asking anybody (RFC 9110, 9.2.2).
func Idempotent(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE":
		return true
	}
	return false
}

// Request is a request's header.
type Request struct {
	Minor      int
	Method     string
	Path       string
	Host       string // "" becomes "example.test"
	Connection string // option; "" sends none
	Upload     int64  // bytes of the body
	Size       int64  // bytes the header takes on the wire
}

// Text is the header, filled up with a Cookie to exactly Size bytes. When Size is less than the shortest honest
// header, it is that header: the simulation still counts Size bytes.
func (r Request) Text() string {
	host := r.Host
	if host == "" {
		host = "example.test"
	}
	lines := []string{fmt.Sprintf("%s %s HTTP/1.%d", r.Method, r.Path, r.Minor), "Host: " + host}
	if r.Connection != "" {
		lines = append(lines, "Connection: "+r.Connection)
	}
	if r.Upload > 0 {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", r.Upload))
	}
	return fill(append(lines, "User-Agent: keepalive", "Accept: */*"), "Cookie", r.Size)
}

// Response is a response's header.
type Response struct {
	Minor      int
	Status     string // such as 502 Bad Gateway; "" is 200 OK
	Connection string // option; "" sends none
	Server     string
	Length     int64 // Content-Length; negative: none, the body ends with the connection
	Timeout    int64 // seconds, for Keep-Alive: timeout=; 0: no Keep-Alive header
	Max        int   // requests left, for Keep-Alive: max=; 0: not said
	Size       int64 // bytes the header takes on the wire
}

// Text is the header, filled up with an ETag to exactly Size bytes, with Request.Text's exception.
func (r Response) Text() string {
	lines := []string{fmt.Sprintf("HTTP/1.%d %s", r.Minor, cmp.Or(r.Status, "200 OK"))}
	if r.Server != "" {
		lines = append(lines, "Server: "+r.Server)
	}
	lines = append(lines, "Content-Type: application/octet-stream")
	if r.Length >= 0 {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", r.Length))
	}
	if r.Connection != "" {
		lines = append(lines, "Connection: "+r.Connection)
	}
	if r.Timeout > 0 {
		hint := fmt.Sprintf("Keep-Alive: timeout=%d", r.Timeout)
		if r.Max > 0 {
			hint += fmt.Sprintf(", max=%d", r.Max)
		}
		lines = append(lines, hint)
	}
	return fill(lines, "ETag", r.Size)
}

// fill joins lines and makes the text size bytes long with one more field, where there is room for it.
func fill(lines []string, field string, size int64) string {
	text := strings.Join(lines, "\r\n") + "\r\n\r\n"
	missing := int(size) - len(text)
	overhead := len(field) + len(": \r\n")
	if missing > overhead {
		lines = append(lines, field+": "+filler(missing-overhead))
		return strings.Join(lines, "\r\n") + "\r\n\r\n"
	}
	if missing > 0 { // too little for a field: optional white space after the last value
		last := len(lines) - 1
		lines[last] += strings.Repeat(" ", missing)
		return strings.Join(lines, "\r\n") + "\r\n\r\n"
	}
	return text
}

// filler is a legible value of n characters.
func filler(n int) string {
	const alphabet = "0123456789abcdef"
	var b strings.Builder
	for i := range n {
		b.WriteByte(alphabet[(i*7+i/16)%16])
	}
	return b.String()
}
