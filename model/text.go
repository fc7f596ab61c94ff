package model

import (
	"keepalive/model/http1"
	"keepalive/model/trace"
	"keepalive/sim"
)

// RequestText is the header of a request as it goes over the wire.
func (c *Config) RequestText(n trace.Name) string {
	return http1.Request{
		Minor: c.HTTP.Minor, Method: n.Method, Path: n.Path, Host: n.Host,
		Connection: http1.Connection(c.HTTP.Minor, c.HTTP.Persistent), Size: int64(c.HTTP.RequestHeaders),
	}.Text()
}

// ResponseText is the header of the answer to the served-th request on a connection, counted from 1.
func (c *Config) ResponseText(n trace.Name, served int) string {
	r := http1.Response{Minor: c.HTTP.Minor, Server: c.Server.Preset, Length: n.Size, Size: int64(c.HTTP.ResponseHeaders)}
	keep := c.keeps(served)
	r.Connection = http1.Connection(c.HTTP.Minor, keep)
	if c.HTTP.Minor == 0 && !keep {
		r.Length = -1
	}
	if keep && c.HTTP.KeepAliveHeader {
		r.Timeout = int64(c.Server.KeepAliveTimeout / sim.Second)
		if c.Server.KeepAliveRequests > 0 {
			r.Max = c.Server.KeepAliveRequests - served
		}
	}
	return r.Text()
}

// keeps tells whether the server keeps a connection after its served-th answer.
func (c *Config) keeps(served int) bool {
	limit := c.Server.KeepAliveRequests
	return c.HTTP.Persistent && c.Server.KeepAliveTimeout > 0 && (limit == 0 || served < limit)
}
