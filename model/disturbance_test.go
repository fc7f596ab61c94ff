package model_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/sim"
)

// manyPackets is a run with tens of thousands of packets down: four clients fetch again and again over a fast path.
func manyPackets(seed uint64) model.Config {
	c := gallery(0, 0, true)
	c.Seed = seed
	c.Client.Count = 4
	c.Link.RTT = 5 * sim.Millisecond
	c.Link.Down, c.Link.Up = 0, 0
	c.Workload = model.Workload{Users: &model.Users{Item: model.Item{Path: "/", Method: "GET", Size: 30_000, Time: -1}, Requests: 500}}
	return c
}

// falls is the fate of a direction's packets in the order of their arrival at the link.
func falls(log *trace.Log, down bool) (out []bool) {
	for _, r := range log.Records {
		if r.Kind == trace.Packet && r.IsDown() == down {
			out = append(out, r.Flags&trace.DropLoss != 0)
		}
	}
	return out
}

// The chain of Gilbert and Elliott loses enter/(enter + leave) · loss in the long run. Losses come in bursts, so that the
// variance of their number is larger than that of coins: by the chain's correlations, which fall by 1 - enter - leave per packet.
func TestBurstsLoseTheShareOfTheirFormula(t *testing.T) {
	long(t)
	for _, b := range []model.Burst{
		{Enter: 10_000_000, Leave: 250_000_000, Loss: 500_000_000},
		{Enter: 2_000_000, Leave: 100_000_000, Loss: 1_000_000_000},
		{Enter: 300_000_000, Leave: 700_000_000, Loss: 100_000_000},
	} {
		lost, n, bursts := 0, 0, 0
		for seed := range uint64(4) {
			c := manyPackets(seed + 1)
			c.Link.Burst = b
			down := falls(run(t, c), true)
			for i, l := range down {
				n++
				if l {
					lost++
				}
				if l && (i == 0 || !down[i-1]) {
					bursts++
				}
			}
		}
		enter, leave, loss := float64(b.Enter)/1e9, float64(b.Leave)/1e9, float64(b.Loss)/1e9
		bad := enter / (enter + leave)
		share, decay := bad*loss, 1-enter-leave
		variance := share*(1-share) + 2*share*loss*(1-bad)*decay/(1-decay)
		got, within := float64(lost)/float64(n), 3.3*math.Sqrt(variance/float64(n))
		t.Logf("enter %v leave %v loss %v: lost %.4f of %d packets, formula %.4f ± %.4f; %.2f packets in a burst", enter, leave, loss, got, n, share, within, float64(lost)/float64(bursts))
		assert.InDelta(t, share, got, within, "%+v", b)
		// After a lost packet the next falls too if the path stays bad and takes it: a run of losses has 1/(1 - (1-leave)·loss).
		mean := 1 / (1 - (1-leave)*loss)
		run := float64(lost) / float64(bursts)
		assert.InDelta(t, mean, run, 3.3*math.Sqrt(mean*(mean-1)/float64(bursts)), "length of a run of losses")
	}
}

func TestBothDirectionsAndAllClientsHaveBurstsOfTheirOwn(t *testing.T) {
	c := manyPackets(1)
	c.Link.Shared = false
	c.Link.Burst = model.Burst{Enter: 20_000_000, Leave: 100_000_000, Loss: 1_000_000_000}
	log := run(t, c)
	when := map[string]string{}
	for _, down := range []bool{false, true} {
		for client := range uint32(4) {
			var mine trace.Log
			for _, r := range log.Records {
				if r.Kind == trace.Packet && r.Actor == client+1 {
					mine.Records = append(mine.Records, r)
				}
			}
			text := fmt.Sprint(falls(&mine, down))
			assert.Empty(t, when[text], "client %d, down %t", client+1, down)
			when[text] = "seen"
		}
	}
}

// What a burst takes is decided by packets alone, not by what else is lost: independent loss leaves its stream as it is.
func TestBurstsAndIndependentLossHaveLuckOfTheirOwn(t *testing.T) {
	c := manyPackets(1)
	c.Link.Burst = model.Burst{Enter: 20_000_000, Leave: 200_000_000, Loss: 1_000_000_000}
	alone := falls(run(t, c), true)
	c.Link.LossDown = 20_000_000
	both := falls(run(t, c), true)
	more := 0
	for i := range min(len(alone), len(both)) {
		require.True(t, both[i] || !alone[i], "packet %d", i+1)
		if both[i] && !alone[i] {
			more++
		}
	}
	assert.InDelta(t, 0.02*float64(len(alone)), more, 5*math.Sqrt(0.02*float64(len(alone))))
}

// A lone packet is late by jitter/2 on average, uniformly.
func TestJitterIsUniformWherePacketsAreAlone(t *testing.T) {
	c := gallery(0, 0, true)
	c.Link.Down, c.Link.Up = 0, 0
	c.Link.Jitter = 40 * sim.Millisecond
	c.TCP.DelayedAck = 1 // every packet
	c.Workload = model.Workload{Users: &model.Users{Item: model.Item{Path: "/", Method: "GET", Size: 100, Time: -1},
		Think: model.Span{To: sim.Second}, Requests: 4000}}
	c.Server.KeepAliveRequests = 0
	log := run(t, c)
	var quarters [4]int
	n, sum := 0, 0.0
	for i, r := range log.Records {
		if r.Kind == trace.Packet && !r.IsDown() && log.Records[i+1].Len == 400 {
			d := r.End() - r.At - c.Link.RTT/2
			quarters[min(int(4*d/c.Link.Jitter), 3)]++
			sum += float64(d)
			n++
		}
	}
	require.Equal(t, 4000, n)
	assert.InDelta(t, float64(c.Link.Jitter)/2, sum/float64(n), 3.3*float64(c.Link.Jitter)/math.Sqrt(12*float64(n)))
	for _, q := range quarters {
		assert.InDelta(t, n/4, q, 3.3*math.Sqrt(float64(n)*3/16))
	}
}

func TestJitterIsADelayAndLosesAndReordersNothing(t *testing.T) {
	c := gallery(20, 50_000, true)
	calm := run(t, c)
	c.Link.Jitter = 30 * sim.Millisecond
	late := run(t, c)
	assert.Greater(t, finished(late), finished(calm))
	assert.Less(t, finished(late), 2*finished(calm))
	for _, r := range late.Records {
		require.False(t, r.Kind == trace.Packet && r.IsDropped())
	}
	c.Link.Jitter = 0
	assert.Equal(t, calm.Records, run(t, c).Records, "none is none")
}
