package model_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"keepalive/model"
	"keepalive/model/tls"
	"keepalive/model/trace"
	"keepalive/sim"
)

// open is an open loop over a fast path with room for everything.
func open(a model.Arrivals) model.Config {
	c := gallery(0, 0, true)
	c.Link.RTT, c.Link.Down, c.Link.Up = sim.Millisecond, 0, 0
	c.Client.Count = 3
	c.Server.KeepAliveRequests = 0
	a.Item = model.Item{Path: "/", Method: "GET", Size: 100, Time: -1}
	c.Workload = model.Workload{Arrivals: &a}
	return c
}

// wantedAt lists when requests were wanted.
func wantedAt(log *trace.Log) (out []sim.Time) {
	for _, r := range log.Records {
		if r.Kind == trace.RequestWanted {
			out = append(out, r.At)
		}
	}
	return out
}

// Seven per hour does not divide an hour: the fractions of a nanosecond are carried, so that the 7 000th is not off.
func TestEvenArrivalsAreExactlyAsFarApartAsTheirRateSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		per := rapid.Int64Range(1, 4_000_000).Draw(t, "per hour")
		n := rapid.IntRange(1, 300).Draw(t, "n")
		c := open(model.Arrivals{PerHour: per, Shape: model.Even, For: sim.Time(int64(sim.Hour)*int64(n-1)/per) + 1})
		c.Limits.Time = 1000 * sim.Hour
		for i, at := range wantedAt(run(t, c)) {
			require.Equal(t, sim.Time(int64(sim.Hour)*int64(i)/per), at, "arrival %d", i+1)
			n--
		}
		require.Zero(t, n, "arrivals")
	})
}

func TestBurstsComeTogetherAndKeepTheRateOfRequests(t *testing.T) {
	long(t)
	const size, rate, seconds = 20, 50, 4000
	at := wantedAt(run(t, open(model.Arrivals{PerHour: rate * 3600, Shape: model.Bursts, Burst: size, For: seconds * sim.Second})))
	var distances []float64
	for i := size; i < len(at); i += size {
		require.Equal(t, at[i-size], at[i-1], "one burst")
		distances = append(distances, float64(at[i]-at[i-size])/1e9)
	}
	require.Zero(t, len(at)%size)
	sum, squares := 0.0, 0.0
	for _, d := range distances {
		sum += d
		squares += d * d
	}
	n := float64(len(distances))
	mean := sum / n
	assert.InDelta(t, float64(size)/rate, mean, 3.3*float64(size)/rate/math.Sqrt(n), "a burst every size/rate")
	assert.InEpsilon(t, 1, math.Sqrt(squares/n-mean*mean)/mean, 0.06, "exponential: as spread as its mean")
}

func TestListedArrivalsComeWhenTheListSaysCountedFromTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list, want []sim.Time
		at := sim.Time(rapid.Int64Range(0, 1_700_000_000_000_000_000).Draw(t, "first"))
		for i := range rapid.IntRange(1, 40).Draw(t, "n") {
			if i > 0 {
				at += sim.Time(rapid.SampledFrom([]int64{0, 1, 1_000_000, 700_000_000}).Draw(t, "distance"))
			}
			list = append(list, at)
			want = append(want, at-list[0])
		}
		log := run(t, open(model.Arrivals{Shape: model.Listed, At: list}))
		require.Equal(t, want, wantedAt(log))
		require.Less(t, log.Records[len(log.Records)-1].At, want[len(want)-1]+sim.Second, "the clients leave after the last")
	})
}

func TestAMixIsDrawnByItsWeightsAndTheTraceTellsTheClass(t *testing.T) {
	mix := []model.Class{{Name: "a", Weight: 7, Item: model.Item{Path: "/a", Method: "GET", Time: -1}},
		{Name: "b", Weight: 2, Item: model.Item{Path: "/b", Method: "GET", Size: 3000, Time: -1}},
		{Name: "c", Weight: 1, Item: model.Item{Path: "/c", Host: "other", Method: "GET", Time: -1}}}
	c := open(model.Arrivals{PerHour: 100 * 3600, For: 60 * sim.Second})
	users := c
	c.Workload.Arrivals.Mix = mix
	users.Client.Count = 20
	users.Workload = model.Workload{Users: &model.Users{Mix: mix, Requests: 300}}
	for _, cfg := range []model.Config{c, users} {
		log := run(t, cfg)
		var n [3]int
		for _, r := range log.Records {
			if r.Kind == trace.RequestWanted {
				n[r.Flags-1]++
				require.Equal(t, mix[r.Flags-1].Item.Path, log.Header.Requests[r.Req-1].Path)
			}
		}
		all := float64(n[0] + n[1] + n[2])
		for i, class := range mix {
			p := float64(class.Weight) / 10
			assert.InDelta(t, p*all, n[i], 3.3*math.Sqrt(all*p*(1-p)), class.Name)
		}
	}
}

