package http2

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2/hpack"
)

// list is a header as an HPACK encoder gets it.
type list []hpack.HeaderField

// text is its length as HTTP/1.1 would write it.
func (l list) text() int64 {
	n := len("\r\n")
	for _, f := range l {
		switch f.Name {
		case ":method", ":scheme":
		case ":path":
			n += len("GET ") + len(f.Value) + len(" HTTP/1.1\r\n")
		case ":authority":
			n += len("Host: \r\n") + len(f.Value)
		case ":status":
			n += len("HTTP/1.1 200 OK\r\n")
		default:
			n += len(f.Name) + len(": ") + len(f.Value) + len("\r\n")
		}
	}
	return int64(n)
}

// with returns l with other values.
func (l list) with(values map[string]string) list {
	out := append(list{}, l...)
	for i := range out {
		if v, ok := values[out[i].Name]; ok {
			out[i].Value = v
		}
	}
	return out
}

// coder keeps the dynamic table of a connection.
type coder struct {
	buf bytes.Buffer
	enc *hpack.Encoder
}

func newCoder() *coder {
	c := &coder{}
	c.enc = hpack.NewEncoder(&c.buf)
	return c
}

// encode is the length of a block. Like Chromium's encoder (quiche, http2/hpack/hpack_encoder.cc, DefaultPolicy) it keeps
// the path out of the table.
func (c *coder) encode(t *testing.T, l list) int64 {
	c.buf.Reset()
	for _, f := range l {
		f.Sensitive = f.Name == ":path"
		require.NoError(t, c.enc.WriteField(f))
	}
	return int64(c.buf.Len())
}

// chromium asks for an image of a page.
var chromium = list{
	{Name: ":method", Value: "GET"},
	{Name: ":authority", Value: "www.example.com"},
	{Name: ":scheme", Value: "https"},
	{Name: ":path", Value: "/img/1"},
	{Name: "sec-ch-ua-platform", Value: `"Linux"`},
	{Name: "user-agent", Value: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"},
	{Name: "sec-ch-ua", Value: `"Not)A;Brand";v="8", "Chromium";v="138", "Google Chrome";v="138"`},
	{Name: "sec-ch-ua-mobile", Value: "?0"},
	{Name: "accept", Value: "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"},
	{Name: "sec-fetch-site", Value: "same-origin"},
	{Name: "sec-fetch-mode", Value: "no-cors"},
	{Name: "sec-fetch-dest", Value: "image"},
	{Name: "referer", Value: "https://www.example.com/gallery"},
	{Name: "accept-encoding", Value: "gzip, deflate, br, zstd"},
	{Name: "accept-language", Value: "en-US,en;q=0.9"},
	{Name: "priority", Value: "i"},
}

var cookies = list{
	{Name: "cookie", Value: "session=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0"},
	{Name: "cookie", Value: "_ga=GA1.2.1234567890.1700000000"},
}

var curl = list{
	{Name: ":method", Value: "GET"},
	{Name: ":scheme", Value: "https"},
	{Name: ":authority", Value: "www.example.com"},
	{Name: ":path", Value: "/img/1"},
	{Name: "user-agent", Value: "curl/8.5.0"},
	{Name: "accept", Value: "*/*"},
}

var nginx = list{
	{Name: ":status", Value: "200"},
	{Name: "server", Value: "nginx/1.29.3"},
	{Name: "date", Value: "Tue, 18 Nov 2025 14:35:06 GMT"},
	{Name: "content-type", Value: "image/jpeg"},
	{Name: "content-length", Value: "10000"},
	{Name: "last-modified", Value: "Mon, 17 Nov 2025 10:00:00 GMT"},
	{Name: "etag", Value: `"691af1a0-2710"`},
	{Name: "accept-ranges", Value: "bytes"},
}

func TestRequestHeadersCostWhatAnEncoderMakesOfThem(t *testing.T) {
	for _, c := range []struct {
		name         string
		header       list
		first, again int64 // octets that the model may be off
	}{
		{"chromium", chromium, 3, 0},
		{"chromium with cookies", append(append(list{}, chromium...), cookies...), 4, 2},
		{"curl", curl, 20, 5},
	} {
		enc := newCoder()
		real := enc.encode(t, c.header)
		require.InDelta(t, real, HeaderBytes(true, c.header.text(), len("/img/1")), float64(c.first), "%s, first of %d", c.name, c.header.text())
		for i := 2; i < 200; i++ {
			path := fmt.Sprintf("/img/%d", i)
			l := c.header.with(map[string]string{":path": path})
			got := HeaderBytes(false, l.text(), len(path))
			require.InDelta(t, enc.encode(t, l), got, float64(c.again)+1, "%s, request %d", c.name, i)
		}
	}
}

func TestTheNumbersOfTheHeaderModelAreCountedFromALongRealList(t *testing.T) {
	require.EqualValues(t, 570, chromium.text())
	require.Len(t, chromium, 16)
	require.EqualValues(t, ceil(chromium.text(), int64(len(chromium))), fieldText)
	enc := newCoder()
	require.EqualValues(t, 383, enc.encode(t, chromium))
	require.EqualValues(t, 22, enc.encode(t, chromium.with(map[string]string{":path": "/img/2"})))
	long := "/assets/images/thumbnails/gallery-2025/photo-0123456789.jpeg"
	require.InDelta(t, ceil(int64(len(long))*pathBits, 8), hpack.HuffmanEncodeLength(long), 3)
}

func TestResponseHeadersCostWhatAnEncoderMakesOfThem(t *testing.T) {
	require.EqualValues(t, 218, nginx.text())
	enc := newCoder()
	require.EqualValues(t, 96, enc.encode(t, nginx))
	require.InDelta(t, 96, ResponseBytes(true, 218), 1)
	other := nginx.with(map[string]string{"content-length": "23117", "last-modified": "Fri, 14 Nov 2025 09:12:44 GMT", "etag": `"6916f10c-5a4d"`})
	require.EqualValues(t, 49, enc.encode(t, other))
	require.InDelta(t, 49, ResponseBytes(false, 218), 1)
}

func TestALaterHeaderNeverCostsMoreThanTheFirst(t *testing.T) {
	for full := int64(0); full < 2000; full++ {
		for _, path := range []int{1, 20, 500} {
			require.LessOrEqual(t, HeaderBytes(false, full, path), HeaderBytes(true, full, path))
		}
	}
}
