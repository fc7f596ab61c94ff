package lab

import (
	"bytes"
	"fmt"
	"slices"

	"keepalive/sim"
)

// Cause is one thing that time can go to. Every nanosecond of a ledger has exactly one.
type Cause uint8

// The causes, in the order in which tables show them.
const (
	Gap           Cause = iota // the workload asked for idle time, or had not begun
	Blocked                    // waiting in the client for a connection
	DNS                        // looking a name up
	Handshake                  // opening a TCP connection
	TLS                        // opening a TLS session
	SendRequest                // putting the request on the wire
	Propagation                // bits on their way
	ServerQueue                // waiting in the server for a worker and a core
	ServerCPU                  // the server computes
	ServerTime                 // the server waits for something else
	SlowStart                  // the sender idles because of its congestion window
	PeerWindow                 // the sender idles because of the receiver's window
	Serialisation              // putting the response on the wire
	Queueing                   // waiting for other packets to leave
	AckDelay                   // the sender idles because an acknowledgement is held back, or waits for one by Nagle's rule
	Recovery                   // noticing and repairing a loss
	Host                       // the hosts' own delays
	Causes                     // how many there are
)

var causeNames = [Causes]string{"gap", "blocked", "dns", "handshake", "tls", "request", "propagation", "server_queue", "server_cpu",
	"server_time", "slow_start", "window", "serialisation", "queueing", "ack_delay", "recovery", "host"}

// String is the cause's name in JSON.
func (c Cause) String() string { return causeNames[c] }

var causeWords = [Causes]string{"gap", "blocked", "DNS", "handshake", "TLS", "request", "propagation", "server queue", "server CPU",
	"server time", "slow start", "window", "serialisation", "queueing", "ACK delay", "recovery", "host"}

// Words is the cause's name in tables and figures.
func (c Cause) Words() string { return causeWords[c] }

var causeMeanings = [Causes]string{
	"the workload asked for idle time, or had not begun",
	"waiting in the client for a free connection",
	"looking a name up",
	"opening TCP connections",
	"opening TLS sessions",
	"putting the request on the wire; a sender that writes it in parts",
	"bits on their way",
	"waiting in the server for a worker and a core",
	"the server computes",
	"the server waits, for a database say",
	"the sender idles because of its congestion window",
	"the sender idles because of the receiver's window",
	"putting the response on the wire",
	"waiting for other packets to leave first",
	"an acknowledgement is held back, or Nagle's rule waits for one",
	"noticing and repairing a loss, or a connection that broke",
	"the hosts' own delays",
}

// Meaning says in a few words what goes to c.
func (c Cause) Meaning() string { return causeMeanings[c] }

// Account says where a stretch of time went: Spent adds up to End - Start, to the nanosecond.
type Account struct {
	Request    uint32 // 0: the whole run
	Start, End sim.Time
	Handshakes int // connections whose opening it waited for
	Spent      [Causes]sim.Time
}

// Total is the time accounted for.
func (a *Account) Total() sim.Time {
	var sum sim.Time
	for _, t := range a.Spent {
		sum += t
	}
	return sum
}

// add puts another account on top.
func (a *Account) add(b *Account) {
	for c, t := range b.Spent {
		a.Spent[c] += t
	}
}

// over is the n-th part of accounts added up, for each cause less than a nanosecond too small.
func (a *Account) over(n int) {
	for c := range a.Spent {
		a.Spent[c] /= sim.Time(max(n, 1))
	}
	a.End = a.Total()
}

// MarshalJSON writes every cause with its exact milliseconds.
func (a Account) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for c, t := range a.Spent {
		sep := ','
		if c == 0 {
			sep = '{'
		}
		fmt.Fprintf(&b, "%c%q:%s", sep, causeNames[c], t.Milliseconds())
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Rounded is Spent in whole units, rounded by largest remainder: it adds up to the rounded total.
func (a *Account) Rounded(unit sim.Time) [Causes]int64 {
	var whole [Causes]int64
	var order [Causes]int
	left := int64((a.Total() + unit/2) / unit)
	for c, t := range a.Spent {
		order[c] = c
		whole[c] = int64(t / unit)
		left -= whole[c]
	}
	slices.SortStableFunc(order[:], func(x, y int) int { return int(a.Spent[y]%unit - a.Spent[x]%unit) })
	for _, c := range order[:max(0, min(left, int64(Causes)))] {
		whole[c]++
	}
	return whole
}
