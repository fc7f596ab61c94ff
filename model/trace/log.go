package trace

import "keepalive/sim"

// Header describes the run a Log comes from: everything a picture of it needs besides the records.
type Header struct {
	Format              int           `json:"format"` // 1
	Scenario            string        `json:"scenario"`
	Variant             string        `json:"variant"`
	Finished            sim.Time      `json:"finished"` // the end of the last request
	Ended               sim.Time      `json:"ended"`    // the last record
	Missing             sim.Time      `json:"missing"`  // records are missing from here on; sim.Never: none are
	RTT                 sim.Time      `json:"rtt"`
	Down                int64         `json:"down"` // bit/s; 0: unlimited
	Up                  int64         `json:"up"`
	QueuePackets        int           `json:"queue_packets"` // 0 if limited by QueueBytes
	QueueBytes          int64         `json:"queue_bytes"`
	Shared              bool          `json:"shared"`
	Minor               int           `json:"minor"` // HTTP/1.Minor
	Persistent          bool          `json:"persistent"`
	MSS                 int           `json:"mss"`
	SegmentHeader       int           `json:"segment_header"`
	Clients             int           `json:"clients"`
	ConnectionsPerHost  int           `json:"connections_per_host"`
	ServerPreset        string        `json:"server_preset"`
	ThreadPerConnection bool          `json:"thread_per_connection"`
	ThreadPerRequest    bool          `json:"thread_per_request"`
	Workers             int           `json:"workers"`
	CPUs                int           `json:"cpus"`
	Backlog             int           `json:"backlog"`
	MaxConnections      int           `json:"max_connections"`
	KeepAliveTimeout    sim.Time      `json:"keep_alive_timeout"`
	IdleTimeout         sim.Time      `json:"idle_timeout"`     // of clients; 0: none
	HintedTimeout       sim.Time      `json:"hinted_timeout"`   // of clients that honour what the server announces; 0: they do not
	Memory              int64         `json:"memory"`           // a server's budget, bytes; 0: unlimited
	FileDescriptors     int           `json:"file_descriptors"` // of a server; 0: unlimited
	ServerWake          sim.Time      `json:"server_wake"`      // between a request's arrival and the server's program noticing it
	Servers             int           `json:"servers"`          // alike, that clients connect to
	Behind              *BehindHeader `json:"behind,omitempty"`
	Requests            []Name        `json:"requests"` // by Req - 1
}

// BehindHeader describes what is behind a proxy. The Header's own server is the proxy then.
type BehindHeader struct {
	RTT          sim.Time `json:"rtt"`
	Down         int64    `json:"down"`
	Up           int64    `json:"up"`
	Servers      int      `json:"servers"`
	ServerPreset string   `json:"server_preset"`
	ServerWake   sim.Time `json:"server_wake"`
}

// Name labels a request.
type Name struct {
	Client int    `json:"client"`
	Method string `json:"method"`
	Path   string `json:"path"`
	Host   string `json:"host,omitempty"`
	Size   int64  `json:"size"` // response body
}

// Message is a request or a response: what a log knows of its header, whose text is made from the scenario.
type Message struct {
	Name     Name   `json:"name"` // of the request
	Response bool   `json:"response"`
	Status   Status `json:"status"` // of a response: OK, or a proxy's own
	Served   int    `json:"served"` // of a response: it is the how-manieth on its connection, from 1; 0: the last of one that is too old
}

// MaxRecords is how many records a Log holds unless told otherwise: about 100 MB.
const MaxRecords = 2_000_000

// Log is a Sink that keeps the records of a run.
type Log struct {
	Header  Header
	Records []Record
	Max     int // records to keep; 0: MaxRecords
	missing bool
}

// Record implements Sink. Beyond Max records only the time from when they are missing is kept.
func (l *Log) Record(r *Record) {
	limit := l.Max
	if limit == 0 {
		limit = MaxRecords
	}
	if len(l.Records) < limit {
		l.Records = append(l.Records, *r)
		return
	}
	if !l.missing {
		l.missing = true
		l.Header.Missing = r.At
	}
}

// RecordAll implements Batch.
func (l *Log) RecordAll(rs []Record) {
	limit := l.Max
	if limit == 0 {
		limit = MaxRecords
	}
	if len(l.Records)+len(rs) <= limit {
		l.Records = append(l.Records, rs...)
		return
	}
	for i := range rs {
		l.Record(&rs[i])
	}
}
