package http1

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Go's own parser reads the headers, and decides as a stranger whether the connection is kept (RFC 9112, 9.3).
func TestAStrangerReadsTheHeadersAndKeepsTheConnectionAsMeant(t *testing.T) {
	for _, minor := range []int{0, 1} {
		for _, keep := range []bool{false, true} {
			for _, size := range []int64{0, 120, 121, 150, 151, 157, 158, 159, 160, 400, 5000} {
				t.Run(fmt.Sprint(minor, keep, size), func(t *testing.T) {
					q := Request{Minor: minor, Method: "POST", Path: "/1", Upload: 7, Connection: Connection(minor, keep), Size: size}
					request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(q.Text())))
					require.NoError(t, err)
					assert.Equal(t, keep, !request.Close)
					assert.EqualValues(t, 7, request.ContentLength)

					r := Response{Minor: minor, Connection: Connection(minor, keep), Server: "test", Length: 9, Timeout: 5, Max: 3, Size: size}
					response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(r.Text())), request)
					require.NoError(t, err)
					assert.Equal(t, keep, !response.Close)
					assert.EqualValues(t, 9, response.ContentLength)
					assert.Equal(t, "timeout=5, max=3", response.Header.Get("Keep-Alive"))

					leastRequest, leastResponse := q, r
					leastRequest.Size, leastResponse.Size = 0, 0
					assert.Len(t, q.Text(), max(int(size), len(leastRequest.Text())))
					assert.Len(t, r.Text(), max(int(size), len(leastResponse.Text())))
				})
			}
		}
	}
}