// The same user asks for the same things whatever becomes of them: variants of a scenario are comparable.
func TestWhatAUserDrawsDoesNotDependOnHowFastItIsServed(t *testing.T) {
	c := gallery(0, 0, true)
	c.Client.Count = 3
	c.Workload.Users = &model.Users{Requests: 50, Think: model.Span{Kind: model.Exponential, To: sim.Second}, Mix: []model.Class{
		{Weight: 1, Item: model.Item{Path: "/a", Method: "GET", Time: -1}}, {Weight: 1, Item: model.Item{Path: "/b", Method: "GET", Size: 90_000, Time: -1}}}}
	drawn := func(c model.Config) map[uint32][]uint16 {
		out := map[uint32][]uint16{}
		for _, r := range run(t, c).Records {
			if r.Kind == trace.RequestWanted {
				out[r.Actor] = append(out[r.Actor], r.Flags)
			}
		}
		return out
	}
	slow := c
	slow.Link.Down, slow.HTTP.Persistent = 400_000, false
	fast := drawn(c)
	assert.Equal(t, fast, drawn(slow))
	assert.NotEqual(t, fast[1], fast[2], "each user has luck of its own")
}

// A request in parts is there when its last part is: (parts - 1) pauses later than one written at once. Parts that come
// slower than their acknowledgements return wait for nothing else.
func TestASlowSendersRequestTakesItsPausesLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := gallery(rapid.IntRange(1, 3).Draw(t, "requests"), 5000, rapid.Bool().Draw(t, "persistent"))
		c.TCP.DelayedAck = 1 // every packet
		c.Link.Up, c.Link.Down = 0, 0
		c.TLS = tls.Config{Version: rapid.SampledFrom([]tls.Version{tls.None, tls.V12, tls.V13}).Draw(t, "tls"), Certificate: 3000}
		at := finished(run(t, c))
		n := len(c.Workload.Sequence)
		parts := rapid.IntRange(2, 8).Draw(t, "parts") // the first window holds ten, some of them TLS
		every := sim.Time(rapid.Int64Range(int64(sim.Millisecond), int64(2*sim.Second)).Draw(t, "every"))
		for i := range c.Workload.Sequence {
			c.Workload.Sequence[i].Trickle = model.Trickle{Parts: parts, Every: every}
			c.Workload.Sequence[i].Upload = model.Bytes(rapid.Int64Range(0, 100).Draw(t, "upload"))
		}
		log := run(t, c)
		require.Equal(t, at+sim.Time(n*(parts-1))*every, finished(log))
		up, data := int64(0), 0
		for _, r := range log.Records {
			if r.Kind == trace.Segment && !trace.IsServer(r.Actor) && r.Len > 0 {
				up += int64(r.Len)
				data++
			}
		}
		if c.TLS.Version == tls.None {
			require.Equal(t, n*parts, data, "a segment for each part")
			want := int64(0)
			for _, i := range c.Workload.Sequence {
				want += 400 + int64(i.Upload)
			}
			require.Equal(t, want, up)
		}
	})
}

// A connection that the server closes in the middle of a request ends that request; what was still to come is not sent.
func TestASlowSenderStopsWhenItsConnectionIsGone(t *testing.T) {
	c := gallery(1, 1000, true)
	c.Workload.Sequence[0].Trickle = model.Trickle{Parts: 100, Every: 2 * sim.Second} // longer than a server waits for the first request
	log := run(t, c)
	ended := 0
	for _, r := range log.Records {
		if r.Kind == trace.RequestDone {
			ended++
			assert.Equal(t, trace.Reset, trace.Status(r.Flags))
			assert.Less(t, r.At, 62*sim.Second)
		}
	}
	assert.Equal(t, 1, ended)
	assert.Less(t, log.Records[len(log.Records)-1].At, 130*sim.Second)
}

// A step that ends as soon as it begins, for want of a port, leads to the next: a million do without a million calls inside
// one another.
func TestAMillionStepsMayFailAtOnce(t *testing.T) {
	c := instant()
	c.HTTP.Persistent, c.HTTP.ClientCloses, c.Client.Ports = false, true, 1
	for range 1_000_000 {
		c.Workload.Sequence = append(c.Workload.Sequence, get("/", 0))
	}
	w := model.New(c, nil)
	require.NoError(t, w.Run())
	require.Equal(t, 1_000_000, len(w.Header().Requests), "all were wanted")
}
