package tcp

import "fmt"

// State is a connection's state by RFC 9293, section 3.3.2.
type State uint8

// The states.
const (
	Closed State = iota
	Listen
	SynSent
	SynReceived
	Established
	FinWait1
	FinWait2
	CloseWait
	Closing
	LastAck
	TimeWait
)

// String is the RFC's name.
func (s State) String() string {
	return [...]string{"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2",
		"CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT"}[s]
}

// legal lists the transitions of RFC 9293, figure 5; every state may also fall to Closed.
var legal = [TimeWait + 1][]State{
	Closed:      {Listen, SynSent},
	Listen:      {SynReceived},
	SynSent:     {Established},
	SynReceived: {Established, FinWait1, CloseWait},
	Established: {FinWait1, CloseWait},
	FinWait1:    {FinWait2, Closing, TimeWait},
	FinWait2:    {TimeWait},
	CloseWait:   {LastAck},
	Closing:     {TimeWait},
	LastAck:     {},
	TimeWait:    {},
}

func (c *Conn) become(s State) {
	ok := s == Closed
	for _, next := range legal[c.state] {
		ok = ok || next == s
	}
	if !ok {
		panic(fmt.Sprintf("tcp: %v -> %v", c.state, s))
	}
	c.state = s // the only assignment
}
