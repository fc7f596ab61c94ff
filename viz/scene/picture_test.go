package scene_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/draw/rastertest"
	"keepalive/viz/scene"
	"keepalive/viz/tell"
)

// pictures are moments that teach something, a file of testdata each.
var pictures = []struct {
	name, race  string
	from, lanes int // lanes of the race
	at          func([]*trace.Index) sim.Time
	w           float32
	teaches     string
}{
	{"opening", "gallery", 0, 2, at(30 * ms), 1392, "Both begin alike: a SYN is on its way, and nothing can be asked for before its answer is back."},
	{"handshake", "gallery", 0, 2, at(305 * ms), 1392, "A opens its second connection while B, which kept its first, already asks for the second object on it: the ghost in A's objects shows where B is."},
	{"fall", "page", 0, 2, firstFall, 1392, "The queue before the link to the client is full: its box stands out, and the packet that finds no place in it falls."},
	{"idle", "idle-loses", 1, 2, at(2000 * ms), 1392, "During a pause kept connections are hollow pipes that empty as their time runs out: two in the first lane, six in the other, of which those that fit are drawn."},
	{"proxy", "pinned", 0, 4, at(3000 * ms), 1392, "Connections that stay where they were opened load the first lane's servers unevenly, one of them so that requests wait for its core; behind the proxy, last, all have the same."},
	{"thousands", "prefork-held", 0, 2, at(60 * sim.Second), 1392, "1560 clients are a strip of cells, each for a group of them, and their connections a bar of shares; kept ones hold the processes of A until all of them are taken."},
	{"time-wait", "gallery", 0, 2, at(3500 * ms), 1392, "B has finished: a flag says when, the ghost in A's objects shows how far A was then. A leaves a socket in TIME_WAIT for each connection that it closed."},
	{"phone", "loss-bursts", 2, 2, at(590 * ms), 380, "On a phone the parts stack; what was lost is counted and what is sent again has a frame."},
}

func at(t sim.Time) func([]*trace.Index) sim.Time {
	return func([]*trace.Index) sim.Time { return t }
}

// firstFall is just after the first packet of the first run is dropped.
func firstFall(runs []*trace.Index) sim.Time {
	for _, r := range runs[0].Log().Records {
		if r.Kind == trace.Packet && r.IsDropped() {
			return r.At + ms/4
		}
	}
	panic("nothing is dropped")
}

func TestMomentsThatTeachSomethingAreDrawnLikeThis(t *testing.T) {
	for _, p := range pictures {
		t.Run(p.name, func(t *testing.T) {
			runs := race(t, p.race)[p.from:]
			runs = runs[:min(p.lanes, len(runs))]
			s := scene.New(tell.ReadAll(runs))
			v := scene.View{W: p.w, H: scene.Height(p.w, len(runs))}
			items := s.Draw(p.at(runs), v)
			got := "# " + p.teaches + "\n\n" + rastertest.Picture(items, s.Text, rastertest.Options{W: v.W, H: v.H})
			file := filepath.Join("testdata", p.name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, strings.Split(string(want), "\n"), strings.Split(got, "\n"), "look at the difference; go test ./viz/scene -update accepts it")
		})
	}
}
