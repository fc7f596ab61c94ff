package trace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model/trace"
)

// single is a Sink that takes records one by one only.
type single struct{ print trace.Fingerprint }

func (s *single) Record(r *trace.Record) { s.print.Record(r) }

func TestRecordsByTheBatchAreTheSameAsOneByOne(t *testing.T) {
	rs := make([]trace.Record, 50)
	for i := range rs {
		rs[i] = trace.Record{At: 7, Kind: trace.Packet, Pkt: uint32(i)}
	}
	var print trace.Fingerprint
	var one single
	log, cut := trace.Log{}, trace.Log{Max: 30}
	trace.Sinks{&print, nil, &one, &log, &cut}.RecordAll(rs)
	require.Equal(t, one.print.Sum(), print.Sum())
	require.Equal(t, rs, log.Records)
	require.Equal(t, rs[:30], cut.Records)
	require.Equal(t, rs[30].At, cut.Header.Missing)
}
