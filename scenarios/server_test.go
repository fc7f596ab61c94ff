package scenarios

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/sim"
)

func TestAServersLimitsAndTimesReachTheModel(t *testing.T) {
	f, err := Parse("t.yaml", []byte(`
server: {preset: tomcat, at_limit: reset, file_descriptors: 64, memory: 1MiB, memory_per_tls: 30KiB, max_age: 1h, linger: 2s, time: {exponential: 20ms}}
tls: {version: 1.3}
workload: {sequence: {steps: [{size: 1kB}, {size: 1kB, time: {uniform: 1s}}, {size: 1kB, time: 0}]}}
`))
	require.NoError(t, err)
	require.Empty(t, f.Warnings)
	c := f.Variants()[0]
	s := c.Server
	assert.True(t, s.ThreadPerRequest)
	assert.False(t, s.ThreadPerConnection)
	assert.Equal(t, model.Refuse, s.AtLimit)
	assert.Equal(t, []any{64, model.Bytes(1 << 20), model.Bytes(30 << 10), sim.Hour, 2 * sim.Second, sim.Minute},
		[]any{s.FileDescriptors, s.Memory, s.MemoryPerTLS, s.MaxAge, s.Linger, s.HeaderTimeout})
	assert.Equal(t, model.Span{Kind: model.Exponential, To: 20 * sim.Millisecond}, model.Span{Kind: s.TimeKind, To: s.Time})
	got := []model.Span{}
	for _, i := range c.Workload.Sequence {
		got = append(got, model.Span{Kind: i.TimeKind, To: i.Time})
	}
	assert.Equal(t, []model.Span{{To: -1}, {Kind: model.Uniform, To: sim.Second}, {}}, got)
}
