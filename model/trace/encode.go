package trace

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"keepalive/sim"
)

// An encoded log is the magic, the header's length in bytes (32 bits) and the header as JSON, the number of records
// (32 bits), and the records, each of recordSize bytes. All numbers are little-endian.
const (
	magic      = "KEEPLOG1"
	recordSize = 48
	maxClients = 1 << 20 // that a decoded log may count: a fold keeps a pool for each
	maxServers = 1 << 16
)

// Encode writes l in the form that Decode reads. A writer that can Grow, as a bytes.Buffer can, is told the size in bytes
// before.
func (l *Log) Encode(w io.Writer) error {
	header, err := json.Marshal(&l.Header)
	if err != nil {
		return fmt.Errorf("trace: header: %w", err)
	}
	if g, ok := w.(interface{ Grow(n int) }); ok {
		g.Grow(len(magic) + 4 + len(header) + 4 + recordSize*len(l.Records))
	}
	buf := make([]byte, 0, 1<<16)
	buf = append(buf, magic...)
	buf = binary.LittleEndian.AppendUint32(buf, uint32(len(header)))
	buf = append(buf, header...)
	buf = binary.LittleEndian.AppendUint32(buf, uint32(len(l.Records)))
	for i := range l.Records {
		if len(buf) > 1<<16-recordSize {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
		buf = appendRecord(buf, &l.Records[i])
	}
	_, err = w.Write(buf)
	return err
}

func appendRecord(b []byte, r *Record) []byte {
	le := binary.LittleEndian
	b = le.AppendUint64(b, uint64(r.At))
	b = le.AppendUint16(b, uint16(r.Kind))
	b = le.AppendUint16(b, r.Flags)
	b = le.AppendUint32(b, r.Actor)
	b = le.AppendUint32(b, r.Conn)
	b = le.AppendUint32(b, r.Req)
	b = le.AppendUint32(b, r.Pkt)
	b = le.AppendUint32(b, r.Len)
	b = le.AppendUint64(b, uint64(r.A))
	return le.AppendUint64(b, uint64(r.B))
}

func readRecord(b []byte) Record {
	le := binary.LittleEndian
	_ = b[recordSize-1]
	return Record{
		At: sim.Time(le.Uint64(b)), Kind: Kind(le.Uint16(b[8:])), Flags: le.Uint16(b[10:]), Actor: le.Uint32(b[12:]),
		Conn: le.Uint32(b[16:]), Req: le.Uint32(b[20:]), Pkt: le.Uint32(b[24:]), Len: le.Uint32(b[28:]),
		A: int64(le.Uint64(b[32:])), B: int64(le.Uint64(b[40:])),
	}
}

// Decode reads a log that Encode wrote. A log that it accepts can be indexed, folded and drawn.
func Decode(data []byte) (*Log, error) {
	header, records, err := split(data)
	if err != nil {
		return nil, err
	}
	l := &Log{}
	if err := json.Unmarshal(header, &l.Header); err != nil {
		return nil, fmt.Errorf("trace: header: %w", err)
	}
	if l.Header.Format != 1 {
		return nil, fmt.Errorf("trace: format %d, want 1: this log comes from another version of keepalive", l.Header.Format)
	}
	if h := &l.Header; h.Clients < 0 || h.Clients > maxClients || h.RTT < 0 || h.Down < 0 || h.Up < 0 {
		return nil, fmt.Errorf("trace: header: %d clients, rtt %v, %d and %d bit/s: out of range", h.Clients, h.RTT, h.Down, h.Up)
	}
	l.missing = l.Header.Missing != sim.Never
	l.Records = make([]Record, len(records)/recordSize)
	before := sim.Time(0)
	for i := range l.Records {
		l.Records[i] = readRecord(records[i*recordSize:])
		if err := l.check(&l.Records[i], before); err != nil {
			return nil, fmt.Errorf("trace: record %d: %w", i, err)
		}
		before = l.Records[i].At
	}
	return l, nil
}

// split takes the parts of an encoded log apart.
func split(data []byte) (header, records []byte, err error) {
	if len(data) < len(magic)+4 || string(data[:len(magic)]) != magic {
		return nil, nil, errors.New("trace: this is not a log: it does not begin with " + magic)
	}
	data = data[len(magic):]
	n := uint64(binary.LittleEndian.Uint32(data))
	data = data[4:]
	if uint64(len(data)) < n+4 {
		return nil, nil, errors.New("trace: the log is cut off in its header")
	}
	header, data = data[:n], data[n:]
	n = uint64(binary.LittleEndian.Uint32(data))
	if records = data[4:]; uint64(len(records)) != n*recordSize {
		return nil, nil, fmt.Errorf("trace: want %d records of %d bytes, got %d bytes", n, recordSize, len(records))
	}
	return header, records, nil
}

// check refuses what a fold could not bear.
func (l *Log) check(r *Record, before sim.Time) error {
	switch {
	case r.Kind == 0 || r.Kind >= kinds:
		return fmt.Errorf("unknown kind %d", r.Kind)
	case r.At < before:
		return fmt.Errorf("time runs back from %v to %v", before, r.At)
	case r.IsBehind() && l.Header.Behind == nil:
		return fmt.Errorf("actor %d is behind a proxy, but there is none", r.Actor)
	case IsServer(r.Actor) && ServerIndex(r.Actor) >= l.servers(r.IsBehind()):
		return fmt.Errorf("server %d, but the header counts %d", ServerIndex(r.Actor), l.servers(r.IsBehind()))
	case r.IsBehind():
		return l.checkBehind(r)
	case int(r.Req) > len(l.Header.Requests):
		return fmt.Errorf("request %d, but the header names %d", r.Req, len(l.Header.Requests))
	case !IsServer(r.Actor) && int(r.Actor) > max(l.Header.Clients, 1):
		return fmt.Errorf("client %d, but the header counts %d", r.Actor, l.Header.Clients)
	}
	return r.travels()
}

// checkBehind refuses what a fold of what is behind a proxy could not bear.
func (l *Log) checkBehind(r *Record) error {
	switch {
	case !IsServer(r.Actor) && r.Actor != Proxy:
		return fmt.Errorf("client %d behind the proxy, which is the only one there", r.Actor&^Behind)
	case r.Req != 0 && !IsBehind(r.Req) || r.Conn != 0 && !IsBehind(r.Conn):
		return fmt.Errorf("actor %d with request %d and connection %d", r.Actor, r.Req, r.Conn)
	}
	return r.travels()
}

// travels refuses a packet that arrives before it leaves.
func (r *Record) travels() error {
	if r.Kind == Packet && (r.Start() < r.At || r.End() < r.Start()) {
		return fmt.Errorf("packet %d travels from %v to %v", r.Pkt, r.Start(), r.End())
	}
	return nil
}

// servers is how many there are on one side of a proxy.
func (l *Log) servers(behind bool) int {
	n := l.Header.Servers
	if behind {
		n = l.Header.Behind.Servers
	}
	return min(max(n, 1), maxServers)
}
