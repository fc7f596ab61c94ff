package tcp

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/sim"
)

var update = flag.Bool("update", false, "rewrite the golden ladders")

// network joins two endpoints by a path of 50 ms one way and writes down what passes.
type network struct {
	cfg    Config
	ends   [2]*Conn // client, server
	box    Outbox
	now    sim.Time
	flying []flying
	drop   []int // packets to drop, by number, from 1
	count  int
	text   strings.Builder
}

type flying struct {
	at  sim.Time
	to  int
	seg Segment
}

const oneWay = 50 * sim.Millisecond

// linux is the configuration of the ladders unless they change it.
func linux() Config {
	return Config{InitialWindow: 10, MSS: 1448, Header: 52, SYNHeader: 60, SlowStartAfterIdle: true}
}

func newNetwork(cfg Config) *network {
	n := &network{cfg: cfg}
	n.ends[0], n.ends[1] = New(&n.cfg, &n.box), New(&n.cfg, &n.box)
	n.ends[1].Listen()
	return n
}

// say writes a line of prose into the ladder.
func (n *network) say(format string, args ...any) { fmt.Fprintf(&n.text, "# "+format+"\n", args...) }

// do lets an endpoint act and sends what it puts into its outbox.
func (n *network) do(end int, act func(c *Conn)) {
	act(n.ends[end])
	for _, s := range n.box.Segments {
		n.send(end, s)
	}
	n.box.Reset()
}

func (n *network) send(from int, s Segment) {
	n.count++
	arrow, fate := "──▶", ""
	if from == 1 {
		arrow = "◀──"
	}
	if slices.Contains(n.drop, n.count) {
		fate = "   lost"
	} else {
		n.flying = append(n.flying, flying{n.now + oneWay, 1 - from, s})
	}
	what := s.Flags.String()
	if s.Len > 0 {
		what += fmt.Sprintf(" %d:%d", s.Seq, s.Seq+int64(s.Len))
	}
	if s.Has(ACK) {
		what += fmt.Sprintf(" ack %d", s.Ack)
	}
	if s.Retransmitted {
		what += " again"
	}
	fmt.Fprintf(&n.text, "%9s  %2d %s %s%s\n", n.now, n.count, arrow, what, fate)
}

// run lets time pass until t, or until nothing more happens.
func (n *network) run(t sim.Time) {
	for {
		at, end, timer := n.next()
		if at > t || at == sim.Never {
			return
		}
		n.now = at
		if timer {
			n.do(end, func(c *Conn) { c.OnTimer(at) })
			continue
		}
		f := n.flying[0]
		n.flying = n.flying[1:]
		n.do(f.to, func(c *Conn) { c.OnSegment(at, &f.seg) })
	}
}

func (n *network) next() (at sim.Time, end int, timer bool) {
	at = sim.Never
	if len(n.flying) > 0 {
		at = n.flying[0].at
	}
	for i, c := range n.ends {
		if d := c.Deadline(); d < at {
			at, end, timer = d, i, true
		}
	}
	return at, end, timer
}

func (n *network) golden(t *testing.T, name string) {
	path := filepath.Join("testdata", name+".txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(n.text.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), n.text.String(), "rewrite with: go test ./model/tcp -update")
}

// opened is a network whose handshake is done.
func opened(cfg Config) *network {
	n := newNetwork(cfg)
	n.do(0, func(c *Conn) { c.Connect(0) })
	n.run(sim.Second - 1)
	return n
}

func TestAHandshakeAndBothCloses(t *testing.T) {
	n := newNetwork(linux())
	n.say("A connection is opened (RFC 9293, figure 6), carries one byte each way, and is closed by the server.")
	n.say("The server's FIN rides on its last byte. The client's FIN carries the acknowledgement of it.")
	n.do(0, func(c *Conn) { c.Connect(0) })
	n.run(149 * sim.Millisecond)
	n.do(0, func(c *Conn) { c.Write(n.now, 1, false) })
	n.run(199 * sim.Millisecond)
	n.do(1, func(c *Conn) { c.Write(n.now, 1, true) })
	n.run(200 * sim.Millisecond)
	n.do(0, func(c *Conn) { c.Close(n.now) })
	n.run(sim.Never)
	n.say("client %v, server %v", n.ends[0].State(), n.ends[1].State())
	n.golden(t, "handshake")
}

func TestASYNThatNobodyAnswersIsSentAgain(t *testing.T) {
	n := newNetwork(linux())
	n.say("Every SYN is lost. Linux tries again after 1 s four times more, then doubles the wait, and gives up after 131 s")
	n.say("(tcp_syn_linear_timeouts 4, tcp_syn_retries 6).")
	n.drop = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	n.do(0, func(c *Conn) { c.Connect(0) })
	n.run(sim.Never)
	n.say("%v: client %v", n.now, n.ends[0].State())
	n.golden(t, "syn-lost")
}

func TestSlowStartSendsTenThenTwenty(t *testing.T) {
	n := opened(linux())
	n.text.Reset()
	n.say("30 segments: ten at once, then two for each acknowledgement of one.")
	n.do(1, func(c *Conn) { c.Write(n.now, 30*1448, false) })
	n.run(sim.Never)
	n.golden(t, "slow-start")
}

func TestFastRetransmitRepairsAHole(t *testing.T) {
	n := opened(linux())
	n.text.Reset()
	n.say("The third of ten segments is lost. Three duplicate acknowledgements bring it back one round trip later (RFC 5681, 3.2).")
	n.drop = []int{n.count + 3}
	n.do(1, func(c *Conn) { c.Write(n.now, 10*1448, false) })
	n.run(sim.Never)
	cwnd, ssthresh, _, _ := n.ends[1].Window()
	n.say("cwnd %d, ssthresh %d", cwnd, ssthresh)
	n.golden(t, "fast-retransmit")
}

func TestALostTailWaitsForTheTimer(t *testing.T) {
	n := opened(linux())
	n.text.Reset()
	n.say("The last of three segments is lost: no duplicate acknowledgements, so the retransmission timer must run out,")
	n.say("one round trip plus 200 ms after the last acknowledgement (RFC 6298 with Linux's floor).")
	n.drop = []int{n.count + 3}
	n.do(1, func(c *Conn) { c.Write(n.now, 3*1448, false) })
	n.run(sim.Never)
	n.golden(t, "timeout")
}

func TestAcknowledgementsAreDelayedOnlyWhenTheConnectionIsInteractive(t *testing.T) {
	cfg := linux()
	cfg.ReceiveWindow = 65535
	n := opened(cfg)
	n.text.Reset()
	n.say("The first answer is acknowledged at once, segment by segment. After the second request, sent right after it, the")
	n.say("connection counts as interactive: one acknowledgement for two segments, and 40 ms of waiting for a last odd one.")
	for range 2 {
		n.do(0, func(c *Conn) { c.Write(n.now, 100, false) })
		n.run(n.now + 50*sim.Millisecond)
		n.do(1, func(c *Conn) { c.Write(n.now, 3*1448, false) })
		n.run(n.now + 50*sim.Millisecond)
	}
	n.run(sim.Never)
	n.golden(t, "delayed-ack")
}

func TestDataForAClosedConnectionIsReset(t *testing.T) {
	n := opened(linux())
	n.text.Reset()
	n.say("The server closes an idle connection while a request is on its way: the request meets a RST.")
	n.do(1, func(c *Conn) { c.Close(n.now) })
	n.do(0, func(c *Conn) { c.Write(n.now, 400, false) })
	n.run(sim.Never)
	n.say("client %v, server %v", n.ends[0].State(), n.ends[1].State())
	n.golden(t, "stale")
}
