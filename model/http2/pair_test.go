package http2

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden ladders")

// pair joins a client and a server by two byte pipes and writes down the frames and what the ends make of them.
type pair struct {
	cfg     [2]Config
	ends    [2]Conn // client, server
	frames  [2]Frames
	written [2]int64 // octets that each end's socket has taken
	arrived [2]int64 // of those, octets that the other end has
	shown   [2]int64 // frames written down
	text    strings.Builder
	onEvent func(end int, e Event)
}

func newPair(client, server Config) *pair {
	p := &pair{cfg: [2]Config{client, server}}
	p.ends[0].Init(Client, &p.cfg[0], &p.frames[1], &p.frames[0])
	p.ends[1].Init(Server, &p.cfg[1], &p.frames[0], &p.frames[1])
	return p
}

// reuse is newPair for another connection in the same memory.
func (p *pair) reuse() {
	for i := range p.frames {
		p.frames[i].Reset()
		p.written[i], p.arrived[i], p.shown[i] = 0, 0, 0
	}
	p.ends[0].Init(Client, &p.cfg[0], &p.frames[1], &p.frames[0])
	p.ends[1].Init(Server, &p.cfg[1], &p.frames[0], &p.frames[1])
}

// write lets an end hand room octets to its socket.
func (p *pair) write(end int, room int64) int64 {
	n := p.ends[end].Write(room)
	p.written[end] += n
	return n
}

// deliver lets n octets of what an end has written arrive, and the other read them.
func (p *pair) deliver(from int, n int64) {
	p.arrived[from] = min(p.arrived[from]+n, p.written[from])
	to := 1 - from
	for e, ok := p.ends[to].Read(p.arrived[from]); ok; e, ok = p.ends[to].Read(p.arrived[from]) {
		if p.onEvent != nil {
			p.onEvent(to, e)
		}
	}
}

// say writes a line of prose into the ladder.
func (p *pair) say(format string, args ...any) { fmt.Fprintf(&p.text, "# "+format+"\n", args...) }

// show writes down the frames that an end has chosen since the last time.
func (p *pair) show(end int) {
	arrow := "──▶"
	if end == 1 {
		arrow = "◀──"
	}
	q := &p.frames[end]
	for ; p.shown[end] < q.Count(); p.shown[end]++ {
		f := q.Frame(p.shown[end])
		fmt.Fprintf(&p.text, "%6d %s %v\n", f.Size(), arrow, f)
	}
}

// tell writes down an event.
func (p *pair) tell(end int, e Event) {
	fmt.Fprintf(&p.text, "           %s reads %v\n", [...]string{"client", "server"}[end], e)
}

// flight lets an end write up to room octets and the other read them.
func (p *pair) flight(from int, room int64) {
	p.write(from, room)
	p.show(from)
	p.deliver(from, unbounded)
}

// run exchanges flights, the client's first, until neither end has anything to write.
func (p *pair) run(room int64) {
	for n := int64(1); n > 0; {
		before := p.written[0] + p.written[1]
		p.flight(0, room)
		p.flight(1, room)
		n = p.written[0] + p.written[1] - before
	}
}

func (p *pair) golden(t *testing.T, name string) {
	path := filepath.Join("testdata", name+".txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(p.text.String()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), p.text.String(), "rewrite with: go test ./model/http2 -update")
}
